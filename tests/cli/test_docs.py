"""Is every setting told in the documents, and every command the documents name there?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schemas.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_every_setting_is_told(field: str) -> None:
    assert f"| `{field}` | `ROGATORY_{field.upper()}` |" in SETTINGS


@pytest.mark.parametrize("document", ["README.md", "docs/tour.md", "docs/settings.md"])
def test_every_link_leads_somewhere(document: str) -> None:
    file = ROOT / document
    links = re.findall(r"\]\((?!https?:)([^)#]+)", file.read_text("utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []


def test_no_setting_is_told_that_is_not_there() -> None:
    told = re.findall(r"^\| `([a-z_]+)` \| `ROGATORY_", SETTINGS, flags=re.MULTILINE)
    assert sorted(told) == sorted(Settings.model_fields)
