"""Is a broken law file refused at its line, with the nearest known word, and do layers only add?"""

from __future__ import annotations

import gc
from datetime import date
from pathlib import Path

import pytest

from schemas.errors import BadData, UnknownWord
from tests.law.registries import (
    DEFAULTS,
    Row,
    act,
    ask,
    complete,
    instrument,
    layer,
    parties,
    registry,
    verdict,
)
from treaties.load import OVERLAY, load_registry, shipped
from treaties.standing import bound
from treaties.text import Content, dump

BOUND = [act("in-force", "2000-01-01")]
GOOD = layer(instrument("treaty"), parties("treaty", {"AA": BOUND, "BB": BOUND}))


def folder(root: Path, files: dict[str, Content]) -> Path:
    """The layer written into files."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump(content), "utf-8")
    return root


def broken(root: Path, name: str, text: str) -> Path:
    """A good layer with one file replaced by `text`."""
    folder(root, GOOD)
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, "utf-8")
    return root


HEAD = "defaults:\n  recorded: 2026-01-10\n  source: gazette\n  confidence: read\n"


@pytest.mark.parametrize(
    ("name", "text", "line", "what", "next_step"),
    [
        (
            "parties/treaty.yml",
            f"{HEAD}instrument: treaty\nstates:\n  AA:\n    - {{act: ratifed, on: 2000-01-01}}\n",
            8,
            "'ratifed' is not a known act",
            "did you mean ratified",
        ),
        (
            "parties/treaty.yml",
            f"{HEAD}instrument: treaty\nstates:\n  ZZ:\n    - {{act: signed, on: 2000-01-01}}\n",
            8,
            "'ZZ' is not a known state",
            "known: AA, BB, CC",
        ),
        (
            "parties/treaty.yml",
            f"{HEAD}instrument: treaty\nstates:\n  AA:\n    - {{act: signed, on: 2000-13-01}}\n",
            8,
            "states.AA.0.on",
            "mend the value '2000-13-01'",
        ),
        (
            "parties/treaty.yml",
            f"{HEAD}instrument: treaty\nstates:\n  AA:\n    - {{act: signed, on: 2000-01-01, when: now}}\n",
            8,
            "is not a field",
            "mend the field's name",
        ),
        (
            "parties/treaty.yml",
            "instrument: treaty\nstates:\n  AA:\n    - {act: signed, on: 2000-01-01}\n",
            4,
            "source is missing",
            "or to `defaults`",
        ),
        (
            "instruments/treaty.yml",
            f"{HEAD}key: treaty\ntitle: T\nform: multilateral\nkinds: [mla, extraditon]\n",
            8,
            "'extraditon' is not a known kinds",
            "did you mean extradition",
        ),
        (
            "instruments/treaty.yml",
            f"{HEAD}key: treaty\ntitle: T\nform: multilateral\nkinds: [mla]\nrequires: [treatie]\n",
            9,
            "'treatie' is not a known instrument",
            "did you mean treaty",
        ),
        ("parties/treatise.yml", f"{HEAD}instrument: treatise\nstates: {{}}\n", 5, "'treatise'", "treaty"),
        (
            "parties/tready.yml",
            f"{HEAD}instrument: treaty\nstates: {{}}\n",
            None,
            "named 'tready'",
            "treaty.yml",
        ),
        ("laws/treaty.yml", "key: treaty\n", None, "no place for a file", "instruments"),
        ("sources/gazette.yml", "defaults: {title: x}\nkey: gazette\n", 1, "`defaults` may only", "rows"),
    ],
)
def test_a_broken_file_is_refused_at_its_line(
    tmp_path: Path, name: str, text: str, line: int | None, what: str, next_step: str
) -> None:
    with pytest.raises((BadData, UnknownWord)) as caught:
        load_registry([broken(tmp_path, name, text)])
    error = caught.value
    assert what in error.what
    assert next_step in error.next_step
    assert error.where.endswith(f"{name}:{line}" if line else name)


def test_a_day_written_unknown_is_not_known() -> None:
    law = registry(instrument("t"), parties("t", {"AA": [act("ratified")]}))
    assert law.acts("t", "AA")[0].row.on is None
    assert law.acts("t", "AA")[0].fact == "t:AA.ratified.unknown"


def test_the_same_content_has_the_same_edition_and_any_change_another() -> None:
    assert load_registry([GOOD]).edition == load_registry([dict(reversed(GOOD.items()))]).edition
    other = layer(
        instrument("treaty"), parties("treaty", {"AA": BOUND, "BB": [act("in-force", "2000-01-02")]})
    )
    assert load_registry([GOOD]).edition != load_registry([other]).edition
    assert load_registry([GOOD]).edition.startswith("sha256:")


def test_files_and_memory_give_the_same_registry(tmp_path: Path) -> None:
    read = load_registry([folder(tmp_path, GOOD)])
    held = load_registry([GOOD])
    assert (read.edition, dict(read.facts())) == (held.edition, dict(held.facts()))


# --- layers -------------------------------------------------------------------------------------------


def overlay(*rows: Row, recorded: str = "2026-01-12", **more: object) -> dict[str, Content]:
    """A later layer with acts of AA, recorded on another day."""
    file: Row = {"defaults": {**DEFAULTS, "recorded": recorded}, "instrument": "treaty", **more}
    file["states"] = {"AA": list(rows)}
    return {"parties/treaty.yml": file}


def test_a_later_layer_adds_acts_and_an_earlier_belief_stays_to_be_asked() -> None:
    law = load_registry([GOOD, overlay(act("denounced", "2020-01-01"))])
    day = date(2026, 1, 15)
    assert bound(law, "treaty", "AA", day).verdict.value == "no"
    assert bound(law.known_on(date(2026, 1, 11)), "treaty", "AA", day).verdict.value == "yes"
    assert law.edition != load_registry([GOOD]).edition


def test_a_later_layer_retracts_a_row_by_repeating_it_with_a_reason() -> None:
    wrong = {**BOUND[0], **DEFAULTS, "retracted": {"on": "2026-01-12", "reason": "misread"}}
    law = load_registry([GOOD, overlay(wrong, complete={**complete(), **DEFAULTS})])
    assert bound(law, "treaty", "AA", date(2026, 1, 15)).verdict.value == "no"
    assert bound(law.known_on(date(2026, 1, 11)), "treaty", "AA", date(2026, 1, 15)).verdict.value != "no"
    assert [fact for fact, row in law.facts() if row.retracted] == ["treaty:AA.in-force.2000-01-01"]


def test_a_new_entry_into_force_replaces_a_pending_one_only_from_its_record() -> None:
    pending = instrument("treaty", entry={"on": "unknown", "pending": "true"})
    consent = [act("ratified", "2023-01-01")]
    base = layer(pending, parties("treaty", {"AA": consent}))
    entry: Row = {**DEFAULTS, "recorded": "2026-01-12", "on": "2026-01-01"}
    law = load_registry([base, {"instruments/treaty.yml": {"key": "treaty", "entry": entry}}])
    day = date(2026, 1, 15)
    assert bound(law, "treaty", "AA", day).claim == "force.entry-unknown"
    assert bound(law.known_on(date(2026, 1, 11)), "treaty", "AA", day).claim == "force.pending"


def test_a_later_layer_adds_rules_and_may_not_change_what_stands() -> None:
    rule: Row = {"id": "9.ground", "article": "9", "ground": "ne-bis-in-idem", "mandatory": "yes"}
    more: Row = {"instruments/treaty.yml": {"defaults": DEFAULTS, "key": "treaty", "grounds": [rule]}}
    law = load_registry([GOOD, more])
    assert [held.fact for held in law.rulebook("treaty").grounds] == ["treaty:9.ground"]
    assert verdict(ask(law), "treaty") == "yes"
    renamed: dict[str, Content] = {"instruments/treaty.yml": {"key": "treaty", "title": "Another"}}
    with pytest.raises(BadData, match="already has another 'title'"):
        load_registry([GOOD, renamed])
    twice: Row = {
        "instruments/treaty.yml": {
            "defaults": DEFAULTS,
            "key": "treaty",
            "provisions": [{"id": "1.reach", "article": "1", "role": "reach", "force": "option"}],
        }
    }
    with pytest.raises(BadData, match=r"already has a row '1\.reach'"):
        load_registry([GOOD, twice])


def test_practice_is_added_to_by_state() -> None:
    row: Row = {"id": "office", "function": "mla-in", "name": "Office", **DEFAULTS}
    law = load_registry([GOOD, {"states/AA.yml": {"code": "AA", "authorities": [row]}}])
    assert [held.fact for held in law.practice("AA").authorities] == ["AA:office"]


def test_an_overlay_named_by_the_setting_is_laid_over_the_shipped_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(OVERLAY, raising=False)
    plain = shipped()
    assert shipped() is plain
    folder(tmp_path, {"sources/house-memo.yml": {"key": "house-memo", "title": "A memo of this house"}})
    monkeypatch.setenv(OVERLAY, str(tmp_path))
    assert shipped().edition != plain.edition
    assert "house-memo" in shipped().sources
    monkeypatch.setenv(OVERLAY, str(tmp_path / "nowhere"))
    with pytest.raises(BadData, match="does not exist"):
        shipped()


def test_two_acts_of_one_day_bear_names_that_do_not_depend_on_their_order() -> None:
    first, second = (act("declaration", "2004-01-01", text=text) for text in ("one", "two"))
    names = [
        {
            held.row.text: held.fact
            for held in registry(instrument("t"), parties("t", {"AA": rows})).acts("t", "AA")
        }
        for rows in ([first, second], [second, first])
    ]
    assert names[0] == names[1]
    assert set(names[0].values()) == {"t:AA.declaration.2004-01-01", "t:AA.declaration.2004-01-01.2"}


def test_the_collector_leaves_the_law_alone_and_works_on(tmp_path: Path) -> None:
    before = gc.get_freeze_count()
    shipped(tmp_path)
    assert gc.get_freeze_count() > before
    assert gc.isenabled()
