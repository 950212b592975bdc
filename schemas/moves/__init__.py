"""Which moves can be made on a case, and what does each carry? One body per event; `event` tells them apart.

The same body serves the officer who makes the move, the message to the other house, and the officer there
who records what came by post. Who may make it, and when, is `schemas.lifecycle`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from schemas.handoff import Holder, WireOffer
from schemas.ids import Digest
from schemas.moves.asking import (
    Amend,
    AnswerGate,
    Approve,
    ChooseBasis,
    FileRequest,
    Issue,
    Reopen,
    Send,
    SendBack,
    Translated,
)
from schemas.moves.base import Happened
from schemas.moves.dealing import (
    Acknowledge,
    Answer,
    AnswerLimit,
    AnswerNotice,
    Arrive,
    Ask,
    Close,
    Consult,
    Costs,
    Decide,
    Delivered,
    Evidence,
    Inform,
    Limit,
    Papers,
    Postpone,
    Prolong,
    Redirect,
    ReturnObjects,
    Use,
    Withdraw,
    WitnessFree,
)
from schemas.moves.handing import (
    AcceptHandoff,
    ConfirmHandoff,
    OfferHandoff,
    ReturnHandoff,
    WithdrawHandoff,
)
from schemas.moves.house import (
    Alarmed,
    ErrandAgain,
    ErrandDone,
    Hold,
    LawMoved,
    LinkCase,
    Posted,
    Reassign,
    Recounted,
)
from schemas.moves.keeping import (
    FollowUp,
    FollowUpDecided,
    Harm,
    Preserved,
    ReleaseData,
    Renew,
    Renewed,
)
from schemas.moves.person import (
    Alert,
    AnswerConsent,
    Arrest,
    AskAssurance,
    AskConsent,
    CheckAssurance,
    Competing,
    Consent,
    Court,
    DecideCompeting,
    Discharged,
    FixSurrender,
    GiveAssurance,
    Located,
    MissSurrender,
    Proceedings,
    ReleasePerson,
    ReturnedPerson,
    Surrendered,
    ToMinister,
)
from schemas.moves.producing import (
    Enforce,
    Enforced,
    EnforcingAnswer,
    Notified,
    Objection,
    Review,
    Served,
)
from schemas.vocabulary import Role

__all__ = [
    "LARGEST_MOVE",
    "AcceptHandoff",
    "Acknowledge",
    "Actor",
    "Alarmed",
    "Alert",
    "Amend",
    "Answer",
    "AnswerConsent",
    "AnswerGate",
    "AnswerLimit",
    "AnswerNotice",
    "Approve",
    "Arrest",
    "Arrive",
    "Ask",
    "AskAssurance",
    "AskConsent",
    "CheckAssurance",
    "ChooseBasis",
    "Close",
    "Competing",
    "ConfirmHandoff",
    "Consent",
    "Consult",
    "Costs",
    "Court",
    "Decide",
    "DecideCompeting",
    "Delivered",
    "Discharged",
    "Enforce",
    "Enforced",
    "EnforcingAnswer",
    "ErrandAgain",
    "ErrandDone",
    "Evidence",
    "FileRequest",
    "FixSurrender",
    "FollowUp",
    "FollowUpDecided",
    "GiveAssurance",
    "Happened",
    "Harm",
    "Hold",
    "Inform",
    "Issue",
    "LawMoved",
    "Limit",
    "LinkCase",
    "Located",
    "MissSurrender",
    "Move",
    "MoveBody",
    "MoveReply",
    "Notified",
    "Objection",
    "OfferHandoff",
    "Papers",
    "Posted",
    "Postpone",
    "Preserved",
    "Proceedings",
    "Prolong",
    "Reassign",
    "Recounted",
    "Redirect",
    "ReleaseData",
    "ReleasePerson",
    "Renew",
    "Renewed",
    "Reopen",
    "ReturnHandoff",
    "ReturnObjects",
    "ReturnedPerson",
    "Review",
    "Send",
    "SendBack",
    "Served",
    "Surrendered",
    "ToMinister",
    "Translated",
    "Use",
    "Withdraw",
    "WithdrawHandoff",
    "WitnessFree",
]

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


MoveBody = Annotated[
    FileRequest
    | Amend
    | ChooseBasis
    | Issue
    | Approve
    | Reopen
    | Send
    | SendBack
    | Translated
    | AnswerGate
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
    | Papers
    | Inform
    | WitnessFree
    | AnswerNotice
    | Prolong
    | Costs
    | ReturnObjects
    | Use
    | Withdraw
    | Close
    | OfferHandoff
    | AcceptHandoff
    | ConfirmHandoff
    | ReturnHandoff
    | WithdrawHandoff
    | Hold
    | Posted
    | LawMoved
    | Reassign
    | LinkCase
    | ErrandDone
    | ErrandAgain
    | Recounted
    | Alarmed
    | Preserved
    | Renew
    | Renewed
    | FollowUp
    | FollowUpDecided
    | ReleaseData
    | Harm
    | Served
    | Notified
    | EnforcingAnswer
    | Objection
    | Review
    | Enforce
    | Enforced
    | Alert
    | Located
    | Arrest
    | ReleasePerson
    | Court
    | Consent
    | ToMinister
    | AskAssurance
    | GiveAssurance
    | CheckAssurance
    | Competing
    | DecideCompeting
    | FixSurrender
    | MissSurrender
    | Surrendered
    | ReturnedPerson
    | Discharged
    | AskConsent
    | AnswerConsent
    | Proceedings,
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
