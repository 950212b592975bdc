"""What the long run found, and must not come back."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from desk.cli.given import moment_of
from letters.seal import load_key
from letters.ts103120.fields import Moment
from schemas.errors import BadInput
from treaties.spelling import canonical


def test_a_moment_that_no_other_zone_can_name_is_refused() -> None:
    with pytest.raises(BadInput):
        moment_of("0001-01-01T00:00+14:00")


def test_a_key_that_is_one_deep_nest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signing.json"
    path.write_bytes(b"[" * 100_000)
    with pytest.raises(BadInput):
        load_key(path)


def test_a_long_text_in_braces_is_no_canonical_spelling() -> None:
    assert canonical("a:\n  - {key:" + "<" * 40_000 + "}\n") is None
    assert canonical("a:\n  - {key: b, c: [d, e]}\n") == {"a": [{"key": "b", "c": ["d", "e"]}]}


def test_a_moment_of_a_provider_outside_the_calendar_is_refused() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python("0001-01-01T00:00:00+14:00")
