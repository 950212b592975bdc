"""What does a case keep of its own kind: the person's way, the keeping of data, the order on a provider?

Parts of `schemas.case.CaseState`. Items are never altered, only replaced by new ones.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.ids import Digest
from schemas.vocabulary import Kind, Measure, Verdict


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


# --- the law's part -----------------------------------------------------------------------------------


class IssuerAsked(Part):
    """Who must issue, or else validate, such a request under the chosen basis; `by`: kinds of authority.

    `afterwards_hours`: in an emergency the validation may come so much later (Regulation 2023/1543, 4(5)).
    """

    capacity: Literal["issue", "validate"]
    by: tuple[str, ...]
    measures: tuple[Measure, ...] = ()
    article: str = ""
    afterwards_hours: int | None = None


class GateAsked(Part):
    """A question of human rights the law raises. `mandatory`: to be answered before surrender, by a
    person."""

    verdict: Verdict
    mandatory: bool = False


class DutyAsked(Part):
    """A duty of the side that is asked: to consult before it refuses, to submit for prosecution."""

    duty: str
    article: str = ""
    on_request: bool = False


# --- any kind -----------------------------------------------------------------------------------------


class GateAnswered(Part):
    gate: str
    answer: Literal["clear", "assured", "barred"]
    note: str
    actor: str
    at: datetime


class Translation(Part):
    language: str
    translator: str
    certified: bool
    document: Digest | None = None
    at: datetime


class Link(Part):
    """Another case beside this one, by whichever reference was told."""

    ref: str
    why: str
    at: datetime


class Errand(Part):
    """What the case wants done elsewhere in the house: a case opened (`open`), or told something (`tell`).

    `body`: the move as JSON. Done by the desk, which says so by `errand-done`; `ref` is the other case.
    `tries`: how often somebody had it tried again after it failed.
    """

    id: str
    what: Literal["open", "tell"]
    kind: Kind | None = None
    ref: str | None = None
    body: dict[str, Any]
    asked: datetime
    done: datetime | None = None
    problem: str = ""
    tries: int = 0


class NoticeOut(Part):
    """One reminder on its way to people of this house. `to`: functions, `actors`: accounts."""

    id: str
    code: str
    clock: str = ""
    due: datetime | None = None
    to: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    loud: bool = False
    at: datetime
    status: Literal["queued", "told", "unreached"] = "queued"


class Cost(Part):
    amount: str
    currency: str
    borne_by: str
    settled: bool
    at: datetime
    note: str = ""


class Used(Part):
    """A use of evidence, and how it stands to the limitations accepted."""

    items: tuple[str, ...]
    purpose: str
    limits: tuple[str, ...]
    beyond: str = ""
    actor: str
    at: datetime


# --- preservation -------------------------------------------------------------------------------------


class Period(Part):
    """A time for which data are kept. `end` None: not told, and no law sets one.

    `from_law`: the end is the earliest lawful one, since nobody told it. `contradicts`: it differs from what
    was told before, which stands beside it. `renewal`: it follows on the time before.
    """

    start: datetime
    end: datetime | None
    from_law: bool = False
    told: datetime
    contradicts: bool = False
    renewal: bool = False
    provider_ref: str = ""
    note: str = ""


class FollowedUp(Part):
    """The request that followed, as whoever told it calls it; `also`: as the other side does."""

    ref: str
    kind: str
    at: datetime
    told_by: Literal["own", "counterpart"] = "own"
    also: str = ""
    decided: datetime | None = None
    result: str = ""


class Keeping(Part):
    """`protection`: `unprotected` where only a letter asks for it, `told` where somebody says that they keep
    it of their own will, `protected` where a law binds the holder, `ended`."""

    protection: Literal["none", "unprotected", "told", "protected", "ended"] = "none"
    provider_ref: str = ""
    periods: list[Period] = Field(default_factory=list)
    renewals_asked: list[datetime] = Field(default_factory=list)
    followed: list[FollowedUp] = Field(default_factory=list)


# --- production ---------------------------------------------------------------------------------------


class Objected(Part):
    ground: str
    text: str
    at: datetime
    article: str = ""
    result: str = ""
    decided: datetime | None = None


class Producing(Part):
    """`answers`: every word of the provider that ended something, in its order; one that contradicts an
    earlier one is kept and flagged, and overwrites nothing."""

    served: datetime | None = None
    notified: datetime | None = None
    notified_authority: str = ""
    enforcing: str = ""
    objections: list[Objected] = Field(default_factory=list)
    answers: list[str] = Field(default_factory=list)
    provider_ref: str = ""


# --- interception without technical assistance ------------------------------------------------------------


class NoticeAnswered(Part):
    """The word of the notified State. `product`: what may be done with what was intercepted; empty: nothing
    was said of it."""

    answer: Literal["lets-run", "objects"]
    product: Literal["", "not-usable", "conditions"] = ""
    reasons: str = ""
    at: datetime


class InterceptionNotice(Part):
    """A notice of interception (Directive 2014/41, 31), and every answer to it in its order. `at`: when the
    notified State received it."""

    authority: str = ""
    at: datetime
    answers: list[NoticeAnswered] = Field(default_factory=list)


# --- extradition --------------------------------------------------------------------------------------


class AlertNoted(Part):
    source: str
    reference: str
    issued_on: date | None = None
    at: datetime


class Detention(Part):
    """One time in custody for this request. `days` of it count towards a sentence."""

    arrested: datetime
    provisional: bool
    released: datetime | None = None
    reason: str = ""


class CourtStep(Part):
    stage: str
    authority: str
    at: datetime
    note: str = ""


class ConsentGiven(Part):
    given: bool
    before: str
    at: datetime
    waives_speciality: bool = False
    revocable: bool = False


class Assurance(Part):
    id: str
    about: str
    text: str
    asked: datetime
    given: datetime | None = None
    given_by: str = ""
    given_text: str = ""
    checked: datetime | None = None
    sufficient: bool | None = None
    note: str = ""


class Competitor(Part):
    id: str
    state: str
    received: date
    offence: str = ""
    ref: str = ""


class JointDecision(Part):
    first: str
    reasons: str
    at: datetime
    over: tuple[str, ...]


class SurrenderDay(Part):
    """An appointed day and what became of it."""

    on: datetime
    place: str
    missed: datetime | None = None
    force_majeure: bool = False
    done: datetime | None = None


class SurrenderMade(Part):
    at: datetime
    place: str
    custody_days: int
    temporary: bool = False
    return_by: datetime | None = None
    returned: datetime | None = None


class ConsentAsked(Part):
    id: str
    purpose: str
    offence: str = ""
    to: str = ""
    text: str
    asked: datetime
    answered: datetime | None = None
    given: bool | None = None
    reasons: str = ""


class ProceedingsStep(Part):
    stage: str
    authority: str
    at: datetime
    text: str = ""


class Wanted(Part):
    """Everything about the person whose surrender is asked."""

    alerts: list[AlertNoted] = Field(default_factory=list)
    located: datetime | None = None
    detentions: list[Detention] = Field(default_factory=list)
    papers_received: datetime | None = None
    court: list[CourtStep] = Field(default_factory=list)
    consent: ConsentGiven | None = None
    to_minister: datetime | None = None
    assurances: list[Assurance] = Field(default_factory=list)
    competitors: list[Competitor] = Field(default_factory=list)
    joint: list[JointDecision] = Field(default_factory=list)
    days: list[SurrenderDay] = Field(default_factory=list)
    surrenders: list[SurrenderMade] = Field(default_factory=list)
    discharged: datetime | None = None
    consents: list[ConsentAsked] = Field(default_factory=list)
    proceedings: list[ProceedingsStep] = Field(default_factory=list)

    @property
    def detained(self) -> bool:
        """Is the person in custody for this request now?"""
        return any(one.released is None for one in self.detentions)

    @property
    def custody_days(self) -> int:
        """Days of custody for the request that are over, each begun day of 24 hours counted."""
        ended = ((one.arrested, one.released) for one in self.detentions)
        return sum(-(-(until - since) // timedelta(days=1)) for since, until in ended if until is not None)
