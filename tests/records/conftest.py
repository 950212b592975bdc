"""Which houses do the tests of the records run in? One on SQLite and one on PostgreSQL, each new."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from records.open import Records, new_house, open_records
from schemas.settings import Settings
from tests.postgres import PostgresServer, postgres_server
from tests.records.papers import HOUSE

__all__ = ["postgres_server"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'house' / 'records.sqlite'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.empty()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """A new house."""
    made = Settings(home=tmp_path / "house", house=HOUSE, state="DE", database_url=database_url)
    new_house(made)
    return made


@pytest.fixture
def records(settings: Settings) -> Iterator[Records]:
    """The records of that house."""
    opened = open_records(settings)
    yield opened
    opened.close()
