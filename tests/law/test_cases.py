"""Does the shipped law answer as the sources say, case by case, and would a case notice a wrong day?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from schemas.vocabulary import Verdict
from tests.law.casebook import Case, acts_of, all_cases, cases_in, failures
from tests.law.test_guide import GUIDE, example
from treaties.load import load_registry
from treaties.registry import Registry
from treaties.text import Content, parse

DATA = Path(__file__).parents[2] / "treaties" / "data"
EXAMPLES = Path(__file__).parents[2] / "examples" / "overlay"
CASES = all_cases()


@cache
def registry() -> Registry:
    return load_registry([DATA])


@cache
def with_examples() -> Registry:
    """The shipped law and the invented provider of the examples: no other is entered."""
    return load_registry([DATA, EXAMPLES])


def law_of(case: Case) -> Registry:
    asked = case.body.get("ask")
    return with_examples() if isinstance(asked, dict) and "provider" in asked else registry()


def named(case: Case) -> str:
    return f"{case.file}: {case.name}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_law_answers_as_the_sources_say(case: Case) -> None:
    failed = failures(law_of(case), case)
    assert not failed, "\n".join(failed)


def test_there_are_cases_enough_and_no_name_twice() -> None:
    names = [case.name for case in CASES]
    assert len(names) >= 300
    assert len(set(names)) == len(names)


def test_every_multilateral_instrument_has_a_case_before_and_after() -> None:
    """At least two days for each, so that a boundary in time is looked at."""
    days: dict[str, set[str]] = {}
    for case in CASES:
        for key, on in days_of(case):
            days.setdefault(key, set()).add(on)
    short = {
        key: sorted(days.get(key, ()))
        for key, instrument in registry().instruments.items()
        if instrument.form in ("multilateral", "eu-act") and len(days.get(key, ())) < 2
    }
    assert not short


def days_of(case: Case) -> Iterator[tuple[str, str]]:
    body = case.body
    assert isinstance(body["expect"], dict)
    for asked in (body.get("party"), body.get("ask")):
        if isinstance(asked, dict):
            keys = [str(asked["instrument"])] if "instrument" in asked else list(body["expect"])
            yield from ((key, str(asked["on"])) for key in keys)


def test_the_case_that_the_guide_shows_holds() -> None:
    """The guide for authors writes a treaty and a case about it: the one must bear out the other."""
    shown = [block for block in GUIDE.split("```yaml\n") if block.startswith("cases:")]
    cases = list(cases_in(parse(shown[0].partition("```")[0]), "guide"))
    law = load_registry([DATA, example()])
    assert [failures(law, case) for case in cases] == [[]]


# --- would it notice? ---------------------------------------------------------------------------------

BOUNDARY = [case for case in CASES if acts_of(case)]


@pytest.mark.parametrize("case", BOUNDARY[:: max(1, len(BOUNDARY) // 60)], ids=named)
def test_a_fact_shifted_by_a_day_breaks_the_case(case: Case) -> None:
    """The day before a fact it moves a day forward, from its day on a day back: the answer must turn."""
    for key, state, act, on, asked in acts_of(case):
        step = timedelta(days=-1 if asked < on else 1)
        moved = shifted(law_of(case), key, state, act, on, step)
        assert failures(moved, case), f"{key}: {state} {act} {on} moved to {on + step} changes nothing"


def shifted(base: Registry, key: str, state: str, act: str, on: date, step: timedelta) -> Registry:
    """One instrument, with what it requires, and one of its dated acts moved."""
    parties = base.parties[key]
    rows = tuple(
        row.model_copy(update={"on": on + step}) if row.act.value == act and row.on == on else row
        for row in parties.states[state]
    )
    assert rows != parties.states[state], f"{key}: no act {act} of {state} on {on}"
    moved = parties.model_copy(update={"states": {**parties.states, state: rows}})
    near = {key, *base.instruments[key].requires}
    return replace(
        base,
        instruments={name: base.instruments[name] for name in near},
        parties={**{name: base.parties[name] for name in near}, key: moved},
        memo={},
    )


def test_a_wrong_verdict_is_noticed() -> None:
    """The check of the check: every case that expects a verdict fails where it expects the opposite."""
    turned = {Verdict.YES: "no", Verdict.NO: "yes", Verdict.UNKNOWN: "yes"}
    for case in CASES[::25]:
        assert failures(law_of(case), with_verdicts(case, turned)), case.name


def with_verdicts(case: Case, turned: dict[Verdict, str]) -> Case:
    expect = case.body["expect"]
    assert isinstance(expect, dict)
    if "party" in case.body:
        wrong = {**expect, "verdict": turned[Verdict(str(expect["verdict"]))]}
        return replace(case, body={**case.body, "expect": wrong})
    made: dict[str, Content] = {}
    for key, expected in expect.items():
        assert isinstance(expected, dict)
        wanted = str(expected["verdict"])
        made[key] = {**expected, "verdict": turned[Verdict(wanted)] if wanted != "absent" else "yes"}
    return replace(case, body={**case.body, "expect": made})
