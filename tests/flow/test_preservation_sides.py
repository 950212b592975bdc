"""Does the side that is asked keep data as it should, and does each side accept what the other one tells?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from schemas.errors import BadInput
from schemas.lifecycle import COUNTERPART, LIFECYCLES, OWN
from schemas.moves import (
    Acknowledge,
    Actor,
    Answer,
    Ask,
    Close,
    Decide,
    Evidence,
    FollowUp,
    FollowUpDecided,
    Harm,
    Inform,
    Preserved,
    ReleaseData,
    Renew,
    Renewed,
    Served,
    Withdraw,
)
from schemas.vocabulary import Kind, Role, Side
from tests.flow.invented import OFFICER_DE, OFFICER_US, START, item, outcome
from tests.flow.lawful import Desk, asked, both, days, to_keep
from tests.flow.paper import Pair

SECOND = timedelta(seconds=1)
POINT_US = Actor(id="liaison-us", house="us", roles=(Role.LIAISON,), agency="24-7-point")
DE_MLA, US_MLA = "DE-MLA-2026-00007", "US-MLA-2026-00012"


def test_the_point_of_contact_has_hours_to_answer_and_serves_the_provider() -> None:
    us = asked(to_keep(), "budapest")
    acknowledge, confirm = us.runs("acknowledge"), us.runs("confirm")
    assert (acknowledge.due, confirm.due) == (START + timedelta(hours=4), START + timedelta(hours=24))
    us.until(acknowledge.due - SECOND)
    assert not us.shows("missed:acknowledge")
    us.until(acknowledge.due)
    assert us.shows("missed:acknowledge")
    us.made(OFFICER_US, Acknowledge())
    assert us.made(POINT_US, Served(authority="provider (invented)")) == "acknowledged"
    assert us.made(POINT_US, Preserved(start=us.now)) == "preserved"
    assert us.clocks("confirm") == []
    assert us.runs("preserve").nature == "floor"
    assert us.keeping().protection == "protected"


def test_a_refusal_needs_reasons_and_ends_every_clock() -> None:
    us = asked(to_keep(), "budapest")
    us.made(OFFICER_US, Acknowledge())
    with pytest.raises(BadInput) as caught:
        us.move(OFFICER_US, Decide(decision="refused"))
    assert caught.value.code == "reasons-missing"
    body = Decide(decision="refused", reasons="sovereignty", without_consultation="told by telephone")
    assert us.made(OFFICER_US, body) == "refused"
    assert us.keeping().protection == "none"
    assert us.made(OFFICER_US, Close(outcome=outcome("refused"))) == "closed"


def test_a_renewal_they_ask_for_waits_for_our_answer() -> None:
    us = asked(to_keep(), "budapest")
    us.made(POINT_US, Preserved(start=START, end=START + days(90)))
    us.move(OFFICER_US, Renew(reason="not ready", by_post=True))
    assert us.shows("renewal-asked")
    due = us.runs("renewal-answer").due
    us.until(due - SECOND)
    assert not us.shows("missed:renewal-answer")
    us.until(due)
    assert us.shows("missed:renewal-answer")
    us.made(POINT_US, Renewed(start=START + days(90), end=START + days(120)))
    assert not us.shows("renewal-asked")
    us.move(OFFICER_US, Renew(reason="not ready yet", by_post=True))
    assert us.shows("renewal-asked")
    us.made(OFFICER_US, ReleaseData(reason="they need them no more"))
    assert not us.shows("renewal-asked")


def test_a_renewal_that_came_after_the_end_is_refused_and_says_what_next() -> None:
    us = asked(to_keep(), "budapest")
    us.made(POINT_US, Preserved(start=START, end=START + days(9)))
    us.now = START + days(9)
    with pytest.raises(BadInput) as caught:
        us.move(OFFICER_US, Renew(reason="not ready", by_post=True))
    assert caught.value.code == "after-the-end"
    assert "new request" in caught.value.next_step


def pair() -> tuple[Pair, Desk, Desk]:
    """Germany has asked the United States; the request has arrived."""
    return both(to_keep(), "budapest")


def carry(road: Pair) -> None:
    """Brings every letter over; none may be refused."""
    road.carry_all()
    for house in (road.de, road.us):
        assert [(one.event, one.problem) for one in house.state.outbox if one.status != "delivered"] == []


def play(road: Pair, house: Desk, actor: Actor, body: object, mine: str, theirs: str) -> None:
    """A move, its letters, and the status on both sides after them."""
    other = road.us if house is road.de else road.de
    house.made(actor, body)  # type: ignore[arg-type]
    carry(road)
    assert (house.state.status, other.state.status) == (mine, theirs)


def test_the_straight_way_in_both_houses() -> None:
    road, de, us = pair()
    play(road, us, OFFICER_US, Acknowledge(), "acknowledged", "acknowledged")
    play(road, us, POINT_US, Served(), "acknowledged", "acknowledged")
    play(road, us, POINT_US, Preserved(start=START, end=START + days(90)), "preserved", "preserved")
    assert de.runs("preserve").due == us.runs("preserve").due == START + days(90)
    assert de.keeping().periods == us.keeping().periods
    play(road, de, OFFICER_DE, Renew(reason="not yet ready"), "preserved", "preserved")
    assert us.shows("renewal-asked")
    assert len(us.clocks("renewal-answer")) == 1
    longer = Renewed(start=START + days(90), end=START + days(180))
    play(road, us, POINT_US, longer, "preserved", "preserved")
    assert not us.shows("renewal-asked")
    assert de.clocks("renewal-answer") == us.clocks("renewal-answer") == []
    assert de.runs("preserve").due == us.runs("preserve").due == START + days(180)
    play(road, de, OFFICER_DE, FollowUp(ref=DE_MLA, kind="mla"), "held", "held")
    us.made(OFFICER_US, FollowUp(ref=US_MLA, kind="mla"))
    assert [(one.ref, one.also) for one in us.keeping().followed] == [(DE_MLA, US_MLA)]
    play(road, us, OFFICER_US, FollowUpDecided(ref=US_MLA, result="disclosed"), "disclosed", "disclosed")
    play(road, us, OFFICER_US, ReleaseData(reason="handed over"), "released", "released")
    assert de.shows("released-by-them")
    play(road, us, OFFICER_US, Close(outcome=outcome()), "closed", "released")
    de.made(OFFICER_DE, Close(outcome=outcome()))
    assert de.state.their_outcome == us.state.outcome


def test_each_side_tells_the_decision_by_its_own_reference_and_twice_does_no_harm() -> None:
    road, de, us = pair()
    play(road, us, POINT_US, Preserved(start=START), "preserved", "preserved")
    play(road, de, OFFICER_DE, FollowUp(ref=DE_MLA, kind="mla"), "held", "held")
    us.made(OFFICER_US, FollowUp(ref=US_MLA, kind="mla"))
    play(road, us, OFFICER_US, FollowUpDecided(ref=US_MLA, result="refused"), "preserved", "preserved")
    assert de.keeping().followed[0].result == "refused"
    de.made(OFFICER_DE, FollowUpDecided(ref=DE_MLA, result="refused"))
    carry(road)
    assert de.state.status == us.state.status == "preserved"


def test_a_request_named_before_the_data_are_confirmed_holds_them_in_both_houses() -> None:
    road, de, us = pair()
    play(road, de, OFFICER_DE, FollowUp(ref=DE_MLA, kind="mla"), "received", "received")
    play(road, us, POINT_US, Preserved(start=START), "held", "held")
    play(road, de, OFFICER_DE, FollowUpDecided(ref=DE_MLA, result="disclosed"), "disclosed", "disclosed")
    assert us.clocks("preserve") == []


def test_side_steps_in_both_houses() -> None:
    road, de, us = pair()
    play(road, us, POINT_US, Harm(text="the user would be told"), "received", "received")
    assert de.shows("harm")
    play(road, de, OFFICER_DE, Inform(text="keep it"), "received", "received")
    play(road, us, OFFICER_US, Ask(id="q", text="Which account?"), "supplementing", "supplementing")
    play(road, de, OFFICER_DE, Answer(question="q", text="That one."), "received", "received")
    play(road, us, POINT_US, Preserved(start=START), "preserved", "preserved")
    play(road, us, POINT_US, Preserved(start=START, end=START + days(30)), "preserved", "preserved")
    play(road, us, OFFICER_US, Evidence(complete=False, items=(item(),)), "preserved", "preserved")
    assert len(de.state.evidence) == 1
    play(road, us, OFFICER_US, Ask(id="q2", text="Still needed?"), "supplementing", "supplementing")
    play(road, de, OFFICER_DE, Renew(reason="yes"), "supplementing", "supplementing")
    play(road, de, OFFICER_DE, Answer(question="q2", text="Yes."), "preserved", "preserved")
    play(road, de, OFFICER_DE, ReleaseData(reason="not needed"), "released", "released")
    assert us.shows("released-by-them")


def test_withdrawn_at_any_time() -> None:
    for confirmed in (False, True):
        road, de, us = pair()
        if confirmed:
            play(road, us, POINT_US, Preserved(start=START), "preserved", "preserved")
        play(road, de, OFFICER_DE, Withdraw(reason="mistaken"), "withdrawn", "withdrawn")
        assert us.keeping().protection == ("ended" if confirmed else "none")


def test_both_houses_see_the_end_at_the_same_moment() -> None:
    road, de, us = pair()
    play(road, us, POINT_US, Preserved(start=START, end=START + days(20)), "preserved", "preserved")
    for house in (de, us):
        house.until(START + days(20) - SECOND)
        assert house.state.status == "preserved"
        house.until(START + days(20))
        assert house.state.status == "lapsed"
    play(road, us, POINT_US, Preserved(start=us.now, end=us.now + days(9)), "preserved", "preserved")


@pytest.mark.parametrize("kind", [Kind.PRESERVATION, Kind.PRODUCTION])
def test_what_one_side_tells_the_other_can_take(kind: Kind) -> None:
    """In some status at least; the plays above and those of production try where."""
    for mine, theirs in ((Side.OUTGOING, Side.INCOMING), (Side.INCOMING, Side.OUTGOING)):
        told = {rule.event for rule in LIFECYCLES[kind, mine] if rule.by == OWN and rule.emits} - {"send"}
        taken = {rule.event for rule in LIFECYCLES[kind, theirs] if rule.by == COUNTERPART}
        assert told <= taken
