"""Where does a backup come back, and what was taken?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from records.backup import backup
from records.open import Records
from schemas.settings import Settings
from tests.postgres import PostgresServer
from tests.records.backup.archives import lived


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path) -> Settings:
    """A house of the same name and master key on another machine, on SQLite."""
    home = tmp_path / "elsewhere"
    made = settings.model_copy(update={"home": home, "database_url": f"sqlite:///{home / 'records.sqlite'}"})
    shutil.copytree(settings.keys, made.keys)
    return made


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def anywhere(request: pytest.FixtureRequest, elsewhere: Settings) -> Settings:
    """The same, on each kind of database in turn."""
    if request.param == "sqlite":
        return elsewhere
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return elsewhere.model_copy(update={"database_url": server.empty("second")})


@pytest.fixture
def taken(records: Records, tmp_path: Path) -> Path:
    """A backup of a house in which something happened."""
    lived(records)
    path = tmp_path / "backups" / "house.tar.gz"
    backup(records, path)
    return path
