"""Which two houses exchange items in these tests? Real records, keys, trust and HTTP; no engine."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from temporalio.client import Client

from desk.house import introduce, new_house, set_address
from records.open import open_records
from schemas.case import CaseState, Counterpart, Limitation
from schemas.handoff import Holder
from schemas.moves import Actor
from schemas.request import EvidenceItem, MlaRequest
from schemas.settings import settings_of
from schemas.vocabulary import Kind, Measure, Role, Side
from schemas.work import FileWork
from tests.desk.conftest import FakeEngineOffice
from tests.served import served
from treaties.registry import Registry
from workflows.row import row_of

DE_REF, US_REF = "DE-mla-2026-00001", "US-mla-2026-00007"
OFFICER = Actor(id="officer", house="de", roles=(Role.OFFICER,), agency="central-authority")
US_OFFICER = OFFICER.model_copy(update={"house": "us"})
MIB = 1024 * 1024


def content_of(size: int, seed: int = 1) -> bytes:
    """So many bytes, the same on every machine."""
    return random.Random(seed).randbytes(size)


def item_of(content: bytes, **changes: Any) -> EvidenceItem:
    """The item that this content is."""
    plain: dict[str, Any] = {
        "id": "image-1",
        "description": "An invented image of a disk",
        "kind": "disk image",
        "sha256": "sha256:" + hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "custodian": "Field office Exampleville (invented)",
    }
    return EvidenceItem.model_validate({**plain, **changes})


def told_of(content: bytes, **changes: Any) -> dict[str, Any]:
    """What an officer says of the file before its first byte."""
    return {
        "sha256": "sha256:" + hashlib.sha256(content).hexdigest(),
        "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        "sha1": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        "size": len(content),
        **changes,
    }


@dataclass
class Houses:
    """Germany asks, the United States hold the evidence."""

    de: FakeEngineOffice
    us: FakeEngineOffice
    folder: Path

    def declare(self, *items: EvidenceItem, **changes: Any) -> None:
        """File both cases with these items, as the letters between the two houses would have."""
        for office, ref, other, side in (
            (self.de, DE_REF, Counterpart(state="US", house="us", ref=US_REF), Side.OUTGOING),
            (self.us, US_REF, Counterpart(state="DE", house="de", ref=DE_REF), Side.INCOMING),
        ):
            file_case(office, ref, other, side, list(items), **changes)


def file_case(
    office: FakeEngineOffice,
    ref: str,
    other: Counterpart,
    side: Side,
    items: list[EvidenceItem],
    status: str = "executed",
    **changes: Any,
) -> None:
    """File the state of a case under the next move."""
    now = datetime.now(UTC)
    house = office.settings.house
    office.records.keys.create(ref)
    known = office.records.states.known(ref)
    state = CaseState(
        ref=ref,
        house=house,
        state=office.settings.state,
        kind=Kind.MLA,
        side=side,
        status=status,
        move=office.records.states.latest(ref).move + 1 if known else 1,
        opened=now,
        updated=now,
        filed_by="officer",
        last_author="officer",
        counterpart=other,
        holder=Holder(house=house, function="central-authority"),
        held_since=now,
        request=MlaRequest(requesting="DE", requested="US", measures=(Measure.TRAFFIC_DATA,)),
        evidence=items,
        **changes,
    )
    office.records.file(
        FileWork(
            ref=ref,
            move=state.move,
            at=now,
            actor=OFFICER.model_copy(update={"house": house}),
            event="evidence",
            key=f"k{state.move}",
            detail="{}",
            state=state,
            row=row_of(state),
        )
    )


def limitation(**changes: Any) -> Limitation:
    """A limit on use, as the United States set it."""
    return Limitation.model_validate(
        {
            "id": "l1",
            "text": "Only in these proceedings.",
            "article": "28(2)(b)",
            "offered": datetime.now(UTC),
            **changes,
        }
    )


@contextmanager
def two_houses(folder: Path) -> Iterator[Houses]:
    """Both, who believe each other."""
    new_house(folder / "de", "de", "DE", "Germany", "Europe/Berlin")
    new_house(folder / "us", "us", "US", "United States", "America/New_York")
    introduce(folder / "de", folder / "us")
    client = asyncio.run(_lazy())
    opened = []
    for name in ("de", "us"):
        settings = settings_of(folder / name)
        opened.append(FakeEngineOffice(settings, open_records(settings), client))
    try:
        yield Houses(opened[0], opened[1], folder)
    finally:
        for office in opened:
            office.records.close()


async def _lazy() -> Client:
    return await Client.connect("127.0.0.1:1", lazy=True)


@contextmanager
def serving(office: FakeEngineOffice, registry: Registry, known_by: Path | None = None) -> Iterator[str]:
    """The API of a house over real HTTP; `known_by`: the house that learns its address."""
    with served(office, registry) as port:
        address = f"http://127.0.0.1:{port}"
        if known_by is not None:
            set_address(known_by, office.settings.house, address)
        yield address
