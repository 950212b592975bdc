"""Does a real engine tell that it answers and who works there, and is one that is away told as such?"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio import workflow
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from desk.engine import Engine
from desk.office import Office
from records.open import Records

BINARY = str(Path(sys.executable).with_name("temporal"))


@workflow.defn
class FakeCase:
    """Nobody starts it."""

    @workflow.run
    async def run(self) -> None:
        """Nothing."""


async def test_a_worker_is_told_by_when_it_last_asked(records: Records) -> None:
    async with await WorkflowEnvironment.start_local(dev_server_existing_path=BINARY) as engine:
        office = Office(records.settings, records, engine.client)
        alone = await office.engine()
        assert alone.answers
        assert alone.version
        assert alone.workers == {}
        queue = records.settings.task_queue
        runner = UnsandboxedWorkflowRunner()
        async with Worker(
            engine.client, task_queue=queue, workflows=[FakeCase], workflow_runner=runner, identity="one"
        ):
            told = await seen(office)
    assert told.workers is not None
    assert datetime.now(UTC) - told.workers["one"] < timedelta(minutes=5)


async def seen(office: Office) -> Engine:
    """What the engine tells once it knows of a worker."""
    for _ in range(100):
        told = await office.engine()
        if told.workers:
            return told
        await asyncio.sleep(0.1)
    raise AssertionError("the engine knows of no worker")


async def test_an_engine_that_is_away(records: Records) -> None:
    office = Office(records.settings, records, await Client.connect("127.0.0.1:1", lazy=True))
    assert await office.engine() == Engine(False)
