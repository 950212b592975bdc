"""Which items were asked for and are not here yet? Each is fetched, and goes on by itself after a stop.

Who asked for what stands in the ledger (`evidence-wanted`), so it outlives the process. It is settled when
the item was received, was refused for good, or is custody-only; a house that does not answer settles nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from desk import evidence, evidence_in
from desk.evidence import Room
from records.following import Following
from records.ledger import Entry
from schemas.errors import NotFound, RogatoryError
from schemas.moves import Actor

WANTED = "evidence-wanted"
"""Event of the ledger's entries that say that somebody asked for the bytes of an item."""
PAUSE_SECONDS = 60.0
_SETTLED = frozenset({"kept", "received", "returned", "destroyed", "custody-only"})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Want:
    """An item that `actor` asked for and that has not come."""

    ref: str
    item: str
    actor: Actor


class Fetching:
    """Which items this process fetches now, and how the last try of each ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[tuple[str, str]] = set()
        self._ended: dict[tuple[str, str], dict[str, object]] = {}

    def start(self, room: Room, want: Want) -> None:
        """Fetch in a thread of its own. A house that is told to stop does not wait for it: it goes on
        later."""
        place = (want.ref, want.item)
        with self._lock:
            if place in self._running:
                return
            self._running.add(place)
            self._ended.pop(place, None)
        threading.Thread(target=self._work, args=(room, want), daemon=True).start()

    def told(self, ref: str, item: str) -> dict[str, Any]:
        """`running`, and `problem`: why the last try ended before its time."""
        with self._lock:
            return {"running": (ref, item) in self._running, "problem": self._ended.get((ref, item))}

    def _work(self, room: Room, want: Want) -> None:
        problem: dict[str, object] = {
            "code": "fault",
            "what": "Something went wrong here.",
            "next": "try again",
        }
        try:
            evidence_in.fetch(room, want.actor, want.ref, want.item)
            problem = {}
        except RogatoryError as error:
            problem = error.told()
        finally:
            with self._lock:
                self._running.discard((want.ref, want.item))
                if problem:
                    self._ended[want.ref, want.item] = problem


FETCHING = Fetching()
"""Of this process."""


def ask_for(room: Room, actor: Actor, ref: str, item: str) -> Want:
    """Remember that `actor` wants the item, until it is settled."""
    known = [want for want in wants(room, ref) if want.item == item]
    if known:
        return known[0]
    detail = {"item": item, "agency": actor.agency}
    room.records.ledger.note(ref, actor, WANTED, detail, datetime.now(UTC))
    return Want(ref, item, actor)


def wants(room: Room, ref: str) -> list[Want]:
    """What was asked for in this case and is not settled. Raises NotFound as the ledger."""
    found: dict[str, Want] = {}
    for entry in room.records.ledger.entries(ref):
        told = json.loads(entry.detail) if entry.detail else {}
        item = str(told.get("item", ""))
        if entry.event == WANTED:
            actor = Actor(id=entry.actor, house=entry.house, agency=told["agency"])
            found[item] = Want(ref, item, actor)
        elif item in found and _settles(room, entry, told):
            del found[item]
    return list(found.values())


def _settles(room: Room, entry: Entry, told: dict[str, Any]) -> bool:
    if entry.event == "refused":
        return True
    if entry.event != evidence.CUSTODY:
        return False
    [noted] = evidence.noted([told["entry"]])
    return noted.house == room.settings.house and noted.event in _SETTLED


class Wanted:
    """The open wants of a house."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._cases = Following(room.records.database, WANTED)

    def round(self, fetching: Fetching = FETCHING) -> list[Want]:
        """Go on with everything that is wanted; what that is."""
        found = []
        for ref in self._cases.refs():
            open_ones: list[Want] = []
            with suppress(NotFound):  # erased meanwhile
                open_ones = wants(self._room, ref)
            if not open_ones:
                self._cases.leave(ref)
            found += open_ones
        for want in found:
            fetching.start(self._room, want)
        return found


async def keep_fetching(room: Room, pause: float = PAUSE_SECONDS) -> None:
    """Round after round until cancelled; what goes wrong is logged, and tried again."""
    wanted = Wanted(room)
    while True:
        try:
            await asyncio.to_thread(wanted.round)
        except RogatoryError as error:
            _log.warning("items that are wanted: %s", error.code)
        except Exception as error:
            # the text of a foreign exception may carry what it was working on
            _log.error("items that are wanted: %s", type(error).__name__)
        await asyncio.sleep(pause)
