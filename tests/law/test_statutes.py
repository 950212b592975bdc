"""Is a statute open only to the States it designates, on the terms on which it designated them?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from schemas.errors import BadData, UnknownWord
from schemas.reasoning import Candidate
from tests.law.registries import act, ask, candidate, claims, complete, facts, instrument, parties, registry
from treaties.check import check
from treaties.explain import tree
from treaties.registry import Registry

LIST_A = {"test": "designated", "values": ["list-a"], "article": "Part 1"}
LIST_B = {"test": "designated", "values": ["list-b"], "article": "Part 2"}
PROVISIONS = [
    {"id": "1.reach", "article": "Part 1", "role": "reach", "force": "option", "when": [LIST_A]},
    {"id": "2.reach", "article": "Part 2", "role": "reach", "force": "option", "when": [LIST_B]},
]
DEADLINES = [
    {
        "id": "9.deadline",
        "article": "9(2)",
        "event_from": "arrest",
        "event_to": "papers",
        "amount": "2",
        "unit": "months",
        "when": [LIST_B],
    }
]
LONGER = {"does": "deadline", "articles": ["9"], "days": "65"}
EVIDENCE = {"does": "condition", "condition": "prima-facie-case", "articles": ["7"]}


def category(name: str) -> dict[str, str]:
    return {"does": "designation", "category": name}


def statute(
    *acts: dict[str, Any], whole: bool = False, provisions: list[dict[str, Any]] | None = None
) -> Registry:
    """BB's statute, which designated AA by `acts`; CC stands on list A since 2000."""
    law = instrument(
        "bb-act",
        form="domestic",
        states=["BB"],
        designates="true",
        provisions=provisions or PROVISIONS,
        deadlines=DEADLINES,
    )
    states = {
        "BB": [act("in-force", "1990-01-01")],
        "CC": [act("in-force", "2000-01-01", effects=[category("list-a")])],
        **({"AA": list(acts)} if acts else {}),
    }
    more = {"complete": complete()} if whole else {}
    return registry(law, parties("bb-act", states, **more))


def asked(law: Registry, on: str = "2026-01-15", requesting: str = "AA", requested: str = "BB") -> Candidate:
    return candidate(ask(law, on, requesting, requested), "bb-act")


@pytest.mark.parametrize(
    ("on", "verdict"),
    [("2004-12-31", "no"), ("2005-01-01", "yes"), ("2009-12-31", "yes"), ("2010-01-01", "no")],
)
def test_a_statute_is_open_from_the_day_of_designation_until_its_end(on: str, verdict: str) -> None:
    law = statute(
        act("in-force", "2005-01-01", effects=[category("list-b")]), act("terminated", "2010-01-01")
    )
    assert asked(law, on).verdict == verdict


def test_the_designation_is_what_the_answer_rests_on() -> None:
    law = statute(act("in-force", "2005-01-01", effects=[category("list-b")]))
    found = asked(law, "2004-12-31")
    assert "bb-act:AA.in-force.2005-01-01" in facts(found.reason)
    assert ask(law, "2004-12-31").good_until == date(2005, 1, 1)


def test_a_state_on_no_list_is_a_question_unless_the_list_is_whole() -> None:
    assert asked(statute()).verdict == "unknown"
    assert "proviso.designated" in {question.about for question in ask(statute()).open_questions}
    shut = asked(statute(whole=True))
    assert shut.verdict == "no"
    assert "bb-act:complete" in facts(shut.reason)


def test_each_category_opens_its_own_part() -> None:
    law = statute(act("in-force", "2005-01-01", effects=[category("list-b")]))
    assert {one.article: one.verdict.value for one in asked(law).provisions} == {
        "Part 1": "no",
        "Part 2": "yes",
    }
    other = {one.article: one.verdict.value for one in asked(law, requesting="CC").provisions}
    assert other == {"Part 1": "yes", "Part 2": "no"}


def test_the_designating_state_is_not_open_to_itself_abroad() -> None:
    """AA's requests go to BB by BB's statute; BB's requests to AA have nothing to do with it."""
    law = statute(act("in-force", "2005-01-01", effects=[category("list-b")]))
    assert "bb-act" not in {one.instrument for one in ask(law, requesting="BB", requested="AA").candidates}


def test_what_the_designation_asks_for_is_asked_of_that_state_only() -> None:
    law = statute(act("in-force", "2005-01-01", text="on evidence", effects=[category("list-b"), EVIDENCE]))
    (condition,) = asked(law).conditions
    assert (condition.condition, condition.verdict.value, condition.article) == (
        "prima-facie-case",
        "unknown",
        "7",
    )
    assert condition.reason.claim == "condition.designated"
    assert asked(law, requesting="CC").conditions == ()


def test_nothing_is_asked_of_a_state_that_is_no_longer_designated() -> None:
    start = act("in-force", "2005-01-01", effects=[category("list-b"), EVIDENCE])
    assert asked(statute(start, act("terminated", "2010-01-01"))).conditions == ()


def test_a_designation_sets_its_own_limit() -> None:
    plain = asked(statute(act("in-force", "2005-01-01", effects=[category("list-b")])))
    assert [(one.amount, one.unit) for one in plain.deadlines] == [(2, "months")]
    longer = asked(statute(act("in-force", "2005-01-01", effects=[category("list-b"), LONGER])))
    assert [(one.amount, one.unit, len(one.citations)) for one in longer.deadlines] == [(65, "days", 2)]


def test_a_limit_whose_first_day_is_not_known_does_not_lengthen_before_it_was_seen() -> None:
    """Seen on 1 December 2025: before that the shorter limit counts, which errs on the safe side."""
    law = statute(act("in-force", effects=[category("list-b"), LONGER]))
    assert [one.amount for one in asked(law, "2025-11-30").deadlines] == [2]
    assert [one.amount for one in asked(law, "2025-12-01").deadlines] == [65]


def test_an_arrangement_for_one_case_is_always_a_question() -> None:
    special = {
        "id": "3.reach",
        "article": "194",
        "role": "reach",
        "force": "option",
        "when": [{"test": "arranged"}],
    }
    found = ask(statute(whole=True, provisions=[*PROVISIONS, special]))
    assert candidate(found, "bb-act").verdict == "unknown"
    assert {"proviso.arranged"} <= {question.about for question in found.open_questions}
    assert "proviso.arranged" in claims(candidate(found, "bb-act").reason)


def test_the_reasons_are_sentences() -> None:
    law = statute(act("in-force", "2005-01-01", text="on evidence", effects=[category("list-b"), EVIDENCE]))
    found = asked(law)
    told = " ".join(tree(found.reason, law))
    assert "is designated for it (Part 2)" in told
    (condition,) = found.conditions
    assert "prima facie case, as it was designated (Article 7): on evidence" in " ".join(
        tree(condition.reason, law)
    )


def test_a_list_under_a_law_that_designates_nobody_is_a_mistake() -> None:
    law = instrument("bb-act", form="domestic", states=["BB"])
    wrong = registry(law, parties("bb-act", {"AA": [act("in-force", "2005-01-01")]}))
    assert any("not one that made the instrument" in problem.what for problem in check(wrong))
    assert check(statute(act("in-force", "2005-01-01", effects=[category("list-b")]))) == []


def test_a_part_for_the_designated_needs_a_law_that_designates() -> None:
    law = registry(instrument("bb-act", form="domestic", states=["BB"], provisions=PROVISIONS))
    assert any("nobody is designated" in problem.what for problem in check(law))


@pytest.mark.parametrize(
    ("effect", "lacking"),
    [({"does": "designation"}, "'category'"), ({"does": "deadline", "days": "9"}, "'articles'")],
)
def test_an_effect_of_a_designation_must_say_what_it_does(effect: dict[str, str], lacking: str) -> None:
    problems = check(statute(act("in-force", "2005-01-01", effects=[effect])))
    assert any(lacking in problem.what for problem in problems)


def test_a_limit_in_no_number_of_days_is_refused() -> None:
    with pytest.raises((BadData, UnknownWord)):
        statute(act("in-force", "2005-01-01", effects=[{**LONGER, "days": "soon"}]))
