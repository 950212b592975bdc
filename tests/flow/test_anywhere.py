"""Does a case lose anything by going on in a new run, whatever it is in the middle of?

Each kind lives the same life three times: in one run, and in runs so short that one begins at every state.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from difflib import unified_diff
from functools import partial

import pytest
from temporalio.testing import WorkflowEnvironment

from schemas.case import CaseState
from schemas.moves import FileRequest, Move
from schemas.vocabulary import Kind, Side
from tests.flow.engine import FakeHouse, engine, pair, until
from tests.flow.invented import OFFICER_DE
from tests.flow.lives import LIVES, Life, body_of

SOON = timedelta(minutes=10)
RUNS = ((400, 1), (400, 1, 2, 3))
"""Moves in one run of the engine, life after life."""
_OF_A_RUN = re.compile(r"\d{4}-\d\d-\d\d(T[0-9:.]+Z?)?|sha256:[0-9a-f]{64}|\.m\d+\.[0-9a-f]{8}")
"""Moments, what is signed at a moment, and the number and mark in the id of a letter: a receipt may be filed
before or after the answer that came back by itself."""


def quiet(house: FakeHouse, ref: str) -> bool:
    """Is nothing of this case on its way?"""
    state = house.states.get(ref)
    return state is None or not (
        any(item.status == "queued" for item in state.outbox)
        or any(notice.status == "queued" for notice in state.notices)
    )


def both_quiet(de: FakeHouse, ours: str, us: FakeHouse, theirs: str) -> bool:
    """Is nothing on its way in either house?"""
    return quiet(de, ours) and quiet(us, theirs)


async def lived(
    environment: WorkflowEnvironment, de: FakeHouse, us: FakeHouse, life: Life, number: int
) -> tuple[CaseState, CaseState]:
    """Plays the whole life as case `number` of its kind; both states at its end."""
    ours, theirs = f"DE-{life.kind.value.upper()}-2026-{number:05d}", ""
    first = Move(key=f"file-{number}", actor=OFFICER_DE, body=FileRequest(request=life.asked))
    await de.start(ours, Side.OUTGOING, first)
    for at, turn in enumerate(life.turns):
        house, ref = (de, ours) if turn[0] == "de" else (us, theirs)
        await house.move(ref, turn[1], body_of(turn, house.states[ref]), f"{number}-{at}")
        theirs = theirs or await arrived(environment, de, ours)
        await until(environment, partial(both_quiet, de, ours, us, theirs), SOON)
    return de.states[ours], us.states[theirs]


async def arrived(environment: WorkflowEnvironment, de: FakeHouse, ref: str) -> str:
    """Their reference of the case, once it was sent and they have it."""
    await until(environment, lambda: quiet(de, ref), SOON)
    return de.states[ref].counterpart.ref or ""


def told(state: CaseState, number: int) -> list[str]:
    """The state, line by line, without what differs between two lives that went alike."""
    whole = state.model_dump(mode="json")
    for entry in whole["deadlines"]:
        entry["left_seconds"] = entry["left_seconds"] is not None
    whole["keys"] = sorted([name, reply["event"], reply["status"]] for name, reply in whole["keys"].items())
    text = json.dumps(whole, indent=1, sort_keys=True)
    for own in (
        state.ref,
        state.counterpart.ref or "",
        state.ref.lower(),
        (state.counterpart.ref or "").lower(),
    ):
        text = text.replace(own, own[:3] + "N")
    text = text.replace(f'"{number}-', '"N-').replace(f"file-{number}", "file-N")
    return _OF_A_RUN.sub("~", text).splitlines()


async def runs(environment: WorkflowEnvironment, ref: str) -> int:
    """In how many runs the case has lived."""
    found = environment.client.get_workflow_handle(ref)
    count, run = 1, (await found.describe()).run_id
    first = (await found.fetch_history()).events[0].workflow_execution_started_event_attributes
    while first.continued_execution_run_id:
        count, run = count + 1, first.continued_execution_run_id
        handle = environment.client.get_workflow_handle(ref, run_id=run)
        events = (await handle.fetch_history()).events
        first = events[0].workflow_execution_started_event_attributes
    return count


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.kind.value)
async def test_a_new_run_at_every_state_loses_nothing(life: Life) -> None:
    de, us = pair()
    ends: list[tuple[list[str], list[str]]] = []
    async with engine(de, us) as environment:
        for number, moves_per_run in enumerate(RUNS[life.kind is Kind.MLA], 71):
            de.moves_per_run = us.moves_per_run = moves_per_run
            ours, theirs = await lived(environment, de, us, life, number)
            assert ours.status == "closed"
            ends.append((told(ours, number), told(theirs, number)))
            if moves_per_run == 1:
                many = await runs(environment, ours.ref)
                assert many >= len(life.turns) // 2, f"only {many} runs"
    for other in ends[1:]:
        for one, two in zip(ends[0], other, strict=True):
            assert not list(unified_diff(one, two, n=4, lineterm=""))


def test_every_kind_lives() -> None:
    assert {life.kind for life in LIVES} == set(Kind)
