"""Does a real engine tell that it answers and who works there, and is one that is away told as such?"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio import workflow
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from desk.engine import Engine, Queue
from desk.office import Office
from records.open import Records
from tests.patience import turns

BINARY = str(Path(sys.executable).with_name("temporal"))


@workflow.defn
class FakeCase:
    """Does nothing."""

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
        assert alone.queue == Queue(0, timedelta())
        # Nobody works there: what a case wants has to wait, and that is told.
        await engine.client.start_workflow(FakeCase.run, id="one", task_queue=records.settings.task_queue)
        assert (
            await told_when(office, lambda one: one.queue is not None and one.queue.waiting > 0)
        ).workers == {}
        queue = records.settings.task_queue
        runner = UnsandboxedWorkflowRunner()
        async with Worker(
            engine.client, task_queue=queue, workflows=[FakeCase], workflow_runner=runner, identity="one"
        ):
            told = await told_when(office, lambda one: bool(one.workers))
    assert told.workers is not None
    assert datetime.now(UTC) - told.workers["one"] < timedelta(minutes=5)


async def told_when(office: Office, wanted: Callable[[Engine], bool]) -> Engine:
    """What the engine tells once it is what is wanted."""
    async for _ in turns("what the engine is to tell"):
        told = await office.engine()
        if wanted(told):
            break
    return told


async def test_an_engine_that_is_away(records: Records) -> None:
    office = Office(records.settings, records, await Client.connect("127.0.0.1:1", lazy=True))
    assert await office.engine() == Engine(False)
