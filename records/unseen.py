"""In which cases did the other side say something at which nobody of this house has looked since?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from records.database import Database
from records.moments import moment_of
from records.tables import LEDGER

LOOKED_THROUGH = 2_000
"""Entries of the ledger, the newest: what lies further back is no news."""

BY_ITSELF = "house"
"""Who makes what the house does by itself: that is no look."""


@dataclass(frozen=True, slots=True)
class Word:
    """The last word of another house in a case: which event, and when."""

    ref: str
    event: str
    house: str
    at: datetime


class Unseen:
    """What came in and was not looked at, in one house."""

    def __init__(self, database: Database, house: str) -> None:
        self._database = database
        self._house = house

    def words(self) -> list[Word]:
        """The newest first, one for each case."""
        newest = select(func.max(LEDGER.c.seq)).scalar_subquery()
        chosen = (
            select(LEDGER.c.ref, LEDGER.c.move, LEDGER.c.house, LEDGER.c.actor, LEDGER.c.event, LEDGER.c.at)
            .where(LEDGER.c.seq > newest - LOOKED_THROUGH)
            .order_by(LEDGER.c.seq.desc())
        )
        with self._database.read() as connection:
            rows = connection.execute(chosen).all()
        found: list[Word] = []
        settled: set[str] = set()
        for row in rows:
            if row.ref in settled:
                continue
            if row.house != self._house:
                if row.move is not None:
                    found.append(Word(row.ref, row.event, row.house, moment_of(row.at)))
                    settled.add(row.ref)
            elif row.actor != BY_ITSELF:
                settled.add(row.ref)
        return found
