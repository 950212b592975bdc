"""Which time limits run, which were met, and when must somebody look again?

Due moments come counted from an activity; here they are kept: started, met, paused, resumed, missed. An entry
that is over is never changed again; a pause closes one entry, and going on opens the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from schemas.case import CaseState, LawRecorded
from schemas.deadline import ClockStatus, Deadline
from schemas.handoff import HandoffStatus
from schemas.lifecycle import PRACTICE_CLOCKS
from schemas.moves import Ask, Decide, Delivered, Evidence, Move, Send
from schemas.work import CountDone, CountWork
from workflows import baton
from workflows.step import Step, altered, notice, put, settle

WARNINGS = (("7-days", timedelta(days=7)), ("1-day", timedelta(days=1)), ("1-hour", timedelta(hours=1)))
"""How long before the end an officer is reminded; only where the whole limit is more than twice as long."""

_STANDING_STILL = frozenset({"supplementing", "postponed"})
_OVER = frozenset({"executed", "refused", "withdrawn", "closed"})


# --- what a move asks to be counted -------------------------------------------------------------------


def started_by(move: Move, before: str, after: str) -> str:
    """The event from which time limits are counted, or nothing.

    Only the receipt of the request starts clocks, not that of every later letter; a refusal starts no
    execution; a send before approval is an event of its own.
    """
    body = move.body
    if isinstance(body, Delivered):
        return "delivered" if (before, after) == ("sent", "received") else ""
    if isinstance(body, Send):
        return "send-emergency" if body.emergency and before == "draft" else "send"
    if isinstance(body, Decide) and body.decision == "refused":
        return ""
    return body.event


def met_by(move: Move) -> str:
    """The event that meets time limits: results in part do not end the time for the rest."""
    body = move.body
    return "evidence-in-part" if isinstance(body, Evidence) and not body.complete else body.event


def asked(step: Step, after: str) -> CountWork | None:
    """What the activity is to count for this move; None spares the call. `after`: the status it leads to."""
    state, move = step.state, step.move
    event = started_by(move, state.status, after)
    given = move.body.answer_by if isinstance(move.body, Ask) else None
    offer_days = move.body.offer_days if step.own and isinstance(move.body, Send | Evidence) else None
    resume = resumed_by(state, move.body.event, after)
    law = step.law.law if step.law else state.law
    if not (given or offer_days or resume or event in starting(state, law)):
        return None
    return CountWork(
        ref=state.ref,
        kind=state.kind,
        side=state.side,
        event=event,
        at=step.at,
        now=step.now,
        home_state=state.state,
        counterpart_state=state.counterpart.state,
        measures=state.request.measures,
        instrument=law.instrument if law else None,
        edition=law.edition if law else None,
        first_id=len(state.deadlines) + 1,
        resume=resume,
        given=given,
        offer_days=offer_days,
    )


def starting(state: CaseState, law: LawRecorded | None) -> set[str]:
    """Events that can start a time limit in this case, by our practice or by its legal basis."""
    practice = {clock.event for clock in PRACTICE_CLOCKS.get((state.kind, state.side), ())}
    return practice | set(law.deadline_events if law else ())


def resumed_by(state: CaseState, event: str, after: str) -> list[Deadline]:
    """Paused entries that run on: the last one of their limit, once nothing holds the case up any more."""
    if after in _STANDING_STILL or after in _OVER:
        return []
    last = {(entry.clock, entry.rule): entry for entry in state.deadlines}
    return [
        entry for entry in last.values() if entry.status is ClockStatus.PAUSED and event in entry.resumes_on
    ]


# --- what a move does to the clocks -------------------------------------------------------------------


def keep(state: CaseState, counted: CountDone) -> None:
    """Adds counted entries. A limit that runs already, or goes on after a pause, is not started twice."""
    for entry in counted.deadlines:
        known = {(past.clock, past.rule) for past in state.deadlines if past.status is ClockStatus.RUNNING}
        if (entry.clock, entry.rule) not in known:
            state.deadlines.append(altered(entry, id=f"d{len(state.deadlines) + 1}"))


def turn(state: CaseState, event: str, at: datetime, now: datetime) -> None:
    """Meets, pauses and drops entries for `event`, with `state.status` being the status after it."""
    for entry in list(state.deadlines):
        if event in entry.closes_on and entry.status in (ClockStatus.RUNNING, ClockStatus.MISSED):
            _meet(state, entry, at)
        elif entry.status is ClockStatus.RUNNING and event in entry.pauses_on:
            left = max(0, int((entry.due - now).total_seconds()))
            put(
                state.deadlines,
                entry,
                altered(entry, status=ClockStatus.PAUSED, closed=now, left_seconds=left),
            )
        elif entry.status is ClockStatus.RUNNING and state.status in _OVER:
            put(state.deadlines, entry, altered(entry, status=ClockStatus.DROPPED, closed=now))
    running = {entry.clock for entry in state.deadlines if entry.status is ClockStatus.RUNNING}
    gone = {entry.clock for entry in state.deadlines} - running
    settle(state, *(f"due-soon:{clock}:" for clock in gone))


def _meet(state: CaseState, entry: Deadline, at: datetime) -> None:
    """Met in time, or late: a missed one stays missed, with the day on which it was made good."""
    if entry.closed is not None:
        return
    missed = entry.status is ClockStatus.MISSED or at > entry.due
    status = ClockStatus.MISSED if missed else ClockStatus.MET
    put(state.deadlines, entry, altered(entry, status=status, closed=at))
    settle(state, f"missed:{entry.clock}", f"due-soon:{entry.clock}:")


# --- what time does by itself -------------------------------------------------------------------------


def next_moment(state: CaseState) -> datetime | None:
    """The next moment at which the clock has something to say."""
    moments = [moment for entry in _running(state) for moment, _ in _stages(entry)]
    passing = baton.current(state)
    if passing is not None and passing.due is not None and passing.status is HandoffStatus.OFFERED:
        moments.append(passing.due)
    return min(moments, default=None)


def strike(state: CaseState, now: datetime) -> bool:
    """Marks in `state` what is due by `now`. False if that is nothing."""
    before = (list(state.deadlines), list(state.handoffs))
    for entry in list(_running(state)):
        passed = [word for moment, word in _stages(entry) if moment <= now]
        if "missed" in passed:
            put(state.deadlines, entry, altered(entry, status=ClockStatus.MISSED))
            settle(state, f"due-soon:{entry.clock}:")
            notice(state, f"missed:{entry.clock}")
        elif passed:
            put(state.deadlines, entry, altered(entry, warned=(*entry.warned, *passed)))
            settle(state, f"due-soon:{entry.clock}:")
            notice(state, f"due-soon:{entry.clock}:{passed[-1]}")
    baton.overdue(state, now)
    return before != (state.deadlines, state.handoffs)


def next_due(state: CaseState) -> tuple[datetime | None, str | None]:
    """The next moment something is due, and the name of that clock."""
    due = [(entry.due, entry.clock) for entry in _running(state)]
    passing = baton.current(state)
    if passing is not None and passing.due is not None:
        due.append((passing.due, "handoff"))
    return min(due, default=(None, None))


def _running(state: CaseState) -> Iterable[Deadline]:
    return (entry for entry in state.deadlines if entry.status is ClockStatus.RUNNING)


def _stages(entry: Deadline) -> list[tuple[datetime, str]]:
    """Moments of an entry still to come, with what they mean, earliest first."""
    whole = entry.due - entry.started
    coming = [
        (entry.due - before, word)
        for word, before in WARNINGS
        if whole > 2 * before and word not in entry.warned
    ]
    return [*coming, (entry.due, "missed")]
