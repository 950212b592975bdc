"""How does the engine learn soon that a worker died with work in its hands? While it works, it says so."""

from __future__ import annotations

import asyncio
from typing import Any

from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

BEATS = 4
"""Signs of life within the time after which silence counts as death."""


class SignsOfLife(Interceptor):
    """Gives them for every activity whose silence the engine would take for death, whatever it waits for."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """See the engine's own words."""
        return _Beating(next)


class _Beating(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        silence = activity.info().heartbeat_timeout
        if silence is None:
            return await self.next.execute_activity(input)
        beating = asyncio.create_task(_beat(silence.total_seconds() / BEATS))
        try:
            return await self.next.execute_activity(input)
        finally:
            beating.cancel()


async def _beat(pause: float) -> None:
    while True:
        await asyncio.sleep(pause)
        # a sign of life given on the loop itself would wait for that loop
        await asyncio.to_thread(activity.heartbeat)
