"""Which cases are open, who holds them, what is due? A list without names, made from the ledger."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, or_, select, tuple_, update

from records.database import Database
from records.keys import erased, unknown
from records.moments import text_of
from records.tables import CASES, DOCKET, LEDGER
from schemas.case import DocketRow
from schemas.errors import BadInput
from schemas.lifecycle import FINAL
from schemas.vocabulary import Side

NEVER = "9999-12-31T23:59:59.999999Z"
"""`due` of a case in which nothing is due: it sorts last."""

MOST_ROWS = 500
"""Rows of one page at most."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list; None: any. `holder` matches the house, function or actor that holds, `state` the other
    State, `ref` our own or the other side's reference; `open_only` leaves out closed cases."""

    holder: str | None = None
    side: Side | None = None
    state: str | None = None
    status: str | None = None
    due_before: datetime | None = None
    ref: str | None = None
    instrument: str | None = None
    open_only: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, those due first; `next` is the cursor of the page after, None at the end."""

    rows: list[DocketRow]
    next: str | None = None


EVERYTHING = Filter()

_REPLACE = (
    update(DOCKET)
    .where(DOCKET.c.ref == bindparam("case"))
    .values({column: bindparam(column.name) for column in DOCKET.c if column.name not in ("ref", "folded")})
)


def write_row(connection: Connection, row: DocketRow, text: str) -> None:
    """Put this line (`text`: the same as JSON) in the place of the one before."""
    values = _columns(row, text)
    if connection.execute(_REPLACE, {"case": row.ref, **values}).rowcount == 0:
        connection.execute(insert(DOCKET), {"ref": row.ref, "folded": row.ref.lower(), **values})


def drop_row(connection: Connection, ref: str) -> None:
    """Take an erased case off the list."""
    connection.execute(delete(DOCKET).where(DOCKET.c.ref == ref))


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


def _folded(reference: str) -> str:
    return " ".join(reference.split()).lower()


def _columns(row: DocketRow, text: str) -> dict[str, Any]:
    return {
        "theirs": None if row.their_ref is None else _folded(row.their_ref),
        "side": row.side.value,
        "status": row.status,
        "state": row.counterpart_state,
        "instrument": row.instrument,
        "holder_house": row.holder_house,
        "holder_function": row.holder_function,
        "holder_actor": row.holder_actor,
        "due": NEVER if row.next_due is None else text_of(row.next_due),
        "row": text,
    }


def _of_reference(reference: str) -> ColumnElement[bool]:
    return or_(DOCKET.c.folded == _folded(reference), DOCKET.c.theirs == _folded(reference))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    equal = {
        DOCKET.c.side: wanted.side and wanted.side.value,
        DOCKET.c.state: wanted.state and wanted.state.upper(),
        DOCKET.c.status: wanted.status,
        DOCKET.c.instrument: wanted.instrument,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if wanted.holder is not None:
        held = (DOCKET.c.holder_house, DOCKET.c.holder_function, DOCKET.c.holder_actor)
        found.append(or_(*(column == wanted.holder for column in held)))
    if wanted.due_before is not None:
        found.append(DOCKET.c.due < text_of(wanted.due_before))
    if wanted.ref is not None:
        found.append(_of_reference(wanted.ref))
    if wanted.open_only:
        found.append(DOCKET.c.status.not_in(FINAL))
    return found


def _name_of(wanted: Filter) -> str:
    """Tells one filter from another, so that a cursor is used only where it was given."""
    return hashlib.sha256(json.dumps(asdict(wanted), default=str).encode()).hexdigest()[:12]


def _cursor(due: str, ref: str, wanted: Filter) -> str:
    return base64.urlsafe_b64encode(json.dumps([due, ref, _name_of(wanted)]).encode()).decode()


def _position(cursor: str, wanted: Filter) -> tuple[str, str]:
    try:
        due, ref, name = json.loads(base64.b64decode(cursor.encode(), altchars=b"-_", validate=True))
        if not (isinstance(due, str) and isinstance(ref, str) and name == _name_of(wanted)):
            raise ValueError
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadInput(
            "This cursor does not continue this list.",
            where="after",
            next_step="begin again without it, and keep the filter while paging",
        ) from error
    return due, ref


class Docket:
    """The list of the cases of one house."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, wanted: Filter = EVERYTHING, *, limit: int = 50, after: str | None = None) -> Page:
        """Rows by filter, at most MOST_ROWS. Raises BadInput: cursor of another list, limit below 1."""
        if limit < 1:
            raise BadInput(
                f"A page of {limit} rows shows nothing.", where="limit", next_step="ask for 1 or more"
            )
        limit = min(limit, MOST_ROWS)
        conditions = _conditions(wanted)
        if after is not None:
            conditions.append(tuple_(DOCKET.c.due, DOCKET.c.ref) > _position(after, wanted))
        chosen = (
            select(DOCKET.c.row, DOCKET.c.due, DOCKET.c.ref)
            .where(*conditions)
            .order_by(DOCKET.c.due, DOCKET.c.ref)
            .limit(limit + 1)
        )
        with self._database.read() as connection:
            found = connection.execute(chosen).all()
        more = len(found) > limit
        found = found[:limit]
        rows = [DocketRow.model_validate_json(line.row) for line in found]
        return Page(rows, _cursor(found[-1].due, found[-1].ref, wanted) if more else None)

    def row(self, ref: str) -> DocketRow:
        """The row of one case. Raises NotFound (unknown, or code `erased`)."""
        with self._database.read() as connection:
            text = connection.scalar(select(DOCKET.c.row).where(DOCKET.c.ref == ref))
            if text is None:
                gone = connection.scalar(select(CASES.c.erased).where(CASES.c.ref == ref))
                raise unknown(ref) if gone is None else erased(ref)
        return DocketRow.model_validate_json(text)

    def by_reference(self, text: str) -> list[DocketRow]:
        """Every case with this own or foreign reference, in any capitals. A foreign one may match several."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(DOCKET.c.row).where(_of_reference(text)).order_by(DOCKET.c.ref)
            ).scalars()
            return [DocketRow.model_validate_json(row) for row in rows]

    def rebuild(self) -> int:
        """Make the list anew from the ledger. Returns the number of rows."""

        def work(connection: Connection) -> int:
            connection.execute(delete(DOCKET))
            rows = [(DocketRow.model_validate_json(text), text) for text in last_rows(connection)]
            for row, text in rows:
                write_row(connection, row, text)
            return len(rows)

        return self._database.write(work)
