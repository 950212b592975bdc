"""Who had an item of evidence in hand, when, where and why, and is what they signed of it whole?

An item's manifest is a row of entries, each signed by the house that wrote it and chained to that house's
entry before. Two houses hold the same entries; nothing is altered, a mistake is followed by another entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from letters import policies
from letters.canonical import canonical
from letters.compact import parse, plain_json
from letters.policies import Seen, look
from letters.reasons import all_of, judged
from letters.seal import SigningKey, sign
from letters.trust import TrustList
from letters.verify import NEXT_STEPS, Refused, genuine
from schemas.errors import EnvelopeRefused
from schemas.evidence import CustodyEntry, EvidenceAsk, SealedItem
from schemas.ids import digest
from schemas.messages import CLOCK_SKEW_SECONDS
from schemas.reasoning import Reason
from schemas.vocabulary import Verdict

NEXT_STEPS |= {
    "stale": "ask again: a question is good for a few minutes only",
    "not-this-item": "compare the digests that both houses hold of the item; ask for it to be declared anew",
    "custody-gap": "the other house tells all its entries of the item, from the first one on",
    "custody-altered": "both houses compare their entries: one signed two at the same place",
}

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def signed(message: CustodyEntry | EvidenceAsk | SealedItem, key: SigningKey) -> str:
    """Compact JWS of the message."""
    return sign(canonical(message), key)


# --- a question and its answer --------------------------------------------------------------------------


def verify_ask(jws: str, trust: TrustList, own_house: str, at: datetime) -> EvidenceAsk:
    """The question in `jws`, asked of us, by a house we trust, just now. Raises Refused (codes as in
    `letters.verify`, and `stale`)."""
    seen = look(jws, "evidence-ask", trust, at)
    ask = seen.message if isinstance(seen.message, EvidenceAsk) else None
    said = ask.recipient if ask else "?"
    checks = [
        genuine(seen),
        judged("letter.addressee", said == own_house, "wrong-addressee", expected=own_house, found=said),
        _fresh(seen, at),
    ]
    reason = all_of("letter.evidence-ask", checks)
    if ask is None or reason.verdict is not Verdict.YES:
        raise _refused(reason, seen)
    return ask


def verify_sealed(
    jws: str, trust: TrustList, ask: str, wanted: EvidenceAsk, size: int | None, at: datetime
) -> SealedItem:
    """The answer to our question `wanted` (its signed text is `ask`), about just the item that was declared.

    `size`: as declared, if it was. Raises Refused, also `receipt-of-another` and `not-this-item`.
    """
    seen = look(jws, "sealed-item", trust, at)
    sealed = seen.message if isinstance(seen.message, SealedItem) else None
    about = {"house": wanted.recipient, "recipient": wanted.sender, "ask": digest(ask.encode())}
    checks = [genuine(seen), policies.about(seen, {**about, "ref": wanted.recipient_ref}), _fresh(seen, at)]
    if sealed is not None:
        expected = f"{wanted.item} {wanted.sha256} {sealed.size if size is None else size}"
        found = f"{sealed.item} {sealed.sha256} {sealed.size}"
        checks.append(
            judged("evidence.item", expected == found, "not-this-item", expected=expected, found=found)
        )
        pieces = -(-sealed.size // sealed.chunk)
        checks.append(
            judged(
                "evidence.pieces",
                pieces == sealed.chunks,
                "malformed",
                expected=f"{pieces} pieces",
                found=sealed.chunks,
            )
        )
    reason = all_of("letter.sealed-item", checks)
    if sealed is None or reason.verdict is not Verdict.YES:
        raise _refused(reason, seen)
    return sealed


def bound_to(ask: str, sealed_root: str, sender: str, recipient: str) -> bytes:
    """What the wrapped key is tied to: the signed question, the pieces, and who answers whom."""
    return f"{digest(ask.encode())} {sealed_root} {sender} {recipient}".encode()


def _fresh(seen: Seen, at: datetime) -> Reason:
    made = getattr(seen.message, "at", _LONG_AGO)
    earliest = at - timedelta(seconds=CLOCK_SKEW_SECONDS)
    holds = made.tzinfo is not None and made >= earliest
    return judged(
        "letter.fresh",
        holds,
        "stale",
        expected=f"not before {earliest.isoformat()}",
        found=made.isoformat(),
    )


def _refused(reason: Reason, seen: Seen) -> Refused:
    claimed = seen.payload or {}
    house = str(claimed.get(policies.SENDER_FIELD[seen.name], "?"))
    attributed = policies.signature(seen).verdict is Verdict.YES
    return Refused(reason, attributed=attributed, message=str(claimed.get("id", "?")), sender=house)


# --- entries --------------------------------------------------------------------------------------------


def entry_of(jws: str) -> CustodyEntry:
    """What stands in a signed entry; nothing in it is checked here. Raises EnvelopeRefused (`malformed`)."""
    try:
        return CustodyEntry.model_validate(plain_json(parse(jws).payload))
    except ValueError as error:
        raise EnvelopeRefused(
            "This is no entry of a manifest.",
            next_step="the other house tells its entries again",
            code="malformed",
        ) from error


def next_place(entries: Sequence[str], house: str) -> tuple[int, str | None]:
    """Number and `prev` of the entry that `house` writes next."""
    own = [text for text in entries if entry_of(text).house == house]
    return len(own) + 1, digest(own[-1].encode()) if own else None


def verify_entry(jws: str, before: Sequence[str], trust: TrustList, house: str, item: str) -> CustodyEntry:
    """A new entry of `house` about `item`, which follows on those of the same house in `before`.

    Raises Refused: codes as in `letters.verify`, `wrong-sender`, `custody-gap`, `custody-altered`.
    """
    seen = _read(jws, trust)
    entry = seen.message if isinstance(seen.message, CustodyEntry) else None
    said = f"{entry.house} {entry.item}" if entry else "?"
    checks = [
        genuine(seen),
        judged(
            "letter.own-voice",
            said == f"{house} {item}",
            "wrong-sender",
            expected=f"{house} {item}",
            found=said,
        ),
    ]
    if entry is not None:
        number, prev = next_place(before, house)
        checks.append(_follows(entry, number, prev))
    reason = all_of("custody.entry", checks)
    if entry is None or reason.verdict is not Verdict.YES:
        raise _refused(reason, seen)
    return entry


def verify_manifest(entries: Sequence[str], trust: TrustList) -> Reason:
    """Is every entry genuine, does each house's row have no gap, and is it the same item all along?

    `entries`: signed texts of one item, in the order in which they were kept. Unknown if there are none.
    """
    if not entries:
        return Reason("custody.manifest", Verdict.UNKNOWN, {"expected": "signed entries", "found": "none"})
    checks: list[Reason] = []
    for number, text in enumerate(entries):
        seen = _read(text, trust)
        found = [genuine(seen)]
        if isinstance(seen.message, CustodyEntry):
            own = [each for each in entries[:number] if _house(each) == seen.message.house]
            prev = digest(own[-1].encode()) if own else None
            found.append(_follows(seen.message, len(own) + 1, prev))
            found.append(_answers(seen.message, entries[:number]))
        checks.append(all_of("custody.entry", found, {"entry": str(number + 1)}))
    checks.append(_same_item(entries))
    return all_of("custody.manifest", checks, {"entries": str(len(entries))})


def _read(jws: str, trust: TrustList) -> Seen:
    # Years later our clock says nothing: an entry is judged at the time it was noted, as its author says.
    try:
        claimed = plain_json(parse(jws).payload).get("noted", "")
        at = datetime.fromisoformat(str(claimed))
        at = at if at.tzinfo else _LONG_AGO
    except (EnvelopeRefused, ValueError):
        at = _LONG_AGO
    return look(jws, "custody-entry", trust, at)


def _house(jws: str) -> str:
    try:
        return entry_of(jws).house
    except EnvelopeRefused:
        return ""


def _follows(entry: CustodyEntry, number: int, prev: str | None) -> Reason:
    found, expected = f"{entry.number} after {entry.prev}", f"{number} after {prev}"
    code = "custody-altered" if entry.number <= number else "custody-gap"
    return judged("custody.follows", found == expected, code, expected=expected, found=found)


def _answers(entry: CustodyEntry, before: Sequence[str]) -> Reason:
    known = {digest(text.encode()) for text in before}
    holds = entry.answers is None or entry.answers in known
    return judged("custody.answers", holds, "custody-gap", expected="an entry before", found=entry.answers)


def _same_item(entries: Sequence[str]) -> Reason:
    found: set[str] = set()
    for text in entries:
        try:
            entry = entry_of(text)
            found.add(f"{entry.item} {entry.sha256}")
        except EnvelopeRefused:
            found.add("an unreadable one")
    return judged(
        "custody.same-item",
        len(found) == 1,
        "not-this-item",
        expected="one item, one digest",
        found=", ".join(sorted(found)),
    )
