"""Which time limits does an event start: by the legal basis, by our practice, by what the other side set?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from schemas.deadline import CLOCKS, ClockStatus, Deadline
from schemas.law import DeadlineRule
from schemas.lifecycle import PRACTICE_CLOCKS, PracticeClock
from schemas.reasoning import Question
from schemas.vocabulary import Form, Kind, Side, Verdict
from schemas.work import CountDone, CountWork
from treaties.counting import GIVEN, RESUMED, UNSURE, Counted, Place, end_of, local_day
from treaties.duties import Limit, running
from treaties.matter import Matter
from treaties.recounting import KEPT_SHORT, OWN, PRACTICE, lawful_end, place_of, recounted
from treaties.registry import Registry

RECEIPT = frozenset({"arrive", "delivered"})
"""The same moment, seen from the side that is asked and from the side that asks."""

TOLD_ANEW = {
    "postponed": ("postpone",),
    "preserve": ("renewed", "release-data"),
    "surrender": ("fix-surrender", "postpone"),
}
"""What the other side may tell again, and by which event the end it told before is moot."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts with one registry, for a house that sits at `home`."""

    registry: Registry
    home: Place

    def counted(self, work: CountWork) -> CountDone:
        """All limits in one answer: those that run on first, then those that count otherwise today, then the
        law's, our practice's and the other side's."""
        found = [
            *self._resumed(work),
            *(again for entry in work.recount if (again := self.recounted(entry)) is not None),
            *self._of_law(work),
            *self._of_practice(work),
            *self._given(work),
        ]
        named = [
            entry.model_copy(update={"id": f"d{number}"})
            for number, entry in enumerate(found, start=work.first_id)
        ]
        offered = None
        if work.offer_days is not None:
            offered = end_of(work.now, work.offer_days, "days", self._whose(work.counterpart_state)).due
        return CountDone(deadlines=named, offer_due=offered)

    def recounted(self, deadline: Deadline) -> Deadline | None:
        """As `treaties.recounting.recounted`, in this house."""
        return recounted(self.registry, self.home, deadline)

    # --- what ran before ---------------------------------------------------------------------------------

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

    # --- what the law sets -------------------------------------------------------------------------------

    def _of_law(self, work: CountWork) -> Iterator[Deadline]:
        """Of several limits of one clock in one instrument the earliest counts, for what protects a person
        the latest: so in doubt nothing is late, and nobody loses protection too soon."""
        if not work.event:
            return
        chosen: dict[tuple[str, str], Deadline] = {}
        for limit in running(self._matter(work), work.instrument, started_by(work), frozenset(work.says)):
            if limit.amount is None or not _starts(work, limit.held.row):
                continue
            entry = self._lawful(work, limit, limit.amount)
            known = chosen.setdefault((entry.instrument, entry.clock), entry)
            if known.due != entry.due and (entry.due > known.due) is CLOCKS[entry.clock].protects:
                chosen[entry.instrument, entry.clock] = entry
        yield from chosen.values()

    def _lawful(self, work: CountWork, limit: Limit, amount: int) -> Deadline:
        rule, key = limit.held.row, limit.instrument
        acting = self._acting(work, rule.clock, key)
        ends = lawful_end(
            self.registry, limit.held, work.event, work.at, (amount, limit.unit), self._whose(acting)
        )
        if limit.verdict is not Verdict.YES:
            ends = replace(ends, how=f"{ends.how};{UNSURE}")
        return self._entry(
            work,
            ends,
            clock=rule.clock,
            rule=limit.held.fact,
            instrument=key,
            article=rule.article,
            law=True,
            amount=amount,
            unit=limit.unit,
            consequence=rule.consequence,
            owner=rule.owner or _owner(work, rule.clock),
            nature=rule.nature,
            declared=limit.declared.held.fact if limit.declared else "",
            acting=acting,
            closes_on=rule.closes_on or CLOCKS[rule.clock].closes_on,
            dropped_by=rule.dropped_by,
            pauses_on=rule.pauses_on,
            resumes_on=rule.resumes_on,
        )

    def _matter(self, work: CountWork) -> Matter:
        """The law is asked for the day on which the event happened, as it was there where we sit."""
        requesting, requested = _pair(work)
        on = local_day(work.at, self.home)
        return Matter(self.registry, Question(requesting, requested, work.kind, tuple(work.measures), on))

    # --- what we set ourselves, and what the other side set ----------------------------------------------

    def _of_practice(self, work: CountWork) -> Iterator[Deadline]:
        """Our own figures, where no limit of the law with that name may apply between the two."""
        clocks = [
            one
            for one in PRACTICE_CLOCKS.get((work.kind, work.side), ())
            if one.event == work.event
            and (not one.says or one.says in work.says)
            # what the other side set itself stands in the place of our own figure
            and not (work.given and one.clock == work.given_clock)
        ]
        if not clocks:
            return
        # where somebody may be in custody, a limit that would hold in another case leaves no gap in this one
        said = frozenset(work.says) if work.kind is Kind.EXTRADITION else None
        by_law = {
            limit.held.row.clock
            for limit in running(self._matter(work), work.instrument, None, said)
            if limit.amount is not None
        }
        for clock in clocks:
            if clock.clock not in by_law:
                yield self._practice(work, clock)

    def _practice(self, work: CountWork, clock: PracticeClock) -> Deadline:
        acting = self._acting(work, clock.clock, "")
        ends = end_of(work.at, clock.amount, clock.unit, self._whose(acting))
        return self._entry(
            work,
            ends,
            clock=clock.clock,
            rule=f"{PRACTICE}{clock.clock}",
            law=False,
            amount=clock.amount,
            unit=clock.unit,
            owner=clock.owner,
            acting=acting,
            closes_on=clock.closes_on,
            pauses_on=clock.pauses_on,
            resumes_on=clock.resumes_on,
        )

    def _given(self, work: CountWork) -> Iterator[Deadline]:
        """A limit that came with the event: nothing to count, the other side named the moment. Where the text
        leaves the limit to it (1957 Convention, 13), the text is cited."""
        if work.given is None:
            return
        open_rules = [
            limit
            for limit in running(self._matter(work), work.instrument, {work.event}, frozenset(work.says))
            if limit.amount is None and limit.held.row.clock == work.given_clock
        ]
        acting = self._acting(work, work.given_clock, "")
        place = self._whose(acting)
        ends = Counted(work.given, local_day(work.given, place), place.zone_name, GIVEN)
        rule = open_rules[0] if open_rules else None
        yield self._entry(
            work,
            ends,
            clock=work.given_clock,
            rule=rule.held.fact if rule else "given",
            instrument=rule.instrument if rule else "",
            article=rule.held.row.article if rule else "",
            law=rule is not None,
            amount=0,
            unit="",
            owner=_owner(work, work.given_clock),
            acting=acting,
            nature="ends" if work.given_clock in KEPT_SHORT else "must",
            closes_on=CLOCKS[work.given_clock].closes_on,
            dropped_by=TOLD_ANEW.get(work.given_clock, ()),
        )

    # --- whose days, and the entry -----------------------------------------------------------------------

    def _acting(self, work: CountWork, clock: str, instrument: str) -> str:
        """Whose days count: a statute counts those of its own State, else the side that has to act."""
        requesting, requested = _pair(work)
        law = self.registry.instruments.get(instrument)
        if law is not None and law.form is Form.DOMESTIC and len(law.states) == 1:
            state = law.states[0]
        else:
            acts = CLOCKS[clock].acts
            state = {"requested": requested, "requesting": requesting, "own": work.home_state}[acts]
        return OWN if state == work.home_state else state

    def _whose(self, acting: str) -> Place:
        return place_of(self.registry, self.home, acting)

    def _entry(self, work: CountWork, ends: Counted, **fields: object) -> Deadline:
        requesting, requested = _pair(work)
        return Deadline.model_validate(
            {
                "id": "d0",
                "instrument": "",
                "article": "",
                "event": work.event,
                "started": work.at,
                "requesting": requesting,
                "requested": requested,
                "due": ends.due,
                "due_day": ends.day,
                "time_zone": ends.zone,
                "count": ends.how,
                "calendar": ends.calendar,
                **fields,
            }
        )


def started_by(work: CountWork) -> frozenset[str]:
    """The words under which the law may know the event: a receipt is the same from both sides, and where the
    order went to the provider itself it is the service, or tells its State of it; data that are kept show
    that it was served."""
    if work.event in RECEIPT:
        return RECEIPT | {"served", "notified"}
    return frozenset({"preserved", "served"} if work.event == "preserved" else {work.event})


def _starts(work: CountWork, rule: DeadlineRule) -> bool:
    """Does the event start just this clock? The receipt by a State serves no order, a confirmation that data
    are kept starts no other clock of the service, and only the limit that was prolonged is."""
    if rule.event == "notified" and work.event in RECEIPT:
        return "told-of" in work.says
    if rule.event == "served" and work.event in RECEIPT:
        through_a_state = any(test.test == "case-says-not" and "direct" in test.values for test in rule.when)
        return work.side is Side.OUTGOING and not through_a_state
    if rule.event == "served" and work.event == "preserved":
        return rule.clock == "preserve"
    return work.event != "prolong" or rule.clock == work.given_clock


def _owner(work: CountWork, clock: str) -> str:
    """Who has to act in time: what is asked of the provider itself, no authority there can do for it."""
    known = CLOCKS[clock]
    of_theirs = known.acts == "requested" and known.owner != "enforcing-authority"
    return "provider" if of_theirs and "direct" in work.says else known.owner


def _pair(work: CountWork) -> tuple[str, str]:
    """Who asks and who is asked."""
    if work.side is Side.OUTGOING:
        return work.home_state, work.counterpart_state
    return work.counterpart_state, work.home_state
