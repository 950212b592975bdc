"""Which letter goes next, what became of one, and on which ground does it carry personal data?"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState, OutStatus
from schemas.moves import Evidence, MoveBody
from schemas.vocabulary import Side
from schemas.work import PostDone
from workflows import baton
from workflows.step import altered, notice, put, settle

_UNSETTLED = frozenset({"queued", "relayed", "by-hand", "uncertain"})
_IN_THE_WAY = frozenset({"relayed", "uncertain"})
"""Not known to be there yet: what is sent after it could overtake it."""
_OF_THE_REQUEST = frozenset({"arrive", "answer", "inform", "limit", "papers"})
"""Our letters that say more of the persons whom our request is about."""


def next_letter(state: CaseState) -> OutStatus | None:
    """The oldest letter that waits for the carrier: letters of a case go one after the other."""
    first = next((item for item in state.outbox if item.status == "queued" or _in_the_way(item)), None)
    return first if first is not None and first.status == "queued" else None


def _in_the_way(item: OutStatus) -> bool:
    return item.status in _IN_THE_WAY and item.settled is None


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
    settle(state, *waiting_codes(message))
    notice(state, f"refused:{message}:{code}")
    if item.handoff is not None:
        baton.refused(state, item.handoff, item.event, code, now)


# --- between leaving and arriving -----------------------------------------------------------------------


def waiting_codes(message: str) -> tuple[str, ...]:
    """What shows on a case as long as a letter is not known to be there."""
    return f"post-by-hand:{message}", f"outcome-unknown:{message}", f"not-relayed:{message}"


def relayed(state: CaseState, message: str, done: PostDone, now: datetime) -> None:
    """A carrier took it; whether it arrived, their receipt will tell."""
    item = next(item for item in state.outbox if item.id == message)
    put(state.outbox, item, altered(item, status="relayed", relayed=now, due=done.due, problem=""))
    settle(state, *waiting_codes(message))


def went(state: CaseState, message: str, done: PostDone) -> None:
    """Remembers by which way a letter went."""
    item = next(item for item in state.outbox if item.id == message)
    if done.way:
        put(state.outbox, item, altered(item, way=done.way, why=done.why))


def again(state: CaseState, item: OutStatus) -> None:
    """Its carrier shall bring it once more: the same message, which the receiver knows again. The handoff in
    one that was refused goes on where it stood."""
    if item.status == "refused" and item.handoff is not None:
        baton.told_again(state, item.handoff, item.event)
    put(state.outbox, item, altered(item, status="queued", settled=None, due=None, problem="again"))
    settle(state, *waiting_codes(item.id), f"refused:{item.id}:")


def moments(state: CaseState) -> list[datetime]:
    """When somebody must look at a letter that was not taken, or not received, in time."""
    return [item.due for item in state.outbox if item.due is not None and _is_timed(item)]


def strike(state: CaseState, now: datetime) -> bool:
    """Shows what was not taken or received by `now`. False if that is nothing."""
    late = [item for item in state.outbox if _is_timed(item) and item.due is not None and item.due <= now]
    for item in late:
        if item.status == "queued":
            put(state.outbox, item, altered(item, problem="not-relayed"))
            notice(state, f"not-relayed:{item.id}")
        else:
            put(state.outbox, item, altered(item, status="uncertain", problem="not-delivered"))
            notice(state, f"outcome-unknown:{item.id}")
    return bool(late)


def _is_timed(item: OutStatus) -> bool:
    return item.status == "relayed" or (item.status == "queued" and not item.problem)
