"""Who may ask for an item, with which question and ticket, and what of the answer is refused?"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from desk import evidence, evidence_door
from letters.fetching import EvidenceRoad
from letters.manifest import signed
from letters.seal import make_key
from records.references import HOUSE
from schemas.errors import Conflict, RogatoryError
from tests.desk.evidence_houses import MIB, US_REF, Houses, item_of, limitation, serving
from tests.desk.exchange.items import SMALL, bring, get, question, refusals
from treaties.registry import Registry


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"recipient": "fr"}, "wrong-addressee"),
        ({"at": datetime.now(UTC) - timedelta(hours=1)}, "stale"),
        ({"at": datetime.now(UTC) + timedelta(hours=1)}, "clock"),
        ({"sender": "fr"}, "unknown-key"),
        ({"sender_ref": "DE-mla-2026-00099"}, "unknown-case"),
        ({"recipient_ref": "US-mla-2026-00099"}, "unknown-case"),
        ({"item": "image-9"}, "unknown-item"),
        ({"sha256": "sha256:" + "0" * 64}, "not-this-item"),
    ],
)
def test_a_wrong_question_is_refused_and_noted(houses: Houses, changes: dict[str, Any], code: str) -> None:
    houses.declare(item_of(SMALL))
    bring(houses, SMALL)
    text = signed(question(houses, **changes), houses.de.key)
    for _ in range(2):
        with pytest.raises(RogatoryError) as found:
            evidence_door.answer(houses.us, text.encode())
    assert found.value.code in (code, "replayed-id")
    noted = refusals(houses, "us", HOUSE) + refusals(houses, "us")
    assert noted.count(code) == 1


def test_a_question_signed_by_a_stranger_or_asked_twice(houses: Houses) -> None:
    houses.declare(item_of(SMALL))
    bring(houses, SMALL)
    forged = signed(question(houses), make_key("de"))
    with pytest.raises(RogatoryError) as found:
        evidence_door.answer(houses.us, forged.encode())
    assert found.value.code == "unknown-key"
    text = signed(question(houses), houses.de.key).encode()
    evidence_door.answer(houses.us, text)
    with pytest.raises(RogatoryError) as found:
        evidence_door.answer(houses.us, text)
    assert found.value.code == "replayed-id"
    for junk in (b"", b"\xff\xfe", b"a.b.c", b"." * 9000):
        with pytest.raises(RogatoryError):
            evidence_door.answer(houses.us, junk)


def test_a_ticket_opens_its_own_item_only_and_not_for_long(
    houses: Houses, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    houses.declare(item_of(SMALL), item_of(b"other", id="image-2"))
    bring(houses, SMALL)
    state = houses.us.records.states.latest(US_REF)
    about = evidence.whole_of(houses.us, state, state.evidence[0]).about()
    assert about is not None
    good = evidence_door._ticket(houses.us, US_REF, about, "de", 4_000_000_000)
    old = evidence_door._ticket(houses.us, US_REF, about, "de", 1_000_000_000)
    assert evidence_door.opened(houses.us, US_REF, "image-1", good)
    for ref, item, ticket in (
        (US_REF, "image-1", old),
        (US_REF, "image-2", good),
        ("US-mla-2026-00099", "image-1", good),
        (US_REF, "image-1", good[:-1] + ("0" if good[-1] != "0" else "1")),
        (US_REF, "image-1", "nonsense"),
    ):
        with pytest.raises(RogatoryError) as found:
            evidence_door.opened(houses.us, ref, item, ticket)
        assert found.value.code == "ticket"
    with serving(houses.us, registry) as url:
        told = {"ref": US_REF, "item": "image-1"}
        assert httpx.get(f"{url}/exchange/evidence/pieces", params=told).status_code == 403
        headers = {"Authorization": f"Ticket {good}", "Range": "bytes=99999999999-"}
        assert httpx.get(f"{url}/exchange/evidence/pieces", params=told, headers=headers).status_code == 422


def test_limits_that_nobody_answered_keep_the_bytes_here(houses: Houses) -> None:
    houses.declare(item_of(SMALL), limitations=[limitation()])
    bring(houses, SMALL)
    with pytest.raises(Conflict) as found:
        evidence_door.answer(houses.us, signed(question(houses), houses.de.key).encode())
    assert found.value.code == "limits-open"


def test_a_bomb_in_the_answer_is_not_unpacked(houses: Houses) -> None:
    """A hostile house compresses a gigabyte of nothing into its answers."""
    houses.declare(item_of(SMALL))
    bomb = gzip.compress(b"\0" * (50 * MIB))

    def hostile(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=bomb, headers={"Content-Encoding": "gzip"})

    with pytest.raises(RogatoryError) as found:
        get(houses, lambda house: EvidenceRoad(house, httpx.MockTransport(hostile)))
    assert found.value.code == "compressed"
    assert refusals(houses) == ["compressed"]


def test_an_answer_without_end_is_cut_off(houses: Houses) -> None:
    houses.declare(item_of(SMALL))

    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * MIB

    with pytest.raises(RogatoryError) as found:
        get(
            houses,
            lambda house: EvidenceRoad(
                house, httpx.MockTransport(lambda request: httpx.Response(200, content=endless()))
            ),
        )
    assert found.value.code == "over-limit"
