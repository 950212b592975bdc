"""How does the bench play whole lives in two real houses, each at work in a process of its own?

People's moves come from the bench's process; letters are taken over by the process of the house that sends
them, past the door or through it. What every activity and update takes and gives is told through one queue.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel
from temporalio import activity
from temporalio.client import Client

from desk import inbound
from desk.house import introduce, new_house
from desk.office import Office
from letters import compose
from letters.compact import parse, plain_json
from letters.seal import seal
from letters.trust import TrustedHouse
from records.codec import data_converter
from records.open import open_records
from schemas.errors import Unavailable
from schemas.ids import digest
from schemas.messages import Envelope, Parcel
from schemas.moves import Actor, Arrive, Move, MoveReply
from schemas.settings import settings_of
from schemas.vocabulary import Kind, Side
from schemas.work import FileWork
from worker import HANDS, hands, make_worker

SECONDS = 120.0
OTHER = {"de": "us", "us": "de"}


class Flag(Protocol):
    """A value that all processes of the bench see."""

    value: int


@dataclass(frozen=True, slots=True)
class Shared:
    """`door`: letters are taken through the door. `sizes`: bytes are told, which costs time of its own."""

    door: Flag
    sizes: Flag


@dataclass(frozen=True, slots=True)
class Filed:
    """What the bench must know of a case to go on with it."""

    ref: str
    event: str
    their_ref: str | None
    handoff: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """One activity (`what`: its name) or update (`what`: update) of a house, with the bytes of it."""

    house: str
    what: str
    asked: int
    answered: int
    by_letter: bool = False
    filed: Filed | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Tells what a house does, as far as anybody wants to know it now."""

    house: str
    queue: SimpleQueue[Seen]
    shared: Shared

    def __call__(self, what: str, asked: BaseModel, answered: BaseModel, by_letter: bool = False) -> None:
        """What went in and what came out."""
        filed = _filed(asked) if isinstance(asked, FileWork) else None
        if self.shared.sizes.value:
            sizes = len(asked.model_dump_json()), len(answered.model_dump_json())
            self.queue.put(Seen(self.house, what, *sizes, by_letter, filed))
        elif filed is not None:
            self.queue.put(Seen(self.house, what, 0, 0, by_letter, filed))


def _filed(work: FileWork) -> Filed:
    state = work.state
    return Filed(
        work.ref,
        work.event,
        state.counterpart.ref,
        state.handoffs[-1].id if state.handoffs else "",
        any(item.status == "queued" for item in state.outbox),
    )


class BenchOffice(Office):
    """The office, telling what its updates take and give."""

    tell: Told

    async def start(self, ref: str, side: Side, move: Move) -> MoveReply:
        """As the office's."""
        return self._told(move, await super().start(ref, side, move))

    async def deliver(self, ref: str, move: Move) -> MoveReply:
        """As the office's."""
        return self._told(move, await super().deliver(ref, move))

    def _told(self, move: Move, reply: MoveReply) -> MoveReply:
        self.tell("update", move, reply, by_letter=move.actor.house != self.settings.house)
        return reply


def make_houses(folder: Path) -> None:
    """Germany and the United States, who believe each other."""
    new_house(folder / "de", "de", "DE", "Germany", time_zone="Europe/Berlin")
    new_house(folder / "us", "us", "US", "United States", port=8081, time_zone="America/New_York")
    introduce(folder / "de", folder / "us")


async def office_of(
    stack: AsyncExitStack, folder: Path, house: str, address: str, queue: SimpleQueue[Seen], shared: Shared
) -> BenchOffice:
    """The office of one of them, in this process."""
    settings = settings_of(folder / house).model_copy(update={"task_queue": house})
    records = open_records(settings)
    stack.callback(records.close)
    client = await Client.connect(address, data_converter=data_converter(records.keys))
    office = BenchOffice(settings, records, client)
    office.tell = Told(house, queue, shared)
    return office


async def work(folder: Path, house: str, address: str, queue: SimpleQueue[Seen], shared: Shared) -> None:
    """The worker of one house, until its process is ended."""
    async with AsyncExitStack() as stack:
        own = await office_of(stack, folder, house, address, queue, shared)
        there = await office_of(stack, folder, OTHER[house], address, queue, shared)
        road = Straight(asyncio.get_running_loop(), there, shared)
        threads = stack.enter_context(ThreadPoolExecutor(HANDS))
        watched = [_watched(method, own.tell) for method in hands(own.settings, own.records, road)]
        await stack.enter_async_context(make_worker(own.client, house, watched, threads))
        await asyncio.Event().wait()


def _watched(method: Callable[..., Any], tell: Told) -> Callable[..., Any]:
    """The activity, telling what it takes and gives."""
    definition = activity._Definition.must_from_callable(method)
    name = definition.name or ""

    def watching(work: Any) -> Any:
        done = method(work)
        tell(name, work, done)
        return done

    watching.__annotations__ = {"work": (definition.arg_types or [])[0], "return": definition.ret_type}
    return activity.defn(name=name)(watching)


@dataclass
class Straight:
    """A carrier into the other house without a net between: through its door, or past it."""

    loop: asyncio.AbstractEventLoop
    there: BenchOffice
    shared: Shared

    def send(self, recipient: TrustedHouse, parcel: Parcel) -> str:
        """Brings it at once."""
        attempt = self._through(parcel) if self.shared.door.value else self._past(parcel.envelope)
        return asyncio.run_coroutine_threadsafe(attempt, self.loop).result(SECONDS)

    def collect(self) -> list[Parcel]:
        """Nothing waits."""
        return []

    async def _through(self, parcel: Parcel) -> str:
        answer = await inbound.receive(self.there, parcel.model_dump_json().encode())
        if answer.receipt is None:
            raise Unavailable("The other house does not answer.")
        return answer.receipt

    async def _past(self, jws: str) -> str:
        """Only what the case itself needs: the move, and a signed receipt."""
        letter = Envelope.model_validate(plain_json(parse(jws).payload))
        ref, of = letter.recipient_ref or "", digest(jws.encode())
        move = Move(
            key=letter.id,
            actor=Actor(id="house", house=letter.sender),
            body=letter.body,
            message=letter.id,
            sealed=of,
            offer=letter.offer,
            about=letter.about,
        )
        if isinstance(letter.body, Arrive):
            ref = await self.there.reserve(Kind.MLA, letter.id)
            await self.there.start(ref, Side.INCOMING, move)
        else:
            await self.there.deliver(ref, move)
        told = compose.receipt(
            self.there.settings.house,
            datetime.now(UTC),
            of=of,
            message=letter.id,
            event="delivered",
            recipient_ref=ref,
        )
        return seal(told, self.there.key)
