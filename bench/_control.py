"""What would the same traffic cost on the bare engine? A workflow that only passes bytes about.

One control stands for the case of one house; two make a life. What a life asks of the engine is a tree of
turns: an update, what it does in place, and the letter it sends, which is a turn of the other house.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from pydantic import BaseModel
from temporalio import activity, workflow
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

QUEUE = "control"
_LOCAL, _POST = "control.local", "control.post"
_TIME = timedelta(seconds=60)
_OTHER = {"de": "us", "us": "de"}


class Size(BaseModel):
    """Bytes given to the engine, and bytes it gives back."""

    asked: int
    answered: int


class Letter(BaseModel):
    """A posting (an ordinary activity), the turn it makes over there, and what is filed of it afterwards."""

    post: Size
    turn: Turn
    delivered: list[Size]


class Turn(BaseModel):
    """One update of the case of `house`, its local activities, and the letter it leads to."""

    house: str
    update: Size
    local: list[Size]
    letter: Letter | None = None
    last: bool = False


class Given(BaseModel):
    """What a control is given: a turn (or nothing to do), and filler up to the size of the real thing."""

    turn: Turn | None = None
    local: bool = True
    answer: int = 0
    arrived: bool = False
    filler: str = ""


def turns_in(turn: Turn) -> list[Turn]:
    """The turn and those its letters lead to."""
    return [turn, *(turns_in(turn.letter.turn) if turn.letter else [])]


def counts(plan: list[Turn]) -> str:
    """The shape of a life in words."""
    turns = [each for turn in plan for each in turns_in(turn)]
    letters = [turn.letter for turn in turns if turn.letter]
    local = [size for turn in turns for size in turn.local]
    local += [size for letter in letters for size in letter.delivered]
    sizes = [*local, *(turn.update for turn in turns), *(letter.post for letter in letters)]
    payload = sum(size.asked + size.answered for size in sizes) / 1024
    return (
        f"{len(turns)} updates, {len(local)} local and {len(letters)} ordinary activities, "
        f"{payload:.0f} KiB of payload"
    )


@workflow.defn(name="Control")
class Control:
    """Takes turns as a case takes moves: one at a time, letters after one another."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._letters: list[tuple[Letter, bool]] = []
        self._last = False

    @workflow.run
    async def run(self, given: Given) -> int:
        """Posts letters until the last turn is taken."""
        while True:
            await workflow.wait_condition(lambda: bool(self._letters) or self._last)
            if not self._letters:
                await workflow.wait_condition(workflow.all_handlers_finished)
                return 0
            letter, local = self._letters[0]
            posted = Given(turn=letter.turn, local=local, answer=letter.post.answered)
            await workflow.execute_activity(
                _POST, _filled(posted, letter.post.asked), result_type=str, start_to_close_timeout=_TIME
            )
            async with self._lock:
                await self._act(letter.delivered, local, arrived=True)
            del self._letters[0]

    @workflow.update
    async def turn(self, given: Given) -> str:
        """One turn."""
        turn = given.turn
        if turn is None:
            return ""
        async with self._lock:
            await self._act(turn.local, given.local)
        if turn.letter is not None:
            self._letters.append((turn.letter, given.local))
        self._last = self._last or turn.last
        return "x" * turn.update.answered

    @turn.validator
    def _check(self, given: Given) -> None:
        """A case has one too."""

    async def _act(self, sizes: list[Size], local: bool, arrived: bool = False) -> None:
        for left, size in enumerate(sizes, start=1 - len(sizes)):
            work = _filled(Given(answer=size.answered, arrived=arrived and left == 0), size.asked)
            if local:
                await workflow.execute_local_activity(
                    _LOCAL, work, result_type=str, start_to_close_timeout=_TIME
                )
            else:
                await workflow.execute_activity(_LOCAL, work, result_type=str, start_to_close_timeout=_TIME)


def control_activities(client: Client) -> list[Callable[..., Any]]:
    """Activities that do nothing; posting takes the turn of the other house, as a letter does."""

    @activity.defn(name=_LOCAL)
    def local(given: Given) -> str:
        if given.arrived:
            _arrived[(activity.info().workflow_id or "")[2:]] += 1
        return "x" * given.answer

    @activity.defn(name=_POST)
    async def post(given: Given) -> str:
        if given.turn is not None:
            await _take(client, given.turn, (activity.info().workflow_id or "")[2:], given.local)
        return "x" * given.answer

    return [local, post]


async def live_control(client: Client, plan: list[Turn], number: int, *, local: bool) -> None:
    """A life of two controls. A turn is over when its letters have arrived, as in the real life."""
    name = f"-{'same' if local else 'ordinary'}-{number}"
    letters = 0
    for turn in plan:
        await _take(client, turn, name, local)
        letters += len(turns_in(turn)) - 1
        await _arrival(name, letters)
    for house in _OTHER:
        await client.get_workflow_handle(house + name).result()


async def _arrival(name: str, letters: int) -> None:
    """Waits as the real life does: until so many letters have arrived."""
    while True:
        if _arrived[name] >= letters:
            return
        await asyncio.sleep(0.005)


async def _take(client: Client, turn: Turn, name: str, local: bool) -> None:
    given = _filled(Given(turn=turn, local=local), turn.update.asked)
    start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        "Control",
        Given(filler="x" * turn.update.asked),
        id=turn.house + name,
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    if turn.house + name in _begun:
        await client.get_workflow_handle(turn.house + name).execute_update("turn", given, result_type=str)
        return
    _begun.add(turn.house + name)
    await client.execute_update_with_start_workflow(
        "turn", given, start_workflow_operation=start, result_type=str
    )


_begun: set[str] = set()
_arrived: Counter[str] = Counter()


def _filled(given: Given, size: int) -> Given:
    """As large as the real thing: what the turn itself takes counts as well."""
    return given.model_copy(update={"filler": "x" * max(0, size - len(given.model_dump_json()))})
