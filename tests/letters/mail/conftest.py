"""Which servers and houses does a test of mail find? Made once, the boxes emptied each time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.settings import settings_of
from tests.letters.mail.sides import Side, opened, reached, two_homes
from tests.letters.postoffice import PostOffice


@pytest.fixture(scope="package")
def servers() -> Iterator[PostOffice]:
    with PostOffice() as made:
        yield made


@pytest.fixture
def office(servers: PostOffice) -> PostOffice:
    """With empty boxes."""
    servers.boxes.clear()
    servers.sent.clear()
    return servers


@pytest.fixture(scope="package")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two houses that know each other, made once: keys for mail take their time."""
    return two_homes(tmp_path_factory.mktemp("homes"))


@pytest.fixture
def sides(homes: Path, office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Side, Side]]:
    monkeypatch.setenv("ROGATORY_HOME", os.fspath(homes))
    de, us = (opened(reached(settings_of(homes / name), office)) for name in ("de", "us"))
    yield de, us
    de.carrier.close()
    us.carrier.close()
