"""How is a whole life played, and what plan does a control need to do the like of it?"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date, timedelta

from bench._control import Letter, Size, Turn
from bench._houses import OTHER, SECONDS, BenchOffice, Filed, Seen
from schemas.moves import AcceptHandoff, Approve, FileRequest, Move, MoveBody
from schemas.vocabulary import Kind, Side
from schemas.work import FILE, POST, SEAL
from tests.flow import life
from tests.flow.invented import OFFICER_DE, request

LIFE = tuple(step for step in life.LIFE if (step[0], step[2].event) != ("us", "close"))
"""The side that asked closes, and its letter closes the case over there: no case is started twice."""


@dataclass
class Trace:
    """What one house asked of the engine in one life, in order."""

    turns: list[Turn] = field(default_factory=list)
    by_letter: list[Turn] = field(default_factory=list)
    emitting: list[Turn] = field(default_factory=list)
    posts: list[Size] = field(default_factory=list)
    delivered: list[list[Size]] = field(default_factory=list)
    group: list[Size] = field(default_factory=list)
    groups: list[tuple[list[Size], bool]] = field(default_factory=list)
    sealed: bool = False


class Watch:
    """What the houses tell: how cases stand, and for one life the size of everything."""

    def __init__(self) -> None:
        self.filed: dict[str, Filed] = {}
        self._traces = {"de": Trace(), "us": Trace()}
        self._people: list[Turn] = []
        self._measuring = True

    def take(self, told: Seen) -> None:
        """Takes in one thing told."""
        if told.filed is not None:
            self.filed[told.filed.ref] = told.filed
        if self._measuring:
            self._measure(self._traces[told.house], told)

    def _measure(self, trace: Trace, told: Seen) -> None:
        size = Size(asked=told.asked, answered=told.answered)
        if told.what == "update":
            local, emits = trace.groups.pop(0)
            turn = Turn(house=told.house, update=size, local=local)
            trace.turns.append(turn)
            (trace.by_letter if told.by_letter else self._people).append(turn)
            if emits:
                trace.emitting.append(turn)
        elif told.what == POST:
            trace.posts.append(size)
        else:
            trace.group.append(size)
            trace.sealed = trace.sealed or told.what == SEAL
            if told.what == FILE:
                self._end_of_group(trace, told)

    def _end_of_group(self, trace: Trace, told: Seen) -> None:
        if told.filed is not None and told.filed.event == "delivered":
            trace.delivered.append(trace.group)
        else:
            trace.groups.append((trace.group, trace.sealed))
        trace.group, trace.sealed = [], False

    def plan(self) -> list[Turn]:
        """The turns people made, each with its letter and what that leads to. Measuring ends."""
        self._measuring = False
        for house, other in OTHER.items():
            ours, theirs = self._traces[house], self._traces[other]
            letters = zip(ours.emitting, ours.posts, theirs.by_letter, ours.delivered, strict=True)
            for turn, post, there, delivered in letters:
                turn.letter = Letter(post=post, turn=there, delivered=delivered)
            ours.turns[-1].last = True
        return self._people

    async def settled(self, ref: str) -> Filed:
        """How the case stands once no letter of it is on its way."""
        async with asyncio.timeout(SECONDS):
            while True:
                known = self.filed.get(ref)
                if known is not None and not known.waiting:
                    return known
                await asyncio.sleep(0.005)


async def live(de: BenchOffice, us: BenchOffice, seen: Watch, number: int, *, desk: bool) -> None:
    """One whole life, from filing to closing in both houses. A step is over when its letters have arrived.

    `desk`: people's moves go through the office, with its attempts and permissions.
    """
    offices = {"de": de, "us": us}
    refs = {"de": await _filed(de, number, desk)}
    for step, (name, actor, planned) in enumerate(LIFE):
        body = _fitting(planned, await seen.settled(refs[name]))
        if desk:
            await offices[name].move(actor, refs[name], body, f"{number}-{step}")
        else:
            move = Move(key=f"{number}-{step}", actor=actor, body=body)
            await offices[name].deliver(refs[name], move)
        known = await seen.settled(refs[name])
        if name == "de" and known.their_ref:
            refs["us"] = known.their_ref
        # what the other side answers by itself comes back here
        for ref in (*refs.values(), refs[name]):
            await seen.settled(ref)
    await asyncio.gather(
        *(offices[name].client.get_workflow_handle(ref).result() for name, ref in refs.items())
    )


async def _filed(de: BenchOffice, number: int, desk: bool) -> str:
    # every life asks the law for another day, so that no answer is remembered from another case
    day = date(2026, 11, 20) - timedelta(days=number)
    first = FileRequest(request=request(on=day))
    if desk:
        return (await de.file(OFFICER_DE, first, f"file-{number}")).ref
    ref = await de.reserve(Kind.MLA, f"plain-{number}")
    await de.start(ref, Side.OUTGOING, Move(key=f"plain-{number}", actor=OFFICER_DE, body=first))
    return ref


def _fitting(body: MoveBody, known: Filed) -> MoveBody:
    if isinstance(body, AcceptHandoff):
        return AcceptHandoff(id=known.handoff)
    return Approve(override="a bench needs no contents") if isinstance(body, Approve) else body
