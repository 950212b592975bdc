"""Are the tables those that the program knows, whichever way they came about?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from records import schema
from records.database import Database
from records.open import Records, open_records
from records.schema import NEWEST, revision, upgrade
from records.tables import METADATA
from schemas.errors import BadData, BadInput
from tests.records.papers import run


def test_the_newest_revision_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_the_migrations_make_the_tables_that_the_program_names(records: Records) -> None:
    with records.database.read() as connection:
        assert revision(connection) == NEWEST
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_a_database_of_a_newer_program_is_refused_and_left_alone(records: Records) -> None:
    run(records.database, text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BadData) as refused:
        open_records(records.settings)
    assert refused.value.code == "newer-schema"
    with records.database.read() as connection:
        assert revision(connection) == "9999"


def test_two_processes_that_start_together_make_the_tables_once(tmp_path: Path) -> None:
    databases = [Database(f"sqlite:///{tmp_path / 'new.sqlite'}") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, databases))
    with databases[0].read() as connection:
        assert revision(connection) == NEWEST
    for database in databases:
        database.close()


def test_a_database_of_another_house_is_refused(records: Records) -> None:
    other = records.settings.model_copy(update={"house": "fr-office"})
    with pytest.raises(BadInput) as refused:
        open_records(other)
    assert "de-office" in str(refused.value)
