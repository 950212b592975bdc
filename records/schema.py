"""Is the database the one this program knows, and how does an older one become it?"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from records.database import Database
from records.projection import rebuild_within
from schemas.errors import BadData

NEWEST = "0008"
"""Revision this program works with: the last of records/migrations (a test compares them)."""

_MIGRATIONS = Path(__file__).parent / "migrations"


def revision(connection: Connection) -> str | None:
    """Revision of the database; None if it has no tables yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def upgrade(database: Database, to: str = NEWEST) -> None:
    """Bring the database up to revision `to`. Raises BadData (`newer-schema`) if its own is unknown to us."""
    with database.read() as connection:
        if revision(connection) == to:
            return
    database.write(lambda connection: upgrade_within(connection, to))


def upgrade_within(connection: Connection, to: str = NEWEST) -> None:
    """As `upgrade`, in a write transaction that is already open: all steps count, or none. After the last
    step the lists are made anew from the ledger, as this program makes them."""
    # Loading Alembic takes longer than opening an up-to-date house.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    # Another process may have been faster while we waited for the lock.
    current = revision(connection)
    if current == to:
        return
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise BadData(
            f"The database was made by a newer program (its tables are of revision {current}).",
            next_step="start the newer program, or restore a backup made with this one",
            code="newer-schema",
        )
    command.upgrade(config, to)
    if to == NEWEST:
        rebuild_within(connection)
