"""Does a case on a real engine keep its promises: one reply per key, nothing lost, nothing done twice?"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment

from schemas import lifecycle
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
    FileRequest,
    Hold,
    Move,
    Reopen,
    Send,
    Withdraw,
    WithdrawHandoff,
)
from schemas.vocabulary import Kind, Side
from schemas.work import FileWork
from tests.flow.engine import FakeHouse, Refused, engine, pair, until
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US, emergency, outcome, request
from tests.flow.life import LIFE

DE, US = "DE-MLA-2026-00001", "US-MLA-2026-00001"
H1 = f"{DE}.h1"
SOON = timedelta(minutes=10)


def quiet(*houses: FakeHouse) -> bool:
    """Is no letter of theirs on its way?"""
    return not any(
        item.status == "queued"
        for house in houses
        for state in house.states.values()
        for item in state.outbox
    )


async def sent(de: FakeHouse, us: FakeHouse, environment: WorkflowEnvironment) -> None:
    """Filed, approved, sent and arrived."""
    await de.file_request()
    await de.move(DE, APPROVER_DE, Approve())
    await de.move(DE, OFFICER_DE, Send())
    await until(environment, lambda: quiet(de, us), SOON)


@pytest.mark.parametrize("moves_per_run", [400, 1, 3])
async def test_a_whole_life_also_when_every_move_begins_a_new_run(moves_per_run: int) -> None:
    de, us = pair()
    de.moves_per_run = us.moves_per_run = moves_per_run
    async with engine(de, us) as environment:
        await de.file_request()
        for name, actor, body in LIFE:
            house, ref = (de, DE) if name == "de" else (us, US)
            before = len(house.states[ref].keys)
            reply = await house.move(ref, actor, body)
            assert reply.move == house.states[ref].move or reply.move < house.states[ref].move
            await until(environment, lambda: quiet(de, us), SOON)
            assert len(house.states[ref].keys) > before, "a new run forgot its keys"
        ours, theirs = de.states[DE], us.states[US]
        assert ours.status == theirs.status == "closed"
        assert ours.holder == theirs.holder
        assert ours.holder.house == "de"
        assert [h.triple for h in ours.handoffs] == [h.triple for h in theirs.handoffs]
        assert ours.their_outcome == theirs.outcome
        assert len(ours.evidence) == 2
        for ref in (DE, US):
            result = await environment.client.get_workflow_handle(ref).result()
            assert result["status"] == "closed"
        assert len(set(de.posted)) == len(de.posted), "a letter was posted twice on a good road"


async def test_a_bad_road_loses_and_doubles_letters_and_nothing_is_lost_or_doubled() -> None:
    de, us = pair()
    de.lost = us.lost = 0.4
    de.twice = us.twice = 0.5
    async with engine(de, us) as environment:
        await de.file_request()
        for name, actor, body in LIFE:
            house, ref = (de, DE) if name == "de" else (us, US)
            await house.move(ref, actor, body)
            await until(environment, lambda: quiet(de, us), timedelta(days=1))
        assert de.states[DE].status == us.states[US].status == "closed"
        assert len(de.posted) > len(set(de.posted)), "the road was not bad enough to prove anything"
        assert len(us.states[US].questions) == 1
        assert [h.triple for h in de.states[DE].handoffs] == [h.triple for h in us.states[US].handoffs]


async def test_the_same_key_gets_the_same_reply_also_in_a_new_run() -> None:
    de, _ = pair()
    de.moves_per_run = 1
    async with engine(de):
        first = await de.file_request()
        assert not first.repeated
        again = await de.file_request()
        assert again == first.model_copy(update={"repeated": True})
        reply = await de.move(DE, APPROVER_DE, Approve(), key="k")
        await de.move(DE, OFFICER_DE, Reopen(reason="a wrong day"))
        repeated = await de.move(DE, APPROVER_DE, Approve(), key="k")
        assert repeated == reply.model_copy(update={"repeated": True})
        assert de.states[DE].status == "draft"
        assert de.states[DE].move == 3


async def test_many_at_once_with_one_key_make_one_move() -> None:
    de, _ = pair()
    async with engine(de):
        await de.file_request()
        replies = await asyncio.gather(
            *(de.move(DE, OFFICER_DE, Amend(request=request(language="fr")), key="k") for _ in range(8))
        )
        assert de.states[DE].move == 2
        assert sum(not reply.repeated for reply in replies) == 1


async def test_two_moves_at_once_of_which_only_one_is_possible() -> None:
    de, _ = pair()
    async with engine(de):
        await de.file_request()
        await de.move(DE, APPROVER_DE, Approve())
        made = await asyncio.gather(
            *(de.move(DE, OFFICER_DE, Reopen(reason="a wrong day"), key=f"k{number}") for number in range(4)),
            return_exceptions=True,
        )
        refused = [answer for answer in made if isinstance(answer, Refused)]
        assert len(refused) == 3
        assert {answer.code for answer in refused} == {"wrong-move"}
        assert de.states[DE].move == 3


async def test_a_refusal_says_what_is_allowed_and_leaves_no_trace() -> None:
    de, _ = pair()
    async with engine(de) as environment:
        await de.file_request()
        handle = environment.client.get_workflow_handle(DE)
        with pytest.raises(Refused) as caught:
            await de.move(DE, OFFICER_DE, Close(outcome=outcome()))
        allowed = sorted({*lifecycle.allowed(Kind.MLA, Side.OUTGOING, "draft"), "offer"})
        assert {"amend", "approve", "choose-basis", "issue", "send", "withdraw"} <= set(allowed)
        assert caught.value.told == {
            "code": "wrong-move",
            "what": "'close' is not possible while the case is 'draft'.",
            "where": DE,
            "next": f"allowed now: {', '.join(allowed)}",
            "status": 409,
            "allowed": allowed,
        }
        taken = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
        events = [event.event_type for event in (await handle.fetch_history()).events]
        assert events.count(taken) == 1, "only the first move was taken up"
        assert de.states[DE].move == 1


async def test_a_case_that_cannot_begin_says_why_and_is_no_case() -> None:
    de, _ = pair()
    async with engine(de) as environment:
        wrong = Move(
            key="k", actor=OFFICER_DE, body=FileRequest(request=request(requesting="FR", requested="US"))
        )
        with pytest.raises(Refused) as caught:
            await de.start(DE, Side.OUTGOING, wrong)
        assert caught.value.code == "wrong-state"
        assert not de.states
        described = await environment.client.get_workflow_handle(DE).describe()
        assert described.status is WorkflowExecutionStatus.FAILED


async def test_what_an_activity_refuses_changes_nothing_and_the_case_goes_on() -> None:
    de, _ = pair()
    async with engine(de):
        await de.file_request()
        de.hands.broken = "assess"
        with pytest.raises(Refused) as caught:
            await de.move(DE, OFFICER_DE, Amend(request=request()))
        assert caught.value.code == "broken"
        de.hands.broken = ""
        assert (await de.move(DE, OFFICER_DE, Amend(request=request()))).move == 2


async def test_filing_is_tried_again_until_it_is_done() -> None:
    de, _ = pair()
    failures = iter([True, True, True, False])

    def hook(work: FileWork) -> None:
        if work.event == "approve" and next(failures):
            raise OSError("the disk is full")

    de.file_hook = hook
    async with engine(de):
        await de.file_request()
        assert (await de.move(DE, APPROVER_DE, Approve())).status == "approved"


async def test_records_that_are_ahead_are_followed() -> None:
    """A worker died after filing, before the engine knew: the filed move is true, the next comes after it."""
    de, _ = pair()
    async with engine(de):
        await de.file_request()
        other = de.states[DE].model_copy(update={"move": 2, "status": "approved"})
        key = "lost"
        other.keys[key] = other.keys[f"file-{DE}"].model_copy(update={"move": 2, "event": "approve"})
        de.states[DE] = other
        with pytest.raises(Refused) as caught:
            await de.move(DE, OFFICER_DE, Amend(request=request()))
        assert caught.value.code == "wrong-move"
        reply = await de.move(DE, APPROVER_DE, Approve(), key=key)
        assert (reply.repeated, reply.move) == (True, 2)
        assert (await de.move(DE, OFFICER_DE, Reopen(reason="again"))).move == 3


async def test_the_same_move_filed_before_is_answered_and_not_made_again() -> None:
    de, _ = pair()
    async with engine(de):
        await de.file_request()
        other = de.states[DE].model_copy(update={"move": 2, "status": "approved"})
        other.keys["k"] = other.keys[f"file-{DE}"].model_copy(update={"move": 2, "event": "approve"})
        de.states[DE] = other
        reply = await de.move(DE, APPROVER_DE, Approve(), key="k")
        assert reply.move == 2
        assert de.states[DE].move == 2


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
