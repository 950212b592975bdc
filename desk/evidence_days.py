"""Which items are soon to go back or to be destroyed, and has anybody been told?

The days stand in the signed manifests, so what is asked here is the ledger. A notice names the case and the
day, nothing else; it goes to the function that holds the case, and past its day to those above as well.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from desk import evidence
from desk.evidence import CUSTODY, Room, notice_of
from desk.notices import tell
from records.following import Following
from schemas.case import CaseState
from schemas.errors import NotFound, RogatoryError
from schemas.work import NotifyWork

STEPS = (30, 7, 1, 0)
"""Days before the day at which somebody is told."""
EVERY = 7
"""Days between two notices of one that has passed."""
PAUSE_SECONDS = 3600.0

_log = logging.getLogger(__name__)


class Days:
    """The days of a house's items."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._cases = Following(room.records.database, CUSTODY)

    def round(self, today: date) -> list[str]:
        """Tell of every day that comes near or has passed; the ids of notices that somebody took just now."""
        told = []
        for ref in self._cases.refs():
            with suppress(NotFound):  # erased meanwhile
                told += self._case(ref, today)
        return told

    def _case(self, ref: str, today: date) -> list[str]:
        state = self._room.records.states.latest(ref)
        found = evidence.manifests(self._room, ref)
        wanted = [
            _notice(self._room, state, item, what, by, step)
            for item, entries in found.items()
            for what, by in evidence.dates(entries).items()
            if (step := step_of(by, today)) is not None
        ]
        return [work.notice for work in wanted if self._told(work)]

    def _told(self, work: NotifyWork) -> bool:
        room, done = self._room, f"{work.notice}/done"
        if room.records.notices.taken(done, CUSTODY):
            return False
        if not tell(room.settings, room.records, room.key, work):
            return False
        room.records.notices.note(done, CUSTODY, True)
        return True


def step_of(by: date, today: date) -> int | None:
    """The step that is reached: days left (30, 7, 1, 0), or a negative number of weeks over; None: not
    yet."""
    left = (by - today).days
    if left < 0:
        return -((-left - 1) // EVERY + 1)
    return min((step for step in STEPS if left <= step), default=None)


async def keep_days(room: Room, pause: float = PAUSE_SECONDS) -> None:
    """Look again and again, until cancelled. What goes wrong is logged and tried again."""
    days = Days(room)
    zone = ZoneInfo(room.settings.time_zone)
    while True:
        try:
            await asyncio.to_thread(days.round, datetime.now(zone).date())
        except RogatoryError as error:
            _log.warning("days of evidence: %s", error.code)
        await asyncio.sleep(pause)


def _notice(room: Room, state: CaseState, item: str, what: str, by: date, step: int) -> NotifyWork:
    over = step < 0
    function = state.holder.function
    due = datetime.combine(by + timedelta(days=1), time(), ZoneInfo(room.settings.time_zone)).astimezone(UTC)
    return NotifyWork(
        ref=state.ref,
        notice=f"{notice_of(state.ref, item)}/{what}/{by.isoformat()}/{step}",
        code="missed" if over else "due-soon",
        clock=f"{what}-evidence",
        due=due,
        to=(function, *(room.settings.above(function) if over else ())),
    )
