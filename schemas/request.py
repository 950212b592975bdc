"""What does an officer ask for? The body of a request, as written by hand in YAML or sent as JSON."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from schemas.errors import BadInput
from schemas.ids import FILE_NAME, PRINTABLE, WRITTEN, Digest, Key, State
from schemas.reasoning import LIFE
from schemas.vocabulary import COERCIVE, COMMUNICATIONS_DATA, Measure

Line = Annotated[str, Field(min_length=1, max_length=500, pattern=PRINTABLE)]
Passage = Annotated[str, Field(min_length=1, max_length=20_000, pattern=WRITTEN)]


_PENALTY = re.compile(r"(?:(\d{1,3})\s*y(?:ears?)?)?\s*(?:(\d{1,4})\s*m(?:onths?)?)?")


def months(text: str | int | None, where: str = "") -> int | None:
    """Penalty in months from `10y`, `18m`, `1y6m`, `life`, or a number of months. Raises BadInput."""
    if text is None or isinstance(text, int):
        return text
    wanted = text.strip().lower()
    if wanted == "life":
        return LIFE
    found = _PENALTY.fullmatch(wanted)
    if found is None or not wanted:
        raise BadInput(
            f"{text!r} is not a length of imprisonment.",
            where=where,
            next_step="write it as 10y, 18m, 1y6m or life",
        )
    years, rest = found.groups()
    return int(years or 0) * 12 + int(rest or 0)


def _months(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return months(value)
        except BadInput as error:
            raise ValueError(str(error)) from error
    return value


Months = Annotated[int, Field(ge=0, le=LIFE), BeforeValidator(_months)]


class Body(BaseModel):
    """Base of everything an officer or a counterpart hands in: closed fields, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class OffenceCharged(Body):
    """The offence as the requesting State charges it. `law`: the provision and its words, quoted."""

    slug: Key
    law: Passage
    max_penalty: Months | None = None
    max_penalty_requested: Months | None = None
    committed_from: date | None = None
    committed_until: date | None = None


class Necessity(Body):
    """The recorded test before a coercive or communications-data measure (ICCPR 17; DESIGN section 6)."""

    legality: Passage
    legitimate_aim: Passage
    necessity: Passage
    proportionality: Passage
    non_discrimination: Passage
    authorised_by: Line
    authorised_on: date


class Attachment(Body):
    """A document that travels with a request: by digest; the bytes lie in the vault."""

    name: Annotated[str, Field(min_length=1, max_length=120, pattern=FILE_NAME)]
    media_type: Annotated[str, Field(pattern=r"^[a-z]+/[A-Za-z0-9.+-]+$")]
    size: int = Field(ge=0)
    digest: Digest


class Victim(Body):
    """A child or other victim, by pseudonym only. Never an identity here."""

    pseudonym: Line
    child: bool = True


class MlaRequest(Body):
    """A request for mutual legal assistance. `contents`: field slug of the instrument -> text."""

    kind: Literal["mla"] = "mla"
    requesting: State
    requested: State
    measures: tuple[Measure, ...] = Field(min_length=1)
    urgent: bool = False
    urgency_reason: Passage | None = None
    child_at_risk: bool = False
    on: date | None = None
    offences: tuple[OffenceCharged, ...] = ()
    instrument: Key | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    contents: dict[Key, Passage] = Field(default_factory=dict)
    necessity: Necessity | None = None
    victims: tuple[Victim, ...] = ()
    identifiers: dict[Key, Line] = Field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    confidential: bool = True
    data_protection_ground: Passage | None = None

    @property
    def needs_necessity(self) -> bool:
        """Does a measure need the recorded necessity test before sending?"""
        return bool(set(self.measures) & (COERCIVE | COMMUNICATIONS_DATA))


class Outcome(Body):
    """What came of it, told at closing. Counts, never names."""

    result: Literal["executed", "partly-executed", "refused", "withdrawn", "lapsed"]
    used_in_proceedings: bool | None = None
    victims_identified: int | None = Field(default=None, ge=0)
    arrests: int | None = Field(default=None, ge=0)
    convictions: int | None = Field(default=None, ge=0)
    note: Passage | None = None


class EvidenceItem(Body):
    """One item of evidence, by digest and custodian; content never travels here."""

    id: Key
    description: Passage
    kind: Line
    sha256: Digest
    size: int | None = Field(default=None, ge=0)
    custodian: Line
    obtained_at: datetime | None = None
    abuse_material: bool = False
