"""When does a limit of the law end, and does one that runs already end otherwise by the law of today?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from schemas.deadline import Deadline
from schemas.law import DeadlineRule
from schemas.reasoning import Question
from schemas.vocabulary import Form, Kind
from treaties.counting import (
    EARLIEST,
    GIVEN,
    HOURS,
    KEPT,
    RESUMED,
    RULE_GONE,
    UNSURE,
    WORKING_HOURS,
    Counted,
    Place,
    end_of,
    last_moment,
    local_day,
)
from treaties.duties import figure
from treaties.held import Held
from treaties.matter import Matter
from treaties.registry import Registry

OWN = "own"
PRACTICE = "practice:"
"""How the rule of a limit begins that is our own practice."""

KEPT_SHORT = frozenset({"preserve", "report-preserve"})
"""Clocks of data that are kept: the end is the earliest lawful one, so no rule moves it on."""


def lawful_end(
    registry: Registry,
    held: Held[DeadlineRule],
    event: str,
    at: datetime,
    figure: tuple[int, str],
    place: Place,
) -> Counted:
    """When a limit of the law ends that `event` started at `at` (UTC), with its `figure`: amount and unit."""
    rule, (amount, unit) = held.row, figure
    # A limit that prolongs another follows on its last day, not on the day after.
    in_days = unit not in (HOURS, WORKING_HOURS)
    start = last_moment(at) if event == "prolong" and in_days else at
    rolls = registry.instruments[held.citation.instrument].form is Form.EU_ACT
    short = rule.clock in KEPT_SHORT
    ends = end_of(
        start, amount, unit, place, rolls=rolls and not short, event_day_counts=rule.event_day_counts
    )
    return replace(ends, how=ends.how.replace(KEPT, EARLIEST)) if rolls and short else ends


def place_of(registry: Registry, home: Place, acting: str) -> Place:
    """Where the authority sits whose days count: `acting` is a State, or OWN for the house at `home`."""
    if acting == OWN:
        return home
    known = registry.jurisdictions.get(acting)
    return Place() if known is None else Place(known.time_zone, known.holidays or acting)


def recounted(registry: Registry, home: Place, deadline: Deadline) -> Deadline | None:
    """The same limit counted again by the rule and the calendar of today; None if nothing changed.

    What the other side set and what runs on after a pause were not counted from their event, so they are
    left alone; our own practice keeps its figure. A rule that the registry holds no longer leaves the date
    and says so in `count`. A limit that ends at another moment is warned of anew.
    """
    if deadline.amount < 1 or deadline.count in (RESUMED, GIVEN):
        return None
    if not deadline.law:
        again = _of_practice(registry, home, deadline)
    else:
        held = _rule(registry, deadline)
        again = _gone(deadline) if held is None else _of_law(registry, home, deadline, held)
    if again.due != deadline.due:
        again = again.model_copy(update={"warned": ()})
    return None if again == deadline else again


def ends_otherwise(registry: Registry, home: Place, deadline: Deadline) -> bool:
    """Does it count otherwise today? That a new edition of the calendar, or new words for what follows, come
    to the same is no change."""
    again = recounted(registry, home, deadline)
    if again is None:
        return False
    told = {"calendar": deadline.calendar, "consequence": deadline.consequence}
    return again.model_copy(update=told) != deadline


def _of_practice(registry: Registry, home: Place, deadline: Deadline) -> Deadline:
    if not deadline.rule.startswith(PRACTICE):
        return deadline
    ends = end_of(deadline.started, deadline.amount, deadline.unit, _where(registry, home, deadline))
    return _counted(deadline, ends, ends.how)


def _of_law(registry: Registry, home: Place, deadline: Deadline, held: Held[DeadlineRule]) -> Deadline:
    amount, unit = _figure(registry, deadline, held.row)
    if amount is None:
        return deadline
    place = _where(registry, home, deadline)
    ends = lawful_end(registry, held, deadline.event, deadline.started, (amount, unit), place)
    how = f"{ends.how};{UNSURE}" if UNSURE in deadline.count else ends.how
    said = {
        "amount": amount,
        "unit": unit,
        "article": held.row.article,
        "consequence": held.row.consequence,
    }
    return _counted(deadline, ends, how).model_copy(update=said)


def _counted(deadline: Deadline, ends: Counted, how: str) -> Deadline:
    return deadline.model_copy(
        update={
            "due": ends.due,
            "due_day": ends.day,
            "time_zone": ends.zone,
            "count": how,
            "calendar": ends.calendar,
        }
    )


def _gone(deadline: Deadline) -> Deadline:
    if RULE_GONE in deadline.count:
        return deadline
    return deadline.model_copy(update={"count": f"{deadline.count};{RULE_GONE}"})


def _where(registry: Registry, home: Place, deadline: Deadline) -> Place:
    """An entry of an earlier version tells its calendar and zone, but not whose they are."""
    if not deadline.acting:
        return Place(deadline.time_zone, deadline.calendar.partition(" ")[0])
    return place_of(registry, home, deadline.acting)


def _rule(registry: Registry, deadline: Deadline) -> Held[DeadlineRule] | None:
    if deadline.instrument not in registry.instruments:
        return None
    rules = registry.rulebook(deadline.instrument).deadlines
    return next((held for held in rules if held.fact == deadline.rule), None)


def _figure(registry: Registry, deadline: Deadline, row: DeadlineRule) -> tuple[int | None, str]:
    """Today's amount and unit, also by what one of the two has declared since."""
    if not deadline.requesting:
        return row.amount, row.unit
    on = local_day(deadline.started, Place(deadline.time_zone))
    kind = row.kinds[0] if row.kinds else Kind.MLA
    question = Question(deadline.requesting, deadline.requested, kind, (), on)
    sides = (deadline.requesting, deadline.requested)
    said = Matter(registry, question).declared(deadline.instrument, "deadline", *sides)
    amount, unit, _ = figure(row, [one for one in said if one.sure])
    return amount, unit
