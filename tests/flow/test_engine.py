"""Does a case on a real engine keep its promises: one reply per key, nothing lost, nothing done twice?"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus

from schemas import lifecycle
from schemas.moves import Amend, Approve, Close, FileRequest, Move, Reopen
from schemas.vocabulary import Kind, Side
from schemas.work import FileWork
from tests.flow.engine import Refused, engine, pair, until
from tests.flow.invented import APPROVER_DE, OFFICER_DE, outcome, request
from tests.flow.life import LIFE
from tests.flow.two_sides import DE, SOON, US, quiet


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
