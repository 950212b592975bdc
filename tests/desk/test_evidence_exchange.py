"""Does a large item pass whole between two houses over real HTTP, and is all else refused and noted?"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from desk import evidence, evidence_door, evidence_in
from desk.evidence_in import fetch
from desk.intake import MEMORY
from desk.refused_hashes import RefusedHash
from letters.chunks import Half
from letters.fetching import EvidenceRoad
from letters.manifest import entry_of, signed
from letters.seal import make_key
from letters.trust import TrustedHouse
from records.references import HOUSE
from schemas.errors import Conflict, RogatoryError
from schemas.evidence import CHUNK, Brought, CustodyTold, EvidenceAsk
from schemas.vocabulary import Verdict
from tests.desk.evidence_houses import (
    DE_REF,
    MIB,
    OFFICER,
    US_OFFICER,
    US_REF,
    Houses,
    content_of,
    item_of,
    limitation,
    serving,
    told_of,
    two_houses,
)
from treaties.registry import Registry

BIG = content_of(MEMORY + 2 * CHUNK + 12345)
SMALL = content_of(3 * CHUNK + 7)
WRITTEN = MEMORY // CHUNK + 1
"""Pieces of BIG after which the first ones are on disk."""


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[Houses]:
    with two_houses(tmp_path) as found:
        yield found


@pytest.fixture
def joined(houses: Houses, registry: Registry) -> Iterator[Houses]:
    """Both serve over HTTP and know where."""
    de, us = houses.folder / "de", houses.folder / "us"
    with serving(houses.us, registry, de), serving(houses.de, registry, us):
        yield houses


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


class Tampering(EvidenceRoad):
    """The other house as it should not be: what it sends is altered on the way, or ends early."""

    def __init__(self, house: TrustedHouse, change: Callable[[Iterator[Any]], Iterator[Any]]) -> None:
        super().__init__(house)
        self.change = change

    def pieces(self, *told: Any) -> Iterator[Any]:
        yield from self.change(super().pieces(*told))


# --- the straight way -----------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"x", SMALL, BIG], ids=["one byte", "in memory", "beyond memory"])
def test_an_item_arrives_whole_and_both_houses_hold_the_same_manifest(joined: Houses, content: bytes) -> None:
    joined.declare(item_of(content), limitations=[limitation(accepted=True)])
    bring(joined, content)
    get(joined)
    state = joined.de.records.states.latest(DE_REF)
    held = evidence.whole_of(joined.de, state, state.evidence[0])
    assert b"".join(evidence.plain(held)) == content
    ours, theirs = (
        evidence.manifest(office, ref, "image-1")
        for office, ref in ((joined.de, DE_REF), (joined.us, US_REF))
    )
    assert ours == theirs
    assert [entry_of(text).event for text in ours] == ["kept", "sent", "received"]
    assert evidence.verified(joined.de, ours).verdict is Verdict.YES
    assert [each.text for each in entry_of(ours[-1]).conditions] == ["Only in these proceedings."]
    assert joined.de.records.verify() == []
    assert joined.us.records.verify() == []


def test_nothing_readable_lies_on_disk(joined: Houses) -> None:
    content = b"an invented sentence that nobody else has " * 200_000
    joined.declare(item_of(content))
    bring(joined, content)
    get(joined)
    for name in ("de", "us"):
        for path in (joined.folder / name).rglob("*"):
            if path.is_file():
                assert b"an invented sentence" not in path.read_bytes(), path
    joined.de.records.keys.destroy(DE_REF)
    with pytest.raises(RogatoryError) as found:
        evidence.held_of(joined.de).item(DE_REF, "image-1", item_of(content).sha256)
    assert found.value.code == "erased"


def test_a_broken_stream_goes_on_where_it_broke(joined: Houses) -> None:
    joined.declare(item_of(BIG))
    bring(joined, BIG)
    asked: list[int] = []

    class Breaking(EvidenceRoad):
        def pieces(self, ticket: str, ref: str, item: str, plan: Any, first: int) -> Iterator[Any]:
            asked.append(first)
            for number, box in enumerate(super().pieces(ticket, ref, item, plan, first)):
                if len(asked) < 3 and number == (1 if first else WRITTEN):
                    raise RuntimeError("the process is gone")
                yield box

    for _ in range(2):
        with pytest.raises(RuntimeError):
            get(joined, Breaking)
        assert here(joined)["held"]["state"] in ("none", "part")
    get(joined, Breaking)
    assert asked == [0, WRITTEN, WRITTEN + 1]
    assert here(joined)["held"]["state"] == "whole"


def test_a_file_is_brought_in_two_goes(houses: Houses) -> None:
    houses.declare(item_of(BIG))
    told = Brought.model_validate(told_of(BIG))
    state = houses.us.records.states.latest(US_REF)

    def broken() -> Iterator[bytes]:
        yield BIG[: MEMORY + CHUNK + 5]
        raise RuntimeError("the line is gone")

    with pytest.raises(RuntimeError):
        evidence_in.take(houses.us, US_OFFICER, state, "image-1", told, 0, broken())
    at = evidence_in.begin(houses.us, US_OFFICER, state, "image-1", told)["next"]
    assert at == MEMORY + CHUNK
    with pytest.raises(Conflict, match="next byte"):
        evidence_in.take(houses.us, US_OFFICER, state, "image-1", told, 0, iter([BIG]))
    evidence_in.take(houses.us, US_OFFICER, state, "image-1", told, at, iter([BIG[at:]]))
    assert here(houses, "us")["held"]["state"] == "whole"


def test_a_damaged_piece_here_is_fetched_again(joined: Houses) -> None:
    joined.declare(item_of(BIG))
    bring(joined, BIG)

    def half(boxes: Iterator[bytes]) -> Iterator[bytes]:
        for number, box in enumerate(boxes):
            if number == WRITTEN:
                raise RuntimeError("gone")
            yield box

    with pytest.raises(RuntimeError):
        get(joined, lambda house: Tampering(house, half))
    [path] = (joined.folder / "de" / "held").rglob("pieces")
    with path.open("r+b") as file:
        file.seek(4 * CHUNK)
        file.write(b"damaged")
    get(joined)
    assert here(joined)["held"]["state"] == "whole"


# --- what is refused ------------------------------------------------------------------------------------


def altered(boxes: Iterator[bytes]) -> Iterator[bytes]:
    for number, box in enumerate(boxes):
        yield box[:-1] + bytes([box[-1] ^ 1]) if number == 1 else box


def swapped(boxes: Iterator[bytes]) -> Iterator[bytes]:
    first, second, *rest = boxes
    yield from (second, first, *rest)


def replayed(boxes: Iterator[bytes]) -> Iterator[bytes]:
    for number, box in enumerate(boxes):
        yield box
        if number == 0:
            yield box


def shortened(boxes: Iterator[bytes]) -> Iterator[bytes]:
    for box in boxes:
        yield box[: len(box) // 2]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (altered, "wrong-piece"),
        (swapped, "wrong-piece"),
        (replayed, "wrong-piece"),
        (shortened, "truncated"),
        (lambda boxes: iter([next(boxes)]), "truncated"),
    ],
    ids=["altered", "swapped", "replayed", "cut", "too few"],
)
def test_a_piece_that_is_not_the_one_is_refused_and_noted(
    joined: Houses, change: Callable[[Iterator[Any]], Iterator[Any]], code: str
) -> None:
    joined.declare(item_of(SMALL))
    bring(joined, SMALL)
    with pytest.raises(RogatoryError) as found:
        get(joined, lambda house: Tampering(house, change))
    assert found.value.code == code
    assert "piece" in found.value.where
    assert refusals(joined) == [code]
    assert on_disk(joined) == 0
    get(joined)
    assert here(joined)["held"]["state"] == "whole"


def test_ten_gigabytes_with_two_bytes_behind_them(houses: Houses) -> None:
    content = b"ab"
    houses.declare(item_of(content, size=None))
    told = Brought.model_validate(told_of(content, size=10 * 1024**3))
    state = houses.us.records.states.latest(US_REF)
    with pytest.raises(RogatoryError) as found:
        evidence_in.take(houses.us, US_OFFICER, state, "image-1", told, 0, iter([content]))
    assert found.value.code == "truncated"
    assert on_disk(houses, "us") == 0


def test_more_than_was_declared(houses: Houses) -> None:
    houses.declare(item_of(SMALL))
    told = Brought.model_validate(told_of(SMALL))
    state = houses.us.records.states.latest(US_REF)
    with pytest.raises(RogatoryError) as found:
        evidence_in.take(houses.us, US_OFFICER, state, "image-1", told, 0, iter([SMALL, b"more"]))
    assert found.value.code == "surplus"


def test_another_file_of_the_same_size_leaves_nothing(houses: Houses) -> None:
    houses.declare(item_of(BIG))
    told = Brought.model_validate(told_of(BIG))
    state = houses.us.records.states.latest(US_REF)
    with pytest.raises(RogatoryError) as found:
        evidence_in.take(houses.us, US_OFFICER, state, "image-1", told, 0, iter([BIG[:-1] + b"!"]))
    assert found.value.code == "digest-mismatch"
    assert on_disk(houses, "us") == 0
    assert here(houses, "us")["held"]["state"] == "none"


def test_an_item_larger_than_the_house_takes(joined: Houses) -> None:
    joined.declare(item_of(SMALL))
    bring(joined, SMALL)
    joined.de.settings.evidence_limit = 1000
    with pytest.raises(RogatoryError) as found:
        get(joined)
    assert found.value.code == "too-large"


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


# --- material that never enters -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
def test_what_is_on_the_list_is_not_taken_from_an_officer(houses: Houses, tmp_path: Path, kind: str) -> None:
    houses.declare(item_of(SMALL))
    listed(houses.us, tmp_path, hashlib.new(kind, SMALL, usedforsecurity=False).hexdigest().upper())
    told = Brought.model_validate(told_of(SMALL))
    state = houses.us.records.states.latest(US_REF)
    with pytest.raises(RefusedHash):
        evidence_in.begin(houses.us, US_OFFICER, state, "image-1", told)
    assert on_disk(houses, "us") == 0
    assert here(houses, "us")["custody_only"]
    assert refusals(houses, "us") == ["refused-hash"]
    # from now on not even another list lets it in
    houses.us.settings.refused_hashes = None
    with pytest.raises(Conflict) as found:
        evidence_in.begin(houses.us, US_OFFICER, state, "image-1", told)
    assert found.value.code == "custody-only"


def test_a_lie_about_a_digest_destroys_what_was_written(houses: Houses, tmp_path: Path) -> None:
    houses.declare(item_of(BIG))
    listed(houses.us, tmp_path, hashlib.md5(BIG, usedforsecurity=False).hexdigest())
    told = Brought.model_validate(told_of(BIG, md5="0" * 32))
    state = houses.us.records.states.latest(US_REF)
    with pytest.raises(RefusedHash):
        evidence_in.take(houses.us, US_OFFICER, state, "image-1", told, 0, iter([BIG]))
    assert on_disk(houses, "us") == 0
    assert here(houses, "us")["custody_only"]


def test_what_is_on_our_list_is_not_fetched_though_theirs_did_not_know_it(
    joined: Houses, tmp_path: Path
) -> None:
    joined.declare(item_of(SMALL))
    bring(joined, SMALL)
    listed(joined.de, tmp_path, hashlib.sha1(SMALL, usedforsecurity=False).hexdigest())
    asked: list[str] = []

    class Watching(EvidenceRoad):
        def pieces(self, *told: Any) -> Iterator[Any]:
            asked.append("pieces")
            return super().pieces(*told)

    with pytest.raises(RefusedHash):
        get(joined, Watching)
    assert asked == []
    assert on_disk(joined) == 0
    assert here(joined)["custody_only"]


def test_declared_abuse_material_goes_from_hand_to_hand_only(joined: Houses) -> None:
    joined.declare(item_of(SMALL, abuse_material=True))
    with pytest.raises(Conflict) as found:
        bring(joined, SMALL)
    assert found.value.code == "custody-only"
    with pytest.raises(Conflict):
        get(joined)
    with pytest.raises(Conflict):
        evidence_door.answer(joined.us, signed(question(joined), joined.de.key).encode())
    state = joined.us.records.states.latest(US_REF)
    fields = {"where": "Exampleville", "why": "request", "how": "sealed disk", "shipping": "I-24/7 77"}
    evidence.note(joined.us, state, state.evidence[0], "handed-over", US_OFFICER, **fields)
    assert evidence_in.share(joined.us, state, "image-1")
    ours = joined.de.records.states.latest(DE_REF)
    evidence.note(joined.de, ours, ours.evidence[0], "taken-over", OFFICER, **fields)
    assert evidence_in.share(joined.de, ours, "image-1")
    assert here(joined)["manifest"] == here(joined, "us")["manifest"]
    assert here(joined)["verdict"] == "yes"


def listed(office: Any, folder: Path, *digests: str) -> None:
    """Set the list of a house."""
    path = folder / f"list-{office.settings.house}.txt"
    path.write_text("# invented\n" + "\n".join(digests) + "\n", "ascii")
    office.settings.refused_hashes = path


# --- entries of the other house -------------------------------------------------------------------------


def test_entries_with_a_gap_or_altered_are_refused_and_noted(houses: Houses) -> None:
    houses.declare(item_of(SMALL))
    state = houses.us.records.states.latest(US_REF)
    for where in ("one", "two"):
        fields = {"where": where, "why": "test", "how": "looked at"}
        evidence.note(houses.us, state, state.evidence[0], "examined", US_OFFICER, **fields)
    first, second = evidence.manifest(houses.us, US_REF, "image-1")
    with pytest.raises(RogatoryError) as found:
        evidence_door.absorb(houses.de, CustodyTold(entries=(second,)))
    assert found.value.code == "custody-gap"
    other = signed(entry_of(first).model_copy(update={"where": "elsewhere"}), houses.us.key)
    assert evidence_door.absorb(houses.de, CustodyTold(entries=(first, second))) == 2
    assert evidence_door.absorb(houses.de, CustodyTold(entries=(first, second))) == 0
    with pytest.raises(RogatoryError) as found:
        evidence_door.absorb(houses.de, CustodyTold(entries=(other,)))
    assert found.value.code == "custody-altered"
    forged = signed(entry_of(first), make_key("us"))
    with pytest.raises(RogatoryError) as found:
        evidence_door.absorb(houses.de, CustodyTold(entries=(forged,)))
    assert found.value.code == "unknown-key"
    assert refusals(houses) == ["custody-gap", "custody-altered", "unknown-key"]
