"""Does a case on the engine keep its clocks, bear what is late or down, and go on after its end?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment

from schemas.deadline import ClockStatus
from schemas.errors import Conflict
from schemas.handoff import HandoffStatus
from schemas.moves import (
    AcceptHandoff,
    Acknowledge,
    Amend,
    Answer,
    Approve,
    Ask,
    Close,
    Decide,
    Hold,
    Move,
    Posted,
    Send,
    Withdraw,
    WithdrawHandoff,
)
from schemas.work import FileWork
from tests.flow.engine import FakeHouse, Refused, engine, pair, until
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US, emergency, outcome, request
from tests.flow.two_sides import DE, SOON, US, quiet

H1 = f"{DE}.h1"


async def sent(de: FakeHouse, us: FakeHouse, environment: WorkflowEnvironment) -> None:
    """Filed, approved, sent and arrived."""
    await de.file_request()
    await de.move(DE, APPROVER_DE, Approve())
    await de.move(DE, OFFICER_DE, Send())
    await until(environment, lambda: quiet(de, us), SOON)


async def test_clocks_strike_at_their_time() -> None:
    de, us = pair()
    async with engine(de, us) as environment:
        await sent(de, us, environment)
        await environment.sleep(timedelta(days=3) - SOON)
        assert us.states[US].attention == ["due-soon:acknowledge:1-hour"]
        await environment.sleep(2 * SOON)
        assert us.states[US].attention == ["missed:acknowledge"]
        await us.move(US, OFFICER_US, Acknowledge())
        assert us.states[US].deadlines[0].status is ClockStatus.MISSED
        assert not us.states[US].attention
        await environment.sleep(timedelta(days=27) - 3 * SOON)
        assert de.states[DE].handoffs[0].status is HandoffStatus.OFFERED
        await environment.sleep(4 * SOON)
        assert de.states[DE].handoffs[0].status is HandoffStatus.OVERDUE
        assert de.states[DE].holder.house == "de"


async def test_a_clock_that_cannot_be_filed_strikes_later_and_holds_up_nothing() -> None:
    de, us = pair()
    async with engine(de, us) as environment:
        await sent(de, us, environment)
        closed = True

        def hook(work: FileWork) -> None:
            if closed and work.event == "clock":
                raise Conflict("The records are behind.", code="records-behind")

        us.file_hook = hook
        await environment.sleep(timedelta(days=4))
        assert not us.states[US].attention
        await us.move(US, OFFICER_US, Ask(id="q1", text="Which period?"))
        closed = False
        await environment.sleep(timedelta(days=31))
        assert us.states[US].handoffs[0].status is HandoffStatus.OVERDUE


async def test_a_question_stops_the_clock_of_the_decision() -> None:
    de, us = pair()
    async with engine(de, us) as environment:
        await sent(de, us, environment)
        await us.move(US, OFFICER_US, Acknowledge())
        await us.move(US, OFFICER_US, Ask(id="q1", text="Which period?"))
        await until(environment, lambda: quiet(de, us), SOON)
        await environment.sleep(timedelta(days=200))
        await de.move(DE, OFFICER_DE, Answer(question="q1", text="November."))
        await until(environment, lambda: quiet(de, us), SOON)
        clocks = [entry for entry in us.states[US].deadlines if entry.clock == "decide"]
        assert [entry.status for entry in clocks] == [ClockStatus.PAUSED, ClockStatus.RUNNING]
        assert "missed:decide" not in us.states[US].attention


async def test_an_emergency_is_sent_first_and_approved_later() -> None:
    de, us = pair()
    async with engine(de, us) as environment:
        await de.file_request(emergency=emergency())
        await de.move(DE, OFFICER_DE, Send(emergency=True, reason="now"))
        await until(environment, lambda: US in us.states, SOON)
        await until(
            environment, lambda: "missed:second-approval" in de.states[DE].attention, timedelta(hours=30)
        )
        await de.move(DE, APPROVER_DE, Approve())
        assert not [code for code in de.states[DE].attention if "second" in code]


async def test_a_late_acceptance_of_a_withdrawn_offer() -> None:
    de, us = pair()
    async with engine(de, us) as environment:
        await sent(de, us, environment)
        de.down = us.down = True
        await de.move(DE, OFFICER_DE, WithdrawHandoff(id=H1, reason="in error"))
        await us.move(US, OFFICER_US, AcceptHandoff(id=H1))
        de.down = us.down = False
        await until(environment, lambda: quiet(de, us), timedelta(hours=1))
        for house, ref in ((de, DE), (us, US)):
            assert house.states[ref].handoffs[0].status is HandoffStatus.WITHDRAWN
            assert house.states[ref].holder.house == "de"
        assert any("offer-withdrawn" in code for code in us.states[US].attention)


async def test_a_counterpart_that_is_down_holds_up_nothing_but_its_letters() -> None:
    de, us = pair()
    de.moves_per_run = 3
    async with engine(de, us) as environment:
        await de.file_request()
        await de.move(DE, APPROVER_DE, Approve())
        de.down = True
        await de.move(DE, OFFICER_DE, Send())
        await environment.sleep(timedelta(hours=2))
        for number in range(6):
            await de.move(DE, OFFICER_DE, Hold(on=bool(number % 2), reason="appeal"))
        assert US not in us.states
        assert (de.states[DE].move, de.states[DE].status) == (9, "sent")
        de.down = False
        await until(environment, lambda: quiet(de) and US in us.states, SOON)
        assert [item.status for item in de.states[DE].outbox] == ["delivered"]


async def test_a_letter_that_is_refused_for_good_shows_and_passes_nothing() -> None:
    de, us = pair()
    async with engine(de, us) as environment:
        await sent(de, us, environment)
        us.down = True
        await us.move(US, OFFICER_US, Acknowledge())
        await de.move(DE, OFFICER_DE, Withdraw(reason="solved"))
        await until(environment, lambda: quiet(de), SOON)
        us.down = False
        await until(environment, lambda: quiet(us), SOON)
        assert us.states[US].outbox[0].status == "refused"
        assert any(code.endswith(":wrong-move") for code in us.states[US].attention)
        assert de.states[DE].status == us.states[US].status == "withdrawn"


async def test_a_request_that_was_turned_away_goes_again_once_the_cause_is_mended() -> None:
    de, us = pair()
    us.turns_away = "unknown-key"
    async with engine(de, us) as environment:
        await sent(de, us, environment)
        (letter,) = de.states[DE].outbox
        assert (letter.status, letter.problem, us.states) == ("refused", "unknown-key", {})
        us.turns_away = ""
        again = Posted(
            message=letter.id, result="again", proof="keys are exchanged", happened_at=de.states[DE].updated
        )
        await de.move(DE, OFFICER_DE, again)
        await until(environment, lambda: quiet(de, us), SOON)
        (letter,) = de.states[DE].outbox
        assert (letter.status, de.states[DE].status, us.states[US].status) == (
            "delivered",
            "received",
            "received",
        )
        await us.move(US, OFFICER_US, AcceptHandoff(id=H1))
        await until(environment, lambda: quiet(de, us), SOON)
        assert de.states[DE].holder.house == us.states[US].holder.house == "us"


async def test_after_closing_late_messages_are_registered_and_nothing_else() -> None:
    de, us = pair()
    async with engine(de, us) as environment:
        await sent(de, us, environment)
        await de.move(DE, OFFICER_DE, Withdraw(reason="solved"))
        await de.move(DE, OFFICER_DE, Close(outcome=outcome("withdrawn")))
        await until(environment, lambda: quiet(de), SOON)
        assert us.states[US].status == "closed"
        handle = environment.client.get_workflow_handle(DE)
        assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING, "the offer is still open"
        with pytest.raises(Refused):
            await de.move(DE, OFFICER_DE, Amend(request=request()))
        await us.move(US, OFFICER_US, AcceptHandoff(id=H1))
        await until(environment, lambda: quiet(de, us), SOON)
        assert de.states[DE].status == us.states[US].status == "closed"
        assert de.states[DE].holder.house == us.states[US].holder.house == "us"
        assert (await handle.result())["status"] == "closed"


async def test_a_closed_case_waits_no_longer_than_thirty_days_and_is_revived_for_late_answers() -> None:
    de, us = pair()
    async with engine(de, us) as environment:
        await sent(de, us, environment)
        await de.move(DE, OFFICER_DE, Withdraw(reason="solved"))
        await de.move(DE, OFFICER_DE, Close(outcome=outcome("withdrawn")))
        await until(environment, lambda: quiet(de), SOON)
        await environment.sleep(timedelta(days=61))
        for ref in (DE, US):
            described = await environment.client.get_workflow_handle(ref).describe()
            assert described.status is WorkflowExecutionStatus.COMPLETED
        await us.move(US, OFFICER_US, AcceptHandoff(id=H1))
        await until(environment, lambda: quiet(de, us), SOON)
        assert de.states[DE].holder.house == us.states[US].holder.house == "us"


async def test_a_revived_case_goes_on_where_it_was() -> None:
    de, us = pair()
    async with engine(de, us) as environment:
        await sent(de, us, environment)
        de.down = True
        await de.move(DE, OFFICER_DE, Withdraw(reason="solved"))
        await environment.client.get_workflow_handle(DE).terminate("the engine lost it")
        de.down = False
        reply = await de.revive(DE, Move(key="after", actor=OFFICER_DE, body=Hold(on=True, reason="appeal")))
        assert reply.status == "withdrawn"
        await until(environment, lambda: quiet(de), SOON)
        assert us.states[US].status == "withdrawn"


async def test_a_decision_of_the_law_is_recorded_even_where_it_cannot_answer() -> None:
    """A request that came in is registered whatever the law says; a person looks at it."""
    de, us = pair()
    us.hands.broken = "assess"
    async with engine(de, us) as environment:
        await sent(de, us, environment)
        assert us.states[US].law is None
        assert "law-not-answered" in us.states[US].attention
        await us.move(US, OFFICER_US, Acknowledge())
        await us.move(US, OFFICER_US, AcceptHandoff(id=H1))
        await until(environment, lambda: quiet(de, us), SOON)
        assert (await us.move(US, OFFICER_US, Decide(decision="accepted"))).status == "accepted"
