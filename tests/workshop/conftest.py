"""A real house with real records and the real law; only the engine is left out: moves are made by hand."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from activities.legal import Legal
from desk.api.application import create_app
from desk.house import new_house
from desk.office import Office
from desk.watch import Told, watch
from records.open import Records, open_records
from schemas.case import CaseInput, CaseState
from schemas.errors import Unavailable
from schemas.ids import digest
from schemas.moves import Arrive, FileRequest, Move, MoveReply
from schemas.vocabulary import Kind, Role, Side
from schemas.work import (
    AssessDone,
    AssessWork,
    CountDone,
    CountWork,
    FileDone,
    FileWork,
    SealDone,
    SealWork,
)
from treaties.counting import Place
from treaties.editions import Editions
from treaties.load import shipped
from treaties.registry import Registry
from workflows import allowing, making

PEOPLE: dict[str, tuple[Role, ...]] = {
    "officer": (Role.OFFICER,),
    "approver": (Role.OFFICER, Role.APPROVER),
    "desk": (Role.TREATY_DESK,),
    "second": (Role.TREATY_DESK,),
    "auditor": (Role.AUDITOR,),
    "operator": (Role.OPERATOR,),
}


class Hands:
    """The activities of a case, done at once: real law, real records; letters are only given a digest."""

    def __init__(self, legal: Legal, records: Records) -> None:
        self.legal = legal
        self.records = records

    async def assess(self, work: AssessWork) -> AssessDone:
        return self.legal.assess(work)

    async def count(self, work: CountWork) -> CountDone:
        return CountDone()

    async def seal(self, work: SealWork) -> SealDone:
        return SealDone(message=work.message, sealed=digest(work.model_dump_json().encode()))

    async def file(self, work: FileWork) -> FileDone:
        return self.records.file(work)


class FakeEngineOffice(Office):
    """The office with every case's own rules and steps, and no engine behind it."""

    hands: Hands
    down: frozenset[str] = frozenset()

    async def start(self, ref: str, side: Side, move: Move) -> MoveReply:
        assert isinstance(move.body, FileRequest | Arrive)
        case = CaseInput(
            ref=ref,
            house=self.settings.house,
            home_state=self.settings.state,
            side=side,
            kind=Kind.MLA,
            first=move,
        )
        return (await making.begin(case, self.hands, datetime.now(UTC))).keys[move.key]

    async def deliver(self, ref: str, move: Move) -> MoveReply:
        if ref in self.down:
            raise Unavailable("The engine is down.", where=ref)
        state = self.records.states.latest(ref)
        if move.key in state.keys:
            return state.keys[move.key].model_copy(update={"repeated": True})
        now = datetime.now(UTC)
        allowing.check(state, move, now)
        return (await making.make(state, move, self.hands, now)).keys[move.key]


@dataclass
class Desk:
    """The house as its people reach it: over HTTP, each with a token."""

    http: httpx.AsyncClient
    tokens: dict[str, str]
    office: FakeEngineOffice
    records: Records
    editions: Editions

    async def __call__(self, who: str, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {**options.pop("headers", {}), "Authorization": f"Bearer {self.tokens[who]}"}
        if method == "POST":
            headers.setdefault("Idempotency-Key", uuid.uuid4().hex)
        return await self.http.request(method, path, headers=headers, **options)

    async def got(self, who: str, path: str, **query: Any) -> Any:
        """The JSON of a successful GET."""
        answer = await self(who, "GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def proposed(self, **draft: Any) -> int:
        """The number of a proposal made by the treaty desk."""
        answer = await self("desk", "POST", "/registry/proposals", json=draft)
        assert answer.status_code == 201, answer.text
        number: int = answer.json()["number"]
        return number

    async def accepted(self, number: int, who: str = "second") -> dict[str, Any]:
        """The answer to accepting it. The cases are told before it comes back."""
        answer = await self(who, "POST", f"/registry/proposals/{number}/accept", json={})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def filed(self, requested: str, **changes: Any) -> str:
        """A draft of ours to that State."""
        body = {
            "kind": "mla",
            "requesting": "DE",
            "requested": requested,
            "measures": ["subscriber-data"],
            "offences": [{"slug": "csam-distribution", "law": "invented", "max_penalty": 120}],
            **changes,
        }
        answer = await self("officer", "POST", "/cases", json=body)
        assert answer.status_code == 201, answer.text
        ref: str = answer.json()["ref"]
        return ref

    async def move(self, who: str, ref: str, **body: Any) -> httpx.Response:
        return await self(who, "POST", f"/cases/{ref}/moves", json=body)

    def state(self, ref: str) -> CaseState:
        return self.records.states.latest(ref)

    async def watch(self) -> Told:
        return await watch(self.office, self.editions)


def ireland(title: str = "Ireland ratifies the Convention on Cybercrime") -> dict[str, Any]:
    """The trial accession: an instrument of ratification, and the day on which it takes effect."""
    return {
        "title": title,
        "reason": "notification of the depositary (invented)",
        "defaults": {"source": "depositary-2026-11", "checked": "2026-11-20", "confidence": "read"},
        "sources": [{"key": "depositary-2026-11", "title": "Notification, invented", "how": "read"}],
        "acts": [
            {"instrument": "budapest", "state": "IE", "act": "ratified", "on": "2026-11-16"},
            {"instrument": "budapest", "state": "IE", "act": "in-force", "on": "2027-03-01"},
        ],
    }


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Records]:
    """The records of a new house of Germany."""
    records = open_records(new_house(tmp_path / "de", "de-test", "DE", "Test house", "Europe/Berlin"))
    yield records
    records.close()


@pytest.fixture
def law() -> Registry:
    """What the program ships. Modules that need little of it have a smaller one."""
    return shipped()


@pytest.fixture
async def desk(home: Records, law: Registry) -> AsyncIterator[Desk]:
    """The house, its people and its law."""
    tokens = {}
    for name, roles in PEOPLE.items():
        home.accounts.add(name, roles)
        tokens[name] = home.accounts.token(name)
    office = FakeEngineOffice(home.settings, home, await Client.connect("127.0.0.1:1", lazy=True))
    app = create_app(office, law)
    # The worker is another process: it keeps its own editions of the same house.
    editions = Editions(lambda: law, home.proposals, home.proposals.saw)
    legal = Legal(editions.current, home.vault, office.trust, Place("Europe/Berlin", "DE"))
    office.hands = Hands(legal, home)
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as http:
        yield Desk(http, tokens, office, home, app.state.house.editions)


__all__ = ["Desk", "ireland"]
