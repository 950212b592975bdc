"""Do two houses with real records, real law and real seals come to the same end over a bad road?"""

from __future__ import annotations

import asyncio
import base64
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from desk import inbound
from desk.house import introduce, new_house
from desk.office import Office
from letters.trust import TrustedHouse
from records.codec import ENCODING, data_converter
from records.open import open_records
from schemas.case import CaseState
from schemas.errors import Unavailable
from schemas.messages import Parcel
from schemas.moves import AcceptHandoff, Approve, Close, FileRequest, MoveBody
from schemas.settings import settings_of
from schemas.vocabulary import Verdict
from tests.flow.engine import server
from tests.flow.invented import OFFICER_DE, request
from tests.flow.life import LIFE
from worker import HANDS, hands, make_worker

SECONDS = 60.0


class FakeRoad:
    """A carrier between houses of one process: it loses letters and answers, and brings old letters again.

    Whatever comes twice must be answered with the same bytes.
    """

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.loop = asyncio.get_running_loop()
        self.offices: dict[str, Office] = {}
        self.answers: dict[bytes, tuple[str, str]] = {}
        self.happened: Counter[str] = Counter()

    def send(self, recipient: TrustedHouse, parcel: Parcel) -> str:
        """One attempt. Many go wrong."""
        content = parcel.model_dump_json().encode()
        if self.chance.random() < 0.2:
            raise self._lost("lost")
        if self.answers and self.chance.random() < 0.3:
            old, (house, _) = self.chance.choice(list(self.answers.items()))
            self._bring(house, old)
            self.happened["old"] += 1
        receipt = self._bring(recipient.id, content)
        if self.chance.random() < 0.2:
            raise self._lost("answer lost")
        return receipt

    def collect(self) -> list[Parcel]:
        return []

    def _lost(self, what: str) -> Unavailable:
        self.happened[what] += 1
        return Unavailable("The road is closed.")

    def _bring(self, house: str, content: bytes) -> str:
        attempt = inbound.receive(self.offices[house], content)
        answer = asyncio.run_coroutine_threadsafe(attempt, self.loop).result(SECONDS)
        if answer.receipt is None:
            raise self._lost("not now")
        known = self.answers.setdefault(content, (house, answer.receipt))
        assert known[1] == answer.receipt, "the same letter got another receipt"
        return answer.receipt


@asynccontextmanager
async def two_houses(folder: Path, road: FakeRoad) -> AsyncIterator[tuple[Office, Office]]:
    """Germany and the United States on one server, each with its own worker, records and keys."""
    new_house(folder / "de", "de", "DE", "Germany", time_zone="Europe/Berlin")
    new_house(folder / "us", "us", "US", "United States", port=8081, time_zone="America/New_York")
    introduce(folder / "de", folder / "us")
    async with AsyncExitStack() as stack:
        environment = await stack.enter_async_context(
            await WorkflowEnvironment.start_time_skipping(test_server_existing_path=server())
        )
        threads = stack.enter_context(ThreadPoolExecutor(HANDS))
        for name in ("de", "us"):
            settings = settings_of(folder / name).model_copy(update={"task_queue": name})
            records = open_records(settings)
            stack.callback(records.close)
            address = environment.client.service_client.config.target_host
            client = await Client.connect(address, data_converter=data_converter(records.keys))
            road.offices[name] = Office(settings, records, client)
            await stack.enter_async_context(
                make_worker(client, name, hands(settings, records, road), threads)
            )
        yield road.offices["de"], road.offices["us"]


async def settled(office: Office, ref: str) -> CaseState:
    """The state of the case once no letter of it is on its way."""
    async with asyncio.timeout(SECONDS):
        while True:
            state = office.records.states.latest(ref)
            if not any(item.status == "queued" for item in state.outbox):
                return state
            await asyncio.sleep(0.02)


def now(body: MoveBody, state: CaseState) -> MoveBody:
    """The move of the plan, as it fits this case: its own handoff, and gaps overridden."""
    if isinstance(body, AcceptHandoff):
        return AcceptHandoff(id=state.handoffs[-1].id)
    return Approve(override="a test needs no contents") if isinstance(body, Approve) else body


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_life_over_a_bad_road(tmp_path: Path, seed: int) -> None:
    road = FakeRoad(seed)
    async with two_houses(tmp_path, road) as (de, us):
        filed = await de.file(OFFICER_DE, FileRequest(request=request()), "file")
        refs = {"de": filed.ref, "us": ""}
        for number, (name, actor, body) in enumerate(LIFE):
            office = road.offices[name]
            if isinstance(body, Close):
                await check_history(road.offices, refs)
            state = await settled(office, refs[name])
            await office.move(actor, refs[name], now(body, state), f"{name}-{number}")
            state = await settled(office, refs[name])
            refs["us"] = refs["us"] or (state.counterpart.ref or "")
            other = "us" if name == "de" else "de"
            if refs[other]:
                await settled(road.offices[other], refs[other])
        check_the_end(de, us, refs)
        assert road.happened["lost"] + road.happened["answer lost"] > 2
        assert road.happened["old"] > 2


def check_the_end(de: Office, us: Office, refs: dict[str, str]) -> None:
    """Both closed, both ledgers whole, one chain of custody, and nothing in it twice."""
    ours, theirs = de.records.states.latest(refs["de"]), us.records.states.latest(refs["us"])
    assert ours.status == theirs.status == "closed"
    assert ours.holder == theirs.holder
    assert [passing.triple for passing in ours.handoffs] == [passing.triple for passing in theirs.handoffs]
    for office, ref, state in ((de, refs["de"], ours), (us, refs["us"], theirs)):
        assert office.records.verify() == []
        assert office.verify_custody(ref).verdict is Verdict.YES
        moves = [entry for entry in office.records.ledger.entries(ref) if entry.move is not None]
        assert [entry.move for entry in moves] == list(range(1, state.move + 1))
        brought = [entry.message for entry in moves if entry.message and entry.event != "delivered"]
        assert len(brought) == len(set(brought)), "a letter made two moves"
        assert not [code for code in state.attention if code.startswith("refused")]


async def check_history(offices: dict[str, Office], refs: dict[str, str]) -> None:
    """Nothing readable enters a history: every payload is sealed, save the engine's notes on activities and
    on the release of our rules by which the case lives."""
    for name, ref in refs.items():
        handle = offices[name].client.get_workflow_handle(ref)
        history = json.loads((await handle.fetch_history()).to_json())
        found = list(payloads(history))
        assert len(found) > 20
        for encoding, data in found:
            text = data.decode("utf-8", "replace").lower()
            assert not [word for word in ("invented", "csam", "officer-", "proceedings") if word in text]
            noted = '"activity_type"' in text or '"rules-' in text
            assert encoding == ENCODING or noted, (encoding, text[:200])
        assert "invented" not in json.dumps(history).lower()


def payloads(part: Any) -> Iterator[tuple[bytes, bytes]]:
    """Encoding and content of every payload in a history, wherever it stands."""
    if isinstance(part, dict):
        metadata, data = part.get("metadata"), part.get("data")
        if isinstance(metadata, dict) and "encoding" in metadata:
            yield base64.b64decode(metadata["encoding"]), base64.b64decode(data or "")
        for value in part.values():
            yield from payloads(value)
    elif isinstance(part, list):
        for value in part:
            yield from payloads(value)
