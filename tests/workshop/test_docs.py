"""Does docs/workshop.md tell every section, column and gap, and is its example one that passes?"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from desk.depositary import COLUMNS
from treaties.draft import DEFAULTED, RULES, SECTIONS, draft_of
from treaties.impact import impact
from treaties.load import shipped
from treaties.proposal import considered
from treaties.sweep import GAPS
from treaties.text import parse

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "workshop.md").read_text("utf-8")


def test_every_word_of_the_workshop_is_told() -> None:
    words = {*SECTIONS, *COLUMNS, *GAPS, *RULES, *DEFAULTED}
    assert sorted(word for word in words if f"`{word}`" not in TEXT) == []


def test_the_example_passes_and_has_the_impact_that_is_shown() -> None:
    found = re.search(r"\$ cat ireland\.yml\n(.*?)\n\n", TEXT, flags=re.DOTALL)
    assert found is not None
    law, day = shipped(), date(2026, 11, 21)
    change = considered(law, draft_of(parse(found[1]), lambda path: ".".join(path)), day)
    assert change.faults == ()
    moved = impact(law, change.after, change.differences, day)
    assert f"gained {moved.count('gained')}  lost 0" in TEXT
    assert "budapest for mla from 2027-03-01: no → yes, 164 pairs" in TEXT
    gained = [one for one in moved.moved if one.effect == "gained" and one.kind == "mla"]
    assert len(gained) == 164


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", TEXT)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
