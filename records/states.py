"""How does a case stand, and which moves brought it there? The last filed state, and the ledger's moves."""

from __future__ import annotations

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from records.boxes import pack, unpack
from records.database import Database
from records.keys import CaseKeys, unknown
from records.ledger import Entry, Ledger
from records.tables import STATES
from schemas.case import CaseState
from schemas.ids import Digest, digest

_READ = select(STATES).where(STATES.c.ref == bindparam("case"))
_REPLACE = (
    update(STATES)
    .where(STATES.c.ref == bindparam("case"))
    .values(move=bindparam("move"), body=bindparam("body"), digest=bindparam("digest"))
)


def read_state(connection: Connection, ref: str) -> Row[tuple[str, int, bytes, str]] | None:
    """The row of the case (ref, move, body, digest), if it has been filed."""
    return connection.execute(_READ, {"case": ref}).first()


def write_state(connection: Connection, ref: str, move: int, box: bytes, box_digest: Digest) -> None:
    """Put this state in the place of the one before."""
    values = {"move": move, "body": box, "digest": box_digest}
    if connection.execute(_REPLACE, {"case": ref, **values}).rowcount == 0:
        connection.execute(insert(STATES), {"ref": ref, **values})


class States:
    """The last state of every case."""

    def __init__(self, database: Database, keys: CaseKeys, ledger: Ledger) -> None:
        self._database = database
        self._keys = keys
        self._ledger = ledger

    def latest(self, ref: str) -> CaseState:
        """The state as last filed. Raises NotFound (unknown case, or code `erased`)."""
        with self._database.read() as connection:
            row = read_state(connection, ref)
        if row is None:
            raise unknown(ref)
        return self.opened(ref, row.body)

    def known(self, ref: str) -> bool:
        """Was a case of this reference ever filed?"""
        with self._database.read() as connection:
            return read_state(connection, ref) is not None

    def moves(self, ref: str) -> list[Entry]:
        """The moves of the case, oldest first, with their bodies. Raises NotFound (unknown, or `erased`)."""
        self._keys.get(ref)
        return [entry for entry in self._ledger.entries(ref) if entry.move is not None]

    def sealed(self, state: CaseState) -> tuple[bytes, Digest]:
        """The state as it lies in the database: ciphertext and its digest."""
        box = self._keys.encrypt(state.ref, pack(state.model_dump_json().encode()))
        return box, digest(box)

    def opened(self, ref: str, box: bytes) -> CaseState:
        """The state from its ciphertext."""
        return CaseState.model_validate_json(unpack(self._keys.decrypt(ref, box)))
