"""Which houses do we believe, by which keys and certificates, and from when until when?

`keys/trust.json`, kept by the operator. Our own house stands in it too, so that a chain of custody can be
verified offline with this one file. It is read again when it changes: no restart to add or revoke a key.
A certificate counts because it stands here itself, whoever issued it: nothing is fetched to judge it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self, TypeVar
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    model_validator,
)

from letters.followed import Followed, write_followed
from letters.reasons import judged
from schemas.errors import NotFound
from schemas.ids import Email, Key, State
from schemas.messages import PublicKey as PublicKey
from schemas.reasoning import Reason

T = TypeVar("T", bound="Term")

_UNTIL_MENDED = "the houses in it stay unknown until then"

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


class Term(Entry):
    """How long something is believed: from `valid_from` (included) until `valid_until` (excluded). `revoked`
    ends it for everything judged at or after that moment, whatever a message says about its own time."""

    valid_from: AwareDatetime
    valid_until: AwareDatetime | None = None
    revoked: AwareDatetime | None = None

    @property
    def until(self) -> datetime | None:
        """The first moment at which it is not believed any more."""
        return min((day for day in (self.valid_until, self.revoked) if day is not None), default=None)

    def validity(self, at: datetime) -> Reason:
        """Is it good at `at`?"""
        until = self.until
        span = f"from {self.valid_from.isoformat()}" + (f" until {until.isoformat()}" if until else "")
        holds = self.valid_from <= at and (until is None or at < until)
        return judged("letter.key-valid", holds, "key-not-valid", expected=span, found=at.isoformat())

    def cut(self, *, until: datetime | None = None, revoked: datetime | None = None) -> Self:
        """The same, ending earlier: an end is never moved to a later day."""
        ends = {"valid_until": until, "revoked": revoked}
        told = {name: day for name, day in ends.items() if day is not None}
        kept = {name: getattr(self, name) for name in told if getattr(self, name) is not None}
        return self.model_copy(update={name: min(day, kept.get(name, day)) for name, day in told.items()})


class TrustedKey(Term):
    """A key of a house for messages."""

    kid: str
    jwk: PublicKey


UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What the library raises where a part of a certificate or a key means nothing to it."""


def one_certificate(pem: str) -> str:
    """`pem` as it came. Raises ValueError unless it is exactly one X.509 certificate."""
    try:
        found = x509.load_pem_x509_certificates(pem.encode("ascii", "replace"))
    except UNREADABLE as error:
        raise ValueError("no certificate can be read") from error
    if len(found) != 1:
        raise ValueError(f"one certificate is wanted, {len(found)} stand here")
    return pem


class TrustedCertificate(Term):
    """A certificate (PEM) that is believed as it stands, not because of who issued it."""

    pem: Annotated[str, AfterValidator(one_certificate)]

    @classmethod
    def of(cls, pem: str, **more: object) -> Self:
        """An entry that is believed for as long as the certificate itself says. Raises ValueError."""
        read = x509.load_pem_x509_certificate(one_certificate(pem).encode("ascii", "replace"))
        # What a certificate calls its last second still counts; our spans end with the first that does not.
        # The last second of all (RFC 5280, 4.1.2.5) means that it has no end.
        last = read.not_valid_after_utc
        until = None if last.year == date.max.year else last + timedelta(seconds=1)
        told = {"valid_from": read.not_valid_before_utc, "valid_until": until, "pem": pem, **more}
        return cls.model_validate(told)

    @property
    def x509(self) -> x509.Certificate:
        """The certificate, read."""
        return x509.load_pem_x509_certificate(self.pem.encode())

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, 64 hexadecimal digits: names it."""
        return self.x509.fingerprint(SHA256()).hex()


class TrustedStamper(TrustedCertificate):
    """An authority whose time stamps (RFC 3161) we believe: its certificate, or the one above it."""

    name: str


class TrustedHouse(Entry):
    """One house: `id` as it signs, the State it speaks for, where it takes letters (`url` + /exchange,
    and by S/MIME at `email`)."""

    id: Key
    name: str
    state: State
    url: Annotated[str, AfterValidator(safe_address)]
    email: Email | None = None
    keys: tuple[TrustedKey, ...] = ()
    certificates: tuple[TrustedCertificate, ...] = ()

    def key(self, kid: str) -> TrustedKey | None:
        """The key named `kid`, valid or not."""
        return next((key for key in self.keys if key.kid == kid), None)

    def certificate(self, fingerprint: str) -> TrustedCertificate | None:
        """The certificate with this SHA-256, valid or not."""
        return next((one for one in self.certificates if one.fingerprint == fingerprint), None)


class _Content(Entry):
    houses: tuple[TrustedHouse, ...] = ()
    stampers: tuple[TrustedStamper, ...] = ()

    @model_validator(mode="after")
    def _named_once(self) -> _Content:
        names = [house.id for house in self.houses]
        names += [f"{house.id} {key.kid}" for house in self.houses for key in house.keys]
        names += [one.fingerprint for house in self.houses for one in house.certificates]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}")
        return self


def _merged(known: tuple[T, ...], brought: tuple[T, ...], name: Callable[[T], str]) -> tuple[T, ...]:
    """What is known and what is brought, each once by name; of two ends the earlier."""
    ours = {name(one): one for one in known}
    fresh = {name(one): one for one in brought}
    kept = tuple(one for key, one in ours.items() if key not in fresh)
    ended = (
        one.cut(until=ours[key].valid_until, revoked=ours[key].revoked) if key in ours else one
        for key, one in fresh.items()
    )
    return (*kept, *ended)


class TrustList:
    """All houses we believe. With a `path` it follows the file."""

    def __init__(
        self,
        houses: Iterable[TrustedHouse] = (),
        path: Path | None = None,
        stampers: Iterable[TrustedStamper] = (),
    ) -> None:
        self._path = path
        self._file = Followed(path, _Content, "trust list", _UNTIL_MENDED) if path is not None else None
        known = {house.id: house for house in houses}
        self._held = _Content.model_construct(houses=tuple(known.values()), stampers=tuple(stampers))

    @classmethod
    def load(cls, path: Path) -> TrustList:
        """The list in `path`. Raises NotFound without the file, BadInput if it cannot be read as one."""
        made = cls(path=path)
        made._now()
        return made

    @property
    def houses(self) -> list[TrustedHouse]:
        """Every house, by id."""
        return sorted(self._now().houses, key=lambda house: house.id)

    @property
    def stampers(self) -> tuple[TrustedStamper, ...]:
        """Every authority whose time stamps count."""
        return self._now().stampers

    def house(self, house: str) -> TrustedHouse | None:
        """The house with this id, or None."""
        return next((known for known in self._now().houses if known.id == house), None)

    def of_state(self, state: str) -> list[TrustedHouse]:
        """The houses that speak for `state` (usually one)."""
        return [house for house in self.houses if house.state == state]

    def holder(self, fingerprint: str) -> tuple[TrustedHouse, TrustedCertificate] | None:
        """Whose certificate this is, by its SHA-256."""
        found = ((house, house.certificate(fingerprint)) for house in self.houses)
        return next(((house, one) for house, one in found if one is not None), None)

    def with_house(self, house: TrustedHouse) -> TrustList:
        """A list that holds `house` as well. Keys and certificates already known under its id stay: old
        letters need them; and an end that was set here is not undone by what the other house says."""
        known = self.house(house.id)
        if known is not None:
            house = house.model_copy(
                update={
                    "keys": _merged(known.keys, house.keys, lambda key: key.kid),
                    "certificates": _merged(
                        known.certificates, house.certificates, lambda one: one.fingerprint
                    ),
                }
            )
        others = [other for other in self.houses if other.id != house.id]
        return TrustList([*others, house], stampers=self.stampers)

    def with_stamper(self, stamper: TrustedStamper) -> TrustList:
        """A list that believes this time-stamping authority as well."""
        fresh = _merged(self.stampers, (stamper,), lambda one: one.fingerprint)
        return TrustList(self.houses, stampers=fresh)

    def ended(
        self, house: str, name: str, *, until: datetime | None = None, revoked: datetime | None = None
    ) -> TrustList:
        """A list where the key or certificate `name` (its kid, or the start of its SHA-256) of `house` ends.

        Raises NotFound unless there is exactly one of that name.
        """
        entry = self.house(house)
        keys = [key for key in entry.keys if key.kid == name] if entry else []
        certificates = (
            [one for one in entry.certificates if len(name) >= 8 and one.fingerprint.startswith(name)]
            if entry
            else []
        )
        if entry is None or len(keys) + len(certificates) != 1:
            known = (
                [*(key.kid for key in entry.keys), *(one.fingerprint[:16] for one in entry.certificates)]
                if entry
                else []
            )
            raise NotFound(
                f"House {house} has no key {name} in the trust list.",
                where=str(self._path or ""),
                next_step=f"known: {', '.join(known) or 'none of that house'}",
            )
        changed = entry.model_copy(
            update={
                "keys": tuple(
                    key.cut(until=until, revoked=revoked) if key in keys else key for key in entry.keys
                ),
                "certificates": tuple(
                    one.cut(until=until, revoked=revoked) if one in certificates else one
                    for one in entry.certificates
                ),
            }
        )
        others = [other for other in self.houses if other.id != house]
        return TrustList([*others, changed], stampers=self.stampers)

    def save(self, path: Path) -> None:
        """Write the list to `path`, whole or not at all."""
        write_followed(path, _Content(houses=tuple(self.houses), stampers=self.stampers))

    def _now(self) -> _Content:
        if self._file is None:
            return self._held
        try:
            return self._file.now()
        except FileNotFoundError:
            raise NotFound(
                "The trust list is missing.",
                where=str(self._path),
                next_step="bring it back, or make a house with `rogatory house new`",
            ) from None
