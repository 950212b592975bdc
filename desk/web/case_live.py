"""How does an open page learn that its case has moved? By a stream of events that says so, and no more.

All screens at one case share one look at the records; the stream ends with the session.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from desk import reading
from desk.web.frame import HEADERS, PageGuard, PageRoute, Visitor
from desk.who import Permission
from records.lasting import lasts
from schemas.errors import NotFound, RogatoryError

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Reader = Annotated[Visitor, Depends(PageGuard(Permission.SEE_CASE))]

LOOK_EVERY = 3.0
SIGN_OF_LIFE = 15.0
"""Seconds after which a quiet stream says that it lives; by that it also learns that nobody listens."""
MOST_STREAMS = 8
"""Of one account: so many windows nobody looks at."""


class TooManyStreams(RogatoryError):
    """The account has more pages open that follow their case than it may."""

    code = "too-many-streams"
    status = 429


class Pulse:
    """The newest move of each case that somebody looks at. One task looks for all who wait for the same."""

    def __init__(self, newest: Callable[[str], int], every: float = LOOK_EVERY) -> None:
        self._newest = newest
        self._every = every
        self._waiting: dict[str, set[asyncio.Queue[int]]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.streams: Counter[str] = Counter()

    def join(self, ref: str) -> asyncio.Queue[int]:
        """A queue that gets the number of every new move of the case. Leave it again."""
        queue: asyncio.Queue[int] = asyncio.Queue(maxsize=8)
        self._waiting.setdefault(ref, set()).add(queue)
        if ref not in self._tasks:
            self._tasks[ref] = asyncio.create_task(self._look(ref))
        return queue

    def leave(self, ref: str, queue: asyncio.Queue[int]) -> None:
        """No more for this queue; with the last of them the looking ends."""
        waiting = self._waiting.get(ref, set())
        waiting.discard(queue)
        if not waiting:
            self._waiting.pop(ref, None)
            task = self._tasks.pop(ref, None)
            if task is not None:
                task.cancel()

    async def _look(self, ref: str) -> None:
        known: int | None = None
        while True:
            try:
                newest = await run_in_threadpool(self._newest, ref)
            except NotFound:
                return
            except RogatoryError:
                newest = known if known is not None else 0
            if known is not None and newest != known:
                for queue in self._waiting.get(ref, set()):
                    if not queue.full():
                        queue.put_nowait(newest)
            known = newest
            await asyncio.sleep(self._every)


@router.get("/desk/case/{ref:path}/events")
async def events(request: Request, visitor: Reader, ref: str) -> StreamingResponse:
    """`moved` whenever the case has a new move. Raises NotFound, TooManyStreams."""
    await run_in_threadpool(reading.look, visitor.house.records, visitor.who, ref)
    pulse = pulse_of(request)
    if pulse.streams[visitor.who.id] >= MOST_STREAMS:
        raise TooManyStreams(
            "Too many of your pages follow their case.", where=ref, next_step="close some of them"
        )
    headers = {**HEADERS, "X-Accel-Buffering": "no"}
    return StreamingResponse(stream(visitor, pulse, ref), media_type="text/event-stream", headers=headers)


def pulse_of(request: Request) -> Pulse:
    """The one pulse of this application."""
    state = request.app.state
    if not hasattr(state, "pulse"):
        docket = state.house.records.docket
        state.pulse = Pulse(lambda ref: int(docket.row(ref).move))
    found: Pulse = state.pulse
    return found


async def stream(
    visitor: Visitor, pulse: Pulse, ref: str, sign_of_life: float = SIGN_OF_LIFE
) -> AsyncGenerator[str]:
    """Lines of the stream, until the session is over or nobody listens any more."""
    queue = pulse.join(ref)
    pulse.streams[visitor.who.id] += 1
    try:
        yield "retry: 5000\n\n"
        while await run_in_threadpool(_goes_on, visitor):
            try:
                move = await asyncio.wait_for(queue.get(), sign_of_life)
                yield f"event: moved\ndata: {move}\n\n"
            except TimeoutError:
                yield ": here\n\n"
        yield "event: over\ndata: session\n\n"
    finally:
        pulse.leave(ref, queue)
        pulse.streams[visitor.who.id] -= 1


def _goes_on(visitor: Visitor) -> bool:
    records = visitor.house.records
    return visitor.session is not None and lasts(
        records.database, visitor.session.hash, records.sessions.idle
    )
