"""Who holds a case, and how does it pass on? A baton: offered, accepted, confirmed.

Silence transfers nothing.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from schemas.ids import Digest, HandoffId, Name


class Holder(BaseModel):
    """The one who holds: a house, in it a function (`central-authority`, `court`), perhaps an actor."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    house: Name
    function: Name
    actor: Name | None = None


class HandoffStatus(StrEnum):
    """Offered: sender holds. Accepted: receiver agreed, sender still holds until confirmed (between houses).
    Confirmed: receiver holds. Returned and withdrawn end the offer; overdue stays with the sender."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    OVERDUE = "overdue"


OPEN = frozenset({HandoffStatus.OFFERED, HandoffStatus.ACCEPTED, HandoffStatus.OVERDUE})


class Triple(BaseModel):
    """Between houses: digests of the three signed messages, byte-identical in both vaults."""

    model_config = ConfigDict(extra="forbid")

    offer: Digest | None = None
    acceptance: Digest | None = None
    confirmation: Digest | None = None


class WireOffer(BaseModel):
    """The baton offered with a message: accept by `due`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    handoff: HandoffId
    due: datetime | None = None
    documents: tuple[Digest, ...] = ()


class Handoff(BaseModel):
    """One passing of the baton. `documents`: digests handed over. `due`: accept by (UTC)."""

    model_config = ConfigDict(extra="forbid")

    id: str
    sender: Holder
    receiver: Holder
    documents: tuple[Digest, ...] = ()
    why: str
    offered: datetime
    due: datetime | None = None
    status: HandoffStatus = HandoffStatus.OFFERED
    decided: datetime | None = None
    reason: str = ""
    triple: Triple | None = None
