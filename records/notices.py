"""Who was told of a notice already? So that one tried again reaches only the others."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection, insert, select

from records.database import Database
from records.moments import now, text_of
from records.tables import NOTICES


def _digest(recipient: str) -> str:
    return sha256(recipient.lower().encode()).hexdigest()


class Notices:
    """What became of each notice for each of its recipients. Of an address only a digest is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def taken(self, notice: str, recipient: str) -> bool | None:
        """True: it was taken; False: refused for good; None: not settled yet."""
        chosen = select(NOTICES.c.taken).where(
            NOTICES.c.notice == notice, NOTICES.c.recipient == _digest(recipient)
        )
        with self._database.read() as connection:
            found: bool | None = connection.scalar(chosen)
        return found

    def note(self, notice: str, recipient: str, taken: bool) -> None:
        """Settle it for this recipient; what was settled first stays."""
        row = {"notice": notice, "recipient": _digest(recipient), "taken": taken, "at": text_of(now())}

        def work(connection: Connection) -> None:
            same = (NOTICES.c.notice == notice) & (NOTICES.c.recipient == row["recipient"])
            if connection.execute(select(NOTICES.c.notice).where(same)).first() is None:
                connection.execute(insert(NOTICES), row)

        self._database.write(work)
