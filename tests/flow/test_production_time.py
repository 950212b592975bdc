"""How long has a provider to answer an order, and when does it wait for the authority that is told?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from schemas.case import Gap
from schemas.deadline import ClockStatus
from schemas.errors import RogatoryError, WrongMove
from schemas.moves import Actor, Approve, Close, Enforce, EnforcingAnswer, FileRequest, MoveBody, Send
from schemas.vocabulary import Measure, Side
from schemas.work import AssessDone, AssessWork
from tests.flow.invented import APPROVER_DE, OFFICER_DE, START, outcome
from tests.flow.lawful import PROVIDER, Desk, LawfulHands, days, refused, to_produce
from tests.flow.ordering import EMERGENCY, EPOC, SECOND, TOLD, data, order


def from_authority(answer: str, **changes: Any) -> EnforcingAnswer:
    """What the enforcing authority wrote, as our officer records it."""
    return EnforcingAnswer.model_validate({"answer": answer, "by_post": True} | changes)


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
