"""On the day a fact of the law turns, does the answer turn, and with nothing but that fact?

A case is a legal sentence with its source, the question it is about and the answers on one or more days.
`turns_on` names the facts that decide it: moving them by a day, to and fro, must break the case, or the case
proves nothing. Written from the sources, never from an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from desk.ask import question_from_words
from schemas.law import Fact, Parties, PartyAct
from schemas.reasoning import Assessment, Candidate, Citation, Question
from treaties.answer_json import as_json
from treaties.basis import find_bases
from treaties.held import RULE_LISTS
from treaties.load import shipped
from treaties.logic import walk
from treaties.naming import act_ids
from treaties.registry import Registry
from treaties.text import read

FOLDER = Path(__file__).parent / "turns"
Case = dict[str, Any]
F = TypeVar("F", bound=Fact)


def cases() -> list[Case]:
    """Every case of every file, in order."""
    found: list[Case] = []
    for path in sorted(FOLDER.glob("*.yml")):
        content = read(path)
        assert isinstance(content, dict)
        rows = content["cases"]
        assert isinstance(rows, list)
        found += [row for row in rows if isinstance(row, dict)]
    return found


ALL = cases()
TURNING = [case for case in ALL if "turns_on" in case]


def question(law: Registry, case: Case, day: str) -> Question:
    """The question of a case on a day; `moves` says which day that is, if not the day of the request."""
    ask = {**case["ask"], case.get("moves", "on"): day}
    return question_from_words(
        law,
        requesting=ask["from"],
        requested=ask["to"],
        kind=ask.get("kind", "mla"),
        measures=ask.get("measures", ["subscriber-data"]),
        on=ask.get("on"),
        today=date(2026, 11, 21),
        offences=ask.get("offences", ()),
        known_on=ask.get("known_on"),
        urgent=ask.get("urgent") == "yes",
    )


def faults(law: Registry, case: Case) -> list[str]:
    """Where the answers differ from what the case expects."""
    found = []
    for day, expected in case["days"].items():
        answer = find_bases(law, question(law, case, day))
        shown: dict[str, Case] = {}
        if any(isinstance(wanted, dict) for wanted in expected.values()):
            shown = {one["instrument"]: one for one in as_json(answer, law)["candidates"]}
        for key, wanted in expected.items():
            for name, value in ({"verdict": wanted} if isinstance(wanted, str) else wanted).items():
                if fault := _fault(answer, shown, key, name, value):
                    found.append(f"{day}: {key}: {fault}")
    return found


def _fault(answer: Assessment, shown: Mapping[str, Case], key: str, name: str, wanted: Any) -> str:
    """What is wrong with one expectation about one instrument; empty if nothing is."""
    by_key = {one.instrument: one for one in answer.candidates}
    if name == "verdict":
        told = by_key[key].verdict.value if key in by_key else "none"
        return "" if told == wanted else f"verdict {told}, not {wanted}"
    candidate = by_key[key]
    if name == "before":
        later = [other for other in wanted if by_key[other].rank < candidate.rank]
        return f"ranks after {later}" if later else ""
    return _shown_fault(candidate, shown[key], name, wanted)


def _shown_fault(candidate: Candidate, shown: Case, name: str, wanted: Any) -> str:
    if name in {"provisions", "conditions"}:
        label = "article" if name == "provisions" else "condition"
        told = {one[label]: one["verdict"] for one in shown[name]}
        wrong = {item: told.get(item) for item, value in wanted.items() if told.get(item) != value}
        return f"{name} {wrong}, not {wanted}" if wrong else ""
    if name == "cites":
        cited = {f"{one.instrument} {one.article}".strip() for one in _citations(candidate)}
        missing = [item for item in wanted if item not in cited]
        return f"does not cite {missing}" if missing else ""
    if name in {"deadlines", "grounds", "not_grounds", "contents"}:
        return _missing(shown[name], wanted)
    shown_as = shown[name] or "none"
    return "" if shown_as == wanted else f"{name} {shown_as}, not {wanted}"


def _missing(told: list[Case], wanted: list[Case]) -> str:
    """Rows that the case expects and that are not there; and `absent` ones that are."""
    rows = [{name: str(value) for name, value in row.items()} for row in told]
    found = []
    for row in wanted:
        absent = row.get("absent") == "yes"
        marks = {name: value for name, value in row.items() if name != "absent"}
        there = any(marks.items() <= one.items() for one in rows)
        if there is absent:
            found.append(f"{'unexpected' if absent else 'missing'} {marks}")
    return "; ".join(found)


def _citations(candidate: Candidate) -> Iterator[Citation]:
    reasons = [candidate.reason, *(provision.reason for provision in candidate.provisions)]
    for reason in reasons:
        for one in walk(reason):
            yield from one.citations


# --- moving facts -------------------------------------------------------------------------------------


def near(law: Registry, case: Case) -> Registry:
    """The part of the registry that the case can touch, so that it is quickly built again."""
    ask = case["ask"]
    keys = set(law.candidates(ask["from"], ask["to"]))
    todo = list(keys)
    while todo:
        instrument = law.instruments[todo.pop()]
        rules = [rule for name in RULE_LISTS for rule in getattr(instrument, name)]
        named = {value for rule in rules for test in rule.when for value in test.values}
        more = ({*instrument.requires, *named} & set(law.instruments)) - keys
        keys |= more
        todo += more
    offences = {slug: row for slug, row in law.offences.items() if slug in ask.get("offences", ())}
    keys |= {article.instrument for row in offences.values() for article in row.articles}
    return replace(
        law,
        instruments={key: law.instruments[key] for key in keys},
        parties={key: _of_the_two(row, ask) for key, row in law.parties.items() if key in keys},
        entries={key: law.entries.get(key, ()) for key in keys},
        completeness={key: law.completeness.get(key, ()) for key in keys if key in law.parties},
        offences=offences,
        memo={},
    )


def _of_the_two(row: Parties, ask: Case) -> Parties:
    acts = {state: rows for state, rows in row.states.items() if state in (ask["from"], ask["to"])}
    return row.model_copy(update={"states": acts})


def moved(law: Registry, names: Iterable[str], days: int) -> Registry:
    """The registry with the days of these facts moved. Fails for a fact that is not there."""
    wanted = set(names)
    parties, instruments = dict(law.parties), dict(law.instruments)
    for key, row in law.parties.items():
        states = dict(row.states)
        for state, acts in row.states.items():
            ids = act_ids(key, state, acts)
            pairs = zip(ids, acts, strict=True)
            states[state] = tuple(_moved(act, days) if fact in wanted else act for fact, act in pairs)
            wanted -= set(ids)
        parties[key] = row.model_copy(update={"states": states})
    for key in list(instruments):
        for name in RULE_LISTS:
            rules = getattr(instruments[key], name)
            if {f"{key}:{rule.id}" for rule in rules} & wanted:
                shifted = tuple(
                    _moved(rule, days) if f"{key}:{rule.id}" in wanted else rule for rule in rules
                )
                instruments[key] = instruments[key].model_copy(update={name: shifted})
                wanted -= {f"{key}:{rule.id}" for rule in rules}
    assert not wanted, f"no such facts: {wanted}"
    return replace(law, parties=parties, instruments=instruments, memo={})


def _moved(row: F, days: int) -> F:
    field = "on" if isinstance(row, PartyAct) else "since"
    known: date = getattr(row, field)
    return row.model_copy(update={field: known + timedelta(days=days)})


# --- the tests ----------------------------------------------------------------------------------------


def _name(case: Mapping[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", ALL, ids=_name)
def test_turn(case: Case) -> None:
    assert faults(shipped(), case) == []


@pytest.mark.parametrize("case", TURNING, ids=_name)
def test_moving_a_fact_that_decides_by_a_day_breaks_the_case(case: Case) -> None:
    law = near(shipped(), case)
    assert faults(law, case) == []
    for facts in case["turns_on"]:
        names = [facts] if isinstance(facts, str) else facts
        for days in case.get("by_days", (-1, 1)):
            broken = faults(moved(law, names, int(days)), case)
            assert broken, f"{names} moved by {days}: the case does not notice"


def test_the_cases_are_many_distinct_and_sourced() -> None:
    names = [_name(case) for case in ALL]
    assert len(set(names)) == len(names) >= 60
    assert all(case.get("source") for case in ALL)
    groups = [group for case in TURNING for group in case["turns_on"]]
    facts = [fact for group in groups for fact in ([group] if isinstance(group, str) else group)]
    turned = {fact.partition(":")[0] for fact in facts}
    assert turned >= {"budapest", "coe-mla-1959", "coe-mla-2001-ap2", "untoc", "opsc", "lanzarote", "eu-eio"}
    assert len({key for key in turned if key.endswith("-mla")}) >= 10
