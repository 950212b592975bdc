"""What do our own people do with a request until it is sent?"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from schemas.ids import Digest, Key, Name
from schemas.request import Body, Line, Passage, Request


class FileRequest(Body):
    """Opens a case of ours. `matter`: the investigation it belongs to, by this house's own name for it."""

    event: Literal["file"] = "file"
    request: Request
    matter: Name | None = None


class Amend(Body):
    """Replaces the draft. The law is asked again.

    `over`: the digest of the draft it is written over; refused where another stands there by now.
    """

    event: Literal["amend"] = "amend"
    request: Request
    over: Digest | None = None


class ChooseBasis(Body):
    """Chooses a candidate. One that is not `yes` needs `override`, a reason that stays on the case."""

    event: Literal["choose-basis"] = "choose-basis"
    instrument: Key
    override: Passage | None = None


class Issue(Body):
    """Issuance or validation by the competent authority; approval in the office is not issuance.

    `function`: what that authority is, which decides whether it may (Directive 2014/41, 2(c); Regulation
    2023/1543, 4; Framework Decision 2002/584, 6). `over`: the digest of the draft that was read.
    """

    event: Literal["issue"] = "issue"
    capacity: Literal["issued", "validated"]
    authority: Line
    function: Key | None = None
    signed_on: datetime
    over: Digest | None = None


class SendBack(Body):
    """An issuing or validating authority neither issues nor validates the request as it stands, and says why.

    It needs nobody's handover. What was said stays until the draft is another one, or is issued after all.
    """

    event: Literal["send-back"] = "send-back"
    reason: Passage
    over: Digest | None = None


class Approve(Body):
    """Four eyes: not the one who filed or last amended. `override`: why gaps may stay (never competence).

    `over`: the digest of the draft that was read; refused where another stands there by now.
    """

    event: Literal["approve"] = "approve"
    override: Passage | None = None
    over: Digest | None = None


class Reopen(Body):
    event: Literal["reopen"] = "reopen"
    reason: Passage


class Send(Body):
    """Sends it. `emergency`: one officer may send before approval; the second approval is due in 24 hours.
    The request says then who certified the emergency, and on which facts.

    `offer_days`: how long the other side has to accept the baton before it counts as overdue.
    `papers_follow`: told by telephone or ahead of the papers (Budapest 25(3), UNTOC 18(14); provisional
    arrest: 1957 Convention 16), which follow by `papers`.
    """

    event: Literal["send"] = "send"
    emergency: bool = False
    reason: Passage | None = None
    offer_days: int = Field(default=30, ge=1, le=365)
    papers_follow: bool = False


class Translated(Body):
    """A translation of the request and its papers is there, certified or not (1959 Convention 16).

    `document`: the digest of the attachment that holds it, so that it travels with the request."""

    event: Literal["translated"] = "translated"
    language: str = Field(pattern=r"^[a-z]{2}$")
    translator: Line
    certified: bool = False
    document: Digest | None = None


class AnswerGate(Body):
    """A person answers a question of human rights. `assured`: cured by an assurance; `barred`: it stands in
    the way."""

    event: Literal["answer-gate"] = "answer-gate"
    gate: Key
    answer: Literal["clear", "assured", "barred"]
    note: Passage
