"""Which letter goes next, and what became of one?"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState, OutStatus
from workflows import baton
from workflows.step import altered, notice, put

_UNSETTLED = frozenset({"queued", "by-hand", "uncertain"})


def next_letter(state: CaseState) -> OutStatus | None:
    """The oldest letter that waits for the carrier: letters of a case go one after the other."""
    return next((item for item in state.outbox if item.status == "queued"), None)


def still_queued(state: CaseState, message: str) -> bool:
    """Does it still wait, also for what happened meanwhile?"""
    return any(item.id == message and item.status == "queued" for item in state.outbox)


def unsettled(state: CaseState) -> bool:
    """Does any letter wait for the carrier, or for a person?"""
    return any(item.status in _UNSETTLED and item.settled is None for item in state.outbox)


def refused(state: CaseState, message: str, code: str, now: datetime) -> None:
    """The other house refused it for good: a person must look, and a handoff in it did not happen."""
    item = next(item for item in state.outbox if item.id == message)
    put(state.outbox, item, altered(item, status="refused", settled=now, problem=code))
    notice(state, f"refused:{message}:{code}")
    if item.handoff is not None:
        baton.refused(state, item.handoff, item.event, code, now)
