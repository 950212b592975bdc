"""Does each move of a case under way do what it should, on both sides, and refuse the rest?"""

from __future__ import annotations

from datetime import timedelta

from schemas.deadline import ClockStatus
from schemas.errors import BadInput, Conflict, NotAllowed, NotFound, WrongMove
from schemas.handoff import Holder
from schemas.moves import (
    AcceptHandoff,
    Acknowledge,
    Answer,
    AnswerLimit,
    Approve,
    Ask,
    Close,
    Consult,
    Decide,
    Evidence,
    Hold,
    Limit,
    Postpone,
    Redirect,
    Send,
    Withdraw,
)
from tests.flow.invented import (
    APPROVER_DE,
    OFFICER_DE,
    OFFICER_US,
    item,
    outcome,
)
from tests.flow.paper import Pair, refused
from workflows.allowing import possible


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


def test_who_may_not_close_yet_is_told_only_what_can_be_done(sent: Pair) -> None:
    """Nothing is decided before it was acknowledged: to send somebody there led to the next refusal."""
    for first in (None, Acknowledge()):
        if first is not None:
            sent.us.move(OFFICER_US, first)
        told = refused(sent.us, WrongMove, "wrong-move", OFFICER_US, Close(outcome=outcome("refused")))
        assert isinstance(told, WrongMove)
        assert told.allowed
        assert set(told.allowed) <= set(possible(sent.us.state)), sent.us.state.status


def test_what_no_status_forbids_is_told_and_made_also_once_the_case_is_closed(taken: Pair) -> None:
    """A hold that nobody was offered to lift kept a case from ever being erased."""
    taken.us.move(OFFICER_US, Decide(decision="refused", reasons="ordre public", articles=("2(b)",)))
    taken.us.move(OFFICER_US, Close(outcome=outcome("refused")))
    assert {"hold", "link", "posted", "use"} <= set(possible(taken.us.state))
    for on in (True, False):
        taken.us.move(OFFICER_US, Hold(on=on, reason="an inquiry"))
        assert taken.us.state.legal_hold is on


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
