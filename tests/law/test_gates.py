"""Are the questions of human rights asked where they arise, and answered only by facts that decide them?

Expected answers come from the notes on human rights, the party lists of the United Nations and the table of
jurisdictions, not from the program.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from schemas.errors import BadData, UnknownWord
from schemas.reasoning import Assessment, GateFound, OffenceAsked, Question
from schemas.vocabulary import Kind, Measure, Verdict
from tests.law.registries import DEFAULTS, Row, act, ask, complete, instrument, layer, parties
from treaties.answer_json import as_json
from treaties.basis import find_bases
from treaties.explain import gated
from treaties.load import load_registry, shipped
from treaties.logic import walk

TODAY = date(2026, 11, 21)
PRIVACY = {"legality", "legitimate-aim", "necessity", "proportionality", "remedy"}
"""The test of ICCPR 17 and ECHR 8(2), and the remedy of ICCPR 2(3)."""


def answered(
    requesting: str, requested: str, kind: str = "extradition", measure: str = "surrender", **more: Any
) -> Assessment:
    more.setdefault("on", TODAY)
    return find_bases(shipped(), Question(requesting, requested, Kind(kind), (Measure(measure),), **more))


def gate(answer: Assessment, name: str) -> GateFound:
    return next(found for found in answer.gates if found.gate == name)


def names(answer: Assessment) -> set[str]:
    return {found.gate for found in answer.gates}


def cited(found: GateFound) -> set[str]:
    return {f"{one.instrument} {one.article}".strip() for one in found.reason.citations}


# --- which are asked ----------------------------------------------------------------------------------


def test_surrender_raises_torture_death_penalty_and_refugee_status_and_they_cannot_be_overridden() -> None:
    answer = answered("US", "FR")
    assert {found.gate for found in answer.gates if found.mandatory} == {
        "torture",
        "death-penalty",
        "non-refoulement",
    }


def test_a_measure_into_private_life_raises_every_step_of_the_test_of_the_covenant() -> None:
    for measure in (
        "subscriber-data",
        "traffic-data",
        "stored-content",
        "interception",
        "search-and-seizure",
    ):
        assert names(answered("DE", "US", "mla", measure)) >= PRIVACY
    assert names(answered("DE", "US", "mla", "testimony")).isdisjoint(PRIVACY)


def test_evidence_may_feed_a_capital_case_so_assistance_raises_the_death_penalty_too() -> None:
    assert "death-penalty" in names(answered("US", "GB", "mla", "subscriber-data"))
    assert "torture" not in names(answered("US", "GB", "mla", "subscriber-data"))


@pytest.mark.parametrize(("offence", "asked"), [("csam-possession", True), ("illegal-access", False)])
def test_the_best_interests_of_child_victims_are_asked_where_a_child_is_one(
    offence: str, asked: bool
) -> None:
    answer = answered("DE", "US", "mla", "subscriber-data", offences=(OffenceAsked(offence),))
    assert ("child-victim" in names(answer)) is asked


def test_what_comes_from_the_european_convention_is_not_asked_of_others() -> None:
    assert "life-sentence" in names(answered("US", "FR"))
    assert "life-sentence" not in names(answered("US", "JP"))
    assert not {one for one in cited(gate(answered("US", "JP"), "torture")) if one.startswith("echr")}
    assert {"cat 3", "iccpr 7", "echr 3"} <= cited(gate(answered("US", "FR"), "torture"))


# --- which are answered -------------------------------------------------------------------------------


def test_a_state_that_keeps_the_death_penalty_owes_an_assurance_to_one_that_abolished_it() -> None:
    found = gate(answered("US", "FR"), "death-penalty")
    assert found.verdict is Verdict.NO
    assert "assurance" in found.cure
    assert cited(found) >= {"iccpr 6", "iccpr-op2 1"}
    sentence, cure = gated(found, shipped())
    assert sentence.startswith("Death penalty: the United States keeps it and France has abolished it;")
    assert cure == found.cure


def test_a_request_of_a_state_that_abolished_the_death_penalty_passes() -> None:
    found = gate(answered("FR", "US"), "death-penalty")
    assert found.verdict is Verdict.YES
    assert gated(found, shipped())[1] == ""


@pytest.mark.parametrize(("requesting", "requested"), [("US", "JP"), ("KR", "FR"), ("PE", "FR")])
def test_where_both_keep_it_or_abolition_is_not_whole_a_person_is_asked(
    requesting: str, requested: str
) -> None:
    """Korea keeps it in law without using it, Peru abolished it for ordinary crimes only."""
    assert gate(answered(requesting, requested), "death-penalty").verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("on", "verdict"), [(date(1992, 11, 17), Verdict.UNKNOWN), (date(1992, 11, 18), Verdict.YES)]
)
def test_germany_is_bound_to_abolish_it_from_18_november_1992(on: date, verdict: Verdict) -> None:
    found = gate(answered("DE", "US", on=on), "death-penalty")
    assert found.verdict is verdict
    facts = {fact for reason in walk(found.reason) for fact in reason.facts}
    assert "iccpr-op2:DE.in-force.1992-11-18" in facts


def test_a_table_of_2026_says_nothing_of_1970() -> None:
    """France is in the table as abolitionist, and had the death penalty then."""
    found = gate(answered("FR", "US", on=date(1970, 1, 1)), "death-penalty")
    assert found.verdict is Verdict.UNKNOWN


def test_a_maximum_in_years_is_no_death_penalty() -> None:
    offences = (OffenceAsked("csam-distribution", 240),)
    assert gate(answered("US", "FR", offences=offences), "death-penalty").verdict is Verdict.YES
    mixed = (*offences, OffenceAsked("homicide"))
    assert gate(answered("US", "FR", offences=mixed), "death-penalty").verdict is Verdict.NO


@pytest.mark.parametrize(("nationality", "verdict"), [(None, "unknown"), ("FR", "unknown"), ("BE", "yes")])
def test_only_a_foreign_nationality_answers_the_question_of_nationals(
    nationality: str | None, verdict: str
) -> None:
    found = gate(answered("US", "FR", nationality=nationality), "nationality")
    assert found.verdict.value == verdict


@pytest.mark.parametrize(
    ("age", "offence", "verdict"),
    [
        (None, None, "unknown"),
        (17, None, "no"),
        (18, None, "unknown"),
        (19, date(2025, 11, 22), "yes"),
        (19, date(2025, 11, 21), "unknown"),
        (19, date(2024, 11, 21), "no"),
        (40, date(2020, 1, 1), "yes"),
    ],
)
def test_the_age_that_counts_is_that_at_the_offence(
    age: int | None, offence: date | None, verdict: str
) -> None:
    """Someone of 19 a year and less ago was 18 or 19; a year ago to the day 18 at most, perhaps 17."""
    found = gate(answered("US", "FR", age=age, offence_date=offence), "age")
    assert found.verdict.value == verdict
    assert {"iccpr 6(5)", "crc 3"} <= cited(found)


@pytest.mark.parametrize(
    ("maxima", "verdict"),
    [
        ([(12, 12)], "yes"),
        ([(11, 120)], "no"),
        ([(12, None)], "unknown"),
        ([(None, 6)], "no"),
        ([(11, 11), (12, 12)], "yes"),
        ([(11, 11), (None, None)], "unknown"),
    ],
)
def test_one_offence_of_a_year_on_both_sides_carries_the_others(
    maxima: list[tuple[int | None, int | None]], verdict: str
) -> None:
    """European Convention on Extradition 2(1) and 2(2)."""
    slugs = ("csam-distribution", "fraud")
    offences = tuple(OffenceAsked(slug, *told) for slug, told in zip(slugs, maxima, strict=False))
    assert gate(answered("CH", "DE", offences=offences), "minimum-gravity").verdict.value == verdict
    assert gate(
        answered("CH", "DE", "mla", "testimony", offences=offences), "minimum-gravity"
    ).verdict.value == ("unknown")


def test_most_gates_are_for_persons() -> None:
    for requesting, requested, kind, measure in (
        ("US", "FR", "extradition", "surrender"),
        ("BR", "NG", "mla", "stored-content"),
    ):
        answer = answered(requesting, requested, kind, measure)
        open_ones = [found for found in answer.gates if found.verdict is Verdict.UNKNOWN]
        assert len(open_ones) >= len(answer.gates) - 1


# --- what they rest on --------------------------------------------------------------------------------


def test_the_requested_state_is_shown_to_be_bound_by_what_obliges_it() -> None:
    said = {
        (reason.slots["instrument"], reason.slots["state"], reason.slots["day"])
        for reason in walk(gate(answered("JP", "US"), "torture").reason)
        if reason.claim.startswith("force.bound")
    }
    assert ("cat", "US", "1994-11-20") in said


def test_a_usable_basis_that_makes_it_a_ground_for_refusal_is_named() -> None:
    """Between Switzerland and Germany the Convention of 1957 applies, with its Articles 3(1) and 4."""
    answer = answered("CH", "DE")
    for name, article in (("political-offence", "3(1)"), ("military-offence", "4"), ("lapse-of-time", "10")):
        grounds = [
            reason.slots for reason in gate(answer, name).reason.children if reason.claim == "gate.ground"
        ]
        assert {"instrument": "coe-ext-1957", "article": article} in [
            {key: slots[key] for key in ("instrument", "article")} for slots in grounds
        ]


def test_every_gate_cites_asks_and_says_what_would_help() -> None:
    law = shipped()
    held = {fact for fact, _ in law.facts()}
    for requesting, requested, kind, measure in (
        ("US", "FR", "extradition", "surrender"),
        ("JP", "BR", "mla", "interception"),
        ("DE", "HK", "production", "stored-content"),
    ):
        for found in answered(requesting, requested, kind, measure).gates:
            assert found.reason.citations, found.gate
            assert found.cure
            assert {fact for fact in found.reason.facts if fact.startswith("gates:")} <= held
            for reason in walk(found.reason):
                assert reason.citations or reason.children


def test_a_gate_decides_about_no_basis() -> None:
    law = shipped()
    without = replace(law, gates={}, memo={})
    for pair in (("US", "FR"), ("JP", "DE"), ("CN", "SE")):
        question = Question(*pair, Kind.EXTRADITION, (Measure.SURRENDER,), TODAY)
        with_gates, bare = find_bases(law, question), find_bases(without, question)
        assert with_gates.gates
        assert not bare.gates
        assert with_gates.candidates == bare.candidates
        assert with_gates.open_questions == bare.open_questions


def test_the_answer_as_json_holds_the_gates() -> None:
    law = shipped()
    told = as_json(answered("US", "FR"), law, "fr")["gates"]
    first = told[0]
    assert set(first) == {"gate", "verdict", "mandatory", "sentence", "cure", "reason"}
    assert (first["gate"], first["verdict"], first["mandatory"]) == ("death-penalty", "no", True)
    assert first["sentence"].startswith("Peine de mort")
    assert first["cure"].startswith("une assurance")


# --- as data ------------------------------------------------------------------------------------------

GATE: Row = {
    "gate": "haste",
    "name": "haste",
    "asks": "Is there time to think?",
    "cure": "a day",
    "evaluates": "question",
    "authorities": [{"instrument": "t", "article": "3"}],
}


def gates_file(*rows: Row) -> dict[str, Any]:
    return {"gates.yml": {"defaults": DEFAULTS, "gates": list(rows)}}


def with_gates(*rows: Row, **more: Any) -> dict[str, Any]:
    bound = [act("in-force", "2000-01-01")]
    made = layer(instrument("t"), parties("t", {"AA": bound, "BB": bound}), **more)
    return {**made, **gates_file(*rows)}


def test_a_gate_is_added_as_data() -> None:
    law = load_registry([with_gates(GATE)])
    answer = ask(law)
    assert [found.gate for found in answer.gates] == ["haste"]
    assert gated(answer.gates[0], law) == ("Haste: Is there time to think?", "a day")


def test_a_gate_on_an_unknown_instrument_is_refused_unless_it_is_named() -> None:
    stray = {**GATE, "authorities": [{"instrument": "tt", "article": "3"}]}
    with pytest.raises(UnknownWord, match="'tt' is not a known instrument"):
        load_registry([with_gates(stray)])
    named = {**GATE, "authorities": [{"instrument": "tt", "article": "3", "title": "Charter of Haste"}]}
    law = load_registry([with_gates(named)])
    assert law.titles_outside == {"tt": "Charter of Haste"}


def test_a_later_layer_adds_an_authority_and_rewrites_nothing() -> None:
    more = {**GATE, "authorities": [{"instrument": "t", "article": "4"}]}
    law = load_registry([with_gates(GATE), gates_file(more)])
    assert cited(ask(law).gates[0]) == {"t 3", "t 4"}
    other = {**more, "asks": "Is there no time?"}
    with pytest.raises(BadData, match="already has another 'asks'"):
        load_registry([with_gates(GATE), gates_file(other)])


def test_before_it_was_recorded_a_gate_was_not_asked() -> None:
    late = {**GATE, "authorities": [{"instrument": "t", "article": "3", "recorded": "2026-01-12"}]}
    law = load_registry([with_gates(late)])
    assert ask(law, known_on=date(2026, 1, 11)).gates == ()
    assert ask(law, known_on=date(2026, 1, 12)).gates


def test_the_answer_is_good_until_a_state_is_bound_to_abolish_the_death_penalty() -> None:
    protocol = instrument("iccpr-op2", kinds=[], provisions=[])
    acts = {"AA": [act("in-force", "2026-06-01")], "BB": [act("in-force", "1995-01-01")]}
    death = {**GATE, "gate": "death-penalty", "evaluates": "death-penalty"}
    made = with_gates(death, states={"AA": {"death_penalty": "retentionist"}})
    made["instruments/iccpr-op2.yml"] = protocol
    made["parties/iccpr-op2.yml"] = parties("iccpr-op2", acts, complete=complete("2026-01-01"))
    law = load_registry([made])
    before, after = ask(law, "2026-05-31"), ask(law, "2026-06-01")
    assert (before.gates[0].verdict, after.gates[0].verdict) == (Verdict.NO, Verdict.YES)
    assert before.good_until == date(2026, 6, 1)
