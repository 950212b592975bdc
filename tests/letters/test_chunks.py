"""Do sealed pieces open only as what they are, where they belong, and only for whom the key was wrapped?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.chunks import (
    DIGEST,
    KEY,
    TAG,
    Half,
    PieceRefused,
    Plan,
    Sealer,
    check_piece,
    decoded,
    encoded,
    piece_digest,
    root_of,
)
from letters.fetching import ahead, cut
from schemas.errors import EnvelopeRefused

PLAN = Plan(size=250, chunk=100)
SHA, OTHER = "sha256:" + "a" * 64, "sha256:" + "b" * 64
KEY_A = bytes(range(KEY))


def sealed(key: bytes = KEY_A, sha256: str = SHA, plan: Plan = PLAN) -> list[bytes]:
    sealer = Sealer(key, sha256, plan)
    return [sealer.seal(number, b"%d" % number * plan.plain(number)) for number in range(plan.count)]


@given(size=st.integers(1, 10**13), chunk=st.integers(1, 10**8))
def test_a_plan_covers_the_file_and_nothing_else(size: int, chunk: int) -> None:
    plan = Plan(size, chunk)
    last = plan.count - 1
    assert 1 <= plan.plain(last) <= chunk
    assert last * chunk + plan.plain(last) == size
    assert plan.offset(last) + plan.sealed(last) == plan.whole == size + plan.count * TAG


def test_each_piece_opens_at_its_own_place_only() -> None:
    boxes = sealed()
    sealer = Sealer(KEY_A, SHA, PLAN)
    for number, box in enumerate(boxes):
        assert sealer.open(number, box) == b"%d" % number * PLAN.plain(number)
    wrong = [
        (sealer, 1, boxes[0]),
        (Sealer(bytes(KEY), SHA, PLAN), 0, boxes[0]),
        (Sealer(KEY_A, OTHER, PLAN), 0, boxes[0]),
        (Sealer(KEY_A, SHA, Plan(251, 100)), 0, boxes[0]),
        (sealer, 0, boxes[0][:-1]),
        (sealer, 0, b""),
    ]
    for one, number, box in wrong:
        with pytest.raises(PieceRefused) as found:
            one.open(number, box)
        assert found.value.code == "wrong-piece"


@given(place=st.integers(0, 115), bit=st.integers(0, 7))
def test_one_altered_bit_is_seen_by_the_list_and_by_the_key(place: int, bit: int) -> None:
    boxes = sealed()
    digests = b"".join(piece_digest(box) for box in boxes)
    box = bytearray(boxes[0])
    box[place] ^= 1 << bit
    with pytest.raises(PieceRefused):
        check_piece(0, bytes(box), digests, PLAN)
    with pytest.raises(PieceRefused):
        Sealer(KEY_A, SHA, PLAN).open(0, bytes(box))
    check_piece(0, boxes[0], digests, PLAN)


def test_a_list_that_ends_early_lets_no_piece_pass() -> None:
    boxes = sealed()
    digests = b"".join(piece_digest(box) for box in boxes)
    for short in (b"", digests[: 2 * DIGEST], digests[: 2 * DIGEST + 5]):
        with pytest.raises(PieceRefused):
            check_piece(2, boxes[2], short, PLAN)
    assert root_of(digests) != root_of(digests[:DIGEST])


def test_only_the_house_that_asked_unwraps_the_key() -> None:
    asker, holder, stranger = Half(), Half(), Half()
    wrapped = holder.wrap(asker.public, b"secret", b"this question")
    assert asker.unwrap(holder.public, wrapped, b"this question") == b"secret"
    for half, theirs, text, bound in (
        (stranger, holder.public, wrapped, b"this question"),
        (asker, stranger.public, wrapped, b"this question"),
        (asker, holder.public, wrapped, b"another question"),
        (asker, holder.public, wrapped[:-2], b"this question"),
        (asker, encoded(bytes(32)), wrapped, b"this question"),
        (asker, "short", wrapped, b"this question"),
        (asker, holder.public, "!!", b"this question"),
    ):
        with pytest.raises(EnvelopeRefused) as found:
            half.unwrap(theirs, text, bound)
        assert found.value.code == "key-not-agreed"


@given(st.binary(max_size=200))
def test_base64url_there_and_back(content: bytes) -> None:
    assert decoded(encoded(content)) == content


@given(st.lists(st.integers(1, 90), max_size=30))
def test_pieces_come_whole_however_the_net_cuts_them(sizes: list[int]) -> None:
    boxes = sealed()
    whole, parts = b"".join(boxes), []
    for size in [*sizes, len(whole)]:
        parts.append(whole[:size])
        whole = whole[size:]
    assert [bytes(box) for box in cut(iter(parts), PLAN, 0)] == boxes


@pytest.mark.parametrize(
    ("parts", "code"),
    [([b"x" * 10], "truncated"), ([], "truncated"), ([b"x" * 1000], "surplus")],
)
def test_too_little_and_too_much(parts: list[bytes], code: str) -> None:
    with pytest.raises(PieceRefused) as found:
        list(cut(iter(parts), PLAN, 0))
    assert found.value.code == code


def test_reading_ahead_passes_errors_on_and_stops_when_nobody_listens() -> None:
    read: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(100):
            read.append(number)
            yield b"%d" % number
        raise ValueError("the end")

    assert next(ahead(pieces())) == b"0"
    assert len(read) < 10
    with pytest.raises(ValueError, match="the end"):
        list(ahead(pieces()))
