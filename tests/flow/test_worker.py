"""Does the worker of a house wait for its engine, make its namespace, and stop when it is told to?"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.testing import WorkflowEnvironment

import worker
from desk.house import new_house
from tests.patience import PATIENCE

BINARY = str(Path(sys.executable).with_name("temporal"))


@asynccontextmanager
async def worker_of(home: Path, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker process of the house in `home`."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "ROGATORY_"))
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "worker",
        env={**clean, "ROGATORY_HOME": str(home), **environment},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def said(process: asyncio.subprocess.Process, text: str) -> None:
    """Waits until the log says `text`."""
    assert process.stderr is not None
    seen = b""
    async with asyncio.timeout(PATIENCE):
        while text.encode() not in seen:
            line = await process.stderr.readline()
            assert line, f"the worker ended: {seen.decode()}"
            seen += line


async def stopped(process: asyncio.subprocess.Process) -> int:
    """Its exit status, after SIGTERM."""
    process.send_signal(signal.SIGTERM)
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        await process.stderr.read()
        return await process.wait()


@pytest.mark.slow
async def test_a_worker_waits_for_its_engine_and_stops_cleanly(tmp_path: Path) -> None:
    new_house(tmp_path / "de", "de", "DE", "Germany", temporal_address="127.0.0.1:1")
    async with worker_of(tmp_path / "de") as process:
        await said(process, "does not answer")
        assert await stopped(process) == 0


@pytest.mark.slow
async def test_a_worker_makes_its_namespace_with_its_retention(tmp_path: Path) -> None:
    async with await WorkflowEnvironment.start_local(dev_server_existing_path=BINARY) as environment:
        address = environment.client.service_client.config.target_host
        settings = new_house(
            tmp_path / "de", "de", "DE", "Germany", temporal_address=address, namespace="house-de"
        )
        async with worker_of(tmp_path / "de") as process:
            await said(process, "works in namespace house-de")
            found = await environment.client.workflow_service.describe_namespace(
                DescribeNamespaceRequest(namespace="house-de")
            )
            kept = found.config.workflow_execution_retention_ttl.ToTimedelta()
            assert kept.days == settings.temporal_retention_days
            assert await stopped(process) == 0


async def test_a_house_that_is_none_is_said_plainly(tmp_path: Path) -> None:
    async with worker_of(tmp_path / "nowhere") as process:
        async with asyncio.timeout(PATIENCE):
            _, told = await process.communicate()
        assert process.returncode == 1
        assert b"worker: " in told
        assert b"house.toml is missing" in told
        assert b"Traceback" not in told


def test_posting_can_never_hold_all_hands() -> None:
    assert worker.HANDS == worker.POSTING + worker.FILING
    assert worker.FILING > 0
