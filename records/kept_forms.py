"""What had a person typed when their session was over? Kept sealed for a day, for them and that page."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select

from records.accounts import hashed
from records.database import Database
from records.keys import CaseKeys
from records.moments import now, text_of
from records.references import HOUSE
from records.tables import KEPT_FORMS

KEPT = timedelta(days=1)


class KeptForms:
    """The forms kept in one house."""

    def __init__(self, database: Database, keys: CaseKeys) -> None:
        self._database = database
        self._keys = keys

    def keep(self, token: str, account: str, path: str, content: bytes) -> None:
        """Keep `content`; what is older than KEPT goes."""
        row = {
            "hash": hashed(token),
            "account": account,
            "path": path,
            "content": self._keys.encrypt(HOUSE, content),
            "made": text_of(now()),
        }

        def work(connection: Connection) -> None:
            connection.execute(delete(KEPT_FORMS).where(KEPT_FORMS.c.made < text_of(now() - KEPT)))
            connection.execute(insert(KEPT_FORMS), row)

        self._database.write(work)

    def take(self, token: str, account: str, path: str) -> bytes | None:
        """What was kept under `token` for this account and page; None where there is nothing (any more)."""
        wanted = select(KEPT_FORMS.c.content).where(
            KEPT_FORMS.c.hash == hashed(token),
            KEPT_FORMS.c.account == account,
            KEPT_FORMS.c.path == path,
            KEPT_FORMS.c.made >= text_of(now() - KEPT),
        )
        with self._database.read() as connection:
            found = connection.scalar(wanted)
        return None if found is None else self._keys.decrypt(HOUSE, found)
