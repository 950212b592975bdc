"""Is an answer of today told apart from a recorded one by what it says, and by nothing else?"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from schemas.case import LawRecorded
from schemas.facets import GateAsked
from schemas.reasoning import Assessment, Question
from schemas.vocabulary import Kind, Measure, Verdict
from treaties.answer_json import as_json
from treaties.basis import find_bases
from treaties.load import shipped
from treaties.recorded import changing_on, in_brief, moved
from treaties.registry import Registry

DAY = date(2009, 6, 30)
"""A day before Germany became bound by the Budapest Convention, on 1 July 2009."""


@pytest.fixture(scope="module")
def law() -> Registry:
    return shipped()


@pytest.fixture(scope="module")
def answer(law: Registry) -> Assessment:
    return find_bases(law, Question("DE", "US", Kind.MLA, (Measure.SUBSCRIBER_DATA,), DAY))


@pytest.fixture
def kept(law: Registry, answer: Assessment) -> dict[str, Any]:
    """As it comes back from the vault."""
    found: dict[str, Any] = json.loads(json.dumps(as_json(answer, law)))
    return found


def usable(kept: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in kept["candidates"] if one["verdict"] == "yes" and one["contents"]
    )
    return found


def test_the_same_answer_is_no_news(kept: dict[str, Any], answer: Assessment) -> None:
    assert moved(kept, answer) is None


def test_sources_words_and_order_are_no_news(kept: dict[str, Any], answer: Assessment) -> None:
    for one in kept["candidates"]:
        one.update(why="said otherwise", title="Another", age=None, confidence="memory", rank=9)
        one["contents"].reverse()
        one["provisions"].reverse()
        one["reason"] = {"facts": [], "children": []}
        for row in (*one["contents"], *one["grounds"]):
            row["note"] = "in other words"
    for gate in kept["gates"]:
        gate.update(sentence="said otherwise", cure="otherwise")
    kept["candidates"].reverse()
    assert moved(kept, answer) is None


def test_what_the_program_of_then_could_not_say_is_no_news(kept: dict[str, Any], answer: Assessment) -> None:
    del kept["gates"]
    for one in kept["candidates"]:
        for name in ("binding", "addressee", "issuers", "duties"):
            del one[name]
        for row in one["deadlines"]:
            del row["consequence"]
    assert moved(kept, answer) is None


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("channel", "diplomatic"),
        ("languages", ["xx"]),
        ("contents", []),
        ("provisions", []),
        ("authority", None),
    ],
)
def test_every_part_of_a_basis_one_can_use_is_news(
    kept: dict[str, Any], answer: Assessment, part: str, value: Any
) -> None:
    basis = usable(kept)
    basis[part] = value
    how = moved(kept, answer)
    assert how is not None
    assert [(shift.instrument, shift.parts) for shift in how.shifts] == [(basis["instrument"], (part,))]


def test_a_verdict_a_gate_and_the_day_are_news_and_a_new_rejected_basis_is_none(
    kept: dict[str, Any], answer: Assessment
) -> None:
    rejected = next(one for one in kept["candidates"] if one["verdict"] == "no")
    kept["candidates"].remove(rejected)
    assert moved(kept, answer) is None
    usable(kept)["verdict"] = "unknown"
    kept["gates"] = [*kept["gates"], {"gate": "invented", "verdict": "no", "mandatory": True}]
    kept["good_until"] = "2009-08-01"
    how = moved(kept, answer)
    assert how is not None
    assert [(shift.before, shift.after) for shift in how.shifts] == [(Verdict.UNKNOWN, Verdict.YES)]
    assert (how.gates, how.good_until) == (("invented",), True)


def test_a_case_remembers_enough_to_be_compared(answer: Assessment) -> None:
    best = next(one for one in answer.candidates if one.verdict is Verdict.YES)
    remembered = LawRecorded(
        edition="sha256:before",
        on=DAY,
        assessment="sha256:" + "0" * 64,
        good_until=answer.good_until,
        instrument=best.instrument,
        verdict=best.verdict,
        candidates={one.instrument: one.verdict for one in answer.candidates},
        channel=best.channel.value if best.channel else None,
        urgent_channel=best.urgent_channel.value if best.urgent_channel else None,
        languages=best.languages,
        contents_required=tuple(one.field for one in best.contents if one.required == "yes"),
        contents_advised=tuple(one.field for one in best.contents if one.required == "conditional"),
        gates={one.gate: GateAsked(verdict=one.verdict, mandatory=one.mandatory) for one in answer.gates},
        addressee=best.addressee,
        binding=best.binding,
    )
    assert moved(in_brief(remembered), answer) is None
    other = remembered.model_copy(update={"contents_required": ("invented",)})
    how = moved(in_brief(other), answer)
    assert how is not None
    assert [shift.parts for shift in how.shifts] == [("contents",)]


def test_what_changes_on_the_day_is_named(kept: dict[str, Any], answer: Assessment) -> None:
    assert answer.good_until == date(2009, 7, 1)
    facts, instruments = changing_on(kept, date(2009, 7, 1))
    assert "budapest" in instruments
    assert any(fact.startswith("budapest:DE.") for fact in facts)
    assert changing_on(kept, date(2009, 7, 2))[1] == ()
