"""Is a manifest believed only if every entry is genuine, in its place, and about the same item?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from letters.manifest import (
    entry_of,
    next_place,
    signed,
    verify_ask,
    verify_entry,
    verify_manifest,
    verify_sealed,
)
from letters.seal import SigningKey, sign
from letters.verify import Refused
from schemas.errors import EnvelopeRefused
from schemas.evidence import CustodyEntry, EvidenceAsk, SealedItem
from schemas.ids import digest
from schemas.vocabulary import Verdict
from tests.letters.correspondents import DE_KEY, DE_REF, NOW, STRANGER, TRUST, US_KEY, US_REF

SHA = "sha256:" + "a" * 64
KEYS = {"de": DE_KEY, "us": US_KEY}


def entry(house: str, before: list[str], key: SigningKey | None = None, **changes: Any) -> str:
    """The next signed entry of a house."""
    number, prev = next_place(before, house)
    plain: dict[str, Any] = {
        "house": house,
        "ref": DE_REF if house == "de" else US_REF,
        "item": "image-1",
        "number": number,
        "prev": prev,
        "at": NOW,
        "noted": NOW,
        "event": "examined",
        "who": "officer",
        "where": "Exampleville",
        "why": "test",
        "how": "looked at",
        "sha256": SHA,
        "kind": "disk image",
        "custodian": "invented",
    }
    return signed(CustodyEntry.model_validate({**plain, **changes}), key or KEYS[house])


def rows() -> list[str]:
    """Two entries there, one here that takes them up, and one more there."""
    found: list[str] = []
    found.append(entry("us", found, event="kept"))
    found.append(entry("us", found, event="sent", handed_to="de"))
    found.append(entry("de", found, event="received", answers=digest(found[-1].encode())))
    found.append(entry("us", found, event="destroyed"))
    return found


def test_a_whole_manifest_of_two_houses_is_believed() -> None:
    assert verify_manifest(rows(), TRUST).verdict is Verdict.YES
    assert verify_manifest([], TRUST).verdict is Verdict.UNKNOWN


def broken() -> dict[str, list[str]]:
    good = rows()
    other = entry_of(good[1]).model_copy(update={"where": "elsewhere"})
    return {
        "one left out": [good[0], *good[2:]],
        "the first left out": good[1:],
        "in another order": [good[1], good[0], *good[2:]],
        "one twice": [*good, good[-1]],
        "one replaced by another signed one": [good[0], signed(other, US_KEY), *good[2:]],
        "one altered": [good[0], good[1][:-6] + "AAAAAA", *good[2:]],
        "by a stranger": [*good, entry("us", good, STRANGER)],
        "about another file": [*good, entry("us", good, sha256="sha256:" + "b" * 64)],
        "answers what is not there": [*good, entry("de", good, answers="sha256:" + "c" * 64)],
        "no entry": [*good, "a.b.c"],
    }


@pytest.mark.parametrize("name", sorted(broken()))
def test_any_other_manifest_is_not(name: str) -> None:
    assert verify_manifest(broken()[name], TRUST).verdict is Verdict.NO


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"item": "image-2"}, "wrong-sender"),
        ({"number": 9}, "custody-gap"),
        ({"number": 1}, "custody-altered"),
        ({"prev": None}, "custody-altered"),
        ({"at": NOW + timedelta(days=1)}, "clock"),
    ],
)
def test_a_new_entry_is_taken_in_its_place_only(changes: dict[str, Any], code: str) -> None:
    before = rows()
    assert verify_entry(entry("us", before), before, TRUST, "us", "image-1").number == 4
    with pytest.raises(Refused) as found:
        verify_entry(entry("us", before, **changes), before, TRUST, "us", "image-1")
    assert found.value.code == code


def test_another_house_cannot_speak_for_this_one() -> None:
    with pytest.raises(Refused) as found:
        verify_entry(entry("us", []), [], TRUST, "de", "image-1")
    assert found.value.code == "wrong-sender"


def ask(**changes: Any) -> EvidenceAsk:
    plain: dict[str, Any] = {
        "id": "de.evidence.1",
        "sender": "de",
        "recipient": "us",
        "sender_ref": DE_REF,
        "recipient_ref": US_REF,
        "item": "image-1",
        "sha256": SHA,
        "key": "A" * 43,
        "at": NOW,
    }
    return EvidenceAsk.model_validate({**plain, **changes})


def answered(question: str, **changes: Any) -> str:
    plain: dict[str, Any] = {
        "house": "us",
        "recipient": "de",
        "ask": digest(question.encode()),
        "ref": US_REF,
        "item": "image-1",
        "sha256": SHA,
        "md5": "0" * 32,
        "sha1": "0" * 40,
        "size": 1000,
        "chunk": 100,
        "chunks": 10,
        "root": SHA,
        "key": "A" * 43,
        "wrapped": "AAAA",
        "at": NOW,
    }
    return signed(SealedItem.model_validate({**plain, **changes}), US_KEY)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"size": 2000, "chunks": 20}, "not-this-item"),
        ({"sha256": "sha256:" + "b" * 64}, "not-this-item"),
        ({"item": "image-2"}, "not-this-item"),
        ({"chunks": 9}, "malformed"),
        ({"ask": SHA}, "receipt-of-another"),
        ({"recipient": "fr"}, "receipt-of-another"),
        ({"ref": "US-mla-2026-00099"}, "receipt-of-another"),
        ({"at": NOW - timedelta(hours=1)}, "stale"),
    ],
)
def test_an_answer_is_about_just_this_question(changes: dict[str, Any], code: str) -> None:
    question = signed(ask(), DE_KEY)
    assert verify_sealed(answered(question), TRUST, question, ask(), 1000, NOW).chunks == 10
    with pytest.raises(Refused) as found:
        verify_sealed(answered(question, **changes), TRUST, question, ask(), 1000, NOW)
    assert found.value.code == code


def test_a_question_of_another_type_or_with_more_fields_is_none() -> None:
    assert verify_ask(signed(ask(), DE_KEY), TRUST, "us", NOW).item == "image-1"
    for payload in (b'{"type":"rogatory/head/1"}', b"{}", b'{"type":"rogatory/evidence-ask/1","x":1}'):
        with pytest.raises(Refused):
            verify_ask(sign(payload, DE_KEY), TRUST, "us", NOW)


def test_text_that_is_no_entry() -> None:
    for text in ("", "a.b.c", signed(ask(), DE_KEY)):
        with pytest.raises(EnvelopeRefused):
            entry_of(text)
