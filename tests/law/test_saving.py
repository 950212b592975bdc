"""Does a request of before go on under what ended, and does it fall under what came later when it should?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from schemas.reasoning import Candidate
from tests.law.registries import act, ask, candidate, claims, facts, instrument, parties, registry
from treaties.check import check
from treaties.registry import Registry

END = "2021-01-01"


def saving(**more: Any) -> dict[str, Any]:
    return {"id": "9.saving", "article": "9", "text": "pending requests go on", **more}


def law(*clauses: dict[str, Any]) -> Registry:
    """`old` bound both until the end of 2020, `new` binds both from then on; `clauses` stand in the old."""
    old = instrument("old", saving=list(clauses))
    return registry(
        old,
        parties("old", {s: [act("in-force", "2000-01-01"), act("withdrawn", END)] for s in ("AA", "BB")}),
    )


def asked(registry: Registry, on: str, key: str = "old", **more: Any) -> Candidate:
    return candidate(ask(registry, on, **more), key)


def test_without_a_clause_the_answer_is_good_until_the_end() -> None:
    answer = ask(law(), "2020-12-31")
    assert candidate(answer, "old").verdict == "yes"
    assert answer.good_until == date(2021, 1, 1)


def test_a_request_of_before_goes_on_and_its_answer_with_it() -> None:
    answer = ask(law(saving(before=END)), "2020-12-31")
    found = candidate(answer, "old")
    assert found.verdict == "yes"
    assert answer.good_until is None
    assert "force.saved" in claims(found.reason)
    assert "old:9.saving" in facts(found.reason)


def test_a_request_of_that_day_is_not_saved() -> None:
    assert asked(law(saving(before=END)), END).verdict == "no"


def test_a_clause_without_a_day_decides_nothing() -> None:
    answer = ask(law(saving()), "2020-12-31")
    assert answer.good_until == date(2021, 1, 1)
    assert "force.saved" not in claims(candidate(answer, "old").reason)


@pytest.mark.parametrize(("values", "saved"), [(["BB"], True), (["CC"], False), (["AA", "BB"], False)])
def test_a_clause_holds_between_those_it_names(values: list[str], saved: bool) -> None:
    clause = saving(before=END, when=[{"test": "one-side-is", "values": values}])
    assert (ask(law(clause), "2020-12-31").good_until is None) is saved


def test_a_clause_on_another_kind_of_request_saves_nothing() -> None:
    assert ask(law(saving(before=END, kinds=["extradition"])), "2020-12-31").good_until == date(2021, 1, 1)


@pytest.mark.parametrize(
    ("arrest", "verdict", "claim"),
    [("2020-12-31", "yes", True), ("2021-01-01", "no", True), (None, "yes", False)],
)
def test_where_the_arrest_counts_it_decides_for_a_request_of_before(
    arrest: str | None, verdict: str, claim: bool
) -> None:
    day = date.fromisoformat(arrest) if arrest else None
    found = asked(law(saving(before=END, event="arrest")), "2020-12-01", arrest_date=day)
    assert found.verdict == verdict
    assert ("force.saved" in claims(found.reason)) is claim


def test_papers_that_follow_after_the_end_go_on_where_the_arrest_was_before() -> None:
    clause = saving(before=END, event="arrest")
    found = asked(law(clause), "2021-03-01", arrest_date=date(2020, 12, 20))
    assert found.verdict == "yes"
    assert asked(law(clause), "2021-03-01", arrest_date=date(2021, 2, 1)).verdict == "no"


def test_a_clause_revives_nothing_that_was_not_in_force_on_the_day_that_counts() -> None:
    clause = saving(before=END, event="arrest")
    assert asked(law(clause), "2021-03-01", arrest_date=date(1999, 12, 31)).verdict == "no"
    assert asked(law(saving(before=END)), "1999-12-31").verdict == "no"


@pytest.mark.parametrize(
    ("on", "arrest", "verdict"),
    [
        ("2020-12-01", "2021-01-01", "yes"),  # older request, arrest under the new
        ("2020-12-01", "2020-12-31", "no"),  # both before: the new was not in force
        ("2021-03-01", "2020-12-31", "no"),  # arrest before: left to what came before
        ("2021-03-01", "2021-02-01", "yes"),
        ("2020-12-01", None, "no"),
    ],
)
def test_what_comes_later_takes_older_requests_over(on: str, arrest: str | None, verdict: str) -> None:
    new = instrument("new", saving=[saving(after=END, event="arrest")])
    made = registry(new, parties("new", {s: [act("in-force", END)] for s in ("AA", "BB")}))
    day = date.fromisoformat(arrest) if arrest else None
    assert asked(made, on, "new", arrest_date=day).verdict == verdict


def test_a_saving_clause_may_rest_only_on_what_the_question_tells() -> None:
    clause = saving(before=END, when=[{"test": "both-bound", "values": ["old"]}])
    assert any("saving" in problem.where for problem in check(law(clause)))
    assert check(law(saving(before=END))) == []
