"""What is due, for calendar programs? One event per running clock, and nothing of the case in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

from icalendar import Alarm, Calendar, Event

from desk.who import Sight, concerned, sight
from records.docket import Docket, Due
from records.projection import clocks_of
from schemas.case import ClockRow, DocketRow
from schemas.moves import Actor

MOST = 2000
"""Events of one feed, the earliest first."""

FETCHED_AT_ONCE = 500
AGAIN = timedelta(hours=1)
"""How often a program should look again."""


def feed(house: str, url: str, dues: Iterable[Due]) -> bytes:
    """The calendar (RFC 5545) of these clocks. `url`: under which the house's cases are opened."""
    calendar = Calendar()
    calendar.add("prodid", "-//Rogatory//clocks//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Rogatory: {house}")
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    for due in dues:
        calendar.add_component(_event(house, url, due.line, _whole(due)))
    return bytes(calendar.to_ical())


def visible(docket: Docket, actor: Actor, *, mine: bool = False) -> Iterator[Due]:
    """Running clocks of the cases the actor may see, the earliest first, at most MOST. `mine`: only of those
    that concern them; a liaison sees no others anyway."""
    shown = 0
    last: tuple[datetime, str, int] | None = None
    while page := docket.due(limit=FETCHED_AT_ONCE, after=last):
        for due in page:
            if _shown(actor, due.line, mine):
                yield due
                shown += 1
                if shown == MOST:
                    return
        last = page[-1].position


def _shown(actor: Actor, line: DocketRow, mine: bool) -> bool:
    seen = sight(actor, line)
    if seen >= Sight.RECORD and not mine:
        return True
    return seen >= Sight.STATUS and concerned(actor, line)


def _whole(due: Due) -> ClockRow:
    """The clock as the case's line has it, which says more than the table made for searching."""
    return clocks_of(due.line)[due.place]


def _event(house: str, url: str, line: DocketRow, clock: ClockRow) -> Event:
    event = Event()
    event.add("uid", f"{_number(house, line, clock)}@{house}.rogatory")
    event.add("dtstamp", line.updated.astimezone(UTC))
    # A limit in hours ends at its moment; one in days with its last day, in whichever zone the reader sits.
    if clock.unit and not clock.unit.endswith("hours"):
        event.add("dtstart", clock.due_day)
    else:
        event.add("dtstart", clock.due.astimezone(UTC))
    event.add("summary", f"{line.ref} {clock.clock}")
    event.add("url", f"{url.rstrip('/')}/desk/case/{quote(line.ref, safe='/')}")
    event.add("transp", "TRANSPARENT")
    event.add_component(_alarm(line, clock))
    return event


def _alarm(line: DocketRow, clock: ClockRow) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(days=-1))
    alarm.add("description", f"{line.ref} {clock.clock}")
    return alarm


def _number(house: str, line: DocketRow, clock: ClockRow) -> str:
    """The same as long as the clock runs, also when its end moves."""
    parts = (house, line.ref, clock.clock, clock.instrument, clock.article, clock.started.isoformat())
    return sha256("\n".join(parts).encode()).hexdigest()[:32]
