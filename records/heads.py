"""Up to where does the ledger stand, signed? A checkpoint over all entries of the house."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import rfc8785
from sqlalchemy import Connection, Row, insert, select

from records.chain import first_root, next_root
from records.database import Database
from records.moments import moment_of, now, text_of
from records.tables import HEADS, LEDGER
from schemas.messages import Head

Sign = Callable[[bytes], str]
"""Signs payload bytes (canonical JSON) as a compact JWS: `letters.seal.sign` with its key bound."""

FRESH = timedelta(seconds=5)
"""So long a head may be shown again although entries have followed."""


def _last(connection: Connection) -> Row[Any] | None:
    return connection.execute(select(HEADS).order_by(HEADS.c.entries.desc()).limit(1)).first()


class Heads:
    """The signed heads of one house."""

    def __init__(self, database: Database, house: str) -> None:
        self._database = database
        self._house = house

    def current(self, sign: Sign) -> str:
        """A signed Head (compact JWS): one that covers every entry, or one younger than 5 seconds."""
        at = now()
        with self._database.read(snapshot=True) as connection:
            last = _last(connection)
            if last is not None and timedelta(0) <= at - moment_of(last.at) < FRESH:
                return str(last.jws)
            count, root = (0, first_root(self._house)) if last is None else (last.entries, last.root)
            since = select(LEDGER.c.hash).where(LEDGER.c.seq > count).order_by(LEDGER.c.seq)
            for hash in connection.execute(since).scalars():
                count, root = count + 1, next_root(root, hash)
        if last is not None and last.entries == count:
            return str(last.jws)
        head = Head(house=self._house, count=count, root=f"sha256:{root}", at=at)
        jws = sign(rfc8785.dumps(head.model_dump(mode="json")))
        row = {"entries": count, "root": root, "at": text_of(at), "jws": jws}
        return self._database.write(lambda connection: self._keep(connection, row), durable=False)

    def all(self) -> list[str]:
        """Every head ever signed that is still here, oldest first (compact JWS)."""
        with self._database.read() as connection:
            return list(connection.execute(select(HEADS.c.jws).order_by(HEADS.c.entries)).scalars())

    @staticmethod
    def _keep(connection: Connection, row: dict[str, object]) -> str:
        # Another process may have signed the same point meanwhile: one head per point is enough.
        there = connection.scalar(select(HEADS.c.jws).where(HEADS.c.entries == row["entries"]))
        if there is not None:
            return str(there)
        connection.execute(insert(HEADS), row)
        return str(row["jws"])
