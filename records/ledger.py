"""What happened, in which order, and by whom? Append-only entries, chained by hash per case."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from records.boxes import pack, unpack
from records.chain import EXPORT, HASHED, START, canonical, entry_hash, first_root, next_root
from records.database import Database
from records.keys import CaseKeys, unknown
from records.moments import moment_of, text_of
from records.references import HOUSE
from records.tables import CASES, LEDGER
from schemas.errors import NotFound
from schemas.ids import Digest, digest
from schemas.moves import Actor

_ROWS_AT_ONCE = 500

_OF_CASE = LEDGER.c.ref == bindparam("case")

# Built once: putting it together costs more than asking it.
_TIP = select(
    select(func.max(LEDGER.c.seq)).scalar_subquery().label("seq"),
    select(LEDGER.c.hash)
    .where(_OF_CASE)
    .order_by(LEDGER.c.seq.desc())
    .limit(1)
    .scalar_subquery()
    .label("hash"),
    select(func.max(LEDGER.c.move)).where(_OF_CASE).scalar_subquery().label("moves"),
    select(func.max(LEDGER.c.note)).where(_OF_CASE).scalar_subquery().label("notes"),
)
_INSERT = insert(LEDGER)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry without its content. `move` counts the moves of a case from 1, `note` its other entries; one
    of them is None. The time is UTC, `hash` 64 hexadecimal digits."""

    seq: int
    ref: str
    move: int | None
    note: int | None
    at: datetime
    actor: str
    house: str
    event: str
    message: str | None
    hash: str


@dataclass(frozen=True, slots=True)
class Entry(Line):
    """One entry, whole. `detail` is the decrypted body (JSON), None once the case is erased. `row` is the
    docket row (JSON), `prev` the hash before, as 64 hexadecimal digits."""

    key: str
    sealed: Digest | None
    row: str | None
    detail: str | None
    prev: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has its place in the chain. `body` is ciphertext under the key of `under`."""

    ref: str
    at: datetime
    actor: Actor
    event: str
    body: bytes
    under: str
    key: str = ""
    message: str | None = None
    sealed: Digest | None = None
    row: str | None = None
    state: Digest | None = None


@dataclass(frozen=True, slots=True)
class Tip:
    """Where the ledger stands: `seq` of the house, and for one case its last hash, moves and notes so far."""

    seq: int
    hash: str
    moves: int
    notes: int


def tip(connection: Connection, ref: str) -> Tip:
    """Where the ledger and the case `ref` stand, as seen in this transaction."""
    row = connection.execute(_TIP, {"case": ref}).one()
    return Tip(row.seq or 0, row.hash or START, row.moves or 0, row.notes or 0)


def append(connection: Connection, draft: Draft, where: Tip, *, move: bool) -> str:
    """Add one entry behind `where` (seen in the same write transaction). Returns its hash."""
    values: dict[str, Any] = {
        "seq": where.seq + 1,
        "ref": draft.ref,
        "move": where.moves + 1 if move else None,
        "note": None if move else where.notes + 1,
        "at": text_of(draft.at),
        "actor": draft.actor.id,
        "house": draft.actor.house,
        "event": draft.event,
        "key": draft.key,
        "message": draft.message,
        "sealed": draft.sealed,
        "row": draft.row,
        "body_digest": digest(draft.body),
        "under": draft.under,
        "state": draft.state,
        "prev": where.hash,
    }
    values["hash"] = entry_hash(values)
    connection.execute(_INSERT, {**values, "body": draft.body})
    return str(values["hash"])


def export_line(row: Row[Any]) -> str:
    """One entry as a line of an export."""
    values = {name: getattr(row, name) for name in (*HASHED, "hash")}
    return canonical({**values, "body": base64.b64encode(row.body).decode()})


class Ledger:
    """The ledger of one house."""

    def __init__(self, database: Database, keys: CaseKeys, house: str) -> None:
        self._database = database
        self._keys = keys
        self._house = house

    def note(self, ref: str, actor: Actor, event: str, detail: dict[str, Any], at: datetime) -> str:
        """Write an entry that is no move (refused message, attempt, hold, view of protected data). Its hash.

        `ref` HOUSE where no case is concerned. `detail` is encrypted with the case key; with the house's own
        where the case is erased, so nothing of the case's content belongs into it then.
        Raises NotFound for an unknown case.
        """
        draft = self.draft(ref, actor, event, detail, at)
        return self._database.write(
            lambda connection: append(connection, draft, tip(connection, ref), move=False)
        )

    def draft(
        self,
        ref: str,
        actor: Actor,
        event: str,
        detail: dict[str, Any],
        at: datetime,
        *,
        under: str | None = None,
    ) -> Draft:
        """The note that `note` would write, for those who write it together with something else."""
        if under is None:
            under = ref
            try:
                self._keys.get(ref)
            except NotFound as error:
                if error.code != "erased":
                    raise
                under = HOUSE
        body = self._keys.encrypt(under, pack(json.dumps(detail, ensure_ascii=False).encode()))
        return Draft(ref, at, actor, event, body, under)

    def entries(self, ref: str) -> list[Entry]:
        """All entries of a case in order, decrypted where the key still exists. Raises NotFound."""
        with self._database.read() as connection:
            rows = connection.execute(select(LEDGER).where(LEDGER.c.ref == ref).order_by(LEDGER.c.seq)).all()
            known = rows or ref == HOUSE or connection.scalar(select(CASES.c.ref).where(CASES.c.ref == ref))
        if not known:
            raise unknown(ref)
        return [self.entry(row) for row in rows]

    def at(self, numbers: Sequence[int]) -> list[Entry]:
        """The entries of these numbers (`seq`), in order."""
        with self._database.read() as connection:
            wanted = select(LEDGER).where(LEDGER.c.seq.in_(numbers)).order_by(LEDGER.c.seq)
            rows = connection.execute(wanted).all()
        return [self.entry(row) for row in rows]

    def of_key(self, ref: str, key: str) -> Entry | None:
        """The move that an idempotency key made, also one that the state no longer remembers."""
        return self._first(LEDGER.c.ref == ref, LEDGER.c.key == key, LEDGER.c.move.is_not(None))

    def of_message(self, message: str) -> Entry | None:
        """The first move that a message from another house made."""
        return self._first(LEDGER.c.message == message, LEDGER.c.move.is_not(None))

    def export(self) -> Iterator[str]:
        """The whole ledger as lines of JSON without line ends, for `records.verify.verify_export`.

        The first line names the house, the number of entries and the root over them.
        """
        with self._database.read(snapshot=True) as connection:
            root, count = first_root(self._house), 0
            for hash in connection.execute(select(LEDGER.c.hash).order_by(LEDGER.c.seq)).scalars():
                root, count = next_root(root, hash), count + 1
            yield canonical({"type": EXPORT, "house": self._house, "count": count, "root": root})
            for first in range(1, count + 1, _ROWS_AT_ONCE):
                chosen = LEDGER.c.seq.between(first, min(first + _ROWS_AT_ONCE - 1, count))
                for row in connection.execute(select(LEDGER).where(chosen).order_by(LEDGER.c.seq)):
                    yield export_line(row)

    def entry(self, row: Row[Any]) -> Entry:
        """An entry as read from its table."""
        try:
            detail: str | None = unpack(self._keys.decrypt(row.under, row.body)).decode()
        except NotFound as error:
            if error.code != "erased":
                raise
            detail = None
        return Entry(
            seq=row.seq,
            ref=row.ref,
            move=row.move,
            note=row.note,
            at=moment_of(row.at),
            actor=row.actor,
            house=row.house,
            event=row.event,
            key=row.key,
            message=row.message,
            sealed=row.sealed,
            row=row.row,
            detail=detail,
            hash=row.hash,
            prev=row.prev,
        )

    def _first(self, *where: Any) -> Entry | None:
        with self._database.read() as connection:
            row = connection.execute(select(LEDGER).where(*where).order_by(LEDGER.c.seq).limit(1)).first()
        return None if row is None else self.entry(row)
