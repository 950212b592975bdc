"""Are time limits counted as the authority there would count them, and in doubt to the earlier date?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaties import counting
from treaties.counting import Place, end_of

BERLIN = Place("Europe/Berlin", "DE")
WASHINGTON = Place("America/New_York", "US")
RIYADH = Place("Asia/Riyadh", "SA")
NOWHERE = Place()
FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("event", "amount", "unit", "place", "last"),
    [
        # the day of the event is not counted
        ("2026-11-20T15:00", 7, "days", BERLIN, "2026-11-27"),
        # 23:30 in Washington is still the 20th there, and the 21st in Berlin
        ("2026-11-21T04:30", 1, "days", WASHINGTON, "2026-11-21"),
        ("2026-11-21T04:30", 1, "days", BERLIN, "2026-11-22"),
        # weekends are no working days: Friday and Saturday in Riyadh
        ("2026-11-20T15:00", 3, "working-days", BERLIN, "2026-11-25"),
        ("2026-11-19T15:00", 1, "working-days", RIYADH, "2026-11-22"),
        # nor are holidays: 24 December is none in Germany, 25 and 26 are
        ("2026-12-23T10:00", 2, "working-days", BERLIN, "2026-12-28"),
        # Thanksgiving, 26 November 2026
        ("2026-11-25T15:00", 1, "working-days", WASHINGTON, "2026-11-27"),
        # a month ends on the same day of the month, or on the last of a shorter one
        ("2027-01-31T10:00", 1, "months", BERLIN, "2027-02-28"),
        ("2028-01-31T10:00", 1, "months", BERLIN, "2028-02-29"),
        ("2026-11-20T10:00", 3, "months", BERLIN, "2027-02-20"),
        ("2028-02-29T10:00", 1, "years", BERLIN, "2029-02-28"),
    ],
)
def test_the_last_day(event: str, amount: int, unit: str, place: Place, last: str) -> None:
    ends = end_of(datetime.fromisoformat(event).replace(tzinfo=UTC), amount, unit, place)
    assert ends.day == day(last)
    assert ends.due == datetime.combine(
        ends.day + timedelta(days=1), datetime.min.time(), ZoneInfo(place.zone)
    )
    assert ends.due.tzinfo is UTC


def test_hours_run_through_the_night_of_the_clock_change() -> None:
    event = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    ends = end_of(event, 24, "hours", BERLIN)
    assert ends.due - event == timedelta(hours=24)
    assert (ends.how, ends.day) == (counting.RUN_THROUGH, day("2026-10-25"))


@pytest.mark.parametrize(
    ("event", "amount", "unit", "last"),
    [
        ("2026-11-20T15:00", 7, "days", "2026-11-26"),
        ("2026-11-20T15:00", 1, "days", "2026-11-20"),
        ("2027-03-01T15:00", 2, "months", "2027-04-30"),
        ("2026-11-15T15:00", 3, "months", "2027-02-14"),
        # no 31 February: the last day of the month
        ("2026-12-31T15:00", 2, "months", "2027-02-28"),
        ("2027-12-31T15:00", 2, "months", "2028-02-29"),
        ("2028-02-29T15:00", 1, "years", "2029-02-28"),
        ("2026-11-20T15:00", 2, "working-days", "2026-11-23"),
        ("2026-11-21T15:00", 1, "working-days", "2026-11-23"),
    ],
)
def test_where_the_day_of_the_event_is_day_one(event: str, amount: int, unit: str, last: str) -> None:
    at = datetime.fromisoformat(event).replace(tzinfo=UTC)
    ends = end_of(at, amount, unit, BERLIN, event_day_counts=True)
    assert ends.day == day(last)
    assert counting.EVENT_DAY_IN in ends.how
    assert ends.due > at


@pytest.mark.parametrize(
    ("event", "hours", "due"),
    [
        # Friday noon in London: twelve hours, the weekend is left out, and Monday to noon of Tuesday
        ("2026-11-20T12:00", 48, "2026-11-24T12:00"),
        # a second before midnight of Friday, and at midnight
        ("2026-11-20T23:59:59", 24, "2026-11-23T23:59:59"),
        ("2026-11-21T00:00", 24, "2026-11-24T00:00"),
        ("2026-11-22T23:59:59", 24, "2026-11-24T00:00"),
        # the clocks go forward in the night to Sunday 29 March: Monday has its 24 hours, an hour earlier
        ("2026-03-27T12:00", 24, "2026-03-30T11:00"),
    ],
)
def test_hours_of_days_off_do_not_count(event: str, hours: int, due: str) -> None:
    at = datetime.fromisoformat(event).replace(tzinfo=UTC)
    ends = end_of(at, hours, "working-hours", Place("Europe/London", "GB"))
    assert ends.due == datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert (ends.how, ends.calendar.partition("/")[0]) == (counting.HOURS_OFF_OUT, "GB holidays")
    for unknown in (NOWHERE, Place("Europe/London", "XK-NONE"), Place("", "GB")):
        early = end_of(at, hours, "working-hours", unknown)
        assert early.due == at + timedelta(hours=hours)
        assert counting.NO_CALENDAR in early.how


def test_a_last_day_off_stays_unless_a_rule_moves_it() -> None:
    saturday = end_of(FRIDAY, 8, "days", BERLIN)
    assert saturday.day == day("2026-11-28")
    assert counting.KEPT in saturday.how
    moved = end_of(FRIDAY, 8, "days", BERLIN, rolls=True)
    assert moved.day == day("2026-11-30")
    assert counting.ROLLED in moved.how
    assert moved.calendar.startswith("DE holidays/")


def test_without_a_known_zone_the_earliest_possible_moment_counts() -> None:
    ends = end_of(FRIDAY, 7, "days", NOWHERE)
    assert ends.due == FRIDAY + timedelta(days=7)
    assert counting.NO_ZONE in ends.how


def test_without_a_known_calendar_every_day_is_taken_for_a_working_day() -> None:
    ends = end_of(FRIDAY, 3, "working-days", Place("Europe/Berlin", "XK-NONE"))
    assert ends.day == day("2026-11-23")
    assert counting.NO_CALENDAR in ends.how
    assert ends.calendar == ""


@pytest.mark.parametrize(
    ("amount", "unit"), [(0, "days"), (-1, "hours"), (0, "working-hours"), (1, "fortnights")]
)
def test_what_cannot_be_counted(amount: int, unit: str) -> None:
    with pytest.raises(ValueError, match=unit):
        end_of(FRIDAY, amount, unit, BERLIN)


ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Riyadh"]
)
MOMENTS = st.integers(1_577_836_800, 2_051_222_400).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(MOMENTS, st.integers(1, 400), st.sampled_from(["days", "months", "working-days"]), ZONES)
def test_a_limit_is_never_shorter_than_it_says_and_unknown_zones_are_never_later(
    event: datetime, amount: int, unit: str, zone: str
) -> None:
    ends = end_of(event, amount, unit, Place(zone, "DE"))
    start = event.astimezone(ZoneInfo(zone)).date()
    assert (ends.day - start).days >= (amount if unit != "months" else 28 * amount)
    assert ends.due > event
    if unit == "days":
        assert end_of(event, amount, unit, NOWHERE).due <= ends.due + timedelta(hours=1)
