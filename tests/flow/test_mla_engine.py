"""Do the newer moves of mutual assistance work on a real engine, between two houses, in their time?"""

from __future__ import annotations

from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from schemas.deadline import ClockStatus
from schemas.facets import DutyAsked, IssuerAsked
from schemas.moves import (
    AcceptHandoff,
    Acknowledge,
    Actor,
    Approve,
    Close,
    Consult,
    Costs,
    Decide,
    Evidence,
    Issue,
    MoveBody,
    Papers,
    Postpone,
    ReturnObjects,
    Send,
    Use,
)
from tests.flow.engine import FakeHouse, Refused, engine, pair, until
from tests.flow.invented import APPROVER_DE, JUDGE_DE, OFFICER_DE, OFFICER_US, START, emergency, item, outcome
from tests.flow.two_sides import DE, SOON, US, quiet

JUDGE = IssuerAsked(capacity="validate", by=("judge",), article="4(5)", afterwards_hours=48)


async def taken(de: FakeHouse, us: FakeHouse, environment: WorkflowEnvironment) -> None:
    """The United States have acknowledged it and hold it."""
    await until(environment, lambda: US in us.states and quiet(de, us), SOON)
    await us.move(US, OFFICER_US, Acknowledge())
    await us.move(US, OFFICER_US, AcceptHandoff(id=f"{DE}.h1"))
    await until(environment, lambda: quiet(de, us), SOON)


async def refusal(house: FakeHouse, ref: str, actor: Actor, body: MoveBody) -> str:
    """The code of a refusal."""
    try:
        await house.move(ref, actor, body)
    except Refused as error:
        return error.code
    return ""


async def test_an_emergency_goes_first_and_its_papers_approval_and_validation_follow() -> None:
    de, us = pair()
    de.hands.law = {"issuers": (IssuerAsked(capacity="issue", by=("judge",), article="4(1)"), JUDGE)}
    async with engine(de, us) as environment:
        await de.file_request(emergency=emergency())
        at_once = Send(emergency=True, reason="a child is in danger now", papers_follow=True)
        assert await refusal(de, DE, OFFICER_DE, at_once) == "gaps-stay"
        police = Issue(capacity="issued", authority="Police (invented)", function="police", signed_on=START)
        await de.move(DE, JUDGE_DE, police)
        assert await refusal(de, DE, APPROVER_DE, Approve(override="urgent")) == "gaps-stay"
        await de.move(DE, OFFICER_DE, at_once)
        await taken(de, us, environment)
        missed = "missed:papers-follow"
        await until(environment, lambda: missed in us.states[US].attention, timedelta(days=11))
        judge = Issue(capacity="validated", authority="Court (invented)", function="judge", signed_on=START)
        await de.move(DE, JUDGE_DE, judge)
        await de.move(DE, APPROVER_DE, Approve())
        await de.move(DE, OFFICER_DE, Papers())
        await until(environment, lambda: quiet(de, us), SOON)
        for state in (de.states[DE], us.states[US]):
            assert not state.papers_follow
            assert missed not in state.attention
        assert not [gap for gap in de.states[DE].gaps if gap.blocking]


async def test_put_off_heard_granted_used_settled_and_given_back() -> None:
    de, us = pair()
    us.hands.law = {"duties": (DutyAsked(duty="consult-before-refusal", article="18(26)"),)}
    lent = item("lent").model_copy(update={"on_loan": True})
    async with engine(de, us) as environment:
        await de.file_request()
        await de.move(DE, APPROVER_DE, Approve())
        await de.move(DE, OFFICER_DE, Send())
        await taken(de, us, environment)
        no = Decide(decision="refused", reasons="ordre public (invented)")
        assert await refusal(us, US, OFFICER_US, no) == "consultation-first"
        await us.move(US, OFFICER_US, Consult(text="We think of refusing."))
        later = await environment.get_current_time() + timedelta(days=30)
        await us.move(US, OFFICER_US, Postpone(reasons="an own trial (invented)", until_estimate=later))
        await until(environment, lambda: quiet(de, us), SOON)
        await until(environment, lambda: "missed:postponed" in us.states[US].attention, timedelta(days=31))
        assert await environment.get_current_time() >= later
        part = Decide(decision="partly-accepted", reasons="no content (invented)", precise="subscriber data")
        await us.move(US, OFFICER_US, part)
        await us.move(US, OFFICER_US, Evidence(complete=True, items=(lent,)))
        await us.move(US, OFFICER_US, Costs(amount="10", currency="EUR", borne_by="requesting"))
        await until(environment, lambda: quiet(de, us), SOON)
        await de.move(DE, OFFICER_DE, Use(items=("lent",), purpose="the trial (invented)"))
        assert await refusal(de, DE, OFFICER_DE, Close(outcome=outcome())) == "objects-on-loan"
        await de.move(DE, OFFICER_DE, ReturnObjects(items=("lent",)))
        await de.move(DE, OFFICER_DE, Costs(amount="10", currency="EUR", borne_by="requesting", settled=True))
        await until(environment, lambda: quiet(de, us), SOON)
        await de.move(DE, OFFICER_DE, Close(outcome=outcome("partly-executed")))
        await until(environment, lambda: us.states[US].status == "closed", SOON)
        for state in (de.states[DE], us.states[US]):
            assert state.status == "closed"
            assert state.returned == ["lent"]
            assert [cost.settled for cost in state.costs] == [True]
            running = [entry for entry in state.deadlines if entry.status is ClockStatus.RUNNING]
            assert not running
