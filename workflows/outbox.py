"""Which letter goes next, what became of one, and on which ground does it carry personal data?"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState, OutStatus
from schemas.moves import Evidence, MoveBody
from schemas.vocabulary import Side
from workflows import baton
from workflows.step import altered, notice, put

_UNSETTLED = frozenset({"queued", "by-hand", "uncertain"})
_OF_THE_REQUEST = frozenset({"arrive", "answer", "inform", "limit", "papers"})
"""Our letters that say more of the persons whom our request is about."""


def next_letter(state: CaseState) -> OutStatus | None:
    """The oldest letter that waits for the carrier: letters of a case go one after the other."""
    return next((item for item in state.outbox if item.status == "queued"), None)


def still_queued(state: CaseState, message: str) -> bool:
    """Does it still wait, also for what happened meanwhile?"""
    return any(item.id == message and item.status == "queued" for item in state.outbox)


def unsettled(state: CaseState) -> bool:
    """Does any letter wait for the carrier, or for a person?"""
    return any(item.status in _UNSETTLED and item.settled is None for item in state.outbox)


def ground_of(state: CaseState, body: MoveBody) -> str:
    """The recorded ground of data protection on which `body` goes out; empty where it carries no such data,
    or nobody said."""
    if isinstance(body, Evidence):
        return body.data_protection_ground or ""
    ours = state.side is Side.OUTGOING and body.event in _OF_THE_REQUEST
    return (state.request.data_protection_ground or "") if ours else ""


def refused(state: CaseState, message: str, code: str, now: datetime) -> None:
    """The other house refused it for good: a person must look, and a handoff in it did not happen."""
    item = next(item for item in state.outbox if item.id == message)
    put(state.outbox, item, altered(item, status="refused", settled=now, problem=code))
    notice(state, f"refused:{message}:{code}")
    if item.handoff is not None:
        baton.refused(state, item.handoff, item.event, code, now)
