"""Does an order on a provider go its way: served, notified, waited for, answered, objected to, enforced?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.case import Gap
from schemas.deadline import ClockStatus
from schemas.errors import BadInput, NotAllowed, RogatoryError, WrongMove
from schemas.ids import digest
from schemas.moves import (
    Acknowledge,
    Actor,
    Answer,
    Approve,
    Ask,
    Close,
    Decide,
    Delivered,
    Enforce,
    Enforced,
    EnforcingAnswer,
    Evidence,
    FileRequest,
    MoveBody,
    Notified,
    Objection,
    Preserved,
    Review,
    Send,
    Served,
    Withdraw,
)
from schemas.request import Emergency, EvidenceItem
from schemas.vocabulary import Measure, Role, Side
from schemas.work import AssessDone, AssessWork
from tests.flow.invented import APPROVER_DE, JUDGE_DE, OFFICER_DE, START, item, outcome
from tests.flow.lawful import PROVIDER, Desk, LawfulHands, asked, days, desk, sent_alone, to_produce

SECOND = timedelta(seconds=1)
EPOC = "eu-eevidence"
TOLD = Notified(authority="Court in Dublin (invented)", proof="receipt of the exchange system")
EMERGENCY = Emergency(
    facts="a child is with the suspect now (invented)", certified_by="Duty officer", certified_at=START
)
OTHER = EvidenceItem(
    id="item-1", description="another", kind="record", sha256=digest(b"another"), custodian="x"
)
OFFICER_IE = Actor(id="officer", house="ie", roles=(Role.OFFICER,))


def order(**changes: Any) -> Desk:
    """A production order on a provider in Ireland, served on it."""
    return desk(to_produce(**changes), EPOC)


def data(complete: bool = True, *items: EvidenceItem) -> Evidence:
    return Evidence(complete=complete, items=items or (item(),))


def from_authority(answer: str, **changes: Any) -> EnforcingAnswer:
    """What the enforcing authority wrote, as our officer records it."""
    return EnforcingAnswer.model_validate({"answer": answer, "by_post": True} | changes)


def refused(
    house: Desk, code: str, body: MoveBody, error: type[RogatoryError] = BadInput, actor: Actor = OFFICER_DE
) -> RogatoryError:
    """The refusal, which leaves everything as it was."""
    before = house.state
    with pytest.raises(error) as caught:
        house.move(actor, body)
    assert caught.value.code == code
    assert house.state is before
    return caught.value


# --- below the threshold ---------------------------------------------------------------------------------


class BelowHands(LawfulHands):
    """Hands whose law finds the offence below the penalty that the order needs."""

    async def assess(self, work: AssessWork) -> AssessDone:
        done = await super().assess(work)
        gap = Gap(code="threshold", field="offences", article="5(4)(a)", overridable=False)
        return done.model_copy(update={"gaps": [gap]})


@pytest.mark.parametrize("emergency", [False, True])
def test_an_order_below_the_threshold_goes_nowhere_whatever_reason_is_given(emergency: bool) -> None:
    house = Desk("de", "DE", None)
    house.hands = BelowHands("DE", None, EPOC)
    body = to_produce(urgent=emergency, emergency=EMERGENCY if emergency else None)
    house.begin(OFFICER_DE, FileRequest(request=body), Side.OUTGOING)
    assert [gap.code for gap in house.state.gaps if not gap.overridable] == ["threshold"]
    before = house.state
    moves: list[tuple[Actor, MoveBody]] = [
        (APPROVER_DE, Approve()),
        (APPROVER_DE, Approve(override="it is a grave case")),
        (OFFICER_DE, Send(emergency=True, reason="it cannot wait")),
    ]
    for actor, move in moves:
        with pytest.raises(RogatoryError) as caught:
            house.move(actor, move)
        assert caught.value.next_step
        assert house.state is before


# --- the time to answer ------------------------------------------------------------------------------------


def test_an_order_for_traffic_data_waits_for_the_authority_and_is_due_at_the_end_of_the_wait() -> None:
    house = order()
    assert house.state.status == "received"
    assert house.producing().served == START
    assert house.shows("notification-due")
    entry = house.runs("waiting")
    assert (entry.article, entry.amount, entry.nature) == ("10(2)", 10, "wait-and-must")
    assert house.clocks("produce") == []
    house.made(OFFICER_DE, TOLD)
    assert not house.shows("notification-due")
    assert house.producing().notified_authority == TOLD.authority
    assert {known.article for known in house.clocks("object")} == {"12(1)", "17(2)"}
    house.until(entry.due - SECOND)
    assert house.made(PROVIDER, data()) == "executed"
    assert not house.shows("before-the-window")
    assert house.clocks("waiting", ClockStatus.MET)


def test_data_after_the_end_of_the_wait_are_late() -> None:
    house = order()
    house.made(OFFICER_DE, TOLD)
    house.until(house.runs("waiting").due)
    assert house.shows("missed:waiting")
    assert house.made(PROVIDER, data()) == "executed"
    assert not house.shows("before-the-window")


def test_data_before_the_end_of_the_wait_are_taken_and_flagged_until_they_are_cleared() -> None:
    house = order()
    house.made(OFFICER_DE, TOLD)
    house.until(house.runs("waiting").due - days(1) - SECOND)
    assert house.made(PROVIDER, data()) == "executed"
    assert len(house.state.evidence) == 1
    assert house.shows("before-the-window")
    house.move(OFFICER_DE, from_authority("cleared"))
    assert not house.shows("before-the-window")


def test_the_authority_may_end_the_wait() -> None:
    house = order()
    house.made(OFFICER_DE, TOLD)
    due = house.runs("waiting").due
    house.made(OFFICER_DE, from_authority("cleared"))
    assert (house.runs("waiting").nature, house.runs("waiting").due) == ("must", due)
    house.made(PROVIDER, data())
    assert not house.shows("before-the-window")


def test_the_authority_may_stop_the_order() -> None:
    house = order()
    house.made(OFFICER_DE, TOLD)
    assert house.made(OFFICER_DE, from_authority("refused", grounds=("immunity",))) == "refused"
    assert house.clocks("waiting") == []
    refused(house, "refused-by-authority", Enforce(authority="x", reasons="y"), WrongMove)
    assert house.made(PROVIDER, data()) == "refused"
    assert house.shows("data-not-to-be-used")
    assert house.made(OFFICER_DE, Close(outcome=outcome("refused"))) == "closed"


def test_the_conditions_of_the_authority_bind_the_use() -> None:
    house = order()
    refused(house, "conditions-missing", from_authority("conditions"))
    house.made(OFFICER_DE, from_authority("conditions", reasons="not in tax proceedings"))
    (limit,) = house.state.limitations
    assert (limit.text, limit.accepted) == ("not in tax proceedings", True)


def test_in_an_emergency_eight_hours_no_wait_and_a_word_of_the_authority_afterwards() -> None:
    house = order(emergency=EMERGENCY)
    assert house.clocks("waiting") == []
    entry = house.runs("produce")
    assert (entry.article, entry.due) == ("10(4)", START + timedelta(hours=8))
    house.until(entry.due - SECOND)
    assert not house.shows("missed:produce")
    house.made(OFFICER_DE, TOLD)
    ends = {known.article: known.due for known in house.clocks("object")}
    assert ends["12(1)"] == house.now + timedelta(hours=96)
    assert house.made(PROVIDER, data()) == "executed"
    assert not house.shows("before-the-window")
    house.made(OFFICER_DE, from_authority("refused", reasons="privileged"))
    assert house.state.status == "executed"
    assert house.shows("data-not-to-be-used")


@pytest.mark.parametrize(
    "changes", [{"measures": (Measure.SUBSCRIBER_DATA,)}, {"domestic": True}], ids=["subscriber", "domestic"]
)
def test_without_a_notification_ten_days_and_no_wait(changes: dict[str, Any]) -> None:
    house = order(**changes)
    assert not house.shows("notification-due")
    assert house.clocks("waiting") == []
    assert house.runs("produce").article == "10(3)"
    house.made(PROVIDER, data())
    assert not house.shows("before-the-window")


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


# --- answers that contradict each other -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [
        (Decide(decision="accepted"), Decide(decision="refused"), "accepted"),
        (Decide(decision="refused"), Decide(decision="accepted"), "refused"),
        (Decide(decision="refused"), data(), "refused"),
        (data(), Decide(decision="refused"), "executed"),
        (data(), data(True, OTHER), "executed"),
        (data(False), data(True, OTHER), "partly-executed"),
    ],
)
def test_an_answer_that_contradicts_an_earlier_one_is_kept_and_flagged(
    first: MoveBody, second: MoveBody, stays: str
) -> None:
    house = order(domestic=True)
    assert house.made(PROVIDER, first) == stays
    assert house.made(PROVIDER, second) == stays
    assert house.shows("contradiction:2")
    assert len(house.producing().answers) == 2
    kept = len(house.state.decisions) + len(house.state.evidence)
    assert kept == 2, "both words are there"


@pytest.mark.parametrize(
    ("first", "second", "after"),
    [
        (Decide(decision="accepted"), data(), "executed"),
        (data(False), data(), "executed"),
        (data(False), Decide(decision="refused"), "refused"),
        (data(), data(), "executed"),
        (Decide(decision="refused"), Decide(decision="refused"), "refused"),
    ],
)
def test_answers_that_can_stand_side_by_side_are_no_contradiction(
    first: MoveBody, second: MoveBody, after: str
) -> None:
    house = order(domestic=True)
    house.made(PROVIDER, first)
    assert house.made(PROVIDER, second) == after
    assert not any(code.startswith("contradiction") for code in house.state.attention)


def test_what_the_provider_keeps_meanwhile_is_noted() -> None:
    house = order()
    house.made(PROVIDER, Preserved(start=START, end=START + days(90), provider_ref="P-9"))
    assert house.producing().provider_ref == "P-9"
    assert house.runs("preserve").due == START + days(90)
    assert house.state.status == "received"


# --- through the State, and on the side that is asked ------------------------------------------------------


def test_through_the_state_it_has_time_to_serve_and_the_provider_to_answer() -> None:
    house = desk(to_produce(requested="US", direct=False), "budapest-2ap")
    house.now = START + days(1)
    house.made(OFFICER_DE, Delivered(by_post=True))
    serve = house.runs("serve")
    assert (serve.article, serve.amount) == ("8(6)(a)", 45)
    house.until(START + days(20))
    house.made(OFFICER_DE, Served(by_post=True))
    assert house.clocks("serve") == []
    assert (house.runs("produce").article, house.runs("produce").amount) == ("8(6)(a)(ii)", 45)


def test_the_authority_that_is_told_has_ten_days_or_ninety_six_hours() -> None:
    house = asked(to_produce(), EPOC)
    assert (house.runs("object").amount, house.runs("object").unit) == (10, "days")
    urgent = asked(to_produce(emergency=EMERGENCY), EPOC)
    assert urgent.runs("object").due == START + timedelta(hours=96)
    house.until(house.runs("object").due - SECOND)
    assert not house.shows("missed:object")
    refused(house, "reasons-missing", EnforcingAnswer(answer="refused"), BadInput, OFFICER_IE)
    assert house.made(OFFICER_IE, EnforcingAnswer(answer="cleared")) == "cleared"
    assert house.clocks("object") == []
    assert house.made(OFFICER_IE, Close(outcome=outcome())) == "closed"


def test_the_authority_refuses_or_sets_conditions() -> None:
    stopping = asked(to_produce(), EPOC)
    assert stopping.made(OFFICER_IE, EnforcingAnswer(answer="refused", grounds=("immunity",))) == "refused"
    setting = asked(to_produce(), EPOC)
    assert setting.made(OFFICER_IE, EnforcingAnswer(answer="conditions", reasons="use x")) == "cleared"
    assert setting.state.limitations[0].text == "use x"


def test_a_state_that_is_asked_to_enforce_decides_in_five_working_days() -> None:
    house = asked(to_produce(), EPOC)
    house.made(OFFICER_IE, EnforcingAnswer(answer="cleared"))
    house.move(OFFICER_IE, Enforce(authority="Garda (invented)", reasons="no answer", by_post=True))
    entry = house.runs("enforce-decision")
    assert (entry.amount, entry.unit) == (5, "working-days")
    assert house.made(OFFICER_IE, Enforced(recognised=True)) == "enforcing"
    assert house.clocks("enforce-decision") == []
    assert house.made(OFFICER_IE, Close(outcome=outcome())) == "closed"
    other = asked(to_produce(), EPOC)
    assert other.made(OFFICER_IE, Enforced(recognised=False, reasons="immunity")) == "refused"


def test_a_state_gives_effect_to_an_order() -> None:
    house = asked(to_produce(requested="US", direct=False), "budapest-2ap")
    officer = OFFICER_IE.model_copy(update={"house": "us"})
    assert house.runs("serve").amount == 45
    house.made(officer, Acknowledge())
    house.made(officer, Decide(decision="accepted"))
    assert house.made(officer, Served()) == "served"
    assert house.runs("produce").amount == 45
    assert house.made(officer, data()) == "executed"
    assert house.clocks("produce") == []
    assert house.made(officer, Close(outcome=outcome())) == "closed"


def test_an_objection_that_names_no_law_is_refused_where_we_say_it() -> None:
    house = asked(to_produce(requested="US", direct=False), "budapest-2ap")
    officer = OFFICER_IE.model_copy(update={"house": "us"})
    refused(house, "law-missing", Objection(ground="third-country-law", text="no"), BadInput, officer)


def test_a_day_is_one_in_the_state_that_acts() -> None:
    house = order()
    assert house.runs("waiting").due == datetime(2026, 12, 2, 0, 0, tzinfo=UTC)
