"""DE writes, US takes in. Real records of both houses; the office and its engine are a fake (FakeOffice)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desk.house import introduce, new_house
from desk.inbound import Answer, receive
from letters.compact import parse
from letters.compose import envelope
from letters.parcel import pack
from letters.seal import seal
from letters.verify import verify_receipt
from records.ledger import Entry
from records.references import HOUSE
from schemas.handoff import WireOffer
from schemas.messages import Envelope, Receipt
from schemas.moves import Arrive, MoveBody
from schemas.work import SealWork
from tests.letters.correspondents import ANNEX, PAPER, request
from tests.letters.fake_office import FakeOffice

REF = "DE-mla-2026-00001"


class Houses:
    """DE writes, US takes in."""

    def __init__(self, folder: Path) -> None:
        for house in ("de", "us"):
            new_house(folder / house, house, house.upper(), house)
        introduce(folder / "de", folder / "us")
        self.us = FakeOffice(folder / "us")
        self.de = FakeOffice(folder / "de")

    def letter(self, body: MoveBody | None = None, number: int = 1, **changes: Any) -> Envelope:
        """An envelope from DE made now."""
        work = SealWork(
            ref=REF,
            message=f"de.{REF.lower()}.m{number}",
            recipient="us",
            recipient_ref=None,
            at=datetime.now(UTC),
            body=body or Arrive(request=request(attachments=(ANNEX,)), foreign_ref=REF),
            offer=WireOffer(handoff=f"{REF}.h1") if body is None else None,
        )
        return envelope(work, "de", "DE").model_copy(update=changes)

    def parcel(self, sent: Envelope) -> bytes:
        """It as DE posts it."""
        read = {ANNEX.digest: PAPER}.__getitem__
        return pack(seal(sent, self.de.key), sent, read).model_dump_json().encode()

    async def bring(self, sent: Envelope) -> Answer:
        return await receive(self.us, self.parcel(sent))

    def receipt(self, sent: Envelope, answer: Answer) -> Receipt:
        """The answer as DE reads it."""
        assert answer.receipt is not None
        at, text = datetime.now(UTC), seal(sent, self.de.key)
        return verify_receipt(
            answer.receipt, self.de.trust, envelope=text, message=sent.id, recipient="us", at=at
        )

    async def opened(self) -> tuple[Envelope, str]:
        """A request taken in, and its reference there."""
        first = self.letter()
        receipt = self.receipt(first, await self.bring(first))
        assert receipt.recipient_ref is not None
        return first, receipt.recipient_ref

    def refusals(self, ref: str = HOUSE) -> list[dict[str, Any]]:
        entries = self.us.records.ledger.entries(ref)
        return [detail_of(entry) for entry in entries if entry.event == "refused"]


def detail_of(entry: Entry) -> dict[str, Any]:
    assert entry.detail is not None
    found: dict[str, Any] = json.loads(entry.detail)
    return found


def payload_of(jws: str) -> bytes:
    return parse(jws).payload
