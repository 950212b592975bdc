"""What is left to do once restored tables count? Documents and items take their place, what was erased stays
erased."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from records.cases import Cases
from records.certificates import Erased, read_erased
from records.database import Database
from records.ledger import Ledger, append, tip
from records.moments import now
from records.references import HOUSE
from records.tables import CASES, ERASURES, HOUSE_FACTS
from schemas.ids import digest
from schemas.moves import Actor

UNFINISHED = "restoring"
"""House fact that stands while a restore is not finished."""


def restored(folder: Path) -> Path:
    """Where a restore puts what will be in `folder` until the tables count."""
    return folder.with_name(folder.name + ".restored")


def take_restored(database: Database, folders: Iterable[Path]) -> bool:
    """Put what was restored for these folders in its place, if a restore is not finished. Safe to repeat
    when interrupted."""
    with database.read() as connection:
        unfinished = connection.scalar(select(HOUSE_FACTS.c.value).where(HOUSE_FACTS.c.name == UNFINISHED))
    if unfinished is None:
        return False
    for folder in folders:
        _take(folder)
    return True


def _take(folder: Path) -> None:
    fresh = restored(folder)
    if not fresh.is_dir():
        return
    replaced = folder.with_name(folder.name + ".replaced")
    shutil.rmtree(replaced, ignore_errors=True)
    if folder.is_dir():
        folder.rename(replaced)
    fresh.rename(folder)
    shutil.rmtree(replaced, ignore_errors=True)


def finish_restore(database: Database, ledger: Ledger, folder: Path, house: str) -> None:
    """Erase again what was erased after the backup was made; end the restore. `folder`: that of the keys."""
    for case in read_erased(folder).values():
        _erase_again(database, ledger, case, house)

    def end(connection: Connection) -> None:
        connection.execute(delete(HOUSE_FACTS).where(HOUSE_FACTS.c.name == UNFINISHED))

    database.write(end)
    database.scrub()


def _erase_again(database: Database, ledger: Ledger, case: Erased, house: str) -> None:
    actor = Actor(id=HOUSE, house=house)
    detail = {"certificate": digest(case.certificate.encode()), "again": "after a restore"}
    draft = ledger.draft(case.ref, actor, "erased", detail, now(), under=HOUSE)

    def work(connection: Connection) -> None:
        row = connection.execute(select(CASES.c.erased).where(CASES.c.ref == case.ref)).first()
        if row is None or row.erased is not None:
            return
        append(connection, draft, tip(connection, case.ref), move=False)
        Cases.erase_within(connection, case.ref, case.at)
        values = {"confirmed": case.at, "certificate": case.certificate}
        if connection.execute(update(ERASURES).where(ERASURES.c.ref == case.ref), values).rowcount == 0:
            asked = {"ref": case.ref, "requested_by": "", "requested": case.at, "reason": ""}
            connection.execute(insert(ERASURES), {**asked, **values})

    database.write(work)
