"""Which houses do we believe, by which keys, and from when until when?

`keys/trust.json`, kept by the operator. Our own house stands in it too, so that a chain of custody can be
verified offline with this one file. It is read again when it changes: no restart to add or revoke a key.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from letters.reasons import judged
from schemas.errors import BadInput, NotFound
from schemas.ids import Key, State
from schemas.reasoning import Reason

BY_HAND = "by-hand"
"""Recipient of a message for a State without a house: sealed for our records, carried by a person."""


def safe_address(url: str) -> str:
    """`url` without its last stroke. Raises ValueError for one that others on the way could read."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url.rstrip("/")
    if parts.scheme == "http" and parts.hostname and _is_loopback(parts.hostname):
        return url.rstrip("/")
    raise ValueError("an address is https://..., or http:// on this machine only: requests name persons")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Entry(BaseModel):
    """Base of what the trust list holds: closed fields, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PublicKey(Entry):
    """The public half of an Ed25519 key (RFC 8037)."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    x: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class TrustedKey(Entry):
    """A key of a house. Valid from `valid_from` (included) until `valid_until` (excluded); `revoked` ends it
    for everything judged at or after that moment, whatever the message says about its own time."""

    kid: str
    jwk: PublicKey
    valid_from: AwareDatetime
    valid_until: AwareDatetime | None = None
    revoked: AwareDatetime | None = None

    def validity(self, at: datetime) -> Reason:
        """Is this key good at `at`?"""
        until = min((day for day in (self.valid_until, self.revoked) if day is not None), default=None)
        span = f"from {self.valid_from.isoformat()}" + (f" until {until.isoformat()}" if until else "")
        holds = self.valid_from <= at and (until is None or at < until)
        return judged("letter.key-valid", holds, "key-not-valid", expected=span, found=at.isoformat())


class TrustedHouse(Entry):
    """One house: `id` as it signs, the State it speaks for, where it takes letters (`url` + /exchange)."""

    id: Key
    name: str
    state: State
    url: Annotated[str, AfterValidator(safe_address)]
    keys: tuple[TrustedKey, ...] = ()

    def key(self, kid: str) -> TrustedKey | None:
        """The key named `kid`, valid or not."""
        return next((key for key in self.keys if key.kid == kid), None)


class _Content(Entry):
    houses: tuple[TrustedHouse, ...] = ()

    @model_validator(mode="after")
    def _named_once(self) -> _Content:
        names = [house.id for house in self.houses]
        names += [f"{house.id} {key.kid}" for house in self.houses for key in house.keys]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}")
        return self


class TrustList:
    """All houses we believe. With a `path` it follows the file."""

    def __init__(self, houses: Iterable[TrustedHouse] = (), path: Path | None = None) -> None:
        self._path = path
        self._stamp: tuple[int, int, int] | None = None
        self._houses = {house.id: house for house in houses}

    @classmethod
    def load(cls, path: Path) -> TrustList:
        """The list in `path`. Raises NotFound without the file, BadInput if it cannot be read as one."""
        made = cls(path=path)
        made._follow()
        return made

    @property
    def houses(self) -> list[TrustedHouse]:
        """Every house, by id."""
        self._follow()
        return sorted(self._houses.values(), key=lambda house: house.id)

    def house(self, house: str) -> TrustedHouse | None:
        """The house with this id, or None."""
        self._follow()
        return self._houses.get(house)

    def of_state(self, state: str) -> list[TrustedHouse]:
        """The houses that speak for `state` (usually one)."""
        return [house for house in self.houses if house.state == state]

    def with_house(self, house: TrustedHouse) -> TrustList:
        """A list that holds `house` as well. Keys already known under its id stay: old letters need them."""
        known = self.house(house.id)
        if known is not None:
            kids = {key.kid for key in house.keys}
            kept = tuple(key for key in known.keys if key.kid not in kids)
            house = house.model_copy(update={"keys": kept + house.keys})
        return TrustList([*(other for other in self.houses if other.id != house.id), house])

    def save(self, path: Path) -> None:
        """Write the list to `path`, whole or not at all."""
        content = _Content(houses=tuple(self._houses[house] for house in sorted(self._houses)))
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content.model_dump_json(indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)

    def _follow(self) -> None:
        if self._path is None:
            return
        try:
            seen = self._path.stat()
            stamp = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
            if stamp == self._stamp:
                return
            content = _Content.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            raise NotFound(
                "The trust list is missing.",
                where=str(self._path),
                next_step="bring it back, or make a house with `rogatory house new`",
            ) from None
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(step) for step in first["loc"])
            raise BadInput(
                f"The trust list cannot be read: {first['msg']}.",
                where=f"{self._path}: {place}",
                next_step="mend the file; the houses in it stay unknown until then",
            ) from error
        self._houses = {house.id: house for house in content.houses}
        self._stamp = stamp
