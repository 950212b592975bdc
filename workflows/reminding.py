"""Who is reminded of a time limit, how loudly, and who else when nobody moves?

A reminder is queued in the state and filed with it, so that it is neither lost nor told for nothing.
"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState
from schemas.deadline import Deadline
from schemas.facets import NoticeOut
from schemas.lifecycle import ESCALATED, HEAD
from workflows import baton
from workflows.step import altered, put

MISSED, SOON, ESCALATE, OVERDUE = "missed", "due-soon", "escalated", "handoff-overdue"
WITH_REMINDERS = 2
"""The release of our rules from which a case sends reminders."""
_HERE = frozenset({"", "own"})
"""Whose days count where this house has to act; nothing was said of it in the first release."""
_PROVIDER = "provider"
KEPT = 60
"""Reminders remembered in the state, beside those not told yet."""


def remind(state: CaseState, entry: Deadline, stage: str, now: datetime) -> None:
    """Of a limit: whoever holds the case; where liberty is at stake, early and past the holder as well."""
    liberty = state.person is not None and state.person.detained
    to = [state.holder.function, *_ours(entry)]
    missed = stage.startswith(MISSED)
    code = MISSED if missed else SOON
    if missed or (liberty and stage in ESCALATED):
        to += [baton.CENTRAL_AUTHORITY, HEAD]
        code = code if missed else ESCALATE
    loud = liberty or state.request.child_at_risk
    queue(state, code, now, to, clock=entry.clock, due=entry.due, loud=loud, mark=f"{entry.id}.{stage}")


def _ours(entry: Deadline) -> list[str]:
    """Who of this house is told beside the holder: whoever has to act here, and of a limit of the law the
    central authority, which also watches over those that another State or a provider has to keep."""
    acts_here = entry.acting in _HERE and entry.owner != _PROVIDER
    named = [entry.owner] if entry.owner and (acts_here or not entry.law) else []
    return [*named, *([baton.CENTRAL_AUTHORITY] if entry.law else ())]


def remind_of_handoff(state: CaseState, now: datetime) -> None:
    """Of an offer of the baton that nobody answered: who offered it, and past them."""
    passing = baton.current(state)
    if passing is None:
        return
    ours = [holder.function for holder in (passing.sender, passing.receiver) if holder.house == state.house]
    to = [*ours, HEAD]
    queue(state, OVERDUE, now, to, clock="handoff", due=passing.due, mark=f"h{len(state.handoffs)}")


def queue(
    state: CaseState,
    code: str,
    now: datetime,
    to: list[str],
    *,
    clock: str = "",
    due: datetime | None = None,
    loud: bool = False,
    mark: str = "",
) -> None:
    """Queues one reminder to functions `to` of this house, and to the account that holds the case."""
    if state.version < WITH_REMINDERS:
        return
    actors = [state.holder.actor] if state.holder.actor and state.holder.house == state.house else []
    made = NoticeOut(
        id=f"{state.ref}.{mark or len(state.notices)}.{code}",
        code=code,
        clock=clock,
        due=due,
        to=tuple(dict.fromkeys(to)),
        actors=tuple(actors),
        loud=loud,
        at=now,
    )
    if all(known.id != made.id for known in state.notices):
        state.notices.append(made)


def next_notice(state: CaseState) -> NoticeOut | None:
    """The oldest reminder that was not told yet."""
    return next((one for one in state.notices if one.status == "queued"), None)


def forget(state: CaseState, mark: str) -> None:
    """Of a limit brought up again and again only the newest reminder is remembered: else it would push out
    how each other limit was told of."""
    begins = f"{state.ref}.{mark}"
    state.notices = [one for one in state.notices if one.status == "queued" or not one.id.startswith(begins)]


def told(state: CaseState, notice: str, reached: bool) -> None:
    """Marks a reminder as told, and forgets the oldest ones."""
    for known in list(state.notices):
        if known.id == notice:
            put(state.notices, known, altered(known, status="told" if reached else "unreached"))
    waiting = [one for one in state.notices if one.status == "queued"]
    state.notices = [one for one in state.notices if one.status != "queued"][-KEPT:] + waiting
