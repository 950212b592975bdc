"""In which cases of the house does an event stand in the ledger, and in which did it come since?"""

from __future__ import annotations

import threading
from collections.abc import Collection

from sqlalchemy import select

from records.database import Database
from records.tables import LEDGER

MAX_KNOWN = 10_000
"""Cases of which is remembered how far their ledger was read."""


def cases_with(database: Database, event: str, after: int = 0) -> list[tuple[int, str]]:
    """Number and reference of the ledger's entries of this event behind the number `after`, in their
    order."""
    wanted = select(LEDGER.c.seq, LEDGER.c.ref).where(LEDGER.c.event == event, LEDGER.c.seq > after)
    with database.read() as connection:
        return [(row.seq, row.ref) for row in connection.execute(wanted.order_by(LEDGER.c.seq))]


class Following:
    """The cases in whose ledger an event stands. Reads the ledger on from where it stopped."""

    def __init__(self, database: Database, event: str) -> None:
        self._database = database
        self._event = event
        self._seen = 0
        self._refs: set[str] = set()

    def refs(self) -> list[str]:
        """Their references, in order, those of new entries among them."""
        for number, ref in cases_with(self._database, self._event, self._seen):
            self._seen = max(self._seen, number)
            self._refs.add(ref)
        return sorted(self._refs)

    def leave(self, ref: str) -> None:
        """Follow this case no more, until the event stands there again."""
        self._refs.discard(ref)


class Standing:
    """Where some events stand in the ledger of single cases, for who asks at every move. Reads the ledger of
    a case on from where it stopped, never that of the house. Safe to share between threads."""

    def __init__(self, database: Database, events: Collection[str]) -> None:
        self._database = database
        self._events = events
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, tuple[int, ...]]] = {}

    def numbers(self, ref: str) -> tuple[int, ...]:
        """The numbers of these entries of the case, in their order."""
        seen, found = self._known.get(ref, (0, ()))
        wanted = select(LEDGER.c.seq, LEDGER.c.event).where(LEDGER.c.ref == ref, LEDGER.c.seq > seen)
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(LEDGER.c.seq)).all()
        if not rows:
            return found
        found += tuple(row.seq for row in rows if row.event in self._events)
        with self._lock:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            self._known[ref] = (rows[-1].seq, found)
        return found
