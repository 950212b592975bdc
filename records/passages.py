"""Through which statuses did each case go, and when? Read from the rows that its moves left in the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select

from records.database import Database
from records.tables import DOCKET, LEDGER, STATES

AT_ONCE = 400
"""Cases asked for in one statement."""
PORTION = 1000
"""Rows fetched at a time."""

_STATUS = re.compile(r'"status":"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Held:
    """One case as the list has it. `row` is its line as JSON, `updated` when it last changed."""

    ref: str
    kind: str
    side: str
    status: str
    state: str
    updated: str
    row: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A case came into `status` at a moment (text in UTC, as kept)."""

    status: str
    at: str


def marks(database: Database) -> dict[str, str]:
    """Every case on the list, with the moment of its last change: what is unchanged needs no second look."""
    chosen = select(DOCKET.c.ref, DOCKET.c.updated)
    with database.read() as connection:
        # In portions: to fetch them all is one long step in which nothing else of the house is answered.
        rows = connection.execution_options(yield_per=PORTION).execute(chosen)
        return {row.ref: row.updated for row in rows}


def held(database: Database, refs: Sequence[str]) -> Iterator[Held]:
    """These cases as the list has them."""
    columns = (
        DOCKET.c.ref, DOCKET.c.kind, DOCKET.c.side, DOCKET.c.status, DOCKET.c.state, DOCKET.c.updated,
        DOCKET.c.row,
    )  # fmt: skip
    for some in _portions(refs):
        with database.read() as connection:
            found = connection.execute(select(*columns).where(DOCKET.c.ref.in_(some))).all()
        for row in found:
            yield Held(*row)


def passages(database: Database, refs: Sequence[str]) -> Iterator[tuple[str, list[Passage]]]:
    """For each of the cases the statuses it came into, oldest first; moves that left it where it was are
    left out."""
    for some in _portions(refs):
        chosen = (
            select(LEDGER.c.ref, LEDGER.c.at, LEDGER.c.row)
            .where(LEDGER.c.ref.in_(some), LEDGER.c.move.is_not(None))
            .order_by(LEDGER.c.ref, LEDGER.c.move)
        )
        with database.read() as connection:
            rows = connection.execute(chosen).all()
        for ref, moves in groupby(rows, key=lambda row: str(row.ref)):
            found: list[Passage] = []
            for move in moves:
                status = _STATUS.search(move.row or "")
                if status is not None and (not found or found[-1].status != status[1]):
                    found.append(Passage(status[1], move.at))
            yield ref, found


def boxes(database: Database, refs: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The sealed last states of these cases."""
    for some in _portions(refs):
        with database.read() as connection:
            rows = connection.execute(select(STATES.c.ref, STATES.c.body).where(STATES.c.ref.in_(some))).all()
        for row in rows:
            yield row.ref, row.body


def _portions(refs: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(refs), AT_ONCE):
        yield refs[start : start + AT_ONCE]
