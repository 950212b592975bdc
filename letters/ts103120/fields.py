"""How is a single value of a TS 103 120 message spelled: an identifier, a moment, a word of a dictionary?"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from letters.ts103120.dictionaries import ETSI

SHORT, LONG = 255, 65_535
"""Characters of a short and of a long text (TS 103 280)."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?(Z|[+-]\d\d:\d\d)")


def _moment(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or _MOMENT.fullmatch(value) is None:
        raise ValueError("a moment is written as 2026-11-21T12:00:00Z or with +hh:mm")
    try:
        datetime.fromisoformat(value).astimezone(UTC)
    except OverflowError:
        raise ValueError("a moment lies between the years 1 and 9999 in UTC") from None
    return value


def seconds(moment: datetime) -> str:
    """A QualifiedDateTime, in UTC: `2026-11-21T12:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _six_digits(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _identifier(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_moment), PlainSerializer(seconds)]
"""To the second, always with its offset."""
Microsecond = Annotated[AwareDatetime, BeforeValidator(_moment), PlainSerializer(_six_digits)]
"""With exactly six digits of a second, as headers have it."""

Identifier = Annotated[
    str,
    BeforeValidator(_identifier),
    Field(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"),
]
Short = Annotated[str, Field(max_length=SHORT)]
Long = Annotated[str, Field(max_length=LONG)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Count = Annotated[int, Field(ge=0, strict=True)]
Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]*={0,3}$")]
OrderReference = Annotated[str, Field(pattern=r"^[A-Z]{2}-.+-.+$")]
"""LDID: country, sender, number."""


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def spelled(prefix: str) -> Callable[[str], str]:
    """How the fields of a part are spelled that carries `prefix` (`task:`, or none)."""

    def spelling(name: str) -> str:
        return f"{prefix}{_pascal(name)}"

    return spelling


class Plain(BaseModel):
    """Base of every part. Fields of the standard that we do not use are left aside when reading."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore", frozen=True)


class Part(Plain):
    """Base of everything without a prefix."""

    model_config = ConfigDict(alias_generator=spelled(""), populate_by_name=True)


class Common(Plain):
    """Base of what TS 103 120 calls common."""

    model_config = ConfigDict(alias_generator=spelled("common:"), populate_by_name=True)


class Entry(Common):
    """One word of a dictionary."""

    owner: Short
    name: Short
    value: Short


def entry(name: str, value: str, owner: str = ETSI) -> Entry:
    """The word `value` of the dictionary `name`."""
    return Entry(owner=owner, name=name, value=value)


class Endpoint(Part):
    """Who sends or receives: a country and an identifier within it."""

    country_code: Country
    unique_identifier: Annotated[str, Field(min_length=1, max_length=LONG)]


class Trouble(Part):
    """Why something was not done."""

    error_code: Count
    error_description: Long


class Approver(Common):
    """Who stands behind an approval."""

    approver_name: Long | None = None
    approver_role: Long | None = None


class Approval(Common):
    """One approval of an authorisation."""

    approval_type: Long | None = None
    approval_description: Long | None = None
    approver_details: Approver | None = None
    approval_timestamp: Moment | None = None
    approval_is_emergency: bool | None = None


class Checksum(Common):
    """A checksum with the name of its function."""

    checksum: Short
    checksum_type: Short


class Checksums(Common):
    checksum_and_type: tuple[Checksum, ...] = Field(min_length=1)
