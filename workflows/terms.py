"""Until when are data kept, and which of the counted ends counts?

An end that was told stands beside those that a law sets; of two the earlier one counts. What is moot stays in
the list of time limits as dropped, so that everybody sees what was counted and why it does not run.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from schemas.case import CaseState
from schemas.deadline import ClockStatus, Deadline
from workflows import clock
from workflows.step import Step, altered, notice

KEEPING, REPORT, FOLLOWED = "preserve", "report-preserve", "follow-up"
FLOOR = "floor"
_MOMENT = timedelta(microseconds=1)
HELD_BY_LAW, END_NOT_TOLD, ASKED_LONGER = "held-by-law", "end-of-renewal-not-told", "longer-time-asked"
"""Why an end is the earliest lawful one only, as `Deadline.count` says."""


def end_of(state: CaseState) -> datetime | None:
    """When the keeping ends or ended as far as known; None: no end is known, or it runs on by law."""
    running = [entry.due for entry in _running(state)]
    if running or state.status == "held":
        return min(running, default=None)
    past = [entry.due for entry in _keeping(state) if entry.status is ClockStatus.MISSED]
    return max(past, default=None)


def begins(state: CaseState, told: datetime) -> datetime:
    """From when a longer time is counted: at the latest on the last day of the present one, which ends with
    the midnight after it. Otherwise a day would be won that no law gives."""
    end = end_of(state)
    return min(told, end - _MOMENT) if end is not None else told


def taken(step: Step, told: datetime | None, *, held: bool) -> tuple[datetime | None, bool]:
    """Takes over what was counted for a confirmation or a renewal, `told` being the end that was told.

    Returns the end that counts, and whether a law sets it since nobody told it. `held`: a request that
    followed is undecided, so that an end which waits for it does not run.
    """
    state, counted = step.state, list(step.counted.deadlines)
    new = [entry for entry in counted if entry.clock == KEEPING]
    gone = {"renewed"} if step.move.body.event == "renewed" else set()
    running = [entry for entry in _running(state) if not gone & set(entry.dropped_by)]
    law = [entry for entry in (*running, *new) if _by_law(entry)]
    open_end = held and any(FOLLOWED in entry.dropped_by for entry in law)
    standing = min((entry.due for entry in running if not _by_law(entry)), default=None)
    moot = [entry for entry in law if _is_moot(entry, told or standing, held)]
    lawful = min((entry.due for entry in law if entry not in moot), default=None)
    if told is None:
        new += _floor_of_told(state, step) if not law and not new else []
    else:
        _compare(state, told, law)
    earlier, late = _of_two_told(running, new)
    clock.dropped(state, [entry.id for entry in (*moot, *earlier) if entry in running], step.now)
    kept = [entry for entry in counted if entry.clock != KEEPING]
    if held:
        kept = [entry for entry in kept if entry.clock != FOLLOWED]
    for entry in new:
        if entry in moot:
            kept.append(altered(entry, status=ClockStatus.DROPPED, closed=step.now))
        elif entry not in late:
            kept.append(_on_hold(entry) if open_end and not _by_law(entry) else entry)
    step.counted = altered(step.counted, deadlines=kept)
    if told is not None or standing is not None:
        return told or standing, False
    return lawful, lawful is not None


def asked_longer(state: CaseState, now: datetime) -> None:
    """Where a law lengthens the time upon the asking, nobody knows any more that it ends as it would have."""
    _reopen(state, [entry for entry in _running(state) if _ends_by_law(entry)], now, ASKED_LONGER)


def renewed_by_law(state: CaseState) -> bool:
    """Was the time that a law adds to the first one given before?"""
    return any(_by_law(entry) and entry.event in ("renewed", "prolong") for entry in _keeping(state))


def runs_on(state: CaseState, now: datetime) -> None:
    """The request that followed is in: where the law has the data held for it, an end that was told before is
    the earliest one only. Where no law says so, it stays what it was."""
    if any(_by_law(entry) and FOLLOWED in entry.dropped_by for entry in _keeping(state)):
        told = [entry for entry in _running(state) if not _by_law(entry) and entry.nature != FLOOR]
        _reopen(state, told, now, HELD_BY_LAW)


def need_no_more(state: CaseState, now: datetime) -> None:
    """The data were handed over: nothing depends on their being kept any more."""
    clock.dropped(state, [entry.id for entry in _running(state)], now)


def counts_again(state: CaseState, now: datetime) -> bool:
    """No request holds the data any more: the end that had waited for it runs again if it is still to come.
    False if no end is left."""
    if any(True for _ in _running(state)):
        return True
    waited = [entry for entry in _keeping(state) if _by_law(entry) and FOLLOWED in entry.dropped_by]
    again = [entry for entry in waited[-1:] if entry.due > now]
    for entry in again:
        state.deadlines.append(
            altered(entry, id=_next_id(state), status=ClockStatus.RUNNING, closed=None, left_seconds=None)
        )
    return bool(again)


def of_reports_named(state: CaseState, now: datetime) -> None:
    """A report that the amended draft names no longer, or with another day, is not waited for."""
    named = {report.submitted for report in state.request.reports}
    stale = [entry.id for entry in state.deadlines if entry.clock == REPORT and entry.started not in named]
    clock.dropped(state, stale, now)


# --- the parts of an end ----------------------------------------------------------------------------------


def _keeping(state: CaseState) -> Iterable[Deadline]:
    return (entry for entry in state.deadlines if entry.clock == KEEPING)


def _running(state: CaseState) -> Iterable[Deadline]:
    return (entry for entry in _keeping(state) if entry.status is ClockStatus.RUNNING)


def _by_law(entry: Deadline) -> bool:
    """Counted by a rule; what the other side told has no figure, whatever text it is told under."""
    return entry.law and entry.amount > 0


def _ends_by_law(entry: Deadline) -> bool:
    return _by_law(entry) and entry.nature != FLOOR and "renewed" in entry.dropped_by


def _is_moot(entry: Deadline, told: datetime | None, held: bool) -> bool:
    """An end that waits for the request that followed, or one that the word of the holder makes idle."""
    if held and FOLLOWED in entry.dropped_by:
        return True
    return told is not None and (entry.nature == FLOOR or entry.due >= told)


def _compare(state: CaseState, told: datetime, law: list[Deadline]) -> None:
    """Shows an end that was told earlier than any law allows, or later than a law binds."""
    if any(entry.nature == FLOOR and told < entry.due for entry in law):
        notice(state, "shorter-than-law")
    if any(entry.nature != FLOOR and entry.due < told for entry in law):
        notice(state, "longer-than-law")


def _of_two_told(running: list[Deadline], new: list[Deadline]) -> tuple[list[Deadline], list[Deadline]]:
    """Of two ends of one kind the earlier one counts: those that stop running, and those that never start."""
    stops: list[Deadline] = []
    never: list[Deadline] = []
    for entry in new:
        for known in running:
            if (known.rule, known.clock) == (entry.rule, entry.clock):
                (stops if entry.due < known.due else never).append(known if entry.due < known.due else entry)
    return stops, never


def _floor_of_told(state: CaseState, step: Step) -> list[Deadline]:
    """Kept on, and nobody says until when: the end told before is the earliest one."""
    told = [entry for entry in _running(state) if "renewed" in entry.dropped_by]
    if step.move.body.event != "renewed":
        return []
    return [_floor(entry, END_NOT_TOLD) for entry in told]


def _reopen(state: CaseState, entries: list[Deadline], now: datetime, why: str) -> None:
    clock.dropped(state, [entry.id for entry in entries], now)
    for entry in entries:
        state.deadlines.append(altered(_floor(entry, why), id=_next_id(state)))


def _on_hold(entry: Deadline) -> Deadline:
    return _floor(entry, HELD_BY_LAW)


def _floor(entry: Deadline, why: str) -> Deadline:
    return altered(entry, nature=FLOOR, count=f"{entry.count};{why}")


def _next_id(state: CaseState) -> str:
    return f"d{len(state.deadlines) + 1}"
