"""What is under way while somebody signs in, and how often did it go wrong? Both for minutes, an invitation
for days; sealed, found only by the random word that its owner holds."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from records.accounts import hashed
from records.database import Database
from records.keys import CaseKeys
from records.moments import moment_of, now, text_of
from records.references import HOUSE
from records.tables import SIGN_IN_FAILURES, SIGN_INS
from schemas.errors import BadData

Json = dict[str, Any]
WORD_BYTES = 32
MOST_FAILURES = 5
REMEMBERED = timedelta(minutes=15)
"""For so long a failure counts; after MOST_FAILURES of them one must wait."""


class SignIns:
    """What is under way in one house."""

    def __init__(self, database: Database, keys: CaseKeys) -> None:
        self._database = database
        self._keys = keys

    def begin(self, kind: str, content: Json, lasts: timedelta) -> str:
        """Keeps `content` for a while: the word by which it is found. What is over goes."""
        word, at = secrets.token_urlsafe(WORD_BYTES), now()
        row = {
            "hash": hashed(word),
            "kind": kind,
            "content": self._keys.encrypt(HOUSE, json.dumps(content).encode()),
            "ends": text_of(at + lasts),
        }

        def work(connection: Connection) -> None:
            connection.execute(delete(SIGN_INS).where(SIGN_INS.c.ends <= text_of(at)))
            connection.execute(insert(SIGN_INS), row)

        self._database.write(work)
        return word

    def look(self, kind: str, word: str) -> Json | None:
        """What was kept under `word`, if its time is not over."""
        wanted = select(SIGN_INS.c.content).where(
            SIGN_INS.c.hash == hashed(word), SIGN_INS.c.kind == kind, SIGN_INS.c.ends > text_of(now())
        )
        with self._database.read() as connection:
            found = connection.scalar(wanted)
        return None if found is None else self._opened(found)

    def take(self, kind: str, word: str) -> Json | None:
        """As `look`, but once: of two who come with the same word, one gets it."""
        found = self.look(kind, word)
        gone = delete(SIGN_INS).where(SIGN_INS.c.hash == hashed(word), SIGN_INS.c.kind == kind)
        taken = self._database.write(lambda connection: connection.execute(gone).rowcount)
        return found if taken == 1 else None

    def drop(self, kind: str, account: str) -> int:
        """Ends everything of `kind` that is under way for an account (`account` in its content)."""

        def work(connection: Connection) -> int:
            rows = connection.execute(select(SIGN_INS).where(SIGN_INS.c.kind == kind)).all()
            theirs = [row.hash for row in rows if self._opened(row.content).get("account") == account]
            return connection.execute(delete(SIGN_INS).where(SIGN_INS.c.hash.in_(theirs))).rowcount

        return self._database.write(work)

    # --- what the page itself carries -----------------------------------------------------------------

    def seal(self, kind: str, content: Json, lasts: timedelta) -> str:
        """A word that carries `content` sealed: nothing is written, so a page may be looked at freely."""
        told = {"kind": kind, "ends": text_of(now() + lasts), "content": content}
        return base64.urlsafe_b64encode(self._keys.encrypt(HOUSE, json.dumps(told).encode())).decode()

    def unseal(self, kind: str, word: str) -> Json | None:
        """What the word carries; None if its time is over, or if it is none of ours."""
        try:
            told = json.loads(self._keys.decrypt(HOUSE, base64.urlsafe_b64decode(word)))
        except (BadData, ValueError):
            return None
        if not isinstance(told, dict) or told.get("kind") != kind or told["ends"] <= text_of(now()):
            return None
        found: Json = told["content"]
        return found

    def once(self, word: str, lasts: timedelta) -> bool:
        """Marks a word as used; False if it was. `lasts`: for at least as long as the word does."""
        row = {"hash": hashed(word), "kind": "used", "content": b"", "ends": text_of(now() + lasts)}

        def work(connection: Connection) -> bool:
            if connection.scalar(select(SIGN_INS.c.hash).where(SIGN_INS.c.hash == row["hash"])) is not None:
                return False
            connection.execute(delete(SIGN_INS).where(SIGN_INS.c.ends <= text_of(now())))
            connection.execute(insert(SIGN_INS), row)
            return True

        return self._database.write(work)

    def _opened(self, content: bytes) -> Json:
        found: Json = json.loads(self._keys.decrypt(HOUSE, content))
        return found


class Brake:
    """Counts how often signing in by password went wrong for a name, whether or not it is an account."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def press(self, name: str) -> datetime | None:
        """Counts one more attempt; or when to try again, if there were too many.

        It counts before it is known how it ends, so that many at once are not more than one after another.
        """
        at, who = now(), _known_as(name)
        since = text_of(at - REMEMBERED)
        own = (SIGN_IN_FAILURES.c.account == who, SIGN_IN_FAILURES.c.at > since)

        def work(connection: Connection) -> datetime | None:
            connection.execute(delete(SIGN_IN_FAILURES).where(SIGN_IN_FAILURES.c.at <= since))
            times = select(SIGN_IN_FAILURES.c.at).where(*own).order_by(SIGN_IN_FAILURES.c.at.desc())
            found = list(connection.scalars(times.limit(MOST_FAILURES)))
            if len(found) >= MOST_FAILURES:
                return moment_of(found[-1]) + REMEMBERED
            connection.execute(insert(SIGN_IN_FAILURES), {"account": who, "at": text_of(at)})
            return None

        return self._database.write(work, durable=False)

    def release(self, name: str) -> None:
        """It went well: earlier failures do not count any more."""
        gone = delete(SIGN_IN_FAILURES).where(SIGN_IN_FAILURES.c.account == _known_as(name))
        self._database.write(lambda connection: connection.execute(gone), durable=False)

    def left(self, name: str) -> int:
        """How many attempts are left."""
        own = select(func.count()).where(
            SIGN_IN_FAILURES.c.account == _known_as(name),
            SIGN_IN_FAILURES.c.at > text_of(now() - REMEMBERED),
        )
        with self._database.read() as connection:
            return max(0, MOST_FAILURES - int(connection.scalar(own) or 0))


def _known_as(name: str) -> str:
    # Somebody may have typed a password where the account belongs.
    return hashlib.sha256(name.encode()).hexdigest()
