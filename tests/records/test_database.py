"""Do writers take turns, share the disk, and fail alone?"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, select, text
from sqlalchemy.exc import DBAPIError

from records.database import Database, parse_url
from records.open import Records
from records.tables import COUNTERS
from schemas.errors import BadInput, Unavailable
from tests.postgres import PostgresServer
from tests.records.papers import run


def names(records: Records) -> list[str]:
    """The counters that are there."""
    with records.database.read() as connection:
        return sorted(connection.execute(select(COUNTERS.c.name)).scalars())


def test_writers_that_wait_share_a_transaction_and_fail_alone(records: Records) -> None:
    begun, go = threading.Event(), threading.Event()
    commits: list[int] = []
    event.listen(records.database.engine, "commit", lambda _connection: commits.append(1))

    def first(connection: Connection) -> None:
        begun.set()
        assert go.wait(10)
        connection.execute(insert(COUNTERS), {"name": "first", "value": 1})

    def failing(connection: Connection) -> None:
        connection.execute(insert(COUNTERS), {"name": "undone", "value": 1})
        raise BadInput("this one fails")

    def twice(connection: Connection) -> None:
        connection.execute(insert(COUNTERS), {"name": "a", "value": 1})

    def write(name: str) -> None:
        run(records.database, insert(COUNTERS), {"name": name, "value": 1})

    with ThreadPoolExecutor(6) as pool:
        running = pool.submit(records.database.write, first)
        assert begun.wait(10)
        waiting = [pool.submit(write, name) for name in ("a", "b")]
        bad = pool.submit(records.database.write, failing)
        while len(records.database._waiting) < 3:
            pass
        doubled = pool.submit(records.database.write, twice)
        while len(records.database._waiting) < 4:
            pass
        go.set()
        running.result(10)
        for job in waiting:
            job.result(10)
        with pytest.raises(BadInput):
            bad.result(10)
        with pytest.raises(DBAPIError):
            doubled.result(10)
    assert len(commits) == 2
    assert names(records) == ["a", "b", "first"]


def test_a_writer_of_another_connection_is_waited_for(records: Records) -> None:
    other = Database(records.settings.database)
    begun, go = threading.Event(), threading.Event()

    def slow(connection: Connection) -> int:
        value = connection.execute(select(COUNTERS.c.value)).first()
        begun.set()
        assert go.wait(10)
        connection.execute(insert(COUNTERS), {"name": "slow", "value": 1})
        return 0 if value is None else 1

    def quick(connection: Connection) -> int:
        return len(connection.execute(select(COUNTERS)).all())

    try:
        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(records.database.write, slow)
            assert begun.wait(10)
            two = pool.submit(other.write, quick)
            go.set()
            assert (one.result(10), two.result(10)) == (0, 1)
    finally:
        other.close()


def test_readers_do_not_wait_for_a_writer(records: Records) -> None:
    def work(_connection: Connection) -> list[str]:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(names, records).result(10)

    assert records.database.write(work) == []


def test_durable_writes_wait_for_the_disk_and_others_do_not(records: Records) -> None:
    setting = "PRAGMA synchronous" if records.database.sqlite else "SHOW synchronous_commit"

    def seen(connection: Connection) -> str:
        return str(connection.execute(text(setting)).scalar())

    found = [records.database.write(seen, durable=durable) for durable in (True, False, True)]
    assert found == (["2", "1", "2"] if records.database.sqlite else ["on", "off", "on"])


def test_a_database_that_does_not_answer_is_unavailable_and_says_no_secret(tmp_path: Path) -> None:
    database = Database(f"postgresql://user:geheim@/nowhere?host={tmp_path}")
    for attempt in (_write, _read):
        with pytest.raises(Unavailable) as failed:
            attempt(database)
        assert failed.value.retry
        assert "geheim" not in str(failed.value)
    database.close()


def _write(database: Database) -> None:
    run(database, text("SELECT 1"))


def _read(database: Database) -> None:
    with database.read():
        pytest.fail("there is no such server")


@pytest.mark.postgres
def test_connections_that_the_server_dropped_are_replaced(postgres_server: PostgresServer) -> None:
    database = Database(postgres_server.empty())
    try:
        run(database, text("CREATE TABLE t (a int)"))
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        postgres_server.execute(f"{others} AND datname IS NOT NULL")
        run(database, text("INSERT INTO t VALUES (1)"))
    finally:
        database.close()


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgresql://h/d", "postgresql+psycopg"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg"),
        ("sqlite:///x", "sqlite"),
    ],
)
def test_addresses_that_we_keep_records_at(given: str, driver: str) -> None:
    assert parse_url(given).drivername == driver


@pytest.mark.parametrize("given", ["mysql://h/d", "nonsense", ""])
def test_addresses_that_we_do_not(given: str) -> None:
    with pytest.raises(BadInput):
        parse_url(given)


@pytest.mark.parametrize(
    ("pragma", "told"), [("max_page_count=1", "no room left"), ("query_only=ON", "read only")]
)
def test_a_disk_that_takes_nothing_is_told_as_what_it_is(tmp_path: Path, pragma: str, told: str) -> None:
    """A database that does answer is not said to be silent: nobody would make room."""
    database = Database(f"sqlite:///{tmp_path}/records.sqlite")
    database.write(lambda connection: connection.exec_driver_sql("CREATE TABLE papers (words TEXT)"))

    def work(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.exec_driver_sql("INSERT INTO papers VALUES (?)", ("x" * 100_000,))

    with pytest.raises(Unavailable, match=told) as caught:
        database.write(work)
    assert caught.value.retry
    database.close()
