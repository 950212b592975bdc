"""Is a letter that left and has no receipt shown as what it is, and looked after in time?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from schemas.case import OutStatus
from schemas.errors import NotFound, WrongMove
from schemas.handoff import HandoffStatus
from schemas.moves import Approve, Arrive, OfferHandoff, Posted, Send
from schemas.work import PostDone
from tests.flow.invented import APPROVER_DE, OFFICER_DE
from tests.flow.paper import Pair
from workflows import clock, outbox
from workflows.step import altered, fresh, put

HOURS = timedelta(hours=1)


@pytest.fixture
def both() -> Pair:
    """Sent, and nothing brought over yet; nobody took it within twelve hours is to be noticed."""
    pair = Pair()
    pair.filed()
    pair.de.move(APPROVER_DE, Approve())
    pair.de.move(OFFICER_DE, Send())
    change(pair, due=pair.de.now + 12 * HOURS)
    return pair


def change(pair: Pair, **changes: object) -> None:
    made = fresh(pair.de.state)
    put(made.outbox, made.outbox[0], altered(made.outbox[0], **changes))
    pair.de.case = made


def relay(pair: Pair) -> None:
    """A carrier took it; the receipt is due within a day."""
    made = fresh(pair.de.state)
    done = PostDone(delivered=False, relayed=True, due=pair.de.now + 24 * HOURS, way="mail", why="a test")
    outbox.went(made, made.outbox[0].id, done)
    outbox.relayed(made, made.outbox[0].id, done, pair.de.now)
    pair.de.case = made


def first(pair: Pair) -> OutStatus:
    return pair.de.state.outbox[0]


def resend(pair: Pair, result: str = "again") -> None:
    body = Posted.model_validate(
        {"message": first(pair).id, "happened_at": pair.de.now, "result": result, "proof": "a test"}
    )
    pair.de.move(OFFICER_DE, body)


def test_what_no_carrier_took_in_time_is_shown_once_and_still_tried(both: Pair) -> None:
    message = first(both).id
    assert clock.next_moment(both.de.state) == first(both).due
    both.pass_time(12 * HOURS - timedelta(seconds=1))
    assert not outbox.strike(fresh(both.de.state), both.de.now)
    both.pass_time(timedelta(seconds=1))
    assert both.de.strike()
    assert (first(both).status, first(both).problem) == ("queued", "not-relayed")
    assert f"not-relayed:{message}" in both.de.state.attention
    assert not outbox.strike(fresh(both.de.state), both.de.now)
    assert both.carry_one(both.de)
    assert (first(both).status, first(both).problem) == ("delivered", "")
    assert f"not-relayed:{message}" not in both.de.state.attention


def test_a_relayed_letter_is_not_delivered_and_nothing_overtakes_it(both: Pair) -> None:
    relay(both)
    assert (first(both).status, first(both).settled, first(both).way) == ("relayed", None, "mail")
    assert both.de.state.status == "sent"
    assert outbox.unsettled(both.de.state)
    made = fresh(both.de.state)
    made.outbox.append(altered(made.outbox[0], id="another", status="queued"))
    assert outbox.next_letter(made) is None


def test_without_a_receipt_in_time_a_person_must_look(both: Pair) -> None:
    relay(both)
    message = first(both).id
    both.pass_time(24 * HOURS)
    assert both.de.strike()
    assert (first(both).status, first(both).problem) == ("uncertain", "not-delivered")
    assert f"outcome-unknown:{message}" in both.de.state.attention
    assert outbox.next_letter(both.de.state) is None
    resend(both)
    assert (first(both).status, first(both).problem) == ("queued", "again")
    assert f"outcome-unknown:{message}" not in both.de.state.attention
    assert both.carry_one(both.de)
    assert first(both).status == "delivered"
    assert both.us.state.status == "received"


def test_the_receipt_may_come_late(both: Pair) -> None:
    relay(both)
    letter = first(both)
    both.pass_time(25 * HOURS)
    both.de.strike()
    assert both.us.receive(both.de.hands.letters[letter.id], letter.sealed, "de") == ""
    change(both, status="queued")
    both.de.settle(first(both), "", both.us.state.ref)
    assert (first(both).status, both.de.state.status) == ("delivered", "received")
    assert not [code for code in both.de.state.attention if letter.id in code]


def test_a_person_may_settle_what_was_relayed(both: Pair) -> None:
    relay(both)
    resend(both, "not-sent")
    assert (first(both).status, first(both).problem) == ("by-hand", "not-sent")


def test_only_what_is_on_its_way_goes_again(both: Pair) -> None:
    with pytest.raises(NotFound) as caught:
        resend(both)
    assert caught.value.code == "unknown-message"
    change(both, status="by-hand")
    both.de.case = altered(both.de.state, counterpart=altered(both.de.state.counterpart, house=None))
    with pytest.raises(WrongMove) as refused:
        resend(both)
    assert refused.value.code == "no-carrier"


def refuse(pair: Pair, code: str = "unknown-key") -> str:
    """The other house does not know our key, and says so for good."""
    letter = first(pair)
    made = fresh(pair.de.state)
    outbox.refused(made, letter.id, code, pair.de.now)
    pair.de.case = made
    return letter.id


def test_what_was_refused_goes_again_once_its_cause_is_mended(both: Pair) -> None:
    message = refuse(both)
    assert f"refused:{message}:unknown-key" in both.de.state.attention
    assert outbox.next_letter(both.de.state) is None
    assert not outbox.unsettled(both.de.state)
    (offer,) = both.de.state.handoffs
    assert offer.status is HandoffStatus.RETURNED
    with pytest.raises(NotFound):
        resend(both, "posted")
    resend(both)
    assert not [code for code in both.de.state.attention if message in code]
    assert both.de.state.handoffs[0].status is HandoffStatus.OFFERED
    with pytest.raises(NotFound):
        resend(both)
    assert both.carry_one(both.de)
    assert (first(both).id, first(both).status) == (message, "delivered")
    assert both.us.state.status == "received"
    assert [one.id for one in both.us.state.handoffs] == [offer.id]


def test_an_offer_that_was_refused_does_not_come_back_beside_another(both: Pair) -> None:
    refuse(both)
    body = {"id": "de.h9", "receiver": {"house": "de", "function": "prosecutor"}, "why": "yours"}
    both.de.move(OFFICER_DE, OfferHandoff.model_validate(body))
    with pytest.raises(WrongMove) as caught:
        resend(both)
    assert caught.value.code == "handoff-open"
    assert first(both).status == "refused"


def test_a_refusal_keeps_the_way_and_clears_what_waited(both: Pair) -> None:
    both.pass_time(13 * HOURS)
    both.de.strike()
    letter = first(both)
    made = fresh(both.de.state)
    outbox.went(made, letter.id, PostDone(delivered=False, code="x", way="http", why="a test"))
    outbox.refused(made, letter.id, "x", both.de.now)
    assert (made.outbox[0].way, made.outbox[0].problem) == ("http", "x")
    assert [code for code in made.attention if letter.id in code] == [f"refused:{letter.id}:x"]
    assert isinstance(both.de.hands.letters[letter.id].body, Arrive)
