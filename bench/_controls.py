"""How are controls run: a worker process for each house, and lives played on them?"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from temporalio import activity
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker

from bench._control import LOCAL, POST, Control, Given, Turn, filled, turns_in
from worker import CACHED_CASES, FILING, HANDS, POSTING
from workflows.sandbox import runner

HOUSES = ("de", "us")


def queue_of(house: str) -> str:
    """The task queue on which the control of a house works."""
    return f"control-{house}"


async def work(house: str, address: str, tell: Callable[[str], None]) -> None:
    """The worker of one control, until its process is ended. `tell`: a letter of this life has arrived."""
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    with ThreadPoolExecutor(HANDS) as threads:
        worker = Worker(
            client,
            task_queue=queue_of(house),
            workflows=[Control],
            activities=_activities(client, tell),
            activity_executor=threads,
            workflow_runner=runner(),
            max_cached_workflows=CACHED_CASES,
            max_concurrent_activities=POSTING,
            max_concurrent_local_activities=FILING,
        )
        async with worker:
            await asyncio.Event().wait()


def _activities(client: Client, tell: Callable[[str], None]) -> list[Callable[..., Any]]:
    """Activities that do nothing; posting takes the turn of the other house, as a letter does."""

    @activity.defn(name=LOCAL)
    def local(given: Given) -> str:
        if given.arrived:
            tell((activity.info().workflow_id or "")[2:])
        return "x" * given.answer

    @activity.defn(name=POST)
    async def post(given: Given) -> str:
        if given.turn is not None:
            name = (activity.info().workflow_id or "")[2:]
            await take(client, given.turn, name, given.local, first=given.first)
        return "x" * given.answer

    return [local, post]


async def live_control(
    client: Client, plan: list[Turn], arrived: Counter[str], number: int, *, local: bool
) -> None:
    """A life of two controls. A turn is over when its letters have arrived, as in the real life."""
    name = f"-{'same' if local else 'ordinary'}-{number}"
    letters = 0
    for turn in plan:
        await take(client, turn, name, local, first=turn is plan[0])
        letters += len(turns_in(turn)) - 1
        await _arrival(arrived, name, letters)
    await asyncio.gather(*(client.get_workflow_handle(house + name).result() for house in HOUSES))


async def _arrival(arrived: Counter[str], name: str, letters: int) -> None:
    """Waits as the real life does: until so many letters have arrived."""
    while True:
        if arrived[name] >= letters:
            return
        await asyncio.sleep(0.005)


async def take(client: Client, turn: Turn, name: str, local: bool, *, first: bool) -> None:
    """Has a turn taken; the first one of a house starts its control along with it."""
    given = filled(Given(turn=turn, local=local), turn.update.asked)
    if not first:
        await client.get_workflow_handle(turn.house + name).execute_update("turn", given, result_type=str)
        return
    start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        "Control",
        Given(filler="x" * turn.update.asked),
        id=turn.house + name,
        task_queue=queue_of(turn.house),
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    await client.execute_update_with_start_workflow(
        "turn", given, start_workflow_operation=start, result_type=str
    )
