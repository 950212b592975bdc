"""What does a case cost beside the bare engine? Whole lives in two houses against a control of their shape.

The control runs in the same sandbox on the same server in the same run: as many updates, activities and
payload bytes, without codec, state, law, seals or records. Once with the same mix of local and ordinary
activities, once with ordinary ones only.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, Worker

from bench._control import QUEUE, Control, control_activities, counts, live_control
from bench._houses import Measured, live, two_houses
from workflows.mutual_assistance import MutualAssistance
from workflows.sandbox import runner

LIVES = int(os.environ.get("ROGATORY_BENCH_LIVES", "24"))
AT_ONCE = 8
ROUNDS = 3
"""Lives and controls take turns, so that a busy machine is busy for all of them."""


def run() -> list[str]:
    """The figures of one run."""
    with TemporaryDirectory(prefix="rogatory-bench-") as folder:
        return asyncio.run(_figures(Path(folder)))


async def _figures(folder: Path) -> list[str]:
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(_server(folder))
        threads = stack.enter_context(ThreadPoolExecutor(48))
        measured = Measured()
        de, us = await stack.enter_async_context(two_houses(folder, address, threads, measured))
        client = await Client.connect(address, data_converter=pydantic_data_converter)
        worker = Worker(
            client,
            task_queue=QUEUE,
            workflows=[Control],
            activities=control_activities(client),
            activity_executor=threads,
            workflow_runner=runner(),
            max_cached_workflows=400,
        )
        await stack.enter_async_context(worker)
        await live(de, us, 0, desk=True)
        plan = measured.plan()
        ways: dict[str, Callable[[int], Awaitable[None]]] = {
            "case": lambda number: live(de, us, number, desk=False),
            "house": lambda number: live(de, us, number, desk=True),
            "same": lambda number: live_control(client, plan, number, local=True),
            "ordinary": lambda number: live_control(client, plan, number, local=False),
        }
        rates = await _rates(ways)
        return [*_told(rates, counts(plan)), *await _histories(de.client, us.client)]


async def _rates(ways: dict[str, Callable[[int], Awaitable[None]]]) -> dict[str, float]:
    """Lives per second of each way, all rounds together."""
    spent = dict.fromkeys(ways, 0.0)
    number = 1
    for _ in range(ROUNDS):
        for name, way in ways.items():
            numbers = range(number, number + LIVES // ROUNDS)
            number += len(numbers)
            start = time.perf_counter()
            await _all(way, numbers)
            spent[name] += time.perf_counter() - start
    return {name: LIVES // ROUNDS * ROUNDS / seconds for name, seconds in spent.items()}


async def _all(way: Callable[[int], Awaitable[None]], numbers: Sequence[int]) -> None:
    """Every life, so many at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with gate:
            await way(number)

    await asyncio.gather(*(one(number) for number in numbers))


def _told(rates: dict[str, float], shape: str) -> list[str]:
    same, ordinary = rates["same"], rates["ordinary"]
    lines = [f"one life in both houses: {shape}"]
    for name, what in (("case", "lives of cases"), ("house", "the same through desk and door")):
        real = rates[name]
        lines.append(
            f"{what:<52} {real:6.2f} / s   ratio {real / same:.2f}, to all ordinary {real / ordinary:.2f}"
        )
    lines.append(f"{'control, same mix of local and ordinary activities':<52} {same:6.2f} / s")
    lines.append(f"{'control, all activities ordinary':<52} {ordinary:6.2f} / s")
    return lines


async def _histories(de: Client, us: Client) -> list[str]:
    """Events and bytes of a closed case's history, and how long the longest takes to replay."""
    found = []
    for client, ref in ((de, "DE-MLA-2026-00001"), (us, "US-MLA-2026-00001")):
        history = await client.get_workflow_handle(ref).fetch_history()
        size = sum(event.ByteSize() for event in history.events)
        found.append((len(history.events), size, client, history))
    lines = [
        f"history of a closed case: {events} events, {size / 1024:.0f} KiB" for events, size, _, _ in found
    ]
    _, _, client, longest = max(found, key=lambda item: item[0])
    replayer = Replayer(
        workflows=[MutualAssistance],
        workflow_runner=runner(),
        data_converter=client.data_converter,
    )
    times = []
    for _ in range(5):
        start = time.perf_counter()
        await replayer.replay_workflow(longest)
        times.append(time.perf_counter() - start)
    return [*lines, f"replay of the longest: {statistics.median(times) * 1000:.0f} ms"]


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
