"""An order to a provider under way, for the tests of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from schemas.moves import Evidence, Notified
from schemas.request import Emergency, EvidenceItem
from tests.flow.invented import START, item
from tests.flow.lawful import Desk, desk, to_produce

SECOND = timedelta(seconds=1)
EPOC = "eu-eevidence"
TOLD = Notified(authority="Court in Dublin (invented)", proof="receipt of the exchange system")
EMERGENCY = Emergency(
    facts="a child is with the suspect now (invented)", certified_by="Duty officer", certified_at=START
)


def order(**changes: Any) -> Desk:
    """A production order on a provider in Ireland, served on it."""
    return desk(to_produce(**changes), EPOC)


def data(complete: bool = True, *items: EvidenceItem) -> Evidence:
    return Evidence(complete=complete, items=items or (item(),))
