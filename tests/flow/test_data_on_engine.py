"""Do cases about data live on a real engine: reminded, lapsed by themselves, whole in any new run?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from schemas.deadline import ClockStatus
from schemas.ids import digest
from schemas.moves import (
    AcceptHandoff,
    Acknowledge,
    Actor,
    Approve,
    Close,
    EnforcingAnswer,
    Evidence,
    FileRequest,
    FollowUp,
    FollowUpDecided,
    Move,
    MoveBody,
    Notified,
    Preserved,
    ReleaseData,
    Renew,
    Renewed,
    Send,
)
from schemas.request import PreservationRequest, ProductionRequest
from schemas.vocabulary import Side
from schemas.work import PostDone, SealWork
from tests.flow.engine import FakeHouse, engine, pair, until
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US, item, outcome
from tests.flow.lawful import PROVIDER, LawfulHands, to_keep, to_produce

KEEP, PRODUCE, KEPT_US = (
    "DE-PRESERVATION-2026-00001",
    "DE-PRODUCTION-2026-00001",
    "US-PRESERVATION-2026-00001",
)
SOON = timedelta(minutes=10)


class FakeProvider(FakeHouse):
    """A provider's end of the road: it takes every letter once, and says nothing by itself."""

    async def receive(self, letter: SealWork, sealed: str, sender: str) -> PostDone:
        done = PostDone(delivered=True, receipt=digest(letter.message.encode()), recipient_ref="P-1")
        return self.receipts.setdefault(letter.message, done)


def with_provider(instrument: str, **said: object) -> FakeHouse:
    """A house whose letters go to a provider."""
    de = FakeHouse("de", "DE", None)
    de.there = FakeProvider("example-cloud", "US")
    de.hands = LawfulHands("DE", None, instrument, **said)
    return de


async def sent(
    de: FakeHouse, ref: str, body: PreservationRequest | ProductionRequest, environment: WorkflowEnvironment
) -> None:
    """Filed, approved, sent, and received there."""
    first = Move(key=f"file-{ref}", actor=OFFICER_DE, body=FileRequest(request=body))
    await de.start(ref, Side.OUTGOING, first)
    await de.move(ref, APPROVER_DE, Approve())
    await de.move(ref, OFFICER_DE, Send())
    await until(environment, lambda: de.states[ref].status == "received", SOON)


async def test_kept_data_are_watched_and_lapse_by_themselves() -> None:
    de = with_provider("voluntary-request", binding="option")
    async with engine(de) as environment:
        await sent(de, KEEP, to_keep(direct=True), environment)
        state = de.states[KEEP]
        assert state.keeping is not None
        assert state.keeping.protection == "unprotected"
        now = await environment.get_current_time()
        end = now + timedelta(days=40)
        await de.move(KEEP, PROVIDER, Preserved(start=now, end=end, provider_ref="EC-1"))
        await until(environment, lambda: de.states[KEEP].status == "lapsed", timedelta(days=41))
        state = de.states[KEEP]
        (entry,) = [one for one in state.deadlines if one.clock == "preserve"]
        assert entry.status is ClockStatus.MISSED
        assert entry.warned == ("50%", "75%", "7-days", "1-day", "1-hour")
        told = [one for one in de.notices if one.clock == "preserve"]
        assert [one.code for one in told] == ["due-soon"] * 5 + ["missed"]
        assert len({one.notice for one in told}) == 6
        assert all(one.loud for one in told)
        assert "head-of-office" in told[-1].to
        await de.move(KEEP, OFFICER_DE, Close(outcome=outcome("lapsed")))
        assert de.states[KEEP].status == "closed"


@pytest.mark.parametrize("moves_per_run", [400, 1])
async def test_a_whole_life_in_two_houses_also_when_every_move_begins_a_new_run(moves_per_run: int) -> None:
    de, us = pair()
    de.hands, us.hands = LawfulHands("DE", "us", "budapest"), LawfulHands("US", "de", "budapest")
    de.moves_per_run = us.moves_per_run = moves_per_run
    async with engine(de, us) as environment:
        await sent(de, KEEP, to_keep(), environment)
        now = await environment.get_current_time()
        day = timedelta(days=1)
        life: tuple[tuple[FakeHouse, Actor, MoveBody], ...] = (
            (us, OFFICER_US, Acknowledge()),
            (us, OFFICER_US, AcceptHandoff(id=f"{KEEP}.h1")),
            (us, OFFICER_US, Preserved(start=now, end=now + 90 * day, provider_ref="EC-2")),
            (de, OFFICER_DE, Renew(reason="not yet ready")),
            (us, OFFICER_US, Renewed(start=now + 90 * day, end=now + 180 * day)),
            (de, OFFICER_DE, FollowUp(ref="DE-MLA-2026-00007", kind="mla")),
            (de, OFFICER_DE, FollowUpDecided(ref="DE-MLA-2026-00007", result="disclosed")),
            (de, OFFICER_DE, ReleaseData(reason="in the file")),
            (us, OFFICER_US, Close(outcome=outcome())),
            (de, OFFICER_DE, Close(outcome=outcome())),
        )
        for house, actor, body in life:
            await house.move(KEEP if house is de else KEPT_US, actor, body)
            await until(environment, lambda: quiet(de) and quiet(us), SOON)
        ours, theirs = de.states[KEEP], us.states[KEPT_US]
        assert ours.status == theirs.status == "closed"
        assert ours.keeping is not None
        assert theirs.keeping is not None
        spans = [[(one.start, one.end) for one in kept.periods] for kept in (ours.keeping, theirs.keeping)]
        assert spans[0] == spans[1]
        assert len(spans[0]) == 2
        assert ours.keeping.provider_ref == theirs.keeping.provider_ref == "EC-2"
        assert {item.status for state in (ours, theirs) for item in state.outbox} == {"delivered"}
        assert len(set(de.posted)) == len(de.posted)


async def test_an_order_waits_for_the_authority_and_is_answered() -> None:
    de = with_provider("eu-eevidence")
    async with engine(de) as environment:
        await sent(de, PRODUCE, to_produce(), environment)
        await de.move(PRODUCE, OFFICER_DE, Notified(authority="Court (invented)", proof="receipt"))
        (wait,) = [one for one in de.states[PRODUCE].deadlines if one.clock == "waiting"]
        assert wait.article == "10(2)"
        half = "due-soon:waiting:50%"
        await until(environment, lambda: half in de.states[PRODUCE].attention, timedelta(days=9))
        await de.move(PRODUCE, OFFICER_DE, EnforcingAnswer(answer="cleared", by_post=True))
        await de.move(PRODUCE, PROVIDER, Evidence(complete=True, items=(item(),)))
        state = de.states[PRODUCE]
        assert state.status == "executed"
        assert "before-the-window" not in state.attention
        assert [one.status for one in state.deadlines if one.clock == "waiting"] == [
            ClockStatus.DROPPED,
            ClockStatus.MET,
        ]
        await de.move(PRODUCE, OFFICER_DE, Close(outcome=outcome()))


def quiet(house: FakeHouse) -> bool:
    """Is no letter of it on its way?"""
    return not any(one.status == "queued" for state in house.states.values() for one in state.outbox)
