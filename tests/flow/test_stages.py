"""Does each move of a mutual-assistance case do what it should, on both sides, and refuse the rest?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from schemas.case import LARGEST_STATE
from schemas.deadline import ClockStatus
from schemas.errors import BadInput, Conflict, NotAllowed, NotFound, RogatoryError, WrongMove
from schemas.handoff import HandoffStatus, Holder, WireOffer
from schemas.moves import (
    AcceptHandoff,
    Acknowledge,
    Actor,
    Amend,
    Answer,
    AnswerLimit,
    Approve,
    Arrive,
    Ask,
    ChooseBasis,
    Close,
    Consult,
    Decide,
    Delivered,
    Evidence,
    FileRequest,
    Hold,
    Issue,
    Limit,
    OfferHandoff,
    Posted,
    Postpone,
    Redirect,
    Reopen,
    ReturnHandoff,
    Send,
    Withdraw,
    WithdrawHandoff,
)
from schemas.vocabulary import Side
from tests.flow.invented import (
    APPROVER_DE,
    APPROVER_US,
    COURT_US,
    JUDGE_DE,
    OFFICER_DE,
    OFFICER_US,
    START,
    item,
    outcome,
    request,
)
from tests.flow.paper import Pair, PaperHouse


@pytest.fixture
def pair() -> Pair:
    """Germany has filed."""
    pair = Pair()
    pair.filed()
    return pair


@pytest.fixture
def sent(pair: Pair) -> Pair:
    """Approved, sent, arrived; receipts are back."""
    pair.de.move(APPROVER_DE, Approve())
    pair.de.move(OFFICER_DE, Send())
    pair.carry_all()
    return pair


@pytest.fixture
def taken(sent: Pair) -> Pair:
    """Acknowledged, and the baton has passed to the United States."""
    sent.us.move(OFFICER_US, Acknowledge())
    sent.us.move(OFFICER_US, AcceptHandoff(id="DE-MLA-2026-00001.h1"))
    sent.carry_all()
    return sent


@pytest.fixture
def accepted(taken: Pair) -> Pair:
    """Decided."""
    taken.us.move(OFFICER_US, Decide(decision="accepted"))
    taken.carry_all()
    return taken


def refused(house: PaperHouse, error: type[RogatoryError], code: str, *move: object) -> RogatoryError:
    """The refusal of a move, which must leave the state as it was."""
    before = house.state
    with pytest.raises(error) as caught:
        house.move(*move)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert house.state is before
    return caught.value


# --- drafting -------------------------------------------------------------------------------------------


def test_a_filed_request_is_a_draft_with_its_law_its_holder_and_its_gaps() -> None:
    house = PaperHouse("de", "DE", "us")
    state = house.begin(OFFICER_DE, FileRequest(request=request(contents={}, necessity=None)), Side.OUTGOING)
    assert (state.status, state.move, state.holder.house) == ("draft", 1, "de")
    assert state.law is not None
    assert state.law.instrument == "de-us-mla"
    assert state.counterpart.house == "us"
    assert [gap.code for gap in state.gaps] == ["content", "content", "necessity", "issuance"]
    assert [gap.code for gap in state.gaps if not gap.blocking] == ["issuance"]


def test_a_house_files_only_for_its_own_state() -> None:
    house = PaperHouse("fr", "FR", "us")
    with pytest.raises(BadInput) as caught:
        house.begin(
            OFFICER_DE.model_copy(update={"house": "fr"}), FileRequest(request=request()), Side.OUTGOING
        )
    assert caught.value.code == "wrong-state"


def test_a_case_cannot_begin_with_a_foreign_actor_or_another_move(pair: Pair) -> None:
    foreign = OFFICER_US
    with pytest.raises(BadInput):
        PaperHouse("de", "DE", "us").begin(foreign, FileRequest(request=request()), Side.OUTGOING)
    refused(pair.de, WrongMove, "wrong-move", OFFICER_DE, FileRequest(request=request()))


def test_gaps_keep_a_request_from_being_approved_and_amending_mends_them() -> None:
    house = PaperHouse("de", "DE", "us")
    house.begin(OFFICER_DE, FileRequest(request=request(contents={})), Side.OUTGOING)
    error = refused(house, WrongMove, "gaps", APPROVER_DE, Approve())
    assert "requesting-authority" in error.what
    house.move(OFFICER_DE, Amend(request=request()))
    assert house.move(APPROVER_DE, Approve()).status == "approved"


def test_an_approver_may_override_gaps_and_the_reason_stays() -> None:
    house = PaperHouse("de", "DE", "us")
    house.begin(OFFICER_DE, FileRequest(request=request(contents={})), Side.OUTGOING)
    house.move(APPROVER_DE, Approve(override="agreed by telephone, in writing tomorrow"))
    (override,) = house.state.overrides
    assert override.actor == APPROVER_DE.id
    assert override.instead_of == "gaps: content requesting-authority, content object-and-reason"


@pytest.mark.parametrize("author", ["filed", "amended"])
def test_four_eyes(author: str) -> None:
    house = PaperHouse("de", "DE", "us")
    first = APPROVER_DE if author == "filed" else OFFICER_DE
    house.begin(first, FileRequest(request=request()), Side.OUTGOING)
    if author == "amended":
        house.move(APPROVER_DE, Amend(request=request()))
    refused(house, NotAllowed, "four-eyes", APPROVER_DE, Approve())


def test_roles_are_asked_for(pair: Pair) -> None:
    refused(pair.de, NotAllowed, "not-allowed", OFFICER_DE, Approve())
    refused(pair.de, NotAllowed, "not-allowed", JUDGE_DE, Amend(request=request()))
    refused(
        pair.de,
        NotAllowed,
        "not-allowed",
        OFFICER_DE,
        Issue(capacity="issued", authority="Amtsgericht", signed_on=START),
    )


def test_nobody_signs_in_as_the_house(pair: Pair) -> None:
    house = OFFICER_DE.model_copy(update={"id": "house"})
    refused(pair.de, NotAllowed, "not-allowed", house, Amend(request=request()))


def test_issuance_is_recorded_and_an_amended_draft_must_be_issued_anew(pair: Pair) -> None:
    issue = Issue(capacity="issued", authority="Amtsgericht Musterstadt", signed_on=START)
    pair.de.move(JUDGE_DE, issue)
    assert not pair.de.state.gaps
    assert pair.de.state.signed[0].authority == "Amtsgericht Musterstadt"
    pair.de.move(OFFICER_DE, Amend(request=request(language="de")))
    assert [gap.code for gap in pair.de.state.gaps] == ["issuance"]
    late = issue.model_copy(update={"signed_on": START + timedelta(days=1)})
    refused(pair.de, BadInput, "in-the-future", JUDGE_DE, late)


def test_a_doubtful_basis_needs_a_reason_which_survives_amending(pair: Pair) -> None:
    refused(pair.de, BadInput, "basis-not-yes", OFFICER_DE, ChooseBasis(instrument="untoc"))
    pair.de.move(OFFICER_DE, ChooseBasis(instrument="untoc", override="both agree that it applies"))
    law = pair.de.state.law
    assert law is not None
    assert law.override is not None
    assert not [gap for gap in pair.de.state.gaps if gap.code == "basis"]
    pair.de.move(OFFICER_DE, Amend(request=request(language="de")))
    kept = pair.de.state.law
    assert kept is not None
    assert (kept.instrument, kept.override) == ("untoc", law.override)
    pair.de.move(OFFICER_DE, ChooseBasis(instrument="budapest"))
    again = pair.de.state.law
    assert again is not None
    assert (again.instrument, again.override) == ("budapest", None)


def test_sending_needs_approval_and_reopening_undoes_it(pair: Pair) -> None:
    refused(pair.de, WrongMove, "not-approved", OFFICER_DE, Send())
    pair.de.move(APPROVER_DE, Approve())
    pair.de.move(OFFICER_DE, Reopen(reason="a wrong day"))
    assert pair.de.state.status == "draft"
    refused(pair.de, WrongMove, "not-approved", OFFICER_DE, Send())
    pair.de.move(APPROVER_DE, Approve())
    assert pair.de.move(OFFICER_DE, Send()).status == "sent"


def test_in_an_emergency_one_officer_sends_and_a_second_approves_within_a_day() -> None:
    pair = Pair()
    pair.filed(urgent=True, urgency_reason="a child is in danger")
    refused(pair.de, BadInput, "no-emergency", OFFICER_DE, Send(emergency=True))
    pair.de.move(OFFICER_DE, Send(emergency=True, reason="a child is in danger now"))
    pair.carry_all()
    assert "second-approval" in pair.de.state.attention
    assert pair.de.state.overrides[0].instead_of.startswith("second-approval")
    (limit,) = [entry for entry in pair.de.state.deadlines if entry.clock == "second-approval"]
    assert limit.due == START + timedelta(hours=24)
    sender = APPROVER_DE.model_copy(update={"id": OFFICER_DE.id})
    refused(pair.de, NotAllowed, "four-eyes", sender, Approve())
    pair.de.move(APPROVER_DE, Approve())
    assert pair.de.state.deadlines[0].status is ClockStatus.MET
    assert "second-approval" not in pair.de.state.attention
    refused(pair.de, WrongMove, "nothing-to-approve", APPROVER_DE, Approve())


def test_a_second_approval_that_does_not_come_shows(sent: Pair) -> None:
    pair = Pair()
    pair.filed(urgent=True, urgency_reason="a child is in danger")
    pair.de.move(OFFICER_DE, Send(emergency=True, reason="a child is in danger now"))
    pair.pass_time(timedelta(hours=25))
    assert pair.de.strike()
    assert "missed:second-approval" in pair.de.state.attention
    pair.de.move(APPROVER_DE, Approve())
    assert pair.de.state.deadlines[0].status is ClockStatus.MISSED
    assert pair.de.state.deadlines[0].closed == START + timedelta(hours=25)
    assert not [code for code in pair.de.state.attention if "second-approval" in code]


def test_an_emergency_needs_an_urgent_request(pair: Pair) -> None:
    refused(pair.de, BadInput, "no-emergency", OFFICER_DE, Send(emergency=True, reason="now"))


# --- under way ------------------------------------------------------------------------------------------


def test_sending_offers_the_baton_and_keeps_it_until_it_is_confirmed(sent: Pair) -> None:
    assert sent.de.state.status == "received"
    assert sent.us.state.status == "received"
    assert sent.de.state.holder.house == sent.us.state.holder.house == "de"
    assert sent.de.state.counterpart.ref == "US-MLA-2026-00001"
    assert sent.us.state.counterpart.ref == "DE-MLA-2026-00001"
    sent.us.move(OFFICER_US, AcceptHandoff(id="DE-MLA-2026-00001.h1"))
    assert sent.us.state.holder.house == "de"
    sent.carry_all()
    assert sent.de.state.holder == sent.us.state.holder == Holder(house="us", function="central-authority")
    assert sent.de.state.handoffs[0].triple == sent.us.state.handoffs[0].triple
    assert None not in (sent.de.state.handoffs[0].triple or ())


def test_a_house_without_the_baton_decides_nothing(sent: Pair) -> None:
    sent.us.move(OFFICER_US, Acknowledge())
    refused(sent.us, NotAllowed, "not-holder", OFFICER_US, Decide(decision="accepted"))


def test_acknowledging_tells_our_reference(sent: Pair) -> None:
    sent.us.move(OFFICER_US, Acknowledge())
    sent.carry_all()
    assert sent.de.state.status == "acknowledged"
    assert sent.de.state.counterpart.ref == sent.us.state.ref


def test_a_question_pauses_the_decision_clock_and_the_answer_opens_the_next_entry(taken: Pair) -> None:
    taken.pass_time(timedelta(days=10))
    taken.us.move(OFFICER_US, Ask(id="q1", text="Which period?"))
    taken.carry_all()
    for house in (taken.de, taken.us):
        assert house.state.status == "supplementing"
        (paused,) = [entry for entry in house.state.deadlines if entry.clock == "decide"]
        assert paused.status is ClockStatus.PAUSED
    left = paused.left_seconds
    taken.pass_time(timedelta(days=100))
    assert not taken.us.strike()
    taken.de.move(OFFICER_DE, Answer(question="q1", text="The first two weeks of November."))
    taken.carry_all()
    for house in (taken.de, taken.us):
        assert house.state.status == "acknowledged"
        first, second = [entry for entry in house.state.deadlines if entry.clock == "decide"]
        assert (first.status, second.status) == (ClockStatus.PAUSED, ClockStatus.RUNNING)
    assert second.due == taken.us.now + timedelta(seconds=left or 0)
    assert "question:q1" not in taken.de.state.attention


def test_two_open_questions_keep_the_case_waiting_until_both_are_answered(taken: Pair) -> None:
    taken.us.move(OFFICER_US, Ask(id="q1", text="Which period?"))
    taken.us.move(OFFICER_US, Ask(id="q2", text="Which account?"))
    taken.carry_all()
    taken.de.move(OFFICER_DE, Answer(question="q1", text="November."))
    taken.carry_all()
    assert taken.us.state.status == taken.de.state.status == "supplementing"
    taken.de.move(OFFICER_DE, Answer(question="q2", text="The one named."))
    taken.carry_all()
    assert taken.us.state.status == taken.de.state.status == "acknowledged"
    refused(taken.us, Conflict, "conflict", OFFICER_US, Ask(id="q1", text="Which period?"))
    refused(taken.de, NotFound, "unknown-question", OFFICER_DE, Answer(question="q1", text="November."))


def test_an_answer_that_crosses_a_postponement_is_taken(taken: Pair) -> None:
    taken.us.move(OFFICER_US, Ask(id="q1", text="Which period?"))
    taken.carry_all()
    taken.de.move(OFFICER_DE, Answer(question="q1", text="November."))
    taken.us.move(OFFICER_US, Postpone(reasons="an own investigation would suffer"))
    taken.carry_all()
    assert taken.us.state.status == taken.de.state.status == "postponed"
    assert taken.us.state.questions[0].answer == "November."


def test_a_postponed_case_goes_on_with_a_decision(accepted: Pair) -> None:
    accepted.us.move(OFFICER_US, Postpone(reasons="an own investigation would suffer"))
    accepted.carry_all()
    assert accepted.de.state.status == "postponed"
    paused = [entry for entry in accepted.us.state.deadlines if entry.clock == "execute"]
    assert [entry.status for entry in paused] == [ClockStatus.PAUSED]
    accepted.us.move(OFFICER_US, Decide(decision="accepted"))
    accepted.carry_all()
    resumed = [entry for entry in accepted.us.state.deadlines if entry.clock == "execute"]
    assert [entry.status for entry in resumed] == [ClockStatus.PAUSED, ClockStatus.RUNNING]


def test_a_refusal_gives_reasons_and_ends_the_clocks(taken: Pair) -> None:
    refused(taken.us, BadInput, "reasons-missing", OFFICER_US, Decide(decision="refused"))
    taken.us.move(OFFICER_US, Decide(decision="refused", reasons="ordre public", articles=("2(b)",)))
    taken.carry_all()
    for house in (taken.de, taken.us):
        assert house.state.status == "refused"
        assert not [entry for entry in house.state.deadlines if entry.status is ClockStatus.RUNNING]
    taken.de.move(OFFICER_DE, Close(outcome=outcome("refused")))
    taken.carry_all()
    assert taken.us.state.status == "closed"


def test_consultation_and_redirection_show_on_the_other_side(sent: Pair) -> None:
    sent.us.move(OFFICER_US, Redirect(to="Office of the Attorney General"))
    sent.us.move(OFFICER_US, Consult(text="We consider a condition."))
    sent.carry_all()
    assert {"redirected", "consultation"} <= set(sent.de.state.attention)
    sent.de.move(OFFICER_DE, Consult(text="It would be accepted."))
    assert "consultation" not in sent.de.state.attention


def test_limitation_is_offered_and_answered_once(accepted: Pair) -> None:
    accepted.us.move(OFFICER_US, Limit(id="l1", text="Only for the proceedings named.", article="28(2)(b)"))
    accepted.carry_all()
    refused(accepted.us, Conflict, "conflict", OFFICER_US, Limit(id="l1", text="Another."))
    refused(
        accepted.us,
        NotFound,
        "unknown-limit",
        OFFICER_US,
        Evidence(complete=True, items=(item(),), limits=("l2",)),
    )
    assert "limit:l1" in accepted.de.state.attention
    accepted.de.move(OFFICER_DE, AnswerLimit(limit="l1", accepted=True))
    accepted.carry_all()
    assert accepted.us.state.limitations[0].accepted is True
    refused(accepted.de, NotFound, "unknown-limit", OFFICER_DE, AnswerLimit(limit="l1", accepted=False))


def test_results_carry_the_baton_back_and_the_case_closes_on_both_sides(accepted: Pair) -> None:
    accepted.us.move(OFFICER_US, Evidence(complete=False, items=(item("part"),)))
    accepted.carry_all()
    assert accepted.de.state.status == "partly-executed"
    assert [entry.status for entry in accepted.us.state.deadlines if entry.clock == "execute"] == ["running"]
    accepted.us.move(OFFICER_US, Evidence(complete=True, items=(item("rest"),)))
    accepted.carry_all()
    assert len(accepted.de.state.handoffs) == 2
    back = accepted.de.state.handoffs[-1]
    accepted.de.move(OFFICER_DE, AcceptHandoff(id=back.id))
    accepted.carry_all()
    assert accepted.de.state.holder.house == accepted.us.state.holder.house == "de"
    accepted.us.move(OFFICER_US, Close(outcome=outcome()))
    accepted.carry_all()
    assert accepted.de.state.status == "executed"
    assert accepted.de.state.their_outcome is not None
    accepted.de.move(OFFICER_DE, Close(outcome=outcome()))
    accepted.carry_all()
    assert accepted.de.state.status == accepted.us.state.status == "closed"
    assert accepted.us.state.their_outcome is not None
    assert [h.triple for h in accepted.de.state.handoffs] == [h.triple for h in accepted.us.state.handoffs]
    refused(accepted.de, WrongMove, "wrong-move", OFFICER_DE, Withdraw(reason="too late"))


def test_withdrawing_a_draft_tells_nobody_and_a_sent_request_is_withdrawn_on_both_sides(pair: Pair) -> None:
    alone = Pair()
    alone.filed()
    alone.de.move(OFFICER_DE, Withdraw(reason="solved at home"))
    assert alone.de.state.outbox == []
    pair.de.move(APPROVER_DE, Approve())
    pair.de.move(OFFICER_DE, Send())
    pair.carry_all()
    pair.de.move(OFFICER_DE, Withdraw(reason="solved at home"))
    pair.carry_all()
    assert pair.us.state.status == "withdrawn"
    pair.us.move(OFFICER_US, Close(outcome=outcome("withdrawn")))
    assert pair.us.state.status == "closed"


# --- handoffs -------------------------------------------------------------------------------------------


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


# --- paper ----------------------------------------------------------------------------------------------


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


def test_a_baton_that_comes_along_is_a_new_one(accepted: Pair) -> None:
    evidence = Evidence(complete=True, items=(item(),))
    again = WireOffer(handoff="DE-MLA-2026-00001.h1")
    with pytest.raises(Conflict):
        accepted.de.move(Actor(id="machine", house="us"), evidence, offer=again)


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


# --- what never changes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["assess", "count", "seal", "file"])
def test_what_fails_before_it_is_filed_leaves_the_case_as_it_was(part: str) -> None:
    pair = Pair()
    pair.filed(urgent=True, urgency_reason="now")
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


def test_warnings_come_before_the_end(taken: Pair) -> None:
    (entry,) = [entry for entry in taken.us.state.deadlines if entry.clock == "decide"]
    taken.us.now = entry.due - timedelta(days=6)
    assert taken.us.strike()
    assert "due-soon:decide:7-days" in taken.us.state.attention
    taken.us.now = entry.due - timedelta(hours=6)
    assert taken.us.strike()
    assert [code for code in taken.us.state.attention if "decide" in code] == ["due-soon:decide:1-day"]
    taken.us.now = entry.due
    assert taken.us.strike()
    assert [code for code in taken.us.state.attention if "decide" in code] == ["missed:decide"]
    taken.us.move(OFFICER_US, Decide(decision="accepted"))
    assert not [code for code in taken.us.state.attention if "decide" in code]
