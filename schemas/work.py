"""What do activities take and give? One input and one output type each, and their names as constants."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from schemas.case import CaseState, DocketRow, Gap, LawRecorded
from schemas.deadline import Deadline
from schemas.ids import Digest
from schemas.messages import WireOffer
from schemas.moves import Actor, MoveBody
from schemas.request import Attachment, Request
from schemas.vocabulary import Kind, Measure, Side

ASSESS = "legal.assess"
COUNT = "legal.count"
SEAL = "posting.seal"
POST = "posting.post"
FILE = "filing.file"
NOTIFY = "notices.notify"


class Work(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AssessWork(Work):
    """Ask the law for this request, on day `on` (None: the day `at` is in our house's own time zone).

    `choose`: instrument the officer chose (None: the best `yes`).
    """

    ref: str
    request: Request
    at: datetime
    on: date | None = None
    choose: str | None = None


class AssessDone(Work):
    """The recorded answer, and what is still missing for the chosen basis (law side only).

    `house`: the trusted house that speaks for the requested State (None: a person carries our letters there).
    """

    law: LawRecorded
    gaps: list[Gap] = Field(default_factory=list)
    house: str | None = None


class CountWork(Work):
    """Count the deadlines that `event` at `at` starts, for the chosen basis and for our practice.

    `at` is when the event happened, `now` when it is recorded. `resume`: entries paused before, which run on
    from now with what was left of them. `given`: the limit the other side set, if the event carries one.
    `offer_days`: the baton is offered with this event for so many days. Empty `event`: it starts nothing.
    """

    ref: str
    kind: Kind
    side: Side
    event: str
    at: datetime
    now: datetime
    home_state: str
    counterpart_state: str
    measures: tuple[Measure, ...] = ()
    instrument: str | None = None
    edition: str | None = None
    first_id: int = 1
    resume: list[Deadline] = Field(default_factory=list)
    given: datetime | None = None
    given_clock: str = "supplement"
    says: tuple[str, ...] = ()
    recount: list[Deadline] = Field(default_factory=list)
    offer_days: int | None = None


class CountDone(Work):
    """`offer_due`: the moment (UTC) after which an unanswered offer of the baton is overdue."""

    deadlines: list[Deadline] = Field(default_factory=list)
    offer_due: datetime | None = None


class SealWork(Work):
    """Make, sign and store one message. `recipient` None: no house there, a person carries it; it is a
    house, or where `provider` is true a provider's key."""

    ref: str
    message: str
    recipient: str | None
    recipient_ref: str | None
    at: datetime
    body: MoveBody
    offer: WireOffer | None = None
    about: Digest | None = None
    documents: tuple[Attachment, ...] = ()
    provider: bool = False


class SealDone(Work):
    """`sealed`: digest of the signed bytes, now in the vault. `due`: when a carrier should have taken it."""

    message: str
    sealed: Digest
    due: datetime | None = None


class PostWork(Work):
    """Bring the sealed message to the other house, or to a provider."""

    ref: str
    message: str
    recipient: str
    sealed: Digest
    provider: bool = False


class PostDone(Work):
    """`delivered` with the digest of the signed receipt, or `refused` for good with the receiver's code, or
    `relayed`: it left, and its receipt comes later, at `due` at the latest. `way`: by which carrier, `why`.

    A carrier that may try again raises instead, and Temporal tries again.
    """

    delivered: bool
    relayed: bool = False
    due: datetime | None = None
    way: str = ""
    why: str = ""
    receipt: Digest | None = None
    recipient_ref: str | None = None
    code: str = ""
    reason: str = ""


class FileWork(Work):
    """File one move: ledger entry, state, docket row, in one transaction. Safe to repeat by (ref, move).

    `at` is the workflow's time. `detail` is the body of the move (encrypted with the case key).
    """

    ref: str
    move: int
    at: datetime
    actor: Actor
    event: str
    key: str
    detail: str
    state: CaseState
    row: DocketRow
    message: str | None = None
    sealed: Digest | None = None


class FileDone(Work):
    """`entry`: hash of the ledger entry.

    `state`: the records were ahead of the workflow (its task was lost after a filing): what is filed is true,
    and the workflow goes on from it. `entry` is then empty.
    """

    entry: str = ""
    repeated: bool = False
    state: CaseState | None = None


class NotifyWork(Work):
    """Remind people of a time limit or of a handoff, by what they chose: e-mail, webhook. No details.

    `notice`: id of the notice, the same when it is tried again. `code`: why (due-soon, missed, escalated,
    handoff-overdue ...); `to`: functions of the house, `actors`: accounts. `loud`: somebody's liberty or a
    child is at stake.
    """

    ref: str
    notice: str
    code: str
    clock: str = ""
    due: datetime | None = None
    to: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    loud: bool = False


class NotifyDone(Work):
    """`sent`: how many messages left; `unreached`: functions and accounts without any address here."""

    sent: int = 0
    unreached: tuple[str, ...] = ()
