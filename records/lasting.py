"""Does a session go on? Asked without counting as use, so that a screen left alone is signed out in time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from records.database import Database
from records.moments import moment_of, now
from records.tables import ACCOUNTS, SESSIONS


def lasts(database: Database, hash: str, idle: timedelta) -> bool:
    """Is the session of this hash still good? `idle`: unused for so long, it is over."""
    found = (
        select(SESSIONS.c.seen, SESSIONS.c.ends)
        .join(ACCOUNTS, ACCOUNTS.c.id == SESSIONS.c.account)
        .where(SESSIONS.c.hash == hash, ACCOUNTS.c.closed.is_(None))
    )
    with database.read() as connection:
        row = connection.execute(found).first()
    at = now()
    return row is not None and at < moment_of(row.ends) and at - moment_of(row.seen) < idle
