"""Do the two houses know each other only, or do they also serve?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.evidence_houses import Houses, serving, two_houses
from treaties.registry import Registry


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[Houses]:
    with two_houses(tmp_path) as found:
        yield found


@pytest.fixture
def joined(houses: Houses, registry: Registry) -> Iterator[Houses]:
    """Both serve over HTTP and know where."""
    de, us = houses.folder / "de", houses.folder / "us"
    with serving(houses.us, registry, de), serving(houses.de, registry, us):
        yield houses
