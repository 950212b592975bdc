"""Conditions, use, costs, objects on loan: is what is owed after the results kept, on both sides?"""

from __future__ import annotations

from typing import Any

import pytest

from schemas.errors import NotFound, WrongMove
from schemas.moves import (
    AnswerLimit,
    Close,
    Costs,
    Decide,
    Evidence,
    Limit,
    ReturnObjects,
    Use,
    Withdraw,
)
from tests.flow.invented import OFFICER_DE, OFFICER_US, item, outcome
from tests.flow.paper import Pair, refused

LENT = item("lent").model_copy(update={"on_loan": True})


@pytest.fixture
def executed(accepted: Pair) -> Pair:
    """Results came under two conditions, one accepted, one declined; one object is on loan."""
    accepted.us.move(OFFICER_US, Limit(id="only-here", text="Only in these proceedings.", article="28(2)(b)"))
    accepted.us.move(OFFICER_US, Limit(id="secret", text="Keep it secret.", article="28(2)(a)"))
    accepted.carry_all()
    accepted.de.move(OFFICER_DE, AnswerLimit(limit="only-here", accepted=True))
    accepted.de.move(OFFICER_DE, AnswerLimit(limit="secret", accepted=False))
    accepted.us.move(OFFICER_US, Evidence(complete=True, items=(item("one"), LENT), limits=("only-here",)))
    accepted.carry_all()
    return accepted


# --- use ------------------------------------------------------------------------------------------------


def test_use_names_each_condition_that_binds(executed: Pair) -> None:
    bare = Use(items=("one",), purpose="the trial (invented)")
    error = refused(executed.de, WrongMove, "limits-not-named", OFFICER_DE, bare)
    assert "only-here" in error.what
    assert "secret" not in error.what, "what was declined binds nobody"
    executed.de.move(OFFICER_DE, bare.model_copy(update={"limits": ("only-here",)}))
    assert [(used.limits, used.beyond) for used in executed.de.state.uses] == [(("only-here",), "")]
    assert not [code for code in executed.de.state.attention if code.startswith("used-beyond")]


def test_use_beyond_a_condition_needs_a_consent_and_shows_for_good(executed: Pair) -> None:
    beyond = Use(items=("one",), purpose="another trial (invented)", beyond="agreed by letter (invented)")
    executed.de.move(OFFICER_DE, beyond)
    assert "used-beyond-limit:only-here" in executed.de.state.attention
    executed.de.move(OFFICER_DE, ReturnObjects(items=("lent",)))
    executed.de.move(OFFICER_DE, Close(outcome=outcome()))
    assert "used-beyond-limit:only-here" in executed.de.state.attention
    kept = Use(items=("one",), purpose="the appeal (invented)", limits=("only-here",))
    executed.de.move(OFFICER_DE, kept)
    assert (executed.de.state.status, len(executed.de.state.uses)) == ("closed", 2)


def test_use_of_what_is_not_there(executed: Pair) -> None:
    refused(executed.de, NotFound, "unknown-item", OFFICER_DE, Use(items=("two",), purpose="?"))
    strange = Use(items=("one",), purpose="?", limits=("no-such",))
    refused(executed.de, NotFound, "unknown-limitation", OFFICER_DE, strange)


def test_the_side_that_asks_sets_no_condition_and_none_answers_its_own(accepted: Pair) -> None:
    ours = Limit(id="l1", text="Only for us.")
    refused(accepted.de, WrongMove, "not-ours-to-limit", OFFICER_DE, ours)
    accepted.us.move(OFFICER_US, ours)
    refused(accepted.us, NotFound, "unknown-limit", OFFICER_US, AnswerLimit(limit="l1", accepted=True))


# --- objects on loan ------------------------------------------------------------------------------------


def test_objects_on_loan_go_back_before_a_case_is_closed(executed: Pair) -> None:
    for house, actor in ((executed.de, OFFICER_DE), (executed.us, OFFICER_US)):
        assert "objects-on-loan" in house.state.attention
        refused(house, WrongMove, "objects-on-loan", actor, Close(outcome=outcome()))
    refused(executed.de, NotFound, "not-on-loan", OFFICER_DE, ReturnObjects(items=("one",)))
    executed.de.move(OFFICER_DE, ReturnObjects(items=("lent",)))
    executed.carry_all()
    for house, actor in ((executed.us, OFFICER_US), (executed.de, OFFICER_DE)):
        assert house.state.returned == ["lent"]
        assert "objects-on-loan" not in house.state.attention
        house.move(actor, Close(outcome=outcome()))
    refused(executed.de, WrongMove, "wrong-move", OFFICER_DE, ReturnObjects(items=("lent",)))


def test_only_who_lent_it_waives_and_only_who_has_it_gives_it_back(executed: Pair) -> None:
    waived = ReturnObjects(items=("lent",), waived=True)
    refused(executed.de, WrongMove, "not-theirs-to-waive", OFFICER_DE, waived)
    refused(executed.us, WrongMove, "not-theirs-to-return", OFFICER_US, ReturnObjects(items=("lent",)))
    executed.us.move(OFFICER_US, waived)
    executed.carry_all()
    assert executed.de.state.returned == ["lent"]
    assert executed.de.move(OFFICER_DE, Close(outcome=outcome())).status == "closed"


# --- costs ----------------------------------------------------------------------------------------------


def costs(**changes: Any) -> Costs:
    whole = {"amount": "1200.50", "currency": "EUR", "borne_by": "requesting"}
    return Costs(**(whole | changes))


def test_costs_that_we_bear_show_until_they_are_settled_also_after_closing(accepted: Pair) -> None:
    accepted.us.move(OFFICER_US, costs())
    accepted.us.move(OFFICER_US, costs(amount="3", borne_by="requested"))
    accepted.carry_all()
    assert "costs-unsettled" in accepted.de.state.attention
    assert "costs-unsettled" in accepted.us.state.attention, "three of them are ours to bear"
    accepted.us.move(OFFICER_US, costs(amount="3", borne_by="requested", settled=True))
    accepted.us.move(OFFICER_US, Evidence(complete=True, items=(item(),)))
    accepted.carry_all()
    assert "costs-unsettled" not in accepted.us.state.attention
    accepted.de.move(OFFICER_DE, Close(outcome=outcome()))
    assert "costs-unsettled" in accepted.de.state.attention, "closing warns"


def test_costs_are_settled_once_and_not_told_twice(accepted: Pair) -> None:
    accepted.us.move(OFFICER_US, costs())
    accepted.carry_all()
    accepted.de.move(OFFICER_DE, costs(settled=True))
    accepted.carry_all()
    for house in (accepted.de, accepted.us):
        assert [cost.settled for cost in house.state.costs] == [True]
        assert "costs-unsettled" not in house.state.attention


# --- information nobody asked for -----------------------------------------------------------------------


@pytest.fixture
def informed() -> Pair:
    """Germany tells something without being asked."""
    pair = Pair()
    pair.be_sent(spontaneous=True)
    return pair


def test_information_is_over_once_it_has_arrived(informed: Pair) -> None:
    informed.us.move(OFFICER_US, Close(outcome=outcome("informed")))
    informed.carry_all()
    assert informed.de.move(OFFICER_DE, Close(outcome=outcome("informed"))).status == "closed"


def test_a_request_is_not_over_before_it_is_decided(sent: Pair) -> None:
    refused(sent.de, WrongMove, "wrong-move", OFFICER_DE, Close(outcome=outcome()))
    refused(sent.us, WrongMove, "wrong-move", OFFICER_US, Close(outcome=outcome()))


def test_conditions_offered_with_information_bind_who_takes_it(informed: Pair) -> None:
    informed.de.move(OFFICER_DE, Limit(id="secret", text="Keep it secret.", article="26(2)"))
    informed.carry_all()
    assert "limit:secret" in informed.us.state.attention
    refused(informed.de, NotFound, "unknown-limit", OFFICER_DE, AnswerLimit(limit="secret", accepted=True))
    informed.us.move(OFFICER_US, AnswerLimit(limit="secret", accepted=True))
    informed.carry_all()
    assert informed.de.state.limitations[0].accepted
    used = Use(items=("information",), purpose="an own investigation (invented)")
    refused(informed.us, WrongMove, "limits-not-named", OFFICER_US, used)
    informed.us.move(OFFICER_US, used.model_copy(update={"limits": ("secret",)}))
    assert len(informed.us.state.uses) == 1


def test_who_declines_the_condition_is_not_bound_and_the_sender_sees_it(informed: Pair) -> None:
    informed.de.move(OFFICER_DE, Limit(id="secret", text="Keep it secret.", article="26(2)"))
    informed.carry_all()
    informed.us.move(OFFICER_US, AnswerLimit(limit="secret", accepted=False))
    informed.carry_all()
    assert "limit-declined:secret" in informed.de.state.attention
    assert informed.us.move(OFFICER_US, Use(items=("information",), purpose="x")).status == "received"


def test_withdrawn_with_an_object_still_on_loan() -> None:
    partly = Pair()
    partly.be_taken()
    partly.us.move(OFFICER_US, Decide(decision="accepted"))
    partly.us.move(OFFICER_US, Evidence(complete=False, items=(LENT,)))
    partly.carry_all()
    partly.de.move(OFFICER_DE, Withdraw(reason="solved at home"))
    partly.carry_all()
    refused(partly.us, WrongMove, "objects-on-loan", OFFICER_US, Close(outcome=outcome("withdrawn")))
    partly.de.move(OFFICER_DE, ReturnObjects(items=("lent",)))
    partly.carry_all()
    assert partly.us.move(OFFICER_US, Close(outcome=outcome("withdrawn"))).status == "closed"
