"""Which ways lead out of a surrender that does not come about, and is nobody forgotten in custody on them?"""

from __future__ import annotations

from typing import Literal

import pytest

from schemas.deadline import ClockStatus
from schemas.errors import WrongMove
from schemas.moves import (
    Arrest,
    Arrive,
    Close,
    Decide,
    Papers,
    ReleasePerson,
    Send,
    Withdraw,
)
from schemas.request import Outcome
from schemas.vocabulary import Side
from tests.flow.invented import OFFICER_DE, OFFICER_US
from tests.flow.wanted import SOUGHT, Seeking, clocks, code, ended, request, surrendered
from workflows.custody import wanted

LAPSED = Outcome(result="lapsed")


def test_what_comes_in_the_wrong_order_is_refused_with_what_is_allowed() -> None:
    both = Seeking().sent()
    with pytest.raises(WrongMove) as caught:
        both.us.move(OFFICER_US, surrendered(both.us.state, both.us.now))
    assert "decide" in caught.value.allowed
    assert "arrest" in caught.value.allowed
    assert code(both.us, Decide(decision="accepted")) == "too-early"
    assert code(both.de, Papers()) == "no-papers-awaited"
    with pytest.raises(WrongMove):
        both.de.move(OFFICER_DE, surrendered(both.de.state, both.de.now, by_post=True))
    with pytest.raises(WrongMove):
        both.us.move(OFFICER_US, Send())


STAGES = ["sent", "arrested", "heard", "granted", "fixed"]


@pytest.mark.parametrize("stage", STAGES)
def test_it_is_refused_at_any_stage_and_custody_is_not_forgotten(stage: str) -> None:
    both = getattr(Seeking(), stage)()
    both.theirs(Decide(decision="refused", reasons="lapse of time", grounds=("lapse-of-time",)))
    _over_and_detained(both, "refused", detained=stage != "sent")


@pytest.mark.parametrize("stage", STAGES)
def test_it_is_withdrawn_at_any_stage_and_custody_is_not_forgotten(stage: str) -> None:
    both = getattr(Seeking(), stage)()
    both.ours(Withdraw(reason="he died"))
    _over_and_detained(both, "withdrawn", detained=stage != "sent")


def _over_and_detained(both: Seeking, status: Literal["refused", "withdrawn"], *, detained: bool) -> None:
    assert {both.de.state.status, both.us.state.status} == {status}
    left = clocks(both.us)
    assert all("release-person" in one.closes_on for one in left.values())
    if detained:
        assert "custody-review" in left
        for house in (both.de, both.us):
            assert "still-detained" in house.state.attention
            (loud,) = [one for one in house.state.notices if one.clock == "custody-review"]
            assert loud.loud
            assert {"central-authority", "head-of-office"} <= set(loud.to)
        assert code(both.us, Close(outcome=Outcome(result=status))) == "still-detained"
        both.theirs(ReleasePerson(reason="nothing holds him any more"))
        assert "still-detained" not in both.de.state.attention + both.us.state.attention
    assert clocks(both.us) == {}
    both.theirs(Close(outcome=Outcome(result=status)))
    both.ours(Close(outcome=Outcome(result=status)))
    assert both.de.state.status == both.us.state.status == "closed"


def test_no_paper_case_is_closed_over_somebody_in_custody_without_a_word() -> None:
    """Where the other State keeps no house, nobody else watches over the custody."""
    both = Seeking()
    both.de.hands.house = None
    both.drafted()
    house = both.de
    house.move(OFFICER_DE, Send(papers_follow=True))
    house.move(OFFICER_DE, Arrest(person=SOUGHT, by_post=True))
    house.move(OFFICER_DE, Withdraw(reason="he died"))
    over = Outcome(result="withdrawn")
    assert code(house, Close(outcome=over)) == "still-detained"
    house.move(OFFICER_DE, Close(outcome=over.model_copy(update={"note": "released, they say by telephone"})))
    assert house.state.status == "closed"


def test_an_arrest_that_crosses_the_withdrawal_is_recorded_and_counted() -> None:
    both = Seeking().sent(ahead=True)
    both.de.move(OFFICER_DE, Withdraw(reason="found at home"))
    both.us.move(OFFICER_US, Arrest(person=SOUGHT))
    both.carry_all()
    assert both.de.state.status == both.us.state.status == "withdrawn"
    assert wanted(both.de.state).detained
    assert "arrest-to-papers" in clocks(both.de)
    both.theirs(ReleasePerson(reason="withdrawn"))
    assert clocks(both.de) == {}


def test_an_arrest_whose_papers_never_come_lapses() -> None:
    both = Seeking().arrested()
    both.pass_days(41)
    assert "missed:arrest-to-papers" in both.us.state.attention
    assert code(both.us, Close(outcome=LAPSED)) == "still-detained"
    both.theirs(ReleasePerson(reason="forty days are over"))
    assert code(both.us, Close(outcome=Outcome(result="refused"))) == "bad-input"
    assert code(both.de, Close(outcome=LAPSED)) == "not-over"
    both.theirs(Close(outcome=LAPSED))
    both.ours(Close(outcome=LAPSED))
    assert both.de.state.status == both.us.state.status == "closed"


def test_their_closing_closes_no_case_in_which_somebody_is_in_custody_here() -> None:
    both = Seeking().arrested()
    both.us.move(OFFICER_US, Close(outcome=LAPSED, by_post=True))
    assert both.us.state.status == "withdrawn"
    assert code(both.us, Close(outcome=LAPSED)) == "still-detained"
    full = Seeking().sent()
    assert code(full.us, Close(outcome=LAPSED)) == "not-over"


def test_a_paper_request_comes_in_by_hand_of_an_officer() -> None:
    both = Seeking()
    asked = Arrive(request=request(requested="RS"), foreign_ref="DE-1", papers_follow=True)
    both.us.begin(OFFICER_US, asked, Side.INCOMING)
    both.us.move(OFFICER_US, Arrest(person=SOUGHT))
    both.us.move(OFFICER_US, Papers(by_post=True))
    assert both.us.state.status == "received"
    assert ended(both.us, "arrest-to-papers") is ClockStatus.MET
