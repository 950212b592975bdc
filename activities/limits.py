"""Which time limits does an event start: by the legal basis, by our practice, by what the other side set?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from activities.counting import Counted, Place, end_of, local_day
from schemas.deadline import ClockStatus, Deadline
from schemas.law import DeadlineRule
from schemas.lifecycle import PRACTICE_CLOCKS, PracticeClock
from schemas.vocabulary import Form, Side
from schemas.work import CountDone, CountWork
from treaties.registry import Held, Registry

RECEIPT = frozenset({"arrive", "delivered"})
"""The same moment, seen from the side that is asked and from the side that asks."""

_MEETING = {clock.clock: clock.closes_on for clocks in PRACTICE_CLOCKS.values() for clock in clocks}
"""What meets a limit of a name, also where the law set it."""

RESUMED = "resumed-with-what-was-left"
GIVEN = "set-by-the-other-side"


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts with one registry, for a house that sits at `home`."""

    registry: Registry
    home: Place

    def counted(self, work: CountWork) -> CountDone:
        """All limits in one answer: those that run on first, then the law's, then our practice's."""
        found = [*self._resumed(work), *self._of_law(work), *self._of_practice(work), *self._given(work)]
        named = [
            entry.model_copy(update={"id": f"d{number}"})
            for number, entry in enumerate(found, start=work.first_id)
        ]
        offered = None
        if work.offer_days is not None:
            offered = end_of(work.now, work.offer_days, "days", self._place(work.counterpart_state)).due
        return CountDone(deadlines=named, offer_due=offered)

    def _resumed(self, work: CountWork) -> Iterator[Deadline]:
        for entry in work.resume:
            due = work.now + timedelta(seconds=entry.left_seconds or 0)
            yield entry.model_copy(
                update={
                    "event": work.event or entry.event,
                    "started": work.now,
                    "due": due,
                    "due_day": local_day(due, Place(entry.time_zone)),
                    "count": RESUMED,
                    "status": ClockStatus.RUNNING,
                    "closed": None,
                    "left_seconds": None,
                    "warned": (),
                }
            )

    def _of_law(self, work: CountWork) -> Iterator[Deadline]:
        events = RECEIPT if work.event in RECEIPT else {work.event}
        for held in self._rules(work):
            rule = held.row
            if rule.event not in events or rule.amount is None or not rule.clock:
                continue
            place = self._acting(work, rule.clock)
            rolls = self.registry.instruments[held.citation.instrument].form is Form.EU_ACT
            ends = end_of(work.at, rule.amount, rule.unit, place, rolls=rolls)
            yield self._entry(
                work,
                ends,
                clock=rule.clock,
                rule=held.fact,
                instrument=held.citation.instrument,
                article=rule.article,
                law=True,
                amount=rule.amount,
                unit=rule.unit,
                consequence=rule.consequence,
                owner="central-authority",
                closes_on=_MEETING.get(rule.clock, ()),
            )

    def _of_practice(self, work: CountWork) -> Iterator[Deadline]:
        by_law = {held.row.clock for held in self._rules(work) if held.row.amount is not None}
        for clock in PRACTICE_CLOCKS.get((work.kind, work.side), ()):
            if clock.event == work.event and clock.clock not in by_law:
                yield self._practice(work, clock)

    def _practice(self, work: CountWork, clock: PracticeClock) -> Deadline:
        ends = end_of(work.at, clock.amount, clock.unit, self._acting(work, clock.clock))
        return self._entry(
            work,
            ends,
            clock=clock.clock,
            rule=f"practice:{clock.clock}",
            instrument="",
            article="",
            law=False,
            amount=clock.amount,
            unit=clock.unit,
            owner=clock.owner,
            closes_on=clock.closes_on,
            pauses_on=clock.pauses_on,
            resumes_on=clock.resumes_on,
        )

    def _given(self, work: CountWork) -> Iterator[Deadline]:
        """A question with a limit of its own: nothing to count, the asking side named the moment."""
        if work.given is None:
            return
        asked_by_them = work.side is Side.OUTGOING
        place = self.home if asked_by_them else self._place(work.counterpart_state)
        ends = Counted(work.given, local_day(work.given, place), place.zone or "UTC", GIVEN)
        yield self._entry(
            work,
            ends,
            clock="supplement",
            rule="given",
            instrument="",
            article="",
            law=False,
            amount=0,
            unit="",
            owner="central-authority",
            closes_on=("answer",),
        )

    def _rules(self, work: CountWork) -> list[Held[DeadlineRule]]:
        """The deadline rules of the chosen basis that concern this kind and these measures."""
        if work.instrument is None or work.instrument not in self.registry.instruments:
            return []
        asked = set(work.measures)
        return [
            held
            for held in self.registry.rulebook(work.instrument).deadlines
            if (not held.row.kinds or work.kind in held.row.kinds)
            and (not held.row.measures or asked & set(held.row.measures))
            and held.row.clock
            and held.row.event
        ]

    def _acting(self, work: CountWork, clock: str) -> Place:
        """Where the authority sits that must act: the requested side, save for what is ours alone."""
        ours = work.side is Side.INCOMING or clock == "second-approval"
        return self.home if ours else self._place(work.counterpart_state)

    def _place(self, state: str) -> Place:
        known = self.registry.jurisdictions.get(state)
        if known is None:
            return Place()
        return Place(known.time_zone, known.holidays or state)

    def _entry(self, work: CountWork, ends: Counted, **fields: object) -> Deadline:
        return Deadline.model_validate(
            {
                "id": "d0",
                "event": work.event,
                "started": work.at,
                "due": ends.due,
                "due_day": ends.day,
                "time_zone": ends.zone,
                "count": ends.how,
                "calendar": ends.calendar,
                **fields,
            }
        )
