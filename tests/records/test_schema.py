"""Are the tables those that the program knows, whichever way they came about?"""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from records import schema
from records.database import Database
from records.docket import Docket
from records.moments import text_of
from records.open import Records, open_records
from records.schema import NEWEST, revision, upgrade
from records.tables import METADATA
from schemas.errors import BadData, BadInput
from tests.records.papers import moment, row_of, run, state_of


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


def test_a_new_file_that_another_process_writes_to_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    database = Database(f"sqlite:///{path}")
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(upgrade, database)
        with pytest.raises(TimeoutError):
            reading.result(timeout=0.3)
        other.execute("COMMIT")
        reading.result(timeout=60)
    with database.read() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    database.close()
    other.close()


def test_a_database_of_another_house_is_refused(records: Records) -> None:
    other = records.settings.model_copy(update={"house": "fr-office"})
    with pytest.raises(BadInput) as refused:
        open_records(other)
    assert "de-office" in str(refused.value)


OLD_FIELDS = {"matter", "provider", "aliases", "offered_to", "detained", "errands", "clocks"}
"""Fields of a docket row that programs of revision 0002 did not know."""


def _case_of_0002(connection: Connection, number: int, held: tuple[bool, bool]) -> None:
    state = state_of(f"DE-{number}", 1)
    row = row_of(state, their_ref="CRM 182 / 7", next_due=moment(number), next_clock="decide")
    at = text_of(moment(1))
    connection.execute(
        text("INSERT INTO cases VALUES (:ref, :folded, :at, 'mla', 'mla', :at, NULL, :held, :apart, NULL)"),
        {"ref": row.ref, "folded": row.ref.lower(), "at": at, "held": held[0], "apart": held[1]},
    )
    connection.execute(
        text(
            "INSERT INTO ledger (seq, ref, move, at, actor, house, event, key, row, body,"
            " body_digest, under, prev, hash) VALUES (:seq, :ref, 1, :at, 'anna', 'de-office', 'file', 'k',"
            " :row, :body, '', :ref, '', :ref)"
        ),
        {
            "seq": number,
            "ref": row.ref,
            "at": at,
            "row": row.model_dump_json(exclude=OLD_FIELDS),
            "body": b"",
        },
    )


def test_cases_of_an_older_program_are_listed_with_what_their_rows_tell(database_url: str) -> None:
    database = Database(database_url)
    upgrade(database, "0002")

    def two(connection: Connection) -> None:
        _case_of_0002(connection, 1, (False, True))
        _case_of_0002(connection, 2, (False, False))

    database.write(two)
    upgrade(database)
    docket = Docket(database)
    assert [row.ref for row in docket.by_reference("crm182/7")] == ["DE-1", "DE-2"]
    assert [(each.line.ref, each.clock.clock) for each in docket.due(before=moment(2))] == [
        ("DE-1", "decide")
    ]
    with database.read() as connection:
        kinds = connection.execute(text("SELECT kind, errands FROM docket ORDER BY ref")).all()
        held = connection.execute(text("SELECT held FROM cases ORDER BY ref")).scalars().all()
    assert [tuple(each) for each in kinds] == [("mla", 0), ("mla", 0)]
    assert [bool(each) for each in held] == [True, False]
    database.close()
