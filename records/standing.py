"""How do the records stand: size, release, what is overdue, and what waits for a person?"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text

from records.database import Database
from records.moments import moment_of, text_of
from records.tables import CLOCKS, DOCKET, LEDGER


@dataclass(frozen=True, slots=True)
class Health:
    """The database: which it is, how fast it answers, and how much is in it. `bytes` None: not known."""

    program: str
    seconds: float
    entries: int
    cases: int
    bytes: int | None


@dataclass(frozen=True, slots=True)
class Overdue:
    """Time limits of one clock that are over: how many, and since when the oldest is."""

    clock: str
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that shows something to a person: the other State, and its codes of attention."""

    ref: str
    state: str
    codes: tuple[str, ...]


def health(database: Database) -> Health:
    """Raises Unavailable if the database does not answer."""
    began = time.monotonic()
    with database.read() as connection:
        program = connection.scalar(
            text("select sqlite_version()" if database.sqlite else "show server_version")
        )
        entries = connection.scalar(select(func.max(LEDGER.c.seq))) or 0
        cases = connection.scalar(select(func.count()).select_from(DOCKET)) or 0
        if database.sqlite:
            size = database.path.stat().st_size if database.path is not None else None
        else:
            size = connection.scalar(text("select pg_database_size(current_database())"))
    name = "SQLite" if database.sqlite else "PostgreSQL"
    return Health(f"{name} {program}", time.monotonic() - began, entries, cases, size)


def overdue(database: Database, now: datetime) -> list[Overdue]:
    """Running time limits that ended before `now`, the most frequent first."""
    chosen = (
        select(CLOCKS.c.clock, func.count().label("many"), func.min(CLOCKS.c.due).label("oldest"))
        .where(CLOCKS.c.due < text_of(now))
        .group_by(CLOCKS.c.clock)
        .order_by(func.count().desc(), CLOCKS.c.clock)
    )
    with database.read() as connection:
        return [Overdue(row.clock, row.many, moment_of(row.oldest)) for row in connection.execute(chosen)]


def waiting(database: Database) -> Iterator[Waiting]:
    """Every case that shows something to a person. It reads the whole list: not for a page that waits."""
    chosen = (
        select(DOCKET.c.ref, DOCKET.c.state, DOCKET.c.row)
        .where(DOCKET.c.row.not_like('%"attention":[]%'))
        .order_by(DOCKET.c.ref)
    )
    with database.read() as connection:
        for row in connection.execute(chosen):
            codes = tuple(json.loads(row.row).get("attention", ()))
            if codes:
                yield Waiting(row.ref, row.state, codes)


def changed_since(database: Database, moment: datetime, most: int) -> list[str]:
    """The cases that changed since, the latest first."""
    chosen = (
        select(DOCKET.c.ref)
        .where(DOCKET.c.updated >= text_of(moment))
        .order_by(DOCKET.c.updated.desc())
        .limit(most)
    )
    with database.read() as connection:
        return list(connection.execute(chosen).scalars())
