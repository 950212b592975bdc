"""Do two houses with real records, real law and real seals come to the same end over real HTTP
on a bad road?"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from desk.api.application import create_app
from desk.house import introduce, new_house, set_address
from desk.office import Office
from desk.serve import address_of, listen
from letters.carriers.http import HttpCarrier
from records.codec import ENCODING, data_converter
from records.open import open_records
from schemas.case import CaseState
from schemas.moves import AcceptHandoff, Approve, Close, FileRequest, MoveBody
from schemas.settings import settings_of
from schemas.vocabulary import Verdict
from tests.flow.engine import server
from tests.flow.fake_road import FATES, FakeRoad
from tests.flow.invented import OFFICER_DE, request
from tests.flow.life import LIFE
from tests.patience import turns
from treaties.load import shipped
from worker import HANDS, hands, make_worker

CASES = 3


@asynccontextmanager
async def two_houses(folder: Path, road: FakeRoad) -> AsyncIterator[dict[str, Office]]:
    """Germany and the United States on one server, each with its own worker, records, keys and HTTP API."""
    new_house(folder / "de", "de", "DE", "Germany", time_zone="Europe/Berlin")
    new_house(folder / "us", "us", "US", "United States", port=8081, time_zone="America/New_York")
    introduce(folder / "de", folder / "us")
    set_address(folder / "de", "us", road.url("us"))
    set_address(folder / "us", "de", road.url("de"))
    async with AsyncExitStack() as stack:
        environment = await stack.enter_async_context(
            await WorkflowEnvironment.start_time_skipping(test_server_existing_path=server())
        )
        address = environment.client.service_client.config.target_host
        threads = stack.enter_context(ThreadPoolExecutor(HANDS))
        carrier = stack.enter_context(HttpCarrier())
        offices = {}
        for name in ("de", "us"):
            settings = settings_of(folder / name).model_copy(update={"task_queue": name})
            records = open_records(settings)
            stack.callback(records.close)
            client = await Client.connect(address, data_converter=data_converter(records.keys))
            offices[name] = Office(settings, records, client)
            road.there[name] = await stack.enter_async_context(served(offices[name]))
            made = hands(settings, records, carrier)
            await stack.enter_async_context(make_worker(client, name, made, threads))
        yield offices


@asynccontextmanager
async def served(office: Office) -> AsyncIterator[str]:
    """The API of a house on a real port; its address."""
    door, _ = listen("127.0.0.1", 0)
    config = uvicorn.Config(create_app(office, shipped()), lifespan="off", log_config=None, access_log=False)
    serving = uvicorn.Server(config)
    task = asyncio.create_task(serving.serve(sockets=[door]))
    try:
        yield address_of(door)
    finally:
        serving.should_exit = True
        await task
        door.close()


async def settled(office: Office, ref: str) -> CaseState:
    """The state of the case once no letter of it is on its way."""
    async for _ in turns("all letters went", 0.02):
        state = office.records.states.latest(ref)
        if not any(item.status == "queued" for item in state.outbox):
            break
    return state


def now(body: MoveBody, state: CaseState) -> MoveBody:
    """The move of the plan, as it fits this case: its own handoff, and gaps overridden."""
    if isinstance(body, AcceptHandoff):
        return AcceptHandoff(id=state.handoffs[-1].id)
    return Approve(override="a test needs no contents") if isinstance(body, Approve) else body


async def live(offices: dict[str, Office], case: int) -> dict[str, str]:
    """One whole life; the reference of the case in each house."""
    de = offices["de"]
    filed = await de.file(OFFICER_DE, FileRequest(request=request()), f"file-{case}")
    refs = {"de": filed.ref, "us": ""}
    for number, (name, actor, body) in enumerate(LIFE):
        office = offices[name]
        if isinstance(body, Close) and not case:
            await check_history(offices, refs)
        state = await settled(office, refs[name])
        await office.move(actor, refs[name], now(body, state), f"{name}-{case}-{number}")
        state = await settled(office, refs[name])
        refs["us"] = refs["us"] or (state.counterpart.ref or "")
        other = "us" if name == "de" else "de"
        if refs[other]:
            await settled(offices[other], refs[other])
    return refs


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_lives_over_a_bad_road(tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Several at once, so that letters overtake each other."""
    with FakeRoad(seed) as road:
        async with two_houses(tmp_path, road) as offices:
            lives = await asyncio.gather(*(live(offices, case) for case in range(CASES)))
            for refs in lives:
                check_the_end(offices["de"], offices["us"], refs)
            letters = sum(check_the_ledgers(offices, refs) for refs in lives)
        assert road.unlike == [], "the same letter got another receipt"
        happened = road.happened
        with capsys.disabled():
            told = ", ".join(f"{happened[name]} {name}" for name, _ in FATES)
            print(
                f"\n{CASES} cases over a bad road (seed {seed}): {letters} letters arrived once each, by "
                f"{happened['attempts']} attempts: {told}, {happened['out of order']} out of order; "
                "both ledgers agree"
            )
    assert all(happened[name] for name, _ in FATES)
    assert happened["out of order"]
    assert happened["brought"] > letters


def check_the_ledgers(offices: dict[str, Office], refs: dict[str, str]) -> int:
    """What one house has a receipt for, the other has in its ledger, once and in that order; nothing else.
    How many letters that is."""
    states = {name: office.records.states.latest(refs[name]) for name, office in offices.items()}
    total = 0
    for sender, receiver in (("de", "us"), ("us", "de")):
        assert {item.status for item in states[sender].outbox} == {"delivered"}
        sent = [item.id for item in states[sender].outbox]
        entries = offices[receiver].records.ledger.entries(refs[receiver])
        brought = [
            entry.message
            for entry in entries
            if entry.message and entry.move is not None and entry.event != "delivered"
        ]
        assert [message for message in brought if message.split(".")[0] == sender] == sent
        total += len(sent)
    return total


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
