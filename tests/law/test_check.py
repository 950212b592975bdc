"""Does the check of the law data find each fault it promises to find, and nothing in the data we ship?"""

from __future__ import annotations

import pytest

from tests.law.registries import DEFAULTS, REACH, Row, act, instrument, layer, parties
from treaties.check import check
from treaties.load import load_registry, shipped


def problems(*files: Row, states: dict[str, Row] | None = None) -> list[str]:
    """What the check says of a registry of these files."""
    return [f"{one.where}: {one.what}" for one in check(load_registry([layer(*files, states=states)]))]


def test_the_shipped_data_is_in_order() -> None:
    assert check(shipped()) == []


def test_a_sound_registry_is_in_order() -> None:
    assert problems(instrument("t"), parties("t", {"AA": [act("in-force", "2000-01-01")]})) == []


RETRACTED = {"on": "2026-01-09", "reason": " "}
AGAIN = [act("in-force", "2000-01-01"), act("denounced", "2005-01-01"), act("in-force", "2010-01-01")]


@pytest.mark.parametrize(
    ("acts", "where", "what"),
    [
        (
            [act("in-force", "2000-01-01", until="1999-01-01")],
            "t:AA.in-force.2000-01-01",
            "on or before the day it starts",
        ),
        ([act("signed", "1989-12-31")], "t:AA.signed.1989-12-31", "before the instrument was opened"),
        (
            [act("in-force", "1991-12-31")],
            "t:AA.in-force.1991-12-31",
            "before the instrument entered into force",
        ),
        (
            [act("ratified", "2000-02-01"), act("in-force", "2000-01-01")],
            "t:AA.in-force",
            "before the State agreed",
        ),
        ([act("signed", "2000-01-01", source="rumour")], "t:AA.signed", "'rumour' is not declared"),
        ([act("signed", "2000-01-01", checked="2027")], "t:AA.signed", "after it was recorded"),
        ([act("signed", "2000-01-01", retracted=RETRACTED)], "t:AA.signed", "without a reason"),
        ([act("signed", "2000-01-01", retracted=RETRACTED)], "t:AA.signed", "before it was recorded"),
        ([act("in-force", "2000-01-01"), act("in-force", "2001-01-01")], "t:AA.in-force.2001", "contradicts"),
        ([act("objection", "2000-01-01")], "t:AA.objection", "needs `towards`"),
        (
            [act("reservation", "2000-01-01", effects=[{"does": "not-applied"}])],
            "t:AA.reservation",
            "'articles'",
        ),
        ([act("declaration", "2000-01-01", effects=[{"does": "channel"}])], "t:AA.declaration", "'channel'"),
        (
            [act("declaration", "2000-01-01", effects=[{"does": "authority"}])],
            "t:AA.decl",
            "'authority' and 'function'",
        ),
        (
            [act("suspended", "2000-01-01", until="2002-01-01"), act("suspended", "2001-01-01")],
            "t:AA.suspended.2001",
            "overlaps",
        ),
    ],
)
def test_faults_of_acts_are_found(acts: list[Row], where: str, what: str) -> None:
    found = problems(
        instrument("t", opened="1990-01-01", entry={"on": "1992-01-01"}), parties("t", {"AA": acts})
    )
    assert any(line.startswith(where) and what in line for line in found), found


@pytest.mark.parametrize(
    "acts",
    [
        AGAIN,
        [act("succeeded", "2000-02-01"), act("in-force", "1993-01-01")],
        [
            act("provisionally-applied", "1999-01-01"),
            act("ratified", "2000-02-01"),
            act("in-force", "2000-01-01"),
        ],
    ],
)
def test_a_return_a_succession_and_provisional_application_are_no_faults(acts: list[Row]) -> None:
    assert problems(instrument("t"), parties("t", {"AA": acts})) == []


RULE = {"id": "a", "article": "5"}


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (
            {"provisions": [REACH], "grounds": [{**RULE, "id": "1.reach", "ground": "g", "mandatory": "no"}]},
            "bear this id",
        ),
        ({"counts_as": ["mla-treatie"]}, "'mla-treatie' is not a known value"),
        (
            {"provisions": [{**REACH, "when": [{"test": "both-bound", "values": ["tt"]}]}]},
            "'tt' is not a known value",
        ),
        ({"provisions": [{**REACH, "when": [{"test": "none-in-force"}]}]}, "has no values"),
        (
            {"languages": [{**RULE, "regime": "codes", "codes": ["xx-y"]}]},
            "'xx-y' is not the code of a language",
        ),
        (
            {"conditions": [{**RULE, "condition": "threshold", "evaluates": "minimum-penalty"}]},
            "needs `months`",
        ),
        ({"conditions": [{**RULE, "condition": "ask", "evaluates": "question"}]}, "needs a text"),
        ({"entry": {"on": "2000-01-01", "pending": "true"}}, "pending and has a day"),
        ({"form": "domestic"}, "names no State"),
        (
            {"provisions": [{**REACH, "since": "2000-01-01"}, {**REACH, "id": "b", "since": "2001-01-01"}]},
            "overlaps '1.reach' in time",
        ),
        (
            {"provisions": [{**REACH, "since": "2000-01-01", "until": "1999-01-01"}]},
            "on or before the day it starts",
        ),
    ],
)
def test_faults_of_rules_are_found(more: Row, what: str) -> None:
    found = problems(instrument("t", **more))
    assert any(what in line for line in found), found


def test_two_instruments_cannot_each_go_before_the_other() -> None:
    found = problems(
        instrument("a", precedence=[{"id": "p", "article": "1", "over": ["b"]}]),
        instrument("b", precedence=[{"id": "p", "article": "1", "over": ["a"]}]),
    )
    assert found == ["instruments/a.yml: p: a and b each go before the other."]


def test_a_stranger_in_a_treaty_of_two_is_found() -> None:
    found = problems(
        instrument("aa-bb-mla", form="bilateral", states=["AA", "BB"]),
        parties("aa-bb-mla", {"CC": [act("signed", "2000-01-01")]}),
    )
    assert found == ["parties/aa-bb-mla.yml: CC: This State is not one that made the instrument."]


def test_faults_of_practice_are_found() -> None:
    member: Row = {"id": "m", "organisation": "union", "since": "2000-01-01", **DEFAULTS}
    states: dict[str, Row] = {
        "AA": {
            "official_languages": ["Catalan"],
            "memberships": [member, {**member, "id": "n", "since": "2001-01-01"}],
            "authorities": [{"id": "o", "function": "mla-in", "name": "Office", "instrument": "nothing"}],
        }
    }
    assert problems(states=states) == [
        "AA:n: It overlaps 'm' in time.",
        "AA:o: There is no instrument 'nothing'.",
        "states/AA.yml: 'Catalan' is not the code of a language.",
    ]
