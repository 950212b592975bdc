"""Does a person who waits for the engine get an answer, whatever the engine does?"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from desk import running
from schemas.errors import Unavailable
from schemas.moves import Actor, Approve, Move
from schemas.vocabulary import Role

MOVE = Move(key="k", actor=Actor(id="anna", house="de", roles=(Role.APPROVER,)), body=Approve())
ENOUGH = 60
"""Seconds after which a wait is held to be one without end."""


async def never(*_: Any, **__: Any) -> None:
    """A case that took the move up and cannot file it: the client asks again and again, each time in time."""
    await asyncio.Event().wait()


async def test_the_wait_for_a_case_that_took_up_a_move_and_cannot_end_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "ANSWER_SECONDS", 0.05)
    client: Any = SimpleNamespace(get_workflow_handle=lambda _: SimpleNamespace(execute_update=never))
    async with asyncio.timeout(ENOUGH):
        with pytest.raises(Unavailable) as caught:
            await running.update(client, "DE-1", MOVE)
    assert caught.value.retry
