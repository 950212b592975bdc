"""Does a surrender live on the real engine, and does custody never outlast a clock unnoticed there?"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from schemas.deadline import ClockStatus
from schemas.moves import (
    AcceptHandoff,
    Acknowledge,
    Actor,
    Approve,
    Arrest,
    Arrive,
    Close,
    Court,
    Decide,
    Discharged,
    FileRequest,
    FixSurrender,
    Move,
    MoveBody,
    Papers,
    ReleasePerson,
    Send,
    Surrendered,
    Withdraw,
)
from schemas.request import Outcome
from schemas.vocabulary import Side
from tests.flow.engine import FakeHouse, engine, until
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US
from tests.flow.test_anywhere import runs
from tests.flow.wanted import SOUGHT, hands, request
from workflows.clock import WARNINGS

DE, RS = "DE-EXTRADITION-2026-00001", "RS-EXTRADITION-2026-00001"
HEAD = "head-of-office"
LADDER = ("50%", "75%", "7-days", "3-days", "1-day", "6-hours", "missed")
PAST_THE_HOLDER = {"75%", "3-days", "1-day", "6-hours", "missed"}
SHARES = {"50%": 0.5, "75%": 0.75, "missed": 1.0}
SOON = timedelta(minutes=10)
DAY = timedelta(days=1)


def houses() -> tuple[FakeHouse, FakeHouse]:
    """Germany asks Serbia; both count by the Convention of 1957."""
    ours, theirs = FakeHouse("de", "DE", "us"), FakeHouse("us", "RS", "de")
    ours.there, theirs.there = theirs, ours
    ours.hands = hands("DE", "us", "coe-ext-1957")
    theirs.hands = hands("RS", "de", "coe-ext-1957")
    return ours, theirs


def told_of(house: FakeHouse, clock: str) -> bool:
    """Were people told that this limit was missed?"""
    return any((one.clock, one.code) == (clock, "missed") for one in house.notices)


def told_again(house: FakeHouse, clock: str) -> int:
    """How often people were reminded again of it."""
    return sum(one.clock == clock and "-again-" in one.notice for one in house.notices)


def quiet(*both: FakeHouse) -> bool:
    """Is no letter on its way?"""
    states = [state for house in both for state in house.states.values()]
    return not any(item.status == "queued" for state in states for item in state.outbox)


async def test_the_whole_ladder_of_reminders_while_somebody_is_in_custody() -> None:
    _, here = houses()
    here.there = None
    async with engine(here) as environment:
        await arrested_on_paper(here)
        entry = next(one for one in here.states[RS].deadlines if one.clock == "arrest-to-papers")
        await until(environment, lambda: missed(here, "arrest-to-papers"), timedelta(days=42))
        await until(environment, lambda: here.states[RS].notices[-1].status == "told", SOON)
        first = [one for one in here.states[RS].notices if "-again-" not in one.id]
        said = {one.id.split(".")[2]: one for one in first if one.due == entry.due}
        assert tuple(said) == LADDER
        whole = entry.due - entry.started
        for stage, notice in said.items():
            when = entry.due - WARNINGS[stage] if stage in WARNINGS else entry.started + whole * SHARES[stage]
            assert timedelta() <= notice.at - when < SOON, stage
            assert notice.loud, stage
            assert (HEAD in notice.to) is (stage in PAST_THE_HOLDER), stage
            assert "central-authority" in notice.to
        told = [work for work in here.notices if work.clock == "arrest-to-papers"]
        assert len(told) == len(LADDER), "each was told once"


async def test_every_day_goes_on_through_many_runs_and_each_is_told_once() -> None:
    """A run that began a reminder in its last step left it to the next one, which told it again; and on this
    server time stood still until the first one was given up."""
    _, here = houses()
    here.there, here.moves_per_run = None, 10
    async with engine(here) as environment:
        await arrested_on_paper(here)
        await until(environment, lambda: missed(here, "arrest-to-papers"), timedelta(days=42))
        await environment.sleep(30 * DAY)
        await until(environment, lambda: told_again(here, "arrest-to-papers") >= 29, SOON)
        told = Counter(work.notice for work in here.notices)
        assert set(told.values()) == {1}
        assert await runs(environment, RS) > 10


@pytest.mark.parametrize("how", ["refused", "withdrawn"])
async def test_after_the_end_of_the_request_the_custody_is_still_watched(how: str) -> None:
    _, here = houses()
    here.there = None
    async with engine(here) as environment:
        await arrested_on_paper(here)
        ended: MoveBody = Withdraw(reason="no longer wanted", by_post=True)
        if how == "refused":
            ended = Decide(decision="refused", reasons="lapse of time")
        await here.move(RS, OFFICER_US, ended)
        assert here.states[RS].status == how
        await until(environment, lambda: missed(here, "custody-review"), timedelta(days=15))
        await until(environment, lambda: told_of(here, "custody-review"), SOON)
        assert all(HEAD in one.to for one in here.notices if one.code in ("missed", "escalated"))
        await here.move(RS, OFFICER_US, ReleasePerson(reason="free"))
        await here.move(RS, OFFICER_US, Close(outcome=Outcome(result="refused")))
        assert here.states[RS].status == "closed"


@pytest.mark.parametrize("moves_per_run", [400, 1])
async def test_a_whole_life_in_both_houses_also_when_every_move_begins_a_new_run(moves_per_run: int) -> None:
    ours, theirs = houses()
    ours.moves_per_run = theirs.moves_per_run = moves_per_run
    async with engine(ours, theirs) as environment:
        await filed(ours)
        for name, actor, body in await life(environment):
            house, ref = (ours, DE) if name == "de" else (theirs, RS)
            if isinstance(body, FixSurrender):
                body = FixSurrender(on=await environment.get_current_time() + DAY, place=body.place)
            await house.move(ref, actor, body)
            await until(environment, lambda: quiet(ours, theirs), SOON)
        for house, ref in ((ours, DE), (theirs, RS)):
            state = house.states[ref]
            assert state.status == "closed"
            assert state.person is not None
            assert not state.person.detained
            assert all(one.status is not ClockStatus.RUNNING for one in state.deadlines)
        # what they received, they received before we had the proof of it
        told = [house.states[ref].person for house, ref in ((ours, DE), (theirs, RS))]
        here, there = (one.model_copy(update={"papers_received": None}) for one in told if one is not None)
        assert here == there


async def life(environment: WorkflowEnvironment) -> list[tuple[str, Actor, MoveBody]]:
    """Every move of a good course after filing."""
    done = Outcome(result="executed", arrests=1)
    now = await environment.get_current_time()
    return [
        ("de", APPROVER_DE, Approve()),
        ("de", OFFICER_DE, Send(papers_follow=True)),
        ("us", OFFICER_US, AcceptHandoff(id=f"{DE}.h1")),
        ("us", OFFICER_US, Arrest(person=SOUGHT)),
        ("de", OFFICER_DE, Papers()),
        ("us", OFFICER_US, Acknowledge()),
        ("us", OFFICER_US, Court(stage="committed", authority="High Court (invented)")),
        ("us", OFFICER_US, Decide(decision="accepted")),
        ("us", OFFICER_US, FixSurrender(on=now, place="airport (invented)")),
        ("us", OFFICER_US, Surrendered(place="airport (invented)", custody_days=1)),
        ("de", OFFICER_DE, Discharged()),
        ("us", OFFICER_US, Close(outcome=done)),
        ("de", OFFICER_DE, Close(outcome=done)),
    ]


async def filed(house: FakeHouse) -> None:
    """Germany files a request for surrender."""
    body = FileRequest(request=request(requested="RS"))
    await house.start(DE, Side.OUTGOING, Move(key="file", actor=OFFICER_DE, body=body))


async def arrested_on_paper(house: FakeHouse) -> None:
    """Asked by post ahead of the papers, and arrested."""
    house.hands.house = None
    body = Arrive(request=request(requested="RS"), foreign_ref="DE-1", papers_follow=True)
    await house.start(RS, Side.INCOMING, Move(key="arrive", actor=OFFICER_US, body=body))
    await house.move(RS, OFFICER_US, Arrest(person=SOUGHT))


def missed(house: FakeHouse, clock: str) -> bool:
    """Is it over without what it waits for?"""
    return any(one.clock == clock and one.status is ClockStatus.MISSED for one in house.states[RS].deadlines)
