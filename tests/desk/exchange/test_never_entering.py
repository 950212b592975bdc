"""Does material that never enters stay out, and do entries with a gap?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk import evidence, evidence_door, evidence_in
from desk.refused_hashes import RefusedHash
from letters.fetching import EvidenceRoad
from letters.manifest import entry_of, signed
from letters.seal import make_key
from schemas.errors import Conflict, RogatoryError
from schemas.evidence import Brought, CustodyTold
from tests.desk.evidence_houses import DE_REF, OFFICER, US_OFFICER, US_REF, Houses, item_of, told_of
from tests.desk.exchange.items import BIG, SMALL, bring, get, here, on_disk, question, refusals

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
