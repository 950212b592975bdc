"""Do the tables of moves lead from the first status to the end, with no status nobody can leave or reach?"""

from __future__ import annotations

from typing import get_args

import pytest

from schemas.errors import WrongMove
from schemas.lifecycle import (
    ALWAYS,
    BATON,
    FINAL,
    FIRST_STATUS,
    LIFECYCLES,
    OWN,
    PRACTICE_CLOCKS,
    allowed,
    require,
)
from schemas.moves import MoveBody
from schemas.vocabulary import Kind, Side

EVENTS = {body.model_fields["event"].default for body in get_args(get_args(MoveBody)[0])}
TABLES = list(LIFECYCLES.items())

MEANT = {
    "answer-onward": "answer-consent",
    "ask-onward": "ask-consent",
    "committed": "court",
    "custody-reviewed": "court",
    "hearing": "court",
    "send-emergency": "send",
    "surrender-fixed": "fix-surrender",
}
"""Words by which clocks know a move that says more than its name (workflows.starting)."""

BY_TIME = {Kind.PRESERVATION: {"lapsed"}}
"""Statuses to which no move leads, only the clock (workflows.clock)."""


@pytest.mark.parametrize(("where", "rules"), TABLES)
def test_every_rule_names_a_move_that_exists(where: tuple[Kind, Side], rules: tuple[object, ...]) -> None:
    named = {rule.event for rule in LIFECYCLES[where]}
    assert named <= EVENTS
    assert named.isdisjoint(BATON)
    assert named.isdisjoint(ALWAYS)


@pytest.mark.parametrize(("where", "rules"), TABLES)
def test_every_status_can_be_reached_and_left(where: tuple[Kind, Side], rules: tuple[object, ...]) -> None:
    table = LIFECYCLES[where]
    targets = {FIRST_STATUS[where[1]]} | {rule.to for rule in table if rule.to}
    targets |= {status for rule in table for status in rule.to_by.values()}
    sources = {status for rule in table for status in rule.at}
    targets |= BY_TIME.get(where[0], set())
    assert sources - {"sent", "draft", "approved"} <= targets | FINAL
    assert targets - FINAL <= sources


@pytest.mark.parametrize(("where", "rules"), TABLES)
def test_the_end_can_be_reached_from_every_status(
    where: tuple[Kind, Side], rules: tuple[object, ...]
) -> None:
    table = LIFECYCLES[where]
    statuses = {status for rule in table for status in rule.at}
    good = set(FINAL)
    while True:
        more = {
            status
            for rule in table
            for status in rule.at
            if rule.to in good or any(to in good for to in rule.to_by.values())
        }
        if more <= good:
            break
        good |= more
    assert statuses <= good


@pytest.mark.parametrize(("where", "rules"), TABLES)
def test_no_two_rules_allow_the_same_move_at_the_same_time(
    where: tuple[Kind, Side], rules: tuple[object, ...]
) -> None:
    seen = [(rule.event, rule.by, status) for rule in LIFECYCLES[where] for status in rule.at]
    assert len(seen) == len(set(seen))


def test_every_clock_is_started_and_met_by_moves() -> None:
    for where, clocks in PRACTICE_CLOCKS.items():
        made = {rule.event for rule in LIFECYCLES[where]} | {"arrive"}
        named = made | {event for event, move in MEANT.items() if move in made}
        for clock in clocks:
            assert {clock.event, *clock.closes_on, *clock.pauses_on, *clock.resumes_on} <= named, clock


def test_a_wrong_move_is_told_with_the_moves_that_are_allowed() -> None:
    with pytest.raises(WrongMove) as caught:
        require(Kind.MLA, Side.OUTGOING, "draft", "close", OWN)
    assert caught.value.allowed == allowed(Kind.MLA, Side.OUTGOING, "draft")
    assert "approve" in str(caught.value)


def test_a_closed_case_allows_nothing_of_its_own() -> None:
    assert allowed(Kind.MLA, Side.OUTGOING, "closed") == []
