"""How do all case keys come under a new master key, without a moment at which one of them is lost?

The new master key lies beside the old one until every case key is wrapped by it; only then does it take its
place, and the old one stays under its own name. Interrupted anywhere, a repetition goes on where it stopped,
and the house can be used meanwhile: it reads case keys wrapped by any master key in its folder.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select, update

from records.claim import alone
from records.database import Database
from records.keys import (
    MASTER_FILE,
    NEXT_FILE,
    load_master_key,
    master_id,
    masters,
    new_master_key,
    old_file,
    unwrap,
    wrap,
)
from records.schema import upgrade
from records.tables import CASE_KEYS
from records.vault import sync_folder
from schemas.settings import Settings

AT_ONCE = 200
"""Keys per transaction: one that is interrupted costs no more than these."""


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """What a rotation did: the id of the master key that counts now, how many keys were wrapped anew (this
    time), and where the old master key lies."""

    master: str
    wrapped: int
    old: Path


def rotate_master(settings: Settings) -> Rewrapped:
    """Wrap every case key by a new master key; the house's processes are stopped.

    Raises Conflict (`running`); BadInput if a key is wrapped by a master key that is not there, BadData for a
    damaged one: then nothing is lost and the old master key still counts.
    """
    folder = settings.keys
    with alone(settings.home):
        old = load_master_key(folder)
        if not (folder / NEXT_FILE).is_file():
            new_master_key(folder, NEXT_FILE)
        fresh = load_master_key(folder, NEXT_FILE)
        database = Database(settings.database)
        try:
            upgrade(database)
            wrapped = _rewrap(database, masters(folder), fresh)
            kept = _change_places(folder, old)
            database.scrub()
        finally:
            database.close()
    return Rewrapped(master_id(fresh), wrapped, kept)


def _rewrap(database: Database, known: dict[str, bytes], fresh: bytes) -> int:
    count = 0
    while done := database.write(lambda connection: _some(connection, known, fresh)):
        count += done
    return count


def _some(connection: Connection, known: dict[str, bytes], fresh: bytes) -> int:
    """Wrap the next keys anew; how many. Each is read back before it counts."""
    name = master_id(fresh)
    left = select(CASE_KEYS.c.ref, CASE_KEYS.c.wrapped, CASE_KEYS.c.master).where(
        CASE_KEYS.c.wrapped.is_not(None), CASE_KEYS.c.master != name
    )
    rows = connection.execute(left.order_by(CASE_KEYS.c.ref).limit(AT_ONCE)).all()
    for row in rows:
        key = unwrap(known, row.ref, row.wrapped, row.master)
        again = wrap(fresh, row.ref, key)
        if unwrap({name: fresh}, row.ref, again, name) != key:
            raise ArithmeticError("a key does not come back as it was wrapped")
        connection.execute(
            update(CASE_KEYS)
            .where(CASE_KEYS.c.ref == row.ref, CASE_KEYS.c.master == row.master)
            .values(wrapped=again, master=name)
        )
    return len(rows)


def _change_places(folder: Path, old: bytes) -> Path:
    """The new master key takes its place; the old one has a name of its own before."""
    kept = folder / old_file(old)
    if not kept.exists():
        os.link(folder / MASTER_FILE, kept)
        sync_folder(folder)
    (folder / NEXT_FILE).replace(folder / MASTER_FILE)
    sync_folder(folder)
    return kept
