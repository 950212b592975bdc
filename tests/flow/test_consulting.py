"""Refusal, grant in part, redirection: is the other side heard before, and told what and why?"""

from __future__ import annotations

import pytest

from schemas.errors import BadInput, WrongMove
from schemas.facets import DutyAsked
from schemas.moves import Close, Consult, Decide, Evidence, Postpone, Redirect
from tests.flow.invented import OFFICER_DE, OFFICER_US, item, outcome
from tests.flow.paper import Pair, refused

NO = Decide(decision="refused", reasons="ordre public (invented)", grounds=("ordre-public",))
DUTY = DutyAsked(duty="consult-before-refusal", article="18(26)")
LATER = Postpone(reasons="an own investigation would suffer (invented)")
BEFORE_LATER = DutyAsked(duty="consult-before-postponement", article="18(26)")


@pytest.fixture
def bound() -> Pair:
    """Under a law that wants the other side heard before a refusal."""
    pair = Pair()
    for house in (pair.de, pair.us):
        house.hands.law = {"duties": (DUTY,)}
    pair.be_taken()
    return pair


def test_before_a_refusal_the_other_side_is_heard(bound: Pair) -> None:
    error = refused(bound.us, WrongMove, "consultation-first", OFFICER_US, NO)
    assert "18(26)" in error.what
    bound.us.move(OFFICER_US, Consult(text="We think of refusing, because ..."))
    bound.carry_all()
    assert bound.de.state.consulted
    bound.de.move(OFFICER_DE, Consult(text="Could it be granted in part?"))
    bound.carry_all()
    assert bound.us.move(OFFICER_US, NO).status == "refused"


def test_what_they_say_by_themselves_is_no_hearing_by_us(bound: Pair) -> None:
    bound.de.move(OFFICER_DE, Consult(text="How does it go?"))
    bound.carry_all()
    refused(bound.us, WrongMove, "consultation-first", OFFICER_US, NO)


@pytest.fixture
def bound_to_wait() -> Pair:
    """Under a law that wants the other side heard before a postponement."""
    pair = Pair()
    for house in (pair.de, pair.us):
        house.hands.law = {"duties": (BEFORE_LATER,)}
    pair.be_taken()
    return pair


def test_before_a_postponement_the_other_side_is_heard(bound_to_wait: Pair) -> None:
    error = refused(bound_to_wait.us, WrongMove, "consultation-first", OFFICER_US, LATER)
    assert "18(26)" in error.what
    bound_to_wait.us.move(OFFICER_US, Consult(text="Could we send a part now?"))
    bound_to_wait.carry_all()
    assert bound_to_wait.us.move(OFFICER_US, LATER).status == "postponed"
    bound_to_wait.carry_all()
    assert bound_to_wait.de.state.status == "postponed"


def test_a_postponement_says_why_nobody_was_heard_and_theirs_is_recorded_anyway(bound_to_wait: Pair) -> None:
    assert bound_to_wait.de.move(OFFICER_DE, LATER.model_copy(update={"by_post": True})).status == "postponed"
    why = "the suspect is arrested tonight (invented)"
    bound_to_wait.us.move(OFFICER_US, LATER.model_copy(update={"without_consultation": why}))
    assert bound_to_wait.us.state.decisions[-1].without_consultation == why


def test_each_duty_is_its_own_and_the_first_rules_know_neither(bound: Pair, bound_to_wait: Pair) -> None:
    assert bound.us.move(OFFICER_US, LATER).status == "postponed"
    assert bound_to_wait.us.move(OFFICER_US, NO).status == "refused"
    again = Pair()
    again.us.hands.law = {"duties": (BEFORE_LATER,)}
    again.be_taken()
    again.us.case = again.us.state.model_copy(update={"version": 1})
    assert again.us.move(OFFICER_US, LATER).status == "postponed"


def test_or_it_is_said_why_they_were_not_heard(bound: Pair) -> None:
    why = "the treaty leaves no room here (invented)"
    bound.us.move(OFFICER_US, NO.model_copy(update={"without_consultation": why}))
    bound.carry_all()
    assert bound.de.state.decisions[-1].without_consultation == why


def test_granting_needs_no_hearing_and_their_refusal_is_recorded_anyway(bound: Pair) -> None:
    assert bound.de.move(OFFICER_DE, NO.model_copy(update={"by_post": True})).status == "refused"
    assert bound.us.move(OFFICER_US, Decide(decision="accepted")).status == "accepted"


def test_without_that_duty_and_under_the_first_rules_a_refusal_needs_reasons_only(
    taken: Pair, bound: Pair
) -> None:
    assert taken.us.move(OFFICER_US, NO).status == "refused"
    bound.us.case = bound.us.state.model_copy(update={"version": 1})
    assert bound.us.move(OFFICER_US, NO).status == "refused"


def test_a_grant_in_part_says_which_part(taken: Pair) -> None:
    part = Decide(decision="partly-accepted", reasons="content needs a warrant (invented)")
    refused(taken.us, BadInput, "precise-missing", OFFICER_US, part)
    refused(taken.us, BadInput, "reasons-missing", OFFICER_US, Decide(decision="partly-accepted"))
    taken.us.move(OFFICER_US, part.model_copy(update={"precise": "the subscriber data"}))
    taken.carry_all()
    assert taken.de.state.decisions[-1].precise == "the subscriber data"
    assert taken.de.state.status == "accepted"


def test_what_was_carried_out_in_part_may_end_in_a_refusal_of_the_rest(accepted: Pair) -> None:
    accepted.us.move(OFFICER_US, Evidence(complete=False, items=(item(),)))
    accepted.us.move(OFFICER_US, NO)
    accepted.carry_all()
    assert accepted.de.state.status == accepted.us.state.status == "refused"
    assert len(accepted.de.state.evidence) == 1
    assert accepted.de.move(OFFICER_DE, Close(outcome=outcome("partly-executed"))).status == "closed"


def test_a_rest_that_is_given_up_is_closed_by_who_asked(accepted: Pair) -> None:
    accepted.us.move(OFFICER_US, Evidence(complete=False, items=(item(),)))
    accepted.carry_all()
    accepted.de.move(OFFICER_DE, Close(outcome=outcome("partly-executed")))
    accepted.carry_all()
    assert accepted.us.state.status == "closed"


def test_a_request_for_somebody_else_is_passed_on_told_and_closed(sent: Pair) -> None:
    refused(sent.us, WrongMove, "wrong-move", OFFICER_US, Close(outcome=outcome("redirected")))
    sent.us.move(OFFICER_US, Redirect(to="Office of the Attorney General (invented)"))
    sent.us.move(OFFICER_US, Close(outcome=outcome("redirected")))
    sent.carry_all()
    assert sent.us.state.status == "closed"
    assert sent.de.state.redirected == "Office of the Attorney General (invented)"
    assert "redirected" in sent.de.state.attention
    assert sent.de.state.their_outcome is not None
    refused(sent.de, WrongMove, "wrong-move", OFFICER_DE, Close(outcome=outcome("redirected")))
