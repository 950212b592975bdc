"""Does a letter by mail reach the other house and come back proven on the real engine, also a lost one?"""

from __future__ import annotations

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from desk import border
from desk.house import introduce
from desk.mailroom import keep_mailroom
from desk.office import Office
from letters.carriers.mail import mail_carrier
from records.codec import data_converter
from records.open import open_records
from schemas.case import CaseState
from schemas.errors import Unavailable
from schemas.moves import Actor, Approve, FileRequest, Issue, Posted, Send
from schemas.settings import settings_of
from schemas.vocabulary import Role
from tests.letters.mail.sides import mail_settings, reached
from tests.letters.postoffice import PostOffice, Road
from tests.patience import turns
from worker import HANDS, hands, make_worker

ROOT = Path(__file__).resolve().parents[2]


class NoHttp:
    """The other house's address leads nowhere."""

    def send(self, recipient: Any, parcel: Any) -> str:
        raise Unavailable("The house is not authorised here.", code="not-authorised")

    def collect(self) -> list[Any]:
        return []


async def opened(stack: AsyncExitStack, home: Path, servers: PostOffice, address: str) -> Office:
    """A house with its worker and its mailroom at work."""
    settings = reached(settings_of(home), servers).model_copy(update={"task_queue": home.name})
    records = open_records(settings)
    stack.callback(records.close)
    client = await Client.connect(address, data_converter=data_converter(records.keys))
    office = Office(settings, records, client)
    threads = stack.enter_context(ThreadPoolExecutor(HANDS))
    carriers = [mail_carrier(settings, office.trust) for _ in range(2)]
    sending, collecting = carriers
    assert sending is not None
    assert collecting is not None
    stack.enter_context(closing(sending))
    stack.enter_context(closing(collecting))
    made = hands(settings, records, NoHttp(), None, sending)
    await stack.enter_async_context(make_worker(client, home.name, made, threads))
    room = asyncio.create_task(keep_mailroom(office, collecting, pause=0.2))
    stack.callback(room.cancel)
    return office


async def until(office: Office, ref: str, status: str) -> CaseState:
    """The case, as soon as its first letter stands so."""
    async for _ in turns(f"the first letter is {status}"):
        state = office.records.states.latest(ref)
        if state.outbox and state.outbox[0].status == status:
            break
    return state


async def sent(office: Office) -> str:
    request = border.request_from_yaml((ROOT / "examples" / "request-mended.yml").read_bytes())
    officer = Actor(id="officer", house="de", roles=(Role.OFFICER,))
    judge = Actor(id="judge", house="de", roles=(Role.ISSUING_AUTHORITY,))
    approver = Actor(id="approver", house="de", roles=(Role.APPROVER,))
    ref = (await office.file(officer, FileRequest(request=request), "file")).ref
    now = datetime.now(UTC)
    issue = Issue(capacity="issued", authority="court (invented)", signed_on=now)
    await office.move(judge, ref, issue, "issue")
    await office.move(approver, ref, Approve(override="a test"), "approve")
    await office.move(officer, ref, Send(), "send")
    return ref


@pytest.mark.slow
async def test_a_lost_letter_goes_again_and_arrives_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROGATORY_HOME", os.fspath(tmp_path))
    for name in ("de", "us"):
        mail_settings(tmp_path / name, name)
    introduce(tmp_path / "de", tmp_path / "us")
    async with AsyncExitStack() as stack:
        servers = stack.enter_context(PostOffice(Road(lost=1.0)))
        binary = str(Path(sys.executable).with_name("temporal"))
        engine = await stack.enter_async_context(
            await WorkflowEnvironment.start_local(dev_server_existing_path=binary)
        )
        address = engine.client.service_client.config.target_host
        de, us = [await opened(stack, tmp_path / name, servers, address) for name in ("de", "us")]
        ref = await sent(de)
        state = await until(de, ref, "relayed")
        letter = state.outbox[0]
        assert (letter.way, letter.settled, state.status) == ("mail", None, "sent")
        assert "http: it is not authorised" in letter.why
        assert letter.due is not None
        servers.road.lost = 0.0
        body = Posted(message=letter.id, happened_at=datetime.now(UTC), result="again", proof="a test")
        await de.move(Actor(id="officer", house="de", roles=(Role.OFFICER,)), ref, body, "again")
        state = await until(de, ref, "delivered")
        assert (state.status, state.outbox[0].receipt is not None) == ("received", True)
        assert state.counterpart.ref is not None
        theirs = us.records.states.latest(state.counterpart.ref)
        assert (theirs.status, theirs.counterpart.ref) == ("received", ref)
        events = [entry.event for entry in de.records.ledger.entries(ref) if entry.move is not None]
        assert events[-5:] == ["relayed", "posted", "relayed", "posted", "delivered"]
