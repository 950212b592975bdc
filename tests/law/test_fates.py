"""Does every row of the facts stand in the registry, or was it left out for a reason that can be named?

The facts lie beside the repository where it is built. Where they are not, these tests say so and are skipped.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from schemas.law import Effect, Fact, PartyAct
from schemas.vocabulary import Act
from tests.law.test_facts import DATA, FACTS, registry
from tools.facts import designations, newest
from tools.facts.__main__ import main
from tools.facts.cite import key_of
from tools.facts.importing import Import
from tools.facts.table import FATES, REFUSALS, Account, FactRow, rows
from tools.facts.whole import missing

CHANGELOG = DATA.parent / "CHANGELOG.md"
RULEBOOK = {
    "procedure/deadlines.csv": ("deadlines", "event_to", ""),
    "procedure/refusal_grounds.csv": ("grounds", "ground", "ground"),
    "procedure/not_refusal_grounds.csv": ("not_grounds", "not_ground", "not_a_ground"),
    "procedure/request_contents.csv": ("contents", "field", "field"),
}
"""Table: the list of rules it becomes, the field that says which, and the column from which that comes."""

pytestmark = pytest.mark.skipif(
    not FACTS.is_dir(),
    reason="NOT CHECKED against the facts: no folder ../shared/facts beside the repository",
)


@cache
def account() -> Account:
    """Where every row went in an import of today."""
    with TemporaryDirectory() as folder:
        run = Import(FACTS, Path(folder))
        run.write()
    return run.account


@cache
def facts() -> dict[str, Fact]:
    return dict(registry().facts())


def entries(file: str) -> list[tuple[int, str, str, str]]:
    return [(line, name, fate, why) for table, line, name, fate, why in account().entries if table == file]


def row_at(file: str, line: int) -> FactRow:
    return next(row for row in rows(FACTS, file) if row.line == line)


# --- every row has a fate --------------------------------------------------------------------------------


def test_no_row_of_any_table_is_lost() -> None:
    assert missing(FACTS, account()) == []


def test_every_refusal_has_a_reason_of_the_list_and_every_reason_is_needed_or_for_new_rows() -> None:
    given = Counter(why[1:].partition("]")[0] for *_, fate, why in account().entries if fate == "refused")
    assert set(given) <= set(REFUSALS)
    assert set(REFUSALS) - set(given) == {"empty", "unplaced"}
    with pytest.raises(ValueError, match="add it to REFUSALS"):
        Account().refused(FactRow("a.csv", 2, {}), "a row", "because")


def test_the_summary_counts_all_and_names_the_reasons() -> None:
    *tables, _ = (line for line in account().summary() if not line.startswith("refused as"))
    counted = sum(
        int(number) for line in tables for number in re.findall(r"(\d+) (?:taken|merged|ref)", line)
    )
    total = sum(counts.total() for counts in account().fates().values())
    assert counted == total
    assert any(line.startswith(f"all {total} rows: ") for line in account().summary())


def test_the_changelog_of_the_law_tells_the_same_counts() -> None:
    """A row that disappears from the facts, or from the registry, changes a number here."""
    text = CHANGELOG.read_text("utf-8")
    told = {
        name: tuple(int(number.replace(",", "")) for number in numbers)
        for name, *numbers in re.findall(
            r"^\s*\| `([^`]+)` +\| +([\d,]+) +\| +([\d,]+) +\| +([\d,]+) +\|", text, re.M
        )
    }
    found: dict[str, Counter[str]] = {}
    for file, counts in account().fates().items():
        folder = file.partition("/")[0] + "/*" if file.startswith(("coe/", "un/", "regional/")) else file
        found.setdefault(folder, Counter()).update(counts)
    assert told == {name: tuple(counts[fate] for fate in FATES) for name, counts in found.items()}


# --- what the importer does with what it does not know ------------------------------------------------------


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    """The facts with rows and a table that no importer knows."""
    folder = tmp_path / "facts"
    shutil.copytree(FACTS, folder)
    for table, line in {
        "procedure/deadlines.csv": "new-treaty,5,mla,receipt,answer,30,days,,,memory,low",
        "procedure/channels.csv": "budapest,99,diplomatic,always,,memory",
        "procedure/terminology.csv": "bad word,good word,everywhere,memory",
        "authorities.csv": "DE,mla-in,new-treaty,Ministry,,,,,,memory,,memory",
        "bilateral/designations.csv": "GB,QQ,extradition,Extradition Act 2003,2,,,no,,,memory,2026,memory",
    }.items():
        with (folder / table).open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")
    (folder / "un" / "new-treaty.csv").write_text("state_iso2,signed\nDE,2026-01-01\n", "utf-8")
    notes = folder / newest.FILE
    row = "| A new thing | in force | 2026-11-01 | a gazette | 2026-11 | read |"
    head = "| item | state | date | source | as_of | confidence |\n| --- | --- | --- | --- | --- | --- |"
    notes.write_text(f"{notes.read_text('utf-8')}\n{head}\n{row}\n", "utf-8")
    return folder


def test_what_is_new_in_the_facts_is_named_and_not_passed_over(
    strange: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(strange), "--out", str(tmp_path / "out")]) == 1
    told = capsys.readouterr().err
    for words in ("new-treaty 5", "budapest 99", "DE mla-in", "un/new-treaty.csv:2", "A new thing"):
        assert words in told
    assert len(told.splitlines()) == 5


def test_the_facts_as_they_are_leave_no_row_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(FACTS), "--out", str(tmp_path), "--report", str(tmp_path / "report.txt")]) == 0
    assert capsys.readouterr().err == ""
    report = (tmp_path / "report.txt").read_text("utf-8").splitlines()
    assert len(report) == len(account().entries)


def test_a_row_that_an_import_passes_over_is_named() -> None:
    short = Account([entry for entry in account().entries if entry[:2] != ("un/untoc.csv", 5)])
    assert missing(FACTS, short) == ["un/untoc.csv:5 nobody looked at it"]


# --- what was taken stands where the account says ---------------------------------------------------------


def test_every_fact_that_holds_a_merged_row_is_there() -> None:
    held = [
        fact
        for *_, fate, why in account().entries
        if fate == "merged" and why.startswith("held by ")
        for fact in why.removeprefix("held by ").split(", ")
    ]
    assert len(held) > 100
    assert [fact for fact in held if fact not in facts()] == []


@pytest.mark.parametrize("file", RULEBOOK)
def test_every_row_of_the_rulebook_that_was_taken_is_a_rule_that_says_the_same(file: str) -> None:
    name, field, column = RULEBOOK[file]
    taken = 0
    for line, _, fate, why in entries(file):
        found = re.fullmatch(r"instruments/(.+)\.yml (\S+)", why)
        if fate != "taken" or found is None:
            continue
        row = row_at(file, line)
        rule: Any = facts()[f"{found.group(1)}:{found.group(2)}"]
        assert rule in getattr(registry().instruments[found.group(1)], name)
        if column:
            assert getattr(rule, field) == key_of(row[column]), why
        else:
            amount = rule.amount
            assert (str(amount) if amount is not None else "") == row["amount"], why
            assert rule.event_from == row["event_from"], why
            # Where the article leaves out days off, its row says so in words beside the unit.
            assert rule.unit.removeprefix("working-") == (row["unit"] or "days").removeprefix("working-"), why
        assert rule.article == ("practice" if row["article"] == "-" else row["article"])
        memory = row["source"] in ("memory", "design", "own")
        assert rule.confidence == ("memory" if memory else "read"), why
        taken += 1
    assert taken > 20


def test_the_practice_of_the_united_states_stands_in_each_of_its_treaties_by_hand() -> None:
    practice = [
        r for r in rows(FACTS, "procedure/request_contents.csv") if r["instrument"] == "us-mlat-content"
    ]
    fields = {key_of(row["field"]) for row in practice}
    for key in ("au-us-mla", "de-us-mla", "gb-us-mla", "nl-us-mla"):
        assert fields <= {rule.field for rule in registry().instruments[key].contents}


def test_every_designation_stands_under_the_state_designated() -> None:
    for row in rows(FACTS, designations.FILE):
        key, state = designations.STATUTES[row["designating_iso2"]], row["designated_iso2"]
        if state not in registry().jurisdictions:
            assert state in {"AQ", "GS", "IO"}
            continue
        acts = registry().parties[key].states[state]
        start = next(act for act in acts if act.act is Act.IN_FORCE)
        assert (start.on.isoformat() if start.on else "") == row["from_date"]
        assert start.confidence == row["confidence"]
        effects: dict[str, Effect] = {effect.does: effect for effect in start.effects}
        assert _designated_in(effects, row) == (row["category"][0] if row["category"][0] in "12" else "")
        assert ("condition" in effects) is row["prima_facie_required"].startswith("yes")
        assert str(effects["deadline"].days if "deadline" in effects else "") == row["time_limit_days"]
        removed = [act for act in acts if act.act is Act.TERMINATED]
        assert bool(removed) is ("removed by" in row["note"])
        assert all(act.earliest == date(2025, 1, 1) for act in removed)


def _designated_in(effects: dict[str, Effect], row: FactRow) -> str:
    effect = effects.get("designation")
    return "" if effect is None else effect.category.removeprefix("part-")


def test_only_the_states_designated_are_listed_under_a_statute() -> None:
    for state, key in designations.STATUTES.items():
        listed = {
            r["designated_iso2"] for r in rows(FACTS, designations.FILE) if r["designating_iso2"] == state
        }
        assert set(registry().parties[key].states) == (listed & set(registry().jurisdictions)) | {state}
        assert registry().instruments[key].designates


@pytest.mark.parametrize("file", ["authorities.csv", "bilateral/central_authorities.csv"])
def test_every_authority_is_named_in_the_practice_of_its_state(file: str) -> None:
    refused = {line for line, _, fate, _ in entries(file) if fate == "refused"}
    for row in rows(FACTS, file):
        if row.line in refused or not row["authority"]:
            continue
        function = row["function"] or f"{row['purpose']}-in"
        named = [
            f"{one.name}, {one.unit}".lower()
            for one in registry().jurisdictions[row["state_iso2"]].authorities
            if one.function == function
        ]
        assert any(
            row["authority"].lower() in name or name.partition(",")[0] in row["authority"].lower()
            for name in named
        ), f"{file}:{row.line}"


@pytest.mark.parametrize("file", ["coe/declarations.csv", "un/declarations.csv"])
def test_every_declaration_is_told_by_an_act(file: str) -> None:
    said: dict[str, list[PartyAct]] = {}
    for key, parties in registry().parties.items():
        said[key] = [act for acts in parties.states.values() for act in acts]
    for line, _, fate, why in entries(file):
        assert fate == "taken"
        text = re.sub(r"^WITHDRAWN [\d-]+: ", "", row_at(file, line)["effect"])
        key = why.removeprefix("parties/").removesuffix(".yml")
        assert any(text in (act.text, act.note) for act in said[key]), f"{file}:{line}"
