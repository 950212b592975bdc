"""How does the last move of a case become its line in the lists? Docket, other references and running clocks.

All three tables are made of the rows in the ledger and nothing else, so they can be made anew at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update

from records.moments import text_of
from records.tables import ALIASES, CASES, CLOCKS, DOCKET, LEDGER
from schemas.case import ClockRow, DocketRow

NEVER = "9999-12-31T23:59:59.999999Z"
"""`due` of a case in which nothing is due: it sorts last."""

PROJECTED: tuple[Table, ...] = (DOCKET, ALIASES, CLOCKS)

_AT_ONCE = 500
_BEFORE = select(DOCKET.c.row).where(DOCKET.c.ref == bindparam("case"))
_REPLACE = (
    update(DOCKET)
    .where(DOCKET.c.ref == bindparam("case"))
    .values({column: bindparam(column.name) for column in DOCKET.c if column.name != "ref"})
)


def folded(reference: str) -> str:
    """As references are compared: in small letters and without spaces."""
    return "".join(reference.split()).lower()


def clocks_of(row: DocketRow) -> tuple[ClockRow, ...]:
    """The running time limits of the case.

    A line of an older program names only the next one. Its day is the earliest that the end of a day in any
    authority's zone can be; it is known to have run when the line was written.
    """
    if row.clocks or row.next_due is None:
        return row.clocks
    day = (row.next_due.astimezone(UTC) - timedelta(hours=12)).date()
    told = ClockRow(clock=row.next_clock or "due", due=row.next_due, due_day=day, started=row.updated)
    return (told,)


def projected(row: DocketRow, text: str) -> dict[Table, list[dict[str, Any]]]:
    """What each of the tables holds on the case; `text`: the row as JSON."""
    return {
        DOCKET: [_line(row, text)],
        ALIASES: [
            {"alias": alias, "ref": row.ref} for alias in sorted(set(map(folded, row.aliases))) if alias
        ],
        CLOCKS: [_clock(row.ref, place, clock) for place, clock in enumerate(clocks_of(row))],
    }


def write_row(connection: Connection, row: DocketRow, text: str) -> None:
    """Put this line (`text`: the same as JSON) in the place of the one before."""
    made = projected(row, text)
    before = connection.scalar(_BEFORE, {"case": row.ref})
    if before is None:
        _insert(connection, made)
        return
    line = made.pop(DOCKET)[0]
    connection.execute(_REPLACE, {"case": line.pop("ref"), **line})
    # Most moves change neither, and writers wait for one another.
    old = projected(DocketRow.model_validate_json(before), before)
    changed = {table: rows for table, rows in made.items() if rows != old[table]}
    for table in changed:
        connection.execute(delete(table).where(table.c.ref == row.ref))
    _insert(connection, changed)


def drop_row(connection: Connection, ref: str) -> None:
    """Take an erased case off the lists."""
    for table in PROJECTED:
        connection.execute(delete(table).where(table.c.ref == ref))


def last_rows(connection: Connection) -> Iterator[str]:
    """The line of every case that is not erased, as its last move in the ledger wrote it."""
    last = (
        select(LEDGER.c.ref, func.max(LEDGER.c.move).label("move"))
        .where(LEDGER.c.move.is_not(None))
        .group_by(LEDGER.c.ref)
        .subquery()
    )
    return iter(
        connection.execute(
            select(LEDGER.c.row)
            .join(last, (LEDGER.c.ref == last.c.ref) & (LEDGER.c.move == last.c.move))
            .join(CASES, CASES.c.ref == LEDGER.c.ref)
            .where(CASES.c.erased.is_(None))
            .order_by(LEDGER.c.ref)
        ).scalars()
    )


def expected(connection: Connection) -> Iterator[dict[Table, list[dict[str, Any]]]]:
    """What the tables should hold, case by case."""
    for text in last_rows(connection):
        yield projected(DocketRow.model_validate_json(text), text)


def rebuild_within(connection: Connection) -> int:
    """Make the tables anew from the ledger, in a write transaction that is open. The number of cases."""
    for table in PROJECTED:
        connection.execute(delete(table))
    cases, count = expected(connection), 0
    while some := list(islice(cases, _AT_ONCE)):
        count += len(some)
        _insert(connection, {table: [each for case in some for each in case[table]] for table in PROJECTED})
    return count


def _insert(connection: Connection, made: dict[Table, list[dict[str, Any]]]) -> None:
    for table, rows in made.items():
        if rows:
            connection.execute(insert(table), rows)


def _line(row: DocketRow, text: str) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "folded": row.ref.lower(),
        "theirs": None if row.their_ref is None else folded(row.their_ref),
        "kind": row.kind.value,
        "side": row.side.value,
        "status": row.status,
        "state": row.counterpart_state,
        "instrument": row.instrument,
        "holder_house": row.holder_house,
        "holder_function": row.holder_function,
        "holder_actor": row.holder_actor,
        "due": NEVER if row.next_due is None else text_of(row.next_due),
        "matter": None if row.matter is None else folded(row.matter),
        "provider": row.provider,
        "offered_to": row.offered_to,
        "errands": row.errands,
        "filed_by": row.filed_by,
        "attention": _attention(row),
        "updated": text_of(row.updated),
        "row": text,
    }


def _attention(row: DocketRow) -> str | None:
    """The codes without what they carry after a colon, each between blanks."""
    words = dict.fromkeys(code.partition(":")[0] for code in row.attention)
    return f" {' '.join(words)} " if words else None


def _clock(ref: str, place: int, clock: ClockRow) -> dict[str, Any]:
    return {
        "ref": ref,
        "place": place,
        "clock": clock.clock,
        "due": text_of(clock.due),
        "due_day": clock.due_day.isoformat(),
        "started": text_of(clock.started),
        "article": clock.article,
        "instrument": clock.instrument,
        "law": clock.law,
        "nature": clock.nature,
        "owner": clock.owner,
    }
