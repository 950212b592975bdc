"""Does time alone, on the real engine, bring a mail to those who let something pass, and only one?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from aiosmtpd.controller import Controller
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from desk.house import new_house
from desk.office import Office
from letters.carriers.http import HttpCarrier
from records.codec import data_converter
from records.open import open_records
from schemas.case import CaseState
from schemas.handoff import Holder
from schemas.moves import FileRequest, OfferHandoff
from schemas.settings import settings_of
from schemas.vocabulary import Role
from tests.flow.engine import server
from tests.flow.invented import OFFICER_DE, request
from tests.flow.notices.servers import FakeMailbox
from tests.patience import turns
from tests.ports import free_port
from worker import HANDS, hands, make_worker


@asynccontextmanager
async def house(folder: Path, port: int) -> AsyncIterator[tuple[Office, WorkflowEnvironment]]:
    """A house with a mail server, on the server that skips time."""
    new_house(folder / "de", "de", "DE", "Germany", time_zone="Europe/Berlin")
    settings = settings_of(folder / "de").model_copy(
        update={
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_security": "none",
            "mail_from": "rogatory@office.example",
            "function_mail": {"head-of-office": ["head@office.example"]},
        }
    )
    records = open_records(settings)
    async with await WorkflowEnvironment.start_time_skipping(test_server_existing_path=server()) as skipping:
        address = skipping.client.service_client.config.target_host
        client = await Client.connect(address, data_converter=data_converter(records.keys))
        with HttpCarrier() as carrier, ThreadPoolExecutor(HANDS) as threads:
            worker = make_worker(client, settings.task_queue, hands(settings, records, carrier), threads)
            async with worker:
                yield Office(settings, records, client), skipping
    records.close()


async def told(office: Office, ref: str) -> CaseState:
    """The case once no reminder of it waits any more."""
    async for _ in turns("all reminders went"):
        state = office.records.states.latest(ref)
        if state.notices and all(each.status != "queued" for each in state.notices):
            break
    return state


async def test_an_offer_that_nobody_answers_is_told_to_all_three(tmp_path: Path) -> None:
    mailbox, port = FakeMailbox(), free_port()
    mail = Controller(mailbox, hostname="127.0.0.1", port=port)
    mail.start()
    try:
        async with house(tmp_path, port) as (office, skipping):
            office.records.accounts.add(
                "clerk", [Role.ISSUING_AUTHORITY], "court", email="clerk@court.example"
            )
            office.records.accounts.add(
                "officer", [Role.OFFICER], "central-authority", email="officer@office.example"
            )
            ref = (await office.file(OFFICER_DE, FileRequest(request=request()), "file")).ref
            due = await skipping.get_current_time() + timedelta(days=2)
            receiver = Holder(house="de", function="court")
            offer = OfferHandoff(id=f"{ref}.h1", receiver=receiver, why="Xenia Invented", due=due)
            await office.move(OFFICER_DE, ref, offer, "offer")
            await skipping.sleep(timedelta(days=3))
            state = await told(office, ref)
    finally:
        mail.stop()
    assert [(each.code, each.status) for each in state.notices] == [("handoff-overdue", "told")]
    assert mailbox.to == ["clerk@court.example", "head@office.example", "officer@office.example"]
    for _, letter in mailbox.letters:
        assert letter["Subject"].startswith(f"{ref}: handoff, due ")
        assert "Xenia" not in letter.as_string()
