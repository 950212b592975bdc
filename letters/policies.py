"""Which single checks must a signed message pass? Each is one small function that returns its reason.

A check that rests on another one that failed answers unknown, never yes. The order of the checks, and which
messages need which, is in `letters.verify`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jws as jose
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import TypeAdapter, ValidationError

from letters.compact import ALGORITHM, HEADER_FIELDS, REGISTRY, Compact, parse, plain_json, typ_of
from letters.reasons import judged, not_judged
from letters.shape import problems
from letters.trust import TrustedHouse, TrustedKey, TrustList
from schemas.errors import EnvelopeRefused
from schemas.evidence import CustodyEntry, EvidenceAsk, SealedItem
from schemas.messages import CLOCK_SKEW_SECONDS, Envelope, Head, KeyChange, Receipt
from schemas.moves import Acknowledge, Arrive, Happened
from schemas.reasoning import Reason
from schemas.request import Attachment

Message = Envelope | Receipt | Head | KeyChange | CustodyEntry | EvidenceAsk | SealedItem

SENDER_FIELD = {
    "envelope": "sender",
    "receipt": "house",
    "head": "house",
    "key-change": "house",
    "custody-entry": "house",
    "evidence-ask": "sender",
    "sealed-item": "house",
}
MODELS: dict[str, TypeAdapter[Any]] = {
    "envelope": TypeAdapter(Envelope),
    "receipt": TypeAdapter(Receipt),
    "head": TypeAdapter(Head),
    "key-change": TypeAdapter(KeyChange),
    "custody-entry": TypeAdapter(CustodyEntry),
    "evidence-ask": TypeAdapter(EvidenceAsk),
    "sealed-item": TypeAdapter(SealedItem),
}
FORBIDDEN_IN_NAMES = ("/", "\\", "\x00")


@dataclass(slots=True)
class Seen:
    """What can be read off a signed text before anything in it is believed.

    `name`: the published schema it should fit. Fields that could not be read are None, with the problem kept.
    """

    name: str
    text: str
    at: datetime
    compact: Compact | None = None
    payload: dict[str, Any] | None = None
    unread: str = ""
    house: TrustedHouse | None = None
    key: TrustedKey | None = None
    message: Message | None = None
    misfits: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The wire type wanted here."""
        return f"rogatory/{self.name}/1"


def look(text: str, name: str, trust: TrustList, at: datetime) -> Seen:
    """Read `text` as far as it goes; believe nothing. `at`: the time to judge it by (established first)."""
    seen = Seen(name, text, at)
    try:
        seen.compact = parse(text)
        seen.payload = plain_json(seen.compact.payload)
    except EnvelopeRefused as refused:
        seen.unread = refused.what
        return seen
    seen.house = trust.house(str(seen.payload.get(SENDER_FIELD.get(name, "house"), "")))
    seen.key = seen.house.key(seen.compact.kid) if seen.house else None
    if seen.payload.get("type") == seen.kind and name in MODELS:
        seen.misfits = problems(name, seen.payload)
        if not seen.misfits:
            try:
                seen.message = MODELS[name].validate_python(seen.payload)
            except ValidationError as error:
                seen.misfits = [
                    f"{'.'.join(str(step) for step in found['loc'])}: {found['type']}"
                    for found in error.errors(include_input=False, include_url=False)[:5]
                ]
    return seen


def readable(seen: Seen) -> Reason:
    """One JWS in compact form, every part in its only spelling, the payload one canonical JSON object."""
    found = seen.unread or "compact JWS, canonical JSON"
    return judged(
        "letter.readable", not seen.unread, "malformed", expected="compact JWS, canonical JSON", found=found
    )


def header(seen: Seen) -> Reason:
    """The header says our one algorithm, a key and what this is, and nothing else (no `jwk`, no `crit`)."""
    if seen.compact is None:
        return not_judged("letter.header", "letter.readable")
    said = seen.compact.header
    wanted = {"alg": ALGORITHM, "kid": said.get("kid", "?"), "typ": typ_of(seen.kind)}
    told = (seen.payload or {}).get("type")
    if isinstance(told, str) and said.get("typ") == typ_of(told):
        # Another version says so in both places: that is for `version` to refuse, by its right name.
        wanted["typ"] = typ_of(told)
    return judged("letter.header", said == wanted, "malformed", expected=wanted, found=said)


def version(seen: Seen) -> Reason:
    """A wire type and version that we speak."""
    if seen.payload is None:
        return not_judged("letter.version", "letter.readable")
    found = seen.payload.get("type")
    return judged(
        "letter.version", found == seen.kind, "unknown-schema-version", expected=seen.kind, found=found
    )


def known_key(seen: Seen) -> Reason:
    """The house that signs, and under it this key, stand in our trust list."""
    if seen.compact is None or seen.payload is None:
        return not_judged("letter.known-key", "letter.readable")
    house = str(seen.payload.get(SENDER_FIELD.get(seen.name, "house"), "?"))
    expected = ", ".join(key.kid for key in seen.house.keys) if seen.house else "a house in the trust list"
    found = f"{house} {seen.compact.kid}"
    return judged("letter.known-key", seen.key is not None, "unknown-key", expected=expected, found=found)


def signature(seen: Seen) -> Reason:
    """The signature fits the bytes and the trusted key."""
    if seen.compact is None or seen.key is None:
        return not_judged("letter.signature", "letter.known-key")
    public = OKPKey.import_key(seen.key.jwk.model_dump())
    try:
        holds = set(seen.compact.header) == HEADER_FIELDS
        jose.deserialize_compact(seen.text, public, registry=REGISTRY)
    except (JoseError, ValueError):
        holds = False
    found = "fits" if holds else "does not fit"
    return judged("letter.signature", holds, "bad-signature", expected="fits", found=found)


def shape(seen: Seen) -> Reason:
    """The payload fits the published schema and our types."""
    if seen.payload is None or seen.payload.get("type") != seen.kind:
        return not_judged("letter.shape", "letter.version")
    found = "; ".join(seen.misfits) or "fits"
    return judged("letter.shape", seen.message is not None, "malformed", expected="fits", found=found)


def clock(seen: Seen) -> Reason:
    """It was not made in our future; two clocks may differ by CLOCK_SKEW_SECONDS."""
    if seen.message is None:
        return not_judged("letter.clock", "letter.shape")
    latest = moved(seen.at, CLOCK_SKEW_SECONDS)
    made = made_at(seen.message)
    return judged(
        "letter.clock",
        made <= latest,
        "clock",
        expected=f"not after {latest.isoformat()}",
        found=made.isoformat(),
    )


def key_valid(seen: Seen) -> Reason:
    """The key was good at the time established before: ours, not the one the message claims."""
    if seen.key is None:
        return not_judged("letter.key-valid", "letter.known-key")
    return seen.key.validity(seen.at)


def addressee(seen: Seen, own_house: str, own_state: str) -> Reason:
    """It is addressed to us, by another; a request asks our State."""
    if not isinstance(seen.message, Envelope):
        return not_judged("letter.addressee", "letter.shape")
    sender, recipient, body = seen.message.sender, seen.message.recipient, seen.message.body
    asked = body.request.requested if isinstance(body, Arrive) else own_state
    holds = recipient == own_house != sender and asked == own_state
    expected = f"from another house to {own_house} of {own_state}"
    found = f"from {sender} to {recipient} of {asked}"
    return judged("letter.addressee", holds, "wrong-addressee", expected=expected, found=found)


def own_voice(seen: Seen) -> Reason:
    """The sender speaks for itself: its own State, ids and reference; and signs, not as if by post."""
    message = seen.message
    if not isinstance(message, Envelope) or seen.house is None:
        return not_judged("letter.own-voice", "letter.shape")
    expected = {"state": seen.house.state, "id": f"{seen.house.id}."}
    found = {"state": message.sender_state, "id": message.id[: len(seen.house.id) + 1]}
    if isinstance(message.body, Arrive):
        expected |= {"for": seen.house.state, "ref": message.sender_ref, "house": message.sender}
        body = message.body
        found |= {"for": body.request.requesting, "ref": body.foreign_ref}
        found["house"] = body.counterpart_house or message.sender
    if isinstance(message.body, Acknowledge) and message.body.their_ref is not None:
        expected |= {"ref": message.sender_ref}
        found |= {"ref": message.body.their_ref}
    if isinstance(message.body, Happened) and message.body.by_post:
        expected |= {"way": "signed"}
        found |= {"way": "by post"}
    return judged("letter.own-voice", found == expected, "wrong-sender", expected=expected, found=found)


def plain_names(seen: Seen) -> Reason:
    """No document name is a path: a name that climbs out of a folder has no honest reason."""
    if seen.payload is None:
        return not_judged("letter.plain-names", "letter.readable")
    paths = [name for name in _names_in(seen.payload) if _is_path(name)]
    found = paths[0] if paths else "plain names"
    return judged("letter.plain-names", not paths, "path-in-name", expected="plain names", found=found)


def about(seen: Seen, wanted: dict[str, str | None]) -> Reason:
    """A receipt answers just this message of ours: fields of `wanted` are as we know them."""
    if seen.message is None:
        return not_judged("letter.about", "letter.shape")
    found = {name: getattr(seen.message, name) for name in wanted}
    return judged("letter.about", found == wanted, "receipt-of-another", expected=wanted, found=found)


def moved(at: datetime, seconds: int) -> datetime:
    """`at` later (or earlier) by so much, as far as the calendar goes: a stranger may write its last day."""
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if seconds > 0 else datetime.min.replace(tzinfo=UTC)


def made_at(message: Message) -> datetime:
    """When its author says the message was made."""
    return message.sent if isinstance(message, Envelope) else message.at


def attachments_in(envelope: Envelope) -> tuple[Attachment, ...]:
    """Every document an envelope names: its own list, and those its body lists, once each by digest."""
    body = envelope.body
    inner: tuple[Attachment, ...] = getattr(body, "attachments", ())
    if isinstance(body, Arrive):
        inner = body.request.attachments
    found = {item.digest: item for item in (*inner, *envelope.documents)}
    return tuple(found.values())


def _names_in(payload: dict[str, Any]) -> list[str]:
    body = payload.get("body")
    body = body if isinstance(body, dict) else {}
    request = body.get("request")
    request = request if isinstance(request, dict) else {}
    lists = (payload.get("documents"), body.get("attachments"), request.get("attachments"))
    items = [item for found in lists if isinstance(found, list) for item in found if isinstance(item, dict)]
    return [item["name"] for item in items if isinstance(item.get("name"), str)]


def _is_path(name: str) -> bool:
    return name.strip() in {".", ".."} or any(sign in name for sign in FORBIDDEN_IN_NAMES)
