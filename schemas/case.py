"""What is the whole state of one case? One serialisable object; the ledger tells how it came about."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from schemas.deadline import Deadline
from schemas.facets import (
    Cost,
    DutyAsked,
    Errand,
    GateAnswered,
    GateAsked,
    InterceptionNotice,
    IssuerAsked,
    Keeping,
    Link,
    NoticeOut,
    Part,
    Producing,
    Translation,
    Used,
    Wanted,
)
from schemas.handoff import Handoff, Holder
from schemas.ids import Digest
from schemas.moves import Move, MoveReply
from schemas.request import Attachment, EvidenceItem, Outcome, Request
from schemas.vocabulary import Kind, Side, Verdict


class Counterpart(Part):
    """The other State, the house there if it runs one we trust, and its own reference.

    `provider`: the request went to a provider itself, which is no house and holds no baton.
    """

    state: str
    house: str | None = None
    ref: str | None = None
    provider: str | None = None


class Override(Part):
    """Law was thin and an approver went on: who, when, why. It stays on the case."""

    actor: str
    at: datetime
    reason: str
    instead_of: str


class LawRecorded(Part):
    """The law as it was answered: edition, day, the chosen basis and what it asks.

    `assessment`: digest of the whole answer with all candidates and reasons, kept in the vault.
    `deadline_events`: events of the case from which the chosen basis counts a time limit.
    """

    edition: str
    on: date
    assessment: Digest
    good_until: date | None = None
    instrument: str | None = None
    title: str = ""
    verdict: Verdict = Verdict.UNKNOWN
    articles: tuple[str, ...] = ()
    candidates: dict[str, Verdict] = Field(default_factory=dict)
    channel: str | None = None
    urgent_channel: str | None = None
    authority: str = ""
    languages: tuple[str, ...] = ()
    contents_required: tuple[str, ...] = ()
    contents_advised: tuple[str, ...] = ()
    open_questions: int = 0
    deadline_events: tuple[str, ...] = ()
    override: Override | None = None
    addressee: Literal["state", "provider"] = "state"
    binding: Literal["duty", "option"] = "duty"
    issuers: tuple[IssuerAsked, ...] = ()
    gates: dict[str, GateAsked] = Field(default_factory=dict)
    duties: tuple[DutyAsked, ...] = ()
    certified_translation: bool = False


class Gap(Part):
    """What is missing before sending: `code` (content, basis, necessity, issuance, urgency-reason ...).

    `overridable` False: no reason of an approver helps (competence of the issuing authority).
    """

    code: str
    field: str = ""
    article: str = ""
    blocking: bool = True
    overridable: bool = True


class Signed(Part):
    """Who issued, validated or approved, or certified the emergency, when; or sent it back unsigned, and why
    (`note`)."""

    capacity: Literal["issued", "validated", "approved", "certified", "sent-back"]
    actor: str
    authority: str = ""
    function: str = ""
    at: datetime
    note: str = ""


class Question(Part):
    id: str
    text: str
    asked: datetime
    by: Literal["own", "counterpart"]
    answer_by: datetime | None = None
    answered: datetime | None = None
    answer: str = ""
    form: str = ""


class Limitation(Part):
    """A use limitation: by the requested State, or by who gives information without being asked. `accepted`
    None: not answered yet. `by`: who set it, where that is not the side that is asked."""

    id: str
    text: str
    article: str = ""
    offered: datetime
    accepted: bool | None = None
    answered: datetime | None = None
    by: Literal["", "own", "counterpart"] = ""


class Decision(Part):
    """A decision, a postponement or a prolongation. `until`: the day told for its end, an estimate."""

    decision: str
    at: datetime
    reasons: str = ""
    grounds: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    without_consultation: str = ""
    precise: str = ""
    until: datetime | None = None


class OutStatus(Part):
    """One message on its way out. `sealed`: digest of the signed bytes in the vault; sent once under `id`.

    `queued` waits for the carrier; `relayed`: the carrier took it, its receipt is awaited; `delivered` has a
    signed receipt; `refused` was refused for good by the receiver; `uncertain`: an attempt whose outcome a
    person must settle; `by-hand`: waits for an officer to post it. `ground`: on which ground of data
    protection it carries personal data. `due`: when somebody must look, because nobody took it (queued) or no
    receipt came (relayed). `way`: by which carrier it went, and `why` by this one; `proof`: digest of the
    document that proves its posting.
    """

    id: str
    event: str
    sealed: Digest
    status: Literal["queued", "relayed", "delivered", "refused", "uncertain", "by-hand"]
    handoff: str | None = None
    queued: datetime
    settled: datetime | None = None
    receipt: Digest | None = None
    attempts: int = 0
    problem: str = ""
    ground: str = ""
    relayed: datetime | None = None
    due: datetime | None = None
    way: str = ""
    why: str = ""
    proof: Digest | None = None


LARGEST_STATE = 1024 * 1024
"""Bytes of a whole case as JSON, without its documents: beyond it only short moves are made, so that the case
can always go on in a new run of the engine and be closed."""
SHORT_MOVE = 4 * 1024


class CaseState(Part):
    """Everything one case is. `move` counts the moves filed; `keys` remembers recent idempotency keys.

    `version`: the release of our own rules it lives by (`schemas.lifecycle.RULES`), so that a running case
    is never refused, on being replayed, what it was allowed when it was made. `person` belongs to
    extradition and prosecution, `keeping` to preservation, `producing` to production. `redirected`: who has
    it now, where it was passed on.
    """

    version: int = 1
    ref: str
    house: str
    state: str
    kind: Kind
    side: Side
    status: str
    status_before: str | None = None
    move: int = 0
    opened: datetime
    updated: datetime
    filed_by: str
    last_author: str
    counterpart: Counterpart
    holder: Holder
    held_since: datetime
    request: Request
    law: LawRecorded | None = None
    gaps: list[Gap] = Field(default_factory=list)
    signed: list[Signed] = Field(default_factory=list)
    overrides: list[Override] = Field(default_factory=list)
    handoffs: list[Handoff] = Field(default_factory=list)
    deadlines: list[Deadline] = Field(default_factory=list)
    outbox: list[OutStatus] = Field(default_factory=list)
    questions: list[Question] = Field(default_factory=list)
    limitations: list[Limitation] = Field(default_factory=list)
    decisions: list[Decision] = Field(default_factory=list)
    evidence: list[EvidenceItem] = Field(default_factory=list)
    documents: list[Attachment] = Field(default_factory=list)
    outcome: Outcome | None = None
    their_outcome: Outcome | None = None
    legal_hold: bool = False
    attention: list[str] = Field(default_factory=list)
    keys: dict[str, MoveReply] = Field(default_factory=dict)
    taken_over: bool = False
    matter: str | None = None
    links: list[Link] = Field(default_factory=list)
    errands: list[Errand] = Field(default_factory=list)
    notices: list[NoticeOut] = Field(default_factory=list)
    gates: list[GateAnswered] = Field(default_factory=list)
    translations: list[Translation] = Field(default_factory=list)
    costs: list[Cost] = Field(default_factory=list)
    uses: list[Used] = Field(default_factory=list)
    returned: list[str] = Field(default_factory=list)
    papers_follow: bool = False
    consulted: bool = False
    redirected: str = ""
    interceptions: list[InterceptionNotice] = Field(default_factory=list)
    person: Wanted | None = None
    keeping: Keeping | None = None
    producing: Producing | None = None


class ClockRow(Part):
    """One running time limit as the lists, the calendar and the reminders show it. `owner`: the function;
    `unit` as in Deadline: one counted in hours ends at a moment, the others with a day."""

    clock: str
    due: datetime
    due_day: date
    started: datetime
    article: str = ""
    instrument: str = ""
    law: bool = True
    nature: str = "must"
    owner: str = ""
    unit: str = ""


class DocketRow(Part):
    """One line of the list of cases: no name, no content. Written with each move, rebuilt from the ledger.

    `aliases`: other references by which the case is found (provider's, report's, alert's); `offered_to`: to
    whom in this house the baton is offered (`function`, or `function/account`); `errands`: what the case
    wants done and nobody has done yet.
    """

    ref: str
    house: str
    kind: Kind
    side: Side
    status: str
    counterpart_state: str
    counterpart_house: str | None = None
    their_ref: str | None = None
    holder_house: str
    holder_function: str
    holder_actor: str | None = None
    held_since: datetime
    next_due: datetime | None = None
    next_clock: str | None = None
    urgent: bool = False
    child: bool = False
    attention: tuple[str, ...] = ()
    instrument: str | None = None
    edition: str | None = None
    move: int
    opened: datetime
    updated: datetime
    retention: str = "mla"
    legal_hold: bool = False
    filed_by: str = ""
    matter: str | None = None
    provider: str | None = None
    aliases: tuple[str, ...] = ()
    offered_to: str | None = None
    detained: bool = False
    errands: int = 0
    clocks: tuple[ClockRow, ...] = ()


class CaseInput(Part):
    """What starts a case: a first move for a new one, or a whole state (continue-as-new, revive).

    `moves_per_run`: after so many messages the case goes on in a new run, so that its history stays short.
    """

    ref: str
    house: str
    home_state: str
    side: Side
    kind: Kind
    first: Move | None = None
    state: CaseState | None = None
    moves_per_run: int = Field(default=400, ge=1, le=1500)


class CaseClosed(Part):
    """What a case workflow returns."""

    ref: str
    status: str
    moves: int
