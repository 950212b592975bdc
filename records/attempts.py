"""Was this asked before, and what was answered? Idempotency keys, written before the deed.

They are written without waiting for the disk: the filing that follows waits, and takes them along. What a
loss of power takes with it was never answered.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Update, bindparam, delete, func, insert, select, update

from records.database import Database
from records.moments import now, text_of
from records.tables import ATTEMPTS
from schemas.errors import Conflict, NotFound

_OF_KEY = select(ATTEMPTS).where(ATTEMPTS.c.key == bindparam("wanted"))
_INSERT = insert(ATTEMPTS)
_FINISH = (
    update(ATTEMPTS)
    .where(ATTEMPTS.c.key == bindparam("wanted"))
    # The first reply stays: of two that came at once, both go on with what `begin` then tells them.
    .values(reply=func.coalesce(ATTEMPTS.c.reply, bindparam("reply")), error=None, ended=bindparam("ended"))
)
_REFUSE = (
    update(ATTEMPTS)
    .where(ATTEMPTS.c.key == bindparam("wanted"))
    .values(error=bindparam("error"), ended=bindparam("ended"))
)


class Attempts:
    """What was attempted, by key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, key: str, actor: str, what: str, digest: str) -> str | None:
        """Write down that `actor` attempts `what` (content `digest`). The reply (JSON) if there is one.

        None: go on (first time, or the earlier attempt was never answered or was refused).
        Raises Conflict if the key was used by another actor or for another content.
        """
        row = {"key": key, "actor": actor, "what": what, "digest": digest, "begun": text_of(now())}

        def work(connection: Connection) -> str | None:
            before = connection.execute(_OF_KEY, {"wanted": key}).first()
            if before is None:
                connection.execute(_INSERT, row)
                return None
            if (before.actor, before.what, before.digest) != (actor, what, digest):
                raise Conflict(
                    "This idempotency key was used before for something else.",
                    where="Idempotency-Key",
                    next_step="take a new key for a new request",
                )
            reply: str | None = before.reply
            return reply

        return self._database.write(work, durable=False)

    def finish(self, key: str, reply: str) -> None:
        """Keep the reply (JSON without personal data). Raises NotFound for a key never begun.

        The first reply stays: of two that came at once, both go on with what `begin` then tells them.
        """
        self._end(_FINISH, key, {"reply": reply})

    def refuse(self, key: str, error: str) -> None:
        """Keep why it was refused (JSON without personal data); the key may be tried again."""
        self._end(_REFUSE, key, {"error": error})

    def refusal(self, key: str) -> str | None:
        """Why the last attempt under this key was refused (JSON), if it was."""
        with self._database.read() as connection:
            error: str | None = connection.scalar(select(ATTEMPTS.c.error).where(ATTEMPTS.c.key == key))
        return error

    def answered(self, key: str) -> bool:
        """Is there a reply under this key, which will be given again whatever has changed since?"""
        return self.reply(key) is not None

    def reply(self, key: str) -> str | None:
        """The reply (JSON) under this key, whoever began it and for what."""
        with self._database.read() as connection:
            reply: str | None = connection.scalar(select(ATTEMPTS.c.reply).where(ATTEMPTS.c.key == key))
        return reply

    def forget(self, before: datetime) -> int:
        """Drop attempts begun before; how many."""
        return self._database.write(
            lambda connection: (
                connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.begun < text_of(before))).rowcount
            )
        )

    def _end(self, statement: Update, key: str, values: dict[str, str]) -> None:
        def work(connection: Connection) -> None:
            ended = {**values, "wanted": key, "ended": text_of(now())}
            if connection.execute(statement, ended).rowcount == 0:
                raise NotFound("No attempt was begun under this key.", next_step="begin it first")

        self._database.write(work, durable=False)
