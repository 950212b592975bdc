"""Which time limits run, which were met, and when must somebody look again?

Due moments come counted from an activity; here they are kept: started, met, paused, resumed, missed. An entry
that is over is never changed again; a pause closes one entry, and going on opens the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.case import CaseState
from schemas.deadline import ClockStatus, Deadline
from schemas.handoff import HandoffStatus
from schemas.lifecycle import OVER, WARNED
from schemas.vocabulary import Kind
from schemas.work import CountDone
from workflows import baton, outbox, reminding
from workflows.step import altered, notice, put, settle

WARNINGS = {
    "7-days": timedelta(days=7),
    "3-days": timedelta(days=3),
    "1-day": timedelta(days=1),
    "6-hours": timedelta(hours=6),
    "1-hour": timedelta(hours=1),
}
"""How long before the end an officer is reminded; only where the whole limit is more than twice as long."""

AGAIN, TIMES = timedelta(days=30), 12
"""How often somebody is reminded again of what was missed, and how many times."""
AGAIN_IN_CUSTODY = timedelta(days=1)
"""The same while a person is held beyond a limit of their custody: as long as that lasts."""
_ONCE_MORE = "again-"
_NOT_OWED = frozenset({"ends", "floor"})
"""Limits whose end takes a right away, or allows something: nobody is late with them."""

ORDINARY = ("7-days", "1-day", "1-hour")
_SHARES = {"50%": 0.5, "75%": 0.75}
_KEEPING, _REPORT = "preserve", "report"
_SAFE, _OBJECT = "safe-conduct", "object"
UNANSWERED = "notice-unanswered"
"""Nobody answered the notice of an interception in time; what that means, no source here says."""
_EACH = frozenset({_REPORT, "witness-free"})
"""What happens more than once in a case, each time with a limit of its own."""
_VALIDATE, _ANSWERS = "validate", frozenset({"produce", "waiting"})
WITHDRAW, ENFORCE, OTHER_WAY = "withdraw-and-delete", "next:enforce", "next:state-or-mla"
"""What is to be done next: withdraw an order that was not validated in time and delete what it brought
(Regulation 2023/1543, 4(5)); have one enforced; or ask the State (Second Protocol, 7(7))."""


# --- what a move does to the clocks -------------------------------------------------------------------


def keep(state: CaseState, counted: CountDone) -> None:
    """Adds counted entries. A limit that runs already, or goes on after a pause, is not started twice; what
    comes late to a case that is over starts none, save what limits the custody of somebody still held."""
    over = state.status in OVER[state.kind]
    for entry in counted.deadlines:
        known = {_limit(past) for past in state.deadlines if past.status is ClockStatus.RUNNING}
        if _limit(entry) not in known and (not over or _outlasts(state, entry)):
            state.deadlines.append(altered(entry, id=f"d{len(state.deadlines) + 1}"))


def _limit(entry: Deadline) -> tuple[str, str, datetime | None]:
    """Which limit it is: one that the other side set is told from another by its end, that of a provider's
    report by the day of the report, that of a witness by the day on which they were free to go."""
    told = None if entry.law or entry.amount else entry.due
    return entry.clock, entry.rule, entry.started if entry.event in _EACH else told


@dataclass(frozen=True, slots=True)
class Effect:
    """What the name of an event does not tell.

    `about`: the one clock it is about; it makes moot no other. `also`: what else it is. `spared`: clocks it
    leaves as they are, though it bears the name of what meets them.
    """

    about: str = ""
    also: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()


_NONE = Effect()


def turn(state: CaseState, event: str, at: datetime, now: datetime, effect: Effect = _NONE) -> None:
    """Meets, pauses and drops entries for `event`, with `state.status` being the status after it."""
    over = state.status in OVER[state.kind]
    for entry in list(state.deadlines):
        running = entry.status is ClockStatus.RUNNING
        open_still = entry.status in (ClockStatus.RUNNING, ClockStatus.MISSED)
        named = frozenset() if entry.clock in effect.spared else effect.also | {event}
        if open_still and not named.isdisjoint(entry.closes_on):
            _meet(state, entry, at)
        elif running and not named.isdisjoint(entry.dropped_by) and effect.about in ("", entry.clock):
            _drop(state, entry, now)
        elif running and not named.isdisjoint(entry.pauses_on):
            put(state.deadlines, entry, _stopped(entry, now))
        elif running and over and not _outlasts(state, entry):
            _drop(state, entry, now)
    still = {entry.clock for entry in state.deadlines if entry.status is ClockStatus.RUNNING}
    gone = {entry.clock for entry in state.deadlines} - still
    settle(state, *(f"due-soon:{clock}:" for clock in gone))


def dropped(state: CaseState, ids: Iterable[str], now: datetime) -> None:
    """Closes running entries that are counted anew: what they said stays as it was said."""
    for entry in list(state.deadlines):
        if entry.id in ids and entry.status is ClockStatus.RUNNING:
            _drop(state, entry, now)


def paused(state: CaseState, ids: Iterable[str], now: datetime, until: str) -> None:
    """Stops running entries for a reason that their rule does not name: they go on with `until`."""
    for entry in list(state.deadlines):
        if entry.id in ids and entry.status is ClockStatus.RUNNING:
            put(state.deadlines, entry, _stopped(altered(entry, resumes_on=(*entry.resumes_on, until)), now))


def _stopped(entry: Deadline, now: datetime) -> Deadline:
    left = max(0, int((entry.due - now).total_seconds()))
    return altered(entry, status=ClockStatus.PAUSED, closed=now, left_seconds=left)


def _drop(state: CaseState, entry: Deadline, now: datetime) -> None:
    put(state.deadlines, entry, altered(entry, status=ClockStatus.DROPPED, closed=now))


def _outlasts(state: CaseState, entry: Deadline) -> bool:
    """The case may be over, and the limits of a custody that lasts are not, nor is the safe conduct
    of a witness, nor the time to object to an interception, which is no part of what was asked."""
    if entry.clock == _SAFE:
        return state.status != "closed"
    if of_notice(state, entry):
        return state.status not in ("withdrawn", "closed")
    detained = state.person is not None and state.person.detained
    return detained and "release-person" in entry.closes_on and state.status != "closed"


def of_notice(state: CaseState, entry: Deadline) -> bool:
    """Is it the time to object to an interception (Directive 2014/41, 31(3))?"""
    return state.kind is Kind.MLA and entry.clock == _OBJECT


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
    moments = [next_news(state), *(_again(state, entry) for entry in _unmet(state))]
    return min((moment for moment in moments if moment is not None), default=None)


def next_news(state: CaseState) -> datetime | None:
    """The same without what is only said again."""
    moments = [moment for entry in _running(state) for moment, _ in _stages(state, entry)]
    passing = baton.current(state)
    if passing is not None and passing.due is not None and passing.status is HandoffStatus.OFFERED:
        moments.append(passing.due)
    return min([*moments, *outbox.moments(state)], default=None)


def strike(state: CaseState, now: datetime) -> bool:
    """Marks in `state` what is due by `now`. False if that is nothing."""
    before = (list(state.deadlines), list(state.handoffs))
    for entry in list(_running(state)):
        if not any(known is entry for known in state.deadlines):
            # the end of another limit, a moment ago, made it moot
            continue
        passed = [word for moment, word in _stages(state, entry) if moment <= now]
        if "missed" in passed:
            put(state.deadlines, entry, altered(entry, status=ClockStatus.MISSED))
            settle(state, f"due-soon:{entry.clock}:")
            notice(state, f"missed:{entry.clock}")
            reminding.remind(state, entry, "missed", now)
            if entry.clock == _VALIDATE:
                notice(state, WITHDRAW)
            elif entry.clock in _ANSWERS and state.counterpart.provider is not None:
                notice(state, unanswered(state))
            elif of_notice(state, entry):
                notice(state, UNANSWERED)
            _lapse(state, entry, now)
        elif passed:
            put(state.deadlines, entry, altered(entry, warned=(*entry.warned, *passed)))
            settle(state, f"due-soon:{entry.clock}:")
            notice(state, f"due-soon:{entry.clock}:{passed[-1]}")
            reminding.remind(state, entry, passed[-1], now)
    for entry in _unmet(state):
        _remind_again(state, entry, now)
    if baton.overdue(state, now):
        reminding.remind_of_handoff(state, now)
    late = outbox.strike(state, now)
    return late or before != (state.deadlines, state.handoffs)


def _unmet(state: CaseState) -> list[Deadline]:
    """What was missed and can still be made good, in a case that goes on."""
    if state.version < reminding.WITH_REMINDERS:
        return []
    over = state.status in OVER[state.kind]
    anew = {(entry.clock, entry.rule) for entry in _running(state)}
    return [
        entry
        for entry in state.deadlines
        if entry.status is ClockStatus.MISSED and entry.closed is None and entry.closes_on
        if entry.nature not in _NOT_OWED
        if not over or _outlasts(state, entry)
        # another day was appointed since: that one is watched
        if (entry.clock, entry.rule) not in anew
    ]


def again(state: CaseState) -> dict[str, timedelta]:
    """How often somebody is reminded, from now on, of each missed limit (by its id) that is still owed."""
    return {entry.id: pace for entry in _unmet(state) if (pace := _pace(state, entry)) is not None}


def _pace(state: CaseState, entry: Deadline) -> timedelta | None:
    """How often somebody is reminded of what was missed; None: often enough."""
    if _outlasts(state, entry):
        return AGAIN_IN_CUSTODY
    return AGAIN if _told_again(entry) < TIMES else None


def _told_again(entry: Deadline) -> int:
    words = [word.removeprefix(_ONCE_MORE) for word in entry.warned if word.startswith(_ONCE_MORE)]
    return max(map(int, words), default=0)


def _again(state: CaseState, entry: Deadline) -> datetime | None:
    """When somebody is reminded again of what was missed."""
    pace = _pace(state, entry)
    return None if pace is None else entry.due + (_told_again(entry) + 1) * pace


def _remind_again(state: CaseState, entry: Deadline, now: datetime) -> None:
    """One reminder for all that were due while nobody looked. Only the newest is remembered: they may go on
    for years."""
    pace, moment = _pace(state, entry), _again(state, entry)
    if pace is None or moment is None or moment > now:
        return
    word = f"{_ONCE_MORE}{(now - entry.due) // pace}"
    before = [old for old in entry.warned if not old.startswith(_ONCE_MORE)]
    put(state.deadlines, entry, altered(entry, warned=(*before, word)))
    reminding.forget(state, f"{entry.id}.missed-{_ONCE_MORE}")
    reminding.remind(state, entry, f"missed-{word}", now)


def unanswered(state: CaseState) -> str:
    """What comes next where a provider does not give what was ordered."""
    return ENFORCE if state.law is not None and "enforce" in state.law.deadline_events else OTHER_WAY


def next_due(state: CaseState) -> tuple[datetime | None, str | None]:
    """The next moment something is due, and the name of that clock."""
    due = [(entry.due, entry.clock) for entry in _running(state)]
    passing = baton.current(state)
    if passing is not None and passing.due is not None:
        due.append((passing.due, "handoff"))
    return min(due, default=(None, None))


def running(state: CaseState) -> list[Deadline]:
    """Entries that run now, those due first in front."""
    return sorted(_running(state), key=lambda entry: (entry.due, entry.id))


def _lapse(state: CaseState, entry: Deadline, now: datetime) -> None:
    """Kept data whose time is over: gone, where that was their holder's word; perhaps gone, where it was only
    the earliest lawful end. Another time that still runs keeps them."""
    if state.kind is not Kind.PRESERVATION or entry.clock != _KEEPING or state.keeping is None:
        return
    if any(other.clock == _KEEPING for other in _running(state)):
        return
    if entry.nature == "floor":
        notice(state, "may-have-lapsed")
        return
    state.status = "lapsed"
    state.status_before = None
    state.keeping = altered(state.keeping, protection="ended")
    notice(state, "lapsed")
    turn(state, "lapsed", now, now)


def _running(state: CaseState) -> Iterable[Deadline]:
    return (entry for entry in state.deadlines if entry.status is ClockStatus.RUNNING)


def _stages(state: CaseState, entry: Deadline) -> list[tuple[datetime, str]]:
    """Moments of an entry still to come, with what they mean, earliest first."""
    whole = entry.due - entry.started
    coming: list[tuple[datetime, str]] = []
    for word in WARNED.get(state.kind, ORDINARY):
        if word in entry.warned:
            continue
        if word in _SHARES:
            coming.append((entry.started + whole * _SHARES[word], word))
        elif whole > 2 * WARNINGS[word]:
            coming.append((entry.due - WARNINGS[word], word))
    return [*sorted(coming), (entry.due, "missed")]
