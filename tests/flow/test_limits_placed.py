"""Does every limit of the law start in a case, and is every one told in the guide?"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from schemas.deadline import CLOCKS, SAID, STARTS
from schemas.law import DeadlineRule, GroundRule
from schemas.law import Test as Proviso
from schemas.lifecycle import PRACTICE_CLOCKS
from tests.flow.limits import rules
from tools.facts.clocks import BORROWED, CLOCKED, NO_CASE, PROLONGED, unplaced
from tools.facts.places import LEFT_OUT, NO_LAW, key_of_row
from tools.facts.table import FactRow
from treaties.load import shipped

ROOT = Path(__file__).parents[2]
FACTS = ROOT.parent / "shared" / "facts" / "procedure" / "deadlines.csv"
GUIDE = ROOT / "docs" / "clocks.md"


def test_every_limit_of_the_registry_starts_in_a_case_or_is_on_the_closed_list() -> None:
    assert [(key, rule.id) for key, rule in rules() if unplaced(key, rule.id)] == []
    assert unplaced("budapest", "99.deadline")
    idle = {(key, rule.id) for key, rule in rules() if not rule.clock}
    assert idle == set(NO_CASE), "a limit of the closed list starts, or another does not"
    assert all(len(reason) > 20 for reason in NO_CASE.values())


def test_no_line_of_the_tables_is_left_from_a_limit_that_is_gone() -> None:
    held = {(key, rule.id) for key, rule in rules()}
    told = CLOCKED.keys() | NO_CASE.keys() | {(key, more["id"]) for (key, _), more in PROLONGED.items()}
    assert told <= held
    assert not CLOCKED.keys() & NO_CASE.keys()
    assert set(BORROWED.values()) <= {key for key, _ in held}


@pytest.mark.skipif(not FACTS.is_file(), reason="NOT CHECKED against the facts: no folder ../shared/facts")
def test_every_row_of_the_facts_is_a_limit_of_the_registry_or_binds_nobody() -> None:
    missing = []
    with FACTS.open(encoding="utf-8", newline="") as stream:
        for line, cells in enumerate(csv.DictReader(stream), start=2):
            row = FactRow(FACTS.name, line, cells)
            name, article = cells["instrument"], cells["article"]
            if name in NO_LAW or (name, article) in LEFT_OUT:
                continue
            law = shipped().instruments[key_of_row(row)]
            fitting = [
                rule
                for rule in law.deadlines
                if (rule.article, rule.event_from) == (article, cells["event_from"])
                and str(rule.amount or "") == cells["amount"]
            ]
            missing += [] if fitting else [(line, name, article)]
    assert missing == []


def test_every_word_of_a_rule_is_one_of_a_case() -> None:
    names = {clock.clock for clocks in PRACTICE_CLOCKS.values() for clock in clocks}
    assert names <= CLOCKS.keys(), "a clock of our practice has no entry among the clocks"
    says = {clock.says for clocks in PRACTICE_CLOCKS.values() for clock in clocks if clock.says}
    assert says <= SAID.keys()
    with pytest.raises(ValueError, match="only time limits may ask"):
        GroundRule.model_validate(GROUND | {"when": [{"test": "case-says", "values": ["emergency"]}]})
    for bad in (
        {"event": "arest", "clock": "decide"},
        {"event": "arrest", "clock": "x"},
        {"event": "arrest"},
    ):
        with pytest.raises(ValueError, match=r"no case starts|no clock|go together"):
            DeadlineRule.model_validate(CITED | bad)
    with pytest.raises(ValueError, match="needs one or more of the words"):
        Proviso(test="case-says", values=("urgnt",))


GROUND: dict[str, Any] = {
    "id": "1.ground.x",
    "article": "1",
    "ground": "x",
    "mandatory": "no",
    "source": "memory",
    "recorded": "2026-11-21",
    "confidence": "memory",
}
CITED: dict[str, Any] = {
    "id": "1.deadline",
    "article": "1",
    "event_from": "x",
    "event_to": "y",
    "amount": 1,
    "unit": "days",
    "source": "memory",
    "recorded": "2026-11-21",
    "confidence": "memory",
}


def test_the_guide_tells_every_clock_every_event_and_every_word() -> None:
    text = GUIDE.read_text("utf-8")
    told = set(re.findall(r"^\| `([a-z0-9-]+)` \|", text, flags=re.M))
    assert told == CLOCKS.keys() | STARTS.keys() | SAID.keys()
