"""What does an officer ask for? The body of a request, as written by hand in YAML or sent as JSON."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from schemas.errors import BadInput
from schemas.ids import FILE_NAME, PRINTABLE, WRITTEN, Digest, Key, State, digest
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


class Emergency(Body):
    """Why it cannot wait, and who certified that: facts of a risk to life or safety (Second Protocol 3(2)(c);
    Regulation 2023/1543, 3(18)). A claim without a name behind it is none."""

    facts: Passage
    certified_by: Line
    certified_at: datetime


class Report(Body):
    """A report of a provider to a clearing house (CyberTipline): `submitted` is when it was completed, from
    which the year of 18 U.S.C. 2258A(h) runs."""

    id: Line
    submitted: datetime | None = None


class RequestBody(Body):
    """What every request says. `contents`: field slug of the instrument -> text. `follows`: references, ours
    or theirs, of requests that this one builds on (a preservation, an earlier request)."""

    requesting: State
    requested: State
    urgent: bool = False
    urgency_reason: Passage | None = None
    emergency: Emergency | None = None
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
    follows: tuple[Line, ...] = ()
    reports: tuple[Report, ...] = ()


class MlaRequest(RequestBody):
    """A request for mutual legal assistance. `no_preservation`: why data that may vanish were not preserved
    first. `spontaneous`: information given without being asked (Budapest 26, UNTOC 18(4)). `notice_only`:
    nothing is asked: it gives notice of an interception that needs no technical assistance in the other State
    (Directive 2014/41, 31)."""

    kind: Literal["mla"] = "mla"
    measures: tuple[Measure, ...] = Field(min_length=1)
    no_preservation: Passage | None = None
    spontaneous: bool = False
    notice_only: bool = False

    @model_validator(mode="after")
    def _of_an_interception(self) -> MlaRequest:
        if self.notice_only and Measure.INTERCEPTION not in self.measures:
            raise ValueError("a notice alone is one of an interception: name the measure `interception`")
        return self

    @property
    def needs_necessity(self) -> bool:
        """Does a measure need the recorded necessity test before sending?"""
        return bool(set(self.measures) & (COERCIVE | COMMUNICATIONS_DATA))


class PreservationRequest(RequestBody):
    """Data are to be kept as they are: by a State through its 24/7 point (Budapest 29), or by a provider.

    `measures`: which data. `provider`: who holds them (key of the registry); `direct`: the letter goes to the
    provider itself. `accounts`: identifiers as the provider knows them, never display names. `intends`: the
    request that is to follow (Budapest 29(2)(f)), and `until` the day it is expected by.
    """

    kind: Literal["preservation"] = "preservation"
    measures: tuple[Measure, ...] = (Measure.STORED_CONTENT,)
    provider: Key | None = None
    direct: bool = False
    accounts: tuple[Line, ...] = Field(min_length=1)
    intends: Literal["mla", "production"] = "mla"
    until: date | None = None

    @property
    def needs_necessity(self) -> bool:
        """Keeping discloses nothing: no recorded test before it (EPOC-PR 6(2) is asked by its contents)."""
        return False


class ProductionRequest(RequestBody):
    """Data are to be produced by a provider, on an order or of its own will.

    `direct`: addressed to the provider itself, else to the State that gives effect to it (Second Protocol 8).
    `notify`: the enforcing authority is to be told (Regulation 2023/1543, 8); `domestic`: offence and person
    belong to the issuing State (8(2)), so that it is not.
    """

    kind: Literal["production"] = "production"
    measures: tuple[Measure, ...] = Field(min_length=1)
    provider: Key
    direct: bool = True
    accounts: tuple[Line, ...] = Field(min_length=1)
    period_from: datetime | None = None
    period_until: datetime | None = None
    domestic: bool = False

    @property
    def needs_necessity(self) -> bool:
        """Always: it discloses communications data."""
        return True


class PersonSought(Body):
    """Who is to be surrendered. `id` is what lists and letters between us use; the name travels in the
    papers. `nationality`: State codes as far as known."""

    id: Key
    name: Line | None = None
    born: date | None = None
    nationality: tuple[State, ...] = ()
    sex: Literal["female", "male", "other", "unknown"] = "unknown"


class Warrant(Body):
    """The decision on which the request rests: a warrant of arrest, or an enforceable judgment."""

    what: Literal["arrest-warrant", "judgment", "other-order"] = "arrest-warrant"
    reference: Line
    authority: Line
    issued_on: date


class ExtraditionRequest(RequestBody):
    """Surrender of a person, for prosecution or to serve a sentence (`sentence`: months still to serve).

    `provisional_arrest`: urgent, before the papers (1957 Convention 16).
    """

    kind: Literal["extradition"] = "extradition"
    measures: tuple[Measure, ...] = (Measure.SURRENDER,)
    person: PersonSought
    purpose: Literal["prosecution", "sentence"] = "prosecution"
    sentence: Months | None = None
    in_absentia: bool | None = None
    warrant: Warrant | None = None
    provisional_arrest: bool = False

    @property
    def needs_necessity(self) -> bool:
        """Surrender is coercive."""
        return True


class ProsecutionRequest(RequestBody):
    """Submit the case to your own prosecutors, since you do not extradite your national (1957 Convention
    6(2), Budapest 24(6), UNTOC 16(10)). `extradition`: the reference of the refused request."""

    kind: Literal["prosecution"] = "prosecution"
    measures: tuple[Measure, ...] = (Measure.SURRENDER,)
    person: PersonSought
    extradition: Line
    article: Line | None = None

    @property
    def needs_necessity(self) -> bool:
        """Nothing is asked that touches the person's rights beyond the refused request."""
        return False


Request = Annotated[
    MlaRequest | PreservationRequest | ProductionRequest | ExtraditionRequest | ProsecutionRequest,
    Field(discriminator="kind"),
]


def notice_only(request: Request) -> bool:
    """Is nothing asked, and only notice given of an interception (Directive 2014/41, 31)?"""
    return isinstance(request, MlaRequest) and request.notice_only


def draft_digest(request: Body) -> str:
    """Names a draft by its content. What is as it is by default counts for nothing: the name of a draft
    stays when a later release knows more fields."""
    return digest(request.model_dump_json(exclude_defaults=True).encode())


class Outcome(Body):
    """What came of it, told at closing. Counts, never names."""

    result: Literal["executed", "partly-executed", "refused", "withdrawn", "lapsed", "redirected", "informed"]
    used_in_proceedings: bool | None = None
    victims_identified: int | None = Field(default=None, ge=0)
    arrests: int | None = Field(default=None, ge=0)
    convictions: int | None = Field(default=None, ge=0)
    note: Passage | None = None


class EvidenceItem(Body):
    """One item of evidence, by digest and custodian; content never travels here.

    `on_loan`: to be given back.
    """

    id: Key
    description: Passage
    kind: Line
    sha256: Digest
    size: int | None = Field(default=None, ge=0)
    custodian: Line
    obtained_at: datetime | None = None
    abuse_material: bool = False
    on_loan: bool = False
