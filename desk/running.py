"""How is a case started, moved and ended at the engine? Nothing else in the desk knows the engine's client.

What the client raises comes out as one of our errors. What is written of a move is `desk.office`'s.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from temporalio.client import Client as Client
from temporalio.client import (
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.envconfig import ClientConfig
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from desk.refusals import engine_down, gave_up, refusal, slow
from records.codec import data_converter
from records.open import Records
from schemas.case import CaseInput, CaseState
from schemas.errors import RogatoryError
from schemas.moves import Move, MoveReply
from schemas.settings import Settings
from schemas.vocabulary import Kind

WORKFLOWS = {
    Kind.MLA: "MutualAssistance",
    Kind.EXTRADITION: "Extradition",
    Kind.PRESERVATION: "Preservation",
    Kind.PRODUCTION: "Production",
    Kind.PROSECUTION: "Prosecution",
}
UPDATE = "move"
ANSWER_SECONDS = 30.0
"""How long a person waits for the engine. A move taken up meanwhile is not lost: its key finds it. Each call
has this limit, and all of them together: the client calls again and again where a case took a move up and
cannot end it, since its records take nothing now."""


async def update(client: Client, ref: str, move: Move) -> MoveReply | None:
    """Make `move` on the running case; None if it does not run. Raises the case's refusals, Unavailable."""
    handle = client.get_workflow_handle(ref)
    with _answering(ref):
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                reply: MoveReply = await handle.execute_update(
                    UPDATE, move, result_type=MoveReply, rpc_timeout=timedelta(seconds=ANSWER_SECONDS)
                )
            return reply
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
    return None


async def update_with_start(
    client: Client, queue: str, ref: str, kind: Kind, given: CaseInput, move: Move
) -> MoveReply:
    """Make `move`, on a case that is started with `given` where it does not run. Raises as `update`."""
    start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        WORKFLOWS[kind],
        given,
        id=ref,
        task_queue=queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )
    with _answering(ref):
        async with asyncio.timeout(ANSWER_SECONDS):
            reply: MoveReply = await client.execute_update_with_start_workflow(
                UPDATE,
                move,
                start_workflow_operation=start,
                result_type=MoveReply,
                rpc_timeout=timedelta(seconds=ANSWER_SECONDS),
            )
    return reply


async def start_again(client: Client, queue: str, state: CaseState, force: bool) -> bool:
    """Start a case from its filed state; False if it is running. With `force` what runs is ended first."""
    conflict = WorkflowIDConflictPolicy.TERMINATE_EXISTING if force else WorkflowIDConflictPolicy.FAIL
    try:
        with _answering(state.ref):
            await client.start_workflow(
                WORKFLOWS[state.kind],
                resumed(state),
                id=state.ref,
                task_queue=queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=conflict,
                rpc_timeout=timedelta(seconds=ANSWER_SECONDS),
            )
    except WorkflowAlreadyStartedError:
        return False
    return True


async def end_strangers(client: Client, queue: str, known: Callable[[str], bool]) -> None:
    """End every running case that is not `known` to the records."""
    ours = f'ExecutionStatus = "Running" AND TaskQueue = "{queue}"'
    with _answering("the engine"):
        async for running in client.list_workflows(ours):
            if running.workflow_type in WORKFLOWS.values() and not await asyncio.to_thread(known, running.id):
                handle = client.get_workflow_handle(running.id, run_id=running.run_id)
                await handle.terminate("not in the records since they were restored")


def resumed(state: CaseState) -> CaseInput:
    """What a case is started with that goes on from its filed state."""
    return CaseInput(
        ref=state.ref,
        house=state.house,
        home_state=state.state,
        side=state.side,
        kind=state.kind,
        state=state,
    )


async def connect(settings: Settings, records: Records) -> Client:
    """A client of the engine: TEMPORAL_* of the environment first, then the settings of the house."""
    config: dict[str, Any] = {**ClientConfig.load_client_connect_config()}
    config.setdefault("target_host", settings.temporal_address)
    if "TEMPORAL_NAMESPACE" not in os.environ:
        config["namespace"] = settings.namespace
    return await Client.connect(**config, data_converter=data_converter(records.keys), lazy=True)


@contextmanager
def _answering(ref: str) -> Iterator[None]:
    """Turns what the engine's client raises into our errors, once and for every call."""
    try:
        yield
    except WorkflowUpdateFailedError as error:
        raise _refusal_of(error, ref) from None
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
        raise slow(ref, ANSWER_SECONDS) from None
    except WorkflowAlreadyStartedError:
        raise
    except (RPCError, RuntimeError) as error:
        # The client says with a bare RuntimeError that it never got a connection.
        if isinstance(error, RPCError) or str(error).startswith("Failed client connect"):
            raise engine_down(ref) from None
        raise


def _refusal_of(error: WorkflowUpdateFailedError, ref: str) -> RogatoryError:
    """The case's refusal as one of our errors, with the moves that are allowed now."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.details and isinstance(cause.details[0], Mapping):
        return refusal(cause.details[0], ref)
    return gave_up(ref)
