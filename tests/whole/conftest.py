"""What do tests of the whole need? An environment of their own, put back afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from desk import up

PORTS = 12_000 + os.getpid() % 1_000 * 20
"""Ports of our own: a part that was killed must find its port free when it comes back, whoever else runs."""


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The houses read settings from the environment, and opening one writes ROGATORY_HOME there."""
    before = dict(os.environ)
    monkeypatch.setattr(up, "TEMPORAL_PORT", PORTS)
    monkeypatch.setattr(up, "UI_PORT", PORTS + 5)
    monkeypatch.setattr(up, "API_PORT", PORTS + 10)
    for name in list(os.environ):
        if name.startswith(("ROGATORY_", "TEMPORAL_")) and name != "ROGATORY_REQUIRE":
            del os.environ[name]
    yield
    os.environ.clear()
    os.environ.update(before)
