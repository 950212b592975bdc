"""Which signed messages come from other houses: envelopes, receipts, heads, changes of keys, parcels?"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from desk import opening
from fuzz.shapes import jws_spoiled
from fuzz.target import Target
from fuzz.trees import json_spoiled
from letters import custody, manifest, outside
from letters.canonical import canonical
from letters.compact import parse, plain_json
from letters.rotation import key_change, verify_key_change
from letters.seal import SigningKey, seal
from letters.verify import verify_envelope, verify_head, verify_receipt
from schemas.errors import BadInput, RogatoryError
from schemas.evidence import EvidenceAsk, SealedItem
from schemas.ids import digest
from schemas.messages import Head, Receipt
from schemas.moves import Ask
from schemas.settings import Settings
from tests.letters.correspondents import (
    ANNEX,
    DAY,
    DE_KEY,
    DE_REF,
    NOW,
    TRUST,
    US_KEY,
    US_REF,
    arrival,
    fixed_key,
    letter,
    triple,
)
from tests.letters.make_golden import FOLDER, headed
from tests.letters.make_golden_papers import FOLDER as PAPERS
from tests.letters.test_manifest import entry, rows

NEXT = fixed_key("de-after", "de", 9)
READS = {
    "letters.outside": ("_letter", "_sealed"),
    "letters.compact": ("typ_of",),
    "letters.canonical": (),
    "letters.policies": (),
    "letters.verify": (),
    "letters.shape": (),
}


def targets() -> list[Target]:
    """The parsers of this module."""
    texts = [file.read_bytes() for file in sorted(FOLDER.glob("*.jws"))]
    parcels = [file.read_bytes() for file in sorted(PAPERS.glob("*.json"))]
    told = [_json(plain_json(parse(text).payload)) for text in _signed()]
    whole = {**READS, "letters.rotation": ("key_change", "renewed")}
    chain = {"letters.manifest": ("signed", "bound_to", "next_place"), "letters.custody": ("same_chain",)}
    way_in = {**READS, "letters.parcel": ("pack",), "desk.opening": ("actor",)}
    passed = [
        _json([plain_json(parse(text).payload) for text in triple()]),
        _json([plain_json(parse(text).payload) for text in rows()]),
    ]
    return [
        Target("message", _message, [*texts, *(text.encode() for text in _signed())], jws_spoiled, 40, READS),
        Target("message-signed", _resigned, told, json_spoiled, 40, whole),
        Target("custody", _custody, passed, json_spoiled, 5, chain),
        Target("parcel", _parcel, parcels, json_spoiled, 12, way_in),
    ]


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _signed() -> list[str]:
    """One of each sort of message."""
    envelope = seal(letter(), DE_KEY)
    head = seal(Head(house="us", count=3, root=digest(b"x"), at=NOW), US_KEY)
    receipt = Receipt(
        message=letter().id, of=digest(envelope.encode()), house="us", event="delivered", at=NOW, head=head
    )
    return [
        envelope,
        seal(letter(arrival(attachments=(ANNEX,))), DE_KEY),
        seal(letter(Ask(id="q1", text="Which account?")), DE_KEY),
        *triple(),
        head,
        seal(receipt, US_KEY),
        key_change(DE_KEY, NEXT, NOW, NOW + 30 * DAY),
        entry("de", []),
        manifest.signed(_ask(), DE_KEY),
        manifest.signed(_answer(), US_KEY),
    ]


def _ask() -> EvidenceAsk:
    return EvidenceAsk(
        id="de.evidence.0001",
        sender="de",
        recipient="us",
        sender_ref=DE_REF,
        recipient_ref=US_REF,
        item="e1",
        sha256=ANNEX.digest,
        key="A" * 43,
        at=NOW,
    )


def _answer() -> SealedItem:
    asked = manifest.signed(_ask(), DE_KEY)
    return SealedItem.model_validate(
        {
            "house": "us",
            "recipient": "de",
            "ask": digest(asked.encode()),
            "ref": US_REF,
            "item": "e1",
            "sha256": ANNEX.digest,
            "md5": "0" * 32,
            "sha1": "0" * 40,
            "size": 10,
            "chunk": 1 << 22,
            "chunks": 1,
            "root": digest(b"r"),
            "key": "A" * 43,
            "wrapped": "A" * 43,
            "at": NOW,
        }
    )


def _message(data: bytes) -> object:
    found = outside.verify(data, TRUST, NOW, companion=seal(letter(), DE_KEY), sender="de")
    outside.companion_text(data)
    return found


def _key_for(value: Any) -> SigningKey:
    """That of the house which it says it is from, so that the signature does not end the reading."""
    said = (value.get("sender"), value.get("house")) if isinstance(value, dict) else ()
    return US_KEY if "us" in said else DE_KEY


def _text(value: Any, data: bytes) -> str:
    kind = value.get("type") if isinstance(value, dict) else None
    typ = kind.replace("/", "-") if isinstance(kind, str) else "rogatory-envelope-1"
    try:
        payload = canonical(value) if isinstance(value, dict) else data
    except BadInput:
        payload = data
    try:
        return headed(payload, _key_for(value), typ=typ)
    except ValueError:
        # a word that no header can hold
        return headed(payload, _key_for(value))


def _plain(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _resigned(data: bytes) -> object:
    value = _plain(data)
    text = _text(value, data)
    kind = str(value.get("type", "")) if isinstance(value, dict) else ""
    outside.verify(text.encode(), TRUST, NOW + timedelta(seconds=1))
    read: dict[str, Callable[[], object]] = {
        "rogatory/key-change/1": lambda: verify_key_change(text, TRUST, NOW),
        "rogatory/receipt/1": lambda: verify_receipt(
            text, TRUST, envelope=seal(letter(), DE_KEY), message=letter().id, recipient="us", at=NOW
        ),
        "rogatory/head/1": lambda: verify_head(text, TRUST, "us", NOW),
        "rogatory/evidence-ask/1": lambda: manifest.verify_ask(text, TRUST, "us", NOW),
        "rogatory/sealed-item/1": lambda: manifest.verify_sealed(
            text, TRUST, manifest.signed(_ask(), DE_KEY), _ask(), 10, NOW
        ),
        "rogatory/custody-entry/1": lambda: manifest.verify_entry(text, [], TRUST, "de", "image-1"),
    }
    return read[kind]() if kind in read else verify_envelope(text, TRUST, "us", "US", NOW)


def _custody(data: bytes) -> object:
    value = _plain(data)
    rows = value if isinstance(value, list) else [value]
    texts = [_text(row, b"") for row in rows[:20]]
    manifest.verify_manifest(texts, TRUST)
    if texts:
        _one_entry(texts)
    triples = [
        (row[0], row[1], row[2])
        for row in ([*texts[first : first + 3], None, None] for first in range(0, len(texts), 3))
    ]
    return custody.verify_chain(triples, TRUST)


def _one_entry(texts: list[str]) -> None:
    try:
        manifest.entry_of(texts[0])
        manifest.verify_entry(texts[-1], texts[:-1], TRUST, "de", "image-1")
    except RogatoryError:
        return


def _parcel(data: bytes) -> object:
    value = _plain(data)
    settings = Settings(house="us", state="US")
    if isinstance(value, dict) and isinstance(value.get("envelope"), dict):
        # as a stranger builds one: the envelope signed over whatever stands there
        data = _json({**value, "envelope": _text(value["envelope"], data)})
    opening.digest_of_envelope(data)
    outside.verify(data, TRUST, NOW)
    return opening.open_letter(settings, TRUST, data, NOW)
