"""What came by post, what came from nowhere, and what never changes: is it kept right?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from schemas.case import LARGEST_STATE
from schemas.errors import BadInput, NotAllowed, NotFound, RogatoryError, WrongMove
from schemas.moves import (
    Acknowledge,
    Actor,
    Amend,
    Approve,
    Arrive,
    Close,
    Decide,
    Delivered,
    Evidence,
    FileRequest,
    Hold,
    Limit,
    Posted,
    Send,
)
from schemas.vocabulary import Side
from tests.flow.invented import (
    APPROVER_DE,
    APPROVER_US,
    OFFICER_DE,
    OFFICER_US,
    START,
    emergency,
    item,
    outcome,
    request,
)
from tests.flow.paper import Pair, PaperHouse, refused


def test_a_state_without_a_house_is_served_by_hand_and_recorded_by_post() -> None:
    house = PaperHouse("de", "DE", None)
    house.begin(OFFICER_DE, FileRequest(request=request()), Side.OUTGOING)
    house.move(APPROVER_DE, Approve())
    house.move(OFFICER_DE, Send())
    (letter,) = house.state.outbox
    assert (letter.status, house.state.holder.house) == ("by-hand", "de")
    assert f"post-by-hand:{letter.id}" in house.state.attention
    house.move(
        OFFICER_DE, Posted(message=letter.id, happened_at=START, proof="registered letter RR 1 (invented)")
    )
    assert f"post-by-hand:{letter.id}" not in house.state.attention
    refused(house, NotFound, "unknown-message", OFFICER_DE, Posted(message="m", happened_at=START, proof="?"))
    house.now += timedelta(days=20)
    house.move(OFFICER_DE, Delivered(by_post=True, happened_at=START + timedelta(days=9), note="return slip"))
    assert house.state.status == "received"
    (waiting,) = house.state.deadlines
    assert waiting.started == START + timedelta(days=9)
    house.move(OFFICER_DE, Acknowledge(by_post=True, their_ref="US 4711"))
    assert (house.state.counterpart.ref, house.state.holder.house) == ("US 4711", "state-us")
    house.move(OFFICER_DE, Decide(decision="accepted", by_post=True))
    house.move(OFFICER_DE, Evidence(complete=True, items=(item(),), by_post=True))
    assert (house.state.status, house.state.holder.house) == ("executed", "de")
    house.move(OFFICER_DE, Close(outcome=outcome()))
    assert [item.status for item in house.state.outbox] == ["by-hand", "by-hand"]


def test_a_request_that_came_on_paper_is_held_from_the_start() -> None:
    house = PaperHouse("us", "US", None)
    body = Arrive(
        request=request(), foreign_ref="DE 1 AR 5/26", by_post=True, happened_at=START - timedelta(days=2)
    )
    state = house.begin(OFFICER_US, body, Side.INCOMING)
    assert (state.holder.house, state.counterpart.ref, state.counterpart.house) == (
        "us",
        "DE 1 AR 5/26",
        None,
    )
    assert state.deadlines[0].started == START - timedelta(days=2)


def test_nothing_is_recorded_from_the_future(sent: Pair) -> None:
    tomorrow = START + timedelta(days=1)
    refused(sent.de, BadInput, "in-the-future", OFFICER_DE, Acknowledge(by_post=True, happened_at=tomorrow))
    posted = Posted(message="m", happened_at=tomorrow, proof="?")
    refused(sent.de, BadInput, "in-the-future", OFFICER_DE, posted)


def test_nothing_arrives_from_the_future() -> None:
    body = Arrive(request=request(), foreign_ref="X", by_post=True, happened_at=START + timedelta(days=1))
    with pytest.raises(BadInput) as caught:
        PaperHouse("us", "US", "de").begin(OFFICER_US, body, Side.INCOMING)
    assert caught.value.code == "in-the-future"


def test_nothing_comes_back_before_the_request_began(sent: Pair) -> None:
    before = START - timedelta(days=365)
    refused(sent.de, BadInput, "before-the-case", OFFICER_DE, Acknowledge(by_post=True, happened_at=before))
    same_day = Acknowledge(by_post=True, happened_at=START - timedelta(hours=20))
    assert sent.de.move(OFFICER_DE, same_day).status == "acknowledged"


def test_the_other_side_hears_only_what_it_may_do_itself(sent: Pair) -> None:
    theirs = Actor(id="machine", house="us")
    with pytest.raises(WrongMove) as caught:
        sent.de.move(theirs, Approve())
    assert "decide" in caught.value.allowed
    assert not {"withdraw", "hold", "posted"} & set(caught.value.allowed)
    with pytest.raises(WrongMove) as caught:
        sent.de.move(theirs, FileRequest(request=request()))
    assert not {"withdraw", "hold", "posted"} & set(caught.value.allowed)


def test_a_house_proves_receipt_by_a_receipt_and_not_by_a_letter(sent: Pair) -> None:
    theirs = Actor(id="machine", house="de")
    refused(sent.us, NotAllowed, "not-by-letter", theirs, Delivered(message="x"))
    unknown = Delivered(message="x", by_post=True, happened_at=START)
    refused(sent.de, NotFound, "unknown-message", OFFICER_DE, unknown)


def test_nobody_gives_a_house_another_reference_than_its_own(sent: Pair) -> None:
    other = Acknowledge(their_ref="999 Js 1/26", by_post=True, happened_at=START)
    refused(sent.de, BadInput, "other-reference", OFFICER_DE, other)
    assert sent.de.state.counterpart.ref == "US-MLA-2026-00001"


def test_a_full_case_takes_only_short_moves_and_can_be_closed(taken: Pair) -> None:
    text = "x" * 20_000
    while len(taken.us.state.model_dump_json()) < LARGEST_STATE - 20_000:
        taken.us.move(OFFICER_US, Limit(id=f"l{len(taken.us.state.limitations)}", text=text))
        taken.carry_all()
    with pytest.raises(BadInput) as caught:
        taken.us.move(OFFICER_US, Limit(id="one-more", text=text))
    assert caught.value.code == "case-full"
    assert taken.us.move(OFFICER_US, Decide(decision="refused", reasons="full")).status == "refused"
    assert taken.us.move(OFFICER_US, Close(outcome=outcome())).status == "closed"


@pytest.mark.parametrize("part", ["assess", "count", "seal", "file"])
def test_what_fails_before_it_is_filed_leaves_the_case_as_it_was(part: str) -> None:
    pair = Pair()
    pair.filed(emergency=emergency())
    before = pair.de.state.model_dump_json()
    pair.de.hands.broken = part
    body = Amend(request=request()) if part == "assess" else Send(emergency=True, reason="now")
    refused(pair.de, RogatoryError, "broken", OFFICER_DE, body)
    assert pair.de.state.model_dump_json() == before


def test_the_same_key_gets_the_same_reply_and_changes_nothing(pair: Pair) -> None:
    reply = pair.de.move(APPROVER_DE, Approve(), key="k")
    before = pair.de.state
    again = pair.de.move(APPROVER_DE, Approve(), key="k")
    assert again == reply.model_copy(update={"repeated": True})
    assert pair.de.state is before


def test_hold_is_possible_in_every_status_and_only_for_our_own(accepted: Pair) -> None:
    accepted.us.move(APPROVER_US, Hold(on=True, reason="appeal"))
    assert accepted.us.state.legal_hold
    refused(accepted.us, WrongMove, "wrong-move", OFFICER_DE, Hold(on=False, reason="no"))
