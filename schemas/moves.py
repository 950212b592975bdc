"""Which moves can be made on a case, and what does each carry? One body per event; `event` tells them apart.

The same body serves the officer who makes the move, the message to the other house, and the officer there
who records what came by post. Who may make it, and when, is `schemas.lifecycle`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.handoff import Holder, WireOffer
from schemas.ids import Digest, HandoffId, Key, Name
from schemas.request import Attachment, Body, EvidenceItem, Line, MlaRequest, Outcome, Passage
from schemas.vocabulary import Role

LARGEST_MOVE = 512 * 1024
"""Bytes of one move as JSON; what is larger is a document. The engine carries no more than a few of these."""


class Actor(BaseModel):
    """Who does it: a person or machine of a house (`id` is an account, never a name of a third person).

    `acts_for`: absent colleagues whose deputy this one is today.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    house: str
    roles: tuple[Role, ...] = ()
    agency: str = "central-authority"
    acts_for: tuple[str, ...] = ()


class Happened(Body):
    """Base of moves that tell what happened: `happened_on` when it came by post (not in the future)."""

    happened_at: datetime | None = None
    by_post: bool = False


class FileRequest(Body):
    event: Literal["file"] = "file"
    request: MlaRequest


class Amend(Body):
    """Replaces the draft. The law is asked again."""

    event: Literal["amend"] = "amend"
    request: MlaRequest


class ChooseBasis(Body):
    """Chooses a candidate. One that is not `yes` needs `override`, a reason that stays on the case."""

    event: Literal["choose-basis"] = "choose-basis"
    instrument: Key
    override: Passage | None = None


class Issue(Body):
    """Issuance or validation by the competent authority; approval in the office is not issuance."""

    event: Literal["issue"] = "issue"
    capacity: Literal["issued", "validated"]
    authority: Line
    signed_on: datetime


class Approve(Body):
    """Four eyes: not the one who filed or last amended. `override`: why gaps may stay (never competence)."""

    event: Literal["approve"] = "approve"
    override: Passage | None = None


class Reopen(Body):
    event: Literal["reopen"] = "reopen"
    reason: Passage


class Send(Body):
    """Sends it. `emergency`: one officer may send before approval; the second approval is due in 24 hours.

    `offer_days`: how long the other side has to accept the baton before it counts as overdue.
    """

    event: Literal["send"] = "send"
    emergency: bool = False
    reason: Passage | None = None
    offer_days: int = Field(default=30, ge=1, le=365)


class Arrive(Happened):
    """Incoming: the request as received. Made by intake, or by an officer for a paper request."""

    event: Literal["arrive"] = "arrive"
    request: MlaRequest
    foreign_ref: Line
    counterpart_house: Name | None = None


class Delivered(Happened):
    """Proof that it reached them: a signed receipt, or the proof of receipt that came by post."""

    event: Literal["delivered"] = "delivered"
    message: Name | None = None
    receipt: Digest | None = None
    note: Passage | None = None


class Acknowledge(Happened):
    event: Literal["acknowledge"] = "acknowledge"
    their_ref: Line | None = None
    note: Passage | None = None


class Redirect(Happened):
    """They (or we) are not competent and have passed it on (1959 Convention 18)."""

    event: Literal["redirect"] = "redirect"
    to: Line
    note: Passage | None = None


class Ask(Happened):
    """A supplementary question. `answer_by`: the limit the asking side set, if any."""

    event: Literal["question"] = "question"
    id: Key
    text: Passage
    answer_by: datetime | None = None


class Answer(Happened):
    event: Literal["answer"] = "answer"
    question: Key
    text: Passage
    attachments: tuple[Attachment, ...] = ()


class Consult(Happened):
    """Consultation before refusal or condition (UNTOC 18(26), EIO 11(4))."""

    event: Literal["consult"] = "consult"
    text: Passage


class Decide(Happened):
    """The decision of the requested State, with reasons where it does not simply accept."""

    event: Literal["decide"] = "decide"
    decision: Literal["accepted", "partly-accepted", "refused"]
    reasons: Passage | None = None
    grounds: tuple[Key, ...] = ()
    articles: tuple[Line, ...] = ()


class Postpone(Happened):
    event: Literal["postpone"] = "postpone"
    reasons: Passage
    until_estimate: datetime | None = None


class Limit(Happened):
    """A use limitation or condition the requested State sets before transfer (Budapest 28, UNTOC 18(19))."""

    event: Literal["limit"] = "limit"
    id: Key
    text: Passage
    article: Line | None = None


class AnswerLimit(Happened):
    event: Literal["answer-limit"] = "answer-limit"
    limit: Key
    accepted: bool
    note: Passage | None = None


class Evidence(Happened):
    """Results, in part or in whole: digests, not content. `offer_days` as in Send."""

    event: Literal["evidence"] = "evidence"
    complete: bool
    items: tuple[EvidenceItem, ...] = Field(min_length=1)
    limits: tuple[Key, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    offer_days: int = Field(default=30, ge=1, le=365)


class Withdraw(Happened):
    event: Literal["withdraw"] = "withdraw"
    reason: Passage


class Close(Happened):
    """Ends the case on our side and tells the other."""

    event: Literal["close"] = "close"
    outcome: Outcome


class OfferHandoff(Body):
    """Offers the baton inside the house (to a function or actor) or to the other house."""

    event: Literal["offer"] = "offer"
    id: HandoffId
    receiver: Holder
    why: Passage
    documents: tuple[Digest, ...] = ()
    due: datetime | None = None


class AcceptHandoff(Body):
    event: Literal["accept"] = "accept"
    id: HandoffId


class ConfirmHandoff(Body):
    """The sender's countersignature; only then the receiver holds. Made by the sending house itself."""

    event: Literal["confirm"] = "confirm"
    id: HandoffId


class ReturnHandoff(Body):
    event: Literal["return"] = "return"
    id: HandoffId
    reason: Passage


class WithdrawHandoff(Body):
    event: Literal["withdraw-offer"] = "withdraw-offer"
    id: HandoffId
    reason: Passage


class Hold(Body):
    """Legal hold on or off: nothing of the case may be erased while it is on."""

    event: Literal["hold"] = "hold"
    on: bool
    reason: Passage


class Posted(Body):
    """A hand-carried message (paper, bag, telephone) was posted, or an unknown outcome is settled."""

    event: Literal["posted"] = "posted"
    message: Name
    happened_at: datetime
    result: Literal["posted", "not-sent"] = "posted"
    proof: Passage


class LawMoved(Body):
    """The law moved under the case: it is asked again, and its holder is told. Made by the house when a
    change of the law was accepted on which the recorded answer rested.

    `edition`: the one that counts now; `proposals`: the accepted changes, `facts` those of their facts that
    the answer rests on, `instruments` the candidates about which it differs.
    """

    event: Literal["law-moved"] = "law-moved"
    edition: Line
    proposals: tuple[int, ...] = ()
    facts: Annotated[tuple[Line, ...], Field(max_length=100)] = ()
    instruments: Annotated[tuple[Key, ...], Field(max_length=200)] = ()


MoveBody = Annotated[
    FileRequest
    | Amend
    | ChooseBasis
    | Issue
    | Approve
    | Reopen
    | Send
    | Arrive
    | Delivered
    | Acknowledge
    | Redirect
    | Ask
    | Answer
    | Consult
    | Decide
    | Postpone
    | Limit
    | AnswerLimit
    | Evidence
    | Withdraw
    | Close
    | OfferHandoff
    | AcceptHandoff
    | ConfirmHandoff
    | ReturnHandoff
    | WithdrawHandoff
    | Hold
    | Posted
    | LawMoved,
    Field(discriminator="event"),
]


class Move(BaseModel):
    """The one message to a case. `key`: idempotency key; the same key again returns the same reply.

    `message`: the id of the signed message that brought it, `sealed` its digest in our vault, `offer` the
    baton that came with it, `about` the digest of the signed message it answers (as in its envelope).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    actor: Actor
    body: MoveBody
    message: str | None = None
    sealed: Digest | None = None
    offer: WireOffer | None = None
    about: Digest | None = None


class MoveReply(BaseModel):
    """What the move did. `repeated`: this key was answered before and nothing changed now."""

    model_config = ConfigDict(extra="forbid")

    ref: str
    move: int
    event: str
    status: str
    holder: Holder
    gaps: int = 0
    allowed: tuple[str, ...] = ()
    repeated: bool = False
