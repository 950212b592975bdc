"""Are time limits counted as the authority there would count them, and in doubt to the earlier date?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities import counting
from activities.counting import Place, end_of

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


@pytest.mark.parametrize(("amount", "unit"), [(0, "days"), (-1, "hours"), (1, "fortnights")])
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
