"""How does a worker or desk run that can be held at its boundaries? `-m tests.whole.held WHAT PART FOLDER`

The same program as in production, with a point before and after each of its steps. What the engine's library
waits for after a death is made shorter, so that two hundred deaths fit into minutes.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from unittest.mock import patch

from temporalio import activity
from temporalio.worker import Worker

from tests.whole.holding import Holds, Point

P = ParamSpec("P")
T = TypeVar("T")
STICKY = timedelta(seconds=2)
"""How long the engine waits for the worker that knew the case before it asks another."""
PAUSE = 0.5
"""Seconds between two rounds of errands, and of collecting from providers."""


class Held:
    """Steps of one part, each with a point before and after it."""

    def __init__(self, holds: Holds, part: str) -> None:
        self.holds = holds
        self.part = part

    def come(self, boundary: str, when: str) -> None:
        self.holds.come(Point(self.part, boundary, when))

    def step(self, boundary: str, work: Callable[P, T]) -> Callable[P, T]:
        """A step that runs in a thread of its own."""

        @wraps(work)
        def held(*arguments: P.args, **named: P.kwargs) -> T:
            self.come(boundary, "before")
            done = work(*arguments, **named)
            self.come(boundary, "after")
            return done

        return held

    def coroutine(self, boundary: str, work: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        """A step on the loop, which goes on meanwhile."""

        @wraps(work)
        async def held(*arguments: P.args, **named: P.kwargs) -> T:
            await asyncio.to_thread(self.come, boundary, "before")
            done = await work(*arguments, **named)
            await asyncio.to_thread(self.come, boundary, "after")
            return done

        return held

    def hand(self, method: Callable[[Any], Any]) -> Callable[..., Any]:
        """An activity."""
        definition = activity._Definition.must_from_callable(method)
        name = definition.name or ""
        held = self.step(name.rsplit(".", 1)[-1], method)

        def work(work: Any) -> Any:
            return held(work)

        work.__annotations__ = {"work": (definition.arg_types or [])[0], "return": definition.ret_type}
        return activity.defn(name=name)(work)


def run_worker(held: Held) -> int:
    """As `python -m worker`."""
    import worker

    real = worker.hands

    def hands(*arguments: Any, **named: Any) -> list[Callable[..., Any]]:
        return [held.hand(method) for method in real(*arguments, **named)]

    instead(worker, "hands", hands)
    instead(worker, "Worker", partial(Worker, sticky_queue_schedule_to_start_timeout=STICKY))
    return worker.run()


def run_desk(held: Held) -> int:
    """As `python -m desk.serve`."""
    from desk import collecting, errands, inbound, office, serve

    instead(inbound, "receive", held.coroutine("receive", inbound.receive))
    instead(inbound, "_store", held.step("receive-store", inbound._store))
    instead(inbound, "_deliver", held.step("receive-answer", inbound._deliver))
    instead(office.Office, "file", held.coroutine("update", office.Office.file))
    instead(office.Office, "_made", held.coroutine("update", office.Office._made))
    instead(errands, "_tried", held.coroutine("errand", errands._tried))
    instead(collecting, "_take", held.coroutine("collect", collecting._take))
    instead(serve, "keep_errands", partial(errands.keep_errands, pause=PAUSE))
    instead(serve, "keep_collecting", partial(collecting.keep_collecting, pause=PAUSE))
    return serve.main()


def instead(place: Any, name: str, what: Any) -> None:
    """`what` in the place of what is called `name` there, as long as this process lives."""
    assert hasattr(place, name), name
    patch.object(place, name, what).start()


def main(what: str, part: str, folder: str) -> int:
    """The exit status of the part."""
    held = Held(Holds(Path(folder)), part)
    return run_worker(held) if what == "worker" else run_desk(held)


if __name__ == "__main__":
    status = main(*sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
