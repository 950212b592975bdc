"""Does the shipped registry say what the facts say: party by party, act by act, day by day?

The facts lie beside the repository where it is built. Where they are not, these tests say so and are skipped.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from schemas.law import PartyAct
from schemas.vocabulary import CONSENT, ENDING, Act, Verdict
from tools.facts.acts import LAST_DAYS
from tools.facts.importing import Import
from tools.facts.keys import COE, UN, of_fact
from treaties.force import linked
from treaties.load import load_registry
from treaties.registry import Registry
from treaties.standing import bound

FACTS = Path(__file__).parents[3] / "shared" / "facts"
DATA = Path(__file__).parents[2] / "treaties" / "data"
STARTS = {Act.IN_FORCE, Act.EXTENDED}
BY_HAND = {"gates.yml", "offences.yml"}
"""Law files that a person wrote: no import makes them."""

pytestmark = pytest.mark.skipif(
    not FACTS.is_dir(),
    reason="NOT CHECKED against the facts: no folder ../shared/facts beside the repository",
)


@cache
def registry() -> Registry:
    return load_registry([DATA])


def rows(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def party_tables() -> list[tuple[str, str]]:
    regional = sorted((FACTS / "regional").glob("*.csv")) if FACTS.is_dir() else []
    return [
        *((key, f"coe/{name}.csv") for name, key in COE.items()),
        *((name, f"un/{name}.csv") for name in UN),
        *((of_fact(path.stem), f"regional/{path.name}") for path in regional if path.stem != "instruments"),
    ]


def acts_of(key: str, state: str) -> tuple[PartyAct, ...]:
    return registry().parties[key].states.get(state, ())


def has(acts: tuple[PartyAct, ...], kinds: set[Act] | frozenset[Act], day: str) -> bool:
    return any(act.act in kinds and act.on == date.fromisoformat(day) for act in acts)


@pytest.mark.parametrize(("key", "table"), party_tables())
def test_every_day_of_a_party_table_stands_in_the_registry(key: str, table: str) -> None:
    for row in rows(table):
        acts = acts_of(key, row["state_iso2"])
        extension = row["note"].startswith("Territorial extension")
        assert acts, f"{table}: nothing about {row['state_iso2']}"
        for column, kinds in (("signed", {Act.SIGNED}), ("in_force", STARTS), ("ended", ENDING)):
            day = LAST_DAYS.get(row[column], row[column]) if column == "ended" else row[column]
            if day and not (column == "signed" and extension):
                assert has(acts, kinds, day), f"{table}: {row['state_iso2']} {column} {day}"
        if row["ratified_or_acceded"]:
            assert has(acts, CONSENT, row["ratified_or_acceded"]), f"{table}: {row['state_iso2']} consent"


@pytest.mark.parametrize(("key", "table"), party_tables())
def test_the_registry_holds_no_day_that_the_table_lacks(key: str, table: str) -> None:
    if key not in registry().parties:
        assert not rows(table)
        return
    known = {
        (row["state_iso2"], LAST_DAYS.get(row[column], row[column]))
        for row in rows(table)
        for column in ("signed", "ratified_or_acceded", "in_force", "ended")
        if row[column]
    }
    status = {Act.SIGNED, *CONSENT, *STARTS, *ENDING}
    for state, acts in registry().parties[key].states.items():
        for act in acts:
            territorial = act.act is Act.EXTENDED and registry().jurisdictions[state].parent is not None
            if act.act in status and act.on is not None and not territorial:
                assert (state, act.on.isoformat()) in known, f"{key}: {state} {act.act} {act.on}"


def test_every_day_told_of_a_territory_stands_in_the_registry() -> None:
    """Extensions are told in prose, several in one row: no day of that prose may be lost."""
    for row in rows("un/declarations.csv"):
        if row["kind"] != "territorial":
            continue
        states = registry().parties[of_fact(row["instrument"])].states
        held = {act.on.isoformat() for acts in states.values() for act in acts if act.on is not None}
        told = set(re.findall(r"\d{4}-\d{2}-\d{2}", row["effect"]))
        assert told <= held, f"{row['instrument']}: {sorted(told - held)}"


@pytest.mark.parametrize(
    ("key", "day", "parties"),
    [
        ("budapest", "2026-11-21", 81),
        ("budapest-2ap", "2026-11-21", 0),
        ("lanzarote", "2026-11-21", 48),
        ("coe-mla-1959", "2024-12-31", 50),
        ("coe-mla-2001-ap2", "2022-12-31", 43),
        ("untoc", "2024-05-04", 192),
        ("opsc", "2025-12-04", 178),
        ("eu-eio", "2026-11-21", 25),
    ],
)
def test_as_many_states_are_bound_as_the_sources_count(key: str, day: str, parties: int) -> None:
    on = date.fromisoformat(day)
    states = [code for code, one in registry().jurisdictions.items() if one.parent is None]
    yes = [state for state in states if bound(registry(), key, state, on).verdict is Verdict.YES]
    assert len(yes) == parties


def test_a_date_that_was_read_is_not_called_recalled_and_the_reverse() -> None:
    argentina = {act.act: act for act in acts_of("budapest", "AR")}
    assert argentina[Act.IN_FORCE].confidence == "read"
    assert argentina[Act.ACCEDED].confidence == "memory"
    treaty = {act.act: act for act in acts_of("de-us-mla", "DE")}
    assert treaty[Act.SIGNED].confidence == "read"
    assert treaty[Act.IN_FORCE].confidence == "memory"


def test_every_bilateral_row_stands_in_a_treaty_of_its_pair() -> None:
    kinds = {"mla": "mla", "extradition": "ext", "cloud-act": "cloud-act", "other": "cooperation"}
    for row in rows("bilateral/bilateral.csv"):
        first, second = sorted((row["party_a_iso2"], row["party_b_iso2"]))
        stem = f"{first}-{second}-{kinds[row['kind']]}".lower()
        keys = [key for key in registry().parties if key == stem or key.startswith(stem + "-")]
        acts = tuple(act for key in keys for act in acts_of(key, first))
        assert acts, row
        if row["in_force"]:
            assert has(acts, {Act.IN_FORCE, Act.AMENDED}, row["in_force"]), row
        if row["ended"]:
            assert has(acts, {*ENDING, Act.SUSPENDED}, row["ended"]), row


@pytest.mark.parametrize(
    ("key", "requesting", "requested", "day", "verdict"),
    [
        ("budapest", "DE", "US", "2009-06-30", "no"),
        ("budapest", "DE", "US", "2009-07-01", "yes"),
        ("de-us-mla", "DE", "US", "2009-10-17", "no"),
        ("de-us-mla", "DE", "US", "2009-10-18", "yes"),
        ("hk-us-mla", "HK", "US", "2020-08-19", "yes"),
        ("hk-us-mla", "HK", "US", "2020-08-20", "no"),
        ("au-us-ext", "AU", "US", "1976-05-08", "yes"),
        ("au-us-ext-1931", "AU", "US", "1976-05-08", "no"),
        ("cl-us-ext-1900", "CL", "US", "2016-12-13", "yes"),
        ("cl-us-ext-1900", "CL", "US", "2016-12-14", "no"),
        ("de-gb-ext", "DE", "GB", "1991-05-13", "yes"),
        ("de-gb-ext", "DE", "GB", "1991-05-14", "no"),
        ("jo-us-mla", "JO", "US", "2026-11-21", "unknown"),
        ("co-us-mla", "CO", "US", "2026-11-21", "no"),
        ("lanzarote", "AZ", "AM", "2021-02-01", "no"),
        ("lanzarote", "AZ", "GE", "2021-02-01", "yes"),
        ("eu-eio", "DE", "DK", "2026-11-21", "no"),
        ("coe-mla-2001-ap2", "DE", "AZ", "2026-11-21", "unknown"),
        ("us-18-usc-3512", "DE", "US", "2026-11-21", "yes"),
        ("vn-law-103-2025", "DE", "VN", "2026-06-30", "no"),
        ("vn-law-103-2025", "DE", "VN", "2026-07-01", "yes"),
        ("vn-law-on-mutual-legal-assistance-08-2007", "DE", "VN", "2026-07-01", "no"),
        ("uk-eu-tca", "DE", "GB", "2026-11-21", "yes"),
    ],
)
def test_pairs_stand_as_the_notes_say(
    key: str, requesting: str, requested: str, day: str, verdict: str
) -> None:
    reason = linked(registry(), key, requesting, requested, date.fromisoformat(day))
    assert reason.verdict.value == verdict


def test_every_statute_and_every_jurisdiction_has_its_file() -> None:
    statutes = {i.key for i in registry().instruments.values() if i.form in ("domestic", "practice")}
    # Told by latest.md and the rulebook.
    elsewhere = {"vn-law-103-2025", "us-18-usc-2702", "us-18-usc-2258a", "voluntary-request"}
    assert elsewhere < statutes
    assert len(statutes - elsewhere) == len(rows("bilateral/domestic.csv"))
    assert {row["iso2"] for row in rows("jurisdictions.csv")} == set(registry().jurisdictions)


def test_the_import_gives_the_same_bytes_twice_and_those_that_are_shipped(tmp_path: Path) -> None:
    first, second = Import(FACTS, tmp_path / "a"), Import(FACTS, tmp_path / "b")
    first.write()
    second.write()
    assert Import(FACTS, tmp_path / "a").write() == 0
    files = {path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.yml")}
    assert files == {path.relative_to(tmp_path / "b") for path in (tmp_path / "b").rglob("*.yml")}
    for file in sorted(files):
        assert (tmp_path / "a" / file).read_bytes() == (DATA / file).read_bytes(), file
    by_hand = {path.relative_to(DATA) for path in DATA.rglob("*.yml")} - files
    assert {path.as_posix() for path in by_hand} == BY_HAND
