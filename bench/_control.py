"""What would the same traffic cost on the bare engine? A workflow that only passes bytes about.

One control stands for the case of one house; two make a life. What a life asks of the engine is a tree of
turns: an update, what it does in place, and the letter it sends, which is a turn of the other house.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from pydantic import BaseModel
from temporalio import workflow

LOCAL, POST = "control.local", "control.post"
_TIME = timedelta(seconds=60)


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
    first: bool = False
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
        self._posted = 0
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
            # the first letter between two houses begins the case over there
            first = letter.turn.house != "de" and self._posted == 0
            self._posted += 1
            posted = Given(turn=letter.turn, local=local, answer=letter.post.answered, first=first)
            await workflow.execute_activity(
                POST, filled(posted, letter.post.asked), result_type=str, start_to_close_timeout=_TIME
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
            work = filled(Given(answer=size.answered, arrived=arrived and left == 0), size.asked)
            if local:
                await workflow.execute_local_activity(
                    LOCAL, work, result_type=str, start_to_close_timeout=_TIME
                )
            else:
                await workflow.execute_activity(LOCAL, work, result_type=str, start_to_close_timeout=_TIME)


def filled(given: Given, size: int) -> Given:
    """As large as the real thing: what the turn itself takes counts as well."""
    return given.model_copy(update={"filler": "x" * max(0, size - len(given.model_dump_json()))})
