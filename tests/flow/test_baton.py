"""Does the baton pass as it should: offered, accepted, returned, overdue, withdrawn?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from schemas.errors import BadInput, Conflict, NotAllowed, NotFound, WrongMove
from schemas.handoff import HandoffStatus, Holder, WireOffer
from schemas.moves import (
    AcceptHandoff,
    Actor,
    Consult,
    Evidence,
    OfferHandoff,
    ReturnHandoff,
    WithdrawHandoff,
)
from tests.flow.invented import (
    COURT_US,
    OFFICER_DE,
    OFFICER_US,
    item,
)
from tests.flow.paper import Pair, refused


def test_inside_a_house_acceptance_is_enough_and_only_the_addressed_accepts(taken: Pair) -> None:
    court = Holder(house="us", function="court")
    offer = OfferHandoff(id="us-h1", receiver=court, why="warrant")
    refused(taken.us, NotAllowed, "not-holder", COURT_US, offer)
    taken.us.move(OFFICER_US, offer)
    refused(taken.us, Conflict, "handoff-open", OFFICER_US, offer)
    refused(taken.us, NotAllowed, "not-addressed", OFFICER_US, AcceptHandoff(id="us-h1"))
    taken.us.move(COURT_US, AcceptHandoff(id="us-h1"))
    assert taken.us.state.holder == court
    assert taken.us.state.handoffs[-1].triple is None
    taken.us.move(
        COURT_US,
        OfferHandoff(id="us-h2", receiver=Holder(house="us", function="central-authority"), why="issued"),
    )
    taken.us.move(OFFICER_US, ReturnHandoff(id="us-h2", reason="a page is missing"))
    assert taken.us.state.holder == court
    assert taken.us.state.handoffs[-1].status is HandoffStatus.RETURNED


def test_a_returned_offer_stays_with_the_sender(sent: Pair) -> None:
    sent.us.move(OFFICER_US, ReturnHandoff(id="DE-MLA-2026-00001.h1", reason="not legible"))
    sent.carry_all()
    handoff = sent.de.state.handoffs[0]
    assert (handoff.status, handoff.reason) == (HandoffStatus.RETURNED, "not legible")
    assert sent.de.state.holder.house == "de"
    assert f"handoff-returned:{handoff.id}" in sent.de.state.attention
    again = OfferHandoff(
        id="DE-MLA-2026-00001.h2", receiver=Holder(house="us", function="central-authority"), why="again"
    )
    sent.de.move(OFFICER_DE, again)
    sent.carry_all()
    sent.us.move(OFFICER_US, AcceptHandoff(id="DE-MLA-2026-00001.h2"))
    sent.carry_all()
    assert sent.de.state.holder.house == sent.us.state.holder.house == "us"


def test_a_late_acceptance_of_a_withdrawn_offer_is_refused_and_both_agree(sent: Pair) -> None:
    handoff = "DE-MLA-2026-00001.h1"
    sent.de.move(OFFICER_DE, WithdrawHandoff(id=handoff, reason="sent in error"))
    sent.us.move(OFFICER_US, AcceptHandoff(id=handoff))
    acceptance = sent.us.next_letter()
    assert acceptance is not None
    sent.carry_one(sent.us)
    assert sent.us.state.outbox[-1].problem == "offer-withdrawn"
    assert f"refused:{acceptance.id}:offer-withdrawn" in sent.us.state.attention
    sent.carry_all()
    for house in (sent.de, sent.us):
        assert house.state.handoffs[0].status is HandoffStatus.WITHDRAWN
        assert house.state.holder.house == "de"
    refused(sent.us, WrongMove, "offer-withdrawn", OFFICER_US, AcceptHandoff(id=handoff))


def test_an_overdue_offer_shows_on_both_sides_and_may_still_be_accepted(sent: Pair) -> None:
    sent.pass_time(timedelta(days=31))
    for house in (sent.de, sent.us):
        assert house.strike()
        assert house.state.handoffs[0].status is HandoffStatus.OVERDUE
        assert house.state.holder.house == "de"
        assert not house.strike()
    sent.us.move(OFFICER_US, AcceptHandoff(id="DE-MLA-2026-00001.h1"))
    sent.carry_all()
    assert sent.de.state.holder.house == "us"
    assert not [code for code in sent.de.state.attention if code.startswith("handoff-")]


def test_the_baton_goes_to_nobody_outside_the_case(taken: Pair) -> None:
    away = Holder(house="fr", function="central-authority")
    refused(
        taken.us, BadInput, "unknown-receiver", OFFICER_US, OfferHandoff(id="us-h1", receiver=away, why="?")
    )
    refused(taken.us, NotFound, "unknown-handoff", OFFICER_US, AcceptHandoff(id="no-such"))
    stranger = OFFICER_DE.model_copy(update={"house": "fr"})
    refused(taken.us, NotAllowed, "not-our-counterpart", stranger, Consult(text="Hello?"))


def test_before_sending_the_baton_stays_in_the_house(pair: Pair) -> None:
    there = Holder(house="us", function="central-authority")
    refused(pair.de, WrongMove, "wrong-move", OFFICER_DE, OfferHandoff(id="de-h1", receiver=there, why="?"))


def test_a_baton_that_comes_along_is_a_new_one(accepted: Pair) -> None:
    evidence = Evidence(complete=True, items=(item(),))
    again = WireOffer(handoff="DE-MLA-2026-00001.h1")
    with pytest.raises(Conflict):
        accepted.de.move(Actor(id="machine", house="us"), evidence, offer=again)
