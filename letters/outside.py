"""What does a signed file say to somebody who stands outside: who signed it, when, and what changed since?

No server is asked. Whom to believe is the trust list's; without one, everything is told but believed.

Time. A message says itself when it was made. That counts as long as its key was never revoked: a key that
ran out or was replaced was in the right hands. A revoked key may be in wrong ones, which write any date: then
only another's word counts, a counterpart's receipt for the message, or the time stamp inside a letter.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from letters import policies
from letters.compact import parse, plain_json
from letters.finding import CLAIMED, Finding, Signature, from_house
from letters.outside_pdf import enclosed, letter
from letters.parcel import unpack
from letters.policies import MODELS, SENDER_FIELD, Seen, attachments_in, look
from letters.reasons import all_of, judged, not_judged, shown
from letters.rotation import proofs
from letters.trust import TrustList
from letters.verify import Refused, signed
from schemas.errors import BadInput, EnvelopeRefused
from schemas.ids import digest
from schemas.messages import Envelope, KeyChange, Parcel, Receipt
from schemas.reasoning import Reason
from schemas.vocabulary import Verdict

PDF = b"%PDF-"
LIMIT = 64 * 1024 * 1024
"""Bytes of one document in a parcel."""

_ASKED = "another house's receipt for this message"


def verify(
    content: bytes,
    trust: TrustList,
    at: datetime,
    *,
    companion: str | None = None,
    sender: str | None = None,
) -> Finding:
    """The finding about the bytes of one file, judged at `at` (now, UTC).

    `companion`: a signed message (JWS) that belongs to it: the receipt for a message, the message of a
    receipt or of a letter. `sender`: the house it should be from. Raises BadInput (`not-signed`) for a file
    of no kind that is signed here, `no-pdf` for a PDF that cannot be read.
    """
    if content.lstrip()[:5] == PDF:
        return _letter(content, trust, at, companion, sender)
    text = content.decode("utf-8", "replace").strip()
    if text.startswith("{"):
        return _parcel(text, trust, at, companion, sender)
    return message(text, trust, at, companion=companion, sender=sender)


def message(
    text: str,
    trust: TrustList,
    at: datetime,
    *,
    companion: str | None = None,
    sender: str | None = None,
) -> Finding:
    """The finding about one signed message (compact JWS). Raises as `verify`."""
    name = _name(text)
    seen = look(text, name, trust, at)
    claimed = _claimed(seen)
    witness, when = _witness(text, trust, at, companion) if name == "envelope" else ([], None)
    checks = [
        *(signed(seen) if name in MODELS else _bare(seen)),
        *witness,
        _valid(seen, when or claimed),
        _time(seen, claimed, when),
        *_more(seen, trust, at, companion),
        *from_house(_house(seen), sender),
    ]
    how = CLAIMED if when is None else "another house's receipt"
    return Finding(name, (_signature(seen, when or claimed, how),), all_of(f"letter.{name}", checks))


def _letter(pdf: bytes, trust: TrustList, at: datetime, companion: str | None, sender: str | None) -> Finding:
    found = letter(pdf, trust, at, sender)
    if companion is None:
        return found
    about = message(companion, trust, at)
    seen = look(companion, "envelope", trust, at)
    checks = [found.reason, about.reason]
    if isinstance(seen.message, Envelope):
        listed = {item.digest for item in attachments_in(seen.message)}
        checks.append(enclosed(digest(pdf), seen.message, listed))
    else:
        checks.append(not_judged("letter.enclosed", "letter.shape"))
    return Finding("letter", (*found.signatures, *about.signatures), all_of("letter.sealed", checks))


def _parcel(text: str, trust: TrustList, at: datetime, companion: str | None, sender: str | None) -> Finding:
    try:
        parcel = Parcel.model_validate_json(text)
    except ValidationError:
        raise _unsigned("JSON that is no parcel") from None
    found = message(parcel.envelope, trust, at, companion=companion, sender=sender)
    seen = look(parcel.envelope, "envelope", trust, at)
    checks, signatures = [found.reason], list(found.signatures)
    if not isinstance(seen.message, Envelope):
        checks.append(not_judged("letter.documents", "letter.shape"))
        return Finding("parcel", tuple(signatures), all_of("letter.parcel", checks))
    try:
        documents = unpack(parcel, seen.message, LIMIT)
    except Refused as refused:
        checks.append(refused.reason)
        return Finding("parcel", tuple(signatures), all_of("letter.parcel", checks))
    count = f"{len(documents)} documents as named"
    checks.append(judged("letter.documents", True, "", expected=count, found=count))
    for pdf in documents.values():
        if pdf.startswith(PDF) and (inner := _sealed(pdf, trust, at)):
            checks.append(inner.reason)
            signatures += inner.signatures
    return Finding("parcel", tuple(signatures), all_of("letter.parcel", checks))


def _sealed(pdf: bytes, trust: TrustList, at: datetime) -> Finding | None:
    """The finding about a document of a parcel, None for one without a seal: those need none."""
    try:
        found = letter(pdf, trust, at)
    except BadInput:
        return None
    return found if found.signatures else None


def _name(text: str) -> str:
    """What `text` is by its own word: `envelope`, `receipt`, ... Raises BadInput (`not-signed`)."""
    parts = text.split(".")
    if len(parts) != 3 or not text.isascii():
        raise _unsigned(f"{len(parts)} parts" if text.isascii() else "a file of another kind")
    try:
        kind = str(plain_json(parse(text).payload).get("type", ""))
    except EnvelopeRefused:
        # Unreadable for whatever reason: the checks say which, under the most usual name.
        return "envelope"
    words = kind.split("/")
    return words[1] if len(words) == 3 and words[0] == "rogatory" and words[1] else "envelope"


def _unsigned(found: str) -> BadInput:
    return BadInput(
        f"No signature of a house stands in this file: {shown(found)}.",
        next_step="give a sealed letter (PDF), a signed message or receipt, a parcel or a ledger export",
        code="not-signed",
    )


def _bare(seen: Seen) -> list[Reason]:
    """Checks on a signed statement whose inside is not ours to judge here."""
    checks = [policies.readable, policies.header, policies.version, policies.known_key, policies.signature]
    return [check(seen) for check in checks]


def _house(seen: Seen) -> str:
    return shown((seen.payload or {}).get(SENDER_FIELD.get(seen.name, "house"), ""))


def _claimed(seen: Seen) -> datetime | None:
    payload: dict[str, Any] = seen.payload or {}
    said = next((payload[name] for name in ("sent", "at", "confirmed") if name in payload), "")
    try:
        told = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return told if told.tzinfo else None


def _valid(seen: Seen, judged_at: datetime | None) -> Reason:
    if seen.key is None:
        return not_judged("letter.key-valid", "letter.known-key")
    return seen.key.validity(judged_at or seen.at)


def _time(seen: Seen, claimed: datetime | None, when: datetime | None) -> Reason:
    """Is the time it was judged by more than the word of a key that somebody else may hold?"""
    if seen.key is None:
        return not_judged("letter.time", "letter.known-key")
    if seen.key.revoked is None or when is not None:
        told = when or claimed
        found = told.isoformat() if told else "no time in it: judged today"
        return judged("letter.time", True, "", expected="a time that can be relied on", found=found)
    slots = {"expected": _ASKED, "found": f"only the word of a key revoked {seen.key.revoked.isoformat()}"}
    return Reason("letter.time", Verdict.UNKNOWN, {**slots, "code": "time-unproved"})


def _witness(
    text: str, trust: TrustList, at: datetime, companion: str | None
) -> tuple[list[Reason], datetime | None]:
    """The receipt that bears a message out, and when it was given; only one that itself holds counts."""
    if companion is None or _name(companion) != "receipt":
        return [], None
    receipt = look(companion, "receipt", trust, at)
    held = message(companion, trust, at)
    wanted: dict[str, str | None] = {"of": digest(text.encode())}
    checks = [held.reason, policies.about(receipt, wanted), _other(receipt, text, trust, at)]
    reason = all_of("letter.witness", checks)
    if reason.verdict is Verdict.YES and isinstance(receipt.message, Receipt):
        return [reason], receipt.message.at
    return [reason], None


def _other(receipt: Seen, text: str, trust: TrustList, at: datetime) -> Reason:
    """A receipt of the sender itself would bear nothing out: it is the recipient who gives it."""
    envelope = look(text, "envelope", trust, at)
    wanted = envelope.message.recipient if isinstance(envelope.message, Envelope) else "the recipient"
    found = _house(receipt)
    return judged("letter.witness-other", found == wanted, "receipt-of-another", expected=wanted, found=found)


def _more(seen: Seen, trust: TrustList, at: datetime, companion: str | None) -> list[Reason]:
    """What only one kind of message is asked."""
    if isinstance(seen.message, Envelope):
        return [policies.own_voice(seen)]
    if isinstance(seen.message, KeyChange):
        return proofs(seen)
    if not isinstance(seen.message, Receipt):
        return []
    checks = []
    if seen.message.head is not None:
        head = look(seen.message.head, "head", trust, at)
        inner = [message(seen.message.head, trust, at).reason]
        checks = [*inner, policies.about(head, {"house": seen.message.house})]
    if companion is not None:
        checks.append(_receipt_of(seen, companion, trust, at))
    return checks


def _receipt_of(seen: Seen, companion: str, trust: TrustList, at: datetime) -> Reason:
    envelope = look(companion, "envelope", trust, at).message
    if not isinstance(envelope, Envelope):
        return not_judged("letter.about", "letter.shape")
    wanted: dict[str, str | None] = {
        "house": envelope.recipient,
        "message": envelope.id,
        "of": digest(companion.encode()),
    }
    return policies.about(seen, wanted)


def _signature(seen: Seen, at: datetime | None, how: str) -> Signature:
    kid = shown(seen.compact.kid) if seen.compact else ""
    if seen.house is None:
        return Signature(_house(seen), kid, at=at, how=how)
    return Signature(seen.house.id, kid, seen.house.name, seen.house.state, at, how)


def companion_text(content: bytes) -> str:
    """The signed message in a file given beside another, also inside a parcel. Raises BadInput."""
    text = content.decode("utf-8", "replace").strip()
    if text.startswith("{"):
        try:
            return str(json.loads(text)["envelope"])
        except (ValueError, RecursionError, KeyError, TypeError):
            raise _unsigned("JSON that is no parcel") from None
    _name(text)
    return text
