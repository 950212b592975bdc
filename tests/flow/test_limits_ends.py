"""When does each limit end: on which day and hour, in the zone of whoever acts?"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from schemas.deadline import CLOCKS
from schemas.vocabulary import Kind
from tests.flow.limits import (
    EXTRADITION,
    LAST_DAYS,
    MLA,
    ON,
    PRESERVATION,
    PRODUCTION,
    counted,
    counting_of,
    rules,
)
from tools.facts.clocks import BORROWED


@pytest.mark.parametrize(("kind", "instrument", "event", "at", "pair", "says", "last"), LAST_DAYS)
def test_the_last_day_of_each_clock(
    kind: Kind,
    instrument: str | None,
    event: str,
    at: str,
    pair: str,
    says: tuple[str, ...],
    last: dict[str, str],
) -> None:
    found = counted(counting_of(kind, instrument, event, at, pair, says=says))
    assert {clock: entry.due_day.isoformat() for clock, entry in found.items()} == last
    for entry in found.values():
        # The second before the end is in time there, the end itself is the next day.
        zone = ZoneInfo(entry.time_zone)
        assert entry.due.astimezone(zone) == datetime.combine(entry.due_day + timedelta(days=1), time(), zone)
        assert (entry.due - timedelta(seconds=1)).astimezone(zone).date() == entry.due_day
        assert entry.rule.startswith(f"{entry.instrument}:")
        assert entry.closes_on == CLOCKS[entry.clock].closes_on or entry.clock == "object"


HOURS: list[tuple[Kind, str | None, str, str, str, tuple[str, ...], str, str]] = [
    (PRODUCTION, "eu-eevidence", "served", "2026-11-20T22:00", "DE>IE", ("emergency",),
     "produce", "2026-11-21T06:00"),
    (PRODUCTION, "eu-eevidence", "served", "2026-11-20T22:00", "DE>IE", ("emergency", "notified"),
     "produce", "2026-11-21T06:00"),
    (PRODUCTION, "eu-eevidence", "notified", ON, "DE>IE", ("emergency",), "object", "2026-11-24T10:00"),
    (PRODUCTION, "eu-eevidence", "send-emergency", ON, "DE>IE", ("emergency",),
     "validate", "2026-11-22T10:00"),
    (PRESERVATION, "eu-eio", "delivered", "2026-10-24T20:00", "DE>FR", (), "decide", "2026-10-25T20:00"),
    (MLA, "eu-eio", "notified", ON, "DE>FR", (), "object", "2026-11-24T10:00"),
    # Thursday noon before Christmas: twelve hours, then Friday to Monday are days off, then a day and a half
    (EXTRADITION, None, "arrest", "2026-12-24T12:00", "FR>GB", (), "arrest-to-papers", "2026-12-30T12:00"),
    # Good Friday, and the weekend on which the clocks had already gone forward
    (EXTRADITION, None, "arrest", "2026-03-27T12:00", "FR>GB", (), "arrest-to-papers", "2026-03-31T11:00"),
    (EXTRADITION, None, "arrest", "2026-11-18T12:00", "FR>GB", (), "arrest-to-papers", "2026-11-20T12:00"),
    # arrested on a Saturday: the hours begin with Monday
    (EXTRADITION, None, "arrest", "2026-11-21T12:00", "FR>GB", (), "arrest-to-papers", "2026-11-25T00:00"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "instrument", "event", "at", "pair", "says", "clock", "due"), HOURS)
def test_the_last_hour_of_each_clock(
    kind: Kind,
    instrument: str | None,
    event: str,
    at: str,
    pair: str,
    says: tuple[str, ...],
    clock: str,
    due: str,
) -> None:
    entry = counted(counting_of(kind, instrument, event, at, pair, says=says))[clock]
    assert entry.due == datetime.fromisoformat(due).replace(tzinfo=UTC)
    zone = ZoneInfo(entry.time_zone)
    assert entry.due_day == (entry.due - timedelta(seconds=1)).astimezone(zone).date()


def test_every_limit_that_starts_is_counted_somewhere_above() -> None:
    """A new limit wants a line in one of the tables: its last day, worked out by a person."""
    rows = [row[:6] for row in LAST_DAYS] + [row[:6] for row in HOURS]
    counted_rules = {
        entry.rule
        for kind, key, event, at, pair, says in rows
        for entry in counted(counting_of(kind, key, event, at, pair, says=says)).values()
    }
    elsewhere = {
        "eu-eevidence:10-2.deadline", "coe-ext-1957:13.deadline", "budapest-2ap:8-6-a-ii.deadline",
        "eu-eaw:17-4.deadline", "eu-eio:12-5.deadline", "eu-eevidence:11-1.deadline~2",
        "uk-eu-tca:615.prolonged.deadline", "gb-extradition-act-2003:6-2-3c-8a.prolonged.deadline",
        "gb-extradition-act-2003:8-4.deadline",
    }  # fmt: skip
    protocols = tuple(f"{key}:" for key in BORROWED.values())
    starting_rules = {f"{key}:{rule.id}" for key, rule in rules() if rule.clock}
    left = {rule for rule in starting_rules - counted_rules - elsewhere if not rule.startswith(protocols)}
    assert left == set()
    assert elsewhere <= starting_rules
