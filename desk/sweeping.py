"""What else moves under open cases: other base data, other calendars, a day until which an answer was good?

Nobody accepted these changes here: a program was upgraded, or time went by. The records remember up to what
every open case was looked at (`records.watching`), so that a start where nothing changed costs a comparison.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from desk.office import Office
from desk.opened import day_of, open_rows, state_or_none
from records.open import Records
from records.watching import Answer, Mark
from schemas.case import CaseState, DocketRow, LawRecorded
from schemas.deadline import ClockStatus, Deadline
from schemas.errors import RogatoryError
from schemas.moves import Actor, LawMoved, Move, Recounted
from schemas.vocabulary import Role
from treaties import recorded
from treaties.asking import question_of
from treaties.basis import find_bases
from treaties.counting import RULE_GONE, Place, calendars
from treaties.difference import differences
from treaties.editions import Editions
from treaties.recounting import ends_otherwise, recounted
from treaties.registry import Registry
from treaties.reliance import Reliance

WATCH = "watch"
"""Account id under which the house tells its cases what moved without anybody's decision here."""

NOT_ANSWERED = "law-not-answered"
"""What a case shows that the law could not answer when it was asked again."""

AT_ONCE = 50
NAMED = 4
"""Rules or calendars that the reason of a recount names."""

_log = logging.getLogger(__name__)
_SHORT = slice(7, 19)
"""Of a digest, as much as tells it from others in a key."""


@dataclass(slots=True)
class Delivered:
    """Cases that were told; those that had been told the same before; those not reached, with the reason."""

    cases: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    unreached: dict[str, str] = field(default_factory=dict)

    def add(self, other: Delivered) -> None:
        """Take up what another sweep did."""
        self.cases += other.cases
        self.again += other.again
        self.unreached |= other.unreached


async def deliver(
    office: Office, work: Iterable[tuple[str, Move]], told: Callable[[str], None] | None = None
) -> Delivered:
    """Makes each move on its case. `work` reads the records, so it is done beside; `told` hears of each case
    that knows it now."""
    done, steps = Delivered(), iter(work)
    while batch := await asyncio.to_thread(_next, steps):
        for ref, move in batch:
            try:
                reply = await office.deliver(ref, move)
            except RogatoryError as error:
                done.unreached[ref] = error.code
                _log.warning("case %s was not told %s: %s", ref, move.body.event, error.code)
                continue
            (done.again if reply.repeated else done.cases).append(ref)
            if told is not None:
                await asyncio.to_thread(told, ref)
    return done


async def sweep(office: Office, editions: Editions, settling: timedelta) -> Delivered:
    """Tells every open case of what moved under it. `settling`: so long after a change a case may still be
    filed by what counted before, so it is looked at once more. Safe to repeat."""
    done = Delivered()
    base = await asyncio.to_thread(editions.base)
    for name, key, work in (
        ("base", base.edition, _by_base),
        ("clocks", await asyncio.to_thread(_counting, office, editions), _by_clocks),
    ):
        done.add(await _swept(office, editions, name, key, work, settling))
    done.add(await _by_day(office, editions))
    return done


def watcher(office: Office) -> Actor:
    """Who tells cases what moved by itself."""
    return Actor(id=WATCH, house=office.settings.house, roles=(Role.OFFICER, Role.TREATY_DESK))


async def _swept(
    office: Office,
    editions: Editions,
    name: str,
    key: str,
    work: Callable[[Office, Editions, Mark], Iterator[tuple[str, Move]]],
    settling: timedelta,
) -> Delivered:
    """One look at all open cases where `key` is not what they were looked at for before."""
    watching, now = office.records.watching, datetime.now(UTC)
    mark = await asyncio.to_thread(watching.mark, name)
    if mark is not None and mark.settled == mark.coming == key:
        return Delivered()
    if mark is None or mark.coming != key:
        # If the change before this one was not told to all, cases differ in what they were told.
        whole = mark.settled if mark is not None and mark.settled == mark.coming else ""
        mark = Mark(whole, key, now)
        await asyncio.to_thread(watching.set_mark, name, mark)
    ripe = now - mark.since >= settling
    if mark.swept and not ripe:
        return Delivered()
    done = await deliver(office, work(office, editions, mark))
    if done.again:
        _log.warning("%d cases still answer by another %s: is every worker upgraded?", len(done.again), name)
    if done.unreached:
        return done
    if not ripe:
        mark = replace(mark, swept=True)
    elif done.cases or done.again:
        mark = replace(mark, swept=True, since=now)
    else:
        mark = replace(mark, swept=True, settled=key)
    await asyncio.to_thread(watching.set_mark, name, mark)
    return done


def _next(steps: Iterator[tuple[str, Move]]) -> list[tuple[str, Move]]:
    return list(islice(steps, AT_ONCE))


# --- other base data ----------------------------------------------------------------------------------


def _by_base(office: Office, editions: Editions, mark: Mark) -> Iterator[tuple[str, Move]]:
    """The registry of before went with the program that shipped it: each case is compared with the answer
    that it recorded."""
    current = editions.current()
    for row in list(open_rows(office.records)):
        if row.edition is None or row.edition == current.edition:
            continue
        state = state_or_none(office.records, row.ref)
        if state is None or state.law is None or state.law.edition == current.edition:
            continue
        how = _moved(office.records, state, state.law, current, office.today())
        if how is not None:
            yield row.ref, _law_moved(office, current, state.law, how)


def _moved(
    records: Records, state: CaseState, law: LawRecorded, current: Registry, today: date
) -> Reliance | None:
    before = _recorded(records, state.ref, law)
    try:
        after = find_bases(current, question_of(state.request, day_of(state, today)))
    except RogatoryError:
        # It was answered once, and the law no longer knows what it was asked: a person must look, once.
        if NOT_ANSWERED in state.attention:
            return None
        return Reliance((), law.instrument or "", "", law.good_until is not None, ())
    return recorded.moved(before, after)


def _recorded(records: Records, ref: str, law: LawRecorded) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(records.vault.get(ref, law.assessment))
    except (RogatoryError, ValueError):
        return recorded.in_brief(law)
    return answer


def _law_moved(office: Office, current: Registry, law: LawRecorded, how: Reliance) -> Move:
    return Move(
        # A case whose worker still answers as before is told again, though not more than once a day.
        key=f"law-moved:base:{current.edition[_SHORT]}:{law.assessment[_SHORT]}:{office.today()}",
        actor=watcher(office),
        body=LawMoved(
            edition=current.edition,
            facts=how.facts,
            instruments=tuple(shift.instrument for shift in how.shifts),
            reason="the program ships other law data",
        ),
    )


# --- limits that end otherwise ------------------------------------------------------------------------


def _counting(office: Office, editions: Editions) -> str:
    """What limits are counted by: shipped law, accepted changes, calendars, and where the house sits."""
    settings = office.settings
    accepted = office.records.proposals.count()
    return json.dumps([editions.base().edition, accepted, calendars(), settings.state, settings.time_zone])


def _by_clocks(office: Office, editions: Editions, mark: Mark) -> Iterator[tuple[str, Move]]:
    """Each case with limits that end otherwise today, which it is to count again."""
    current = editions.current()
    home = Place(office.settings.time_zone, office.settings.state)
    changed = _changed(editions, mark, current)
    for row in list(open_rows(office.records)):
        state = state_or_none(office.records, row.ref) if _concerned(row, changed) else None
        if state is None:
            continue
        running = [entry for entry in state.deadlines if entry.status is ClockStatus.RUNNING]
        found = [entry for entry in running if ends_otherwise(current, home, entry)]
        if found:
            ids = tuple(entry.id for entry in found)
            key = f"recounted:{current.edition[_SHORT]}:{calendars()}:{'+'.join(ids)}:{office.today()}"
            reason = _why(current, home, found)
            yield row.ref, Move(key=key, actor=watcher(office), body=Recounted(ids=ids, reason=reason))


def _changed(editions: Editions, mark: Mark, current: Registry) -> frozenset[str] | None:
    """What the changes accepted since the last look are about; None: any limit may end otherwise."""
    if not mark.settled:
        return None
    before, now = json.loads(mark.settled), json.loads(mark.coming)
    if before[0] != now[0] or before[2:] != now[2:] or before[1] > now[1]:
        return None
    return frozenset(one.of for one in differences(editions.at(before[1]), current))


def _concerned(row: DocketRow, changed: frozenset[str] | None) -> bool:
    if not row.clocks:
        # A row of an older program tells only the next one.
        return row.next_clock is not None
    return changed is None or any(clock.instrument in changed for clock in row.clocks)


def _why(current: Registry, home: Place, found: Iterable[Deadline]) -> str:
    """Which rules of law and which calendars are not what they were."""
    why: dict[str, None] = {}
    for entry in found:
        again = recounted(current, home, entry) or entry
        figures = [(one.amount, one.unit, one.article, RULE_GONE in one.count) for one in (entry, again)]
        if figures[0] == figures[1] and entry.calendar != again.calendar:
            why[f"calendar {entry.calendar or 'none'}, now {again.calendar or 'none'}"] = None
        else:
            why[f"law {entry.rule}"] = None
    return "; ".join(list(why)[:NAMED])[:500]


# --- a day that came ----------------------------------------------------------------------------------


async def _by_day(office: Office, editions: Editions) -> Delivered:
    """On the first round of a day: the cases whose answer was good until a day that has come."""
    watching, today = office.records.watching, office.today()
    mark = await asyncio.to_thread(watching.mark, "day")
    if mark is not None and mark.settled == today.isoformat():
        return Delivered()
    await asyncio.to_thread(_note, office.records)
    over = dict(await asyncio.to_thread(watching.over, today))
    work = _over(office, editions, over)
    done = await deliver(office, work, lambda ref: watching.told(ref, over[ref]))
    if not done.unreached:
        day = today.isoformat()
        await asyncio.to_thread(watching.set_mark, "day", Mark(day, day, datetime.now(UTC), True))
    return done


def _note(records: Records) -> None:
    """Until when the answers are good of the cases that moved since they were last looked at."""
    waiting = iter(records.watching.unread())
    while chunk := list(islice(waiting, AT_ONCE)):
        states = [state for ref in chunk if (state := state_or_none(records, ref)) is not None]
        records.watching.note(
            Answer(state.ref, state.move, state.law.good_until if state.law else None) for state in states
        )


def _over(office: Office, editions: Editions, over: dict[str, date]) -> Iterator[tuple[str, Move]]:
    current = editions.current() if over else None
    for ref, day in over.items():
        state = state_or_none(office.records, ref)
        if state is None or state.law is None or current is None:
            continue
        facts, instruments = recorded.changing_on(_recorded(office.records, ref, state.law), day)
        body = LawMoved(
            edition=current.edition,
            facts=facts,
            instruments=instruments,
            reason=f"the answer was good until {day}",
        )
        yield ref, Move(key=f"law-moved:until:{day}", actor=watcher(office), body=body)
