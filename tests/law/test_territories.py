"""What holds for a territory, for who may not join, and for a day of which something is known?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from schemas.reasoning import OffenceAsked
from schemas.vocabulary import Verdict
from tests.law.registries import act, ask, candidate, claims, complete, instrument, parties, registry, verdict
from treaties.check import check
from treaties.registry import Registry
from treaties.standing import bound

BOUND = [act("ratified", "2001-01-01"), act("in-force", "2001-04-01")]
TERRITORY = {"BT": {"parent": "BB"}}


def law(of_bb: list[dict[str, Any]], **more: Any) -> Registry:
    """A treaty to which AA is a party, with the acts of BB, whose territory BT did nothing itself."""
    states = {"AA": BOUND, "BB": of_bb}
    return registry(instrument("t"), parties("t", states, **more), states=TERRITORY)


@pytest.mark.parametrize(
    ("on", "found", "claim"),
    [
        ("2001-03-31", "no", "force.not-yet"),
        ("2001-04-01", "unknown", "force.parent-bound"),
        ("2026-01-15", "unknown", "force.parent-bound"),
    ],
)
def test_whether_a_bond_extends_to_a_territory_is_a_question_while_its_state_is_bound(
    on: str, found: str, claim: str
) -> None:
    answer = ask(law(BOUND), on, requested="BT")
    assert verdict(answer, "t") == found
    assert claim in claims(candidate(answer, "t").reason)


def test_a_whole_list_without_the_territory_does_not_make_it_a_no() -> None:
    answer = ask(law(BOUND, complete=complete()), requested="BT")
    assert verdict(answer, "t") == "unknown"
    assert "force.parent-bound" in {question.about for question in answer.open_questions}


def test_where_its_state_is_not_bound_the_whole_list_speaks_for_the_territory() -> None:
    answer = ask(law([act("signed", "2000-01-01")], complete=complete()), requested="BT")
    assert verdict(answer, "t") == "no"


def test_a_territory_that_its_state_left_out_is_not_bound() -> None:
    effect = {"does": "not-extended", "territories": ["BT"]}
    said = act("declaration", "2001-01-01", article="9", text="not for BT", effects=[effect])
    answer = ask(law([*BOUND, said]), requested="BT")
    assert verdict(answer, "t") == "no"
    assert "force.left-out" in claims(candidate(answer, "t").reason)
    assert verdict(ask(law([*BOUND, said]), requested="BB"), "t") == "yes"


def test_the_own_acts_of_a_territory_go_before_those_of_its_state() -> None:
    states = {"AA": BOUND, "BB": BOUND, "BT": [act("extended", "2010-05-01")]}
    found = registry(instrument("t"), parties("t", states), states=TERRITORY)
    assert verdict(ask(found, "2010-04-30", requested="BT"), "t") == "no"
    assert verdict(ask(found, "2010-05-01", requested="BT"), "t") == "yes"


def test_a_treaty_of_its_state_is_a_candidate_for_a_territory_and_nothing_more() -> None:
    two = instrument("aa-bb-mla", form="bilateral", states=["AA", "BB"])
    found = registry(two, parties("aa-bb-mla", {"AA": BOUND, "BB": BOUND}), states=TERRITORY)
    assert verdict(ask(found, requested="BT"), "aa-bb-mla") == "unknown"
    assert verdict(ask(found, requested="CC"), "aa-bb-mla") == "none"


def test_who_may_not_join_is_not_bound_and_of_the_others_only_acts_tell() -> None:
    only = {**complete(), "only": ["AA", "BB"]}
    found = registry(instrument("t"), parties("t", {"AA": [act("signed", "2000-01-01")]}, complete=only))
    day = date(2026, 1, 15)
    told = {state: bound(found, "t", state, day) for state in ("AA", "BB", "CC")}
    assert [told[state].verdict for state in ("AA", "BB", "CC")] == [
        Verdict.UNKNOWN,
        Verdict.UNKNOWN,
        Verdict.NO,
    ]
    assert told["CC"].claim == "force.may-not-join"


@pytest.mark.parametrize(
    ("on", "found"),
    [("2007-12-31", "no"), ("2008-01-01", "unknown"), ("2008-12-30", "unknown"), ("2008-12-31", "yes")],
)
def test_of_a_day_in_a_known_year_the_days_outside_are_sure(on: str, found: str) -> None:
    acts = [act("in-force", earliest="2008-01-01", latest="2008-12-31")]
    states = {"AA": BOUND, "BB": acts}
    assert verdict(ask(registry(instrument("t"), parties("t", states)), on), "t") == found


@pytest.mark.parametrize(("on", "found"), [("2022-11-30", "yes"), ("2022-12-01", "unknown")])
def test_an_end_on_an_unknown_day_casts_no_doubt_before_its_earliest_day(on: str, found: str) -> None:
    left = act("withdrawn", earliest="2022-12-01")
    found_law = registry(instrument("t"), parties("t", {"AA": BOUND, "BB": [*BOUND, left]}))
    assert verdict(ask(found_law, on), "t") == found


def test_a_span_for_a_known_day_and_a_span_the_wrong_way_round_are_problems() -> None:
    known = act("in-force", "2008-05-01", earliest="2008-01-01")
    turned = act("in-force", earliest="2009-01-01", latest="2008-12-31")
    empty = act("declaration", "2001-01-01", text="not there", effects=[{"does": "not-extended"}])
    found = registry(
        instrument("t"), parties("t", {"AA": [known], "BB": [turned], "CC": [empty]}), states=TERRITORY
    )
    said = " ".join(problem.what for problem in check(found))
    assert "Its day is known" in said
    assert "before its earliest" in said
    assert "'territories'" in said


def test_a_scheme_is_told_to_two_of_its_members_and_binds_nobody() -> None:
    scheme = instrument("s", form="scheme", provisions=[])
    joined = [act("declaration", text="takes part")]
    found = registry(scheme, parties("s", {"AA": joined, "BB": joined}))
    assert verdict(ask(found), "s") == "no"
    assert "force.not-binding" in claims(candidate(ask(found), "s").reason)
    assert verdict(ask(found, requested="CC"), "s") == "none"


@pytest.mark.parametrize(
    ("slug", "months", "found"), [("theft", 35, "no"), ("theft", 36, "yes"), ("abuse", 35, "unknown")]
)
def test_a_floor_that_spares_an_offence_leaves_a_question(slug: str, months: int, found: str) -> None:
    floor = {
        "id": "5.floor",
        "article": "5",
        "condition": "minimum-penalty",
        "evaluates": "minimum-penalty",
        "months": "36",
        "where": "requesting",
        "spared": ["abuse"],
    }
    rows = [{"slug": one, "name": one, "conduct": one} for one in ("theft", "abuse")]
    states = {"AA": BOUND, "BB": BOUND}
    found_law = registry(instrument("t", conditions=[floor]), parties("t", states), offences=rows)
    answer = ask(found_law, offences=[OffenceAsked(slug, months)])
    assert candidate(answer, "t").conditions[0].verdict.value == found
    assert verdict(answer, "t") == ("no" if found == "no" else "yes")
