"""What may a provider and its authority say to an order, and what follows?"""

from __future__ import annotations

import pytest

from schemas.errors import NotAllowed
from schemas.moves import (
    Answer,
    Ask,
    Decide,
    Enforce,
    Enforced,
    EnforcingAnswer,
    MoveBody,
    Objection,
    Review,
    Withdraw,
)
from schemas.vocabulary import Measure
from tests.flow.invented import JUDGE_DE, OFFICER_DE, START
from tests.flow.lawful import PROVIDER, days, desk, refused, sent_alone, to_produce
from tests.flow.ordering import EMERGENCY, EPOC, SECOND, data, order

# --- questions and objections ----------------------------------------------------------------------------


def test_the_form_of_impossibility_stops_the_clock_of_the_provider_and_starts_ours() -> None:
    house = order(measures=(Measure.SUBSCRIBER_DATA,))
    due = house.runs("produce").due
    house.until(START + days(2))
    assert house.made(PROVIDER, Ask(id="iii", text="Which account?", form="annex-iii")) == "supplementing"
    assert house.clocks("produce") == []
    ours = house.runs("clarify")
    assert (ours.article, ours.amount) == ("10(6)", 5)
    assert house.state.questions[0].form == "annex-iii"
    house.until(START + days(5))
    assert house.made(OFFICER_DE, Answer(question="iii", text="The one named.")) == "received"
    assert house.clocks("clarify") == []
    assert house.runs("produce").due == due + days(3)


@pytest.mark.parametrize("ground", ["impossible", "privilege", "other"])
def test_an_objection_is_reviewed_and_the_order_stands_changes_or_falls(ground: str) -> None:
    for result, status in (("upheld", "acknowledged"), ("changed", "acknowledged"), ("dropped", "withdrawn")):
        house = order(measures=(Measure.SUBSCRIBER_DATA,))
        body = Objection.model_validate({"ground": ground, "text": "cannot"})
        assert house.made(PROVIDER, body) == "objected"
        assert house.shows("objection")
        assert len(house.clocks("produce")) == 1, "only a conflict of laws suspends the order"
        assert house.runs("review").amount == 10
        word = Review.model_validate({"result": result, "by": "Court (invented)"})
        assert house.made(JUDGE_DE, word) == status
        assert house.producing().objections[0].decided is not None
        assert house.clocks("review") == []
        assert not house.shows("objection")


def test_a_conflict_with_the_law_of_a_third_country_suspends_the_order_until_the_review() -> None:
    house = order(measures=(Measure.SUBSCRIBER_DATA,))
    due = house.runs("produce").due
    house.until(START + days(3))
    house.made(PROVIDER, Objection(ground="third-country-law", text="forbidden", article="Act 1 (invented)"))
    assert house.clocks("produce") == []
    assert house.clocks("object") == []
    house.until(START + days(33))
    house.made(JUDGE_DE, Review(result="upheld", by="Court (invented)"))
    assert house.runs("produce").due == due + days(30)


def test_a_question_while_objected_leaves_the_objection() -> None:
    house = order()
    house.made(PROVIDER, Objection(ground="other", text="no"))
    house.made(PROVIDER, Ask(id="q", text="Which?"))
    house.made(OFFICER_DE, Answer(question="q", text="That one."))
    assert house.state.status == "objected"


# --- enforcement -----------------------------------------------------------------------------------------


def test_a_provider_that_refuses_may_be_made_to() -> None:
    house = order(measures=(Measure.SUBSCRIBER_DATA,))
    house.made(PROVIDER, Decide(decision="refused"))
    assert house.shows("next:enforce")
    assert house.made(OFFICER_DE, Enforce(authority="Garda (invented)", reasons="no answer")) == "enforcing"
    entry = house.runs("enforce-decision")
    assert (entry.article, entry.amount, entry.unit) == ("16(2) last subparagraph", 5, "working-days")
    house.until(entry.due - SECOND)
    assert not house.shows("missed:enforce-decision")
    until = house.now + days(7)
    assert house.made(OFFICER_DE, Enforced(recognised=True, until=until, by_post=True)) == "enforcing"
    assert house.runs("produce").due == until
    assert house.made(PROVIDER, data()) == "executed"
    assert not any(code.startswith("contradiction") for code in house.state.attention)


def test_an_order_that_is_not_recognised_is_over() -> None:
    house = order()
    house.made(OFFICER_DE, Enforce(authority="Garda (invented)", reasons="no answer"))
    house.until(house.runs("enforce-decision").due)
    assert house.shows("missed:enforce-decision")
    assert house.made(OFFICER_DE, Enforced(recognised=False, by_post=True)) == "refused"
    assert house.shows("not-enforced")


def test_where_nobody_enforces_the_next_step_is_told() -> None:
    house = desk(to_produce(requested="US", measures=(Measure.SUBSCRIBER_DATA,)), "budapest-2ap")
    entry = house.runs("produce")
    assert (entry.article, entry.amount) == ("7(7)", 30)
    error = refused(house, "not-enforceable", Enforce(authority="x", reasons="y"))
    assert "to the State" in error.next_step
    house.until(entry.due - SECOND)
    assert not house.shows("next:state-or-mla")
    house.until(entry.due)
    assert house.shows("missed:produce", "next:state-or-mla")


def test_an_order_under_an_agreement_on_data_has_no_time_of_the_law_and_no_authority_that_enforces() -> None:
    house = desk(to_produce(requested="US"), "gb-us-cloud-act")
    entry = house.runs("produce")
    assert (entry.law, entry.amount) == (False, 30)
    assert not house.shows("notification-due")
    refused(house, "not-enforceable", Enforce(authority="x", reasons="y"))
    assert house.made(PROVIDER, data()) == "executed"
    assert not house.shows("before-the-window")


def test_a_voluntary_disclosure_may_be_declined_without_reasons() -> None:
    house = desk(
        to_produce(requested="US", measures=(Measure.SUBSCRIBER_DATA,)), "us-18-usc-2702", binding="option"
    )
    assert house.made(PROVIDER, Decide(decision="refused")) == "refused"
    assert house.shows("next:state-or-mla")


@pytest.mark.parametrize(
    "body", [EnforcingAnswer(answer="cleared"), Enforced(recognised=True)], ids=lambda body: body.event
)
def test_the_provider_does_not_speak_for_the_authority(body: MoveBody) -> None:
    house = order()
    house.made(OFFICER_DE, Enforce(authority="Garda (invented)", reasons="no answer"))
    refused(house, "not-theirs-to-say", body, NotAllowed, PROVIDER)


def test_an_order_validated_too_late_is_withdrawn_and_what_it_brought_deleted() -> None:
    house = sent_alone(
        to_produce(measures=(Measure.SUBSCRIBER_DATA,), urgent=True, emergency=EMERGENCY), EPOC
    )
    entry = house.runs("validate")
    assert (entry.article, entry.amount) == ("4(5)", 48)
    house.until(entry.due - SECOND)
    assert not house.shows("withdraw-and-delete")
    house.until(entry.due)
    assert house.shows("missed:validate", "withdraw-and-delete")
    assert house.made(OFFICER_DE, Withdraw(reason="not validated")) == "withdrawn"
