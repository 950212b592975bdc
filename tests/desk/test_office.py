"""Does the office pass on what a running case answers, and say what to do where none answers?"""

from __future__ import annotations

import sys
import uuid
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio import workflow
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from desk import register, running
from desk.office import Office
from desk.running import connect
from desk.takeover import cases_of, rows_of
from records.codec import data_converter
from records.open import Records
from schemas.case import CaseClosed, CaseInput, CaseState
from schemas.errors import BadInput, Conflict, NotAllowed, NotFound, RogatoryError, Unavailable, WrongMove
from schemas.moves import Actor, Approve, FileRequest, Move, MoveReply
from schemas.request import MlaRequest
from schemas.vocabulary import Kind, Measure, Role, Side
from schemas.work import FileWork
from tests.desk.test_takeover import KNOWN, ROWS, table
from workflows.row import row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

ACTOR = Actor(id="officer", house="de-test", roles=(Role.OFFICER, Role.APPROVER))
REQUEST = MlaRequest(requesting="DE", requested="US", measures=(Measure.TESTIMONY,))


@workflow.defn(name="MutualAssistance")
class FakeCase:
    """A case that answers by the override of `approve`, and ends when told to."""

    @workflow.init
    def __init__(self, given: CaseInput) -> None:
        self.given = given
        self.over = False

    @workflow.run
    async def run(self, given: CaseInput) -> CaseClosed:
        await workflow.wait_condition(lambda: self.over)
        return CaseClosed(ref=given.ref, status="closed", moves=1)

    @workflow.update
    async def move(self, move: Move) -> MoveReply:
        told = getattr(move.body, "override", None)
        if told == "end":
            self.over = True
        elif told == "broken":
            raise ApplicationError("activity gave up", non_retryable=True)
        elif told:
            status, _, rest = told.partition(" ")
            code, _, allowed = rest.partition(":")
            detail = {"code": code, "what": "No.", "where": "", "next": "", "allowed": allowed.split()}
            detail["status"] = int(status)
            raise ApplicationError("No.", detail, type=code, non_retryable=True)
        holder = {"house": "de-test", "function": "central-authority"}
        return MoveReply.model_validate(
            {
                "ref": self.given.ref,
                "move": 1 if self.given.first else 100,
                "event": move.body.event,
                "status": "draft",
                "holder": holder,
            }
        )


def approve(key: str, told: str | None = None) -> Move:
    return Move(key=key, actor=ACTOR, body=Approve(override=told))


def first(key: str = "f-1") -> Move:
    return Move(key=key, actor=ACTOR, body=FileRequest(request=REQUEST))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[str]:
    """Address of a real Temporal server of the tests' own, in memory."""
    binary = str(Path(sys.executable).with_name("temporal"))
    async with await WorkflowEnvironment.start_local(dev_server_existing_path=binary) as environment:
        yield environment.client.service_client.config.target_host


@pytest_asyncio.fixture(loop_scope="module")
async def office(server: str, records: Records) -> AsyncIterator[Office]:
    """The office of a house whose cases are FakeCase."""
    client = await Client.connect(server, data_converter=data_converter(records.keys))
    queue = uuid.uuid4().hex
    settings = records.settings.model_copy(update={"task_queue": queue})
    worker = Worker(
        client,
        task_queue=queue,
        workflows=[FakeCase],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    async with worker:
        yield Office(settings, records, client)


async def started(office: Office) -> str:
    """A case that runs, under a reference of its own on the shared server."""
    ref = await new_ref(office)
    await office.start(ref, Side.OUTGOING, first())
    return ref


async def new_ref(office: Office) -> str:
    return await office.numbering.given(f"T-{uuid.uuid4().hex[:12]}", uuid.uuid4().hex, "officer")


def filed(office: Office, ref: str, **changes: Any) -> CaseState:
    """A state of the case in the records, as the engine would have filed it."""
    row = rows_of(table(ROWS[1]), register.CSV)
    base = cases_of(row, office.settings, ACTOR, KNOWN)[0].state
    state = base.model_copy(update={"ref": ref, "move": 1, **changes})
    office.records.file(
        FileWork(
            ref=ref,
            move=1,
            at=state.updated,
            actor=ACTOR,
            event="file",
            key=f"filed {ref}",
            detail="{}",
            state=state,
            row=row_of(state),
        )
    )
    return state


async def test_a_case_is_started_once_and_answers_its_first_move(office: Office) -> None:
    ref = await new_ref(office)
    one = await office.start(ref, Side.OUTGOING, first())
    two = await office.start(ref, Side.OUTGOING, first())
    assert one.ref == two.ref == ref
    assert (one.move, two.move) == (1, 1)
    handle = office.client.get_workflow_handle(ref)
    described = await handle.describe()
    assert described.status is WorkflowExecutionStatus.RUNNING
    assert described.workflow_type == "MutualAssistance"


@pytest.mark.parametrize(
    ("told", "kind", "status"),
    [
        ("409 wrong-move:close send", WrongMove, 409),
        ("409 wrong-move", WrongMove, 409),
        ("409 offer-withdrawn:offer", WrongMove, 409),
        ("403 four-eyes", NotAllowed, 403),
        ("403 not-allowed", NotAllowed, 403),
        ("404 unknown-handoff", NotFound, 404),
        ("422 no-emergency", BadInput, 422),
        ("409 handoff-open", Conflict, 409),
        ("503 unavailable", Unavailable, 503),
        ("418 never-heard-of", WrongMove, 409),
    ],
)
async def test_a_refusal_of_the_case_keeps_its_code(
    office: Office, told: str, kind: type[RogatoryError], status: int
) -> None:
    ref = await started(office)
    with pytest.raises(kind) as caught:
        await office.deliver(ref, approve("k", told))
    code, _, allowed = told.partition(" ")[2].partition(":")
    assert (caught.value.code, caught.value.status, caught.value.where) == (code, status, ref)
    assert caught.value.retry is (status == 503)
    if isinstance(caught.value, WrongMove):
        assert caught.value.allowed == allowed.split()


async def test_a_part_that_gave_up_is_no_refusal(office: Office) -> None:
    ref = await started(office)
    with pytest.raises(Unavailable) as caught:
        await office.deliver(ref, approve("k", "broken"))
    assert caught.value.retry


async def test_a_case_the_engine_forgot_names_the_way_back(office: Office) -> None:
    ref = await new_ref(office)
    filed(office, ref)
    with pytest.raises(Unavailable) as caught:
        await office.deliver(ref, approve("k"))
    assert caught.value.code == "not-running"
    assert f"rogatory case revive {ref}" in caught.value.next_step

    assert (await office.revive(ref)).revived
    again = await office.revive(ref)
    assert (again.revived, again.why) == (False, "it is running")
    assert (await office.deliver(ref, approve("k"))).move == 100


async def test_a_running_case_is_replaced_only_by_force(office: Office) -> None:
    ref = await started(office)
    filed(office, ref)
    before = (await office.client.get_workflow_handle(ref).describe()).run_id
    assert not (await office.revive(ref)).revived
    assert (await office.client.get_workflow_handle(ref).describe()).run_id == before
    assert (await office.revive(ref, force=True)).revived
    assert (await office.client.get_workflow_handle(ref).describe()).run_id != before


async def test_a_late_message_wakes_a_case_that_was_closed(office: Office) -> None:
    ref = await new_ref(office)
    filed(office, ref, status="closed")
    quiet = await office.revive(ref)
    assert (quiet.revived, quiet.status) == (False, "closed")
    assert (await office.deliver(ref, approve("k"))).move == 100


async def test_reviving_all_starts_the_open_ones(office: Office) -> None:
    open_ref, closed_ref, running = await new_ref(office), await new_ref(office), await started(office)
    filed(office, open_ref)
    filed(office, closed_ref, status="closed")
    filed(office, running)
    done = {each.ref: each.revived for each in await office.revive_open()}
    assert done == {open_ref: True, running: False, closed_ref: False}


async def test_a_case_taken_over_is_filed_and_runs(office: Office) -> None:
    row = rows_of(table(ROWS[0]), register.CSV)
    taken = cases_of(row, office.settings, ACTOR, KNOWN)[0]
    ref = f"T-{uuid.uuid4().hex[:12]}"
    assert await office.take_over(ACTOR, taken.state, ref, "i-1") == ref
    assert await office.take_over(ACTOR, taken.state, ref, "i-1") == ref
    assert office.records.states.latest(ref).taken_over
    assert (await office.deliver(ref, approve("k"))).move == 100
    with pytest.raises(Conflict):
        await office.take_over(ACTOR, taken.state, ref, "i-2")


async def test_without_an_engine_everything_may_be_tried_again(records: Records) -> None:
    settings = records.settings.model_copy(update={"temporal_address": "127.0.0.1:1"})
    alone = Office(settings, records, await connect(settings, records))
    ref = await alone.reserve(Kind.MLA, "k")
    for attempt in (
        partial(alone.start, ref, Side.OUTGOING, first()),
        partial(alone.deliver, ref, approve("k")),
    ):
        with pytest.raises(Unavailable) as caught:
            await attempt()
        assert caught.value.retry
        assert "Idempotency-Key" in caught.value.next_step


async def test_without_a_worker_the_wait_ends(
    server: str, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "ANSWER_SECONDS", 0.5)
    client = await Client.connect(server, data_converter=data_converter(records.keys))
    settings = records.settings.model_copy(update={"task_queue": uuid.uuid4().hex})
    idle = Office(settings, records, client)
    ref = await new_ref(idle)
    with pytest.raises(Unavailable) as caught:
        await idle.start(ref, Side.OUTGOING, first())
    assert caught.value.retry


async def test_the_environment_of_the_engine_goes_before_our_settings(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await connect(records.settings, records)
    assert client.namespace == "default"
    monkeypatch.setenv("TEMPORAL_ADDRESS", "cluster.example:7233")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "cases")
    client = await connect(records.settings, records)
    assert client.namespace == "cases"
    assert client.service_client.config.target_host == "cluster.example:7233"
