"""What the long run found, and must not come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.cli.given import moment_of
from letters.seal import load_key
from schemas.errors import BadInput


def test_a_moment_that_no_other_zone_can_name_is_refused() -> None:
    with pytest.raises(BadInput):
        moment_of("0001-01-01T00:00+14:00")


def test_a_key_that_is_one_deep_nest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signing.json"
    path.write_bytes(b"[" * 100_000)
    with pytest.raises(BadInput):
        load_key(path)
