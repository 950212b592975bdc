"""Which cases are open, who holds them, what is due? Lists without names, made from the ledger."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, tuple_, union

from records.database import Database
from records.keys import erased, unknown
from records.moments import text_of
from records.projection import clocks_of, folded, rebuild_within
from records.tables import ALIASES, CASES, CLOCKS, DOCKET
from schemas.case import ClockRow, DocketRow
from schemas.errors import BadInput
from schemas.lifecycle import FINAL, UNSENT
from schemas.vocabulary import Kind, Side

MOST_ROWS = 500
"""Rows of one page at most."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Cases that can concern somebody of `house`: a wide net, which spares looking at all the others.

    They are held by or on offer to the `agency` or one of the `accounts`, or were filed by one of these;
    `drafts`: or wait to be issued.
    """

    house: str
    agency: str
    accounts: tuple[str, ...]
    drafts: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list; None: any. `holder` matches the house, function or actor that holds, `state` the other
    State, `ref` our own or any other reference of the case, `offered_to` the function or actor in this house
    to whom the baton is offered, `attention` a code for which the case wants it, `away_from` a house
    that does not hold it; `open_only` leaves out closed cases, `concern` those of others."""

    holder: str | None = None
    side: Side | None = None
    state: str | None = None
    status: str | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    ref: str | None = None
    instrument: str | None = None
    open_only: bool = False
    matter: str | None = None
    kind: Kind | None = None
    provider: str | None = None
    offered_to: str | None = None
    attention: str | None = None
    away_from: str | None = None
    concern: Concern | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, those due first; `next` is the cursor of the page after, None at the end."""

    rows: list[DocketRow]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One running time limit with the case it belongs to; `place`: which of the case's it is."""

    line: DocketRow
    clock: ClockRow
    place: int

    @property
    def position(self) -> tuple[datetime, str, int]:
        """Where it stands in the list of all."""
        return self.clock.due, self.line.ref, self.place


EVERYTHING = Filter()


def _of_reference(reference: str, *, aliases: bool = True) -> ColumnElement[bool]:
    text = folded(reference)
    found = [select(DOCKET.c.ref).where(column == text) for column in (DOCKET.c.folded, DOCKET.c.theirs)]
    if aliases:
        found.append(select(ALIASES.c.ref).where(ALIASES.c.alias == text))
    # Each by its own index: of conditions with an "or" between them, PostgreSQL walks through every case.
    return DOCKET.c.ref.in_(union(*found))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    equal = {
        DOCKET.c.side: wanted.side and wanted.side.value,
        DOCKET.c.state: wanted.state and wanted.state.upper(),
        DOCKET.c.status: wanted.status,
        DOCKET.c.instrument: wanted.instrument,
        DOCKET.c.matter: wanted.matter and folded(wanted.matter),
        DOCKET.c.kind: wanted.kind and wanted.kind.value,
        DOCKET.c.provider: wanted.provider,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if wanted.holder is not None:
        held = (DOCKET.c.holder_house, DOCKET.c.holder_function, DOCKET.c.holder_actor)
        found.append(or_(*(column == wanted.holder for column in held)))
    if wanted.due_from is not None:
        found.append(DOCKET.c.due >= text_of(wanted.due_from))
    if wanted.due_before is not None:
        found.append(DOCKET.c.due < text_of(wanted.due_before))
    if wanted.ref is not None:
        found.append(_of_reference(wanted.ref))
    if wanted.offered_to is not None:
        found.append(_offered_to(wanted.offered_to))
    if wanted.attention is not None:
        found.append(_among(DOCKET.c.attention > "", _wants(wanted.attention)))
    if wanted.away_from is not None:
        found.append(DOCKET.c.holder_house != wanted.away_from)
    if wanted.open_only:
        found.append(DOCKET.c.status.not_in(FINAL))
    return found + _concerning(wanted.concern)


def _concerning(concern: Concern | None) -> list[ColumnElement[bool]]:
    if concern is None:
        return []
    at_home = DOCKET.c.holder_house == concern.house
    ways = [
        (DOCKET.c.holder_function == concern.agency, at_home),
        (DOCKET.c.holder_actor.in_(concern.accounts), at_home),
        (DOCKET.c.filed_by.in_(concern.accounts),),
        (DOCKET.c.offered_to > "", or_(*map(_named, (concern.agency, *concern.accounts)))),
    ]
    if concern.drafts:
        ways.append((DOCKET.c.status.in_(UNSENT),))
    # Each way has an index of its own; as one condition, SQLite walks through every case in order of its due.
    return [DOCKET.c.ref.in_(union(*(select(DOCKET.c.ref).where(*way) for way in ways)))]


def _offered_to(name: str) -> ColumnElement[bool]:
    return _among(DOCKET.c.offered_to > "", _named(name))


def _among(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Of the few cases that have such a thing: found by its index, whatever the order of the list."""
    return DOCKET.c.ref.in_(select(DOCKET.c.ref).where(*conditions))


def _named(name: str) -> ColumnElement[bool]:
    """`name` is the function, or the one person in it that the offer names."""
    offered = DOCKET.c.offered_to
    return or_(
        offered == name,
        offered.startswith(f"{name}/", autoescape=True),
        offered.endswith(f"/{name}", autoescape=True),
    )


def _wants(code: str) -> ColumnElement[bool]:
    return DOCKET.c.attention.contains(f" {code} ", autoescape=True)


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
    except (binascii.Error, ValueError, RecursionError, TypeError) as error:
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

    def count(self, wanted: Filter) -> int:
        """How many rows `find` has for the filter. Quick for what an index leads to: status, holder, due."""
        chosen = select(func.count()).select_from(DOCKET).where(*_conditions(wanted))
        with self._database.read() as connection:
            return connection.scalar(chosen) or 0

    def row(self, ref: str) -> DocketRow:
        """The row of one case. Raises NotFound (unknown, or code `erased`)."""
        with self._database.read() as connection:
            text = connection.scalar(select(DOCKET.c.row).where(DOCKET.c.ref == ref))
            if text is None:
                gone = connection.scalar(select(CASES.c.erased).where(CASES.c.ref == ref))
                raise unknown(ref) if gone is None else erased(ref)
        return DocketRow.model_validate_json(text)

    def by_reference(self, text: str, *, aliases: bool = True) -> list[DocketRow]:
        """Every case with this reference, in any capitals and spacing; any but our own may match several.

        `aliases`: also those of providers, reports and alerts. A letter of another house names none of these.
        """
        return self._rows(_of_reference(text, aliases=aliases))

    def of_refs(self, refs: Iterable[str]) -> list[DocketRow]:
        """The cases of these references of our own, as far as they are there."""
        return self._rows(DOCKET.c.ref.in_(list(refs)))

    def errands(self) -> list[str]:
        """References of the cases that want something done which nobody has done yet, those due first."""
        # Sorted here: with an order to keep, SQLite walks through every case instead of these few.
        waiting = select(DOCKET.c.due, DOCKET.c.ref).where(DOCKET.c.errands > 0)
        with self._database.read() as connection:
            return [row.ref for row in sorted(connection.execute(waiting).all(), key=tuple)]

    def of_matter(self, matter: str) -> list[DocketRow]:
        """Every case of one matter, by reference; empty if there is none."""
        return self.of_matters([matter])

    def of_matters(self, matters: Iterable[str]) -> list[DocketRow]:
        """Every case of these matters, matter by matter."""
        return self._rows(DOCKET.c.matter.in_([folded(matter) for matter in matters]))

    def matters(self, *, limit: int = 50, after: str = "", concern: Concern | None = None) -> list[str]:
        """Names of matters as they are searched for, in order; `after`: the last of the page before.

        `concern`: only matters with such a case.
        """
        named = (
            select(DOCKET.c.matter)
            .where(DOCKET.c.matter > folded(after), *_concerning(concern))
            .distinct()
            .order_by(DOCKET.c.matter)
            .limit(limit)
        )
        with self._database.read() as connection:
            return list(connection.execute(named).scalars())

    def due(
        self,
        before: datetime | None = None,
        owner: str | None = None,
        law: bool | None = None,
        limit: int = MOST_ROWS,
        *,
        after: tuple[datetime, str, int] | None = None,
        concern: Concern | None = None,
    ) -> list[Due]:
        """Running time limits that end before that moment, the earliest first, at most `limit`.

        `owner`: of that function; `law`: set by law, or by our own practice; `after`: where the last one of
        the page before stands (`Due.position`); `concern`: only of such cases.
        """
        conditions = _concerning(concern)
        if before is not None:
            conditions.append(CLOCKS.c.due < text_of(before))
        if owner is not None:
            conditions.append(CLOCKS.c.owner == owner)
        if law is not None:
            conditions.append(CLOCKS.c.law.is_(law))
        order = (CLOCKS.c.due, CLOCKS.c.ref, CLOCKS.c.place)
        if after is not None:
            conditions.append(tuple_(*order) > (text_of(after[0]), *after[1:]))
        chosen = (
            select(CLOCKS.c.place, DOCKET.c.row)
            .join(DOCKET, DOCKET.c.ref == CLOCKS.c.ref)
            .where(*conditions)
            .order_by(*order)
            .limit(limit)
        )
        with self._database.read() as connection:
            found = connection.execute(chosen).all()
        lines = [(DocketRow.model_validate_json(row.row), row.place) for row in found]
        return [Due(line, clocks_of(line)[place], place) for line, place in lines]

    def rebuild(self) -> int:
        """Make the lists anew from the ledger. Returns the number of cases."""
        return self._database.write(rebuild_within)

    def _rows(self, condition: ColumnElement[bool]) -> list[DocketRow]:
        chosen = select(DOCKET.c.row).where(condition).order_by(DOCKET.c.matter, DOCKET.c.ref)
        with self._database.read() as connection:
            return [DocketRow.model_validate_json(row) for row in connection.execute(chosen).scalars()]
