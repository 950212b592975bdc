"""Is work given to another worker soon after its worker died, and never while that one is only slow?"""

from __future__ import annotations

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Interceptor, UnsandboxedWorkflowRunner, Worker

from activities.alive import SignsOfLife

BINARY = str(Path(sys.executable).with_name("temporal"))
SILENCE, SLOW = timedelta(seconds=1), 2.5
attempts: list[int] = []


@activity.defn
def slow() -> int:
    """Takes longer than silence may."""
    attempts.append(activity.info().attempt)
    time.sleep(SLOW)
    return activity.info().attempt


@workflow.defn
class FakeCase:
    """Calls slow work, which must not fall silent."""

    @workflow.run
    async def run(self) -> int:
        done: int = await workflow.execute_activity(
            slow,
            start_to_close_timeout=timedelta(seconds=20),
            heartbeat_timeout=SILENCE,
            retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=10), maximum_attempts=2),
        )
        return done


async def tried(client: Client, interceptors: list[Interceptor]) -> int:
    """How often the slow work was begun."""
    attempts.clear()
    with ThreadPoolExecutor(4) as threads:
        async with Worker(
            client,
            task_queue="slow",
            workflows=[FakeCase],
            activities=[slow],
            activity_executor=threads,
            workflow_runner=UnsandboxedWorkflowRunner(),
            interceptors=interceptors,
        ):
            handle = await client.start_workflow(
                FakeCase.run, id=f"slow-{len(interceptors)}", task_queue="slow"
            )
            await asyncio.gather(handle.result(), return_exceptions=True)
    return len(attempts)


@pytest.mark.slow
async def test_slow_work_gives_signs_of_life_and_silence_is_taken_for_death() -> None:
    async with await WorkflowEnvironment.start_local(dev_server_existing_path=BINARY) as environment:
        assert await tried(environment.client, [SignsOfLife()]) == 1
        assert await tried(environment.client, []) == 2
