"""Do ledger, states, docket and vault of this house still agree with one another?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from records.database import Database
from records.ledger import Ledger
from records.projection import PROJECTED, expected
from records.tables import CASES, LEDGER, STATES
from records.vault import Vault
from records.verify import Problem, verify_export
from schemas.errors import BadData
from schemas.ids import digest

NAMING = ("document-added", "letter-sealed", "names-guarded", "names-let-go")
"""Notes of the ledger that name something of the case in the vault, by digest."""


def verify_records(
    database: Database,
    ledger: Ledger,
    vault: Vault,
    head_jws: str | None = None,
    keys: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Problem]:
    """Every problem: the ledger as `verify_export` sees it, states and docket against the ledger, and whether
    the messages and documents that the ledger names lie in the vault. `head_jws`, `keys`: as there."""
    problems = verify_export(ledger.export(), head_jws, keys)
    with database.read(snapshot=True) as connection:
        problems += _states(connection)
        problems += _docket(connection)
        sealed = connection.execute(
            select(LEDGER.c.ref, LEDGER.c.sealed)
            .join(CASES, CASES.c.ref == LEDGER.c.ref)
            .where(LEDGER.c.sealed.is_not(None), CASES.c.erased.is_(None))
            .order_by(LEDGER.c.seq)
        ).all()
        noted = connection.execute(
            select(LEDGER)
            .join(CASES, CASES.c.ref == LEDGER.c.ref)
            .where(LEDGER.c.event.in_(NAMING), CASES.c.erased.is_(None))
            .order_by(LEDGER.c.seq)
        ).all()
    problems += [
        Problem("missing-document", f"{row.ref} {row.sealed}", "A signed message is not in the vault.")
        for row in sealed
        if not vault.has(row.ref, row.sealed)
    ]
    problems += [
        Problem("missing-document", f"{ref} {named}", "A document of a case is not in the vault.")
        for ref, named in _documents(ledger, noted)
        if not vault.has(ref, named)
    ]
    return problems


def _documents(ledger: Ledger, noted: Sequence[Row[Any]]) -> Iterator[tuple[str, str]]:
    """Case and digest of each document that these notes name."""
    for row in noted:
        try:
            detail = json.loads(ledger.entry(row).detail or "{}")
        except BadData:
            # it was altered, which the chain has told
            continue
        named = detail.get("document", detail).get("digest")
        if named is not None:
            yield row.ref, named


def _states(connection: Connection) -> Iterator[Problem]:
    """The state of each case is the one its last move filed."""
    last = {}
    moves = select(LEDGER.c.ref, LEDGER.c.move, LEDGER.c.state).where(LEDGER.c.move.is_not(None))
    for row in connection.execute(moves.order_by(LEDGER.c.seq)):
        last[row.ref] = (row.move, row.state)
    for row in connection.execute(select(STATES).order_by(STATES.c.ref)):
        if last.pop(row.ref, None) != (row.move, digest(row.body)):
            yield Problem("altered-state", row.ref, "The state is not the one that the last move filed.")
    for ref in last:
        yield Problem("missing-state", ref, "The case has moves in the ledger and no state.")


def _docket(connection: Connection) -> Iterator[Problem]:
    """The lists hold what the last move of each case wrote, nothing less and nothing more."""
    should: dict[str, set[tuple[Any, ...]]] = {table.name: set() for table in PROJECTED}
    for case in expected(connection):
        for table, rows in case.items():
            should[table.name].update(tuple(row[column.name] for column in table.c) for row in rows)
    wrong = 0
    for table in PROJECTED:
        wrong += len(should.pop(table.name) ^ {tuple(row) for row in connection.execute(select(table))})
    if wrong:
        yield Problem(
            "docket",
            f"{wrong} lines",
            "The docket differs from the ledger. Next: rogatory docket rebuild",
        )
