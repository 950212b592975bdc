"""Does a request tell the preservation on which it builds that it is in, and what became of it?"""

from __future__ import annotations

from typing import Any

import pytest

from schemas.facets import Errand
from schemas.moves import (
    Approve,
    Close,
    Decide,
    Evidence,
    FollowUp,
    FollowUpDecided,
    LinkCase,
    Send,
    Withdraw,
)
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US, item, outcome
from tests.flow.paper import Pair, PaperHouse

PRES = "DE-PRES-2026-00001"
DE = "DE-MLA-2026-00001"


def told(house: PaperHouse, event: str) -> list[tuple[str | None, dict[str, Any]]]:
    def about(errand: Errand) -> bool:
        return errand.what == "tell" and errand.body["event"] == event

    return [(errand.ref, errand.body) for errand in house.state.errands if about(errand)]


@pytest.fixture
def following() -> Pair:
    """Germany asks for what it had preserved; the baton is in the United States."""
    pair = Pair()
    pair.be_taken(follows=(PRES,))
    return pair


def test_sending_tells_the_preservation_in_both_houses_by_one_name(following: Pair) -> None:
    for house in (following.de, following.us):
        ((ref, body),) = told(house, "follow-up")
        assert ref == PRES
        assert FollowUp.model_validate(body) == FollowUp(ref=DE, kind="mla")
        assert told(house, "follow-up-decided") == []


def test_a_link_made_after_the_sending_is_told_at_once_and_once(taken: Pair) -> None:
    for house, officer in ((taken.de, OFFICER_DE), (taken.us, OFFICER_US)):
        house.move(officer, LinkCase(ref="another", why="related"))
        assert told(house, "follow-up") == []
        for _ in range(2):
            house.move(officer, LinkCase(ref=PRES, why="follows"))
        ((ref, body),) = told(house, "follow-up")
        assert (ref, body["ref"]) == (PRES, DE)
    taken.us.move(OFFICER_US, Decide(decision="refused", reasons="ordre public (invented)"))
    assert [ref for ref, _ in told(taken.us, "follow-up-decided")] == [PRES]
    taken.us.move(OFFICER_US, LinkCase(ref="too-late", why="follows"))
    assert [ref for ref, _ in told(taken.us, "follow-up")] == [PRES], "it is decided: nothing is held for it"


def test_a_draft_tells_nobody_and_a_link_is_told_as_well() -> None:
    pair = Pair()
    pair.filed()
    pair.de.move(OFFICER_DE, LinkCase(ref=PRES, why="follows"))
    assert told(pair.de, "follow-up") == []
    pair.de.move(APPROVER_DE, Approve())
    pair.de.move(OFFICER_DE, Send())
    assert [ref for ref, _ in told(pair.de, "follow-up")] == [PRES]


def test_results_a_refusal_and_a_withdrawal_are_told_once(following: Pair) -> None:
    following.us.move(OFFICER_US, Decide(decision="accepted"))
    following.us.move(OFFICER_US, Evidence(complete=False, items=(item("one"),)))
    following.carry_all()
    assert told(following.de, "follow-up-decided") == []
    following.us.move(OFFICER_US, Evidence(complete=True, items=(item("two"),)))
    following.carry_all()
    following.de.move(OFFICER_DE, Close(outcome=outcome()))
    following.carry_all()
    for house in (following.de, following.us):
        ((ref, body),) = told(house, "follow-up-decided")
        assert ref == PRES
        assert FollowUpDecided.model_validate(body) == FollowUpDecided(ref=DE, result="disclosed")


def test_a_refusal_is_told(following: Pair) -> None:
    following.us.move(OFFICER_US, Decide(decision="refused", reasons="ordre public (invented)"))
    following.carry_all()
    for house in (following.de, following.us):
        assert [body["result"] for _, body in told(house, "follow-up-decided")] == ["refused"]


def test_a_withdrawal_is_told(following: Pair) -> None:
    following.de.move(OFFICER_DE, Withdraw(reason="solved at home"))
    following.carry_all()
    for house in (following.de, following.us):
        assert [body["result"] for _, body in told(house, "follow-up-decided")] == ["withdrawn"]


def test_a_rest_given_up_is_told_at_closing(following: Pair) -> None:
    following.us.move(OFFICER_US, Decide(decision="accepted"))
    following.us.move(OFFICER_US, Evidence(complete=False, items=(item("one"),)))
    following.carry_all()
    following.de.move(OFFICER_DE, Close(outcome=outcome("partly-executed")))
    following.carry_all()
    for house in (following.de, following.us):
        assert [body["result"] for _, body in told(house, "follow-up-decided")] == ["disclosed"]


def test_a_draft_that_is_withdrawn_has_nothing_to_tell() -> None:
    pair = Pair()
    pair.filed(follows=(PRES,))
    pair.de.move(OFFICER_DE, Withdraw(reason="solved at home"))
    assert pair.de.state.errands == []
