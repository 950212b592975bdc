"""When does a turn of a rehearsal come, and what does it say, as the case stands by then?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from desk.rehearsal_plans import Turn
from schemas.case import CaseState
from schemas.deadline import ClockStatus, Deadline
from schemas.request import ExtraditionRequest, PreservationRequest, ProsecutionRequest

_DAY = timedelta(days=1)
_IN_THE_AFTERNOON = timedelta(hours=9)
_AT_THE_HOUR = timedelta(minutes=30)
_HAPPENS_ONCE_MISSED = frozenset({"prolong"})
"""A limit is prolonged before it ends, also by who is late with all else."""


def moment_of(turn: Turn, state: CaseState, now: datetime, late: bool) -> datetime | None:
    """When it comes, never before `now`; None if it does not come in this case. `late`: a day after the last
    day of its limit."""
    law, when = state.law, turn.when
    if law is None or law.instrument in turn.not_under:
        return None
    if turn.if_law and turn.if_law not in law.deadline_events:
        return None
    running = [entry for entry in state.deadlines if entry.clock in when.clocks and _open(entry)]
    if not running:
        return None if turn.if_clock else now + timedelta(days=when.days)
    last = min(_on_last_day(entry) - when.ahead.get(entry.clock, 0) * _DAY for entry in running)
    behind = late and turn.event not in _HAPPENS_ONCE_MISSED
    return max(last + _DAY if behind else last, now)


def filled(turn: Turn, state: CaseState, now: datetime) -> dict[str, Any]:
    """The fields of the move, with what the case says in the place of texts that begin with @."""
    fields = {name: _value(value, state, now) for name, value in turn.fields.items()}
    return {**fields, "by_post": True} if turn.who == "they" else fields


def _open(entry: Deadline) -> bool:
    """Does it run, or was it missed and not made good yet?"""
    return entry.closed is None and entry.status in (ClockStatus.RUNNING, ClockStatus.MISSED)


def _on_last_day(entry: Deadline) -> datetime:
    """In the afternoon of the last day; of a limit in hours, and of a named moment, shortly before."""
    whole = max(entry.due - entry.started, _DAY)
    before = _IN_THE_AFTERNOON if entry.unit and not entry.unit.endswith("hours") else _AT_THE_HOUR
    return entry.due - min(before, whole / 2)


def _value(value: Any, state: CaseState, now: datetime) -> Any:
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    name, _, later = value.removeprefix("@").partition("+")
    found = _NAMED[name](state, now)
    return found + timedelta(days=int(later.removesuffix("d"))) if later else found


def _person(state: CaseState, now: datetime) -> str:
    request = state.request
    if not isinstance(request, ExtraditionRequest | ProsecutionRequest):
        raise TypeError(f"a request for {request.kind} is about no person")
    return request.person.id


def _intends(state: CaseState, now: datetime) -> str:
    return state.request.intends if isinstance(state.request, PreservationRequest) else "mla"


def _custody_days(state: CaseState, now: datetime) -> int:
    held = state.person.detentions if state.person else []
    return sum(((one.released or now) - one.arrested).days for one in held)


_NAMED: dict[str, Callable[[CaseState, datetime], Any]] = {
    "now": lambda state, now: now,
    "person": _person,
    "intends": _intends,
    "custody-days": _custody_days,
}
