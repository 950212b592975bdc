"""Under which reference does a case run? The office's own numbering, each number given once."""

from __future__ import annotations

from datetime import date

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, insert, select, update

from records.database import Database
from records.moments import now, text_of
from records.tables import CASES, COUNTERS
from schemas.errors import BadInput, Conflict
from schemas.ids import Ref
from schemas.vocabulary import Kind

HOUSE = "house"
"""Stands for the house itself where something belongs to no case; no case may carry this reference."""

_REF: TypeAdapter[str] = TypeAdapter(Ref)


def check_ref(ref: str) -> str:
    """`ref` itself. Raises BadInput unless a case may carry it."""
    try:
        _REF.validate_python(ref)
    except ValidationError as error:
        raise BadInput(
            f"{ref[:80]!r} cannot be a reference.",
            next_step="3 to 64 letters, digits, . / _ or -, beginning with a letter or digit",
        ) from error
    if ref.lower() == HOUSE:
        raise BadInput(f"{ref!r} stands for the house itself.", next_step="take another reference")
    return ref


def is_taken(connection: Connection, ref: str) -> bool:
    """Was the reference, or one that differs only in capitals, given out?"""
    return connection.execute(select(CASES.c.ref).where(CASES.c.folded == ref.lower())).first() is not None


def reserve_within(connection: Connection, ref: str) -> None:
    """Take a free reference, inside a write transaction that is open."""
    row = {"ref": ref, "folded": ref.lower(), "reserved": text_of(now()), "held": False}
    connection.execute(insert(CASES), row)


def _count(connection: Connection, name: str) -> int:
    counted = connection.execute(
        update(COUNTERS)
        .where(COUNTERS.c.name == name)
        .values(value=COUNTERS.c.value + 1)
        .returning(COUNTERS.c.value)
    ).scalar()
    if counted is not None:
        return int(counted)
    connection.execute(insert(COUNTERS), {"name": name, "value": 1})
    return 1


SHORT = {
    Kind.MLA: "MLA",
    Kind.EXTRADITION: "EXT",
    Kind.PRESERVATION: "PRES",
    Kind.PRODUCTION: "PROD",
    Kind.PROSECUTION: "PROS",
}
"""What a kind is called in a reference: short, since people say it on the telephone."""


class References:
    """The numbering of one house. `scheme` as in the setting `reference`, `state` the house's own."""

    def __init__(self, database: Database, scheme: str, state: str) -> None:
        self._database = database
        self._scheme = scheme
        self._state = state
        self._made(Kind.MLA, 2000, 1)

    def next(self, kind: Kind, on: date) -> str:
        """The next reference of the year of `on` by the scheme; taken for ever, also if no case follows."""

        def work(connection: Connection) -> str:
            while True:
                ref = self._made(kind, on.year, _count(connection, str(on.year)))
                # Numbers taken over from an old register are stepped over.
                if not is_taken(connection, ref):
                    reserve_within(connection, ref)
                    return ref

        return self._database.write(work)

    def reserve(self, ref: str) -> None:
        """Take a reference from outside (an old register). Raises Conflict (taken), BadInput (malformed)."""
        check_ref(ref)

        def work(connection: Connection) -> None:
            if is_taken(connection, ref):
                raise Conflict(
                    f"The reference {ref} is taken.", where=ref, next_step="give another reference"
                )
            reserve_within(connection, ref)

        self._database.write(work)

    def known(self, ref: str) -> bool:
        """Was it given out, whatever its capitals?"""
        with self._database.read() as connection:
            return is_taken(connection, ref)

    def _made(self, kind: Kind, year: int, number: int) -> str:
        try:
            made = self._scheme.format(state=self._state, kind=SHORT[kind], year=year, number=number)
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            raise BadInput(
                f"The numbering scheme {self._scheme!r} cannot be used.",
                where="setting reference",
                next_step="use {state}, {kind}, {year}, {number}: {state}-{kind}-{year}-{number:05d}",
            ) from error
        if "{number" not in self._scheme:
            raise BadInput(
                f"The numbering scheme {self._scheme!r} has no {{number}}.",
                where="setting reference",
                next_step="add {number}, or every case would carry the same reference",
            )
        return check_ref(made)
