"""How do we reach the database, SQLite or PostgreSQL, one writer at a time?

Writers of one process that wait at the same moment share one transaction, each behind its own savepoint: the
disk is asked once for all of them (docs/decisions/0002-filing.md).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from schemas.errors import BadInput, Unavailable

T = TypeVar("T")

BUSY_SECONDS = 30
"""How long a writer waits for a writer of another process."""

MOST_TOGETHER = 64
"""Writers that share one transaction at most, so that the first of them does not wait for ever."""

_WRITER_LOCK = 0x0726F67
"""Number of the advisory lock that makes writers of one PostgreSQL database take turns."""


def parse_url(text: str) -> URL:
    """The database address as SQLAlchemy reads it. Raises BadInput unless it is SQLite or PostgreSQL."""
    try:
        url = make_url(text)
    except Exception as error:
        raise BadInput("The database address cannot be read.", where="database_url") from error
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise BadInput(
            f"{url.get_backend_name()} is no database we keep records in.",
            where="database_url",
            next_step="use sqlite:///PATH or postgresql://HOST/NAME",
        )
    return url


_REFUSES = {
    sqlite3.SQLITE_FULL: (
        "There is no room left for the records.",
        "make room on their disk, then try again",
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk of the records takes or gives nothing.",
        "see that it is not full and works, then try again",
    ),
    sqlite3.SQLITE_READONLY: (
        "The records can be read only.",
        "let the house write its file and folder, then try again",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The records cannot be opened.",
        "see that their folder is there and the house may write in it, then try again",
    ),
}
"""What SQLite says of a disk or folder, by its code: it does answer, and somebody has to do something."""


def _unavailable(error: Exception) -> Unavailable:
    origin = getattr(error, "orig", None)
    kind = type(origin or error).__name__
    known = _REFUSES.get((getattr(origin, "sqlite_errorcode", None) or 0) & 0xFF)
    if known is not None:
        return Unavailable(known[0], where=kind, next_step=known[1])
    return Unavailable(
        "The database does not answer.", where=kind, next_step="try again; if it lasts, see that it runs"
    )


def _lost(error: DBAPIError) -> bool:
    return isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated


def _keep_journal(connection: Any) -> None:
    """Readers never wait for the writer. Raises the driver's error after BUSY_SECONDS."""
    # Of two that open a new file at once SQLite refuses one without waiting its time-out: it must ask again.
    last = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > last:
                raise
        time.sleep(0.01)


def _sqlite_engine(url: URL) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=16,
        max_overflow=48,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # The driver's own transactions begin late and as readers; ours are begun below.
        connection.isolation_level = None
        _keep_journal(connection)
        for pragma in (
            "foreign_keys=ON",
            "recursive_triggers=ON",  # INSERT OR REPLACE must not slip past the ledger's triggers
            "secure_delete=ON",  # a destroyed key must not stay in a free page
            "cache_size=-16000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("writes"):
            connection.exec_driver_sql("BEGIN")
            return
        # Cannot be set inside a transaction, so here and not in the work.
        wanted = "FULL" if options.get("durable") else "NORMAL"
        if connection.info.get("synchronous") != wanted:
            connection.exec_driver_sql(f"PRAGMA synchronous={wanted}")
            connection.info["synchronous"] = wanted
        # A reader that turns writer in mid-transaction fails at once, whatever the time-out.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgres_engine(url: URL) -> Engine:
    engine = create_engine(url, pool_size=8, max_overflow=24, hide_parameters=True, pool_pre_ping=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("writes"):
            return
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
        if not options.get("durable"):
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")

    return engine


class _Job(Generic[T]):
    """One piece of writing that waits for its turn."""

    def __init__(self, work: Callable[[Connection], T], durable: bool) -> None:
        self.work = work
        self.durable = durable
        self.done = False
        self.value: T | None = None
        self.error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        self.value = self.work(connection)

    def result(self) -> T:
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # T itself may be None


class Database:
    """Connections to one database. Every write is a transaction that is a writer from its first statement."""

    def __init__(self, url: str) -> None:
        parsed = parse_url(url)
        self.sqlite = parsed.get_backend_name() == "sqlite"
        self.path = Path(parsed.database) if self.sqlite and parsed.database else None
        self.engine = _sqlite_engine(parsed) if self.sqlite else _postgres_engine(parsed)
        self._waiting: deque[_Job[Any]] = deque()
        self._writer = threading.Lock()

    @contextmanager
    def read(self, *, snapshot: bool = False) -> Iterator[Connection]:
        """A transaction for reading. `snapshot`: all its statements see one moment, also on PostgreSQL.

        Raises Unavailable if the database does not answer.
        """
        try:
            with self.engine.connect() as connection:
                if snapshot and not self.sqlite:
                    connection = connection.execution_options(isolation_level="REPEATABLE READ")
                with connection.begin():
                    yield connection
        except PoolTimeout as error:
            raise _unavailable(error) from error
        except DBAPIError as error:
            if not _lost(error):
                raise
            raise _unavailable(error) from error

    def write(self, work: Callable[[Connection], T], *, durable: bool = True) -> T:
        """Run `work` in a write transaction, alone or behind a savepoint beside others that wait.

        Once this returns it is on disk; with `durable` False it survives the end of the process, and a loss
        of power only once a durable write has followed. What `work` raises undoes its own writing only.
        Raises Unavailable if the database does not answer.
        """
        job = _Job(work, durable)
        self._waiting.append(job)
        with self._writer:
            # Whoever held the lock before us may have done our job with his own.
            while not job.done:
                self._write_waiting()
        return job.result()

    def _write_waiting(self) -> None:
        jobs = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
        try:
            self._write_together(jobs)
        except BaseException as error:
            # The transaction as a whole failed: nothing of anybody's is written.
            known = isinstance(error, PoolTimeout) or (isinstance(error, DBAPIError) and _lost(error))
            told = _unavailable(error) if known and isinstance(error, Exception) else error
            for job in jobs:
                job.error = told
        finally:
            for job in jobs:
                job.done = True

    def _write_together(self, jobs: list[_Job[Any]]) -> None:
        durable = any(job.durable for job in jobs)
        with self.engine.connect() as plain:
            connection = plain.execution_options(writes=True, durable=durable)
            with connection.begin():
                if len(jobs) == 1:
                    jobs[0].run(connection)
                    return
                for job in jobs:
                    self._run_apart(job, connection)

    @staticmethod
    def _run_apart(job: _Job[Any], connection: Connection) -> None:
        try:
            with connection.begin_nested():
                job.run(connection)
        except DBAPIError as error:
            if _lost(error):
                raise
            job.error = error
        except Exception as error:
            job.error = error

    def scrub(self) -> None:
        """Have the database drop the bytes of what was overwritten: a destroyed key must not linger.

        As far as it can: older backups, and the log of a PostgreSQL server, are out of its reach.
        """
        with self.engine.connect() as connection:
            apart = connection.execution_options(isolation_level="AUTOCOMMIT")
            if self.sqlite:
                apart.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                apart.exec_driver_sql("VACUUM FULL case_keys")

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
