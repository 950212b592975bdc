"""How do the flow tests run cases on the time-skipping server, with hands that keep nothing on disk?"""

from __future__ import annotations

import itertools
import random
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from temporalio import activity
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from desk.running import WORKFLOWS as NAMES
from schemas.case import CaseInput, CaseState
from schemas.errors import RogatoryError, Unavailable
from schemas.ids import digest
from schemas.moves import Actor, Arrive, FileRequest, Move, MoveBody, MoveReply
from schemas.vocabulary import Kind, Side
from schemas.work import (
    ASSESS,
    COUNT,
    FILE,
    NOTIFY,
    POST,
    SEAL,
    AssessDone,
    AssessWork,
    CountDone,
    CountWork,
    FileDone,
    FileWork,
    NotifyDone,
    NotifyWork,
    PostDone,
    PostWork,
    SealDone,
    SealWork,
)
from tests.flow.invented import OFFICER_DE, request
from tests.flow.paper import FakeHands, run
from worker import WORKFLOWS
from workflows.sandbox import runner


def server() -> str:
    """The time-skipping server that came with the environment."""
    found = shutil.which("temporal-test-server", path=str(Path(sys.executable).parent))
    assert found, "temporal-test-server is missing: `make env`"
    return found


T = TypeVar("T")


class Refused(Exception):
    """A refused update, as its caller sees it."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(told["what"])
        self.told = told
        self.code: str = told["code"]


class FakeHouse:
    """One house on the server: its cases, and hands that remember instead of keeping.

    `lost` and `twice`: how often the road loses a letter (the carrier tries again) or brings it twice.
    """

    def __init__(self, house: str, state: str, other: str | None = None) -> None:
        self.house = house
        self.home_state = state
        self.hands = FakeHands(other)
        self.there: FakeHouse | None = None
        self.client: Client | None = None
        self.states: dict[str, CaseState] = {}
        self.moves: dict[tuple[str, int], FileWork] = {}
        self.receipts: dict[str, PostDone] = {}
        self.road = random.Random(1)
        self.lost = self.twice = 0.0
        self.posted: list[str] = []
        self.notices: list[NotifyWork] = []
        self.down = False
        self.turns_away = ""
        """Why this house does not even read letters for now (`unknown-key`); it remembers none of them."""
        self.moves_per_run = 400
        self.file_hook: Callable[[FileWork], None] | None = None
        self._keys = itertools.count(1)

    # --- activities -----------------------------------------------------------------------------------

    def activities(self) -> list[Callable[..., Any]]:
        """The activities of a house."""

        @activity.defn(name=ASSESS)
        def assess(work: AssessWork) -> AssessDone:
            return told(lambda: run(self.hands.assess(work)))

        @activity.defn(name=COUNT)
        def count(work: CountWork) -> CountDone:
            return told(lambda: run(self.hands.count(work)))

        @activity.defn(name=SEAL)
        def seal(work: SealWork) -> SealDone:
            return told(lambda: run(self.hands.seal(work)))

        @activity.defn(name=FILE)
        def file(work: FileWork) -> FileDone:
            return told(lambda: self.file(work))

        @activity.defn(name=POST)
        async def post(work: PostWork) -> PostDone:
            return await self.post(work)

        @activity.defn(name=NOTIFY)
        def notify(work: NotifyWork) -> NotifyDone:
            self.notices.append(work)
            return NotifyDone(sent=1)

        return [assess, count, seal, file, post, notify]

    def file(self, work: FileWork) -> FileDone:
        """Keeps the last state, and each move once, as the records do."""
        if self.file_hook is not None:
            self.file_hook(work)
        known = self.states.get(work.ref)
        if known is not None and work.move <= known.move:
            return FileDone(repeated=True, state=None if known == work.state else known)
        assert work.move == (known.move if known else 0) + 1, "a move is missing"
        self.states[work.ref] = work.state
        self.moves[work.ref, work.move] = work
        return FileDone(entry=str(len(self.moves)))

    async def post(self, work: PostWork) -> PostDone:
        """Brings the letter over by a bad road."""
        self.posted.append(work.message)
        if self.there is None or self.down or self.road.random() < self.lost:
            raise ApplicationError("lost", Unavailable("The road is closed.").told(), type="unavailable")
        letter = self.hands.letters[work.message]
        done = await self.there.receive(letter, work.sealed, self.house)
        if self.road.random() < self.twice:
            assert await self.there.receive(letter, work.sealed, self.house) == done
        return done

    async def receive(self, letter: SealWork, sealed: str, sender: str) -> PostDone:
        """Takes in a letter once; the same letter again gets the same receipt."""
        if self.turns_away:
            return PostDone(delivered=False, code=self.turns_away)
        if letter.message in self.receipts:
            return self.receipts[letter.message]
        move = Move(
            key=letter.message,
            actor=Actor(id="house", house=sender),
            body=letter.body,
            message=letter.message,
            sealed=sealed,
            offer=letter.offer,
            about=letter.about,
        )
        own = [ref for ref, state in self.states.items() if state.counterpart.ref == letter.ref]
        own += [ref for ref in self.states if ref == letter.recipient_ref and ref not in own]
        new = f"{self.home_state}-{kind_of(move).value.upper()}-2026-{len(self.states) + 1:05d}"
        ref = own[0] if own else new
        try:
            if isinstance(letter.body, Arrive) and not own:
                await self.start(ref, Side.INCOMING, move)
            else:
                await self.deliver(ref, move)
            done = PostDone(delivered=True, receipt=digest(letter.message.encode()), recipient_ref=ref)
        except Refused as error:
            done = PostDone(delivered=False, code=error.code, reason=str(error), recipient_ref=ref)
        self.receipts[letter.message] = done
        return done

    # --- the desk -------------------------------------------------------------------------------------

    async def file_request(self, ref: str = "DE-MLA-2026-00001", **changes: Any) -> MoveReply:
        """Files a request of ours."""
        body = FileRequest(request=request(**changes))
        return await self.start(ref, Side.OUTGOING, Move(key=f"file-{ref}", actor=OFFICER_DE, body=body))

    async def start(self, ref: str, side: Side, move: Move) -> MoveReply:
        """Starts a case with its first move, as the office does."""
        given = CaseInput(
            ref=ref,
            house=self.house,
            home_state=self.home_state,
            side=side,
            kind=kind_of(move),
            first=move,
            moves_per_run=self.moves_per_run,
        )
        return await self.with_start(given, move)

    async def revive(self, ref: str, move: Move) -> MoveReply:
        """A late move for a case whose run has ended."""
        state = self.states[ref]
        given = CaseInput(
            ref=ref,
            house=self.house,
            home_state=self.home_state,
            side=state.side,
            kind=state.kind,
            state=state,
            moves_per_run=self.moves_per_run,
        )
        return await self.with_start(given, move)

    async def with_start(self, given: CaseInput, move: Move) -> MoveReply:
        """Update with start."""
        operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            NAMES[given.kind],
            given,
            id=given.ref,
            task_queue=self.house,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        try:
            reply: MoveReply = await self.engine.execute_update_with_start_workflow(
                "move", move, start_workflow_operation=operation, result_type=MoveReply
            )
        except WorkflowUpdateFailedError as error:
            raise refusal(error) from error
        return reply

    async def move(self, ref: str, actor: Actor, body: MoveBody, key: str | None = None) -> MoveReply:
        """A person's move."""
        return await self.deliver(
            ref, Move(key=key or f"{self.house}-{next(self._keys)}", actor=actor, body=body)
        )

    async def deliver(self, ref: str, move: Move) -> MoveReply:
        """An update; a case that has ended is started again, as the office does."""
        handle = self.engine.get_workflow_handle(ref)
        try:
            reply: MoveReply = await handle.execute_update("move", move, result_type=MoveReply)
        except WorkflowUpdateFailedError as error:
            raise refusal(error) from error
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return await self.revive(ref, move)
        return reply

    @property
    def engine(self) -> Client:
        assert self.client is not None, "the house is not on a server"
        return self.client


def kind_of(move: Move) -> Kind:
    """The kind of case that a first move opens."""
    return Kind(move.body.request.kind) if isinstance(move.body, FileRequest | Arrive) else Kind.MLA


def told(work: Callable[[], T]) -> T:
    """Errors of the fakes, in the shape of the real activities."""
    try:
        return work()
    except RogatoryError as error:
        raise ApplicationError(
            error.what, error.told(), type=error.code, non_retryable=not error.retry
        ) from error


def refusal(error: WorkflowUpdateFailedError) -> Refused:
    """The refusal in the failure of an update."""
    cause = error.cause
    assert isinstance(cause, ApplicationError), repr(cause)
    assert cause.non_retryable
    return Refused(cause.details[0])


@asynccontextmanager
async def engine(*houses: FakeHouse) -> AsyncIterator[WorkflowEnvironment]:
    """A time-skipping server of its own with a worker for each house."""
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=server(), data_converter=pydantic_data_converter
    ) as environment:
        with ThreadPoolExecutor(8) as threads:
            workers = [
                Worker(
                    environment.client,
                    task_queue=house.house,
                    workflows=list(WORKFLOWS),
                    activities=house.activities(),
                    activity_executor=threads,
                    workflow_runner=runner(),
                )
                for house in houses
            ]
            for house in houses:
                house.client = environment.client
            async with workers[0]:
                if len(workers) == 1:
                    yield environment
                else:
                    async with workers[1]:
                        yield environment


def pair() -> tuple[FakeHouse, FakeHouse]:
    """Germany and the United States, with a road between them."""
    de, us = FakeHouse("de", "DE", "us"), FakeHouse("us", "US", "de")
    de.there, us.there = us, de
    return de, us


async def until(environment: WorkflowEnvironment, holds: Callable[[], bool], within: timedelta) -> datetime:
    """Lets the server's time pass, in 200 steps, until `holds`. Fails if it does not come about `within`."""
    start = now = await environment.get_current_time()
    while not holds():
        assert now - start <= within, "it did not come about"
        await environment.sleep(max(within / 200, timedelta(seconds=1)))
        now = await environment.get_current_time()
    return now
