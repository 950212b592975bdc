"""Who sits at which screen? A session is a random token in a cookie, of which only the hash is kept.

A session ends when it was not used for a while, at the end of its day, when its account is closed, or when
the person signs out.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from records.accounts import hashed
from records.database import Database
from records.moments import moment_of, now, text_of
from records.tables import ACCOUNTS, PREFERENCES, SESSIONS
from schemas.moves import Actor
from schemas.vocabulary import Role

TOKEN_BYTES = 32
LONGEST = timedelta(hours=12)
"""However busy: once a day a person shows who they are."""
SEEN_EVERY = timedelta(seconds=60)
"""How often a session in use is written down as used."""
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Session:
    """One person at one screen. `csrf` stands in every form of it; `means`: how they signed in."""

    actor: Actor
    csrf: str
    means: str
    made: datetime
    seen: datetime
    ends: datetime
    language: str | None = None
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """A session as its owner sees it."""

    hash: str
    means: str
    made: datetime
    seen: datetime


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A session that is over by time: whose it was, so that what they typed can be kept for them."""

    account: str


class Sessions:
    """The sessions of one house."""

    def __init__(self, database: Database, house: str, idle: timedelta) -> None:
        self._database = database
        self._house = house
        self.idle = idle

    def begin(self, account: str, means: str) -> str:
        """A new session of an open account: its token, shown once."""
        token, at = secrets.token_urlsafe(TOKEN_BYTES), now()
        row = {
            "hash": hashed(token),
            "account": account,
            "means": means,
            "csrf": secrets.token_urlsafe(TOKEN_BYTES),
            "made": text_of(at),
            "seen": text_of(at),
            "ends": text_of(at + LONGEST),
        }

        def work(connection: Connection) -> None:
            # Only what is over since a day: a lapsed session still says whose typing is to be kept.
            over = text_of(at - LONGEST * 2)
            connection.execute(delete(SESSIONS).where(SESSIONS.c.ends <= over))
            connection.execute(insert(SESSIONS), row)

        self._database.write(work)
        return token

    def of(self, token: str) -> Session | Lapsed | None:
        """The session of `token`; Lapsed if its time is over; None where there is none or it was ended."""
        wanted, at = hashed(token), now()
        found = (
            select(SESSIONS, ACCOUNTS.c.roles, ACCOUNTS.c.agency, PREFERENCES.c.language)
            .join(ACCOUNTS, ACCOUNTS.c.id == SESSIONS.c.account)
            .join(PREFERENCES, PREFERENCES.c.account == SESSIONS.c.account, isouter=True)
            .where(SESSIONS.c.hash == wanted, ACCOUNTS.c.closed.is_(None))
        )
        with self._database.read() as connection:
            row = connection.execute(found).first()
        if row is None:
            return None
        seen = moment_of(row.seen)
        if at >= moment_of(row.ends) or at - seen >= self.idle:
            return Lapsed(row.account)
        if at - seen >= SEEN_EVERY:
            used = update(SESSIONS).where(SESSIONS.c.hash == wanted).values(seen=text_of(at))
            self._database.write(lambda connection: connection.execute(used), durable=False)
        roles = tuple(Role(word) for word in row.roles.split())
        actor = Actor(id=row.account, house=self._house, roles=roles, agency=row.agency)
        return Session(
            actor, row.csrf, row.means, moment_of(row.made), seen, moment_of(row.ends), row.language, wanted
        )

    def end(self, token: str) -> None:
        """Sign out; nothing happens if it is over already."""
        gone = delete(SESSIONS).where(SESSIONS.c.hash == hashed(token))
        self._database.write(lambda connection: connection.execute(gone))

    def end_one(self, account: str, hash: str) -> int:
        """End one session of an account by its hash; 0 if it is over already."""
        gone = delete(SESSIONS).where(SESSIONS.c.account == account, SESSIONS.c.hash == hash)
        return self._database.write(lambda connection: connection.execute(gone).rowcount)

    def all(self, account: str) -> list[Screen]:
        """The account's sessions that go on, the latest used first."""
        at = now()
        own = select(SESSIONS).where(
            SESSIONS.c.account == account,
            SESSIONS.c.ends > text_of(at),
            SESSIONS.c.seen > text_of(at - self.idle),
        )
        with self._database.read() as connection:
            rows = connection.execute(own.order_by(SESSIONS.c.seen.desc()).limit(MOST_SHOWN)).all()
        return [Screen(row.hash, row.means, moment_of(row.made), moment_of(row.seen)) for row in rows]

    def end_all(self, account: str, but: str = "") -> int:
        """End every session of an account, save the one with the hash `but`; how many there were."""
        gone = delete(SESSIONS).where(SESSIONS.c.account == account, SESSIONS.c.hash != but)
        return self._database.write(lambda connection: connection.execute(gone).rowcount)

    def speak(self, account: str, language: str) -> None:
        """Remember in which language the account's pages are."""

        def work(connection: Connection) -> None:
            connection.execute(delete(PREFERENCES).where(PREFERENCES.c.account == account))
            connection.execute(insert(PREFERENCES), {"account": account, "language": language})

        self._database.write(work)
