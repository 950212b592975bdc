"""Which two houses does a letter pass between?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.letters.inbound.houses import Houses


@pytest.fixture
def houses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Houses]:
    monkeypatch.setenv("ROGATORY_HOME", os.fspath(tmp_path))
    made = Houses(tmp_path)
    yield made
    made.us.records.close()
    made.de.records.close()
