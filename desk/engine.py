"""Does the engine answer, in which release, and who works for us there? Asked by `desk.office` alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, GetSystemInfoRequest
from temporalio.client import Client
from temporalio.service import RPCError

PATIENCE = timedelta(seconds=2)
"""How long the engine is waited for when it is only asked how it is."""

LATE = timedelta(minutes=1)

_QUEUES = (TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY)


@dataclass(frozen=True, slots=True)
class Queue:
    """About how many tasks wait for a worker, and for how long the oldest does."""

    waiting: int
    oldest: timedelta

    @property
    def late(self) -> bool:
        """Does one wait longer than a worker that is well ever lets it?"""
        return self.oldest > LATE


@dataclass(frozen=True, slots=True)
class Engine:
    """How the engine is. `workers`: when each last asked it for work; `queue`: what waits for one of
    them; None: not known."""

    answers: bool
    version: str = ""
    workers: Mapping[str, datetime] | None = None
    queue: Queue | None = None


async def asked(client: Client, queue: str) -> Engine:
    """How the engine is, and who works on this task queue. Raises nothing: one that is away is an answer."""
    service = client.workflow_service
    try:
        about = await service.get_system_info(GetSystemInfoRequest(), timeout=PATIENCE)
    except (RPCError, RuntimeError):
        return Engine(False)
    seen: dict[str, datetime] = {}
    waiting, oldest = 0, timedelta()
    try:
        for kind in _QUEUES:
            request = DescribeTaskQueueRequest(
                namespace=client.namespace,
                task_queue=TaskQueue(name=queue),
                task_queue_type=kind,
                report_stats=True,
            )
            told = await service.describe_task_queue(request, timeout=PATIENCE)
            waiting += told.stats.approximate_backlog_count
            oldest = max(oldest, told.stats.approximate_backlog_age.ToTimedelta())
            for worker in told.pollers:
                at = worker.last_access_time.ToDatetime(tzinfo=UTC)
                seen[worker.identity] = max(at, seen.get(worker.identity, at))
    except (RPCError, RuntimeError):
        return Engine(True, about.server_version)
    return Engine(True, about.server_version, seen, Queue(waiting, oldest))
