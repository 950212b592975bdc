"""Does a case run from filing to closing over the API of two houses, on the real engine and the real law?"""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment

from desk import border
from desk.api.application import create_app
from desk.house import introduce, new_house
from desk.office import Office
from desk.running import resumed
from letters.carriers.http import HttpCarrier
from records.codec import data_converter
from records.open import open_records
from schemas.errors import BadInput
from schemas.moves import Actor, FileRequest, Move
from schemas.request import MlaRequest
from schemas.settings import settings_of
from schemas.vocabulary import Kind, Measure, Role, Side
from tests.desk.conftest import MARK
from tests.patience import PATIENCE, turns
from treaties.load import shipped
from worker import HANDS, hands, make_worker

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).resolve().parents[2]
PEOPLE: dict[str, tuple[Role, ...]] = {
    "officer": (Role.OFFICER,),
    "approver": (Role.APPROVER,),
    "judge": (Role.ISSUING_AUTHORITY,),
    "liaison": (Role.LIAISON,),
    "auditor": (Role.AUDITOR,),
}


class FakeWire(httpx.BaseTransport):
    """Brings what a carrier posts to the application of the house it is addressed to, by its port."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.apps: dict[int, Any] = {}
        self.brought: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run_coroutine_threadsafe(self._bring(request), self.loop).result(PATIENCE)

    async def _bring(self, request: httpx.Request) -> httpx.Response:
        app = self.apps[request.url.port or 80]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
            answer = await http.post(
                str(request.url), content=request.read(), headers={"Content-Type": "application/json"}
            )
        self.brought.append(str(request.url))
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


@dataclass
class House:
    """One house of the two, spoken to over its API."""

    office: Office
    http: httpx.AsyncClient
    tokens: dict[str, str]
    ref: str = ""

    async def ask(self, who: str, method: str, path: str, body: Any = None, key: str = "") -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Idempotency-Key": key or uuid.uuid4().hex}
        return await self.http.request(method, path, json=body, headers=headers)

    async def move(self, who: str, event: str, key: str = "", **fields: Any) -> dict[str, Any]:
        answer = await self.ask(who, "POST", f"/cases/{self.ref}/moves", {"event": event, **fields}, key)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def case(self, who: str = "officer") -> dict[str, Any]:
        told: dict[str, Any] = (await self.ask(who, "GET", f"/cases/{self.ref}")).json()
        return told

    async def until(self, true: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """The case, as soon as it is as `true` says."""
        async for _ in turns("the case as it is to be"):
            told = await self.case()
            if true(told):
                break
        return told


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def houses(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[House, House]]:
    """Germany and the United States on one engine, each with its own worker, records and keys."""
    tmp_path = tmp_path_factory.mktemp("houses")
    for name, state, port in (("de", "DE", 1001), ("us", "US", 1002)):
        new_house(tmp_path / name, f"{name}-house", state, f"House {state}", port=port)
    introduce(tmp_path / "de", tmp_path / "us")
    wire = FakeWire(asyncio.get_running_loop())
    async with AsyncExitStack() as stack:
        binary = str(Path(sys.executable).with_name("temporal"))
        engine = await stack.enter_async_context(
            await WorkflowEnvironment.start_local(dev_server_existing_path=binary)
        )
        address = engine.client.service_client.config.target_host
        carrier = stack.enter_context(HttpCarrier(wire))
        threads = stack.enter_context(ThreadPoolExecutor(HANDS))
        made = []
        for name in ("de", "us"):
            made.append(await _house(stack, tmp_path / name, name, address, carrier, threads, wire))
        yield made[0], made[1]


async def _house(
    stack: AsyncExitStack,
    home: Path,
    queue: str,
    address: str,
    carrier: HttpCarrier,
    threads: ThreadPoolExecutor,
    wire: FakeWire,
) -> House:
    settings = settings_of(home).model_copy(
        update={"task_queue": queue, "reference": queue + "-{number:05d}"}
    )
    records = open_records(settings)
    stack.callback(records.close)
    client = await Client.connect(address, data_converter=data_converter(records.keys))
    tokens = {}
    for person, roles in PEOPLE.items():
        records.accounts.add(person, roles)
        tokens[person] = records.accounts.token(person)
    await stack.enter_async_context(make_worker(client, queue, hands(settings, records, carrier), threads))
    office = Office(settings, records, client)
    app = create_app(office, shipped())
    wire.apps[settings.api_port] = app
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://house")
    return House(office, await stack.enter_async_context(http), tokens)


def item(number: int) -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "description": "invented record",
        "kind": "provider record",
        "sha256": f"sha256:{number:064x}",
        "custodian": "invented custodian",
    }


async def passed(sender: House, receiver: House) -> None:
    """The receiver accepts the open offer, and both see it confirmed."""
    open_offers = [each for each in (await receiver.case())["handoffs"] if each["status"] == "offered"]
    await receiver.move("officer", "accept", id=open_offers[-1]["id"])
    for house in (sender, receiver):
        told = await house.until(lambda case: case["handoffs"][-1]["status"] == "confirmed")
        assert told["holder"]["house"] == receiver.office.settings.house


async def sent(de: House, us: House) -> None:
    """File, issue, approve and send; both houses then know their case by `ref`."""
    request = border.request_from_yaml((ROOT / "examples" / "request-mended.yml").read_bytes())
    body = request.model_dump(mode="json", exclude_none=True)
    body["contents"]["summary-of-facts"] = MARK
    filed = await de.ask("officer", "POST", "/cases", body, key="file")
    assert filed.status_code == 201, filed.text
    de.ref = filed.json()["ref"]
    assert (await de.ask("officer", "POST", "/cases", body, key="file")).json()["ref"] == de.ref
    early = await de.ask("officer", "POST", f"/cases/{de.ref}/moves", {"event": "send"})
    assert (early.status_code, "approve" in early.json()["allowed"]) == (409, True), early.text
    signed = {"capacity": "issued", "authority": "court (invented)", "signed_on": "2026-11-20T10:00:00Z"}
    await de.move("judge", "issue", **signed)
    blocking = [gap for gap in (await de.case())["gaps"] if gap["blocking"]]
    await de.move("approver", "approve", **({"override": "a test"} if blocking else {}))
    one = await de.move("officer", "send", key="send")
    two = await de.move("officer", "send", key="send")
    assert two == {**one, "repeated": True}
    await de.until(lambda case: case["outbox"][0]["status"] == "delivered")
    found = (await us.ask("liaison", "GET", f"/references/{de.ref}")).json()["items"]
    assert [row["status"] for row in found] == ["received"]
    us.ref = found[0]["ref"]


@pytest.mark.slow
async def test_a_case_from_filing_to_closing(houses: tuple[House, House]) -> None:
    de, us = houses
    await sent(de, us)
    answer = (await de.ask("officer", "GET", f"/cases/{de.ref}/assessment")).json()
    assert any(each["instrument"] == "budapest" for each in answer["candidates"])
    assert MARK in (await us.ask("officer", "GET", f"/cases/{us.ref}")).text
    assert MARK not in (await us.ask("auditor", "GET", f"/cases/{us.ref}")).text

    await us.move("officer", "acknowledge", their_ref=us.ref)
    await de.until(lambda case: case["status"] == "acknowledged")
    await passed(de, us)
    await us.move("officer", "question", id="q1", text="In which time zone?")
    await de.until(lambda case: case["status"] == "supplementing")
    await de.move("officer", "answer", question="q1", text="UTC")
    await us.until(lambda case: case["questions"][0]["answered"])
    await us.move("officer", "decide", decision="accepted")
    await us.move("officer", "evidence", complete=True, items=[item(1), item(2)])
    await de.until(lambda case: case["status"] == "executed")
    await passed(us, de)
    await de.move("officer", "close", outcome={"result": "executed", "victims_identified": 1})
    for house in houses:
        await house.until(lambda case: case["status"] == "closed")
    await proved(houses)
    await held_and_released(de)


async def held_and_released(house: House) -> None:
    """A hold on a case whose process has ended is seen, stops erasure, and can be lifted again."""
    async with asyncio.timeout(PATIENCE):
        await house.office.client.get_workflow_handle(house.ref).result()
    for on in (True, False):
        told = await house.move("officer", "hold", on=on, reason="an appeal")
        assert (told["status"], told["event"]) == ("closed", "hold")
        case = await house.case()
        listed = (await house.ask("officer", "GET", f"/cases?ref={house.ref}")).json()["items"][0]
        assert (case["legal_hold"], listed["legal_hold"]) == (on, on)
        asked = await house.ask("officer", "POST", f"/cases/{house.ref}/erasure", {"reason": "a test"})
        assert asked.status_code == (409 if on else 202), asked.text


async def proved(houses: tuple[House, House]) -> None:
    """Both chains of custody verify and are the same bytes; both ledgers are whole."""
    chains = []
    for house in houses:
        seen = (await house.ask("auditor", "GET", f"/cases/{house.ref}/custody?verify=true")).json()
        assert seen["verification"]["verdict"] == "yes"
        assert all(each["offer"]["jws"] is None for each in seen["items"])
        items = (await house.ask("officer", "GET", f"/cases/{house.ref}/custody")).json()["items"]
        chains.append([[each[part] for part in ("offer", "acceptance", "confirmation")] for each in items])
        assert (await house.ask("auditor", "POST", "/ledger/verify", {})).json()["problems"] == []
    assert len(chains[0]) == 2
    assert all(part["jws"] for triple in chains[0] for part in triple)
    assert chains[0] == chains[1]


@pytest.mark.slow
async def test_a_case_of_an_old_register_goes_on_by_post(houses: tuple[House, House]) -> None:
    de, _ = houses
    table = (
        "their_ref,side,counterpart,status,opened,measures,holder\n"
        "X-1,outgoing,JP,acknowledged,2026-01-05,testimony,abroad\n"
    )
    headers = {
        "Authorization": f"Bearer {de.tokens['officer']}",
        "Idempotency-Key": "i",
        "Content-Type": "text/csv",
    }
    taken = (await de.http.post("/imports", content=table, headers=headers)).json()["taken"]
    de.ref = taken[0]["ref"]
    posted: dict[str, Any] = {"by_post": True, "happened_at": "2026-11-20T10:00:00Z"}
    assert (await de.move("officer", "decide", decision="accepted", **posted))["status"] == "accepted"
    ended = await de.move("officer", "evidence", complete=True, items=[item(3)], **posted)
    assert ended["status"] == "executed"
    assert (await de.case())["holder"]["house"] == "de-house"
    closed = await de.move("officer", "close", outcome={"result": "executed"})
    assert closed["status"] == "closed"


@pytest.mark.slow
async def test_a_case_the_engine_lost_goes_on_from_the_records(houses: tuple[House, House]) -> None:
    de, _ = houses
    body = {"kind": "mla", "requesting": "DE", "requested": "FR", "measures": ["testimony"]}
    de.ref = (await de.ask("officer", "POST", "/cases", body)).json()["ref"]
    await de.office.client.get_workflow_handle(de.ref).terminate("a test")
    hold = {"event": "hold", "on": True, "reason": "an appeal"}
    lost = await de.ask("officer", "POST", f"/cases/{de.ref}/moves", hold)
    assert (lost.status_code, lost.json()["code"]) == (503, "not-running")
    done = (await de.ask("officer", "POST", "/cases/revive-open")).json()
    assert de.ref in done["revived"]
    again = await de.ask("officer", "POST", f"/cases/{de.ref}/moves", hold)
    assert again.status_code == 200, again.text
    assert (await de.case())["legal_hold"] is True


async def seen(office: Office, ref: str) -> None:
    """Waits until the engine lists the case: its list follows its cases at some distance."""
    async for _ in turns(f"the engine lists {ref}"):
        if [each.id async for each in office.client.list_workflows(f'WorkflowId = "{ref}"')]:
            return


@pytest.mark.slow
async def test_after_a_restore_only_cases_of_the_records_run(houses: tuple[House, House]) -> None:
    office = houses[0].office
    body = {"kind": "mla", "requesting": "DE", "requested": "FR", "measures": ["testimony"]}
    kept = (await houses[0].ask("officer", "POST", "/cases", body)).json()["ref"]
    ref = await office.reserve(Kind.MLA, "stranger")
    state = office.records.states.latest(kept).model_copy(update={"ref": ref})
    queue = office.settings.task_queue
    stranger = await office.client.start_workflow(
        "MutualAssistance", resumed(state), id=ref, task_queue=queue
    )
    await seen(office, ref)
    before = (await office.client.get_workflow_handle(kept).describe()).run_id
    assert kept in {each.ref for each in await office.revive_open(force=True) if each.revived}
    assert (await stranger.describe()).status is WorkflowExecutionStatus.TERMINATED
    after = await office.client.get_workflow_handle(kept).describe()
    assert (after.run_id != before, after.status) == (True, WorkflowExecutionStatus.RUNNING)
    assert not [each for each in await office.revive_open() if each.revived]


@pytest.mark.slow
async def test_what_the_law_refuses_at_the_start_comes_back_as_it_is(houses: tuple[House, House]) -> None:
    office = houses[0].office
    ref = await office.reserve(Kind.MLA, "unknown State")
    request = MlaRequest(requesting="DE", requested="ZZ", measures=(Measure.TESTIMONY,))
    actor = Actor(id="officer", house="de-house", roles=(Role.OFFICER,))
    move = Move(key="unknown State", actor=actor, body=FileRequest(request=request))
    with pytest.raises(BadInput) as caught:
        await office.start(ref, Side.OUTGOING, move)
    assert (caught.value.code, caught.value.where) == ("unknown-word", "requested")
    assert "did you mean" in caught.value.next_step
