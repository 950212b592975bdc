"""How long does a test wait for what must come? Long, since a busy machine is slow."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator

PATIENCE = 120
"""Seconds."""


def tries(what: str, every: float = 0.05) -> Iterator[None]:
    """Turns of a loop, `every` seconds, that its body leaves when it has what it waits for.

    Raises AssertionError after PATIENCE: waited in vain for `what`.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        yield
        time.sleep(every)
    raise AssertionError(f"waited in vain: {what}")


async def turns(what: str, every: float = 0.05) -> AsyncIterator[None]:
    """As `tries`, letting other tasks of the loop go on meanwhile."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        yield
        await asyncio.sleep(every)
    raise AssertionError(f"waited in vain: {what}")


def until(true: Callable[[], bool], what: str) -> None:
    """Waits for `true`. Raises AssertionError after PATIENCE."""
    for _ in tries(what):
        if true():
            return
