"""What passes between the two sides while a request is dealt with, whatever its kind?"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from schemas.ids import Digest, Key, Name
from schemas.moves.base import Happened
from schemas.request import Attachment, Body, EvidenceItem, Line, Outcome, Passage, Request


class Arrive(Happened):
    """Incoming: the request as received. Made by intake, or by an officer for a paper request."""

    event: Literal["arrive"] = "arrive"
    request: Request
    foreign_ref: Line
    counterpart_house: Name | None = None
    papers_follow: bool = False


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
    """They (or we) are not competent and have passed it on (1959 Convention 18). `to`: who has it now."""

    event: Literal["redirect"] = "redirect"
    to: Line
    note: Passage | None = None


class Ask(Happened):
    """A supplementary question. `answer_by`: the limit the asking side set, if any. `form`: the form it came
    on, where an act prescribes one (Regulation 2023/1543, Annex III)."""

    event: Literal["question"] = "question"
    id: Key
    text: Passage
    answer_by: datetime | None = None
    form: Key | None = None


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
    """The decision of the requested State, with reasons where it does not simply accept.

    `without_consultation`: why the other side was not heard before a refusal (UNTOC 18(26), Budapest 27(6)).
    `precise`: what of it is granted, where it is granted in part.
    """

    event: Literal["decide"] = "decide"
    decision: Literal["accepted", "partly-accepted", "refused"]
    reasons: Passage | None = None
    grounds: tuple[Key, ...] = ()
    articles: tuple[Line, ...] = ()
    without_consultation: Passage | None = None
    precise: Passage | None = None


class Postpone(Happened):
    """Put off. `without_consultation`: why the other side was not heard before it (as in Decide)."""

    event: Literal["postpone"] = "postpone"
    reasons: Passage
    until_estimate: datetime | None = None
    without_consultation: Passage | None = None


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
    """Results, in part or in whole: digests, not content. `offer_days` as in Send; `data_protection_ground`:
    on which the side that is asked hands over personal data."""

    event: Literal["evidence"] = "evidence"
    complete: bool
    items: tuple[EvidenceItem, ...] = Field(min_length=1)
    limits: tuple[Key, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    offer_days: int = Field(default=30, ge=1, le=365)
    data_protection_ground: Passage | None = None


class Papers(Happened):
    """The papers that a message by telephone, or a provisional arrest, was ahead of."""

    event: Literal["papers"] = "papers"
    attachments: tuple[Attachment, ...] = ()
    note: Passage | None = None


class Inform(Happened):
    """Something the other side is to know: progress, a duty to tell at once, information not asked for."""

    event: Literal["inform"] = "inform"
    text: Passage


class WitnessFree(Happened):
    """A witness or expert who came on the request was told that nobody needs them any more: from then on
    their safe conduct runs out (UNTOC 18(27), 1959 Convention, 12(3)).

    `witness`: a short name, never a real one.
    """

    event: Literal["witness-free"] = "witness-free"
    witness: Key
    note: Passage | None = None


class AnswerNotice(Happened):
    """The notified State's answer to the notice of an interception (Directive 2014/41, 31(3)): it lets it
    run, or objects, so that it stops or does not start.

    `product`: what was intercepted already may not be used, or only under conditions; `reasons` say which.
    """

    event: Literal["answer-notice"] = "answer-notice"
    answer: Literal["lets-run", "objects"]
    product: Literal["not-usable", "conditions"] | None = None
    reasons: Passage | None = None


class Prolong(Happened):
    """The side that is asked takes the longer time that the text allows, with reasons (EIO 12(5),
    EAW 17(4))."""

    event: Literal["prolong"] = "prolong"
    clock: Key
    reasons: Passage
    until_estimate: datetime | None = None


class Costs(Happened):
    """Costs told or settled. `amount` in units of `currency` (ISO 4217)."""

    event: Literal["costs"] = "costs"
    amount: Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,3})?$")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    borne_by: Literal["requesting", "requested"]
    settled: bool = False
    note: Passage | None = None


class ReturnObjects(Happened):
    """Objects on loan go back, or their return is waived (1959 Convention 6(2))."""

    event: Literal["return-objects"] = "return-objects"
    items: tuple[Key, ...] = Field(min_length=1)
    waived: bool = False
    note: Passage | None = None


class Use(Body):
    """Evidence is used. `limits`: the limitations that were looked at and kept; `beyond`: on what consent it
    goes beyond the others (UNTOC 18(19), Budapest 28(4)). `items`: of the evidence, or `information` where
    it was given without being asked for."""

    event: Literal["use"] = "use"
    items: tuple[Key, ...] = Field(min_length=1)
    purpose: Passage
    limits: tuple[Key, ...] = ()
    beyond: Passage | None = None


class Withdraw(Happened):
    event: Literal["withdraw"] = "withdraw"
    reason: Passage


class Close(Happened):
    """Ends the case on our side and tells the other."""

    event: Literal["close"] = "close"
    outcome: Outcome
