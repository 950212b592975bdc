"""How is a move filed? Ledger entry, state and docket row in one transaction, or nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from records.boxes import pack
from records.database import Database
from records.keys import CaseKeys, erased
from records.ledger import Draft, Ledger, Tip, append, tip
from records.moments import text_of
from records.projection import write_row
from records.states import States, read_state, write_state
from records.tables import CASES, LEDGER
from schemas.errors import BadData, BadInput, Conflict
from schemas.ids import Digest
from schemas.lifecycle import FINAL
from schemas.work import FileDone, FileWork

_CASE = select(CASES).where(CASES.c.ref == bindparam("case"))


def _draft(work: FileWork, body: bytes, state: Digest) -> Draft:
    return Draft(
        ref=work.ref,
        at=work.at,
        actor=work.actor,
        event=work.event,
        body=body,
        under=work.ref,
        key=work.key,
        message=work.message,
        sealed=work.sealed,
        row=work.row.model_dump_json(),
        state=state,
    )


def _check(work: FileWork) -> None:
    for what, ref in (("state", work.state.ref), ("docket row", work.row.ref)):
        if ref != work.ref:
            raise BadInput(f"The {what} belongs to case {ref}, the move to {work.ref}.", where=work.ref)
    for what, move in (("state", work.state.move), ("docket row", work.row.move)):
        if move != work.move:
            raise BadInput(f"The {what} is that of move {move}, not of {work.move}.", where=work.ref)


def _write_case(connection: Connection, work: FileWork, case: Row[Any]) -> None:
    """Keep what retention and hold need to know, where it changed."""
    row = work.row
    closed = text_of(row.updated) if row.status in FINAL else None
    values = {
        "kind": row.kind.value,
        "retention": row.retention,
        "opened": text_of(row.opened),
        # The day of closing stays, whatever late message is still filed.
        "closed": case.closed if closed and case.closed else closed,
        "held": row.legal_hold,
    }
    if any(getattr(case, name) != value for name, value in values.items()):
        connection.execute(update(CASES).where(CASES.c.ref == work.ref), values)


@dataclass(frozen=True, slots=True)
class Filing:
    """The way into the records for every move."""

    database: Database
    keys: CaseKeys
    ledger: Ledger
    states: States

    def file(self, work: FileWork) -> FileDone:
        """As `Records.file`."""
        _check(work)
        # All that costs time and needs no lock comes first.
        body = self.keys.encrypt(work.ref, pack(work.detail.encode()))
        box, box_digest = self.states.sealed(work.state)
        draft = _draft(work, body, box_digest)

        def write(connection: Connection) -> FileDone:
            where = tip(connection, work.ref)
            if work.move <= where.moves:
                return self._filed_before(connection, work)
            if work.move > where.moves + 1:
                raise Conflict(
                    f"The records hold {where.moves} moves of {work.ref}, the case is at move {work.move}.",
                    where=work.ref,
                    next_step="the records were restored from an older backup: revive the case from them",
                    code="records-behind",
                )
            return self._file(connection, work, draft, where, box)

        return self.database.write(write)

    def _file(self, connection: Connection, work: FileWork, draft: Draft, where: Tip, box: bytes) -> FileDone:
        case = connection.execute(_CASE, {"case": work.ref}).one()
        if case.erased is not None:
            raise erased(work.ref)
        entry = append(connection, draft, where, move=True)
        write_state(connection, work.ref, work.move, box, draft.state or "")
        write_row(connection, work.row, draft.row or "")
        _write_case(connection, work, case)
        return FileDone(entry=entry)

    def _filed_before(self, connection: Connection, work: FileWork) -> FileDone:
        """The same move again: its entry. Else the state as filed: the engine forgot a move, and makes it
        anew at a later moment, or another in its place; the one that was filed counts."""
        row = connection.execute(
            select(LEDGER).where(LEDGER.c.ref == work.ref, LEDGER.c.move == work.move)
        ).one()
        entry = self.ledger.entry(row)
        same = (entry.key, entry.event, entry.actor, entry.house, entry.message, entry.detail) == (
            work.key,
            work.event,
            work.actor.id,
            work.actor.house,
            work.message,
            work.detail,
        )
        filed = read_state(connection, work.ref)
        state = None if filed is None else self.states.opened(work.ref, filed.body)
        if same and state == work.state:
            return FileDone(entry=entry.hash, repeated=True)
        if state is None:
            raise BadData(
                f"The ledger holds moves of {work.ref}, and no state is kept.",
                where=work.ref,
                next_step="restore a backup",
            )
        return FileDone(repeated=same, state=state)
