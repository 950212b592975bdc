"""How are the records carried to another machine or another database? One file, checked before it is used."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, insert, inspect, select, text, update

from records.archive import (
    BACKUP,
    TEMPORAL,
    ArchiveWriter,
    Manifest,
    read_manifest,
    read_rows,
    unpack_folder,
    unpack_temporal,
)
from records.claim import alone
from records.database import Database
from records.held import ABOUT, FOLDER, standing
from records.keys import masters
from records.moments import moment_or_none, now, text_of
from records.open import Records, open_records
from records.restored import UNFINISHED, restored
from records.schema import NEWEST, upgrade_within
from records.tables import ACCOUNTS, CASES, HOUSE_FACTS, LEDGER, METADATA
from records.vault import sync_folder
from schemas.errors import BadData, Conflict, NotFound
from schemas.settings import Settings

_BYTES = "base64"
_ROWS_AT_ONCE = 500
_NAME = "backup:last"
_LAST = HOUSE_FACTS.c.name == _NAME


def backup(records: Records, target: Path, temporal_db: Path | None = None) -> dict[str, int]:
    """Write everything kept (tables, vault, sealed items of evidence, Temporal's SQLite file if given) to
    `target` (tar.gz).

    While the house runs. Case keys are inside only as wrapped by the master key; the master key, the signing
    key and the trust list are never inside. Returns counts by table, `documents` and `items`.
    Raises NotFound if `temporal_db` does not exist.
    """
    if temporal_db is not None and not temporal_db.is_file():
        raise NotFound("Temporal's file is not there.", where=str(temporal_db), next_step="check the path")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=3) as tar:
                counts = _write(records, ArchiveWriter(tar), temporal_db)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(target.parent)
    records.database.write(lambda connection: _note(connection, text_of(now())))
    return counts


def last_backup(database: Database) -> datetime | None:
    """When the last backup of these records was made; None: none that they know of."""
    with database.read() as connection:
        return moment_or_none(connection.scalar(select(HOUSE_FACTS.c.value).where(_LAST)))


def restore(
    settings: Settings, source: Path, temporal_db: Path | None = None, *, replace: bool = False
) -> dict[str, int]:
    """Fill the house of `settings` from a backup; nothing changes unless all of it can be.

    The house's processes must be stopped; its key folder holds the master key of the house backed up.
    `temporal_db`: where Temporal's file goes, if the backup has one. Returns what `backup` returned.
    Raises Conflict (`running`, `not-empty` unless `replace`, `other-house`, `other-master-key`), NotFound,
    BadData (`bad-backup`, `newer-schema`).
    """
    manifest = read_manifest(source)
    _require_ours(settings, manifest)
    with alone(settings.home):
        counts = _restore(settings, source, manifest, temporal_db, replace)
    open_records(settings).close()
    return counts


def _restore(
    settings: Settings, source: Path, manifest: Manifest, temporal_db: Path | None, replace: bool
) -> dict[str, int]:
    database = Database(settings.database)
    vault, held = settings.home / "vault", settings.home / FOLDER
    fresh = [restored(vault), *([restored(held)] if manifest.held else [])]
    aside = None if temporal_db is None else temporal_db.with_name(temporal_db.name + ".restored")
    try:
        if not replace:
            _require_empty(database, vault, held, temporal_db)
        for folder in fresh:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, mode=0o700)
        documents = unpack_folder(source, "vault", fresh[0])
        if manifest.held:
            unpack_folder(source, FOLDER, fresh[1])
        counts = {**manifest.rows, "documents": documents, "items": _items(manifest.files)}
        brought = aside is not None and unpack_temporal(source, aside)
        # Once the tables count, the documents must be there: also if the power fails right after.
        os.sync()
        database.write(lambda connection: _fill(connection, source, manifest))
    except BaseException:
        for folder in fresh:
            shutil.rmtree(folder, ignore_errors=True)
        if aside is not None:
            aside.unlink(missing_ok=True)
        raise
    finally:
        database.close()
    # From here on the new tables count, and opening finishes what is left, now or after an interruption.
    if brought and aside is not None and temporal_db is not None:
        for tail in ("-wal", "-shm"):
            temporal_db.with_name(temporal_db.name + tail).unlink(missing_ok=True)
        aside.replace(temporal_db)
    return counts


def _write(records: Records, archive: ArchiveWriter, temporal_db: Path | None) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        # Before the tables: a case whose engine lags behind the records can be revived from them.
        if temporal_db is not None:
            copy = Path(folder) / TEMPORAL
            _copy_sqlite(temporal_db, copy)
            archive.add_file(TEMPORAL, copy)
        rows = {}
        with records.database.read(snapshot=True) as connection:
            for table in METADATA.sorted_tables:
                path = Path(folder) / f"{table.name}.jsonl"
                rows[table.name] = _write_table(connection, table, path)
                archive.add_file(f"tables/{table.name}.jsonl", path)
    # After the tables: a document is in the vault before anything names it.
    documents = 0
    for path in _documents(records.settings.home / "vault"):
        archive.add(f"vault/{path.parent.name}/{path.name}", path.read_bytes())
        documents += 1
    _write_items(records.settings.home / FOLDER, archive)
    archive.finish(
        Manifest(
            type=BACKUP,
            house=records.settings.house,
            schema_revision=NEWEST,
            master=records.keys.master,
            made=text_of(now()),
            rows=rows,
            files=archive.files,
            held=True,
        )
    )
    return {**rows, "documents": documents, "items": _items(archive.files)}


def _write_items(held: Path, archive: ArchiveWriter) -> None:
    """Also those that are only here in part: their intake goes on where it was."""
    for item in sorted(held.glob("*/*/")):
        with standing(item) as files:
            for name, file, size in files:
                archive.add_open(f"{FOLDER}/{item.parent.name}/{item.name}/{name}", file, size)


def _items(names: Iterable[str]) -> int:
    return sum(name.startswith(f"{FOLDER}/") and name.endswith(f"/{ABOUT}") for name in names)


def _documents(vault: Path) -> Iterator[Path]:
    for path in sorted(vault.glob("*/*")):
        if not path.name.startswith("."):
            yield path


def _copy_sqlite(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)


def _write_table(connection: Connection, table: Table, path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as out:
        for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
            values = {name: _written(value) for name, value in row._mapping.items()}
            out.write(json.dumps(values) + "\n")
            count += 1
    return count


def _written(value: Any) -> Any:
    return {_BYTES: base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _read(value: Any) -> Any:
    return base64.b64decode(value[_BYTES]) if isinstance(value, dict) else value


def _require_ours(settings: Settings, manifest: Manifest) -> None:
    if manifest.house != settings.house:
        raise Conflict(
            f"The backup is that of the house {manifest.house}, this one is {settings.house}.",
            where=str(settings.home),
            next_step="restore it into a house of that name",
            code="other-house",
        )
    if manifest.master not in masters(settings.keys):
        raise Conflict(
            "The backup was made under another master key: nothing in it could be read.",
            where=str(settings.keys),
            next_step=f"put the master key named {manifest.master} there first",
            code="other-master-key",
        )
    if manifest.schema_revision > NEWEST:
        raise BadData(
            f"The backup was made by a newer program (tables of revision {manifest.schema_revision}).",
            next_step="restore it with that program",
            code="newer-schema",
        )


def _require_empty(database: Database, vault: Path, held: Path, temporal_db: Path | None) -> None:
    with database.read() as connection:
        there = set(inspect(connection).get_table_names())
        used = [
            table.name
            for table in (LEDGER, CASES, ACCOUNTS)
            if table.name in there and connection.scalar(select(func.count()).select_from(table))
        ]
    if any(_documents(vault)):
        used.append("vault")
    if any(held.glob(f"*/*/{ABOUT}")):
        used.append(FOLDER)
    if temporal_db is not None and temporal_db.exists():
        used.append(temporal_db.name)
    if used:
        raise Conflict(
            f"The house is not empty: {', '.join(used)}.",
            next_step="restore into a new house, or say that this one is to be replaced",
            code="not-empty",
        )


def _fill(connection: Connection, source: Path, manifest: Manifest) -> None:
    """All tables anew, as the program that made the backup had them, then brought up to date."""
    _drop_everything(connection)
    upgrade_within(connection, manifest.schema_revision)
    tables = MetaData()
    tables.reflect(connection)
    content = dict(read_rows(source))
    for table in tables.sorted_tables:
        rows = content.get(table.name, [])
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            chunk = rows[first : first + _ROWS_AT_ONCE]
            values = [{name: _read(value) for name, value in row.items()} for row in chunk]
            connection.execute(table.insert(), values)
    upgrade_within(connection)
    connection.execute(HOUSE_FACTS.insert(), {"name": UNFINISHED, "value": manifest.made})


def _drop_everything(connection: Connection) -> None:
    # Tables go as a whole: the triggers that guard the ledger's rows go with them.
    there = MetaData()
    there.reflect(connection)
    there.drop_all(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION IF EXISTS ledger_append_only, ledger_next_seq"))


def _note(connection: Connection, at: str) -> None:
    if connection.execute(update(HOUSE_FACTS).where(_LAST).values(value=at)).rowcount == 0:
        connection.execute(insert(HOUSE_FACTS), {"name": _NAME, "value": at})
