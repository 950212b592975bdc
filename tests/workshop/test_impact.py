"""Does the impact name the pairs that gain and lose, from the right day, and only those?"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.reasoning import Question
from schemas.vocabulary import Kind, Measure, Verdict
from tests.workshop.small import act, draft, registry
from treaties.basis import find_bases, standings
from treaties.impact import Impact, impact, turning_days
from treaties.proposal import Considered, considered
from treaties.registry import Registry
from treaties.reliance import facts_of, reliance

TODAY = date(2026, 11, 22)
LAW = registry()
STATES = ("DE", "FR", "IE", "US")


def change(law: Registry, **content: Any) -> Considered:
    found = considered(law, draft(**content), TODAY)
    assert found.faults == ()
    return found


def moved(found: Considered, law: Registry = LAW) -> Impact:
    return impact(law, found.after, found.differences, TODAY)


def told(found: Impact) -> set[tuple[str, str, str, str, str]]:
    return {
        (one.effect, one.instrument, one.requesting, one.requested, one.on.isoformat()) for one in found.moved
    }


def test_an_accession_moves_the_newcomer_with_each_party_both_ways() -> None:
    rows = [act("IE", "ratified", "2026-11-16"), act("IE", "in-force", "2027-03-01")]
    assert told(moved(change(LAW, acts=rows))) == {
        ("gained", "pact", one, other, "2027-03-01")
        for one, other in (("IE", "DE"), ("DE", "IE"), ("IE", "US"), ("US", "IE"))
    }


def test_a_denunciation_loses_from_its_day() -> None:
    found = moved(change(LAW, acts=[act("US", "denounced", "2027-06-01")]))
    assert told(found) == {
        ("lost", "pact", "DE", "US", "2027-06-01"),
        ("lost", "pact", "US", "DE", "2027-06-01"),
    }
    assert found.count("lost") == 2


def test_a_span_that_is_over_again_is_told_only_while_it_lasts() -> None:
    rows = [act("US", "suspended", "2027-06-01", until="2027-09-01")]
    assert {one.on for one in moved(change(LAW, acts=rows)).moved} == {date(2027, 6, 1)}


def test_what_lies_in_the_past_is_told_as_of_its_day() -> None:
    rows = [{"fact": "pact:DE.in-force.2009-07-01", "reason": "a day too early"}]
    found = moved(change(LAW, retract=rows, acts=[act("DE", "in-force", "2009-07-02")]))
    assert told(found) == {
        ("lost", "pact", one, other, "2009-07-01") for one, other in (("DE", "US"), ("US", "DE"))
    }


def test_a_treaty_of_two_moves_the_two() -> None:
    found = moved(change(LAW, acts=[act("US", "terminated", "2027-06-01", "de-us-mla")]))
    assert {(one.requesting, one.requested) for one in found.moved} <= {("DE", "US"), ("US", "DE")}


def test_a_new_instrument_moves_those_who_made_it() -> None:
    treaty = {
        "key": "fr-ie-mla",
        "title": "Treaty",
        "form": "bilateral",
        "kinds": ["mla"],
        "states": ["FR", "IE"],
        "provisions": [{"id": "1.reach", "article": "1", "role": "reach", "force": "duty", "kinds": ["mla"]}],
    }
    rows = [act("FR", "in-force", "2027-01-01", "fr-ie-mla")]
    assert told(moved(change(LAW, instruments=[treaty], acts=rows))) == {
        ("gained", "fr-ie-mla", one, other, "2027-01-01") for one, other in (("FR", "IE"), ("IE", "FR"))
    }


def test_law_of_one_state_moves_requests_to_it_alone() -> None:
    statute = {
        "key": "ie-law",
        "title": "Law",
        "form": "domestic",
        "kinds": ["mla"],
        "states": ["IE"],
        "entry": {"on": "2027-01-01"},
        "provisions": [{"id": "1.reach", "article": "1", "role": "reach", "force": "duty", "kinds": ["mla"]}],
    }
    assert told(moved(change(LAW, instruments=[statute]))) == {
        ("gained", "ie-law", one, "IE", "2027-01-01") for one in ("DE", "FR", "US")
    }


def test_an_article_that_is_withdrawn_takes_its_measure_along() -> None:
    row = {
        "instrument": "pact",
        "list": "provisions",
        "id": "7.reach",
        "article": "7",
        "role": "reach",
        "force": "duty",
        "kinds": ["mla"],
        "measures": ["interception"],
    }
    first = change(LAW, rules=[row], retract=[{"fact": "pact:1.reach", "reason": "misread"}])
    found = moved(first)
    assert {one.effect for one in found.moved} <= {"lost", "changed"} or not found.moved
    second = change(first.after, retract=[{"fact": "pact:7.reach", "reason": "misread"}])
    gone = moved(second, first.after)
    assert {(one.requesting, one.requested) for one in gone.moved} == {("DE", "US"), ("US", "DE")}


def test_a_reservation_is_told_for_the_measures_of_its_article() -> None:
    rows = [
        act(
            "US",
            "reservation",
            "2026-12-01",
            effects=[{"does": "not-applied", "articles": ["1"], "measures": ["interception"]}],
        )
    ]
    found = moved(change(LAW, acts=rows))
    assert {(one.effect, str(one.measure), one.on.isoformat()) for one in found.moved} == {
        ("lost", "interception", "2026-12-01")
    }


def test_who_accedes_with_such_a_reservation_gains_the_rest() -> None:
    effects = [{"does": "not-applied", "articles": ["1"], "measures": ["interception"]}]
    rows = [
        act("IE", "ratified", "2026-11-16"),
        act("IE", "in-force", "2027-03-01"),
        act("IE", "reservation", "2026-11-16", effects=effects),
    ]
    found = moved(change(LAW, acts=rows))
    assert {one.effect for one in found.moved} == {"gained"}
    measures = {one.measure for one in found.moved}
    assert measures == {*Measure} - {Measure.INTERCEPTION}


def test_an_authority_moves_no_pair_and_yet_the_answer() -> None:
    rows = [{"state": "IE", "id": "mla-2026", "function": "mla-in", "name": "Another"}]
    found = change(LAW, authorities=rows, retract=[{"fact": "IE:mla-in", "reason": "moved"}])
    assert moved(found).moved == ()
    statute = {
        "key": "ie-law",
        "title": "Law",
        "form": "domestic",
        "kinds": ["mla"],
        "states": ["IE"],
        "entry": {"on": "2020-01-01"},
        "provisions": [{"id": "1.reach", "article": "1", "role": "reach", "force": "duty", "kinds": ["mla"]}],
    }
    before = change(LAW, instruments=[statute]).after
    after = change(before, authorities=rows, retract=[{"fact": "IE:mla-in", "reason": "moved"}])
    question = Question("FR", "IE", Kind.MLA, (), TODAY)
    how = reliance(find_bases(before, question), find_bases(after.after, question), after.differences)
    assert how is not None
    assert [(one.instrument, one.parts) for one in how.shifts] == [("ie-law", ("authority",))]
    assert set(how.facts) == {"IE:mla-2026", "IE:mla-in"}
    # The answer for another State rests on nothing of this.
    other = Question("FR", "US", Kind.MLA, (), TODAY)
    assert reliance(find_bases(before, other), find_bases(after.after, other), after.differences) is None


def test_a_newer_list_moves_nothing_that_stays_rejected() -> None:
    found = change(
        LAW,
        retract=[{"fact": "pact:complete", "reason": "a newer list"}],
        complete=[{"instrument": "pact", "as_of": "2026-11"}],
    )
    assert moved(found).moved == ()
    question = Question("FR", "IE", Kind.MLA, (), TODAY)
    before, after = find_bases(LAW, question), find_bases(found.after, question)
    assert "pact:complete" in facts_of(before)
    assert reliance(before, after, found.differences) is None


def test_without_its_list_absence_is_unknown_again() -> None:
    found = moved(change(LAW, retract=[{"fact": "pact:complete", "reason": "not whole"}]))
    assert {one.effect for one in found.moved} == {"changed"}
    assert ("changed", "pact", "DE", "IE", TODAY.isoformat()) in told(found)


@pytest.mark.parametrize("count", [0, 5, 40])
def test_many_days_are_not_all_looked_at(count: int) -> None:
    days = [date(2027, 1, 1) + timedelta(days=number) for number in range(count)]
    rows = [act("US", "declaration", day.isoformat(), text=str(number)) for number, day in enumerate(days)]
    found = change(LAW, acts=rows) if rows else Considered(LAW, (), ())
    looked = turning_days(found.differences, TODAY)
    assert looked[: min(count, 11) + 1] == [TODAY, *days[:11]]


ACTS = st.sampled_from(["in-force", "denounced", "suspended", "signed", "ratified"])
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STATES), ACTS, DAYS), min_size=1, max_size=4, unique=True))
def test_exactly_the_pairs_whose_answer_moves_are_named(rows: list[tuple[str, str, date]]) -> None:
    """Whatever is proposed: a basis of a pair is among those moved if and only if its verdict in the whole
    answer differs on one of the days looked at."""
    found = considered(LAW, draft(acts=[act(s, name, on.isoformat()) for s, name, on in rows]), TODAY)
    if found.faults:
        return
    impacts = moved(found)
    named = {(one.requesting, one.requested, one.instrument) for one in impacts.moved}
    really: set[tuple[str, str, str]] = set()
    for one, other in permutations(STATES, 2):
        for day in impacts.days:
            question = Question(one, other, Kind.MLA, (), day)
            old = {each.instrument: each.verdict for each in standings(LAW, question)}
            new = {each.instrument: each.verdict for each in standings(found.after, question)}
            really |= {
                (one, other, key)
                for key in {*old, *new}
                if old.get(key, Verdict.NO) is not new.get(key, Verdict.NO)
            }
    assert named == really
