"""Does one case stay small over ten years and five hundred handoffs, inside agencies and between them?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from schemas.case import LARGEST_STATE, CaseState
from schemas.deadline import ClockStatus
from schemas.handoff import HandoffStatus, Holder
from schemas.moves import AcceptHandoff, Acknowledge, Actor, Approve, Decide, OfferHandoff, Send
from tests.flow.engine import FakeHouse, engine, pair, until
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US
from tests.flow.test_anywhere import quiet, runs
from workflows import baton
from workflows.making import KEYS_KEPT

DE, US = "DE-MLA-2026-00001", "US-MLA-2026-00001"
HANDOFFS = 500
YEARS = timedelta(days=3653)
MOVES_PER_RUN = 100
ACROSS = 10
"""Every so many handoffs the case goes to the other house, and is at home there for as long."""
AGENCIES = ("court", "foreign-ministry", "executing-authority", "prosecutor", "central-authority")
SOON = timedelta(days=1)


class Longest:
    """What the longest run of a case held, and how large the case became."""

    def __init__(self) -> None:
        self.events = self.bytes = 0

    async def look(self, environment: WorkflowEnvironment, state: CaseState) -> None:
        handle = environment.client.get_workflow_handle(state.ref)
        self.events = max(self.events, (await handle.describe()).history_length)
        self.bytes = max(self.bytes, len(state.model_dump_json()))


async def passed(house: FakeHouse, ref: str, number: int, receiver: Holder) -> None:
    """Whoever holds the case offers it; if it is for another agency of the same house, that takes it."""
    state = house.states[ref]
    holding = Actor(id="holder", house=house.house, roles=OFFICER_DE.roles, agency=state.holder.function)
    name = f"{house.house}.n{number}"
    await house.move(ref, holding, OfferHandoff(id=name, receiver=receiver, why="its turn"))
    if receiver.house == house.house:
        taking = Actor(id="taker", house=house.house, roles=OFFICER_DE.roles, agency=receiver.function)
        await house.move(ref, taking, AcceptHandoff(id=name))


async def begun(environment: WorkflowEnvironment, de: FakeHouse, us: FakeHouse) -> None:
    """Sent, taken by the United States and granted."""
    await de.file_request()
    await de.move(DE, APPROVER_DE, Approve())
    await de.move(DE, OFFICER_DE, Send())
    await until(environment, lambda: US in us.states and quiet(de, DE), SOON)
    for body in (Acknowledge(), AcceptHandoff(id=f"{DE}.h1")):
        await us.move(US, OFFICER_US, body)
    await until(environment, lambda: us.states[US].holder.house == "us", SOON)
    await us.move(US, OFFICER_US, Decide(decision="accepted"))


@pytest.mark.slow
async def test_ten_years_and_five_hundred_handoffs() -> None:
    de, us = pair()
    de.moves_per_run = us.moves_per_run = MOVES_PER_RUN
    longest = Longest()
    async with engine(de, us) as environment:
        await begun(environment, de, us)
        opened = await environment.get_current_time()
        house, there, ref = us, de, US
        for number in range(1, HANDOFFS):
            if number % ACROSS:
                receiver = Holder(house=house.house, function=AGENCIES[number % len(AGENCIES)])
                await passed(house, ref, number, receiver)
            else:
                await across(environment, house, there, ref, number)
                house, there, ref = there, house, DE if ref == US else US
            await longest.look(environment, house.states[ref])
            await environment.sleep(YEARS / HANDOFFS)
        spent = await environment.get_current_time() - opened
        many = [await runs(environment, name) for name in (DE, US)]
    check(de.states[DE], us.states[US], spent, longest)
    print(
        f"{HANDOFFS} handoffs in {spent.days} days; runs {many}; longest run {longest.events} events; "
        f"largest state {longest.bytes} bytes"
    )
    assert min(many) > 3


async def across(
    environment: WorkflowEnvironment, house: FakeHouse, there: FakeHouse, ref: str, number: int
) -> None:
    """The other house takes it: offered, accepted, confirmed."""
    other = DE if ref == US else US
    await passed(house, ref, number, baton.there(house.states[ref]))
    await until(environment, lambda: quiet(house, ref), SOON)
    taking = Actor(id="taker", house=there.house, roles=OFFICER_DE.roles)
    await there.move(other, taking, AcceptHandoff(id=f"{house.house}.n{number}"))
    await until(environment, lambda: quiet(house, ref) and quiet(there, other), SOON)


def check(ours: CaseState, theirs: CaseState, spent: timedelta, longest: Longest) -> None:
    """Everything is there, in both houses alike, and neither run nor state has grown out of bounds."""
    assert spent >= YEARS * 0.99
    assert ours.holder.house == theirs.holder.house
    between = [[each for each in state.handoffs if baton.between(each)] for state in (ours, theirs)]
    assert [each.triple for each in between[0]] == [each.triple for each in between[1]]
    assert all(each.status is HandoffStatus.CONFIRMED for each in (*ours.handoffs, *theirs.handoffs))
    names = {each.id for each in (*ours.handoffs, *theirs.handoffs)}
    assert len(names) == HANDOFFS
    for state in (ours, theirs):
        assert len(state.keys) == KEYS_KEPT
        assert not [
            entry
            for entry in state.deadlines
            if entry.status is ClockStatus.RUNNING and past(entry.due, state)
        ]
    assert longest.events < MOVES_PER_RUN * 40
    assert longest.bytes < LARGEST_STATE


def past(due: datetime, state: CaseState) -> bool:
    """Should it have been marked as missed by now?"""
    return due < state.updated - SOON
