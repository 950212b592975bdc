"""Do reasons add up by the laws of three-valued logic, with every child kept?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import RogatoryError
from schemas.reasoning import Reason
from schemas.vocabulary import Verdict
from treaties.logic import NO, UNKNOWN, YES, all_of, any_of, contrary, leaves, none_of, walk

VERDICTS = st.sampled_from(list(Verdict))
DAYS = st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2030, 1, 1)))
LEAVES = st.builds(lambda verdict, day: Reason("leaf", verdict, changes_on=day), VERDICTS, DAYS)
SOME = st.lists(LEAVES, min_size=1, max_size=5)
ORDER = {NO: 0, UNKNOWN: 1, YES: 2}


@given(SOME)
def test_all_is_the_least_and_any_the_greatest(children: list[Reason]) -> None:
    found = [ORDER[child.verdict] for child in children]
    assert ORDER[all_of("x", children).verdict] == min(found)
    assert ORDER[any_of("x", children).verdict] == max(found)


@given(SOME)
def test_de_morgan(children: list[Reason]) -> None:
    turned = [Reason("leaf", contrary(child.verdict)) for child in children]
    assert none_of("x", children).verdict == contrary(any_of("x", children).verdict)
    assert none_of("x", children).verdict == all_of("x", turned).verdict


@given(SOME, st.randoms(use_true_random=False))
def test_order_does_not_matter(children: list[Reason], random: Random) -> None:
    shuffled = random.sample(children, len(children))
    for rule in (all_of, any_of, none_of):
        assert rule("x", children).verdict == rule("x", shuffled).verdict
        assert rule("x", children).changes_on == rule("x", shuffled).changes_on


@given(SOME, VERDICTS)
def test_filling_in_an_unknown_never_turns_a_yes_or_no_around(
    children: list[Reason], filled: Verdict
) -> None:
    known = [Reason("leaf", filled if child.verdict is UNKNOWN else child.verdict) for child in children]
    for rule in (all_of, any_of, none_of):
        before = rule("x", children).verdict
        if before is not UNKNOWN:
            assert rule("x", known).verdict is before


@given(SOME)
def test_every_child_is_kept_and_the_first_change_counts(children: list[Reason]) -> None:
    days = [child.changes_on for child in children if child.changes_on is not None]
    for rule in (all_of, any_of, none_of):
        reason = rule("x", children, {"a": "b"}, (), ("f",))
        assert reason.children == tuple(children)
        assert reason.changes_on == min(days, default=None)
        assert (reason.slots, reason.facts) == ({"a": "b"}, ("f",))


@pytest.mark.parametrize("rule", [all_of, any_of, none_of])
def test_nothing_to_rest_on_is_an_error(rule: Callable[[str, list[Reason]], Reason]) -> None:
    with pytest.raises(RogatoryError, match="nothing to rest on"):
        rule("x", [])


def test_double_contrary_is_the_same() -> None:
    assert all(contrary(contrary(verdict)) is verdict for verdict in Verdict)


def test_leaves_are_where_a_verdict_comes_from() -> None:
    low = Reason("low", UNKNOWN)
    tree = all_of("top", [Reason("yes", YES), any_of("middle", [low, Reason("no", NO)])])
    assert list(leaves(tree, lambda reason: reason.verdict is UNKNOWN)) == [low]
    assert [reason.claim for reason in walk(tree)] == ["top", "yes", "middle", "low", "no"]
