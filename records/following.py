"""In which cases of the house does an event stand in the ledger, and in which did it come since?"""

from __future__ import annotations

import threading

from sqlalchemy import select

from records.database import Database
from records.tables import LEDGER


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
        self._refs: dict[str, list[int]] = {}
        self._lock = threading.Lock()

    def refs(self) -> list[str]:
        """Their references, in order, those of new entries among them."""
        with self._lock:
            self._read_on()
            return sorted(self._refs)

    def numbers(self, ref: str) -> tuple[int, ...]:
        """The numbers of these entries of one case, in their order; none costs no look into its ledger."""
        with self._lock:
            self._read_on()
            return tuple(self._refs.get(ref, ()))

    def leave(self, ref: str) -> None:
        """Follow this case no more, until the event stands there again."""
        with self._lock:
            self._refs.pop(ref, None)

    def _read_on(self) -> None:
        for number, ref in cases_with(self._database, self._event, self._seen):
            self._seen = max(self._seen, number)
            self._refs.setdefault(ref, []).append(number)
