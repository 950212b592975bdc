"""An item between two houses: brought, fetched, and looked at from either side."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from desk import evidence, evidence_in
from desk.evidence_in import fetch
from desk.intake import MEMORY
from letters.chunks import Half
from letters.fetching import EvidenceRoad
from letters.trust import TrustedHouse
from schemas.evidence import CHUNK, Brought, EvidenceAsk
from tests.desk.evidence_houses import (
    DE_REF,
    OFFICER,
    US_OFFICER,
    US_REF,
    Houses,
    content_of,
    item_of,
    told_of,
)

BIG = content_of(MEMORY + 2 * CHUNK + 12345)
SMALL = content_of(3 * CHUNK + 7)


def bring(houses: Houses, content: bytes, **told: Any) -> None:
    """An officer of the United States brings the file of the item."""
    brought = Brought.model_validate(told_of(content, **told))
    state = houses.us.records.states.latest(US_REF)
    evidence_in.begin(houses.us, US_OFFICER, state, "image-1", brought)
    evidence_in.take(houses.us, US_OFFICER, state, "image-1", brought, 0, iter([content]))


def get(houses: Houses, road: Callable[[TrustedHouse], EvidenceRoad] = EvidenceRoad) -> None:
    fetch(houses.de, OFFICER, DE_REF, "image-1", road)


def here(houses: Houses, name: str = "de") -> dict[str, Any]:
    """What the house knows of the item."""
    office, ref = (houses.de, DE_REF) if name == "de" else (houses.us, US_REF)
    state = office.records.states.latest(ref)
    [found] = evidence.overview(office, state, datetime.now(UTC).date())
    return found


def refusals(houses: Houses, name: str = "de", ref: str | None = None) -> list[str]:
    """Codes of what the ledger of a house says was refused."""
    office = houses.de if name == "de" else houses.us
    entries = office.records.ledger.entries(ref or (DE_REF if name == "de" else US_REF))
    return [json.loads(each.detail or "{}")["code"] for each in entries if each.event == "refused"]


def on_disk(houses: Houses, name: str = "de") -> int:
    """Bytes of sealed pieces in a house."""
    return sum(path.stat().st_size for path in (houses.folder / name / "held").rglob("pieces"))


def question(houses: Houses, **changes: Any) -> EvidenceAsk:
    """A good question of Germany, but for `changes`."""
    plain: dict[str, Any] = {
        "id": "de.evidence.0001",
        "sender": "de",
        "recipient": "us",
        "sender_ref": DE_REF,
        "recipient_ref": US_REF,
        "item": "image-1",
        "sha256": item_of(SMALL).sha256,
        "key": Half().public,
        "at": datetime.now(UTC),
    }
    return EvidenceAsk.model_validate({**plain, **changes})
