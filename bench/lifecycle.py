"""What does a case cost beside the bare engine? Whole lives in two houses against a control of their shape.

The control runs in the same sandbox on the same server in the same run: as many updates, activities and
payload bytes, without codec, state, law, seals or records. Once with the same mix of local and ordinary
activities, once with ordinary ones only. Each house works in a process of its own, and so does its control.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import shutil
import socket
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from bench import _controls, _houses
from bench._control import counts
from bench._controls import live_control
from bench._houses import Shared
from bench._lives import Watch, live
from workflows.mutual_assistance import MutualAssistance
from workflows.sandbox import runner

LIVES = int(os.environ.get("ROGATORY_BENCH_LIVES", "24"))
AT_ONCE = 8
ROUNDS = 3
"""Lives and controls take turns, so that a busy machine is busy for all of them."""

Way = Callable[[int], Awaitable[None]]
_started: list[int] = []


@dataclass
class Spent:
    """What the lives of one way took: seconds of the clock, and of all processors."""

    lives: int = 0
    seconds: float = 0.0
    work: float = 0.0

    @property
    def rate(self) -> float:
        """Lives per second."""
        return self.lives / self.seconds

    @property
    def effort(self) -> float:
        """Processor seconds per life: the fairer figure on a machine that others use too."""
        return self.work / self.lives


_SPAWN = multiprocessing.get_context("spawn")


def run() -> list[str]:
    """The figures of one run."""
    with TemporaryDirectory(prefix="rogatory-bench-") as folder:
        lines = asyncio.run(_figures(Path(folder)))
    # the bench ends without Python's own clearing up: what the queues hold of the system is given back here
    gc.collect()
    return lines


async def _figures(folder: Path) -> list[str]:
    watch, arrived = Watch(), Counter[str]()
    shared = Shared(door=_SPAWN.RawValue("b", 0), sizes=_SPAWN.RawValue("b", 1))
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(_server(folder))
        _houses.make_houses(folder)
        told = stack.enter_context(_heard(watch.take))
        letters = stack.enter_context(_heard(lambda name: arrived.update([name])))
        for house in ("de", "us"):
            stack.enter_context(_child(_house, folder, house, address, told, shared))
            stack.enter_context(_child(_control, house, address, letters))
        de = await _houses.office_of(stack, folder, "de", address, told, shared)
        us = await _houses.office_of(stack, folder, "us", address, told, shared)
        client = await Client.connect(address, data_converter=pydantic_data_converter)
        await live(de, us, watch, 0, desk=False)
        plan = watch.plan()
        shared.sizes.value = 0

        async def through(number: int) -> None:
            await live(de, us, watch, number, desk=True)

        ways: dict[str, tuple[int, Way]] = {
            "case": (0, lambda number: live(de, us, watch, number, desk=False)),
            "house": (1, through),
            "same": (0, lambda number: live_control(client, plan, arrived, number, local=True)),
            "ordinary": (0, lambda number: live_control(client, plan, arrived, number, local=False)),
        }
        rates = await _rates(ways, shared)
        return [*_told(rates, counts(plan)), *await _histories(de.client, us.client)]


async def _rates(ways: dict[str, tuple[int, Way]], shared: Shared) -> dict[str, Spent]:
    """What each way took, all rounds together. The first life of each is not counted."""
    spent = {name: Spent() for name in ways}
    number = 1
    for turn in range(ROUNDS + 1):
        for name, (through, way) in ways.items():
            shared.door.value = through
            numbers = range(number, number + (LIVES // ROUNDS if turn else 1))
            number += len(numbers)
            start, work = time.perf_counter(), _work_done()
            await _all(way, numbers)
            if turn:
                spent[name].lives += len(numbers)
                spent[name].seconds += time.perf_counter() - start
                spent[name].work += _work_done() - work
    return spent


def _work_done() -> float:
    """Processor seconds of this process and all it started, so far; 0 where the system does not tell."""
    return sum(_work_of(pid) for pid in [os.getpid(), *_started])


def _work_of(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _all(way: Way, numbers: Sequence[int]) -> None:
    """Every life, so many at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with gate:
            await way(number)

    await asyncio.gather(*(one(number) for number in numbers))


def _told(spent: dict[str, Spent], shape: str) -> list[str]:
    names = {
        "case": "lives of cases",
        "house": "the same through desk and door",
        "same": "control, same mix of local and ordinary activities",
        "ordinary": "control, all activities ordinary",
    }
    same, ordinary = spent["same"], spent["ordinary"]
    lines = [f"one life in both houses: {shape}"]
    for name, what in names.items():
        way = spent[name]
        line = f"{what:<52} {way.rate:6.2f} / s, {way.effort:5.2f} processor seconds each"
        if way is not same and way is not ordinary:
            line += f"; ratio {way.rate / same.rate:.2f}, to all ordinary {way.rate / ordinary.rate:.2f}"
            if way.effort:
                line += f"; by processor time {same.effort / way.effort:.2f}"
        lines.append(line)
    return lines


async def _histories(de: Client, us: Client) -> list[str]:
    """Events and bytes of a closed case's history, and how long the longest takes to replay."""
    lines: list[str] = []
    times: list[float] = []
    longest = 0
    for client, ref in ((de, "DE-MLA-2026-00001"), (us, "US-MLA-2026-00001")):
        history = await client.get_workflow_handle(ref).fetch_history()
        size = sum(event.ByteSize() for event in history.events) / 1024
        lines.append(f"history of a closed case: {len(history.events)} events, {size:.0f} KiB")
        if len(history.events) < longest:
            continue
        longest = len(history.events)
        replayer = Replayer(
            workflows=[MutualAssistance], workflow_runner=runner(), data_converter=client.data_converter
        )
        times = []
        for _ in range(5):
            start = time.perf_counter()
            await replayer.replay_workflow(history)
            times.append(time.perf_counter() - start)
    return [*lines, f"replay of the longest: {statistics.median(times) * 1000:.0f} ms"]


# --- processes ------------------------------------------------------------------------------------------


def _house(folder: Path, house: str, address: str, told: Any, shared: Shared) -> None:
    asyncio.run(_houses.work(folder, house, address, told, shared))


def _control(house: str, address: str, letters: Any) -> None:
    asyncio.run(_controls.work(house, address, letters.put))


@contextmanager
def _child(work: Callable[..., None], *given: Any) -> Iterator[None]:
    """A process for as long as the bench needs it."""
    process = _SPAWN.Process(target=work, args=given, daemon=True)
    process.start()
    _started.append(process.pid or 0)
    try:
        yield
    finally:
        process.kill()
        process.join(10)


@contextmanager
def _heard(take: Callable[[Any], None]) -> Iterator[Any]:
    """A queue whose content is taken as it comes, in a thread of its own."""
    queue = _SPAWN.SimpleQueue()

    def listen() -> None:
        for told in iter(queue.get, None):
            take(told)

    listening = threading.Thread(target=listen, daemon=True)
    listening.start()
    try:
        yield queue
    finally:
        queue.put(None)
        listening.join(10)
        queue.close()


@asynccontextmanager
async def _server(folder: Path) -> AsyncIterator[str]:
    """The embedded server as `rogatory up` runs it: a file, written through to the disk."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    beside = Path(sys.executable).with_name("temporal")
    binary = str(beside) if beside.is_file() else shutil.which("temporal") or "temporal"
    command = [binary, "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", str(port)]
    command += ["--db-filename", str(folder / "temporal.sqlite"), "--log-level", "error"]
    command += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=full"]
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet)
    _started.append(process.pid)
    try:
        await _answers(f"127.0.0.1:{port}")
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def _answers(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            await Client.connect(address)
            return
        except RuntimeError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.2)
