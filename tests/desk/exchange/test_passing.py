"""Does an item pass whole, in one go or in several, and are altered pieces refused?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from desk import evidence, evidence_in
from desk.intake import MEMORY
from letters.fetching import EvidenceRoad
from letters.manifest import entry_of
from letters.trust import TrustedHouse
from schemas.errors import Conflict, RogatoryError
from schemas.evidence import CHUNK, Brought
from schemas.vocabulary import Verdict
from tests.desk.evidence_houses import DE_REF, US_OFFICER, US_REF, Houses, item_of, limitation, told_of
from tests.desk.exchange.items import BIG, SMALL, bring, get, here, on_disk, refusals
from tests.records.papers import key_destroyed

WRITTEN = MEMORY // CHUNK + 1
"""Pieces of BIG after which the first ones are on disk."""


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
    key_destroyed(joined.de.records, DE_REF)
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
