"""Which requests are being written and not yet filed? Each draft is sealed, and nobody overwrites another.

A draft has a version. Whoever saves names the version they saw: if somebody else saved meanwhile nothing is
written, and both are told what stands there now. Once its case is filed, of a draft only the reference stays.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update

from records.database import Database
from records.keys import CaseKeys
from records.moments import moment_of, now, text_of
from records.references import HOUSE
from records.tables import DRAFTS
from schemas.errors import Conflict, NotFound

MOST = 100
"""Drafts of one list at most, those changed last first."""

Content = dict[str, list[str]]
"""What is written: texts by the name of their field."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A request that is being written. `kind`: what will be filed; `ref`: the case it became."""

    id: str
    account: str
    agency: str
    kind: str
    version: int
    content: Content
    made: datetime
    changed: datetime
    changed_by: str
    ref: str | None = None


class DraftChanged(Conflict):
    """Somebody saved the draft since. `present`: how it stands now."""

    code = "draft-changed"

    def __init__(self, present: Draft) -> None:
        super().__init__(
            f"{present.changed_by} changed this draft meanwhile.",
            where=present.id,
            next_step="look at both, and save what shall stand",
        )
        self.present = present


class Drafts:
    """The drafts of one house."""

    def __init__(self, database: Database, keys: CaseKeys) -> None:
        self._database = database
        self._keys = keys

    def begin(self, account: str, agency: str, kind: str, content: Content) -> Draft:
        """A new draft of `account`, with what is known of it already."""
        at = text_of(now())
        row = {
            "id": secrets.token_urlsafe(16),
            "account": account,
            "agency": agency,
            "kind": kind,
            "version": 1,
            "content": self._sealed(content),
            "made": at,
            "changed": at,
            "changed_by": account,
            "ref": None,
        }
        self._database.write(lambda connection: connection.execute(insert(DRAFTS), row))
        return self.get(str(row["id"]))

    def get(self, id: str) -> Draft:
        """The draft. Raises NotFound."""
        with self._database.read() as connection:
            row = connection.execute(select(DRAFTS).where(DRAFTS.c.id == id)).first()
        if row is None:
            raise NotFound("There is no such draft.", where=id[:40], next_step="see your drafts")
        return self._draft(row)

    def save(self, id: str, version: int, content: Content, by: str) -> Draft:
        """Writes `content` in the place of `version`. Raises NotFound; DraftChanged, with what is there."""
        put = (
            update(DRAFTS)
            .where(DRAFTS.c.id == id, DRAFTS.c.version == version, DRAFTS.c.ref.is_(None))
            .values(version=version + 1, content=self._sealed(content), changed=text_of(now()), changed_by=by)
        )
        written = self._database.write(lambda connection: connection.execute(put).rowcount)
        present = self.get(id)
        if not written:
            raise DraftChanged(present)
        return present

    def filed(self, id: str, ref: str) -> None:
        """It became the case `ref`: what was written lies there now, and here no longer."""
        put = update(DRAFTS).where(DRAFTS.c.id == id).values(ref=ref, content=self._sealed({}))
        self._database.write(lambda connection: connection.execute(put))

    def delete(self, id: str) -> None:
        """Throw it away; nothing happens if it is gone already."""
        self._database.write(lambda connection: connection.execute(delete(DRAFTS).where(DRAFTS.c.id == id)))

    def of(self, accounts: Iterable[str], agency: str | None = None) -> list[Draft]:
        """Drafts not yet filed of these accounts, and of everybody of `agency` if one is named."""
        mine = DRAFTS.c.account.in_(list(accounts))
        whose = mine if agency is None else or_(mine, DRAFTS.c.agency == agency)
        wanted = (
            select(DRAFTS)
            .where(whose, DRAFTS.c.ref.is_(None))
            .order_by(DRAFTS.c.changed.desc(), DRAFTS.c.id)
            .limit(MOST)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return [self._draft(row) for row in rows]

    def _sealed(self, content: Content) -> bytes:
        return self._keys.encrypt(HOUSE, json.dumps(content).encode())

    def _draft(self, row: Row[Any]) -> Draft:
        content: Content = json.loads(self._keys.decrypt(HOUSE, row.content))
        return Draft(
            row.id,
            row.account,
            row.agency,
            row.kind,
            row.version,
            content,
            moment_of(row.made),
            moment_of(row.changed),
            row.changed_by,
            row.ref,
        )
