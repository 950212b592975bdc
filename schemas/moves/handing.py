"""How is the baton passed: offered, accepted, confirmed, returned, taken back?"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from schemas.handoff import Holder
from schemas.ids import Digest, HandoffId
from schemas.request import Body, Passage


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
