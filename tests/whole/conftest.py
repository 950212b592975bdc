"""What do tests of the whole need? An environment of their own, put back afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def own_environment() -> Iterator[None]:
    """The houses read settings from the environment, and opening one writes ROGATORY_HOME there."""
    before = dict(os.environ)
    for name in list(os.environ):
        if name.startswith(("ROGATORY_", "TEMPORAL_")) and name != "ROGATORY_REQUIRE":
            del os.environ[name]
    yield
    os.environ.clear()
    os.environ.update(before)
