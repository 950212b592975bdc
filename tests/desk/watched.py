"""A house that can be stopped, upgraded and started again: real records, real law, real counting, and a clock
of its own; only the engine is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from activities.legal import Legal
from desk import watch
from desk.house import new_house
from desk.watch import Told
from records.open import Records, open_records
from schemas.case import CaseInput, CaseState
from schemas.deadline import ClockStatus, Deadline
from schemas.errors import Unavailable
from schemas.moves import Actor, Arrive, FileRequest, Move, MoveBody, MoveReply
from schemas.request import MlaRequest
from schemas.settings import Settings
from schemas.vocabulary import Kind, Measure, Role, Side
from schemas.work import AssessDone, AssessWork, CountDone, CountWork
from tests.workshop.conftest import FakeEngineOffice, Hands
from treaties.counting import Place
from treaties.editions import Editions
from treaties.load import load_registry
from treaties.registry import Registry
from workflows import allowing, making
from workflows.refusals import heard

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""A Monday."""
FACT = {"source": "chart", "recorded": "2026-01-01", "confidence": "read"}


class Stopped(Exception):
    """The house stops here."""


class CountingHands(Hands):
    """As those of the workshop; limits are counted, and what the law refuses is heard as in the engine."""

    async def assess(self, work: AssessWork) -> AssessDone:
        try:
            return self.legal.assess(work)
        except ApplicationError as error:
            raise heard(error, "the law") from None

    async def count(self, work: CountWork) -> CountDone:
        return self.legal.count(work)


class WatchedOffice(FakeEngineOffice):
    """The office at a moment of the test's choosing."""

    moment: datetime = START

    async def start(self, ref: str, side: Side, move: Move) -> MoveReply:
        assert isinstance(move.body, FileRequest | Arrive)
        case = CaseInput(
            ref=ref,
            house=self.settings.house,
            home_state=self.settings.state,
            side=side,
            kind=Kind(move.body.request.kind),
            first=move,
        )
        return (await making.begin(case, self.hands, self.moment)).keys[move.key]

    async def deliver(self, ref: str, move: Move) -> MoveReply:
        if ref in self.down:
            raise Unavailable("The engine is down.", where=ref)
        state = self.records.states.latest(ref)
        if move.key in state.keys:
            return state.keys[move.key].model_copy(update={"repeated": True})
        allowing.check(state, move, self.moment)
        return (await making.make(state, move, self.hands, self.moment)).keys[move.key]

    def today(self) -> date:
        return self.moment.astimezone(self.zone).date()


@dataclass
class Watched:
    """One house under a program that ships `law`; `counted_by`: that of its worker, if it lags behind."""

    settings: Settings
    law: Registry
    moment: datetime = START
    counted_by: Registry | None = None
    down: frozenset[str] = frozenset()
    records: Records = field(init=False)
    office: WatchedOffice = field(init=False)
    editions: Editions = field(init=False)
    filings: int = 0

    @classmethod
    def new(cls, home: Path, law: Registry, house: str = "de-test", state: str = "DE") -> Watched:
        """A new house, not yet started."""
        return cls(new_house(home, house, state, "Test house", "Europe/Berlin"), law)

    async def start(self, law: Registry | None = None) -> Watched:
        """Starts it, with the program it had or with one that ships other law."""
        self.law = law or self.law
        self.records = open_records(self.settings)
        proposals = self.records.proposals
        self.editions = Editions(lambda: self.law, proposals, proposals.saw)
        self.office = WatchedOffice(
            self.settings, self.records, await Client.connect("127.0.0.1:1", lazy=True)
        )
        worker = Editions(lambda: self.counted_by or self.law, proposals, proposals.saw)
        home = Place(self.settings.time_zone, self.settings.state)
        legal = Legal(worker.current, self.records.vault, self.office.trust, home)
        self.office.hands = CountingHands(legal, self.records)
        return self

    async def again(self, law: Registry | None = None) -> Watched:
        """Stops it and starts it again."""
        self.records.close()
        return await self.start(law)

    async def watch(self) -> Told:
        """One round of the watch."""
        self.office.moment, self.office.down = self.moment, self.down
        return await watch.watch(self.office, self.editions)

    async def filed(self, requested: str = "US", **changes: Any) -> str:
        """A draft to that State."""
        body = request(requesting=self.settings.state, requested=requested, **changes)
        return await self._filed(FileRequest(request=body))

    async def arrived(self, requesting: str = "US") -> str:
        """A request of that State, which came on paper."""
        body = request(requesting=requesting, requested=self.settings.state)
        told = Arrive(request=body, foreign_ref=f"T-{self.filings}", by_post=True, happened_at=self.moment)
        return await self._filed(told)

    async def _filed(self, body: FileRequest | Arrive) -> str:
        self.filings += 1
        self.office.moment = self.moment
        return (await self.office.file(self.officer, body, f"k{self.filings}")).ref

    async def move(self, ref: str, body: MoveBody, actor: Actor | None = None) -> MoveReply:
        """A move of the officer, or of another."""
        self.filings += 1
        self.office.moment = self.moment
        move = Move(key=f"m{self.filings}", actor=actor or self.officer, body=body)
        return await self.office.deliver(ref, move)

    @property
    def officer(self) -> Actor:
        return Actor(id="officer", house=self.settings.house, roles=(Role.OFFICER,))

    @property
    def approver(self) -> Actor:
        return Actor(id="approver", house=self.settings.house, roles=(Role.OFFICER, Role.APPROVER))

    def state(self, ref: str) -> CaseState:
        return self.records.states.latest(ref)

    def running(self, ref: str) -> dict[str, Deadline]:
        """The limits that run, by their clock."""
        return {one.clock: one for one in self.state(ref).deadlines if one.status is ClockStatus.RUNNING}

    def told(self, ref: str, event: str) -> list[str]:
        """The bodies of the moves of that kind, oldest first."""
        return [one.detail or "" for one in self.records.ledger.entries(ref) if one.event == event]


def request(**changes: Any) -> MlaRequest:
    """A request for subscriber data."""
    given: dict[str, Any] = {
        "requesting": "DE",
        "requested": "US",
        "measures": (Measure.SUBSCRIBER_DATA,),
    }
    return MlaRequest.model_validate(given | changes)


def overlay(folder: Path, files: Mapping[str, Any], *below: Any) -> Registry:
    """The law of the layers `below` with an overlay folder, which is written first."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return load_registry([*below, folder])
