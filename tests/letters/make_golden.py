"""Which letters, good and bad, are kept as files? `python -m tests.letters.make_golden` writes them.

Each is named for what is wrong with it. `code` and `claim` are what the reader must answer; they are written
here by hand. Where `alone` holds, that one check says no and no other does.
"""

from __future__ import annotations

import base64
import json
import warnings
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from joserfc import jws as jose

from letters.canonical import canonical
from letters.compact import ALGORITHM
from letters.seal import SigningKey, seal, sign
from schemas.moves import AcceptHandoff, Acknowledge, Ask, Evidence, Withdraw
from schemas.request import EvidenceItem
from tests.letters.correspondents import (
    ANNEX,
    DAY,
    DE_KEY,
    DE_LOST,
    DE_NEXT,
    DE_OLD,
    HANDOFF,
    NOW,
    STRANGER,
    US_KEY,
    arrival,
    letter,
)

FOLDER = Path(__file__).parent / "golden"
TYP = "rogatory-envelope-1"
SKEW = timedelta(seconds=300)


@dataclass(frozen=True)
class Golden:
    """One file: its text, and what must come of it ("" and "": it is genuine)."""

    text: str
    code: str = ""
    claim: str = ""
    alone: bool = True


def plain(**changes: Any) -> dict[str, Any]:
    """The payload of the usual letter, changed where no type would allow it."""
    return {**letter().model_dump(mode="json"), **changes}


def headed(payload: bytes, key: SigningKey = DE_KEY, **header: Any) -> str:
    """Any bytes signed under any header; its fields in canonical order, as the reader wants them."""
    said = dict(sorted({"alg": ALGORITHM, "kid": key.kid, "typ": TYP, **header}.items()))
    return jose.serialize_compact(said, payload, key.jwk, algorithms=[ALGORITHM])


def good() -> dict[str, Golden]:
    """Letters to believe."""
    item = EvidenceItem(
        id="e1", description="an invented log", kind="log", sha256=ANNEX.digest, custodian="invented lab"
    )
    return {
        "request-with-baton": Golden(seal(letter(), DE_KEY)),
        "request-with-annex": Golden(seal(letter(arrival(attachments=(ANNEX,))), DE_KEY)),
        "question": Golden(seal(letter(Ask(id="q1", text="Which account?")), DE_KEY)),
        "evidence": Golden(seal(letter(Evidence(complete=True, items=(item,))), DE_KEY)),
        "acceptance": Golden(seal(letter(AcceptHandoff(id=HANDOFF), about=ANNEX.digest), DE_KEY)),
        "clock-a-little-fast": Golden(seal(letter(sent=NOW + SKEW), DE_KEY)),
    }


def unreadable() -> dict[str, Golden]:
    """Letters that are not what a signed letter looks like."""
    text = seal(letter(), DE_KEY)
    head, payload, signature = text.split(".")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spare = signature[:-1] + alphabet[alphabet.index(signature[-1]) + 1]
    spaced = json.dumps(plain()).encode()
    twice = canonical(plain()).replace(b'{"about":null', b'{"about":null,"about":null')
    none = base64.urlsafe_b64encode(canonical({"alg": "none", "kid": "de-current", "typ": TYP}))
    readable, header = ("malformed", "letter.readable"), ("malformed", "letter.header")
    return {
        "empty": Golden("", *readable),
        "two-parts": Golden(f"{head}.{payload}", *readable),
        "padded": Golden(text + "==", *readable),
        "line-end": Golden(text + "\n", *readable),
        "spare-bits": Golden(f"{head}.{payload}.{spare}", *readable),
        "not-json": Golden(headed(b"not json"), *readable),
        "not-an-object": Golden(headed(b"[]"), *readable),
        "not-a-number": Golden(headed(b'{"type":NaN}'), *readable),
        "spaced": Golden(headed(spaced), *readable),
        "said-twice": Golden(headed(twice), *readable),
        "nested-without-end": Golden(headed(b'{"a":' * 3000 + b"1" + b"}" * 3000), *readable),
        "number-too-large": Golden(headed(b'{"a":99999999999999999999}'), *readable),
        "receipt-as-envelope": Golden(headed(canonical(letter()), typ="rogatory-receipt-1"), *header),
        "old-algorithm-name": Golden(_eddsa(), "malformed", "letter.header", alone=False),
        "key-in-header": Golden(headed(canonical(letter()), jwk=DE_KEY.public), *readable),
        "more-in-header": Golden(headed(canonical(letter()), cty="x"), *header, alone=False),
        "no-algorithm": Golden(f"{none.decode().rstrip('=')}.{payload}.", *header, alone=False),
        "other-version": Golden(
            headed(canonical(plain(type="rogatory/envelope/2"))), "unknown-schema-version", "letter.version"
        ),
        "later-version": Golden(
            headed(canonical(plain(type="rogatory/envelope/2")), typ="rogatory-envelope-2"),
            "unknown-schema-version",
            "letter.version",
        ),
    }


def _eddsa() -> str:
    said = {"alg": "EdDSA", "kid": DE_KEY.kid, "typ": TYP}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of the name, which is why it stands here
        return jose.serialize_compact(said, canonical(letter()), DE_KEY.jwk, algorithms=["EdDSA"])


def misshapen() -> dict[str, Golden]:
    """Signed letters that do not fit the published schema, or name a path."""
    shape, path = ("malformed", "letter.shape"), ("path-in-name", "letter.plain-names")
    climbing = ANNEX.model_dump(mode="json") | {"name": ".."}
    slashed = ANNEX.model_dump(mode="json") | {"name": "../keys/master.key"}
    naive = canonical(plain(sent="2026-11-21T11:59:00"))
    body = arrival().model_dump(mode="json")
    return {
        "unknown-field": Golden(headed(canonical(plain(surprise=1))), *shape),
        "missing-field": Golden(
            headed(canonical({name: value for name, value in plain().items() if name != "sent"})), *shape
        ),
        "unknown-move": Golden(headed(canonical(plain(body={"event": "conquer"}))), *shape),
        "time-without-zone": Golden(headed(naive), *shape),
        "time-as-number": Golden(headed(canonical(plain(sent=1_800_000_000))), *shape),
        "digest-with-line-end": Golden(headed(canonical(plain(about=ANNEX.digest + "\n"))), *shape),
        "no-such-day": Golden(headed(canonical(plain(sent="2026-11-31T00:00:00Z"))), *shape),
        "event-missing": Golden(
            headed(canonical(plain(body={name: value for name, value in body.items() if name != "event"}))),
            *shape,
        ),
        "climbing-name": Golden(headed(canonical(plain(documents=[climbing]))), *path),
        "name-with-folders": Golden(headed(canonical(plain(documents=[slashed]))), *path, alone=False),
        "name-with-folders-in-request": Golden(
            headed(canonical(plain(body=body | {"request": body["request"] | {"attachments": [slashed]}}))),
            *path,
            alone=False,
        ),
    }


def mistrusted() -> dict[str, Golden]:
    """Whole letters from somebody else, for somebody else, or from another time."""
    text = seal(letter(), DE_KEY)
    head, payload, signature = text.split(".")
    flipped = bytearray(base64.urlsafe_b64decode(signature + "=="))
    flipped[0] ^= 1
    changed = base64.urlsafe_b64encode(bytes(flipped)).decode().rstrip("=")
    other = base64.urlsafe_b64encode(canonical(letter(recipient_ref="US-mla-2026-00008"))).decode()
    unknown, bad = ("unknown-key", "letter.known-key"), ("bad-signature", "letter.signature")
    expired, clock = ("key-not-valid", "letter.key-valid"), ("clock", "letter.clock")
    us, voice = ("wrong-addressee", "letter.addressee"), ("wrong-sender", "letter.own-voice")
    french = letter(sender="fr", sender_state="FR", id="fr.fr-1.m1")
    return {
        "unknown-house": Golden(seal(french, STRANGER), *unknown, alone=False),
        "unknown-key": Golden(headed(canonical(letter()), kid="de-forgotten"), *unknown),
        "key-of-another-house": Golden(sign(canonical(letter()), US_KEY), *unknown),
        "key-borrowed": Golden(headed(canonical(letter()), US_KEY, kid="de-current"), *bad),
        "signature-changed": Golden(f"{head}.{payload}.{changed}", *bad),
        "payload-changed": Golden(f"{head}.{other.rstrip('=')}.{signature}", *bad),
        "from-the-future": Golden(seal(letter(sent=NOW + SKEW + timedelta(seconds=1)), DE_KEY), *clock),
        "key-expired": Golden(seal(letter(), DE_OLD), *expired),
        "key-expired-backdated": Golden(seal(letter(sent=NOW - 30 * DAY), DE_OLD), *expired),
        "key-revoked": Golden(seal(letter(), DE_LOST), *expired),
        "key-not-yet": Golden(seal(letter(), DE_NEXT), *expired),
        "for-another-house": Golden(seal(letter(recipient="fr"), DE_KEY), *us),
        "for-another-state": Golden(seal(letter(arrival(requested="FR")), DE_KEY), *us),
        "message-id-of-another": Golden(seal(letter(id="us.us-mla-2026-00007.m1"), DE_KEY), *voice),
        "state-of-another": Golden(seal(letter(sender_state="AT"), DE_KEY), *voice),
        "request-of-another-state": Golden(seal(letter(arrival(requesting="AT")), DE_KEY), *voice),
        "reference-of-another": Golden(seal(letter(sender_ref="DE-mla-2026-00002"), DE_KEY), *voice),
        "acknowledged-for-another": Golden(seal(letter(Acknowledge(their_ref="any other")), DE_KEY), *voice),
        "as-if-by-post": Golden(
            seal(letter().model_copy(update={"body": Withdraw(reason="?", by_post=True)}), DE_KEY), *voice
        ),
        "house-of-another": Golden(
            seal(letter(arrival().model_copy(update={"counterpart_house": "at"})), DE_KEY), *voice
        ),
    }


def golden() -> dict[str, Golden]:
    """Every file by name."""
    return good() | unreadable() | misshapen() | mistrusted()


def files() -> dict[str, str]:
    """File names and contents: each letter, and the index of what must come of it."""
    letters = golden()
    index = {
        name: {"code": one.code, "claim": one.claim, "alone": one.alone}
        for name, one in sorted(letters.items())
    }
    contents = {f"{name}.jws": one.text for name, one in letters.items()}
    return {**contents, "index.json": json.dumps(index, indent=2) + "\n"}


def main() -> None:
    """Write the folder anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for name, text in files().items():
        (FOLDER / name).write_bytes(text.encode())


if __name__ == "__main__":
    main()
