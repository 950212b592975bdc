"""Who does the work of one house? `python -m worker` takes up its cases and its activities (ROGATORY_HOME).

It ties the rooms together: words to hands, hands to records, letters and law. Any number may run for a house.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from activities.alive import SignsOfLife
from activities.filing import Filing
from activities.legal import Legal
from activities.notices import notices
from activities.posting import Posting
from letters.carriers import Carrier
from letters.carriers.http import HttpCarrier
from letters.carriers.mail import mail_carrier
from letters.carriers.provider import ProviderCarrier
from letters.providers import PROVIDERS, ProviderBook
from letters.seal import house_key
from letters.trust import TrustedHouse, TrustList
from records.answers import Answers
from records.codec import data_converter
from records.open import Records, open_records
from schemas.errors import RogatoryError
from schemas.logs import keep_log
from schemas.messages import Parcel
from schemas.settings import Settings, settings
from treaties.counting import Place
from treaties.editions import Editions
from treaties.load import shipped
from workflows.extradition import Extradition
from workflows.mutual_assistance import MutualAssistance
from workflows.preservation import Preservation
from workflows.production import Production
from workflows.prosecution import Prosecution
from workflows.sandbox import runner

log = logging.getLogger("rogatory.worker")

WORKFLOWS = (MutualAssistance, Extradition, Preservation, Production, Prosecution)
POSTING, FILING = 8, 16
HANDS = POSTING + FILING
"""Threads for activities. A house that does not answer may hold all that post, and none that file."""
CACHED_CASES = 400
"""Cases kept in memory between two moves; the others are replayed from their short histories."""
GRACE = timedelta(seconds=10)
_PATIENCE = 2.0


def hands(
    house: Settings,
    records: Records,
    carrier: Carrier,
    providers: ProviderCarrier | None = None,
    mail: Carrier[TrustedHouse, Parcel, object] | None = None,
) -> list[Callable[..., Any]]:
    """Every activity of a house, bound to its tools. `providers`: the way to those it writes to, if any;
    `mail`: the way to other houses by mail, if it has one."""
    trust = TrustList.load(house.keys / "trust.json")
    editions = Editions(lambda: shipped(house.overlay), records.proposals, records.proposals.saw)
    legal = Legal(editions.current, records.vault, trust, Place(house.time_zone, house.state))
    key = house_key(house)
    posting = Posting(
        records.vault,
        key,
        trust,
        carrier,
        house.house,
        house.state,
        providers=providers,
        request_of=lambda ref: records.states.latest(ref).request,
        mail=mail,
        law_of=lambda ref: records.states.latest(ref).law,
        answer_of=Answers(records.attempts).of,
        relay=timedelta(hours=house.relay_hours),
        delivery=timedelta(hours=house.delivery_hours),
    )
    filing = Filing(records)
    telling = notices(house, records, key)
    return [legal.assess, legal.count, posting.seal, posting.post, filing.file, telling.notify]


def make_worker(
    client: Client, task_queue: str, activities: list[Callable[..., Any]], threads: ThreadPoolExecutor
) -> Worker:
    """A worker for cases and activities of one house."""
    return Worker(
        client,
        task_queue=task_queue,
        workflows=list(WORKFLOWS),
        activities=activities,
        activity_executor=threads,
        workflow_runner=runner(),
        interceptors=[SignsOfLife()],
        max_cached_workflows=CACHED_CASES,
        max_concurrent_activities=POSTING,
        max_concurrent_local_activities=FILING,
        graceful_shutdown_timeout=GRACE,
    )


async def connected(house: Settings, records: Records) -> Client:
    """A client of the engine, once it answers: TEMPORAL_* of the environment first, then the settings."""
    config: dict[str, Any] = {**ClientConfig.load_client_connect_config()}
    config.setdefault("target_host", house.temporal_address)
    if "TEMPORAL_NAMESPACE" not in os.environ:
        config["namespace"] = house.namespace
    while True:
        try:
            return await Client.connect(**config, data_converter=data_converter(records.keys))
        except RuntimeError as error:
            # the client says nothing finer than this while the server is not there yet
            log.warning("engine at %s does not answer (%s)", config["target_host"], type(error).__name__)
            await asyncio.sleep(_PATIENCE)


async def ensure_namespace(client: Client, retention_days: int) -> None:
    """The namespace of the house, with its retention set and not left to chance. Made if it is missing.

    Where we may not administer the cluster, its owner has set both: then this changes nothing.
    """
    keep = Duration(seconds=retention_days * 86_400)
    while True:
        try:
            found = await client.workflow_service.describe_namespace(
                DescribeNamespaceRequest(namespace=client.namespace)
            )
            if found.config.workflow_execution_retention_ttl != keep:
                await _try_to_keep(client, keep)
            return
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                await _register(client, keep)
            elif error.status is RPCStatusCode.PERMISSION_DENIED:
                return
            else:
                log.warning("namespace %s: %s", client.namespace, error.status.name)
            await asyncio.sleep(_PATIENCE)


async def _register(client: Client, keep: Duration) -> None:
    try:
        await client.workflow_service.register_namespace(
            RegisterNamespaceRequest(namespace=client.namespace, workflow_execution_retention_period=keep)
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise


async def _try_to_keep(client: Client, keep: Duration) -> None:
    try:
        await client.workflow_service.update_namespace(
            UpdateNamespaceRequest(
                namespace=client.namespace,
                config=NamespaceConfig(workflow_execution_retention_ttl=keep),
            )
        )
    except RPCError as error:
        log.warning("retention of namespace %s stays as it is: %s", client.namespace, error.status.name)


async def work(house: Settings, records: Records, stop: asyncio.Event) -> None:
    """Works until `stop`, then lets what runs come to its end."""
    client = await _unless(stop, connected(house, records))
    if client is None:
        return
    await _unless(stop, ensure_namespace(client, house.temporal_retention_days))
    # Read before the first case asks: an engine's task that takes seconds is taken for lost, and done again.
    await _unless(stop, asyncio.to_thread(shipped, house.overlay))
    book = ProviderBook(path=house.keys / PROVIDERS)
    mail = mail_carrier(house, TrustList.load(house.keys / "trust.json"))
    with (
        HttpCarrier() as carrier,
        closing(ProviderCarrier(book, house.house)) as providers,
        ThreadPoolExecutor(HANDS, "hands") as threads,
    ):
        worker = make_worker(
            client, house.task_queue, hands(house, records, carrier, providers, mail), threads
        )
        async with worker:
            log.info("house %s works in namespace %s", house.house, client.namespace)
            await stop.wait()
    log.info("house %s has stopped", house.house)


async def _unless(stop: asyncio.Event, attempt: Any) -> Any:
    """What `attempt` gives, or None if `stop` came first."""
    tried = asyncio.ensure_future(attempt)
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait({tried, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if tried.done():
        return tried.result()
    tried.cancel()
    return None


async def main() -> None:
    """Opens the house of this process and works for it until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    house = settings()
    records = open_records(house)
    try:
        await work(house, records, stop)
    finally:
        records.close()


def run() -> int:
    """The exit status: 0 after a clean stop, 1 if the house cannot be opened."""
    keep_log(logging.INFO)
    try:
        asyncio.run(main())
    except RogatoryError as error:
        print(f"worker: {error}", file=sys.stderr)
        return 1
    except Exception:
        log.exception("worker stopped")
        return 1
    return 0


if __name__ == "__main__":
    status = run()
    # The engine's library may abort while the interpreter shuts down; everything is closed by now.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
