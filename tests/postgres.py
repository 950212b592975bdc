"""Where do tests get a PostgreSQL from? A private server of their own, if its binaries are here."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

USER = "rogatory"
FOLDERS = "/usr/lib/postgresql/*/bin"


def binaries() -> Path | None:
    """Folder of `initdb` and `pg_ctl`: on the path, or the newest where Debian keeps them."""
    for found in (
        shutil.which("initdb"),
        *sorted(map(str, Path("/").glob(f"{FOLDERS[1:]}/initdb")), reverse=True),
    ):
        if found is not None and (Path(found).parent / "pg_ctl").exists():
            return Path(found).parent
    return None


def require_binaries() -> Path:
    """The folder, or the test is skipped; or fails, where ROGATORY_REQUIRE names postgres."""
    found = binaries()
    if found is not None:
        return found
    reason = f"PostgreSQL is not installed: no initdb on the path or in {FOLDERS}"
    if "postgres" in os.environ.get("ROGATORY_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)


def _servant() -> str:
    """Who runs the server: ourselves, but PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return getpass.getuser()
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


class PostgresServer:
    """A server that listens on a socket in a folder of its own, and nowhere else."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self._programs = programs
        self._servant = _servant()
        self._names: set[str] = set()

    def url(self, database: str) -> str:
        """SQLAlchemy URL of a database, as the setting takes it."""
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def empty(self, name: str = "first") -> str:
        """URL of an empty database: made the first time, emptied after. Nobody may be connected to it.

        A database costs the machine a copy of some megabytes, so the tests share a few by name.
        """
        if name not in self._names:
            self.execute(f"CREATE DATABASE {name}")
            self._names.add(name)
        else:
            self.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public", name)
        return self.url(name)

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement outside any transaction."""
        with psycopg.connect(
            f"host={self.folder} user={USER} dbname={database}", autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def start(self) -> None:
        """Make the cluster and start it. No test loses power, so the disk is not waited for."""
        self._run(
            "initdb", "-D", self._data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
        self._run(
            "pg_ctl", "-D", self._data, "-w", "-t", "60", "-l", f"{self.folder}/log", "-o", options, "start"
        )

    def stop(self) -> None:
        """Stop it at once."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        options: dict[str, Any] = {}
        if os.getuid() == 0:
            entry = pwd.getpwnam(self._servant)
            options = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            cwd=self.folder,
            # pg_ctl leaves the server behind with its output open: a pipe would never end
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=120,
            **options,
        )
        if done.returncode:
            log = self.folder / "log"
            raise RuntimeError(f"{program} failed: {log.read_text() if log.exists() else arguments}")


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """A private server for as long as the block lasts."""
    programs = require_binaries()
    # Not below pytest's own folder: the path of a socket is short, and another user must reach it.
    folder = Path(tempfile.mkdtemp(prefix="rg-pg-", dir="/tmp"))
    server = PostgresServer(folder, programs)
    try:
        shutil.chown(folder, _servant())
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for the whole run; the tests share its databases, one test at a time."""
    with running_server() as server:
        yield server
