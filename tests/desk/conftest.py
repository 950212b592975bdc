"""A real house with real records, its API, and a fake in the place of the engine."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from desk.api.application import create_app
from desk.house import new_house
from desk.office import Office, Revived
from records.open import Records, open_records
from schemas.case import CaseState, Counterpart, Gap
from schemas.errors import Unavailable
from schemas.handoff import Holder
from schemas.lifecycle import FIRST_STATUS, OWN, allowed, require
from schemas.moves import Amend, Arrive, FileRequest, Move, MoveReply
from schemas.vocabulary import Kind, Role, Side
from schemas.work import FileWork
from treaties.load import load_registry
from treaties.registry import Registry
from workflows.row import row_of

PEOPLE: dict[str, tuple[tuple[Role, ...], str]] = {
    "officer": ((Role.OFFICER,), "central-authority"),
    "other-officer": ((Role.OFFICER, Role.APPROVER), "central-authority"),
    "approver": ((Role.APPROVER,), "central-authority"),
    "court-officer": ((Role.OFFICER,), "district-court"),
    "judge": ((Role.ISSUING_AUTHORITY,), "district-court"),
    "liaison": ((Role.LIAISON,), "police"),
    "treaty-desk": ((Role.TREATY_DESK,), "central-authority"),
    "auditor": ((Role.AUDITOR,), "central-authority"),
    "operator": ((Role.OPERATOR,), "central-authority"),
}

MARK = "Xenia Invented"
"""Stands in every free text of a case: where it shows, a name would have shown."""


class FakeEngineOffice(Office):
    """The office with the cases in memory instead of in the engine: it files to the real records."""

    down = False
    starts = 0

    async def start(self, ref: str, side: Side, move: Move) -> MoveReply:
        self._reachable(ref)
        FakeEngineOffice.starts += 1
        body = move.body
        assert isinstance(body, FileRequest | Arrive)
        now = datetime.now(UTC)
        other = body.request.requested if side is Side.OUTGOING else body.request.requesting
        state = CaseState(
            ref=ref,
            house=self.settings.house,
            state=self.settings.state,
            kind=Kind(body.request.kind),
            side=side,
            status=FIRST_STATUS[side],
            opened=now,
            updated=now,
            filed_by=move.actor.id,
            last_author=move.actor.id,
            counterpart=Counterpart(state=other, ref=body.foreign_ref if isinstance(body, Arrive) else None),
            holder=Holder(house=self.settings.house, function="central-authority"),
            held_since=now,
            request=body.request,
            matter=body.matter if isinstance(body, FileRequest) else None,
            gaps=[Gap(code="necessity")],
        )
        return self._file(state, move)

    async def deliver(self, ref: str, move: Move) -> MoveReply:
        self._reachable(ref)
        state = self.records.states.latest(ref)
        if move.key in state.keys:
            return state.keys[move.key].model_copy(update={"repeated": True})
        rule = require(state.kind, state.side, state.status, move.body.event, OWN)
        changes: dict[str, Any] = {"status": rule.to or state.status}
        if isinstance(move.body, Amend):
            changes["request"] = move.body.request
        return self._file(state.model_copy(update=changes), move)

    async def revive(self, ref: str, force: bool = False) -> Revived:
        return Revived(ref, self.records.states.latest(ref).status, force, "" if force else "it is running")

    def _reachable(self, ref: str) -> None:
        if self.down:
            raise Unavailable("The engine is down.", where=ref)

    def _file(self, state: CaseState, move: Move) -> MoveReply:
        reply = MoveReply(
            ref=state.ref,
            move=state.move + 1,
            event=move.body.event,
            status=state.status,
            holder=state.holder,
            gaps=len(state.gaps),
            allowed=tuple(allowed(state.kind, state.side, state.status)),
        )
        keys = {**state.keys, move.key: reply}
        filed = state.model_copy(update={"move": state.move + 1, "keys": keys})
        self.records.file(
            FileWork(
                ref=state.ref,
                move=filed.move,
                at=datetime.now(UTC),
                actor=move.actor,
                event=move.body.event,
                key=move.key,
                detail=move.body.model_dump_json(),
                state=filed,
                row=row_of(filed),
                message=move.message,
                sealed=move.sealed,
            )
        )
        return reply


@dataclass
class Caller:
    """Calls the API as one of PEOPLE (None: without a token)."""

    http: httpx.AsyncClient
    tokens: dict[str, str]
    office: FakeEngineOffice
    records: Records
    app: Any
    fresh: bool = field(default=True)

    async def __call__(
        self, who: str | None, method: str, path: str, *, key: str | None = "", **options: Any
    ) -> httpx.Response:
        headers = dict(options.pop("headers", {}))
        if who is not None:
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        if method == "POST" and key is not None:
            headers["Idempotency-Key"] = key or uuid.uuid4().hex
        return await self.http.request(method, path, headers=headers, **options)

    async def file(self, who: str = "officer", **changes: Any) -> str:
        """File a request and return its reference."""
        answer = await self(who, "POST", "/cases", json=request_json(**changes))
        assert answer.status_code == 201, answer.text
        ref: str = answer.json()["ref"]
        return ref

    async def move(self, who: str, ref: str, **body: Any) -> httpx.Response:
        return await self(who, "POST", f"/cases/{ref}/moves", json=body)


def request_json(**changes: Any) -> dict[str, Any]:
    """A whole request; MARK in every free text."""
    return {
        "kind": "mla",
        "requesting": "DE",
        "requested": "US",
        "measures": ["subscriber-data", "traffic-data"],
        "urgent": True,
        "urgency_reason": MARK,
        "offences": [{"slug": "csam-distribution", "law": MARK, "max_penalty": 120}],
        "contents": {"facts": MARK},
        "necessity": {
            "legality": MARK,
            "legitimate_aim": MARK,
            "necessity": MARK,
            "proportionality": MARK,
            "non_discrimination": MARK,
            "authorised_by": MARK,
            "authorised_on": "2026-11-01",
        },
        "victims": [{"pseudonym": MARK, "child": True}],
        "identifiers": {"account": MARK},
        "data_protection_ground": MARK,
        **changes,
    }


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    settings = new_house(tmp_path / "de", "de-test", "DE", "Test house", "Europe/Berlin")
    opened = open_records(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def registry() -> Registry:
    """A registry of two instruments: enough for the routes, whose law is tested elsewhere."""
    fact = {"source": "invented", "recorded": "2026-01-01", "confidence": "memory"}
    return load_registry(
        [
            {
                "sources/invented.yml": {"key": "invented", "title": "Invented for a test"},
                "states/DE.yml": {"code": "DE", "name": "Germany", **fact},
                "states/US.yml": {"code": "US", "name": "United States", **fact},
                "states/FR.yml": {"code": "FR", "name": "France", **fact},
                "states/NO.yml": {"code": "NO", "name": "Norway", **fact},
                "offences.yml": {
                    "offences": [
                        {
                            "slug": slug,
                            "name": slug,
                            "conduct": "Doing it.",
                            "articles": [{"instrument": "budapest", "article": "9", **fact}],
                        }
                        for slug in ("csam-distribution", "grooming")
                    ]
                },
                "instruments/budapest.yml": {
                    "key": "budapest",
                    "title": "Convention on Cybercrime",
                    "form": "multilateral",
                    "kinds": ["mla"],
                    "entry": {"on": "2004-07-01", **fact},
                    "provisions": [
                        {
                            "id": "25",
                            "article": "25",
                            "role": "reach",
                            "force": "duty",
                            "kinds": ["mla"],
                            **fact,
                        }
                    ],
                },
                "parties/budapest.yml": {
                    "instrument": "budapest",
                    "states": {
                        "DE": [{"act": "in-force", "on": "2009-07-01", **fact}],
                        "US": [
                            {"act": "in-force", "on": "2007-01-01", **fact},
                            {"act": "denounced", "on": "2030-01-01", **fact},
                        ],
                    },
                },
            }
        ]
    )


@pytest.fixture
async def call(records: Records, registry: Registry) -> AsyncIterator[Caller]:
    """The API of the house, with one account and token for each of PEOPLE."""
    tokens = {}
    for name, (roles, agency) in PEOPLE.items():
        records.accounts.add(name, roles, agency)
        tokens[name] = records.accounts.token(name)
    client = await Client.connect("127.0.0.1:1", lazy=True)
    office = FakeEngineOffice(records.settings, records, client)
    app = create_app(office, registry)
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as http:
        yield Caller(http, tokens, office, records, app)
