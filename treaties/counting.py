"""When does a time limit end? A day is one in the authority's own zone; in doubt the earlier date counts.

The day of the event is not counted, unless the law says that it is day one; hours run through, unless it says
that those of days off do not count. A last day that is no working day stays unless a rule is known that moves
it on (EU acts: Regulation 1182/71, article 3(4)). Codes in `how` say what was assumed.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.metadata import version
from zoneinfo import ZoneInfo

import holidays

HOURS, WORKING_HOURS = "hours", "working-hours"
WORKING_DAYS, MONTHS, YEARS = "working-days", "months", "years"
_DAYS = frozenset({"days", "calendar-days"})

EVENT_DAY_OUT = "event-day-not-counted"
EVENT_DAY_IN = "event-day-is-day-one"
RUN_THROUGH = "hours-run-through"
HOURS_OFF_OUT = "hours-of-days-off-not-counted"
ROLLED = "moved-to-next-working-day"
KEPT = "last-day-kept-no-rule-known"
EARLIEST = "last-day-kept-earliest-end-counts"
NO_ZONE = "zone-unknown-earliest-moment"
NO_CALENDAR = "calendar-unknown-every-day-counted"
RESUMED = "resumed-with-what-was-left"
GIVEN = "set-by-the-other-side"
RULE_GONE = "rule-no-longer-held"
UNSURE = "whether-it-applies-is-not-known"

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the authority sits: IANA time zone and holiday calendar (the library's code), or empty."""

    zone: str = ""
    calendar: str = ""

    @property
    def zone_name(self) -> str:
        """The zone to reckon with: UTC where none is known."""
        return self.zone or "UTC"

    @property
    def zone_info(self) -> ZoneInfo:
        """The zone's rules."""
        return ZoneInfo(self.zone_name)


@dataclass(frozen=True, slots=True)
class Counted:
    """The end of a limit. `due`: the moment (UTC) after which it is missed. `day`: the last day at the place.

    `how`: codes; `calendar`: the holiday calendar looked at, with its version, else empty.
    """

    due: datetime
    day: date
    zone: str
    how: str
    calendar: str = ""


def end_of(
    event: datetime,
    amount: int,
    unit: str,
    place: Place,
    *,
    rolls: bool = False,
    event_day_counts: bool = False,
) -> Counted:
    """The end of `amount` `unit` from `event` (UTC). `rolls`: a last day off moves to the next working day;
    `event_day_counts`: the day of the event is day one.

    Raises ValueError for an unknown unit or an amount below 1.
    """
    if amount < 1:
        raise ValueError(f"a limit of {amount} {unit}")
    if unit == HOURS:
        due = event + timedelta(hours=amount)
        return Counted(due, due.astimezone(place.zone_info).date(), place.zone_name, RUN_THROUGH)
    if unit == WORKING_HOURS:
        return _of_working_hours(event, timedelta(hours=amount), place)
    start = event.astimezone(place.zone_info).date()
    codes = [EVENT_DAY_IN if event_day_counts else EVENT_DAY_OUT]
    last = _last_day(start, amount, unit, place, codes)
    moved = _roll(last, place, rolls, codes) if unit != WORKING_DAYS else last
    if not place.zone:
        # Wherever the day ends, it does not end before the same time of day as the event.
        due = datetime.combine(moved, event.astimezone(UTC).timetz())
        codes.append(NO_ZONE)
    else:
        due = _midnight_after(moved, place)
    return Counted(due, moved, place.zone_name, ";".join(codes), _calendar_used(place, unit, last, codes))


def local_day(moment: datetime, place: Place) -> date:
    """The day at the place."""
    return moment.astimezone(place.zone_info).date()


def last_moment(end: datetime) -> datetime:
    """The last moment inside a limit that ends at `end`: midnight belongs to the day before."""
    return end - _MOMENT


def calendars() -> str:
    """Which edition of the holiday calendars counts now: the library and its version."""
    return f"holidays/{version('holidays')}"


def is_working_day(day: date, place: Place) -> bool | None:
    """Is it a working day there? None if no calendar is known."""
    known = _calendar(place.calendar)
    return None if known is None else known.is_working_day(day)


def calendar_name(place: Place) -> str:
    """The calendar and its version, to be recorded: holidays are decreed, moved and corrected."""
    return f"{place.calendar} {calendars()}" if _calendar(place.calendar) else ""


def _last_day(start: date, amount: int, unit: str, place: Place, codes: list[str]) -> date:
    first_counts = EVENT_DAY_IN in codes
    if unit in _DAYS:
        return start + timedelta(days=amount - first_counts)
    if unit in (MONTHS, YEARS):
        return _months_later(start, amount if unit == MONTHS else 12 * amount, first_counts)
    if unit == WORKING_DAYS:
        day_before = start - timedelta(days=first_counts)
        known = _calendar(place.calendar)
        if known is None:
            codes.append(NO_CALENDAR)
            return day_before + timedelta(days=amount)
        working = (day for day in _days_after(day_before) if known.is_working_day(day))
        return next(day for number, day in enumerate(working, start=1) if number == amount)
    raise ValueError(f"{unit!r} is no unit of time limits")


def _of_working_hours(event: datetime, left: timedelta, place: Place) -> Counted:
    """Days off are left out whole, as the clocks of the place show them."""
    known = _calendar(place.calendar)
    if known is None or not place.zone:
        due = event + left
        return Counted(due, local_day(due, place), place.zone_name, f"{RUN_THROUGH};{NO_CALENDAR}")
    moment = event.astimezone(UTC)
    while True:
        day = local_day(moment, place)
        night = _midnight_after(day, place)
        if known.is_working_day(day):
            if left <= night - moment:
                return Counted(moment + left, day, place.zone, HOURS_OFF_OUT, calendar_name(place))
            left -= night - moment
        moment = night


def _midnight_after(day: date, place: Place) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), place.zone_info).astimezone(UTC)


def _roll(last: date, place: Place, rolls: bool, codes: list[str]) -> date:
    if is_working_day(last, place) is not False:
        return last
    if not rolls:
        codes.append(KEPT)
        return last
    codes.append(ROLLED)
    return next(day for day in _days_after(last) if is_working_day(day, place))


def _months_later(day: date, amount: int, first_counts: bool) -> date:
    """The same day of the month, or the last one of a shorter month; the day before it where the first day
    counts, since two months that begin with 1 March end with 30 April."""
    number = day.year * 12 + day.month - 1 + amount
    year, month = divmod(number, 12)
    longest = months.monthrange(year, month + 1)[1]
    if day.day > longest:
        return date(year, month + 1, longest)
    return date(year, month + 1, day.day) - timedelta(days=first_counts)


def _days_after(day: date) -> Iterator[date]:
    while True:
        day += timedelta(days=1)
        yield day


def _calendar_used(place: Place, unit: str, last: date, codes: list[str]) -> str:
    looked = (
        unit == WORKING_DAYS or ROLLED in codes or KEPT in codes or is_working_day(last, place) is not None
    )
    return calendar_name(place) if looked else ""


@lru_cache(maxsize=64)
def _calendar(code: str) -> holidays.HolidayBase | None:
    """The calendar `DE` or `DE-BY`, or None where the library knows none."""
    country, _, subdivision = code.partition("-")
    if not country:
        return None
    try:
        return holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        return None
