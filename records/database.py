"""How do we reach the database, SQLite or PostgreSQL, one writer at a time?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.engine import Connection

T = TypeVar("T")


class Database:
    """Connections to one database. Every write is a transaction that was a writer from its first statement."""

    def __init__(self, url: str) -> None:
        raise NotImplementedError

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot for reading. Raises Unavailable if the database does not answer."""
        raise NotImplementedError

    def write(self, work: Callable[[Connection], T], *, durable: bool = True) -> T:
        """Run `work` in a write transaction; once this returns it is on disk (`durable`)."""
        raise NotImplementedError

    def close(self) -> None:
        """Give all connections back."""
        raise NotImplementedError
