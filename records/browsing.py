"""What stands in the ledger, newest first: who did what, who saw what, and when?

A page never looks through more than LOOKED_THROUGH entries: what is rare is found over several pages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from records.database import Database
from records.ledger import Entry, Ledger, Line
from records.moments import moment_of, text_of
from records.references import HOUSE
from records.tables import CASES, LEDGER

LOOKED_THROUGH = 20_000
"""Entries that one page looks through at most."""

VIEWED = "viewed"
VERIFIED = "ledger-verified"

_SLACK = timedelta(hours=12)
"""Entries bear the time of their move; a house that was down wrote some of them down later."""

_SHOWN = (
    LEDGER.c.seq, LEDGER.c.ref, LEDGER.c.move, LEDGER.c.note, LEDGER.c.at, LEDGER.c.actor, LEDGER.c.house,
    LEDGER.c.event, LEDGER.c.message, LEDGER.c.hash,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Looked:
    """What to look for; None: any. `since` included, `until` excluded."""

    ref: str | None = None
    actor: str | None = None
    event: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Some entries, the newest first; `next`: where the page after begins, None at the end. `looked`: how far
    back was looked where nothing (more) was found there."""

    rows: list[Line]
    next: int | None = None


@dataclass(frozen=True, slots=True)
class View:
    """Somebody was shown something of a case. `what` is empty where the case was erased."""

    seq: int
    ref: str
    at: datetime
    actor: str
    what: str


class Browsing:
    """The ledger of one house, page by page."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger

    def count(self) -> int:
        """Entries of the house."""
        with self._database.read() as connection:
            return connection.scalar(select(func.max(LEDGER.c.seq))) or 0

    def lines(self, wanted: Looked, *, before: int | None = None, limit: int = 50) -> Lines:
        """Entries with a lower number than `before`, the newest first."""
        with self._database.read() as connection:
            top, low = _bounds(connection, wanted, before)
            found = list(connection.execute(_chosen(wanted, top, low, limit + 1)))
        more = len(found) > limit
        rows = [_line(row) for row in found[:limit]]
        if more:
            return Lines(rows, rows[-1].seq)
        return Lines(rows, low if low > 1 else None)

    def views(
        self, ref: str | None, actor: str | None, *, before: int | None = None, limit: int = 50
    ) -> tuple[list[View], int | None]:
        """Who was shown what, the newest first, and where the page after begins."""
        page = self.lines(Looked(ref, actor, VIEWED), before=before, limit=limit)
        numbers = [line.seq for line in page.rows]
        with self._database.read() as connection:
            rows = (
                connection.execute(select(LEDGER).where(LEDGER.c.seq.in_(numbers))).all() if numbers else []
            )
        entries = sorted((self._ledger.entry(row) for row in rows), key=lambda entry: -entry.seq)
        return [_view(entry) for entry in entries], page.next

    def verified(self) -> Entry | None:
        """The last check of the whole ledger that came to its end."""
        chosen = (
            select(LEDGER)
            .where(LEDGER.c.ref == HOUSE, LEDGER.c.event == VERIFIED)
            .order_by(LEDGER.c.seq.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(chosen).first()
        return None if row is None else self._ledger.entry(row)

    def knows(self, ref: str) -> bool:
        """Was this reference ever given to a case here?"""
        with self._database.read() as connection:
            return connection.scalar(select(CASES.c.ref).where(CASES.c.ref == ref)) is not None


def _bounds(connection: Connection, wanted: Looked, before: int | None) -> tuple[int, int]:
    """From which number (excluded) down to which (included) to look."""
    top = before if before is not None else (connection.scalar(select(func.max(LEDGER.c.seq))) or 0) + 1
    if wanted.until is not None:
        top = min(top, _first_from(connection, wanted.until + _SLACK, top))
    low = 1 if wanted.ref is not None else max(1, top - LOOKED_THROUGH)
    if wanted.since is not None:
        low = max(low, _first_from(connection, wanted.since - _SLACK, top))
    return top, low


def _first_from(connection: Connection, moment: datetime, top: int) -> int:
    """The first number below `top` whose entry is of `moment` or later; `top` if there is none."""
    text, low, high = text_of(moment), 1, top
    while low < high:
        middle = (low + high) // 2
        at = connection.scalar(select(LEDGER.c.at).where(LEDGER.c.seq == middle))
        if at is not None and at < text:
            low = middle + 1
        else:
            high = middle
    return low


def _chosen(wanted: Looked, top: int, low: int, limit: int) -> Any:
    where: list[ColumnElement[bool]] = [LEDGER.c.seq < top, LEDGER.c.seq >= low]
    equal = {LEDGER.c.ref: wanted.ref, LEDGER.c.actor: wanted.actor, LEDGER.c.event: wanted.event}
    where += [column == value for column, value in equal.items() if value is not None]
    if wanted.since is not None:
        where.append(LEDGER.c.at >= text_of(wanted.since))
    if wanted.until is not None:
        where.append(LEDGER.c.at < text_of(wanted.until))
    return select(*_SHOWN).where(*where).order_by(LEDGER.c.seq.desc()).limit(limit)


def _line(row: Row[Any]) -> Line:
    values = row._asdict()
    return Line(**{**values, "at": moment_of(values["at"])})


def _view(entry: Entry) -> View:
    what = json.loads(entry.detail).get("what", "") if entry.detail is not None else ""
    return View(entry.seq, entry.ref, entry.at, entry.actor, str(what))


def lines_of_export(ledger: Ledger) -> Iterator[str]:
    """The whole ledger as it is handed out, one entry a line."""
    for line in ledger.export():
        yield line + "\n"
