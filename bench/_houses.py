"""How does the bench play whole lives in two real houses, and what does it see of their traffic?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from temporalio import activity
from temporalio.client import Client

from bench._control import Letter, Size, Turn
from desk import inbound
from desk.house import introduce, new_house
from desk.office import Office
from letters import compose
from letters.compact import parse, plain_json
from letters.seal import seal
from letters.trust import TrustedHouse
from records.codec import data_converter
from records.open import open_records
from schemas.case import CaseState
from schemas.errors import Unavailable
from schemas.ids import digest
from schemas.messages import Envelope, Parcel
from schemas.moves import AcceptHandoff, Actor, Approve, Arrive, FileRequest, Move, MoveBody, MoveReply
from schemas.settings import settings_of
from schemas.vocabulary import Kind, Side
from schemas.work import FILE, POST, SEAL, FileWork
from tests.flow import life
from tests.flow.invented import OFFICER_DE, request
from worker import hands, make_worker

SECONDS = 120.0
LIFE = tuple(step for step in life.LIFE if (step[0], step[2].event) != ("us", "close"))
"""The side that asked closes, and its letter closes the case over there: no case is started twice."""


class MeasuredOffice(Office):
    """The office, with the sizes of the updates it makes noted."""

    measured: Measured
    road: Straight

    async def start(self, ref: str, side: Side, move: Move) -> MoveReply:
        """As the office's."""
        return self._noted(move, await super().start(ref, side, move))

    async def deliver(self, ref: str, move: Move) -> MoveReply:
        """As the office's."""
        return self._noted(move, await super().deliver(ref, move))

    def _noted(self, move: Move, reply: MoveReply) -> MoveReply:
        self.measured.update(self.settings.house, move, reply)
        return reply


@dataclass
class Trace:
    """What one house asked of the engine in one life, in order."""

    turns: list[Turn] = field(default_factory=list)
    by_letter: list[Turn] = field(default_factory=list)
    emitting: list[Turn] = field(default_factory=list)
    posts: list[Size] = field(default_factory=list)
    delivered: list[list[Size]] = field(default_factory=list)
    group: list[Size] = field(default_factory=list)
    done: list[tuple[list[Size], bool]] = field(default_factory=list)
    sealed: bool = False


class Measured:
    """Sizes of every update and activity of one life, put together to the plan of a control."""

    def __init__(self) -> None:
        self.houses = {"de": Trace(), "us": Trace()}
        self.people: list[Turn] = []
        self.on = True
        self.filed: dict[str, CaseState] = {}

    def update(self, house: str, move: Move, reply: MoveReply) -> None:
        """An update was answered; its local activities were filed before."""
        if not self.on:
            return
        trace = self.houses[house]
        local, emits = trace.done.pop(0)
        turn = Turn(house=house, update=_size(move, reply), local=local)
        trace.turns.append(turn)
        if emits:
            trace.emitting.append(turn)
        (self.people if move.actor.house == house else trace.by_letter).append(turn)

    def watched(self, house: str, method: Callable[..., Any]) -> Callable[..., Any]:
        """The activity, with its sizes noted."""
        definition = activity._Definition.must_from_callable(method)

        def seen(work: Any) -> Any:
            done = method(work)
            if isinstance(work, FileWork):
                self.filed[work.ref] = work.state
            if self.on:
                self._activity(self.houses[house], definition.name or "", work, done)
            return done

        seen.__annotations__ = {
            "work": (definition.arg_types or [])[0],
            "return": definition.ret_type,
        }
        return activity.defn(name=definition.name)(seen)

    def _activity(self, trace: Trace, name: str, work: Any, done: Any) -> None:
        if name == POST:
            trace.posts.append(_size(work, done))
            return
        trace.group.append(_size(work, done))
        trace.sealed = trace.sealed or name == SEAL
        if name == FILE:
            if work.event == "delivered":
                trace.delivered.append(trace.group)
            else:
                trace.done.append((trace.group, trace.sealed))
            trace.group, trace.sealed = [], False

    def plan(self) -> list[Turn]:
        """The turns people make, each with its letter and what that leads to. Measuring ends."""
        self.on = False
        for house, other in (("de", "us"), ("us", "de")):
            ours, theirs = self.houses[house], self.houses[other]
            letters = zip(ours.emitting, ours.posts, theirs.by_letter, ours.delivered, strict=True)
            for turn, post, there, delivered in letters:
                turn.letter = Letter(post=post, turn=there, delivered=delivered)
            ours.turns[-1].last = True
        return self.people


def _size(asked: BaseModel, answered: BaseModel) -> Size:
    return Size(asked=len(asked.model_dump_json()), answered=len(answered.model_dump_json()))


@dataclass
class Straight:
    """A carrier from one house into the other, in one process: by the door, or for `plain` cases past it."""

    loop: asyncio.AbstractEventLoop
    offices: dict[str, MeasuredOffice] = field(default_factory=dict)
    plain: set[str] = field(default_factory=set)

    def send(self, recipient: TrustedHouse, parcel: Parcel) -> str:
        """Brings it at once."""
        attempt = self._bring(self.offices[recipient.id], parcel)
        return asyncio.run_coroutine_threadsafe(attempt, self.loop).result(SECONDS)

    def collect(self) -> list[Parcel]:
        """Nothing waits."""
        return []

    async def _bring(self, office: MeasuredOffice, parcel: Parcel) -> str:
        letter = Envelope.model_validate(plain_json(parse(parcel.envelope).payload))
        if letter.sender_ref in self.plain:
            return await self._straight(office, letter, parcel.envelope)
        answer = await inbound.receive(office, parcel.model_dump_json().encode())
        if answer.receipt is None:
            raise Unavailable("The other house does not answer.")
        return answer.receipt

    async def _straight(self, office: MeasuredOffice, letter: Envelope, jws: str) -> str:
        """Only what the case itself needs: the move, and a signed receipt."""
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
            ref = await office.reserve(Kind.MLA, letter.id)
            self.plain.add(ref)
            await office.start(ref, Side.INCOMING, move)
        else:
            await office.deliver(ref, move)
        told = compose.receipt(
            office.settings.house,
            datetime.now(UTC),
            of=of,
            message=letter.id,
            event="delivered",
            recipient_ref=ref,
        )
        return seal(told, office.key)


@asynccontextmanager
async def two_houses(
    folder: Path, address: str, threads: ThreadPoolExecutor, measured: Measured
) -> AsyncIterator[tuple[MeasuredOffice, MeasuredOffice]]:
    """Germany and the United States as `rogatory up` would run them, in this process."""
    new_house(folder / "de", "de", "DE", "Germany", time_zone="Europe/Berlin")
    new_house(folder / "us", "us", "US", "United States", port=8081, time_zone="America/New_York")
    introduce(folder / "de", folder / "us")
    road = Straight(asyncio.get_running_loop())
    async with AsyncExitStack() as stack:
        for name in ("de", "us"):
            settings = settings_of(folder / name).model_copy(update={"task_queue": name})
            records = open_records(settings)
            stack.callback(records.close)
            client = await Client.connect(address, data_converter=data_converter(records.keys))
            office = road.offices[name] = MeasuredOffice(settings, records, client)
            office.measured, office.road = measured, road
            seen = [measured.watched(name, method) for method in hands(settings, records, road)]
            await stack.enter_async_context(make_worker(client, name, seen, threads))
        yield road.offices["de"], road.offices["us"]


async def live(de: MeasuredOffice, us: MeasuredOffice, number: int, *, desk: bool) -> None:
    """One whole life, from filing to closing in both houses. A step is over when its letters have arrived.

    `desk`: people go through the office, with its attempts and permissions, and letters through the door.
    """
    offices = {"de": de, "us": us}
    first = FileRequest(request=request(on=_day(number)))
    if desk:
        refs = {"de": (await de.file(OFFICER_DE, first, f"file-{number}")).ref}
    else:
        refs = {"de": await de.reserve(Kind.MLA, f"plain-{number}")}
        de.road.plain.add(refs["de"])
        await de.start(refs["de"], Side.OUTGOING, Move(key=f"plain-{number}", actor=OFFICER_DE, body=first))
    for step, (name, actor, planned) in enumerate(LIFE):
        body = _now(planned, await _settled(de.measured, refs[name]))
        if desk:
            await offices[name].move(actor, refs[name], body, f"{number}-{step}")
        else:
            move = Move(key=f"{number}-{step}", actor=actor, body=body)
            await offices[name].deliver(refs[name], move)
        state = await _settled(de.measured, refs[name])
        if name == "de" and state.counterpart.ref:
            refs["us"] = state.counterpart.ref
        # what the other side answers by itself comes back here
        for ref in (*refs.values(), refs[name]):
            await _settled(de.measured, ref)


def _day(number: int) -> date:
    """Every life asks the law for another day, so that no answer is remembered from another case."""
    return date(2026, 11, 20) - timedelta(days=number)


async def _settled(measured: Measured, ref: str) -> CaseState:
    """The state once no letter of the case is on its way."""
    async with asyncio.timeout(SECONDS):
        while True:
            state = measured.filed.get(ref)
            if state is not None and not any(item.status == "queued" for item in state.outbox):
                return state
            await asyncio.sleep(0.005)


def _now(body: MoveBody, state: CaseState) -> MoveBody:
    if isinstance(body, AcceptHandoff):
        return AcceptHandoff(id=state.handoffs[-1].id)
    return Approve(override="a bench needs no contents") if isinstance(body, Approve) else body
