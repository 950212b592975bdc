"""Who writes to whom in these tests? Two houses with keys that never change, and the letters they write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import OKPKey

from letters.compose import envelope
from letters.seal import SigningKey, seal
from letters.trust import PublicKey, TrustedHouse, TrustedKey, TrustList
from schemas.handoff import WireOffer
from schemas.ids import digest
from schemas.messages import Envelope
from schemas.moves import AcceptHandoff, Arrive, ConfirmHandoff, MoveBody
from schemas.request import Attachment, MlaRequest
from schemas.work import SealWork

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
"""When letters arrive here; they were made a minute before."""

MADE = NOW - timedelta(minutes=1)
DAY = timedelta(days=1)
DE_REF, US_REF = "DE-mla-2026-00001", "US-mla-2026-00007"
HANDOFF = f"{DE_REF}.h1"
PAPER = b"%PDF-1.7 an invented annex"


def fixed_key(kid: str, house: str, seed: int) -> SigningKey:
    """A key made from `seed`: the same on every machine."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return SigningKey(kid, house, OKPKey.import_key(pem))


DE_KEY = fixed_key("de-current", "de", 1)
US_KEY = fixed_key("us-current", "us", 2)
DE_OLD = fixed_key("de-expired", "de", 3)
DE_LOST = fixed_key("de-revoked", "de", 4)
DE_NEXT = fixed_key("de-next", "de", 5)
STRANGER = fixed_key("fr-current", "fr", 6)


def trusted(key: SigningKey, since: datetime, **end: datetime) -> TrustedKey:
    """`key` as it stands in a trust list."""
    return TrustedKey(kid=key.kid, jwk=PublicKey.model_validate(key.public), valid_from=since, **end)


DE = TrustedHouse(
    id="de",
    name="Germany",
    state="DE",
    url="http://127.0.0.1:8081",
    keys=(
        trusted(DE_KEY, NOW - 100 * DAY),
        trusted(DE_OLD, NOW - 900 * DAY, valid_until=NOW - DAY),
        trusted(DE_LOST, NOW - 100 * DAY, revoked=NOW - DAY),
        trusted(DE_NEXT, NOW + DAY),
    ),
)
US = TrustedHouse(
    id="us",
    name="United States",
    state="US",
    url="http://127.0.0.1:8082",
    keys=(trusted(US_KEY, NOW - 100 * DAY),),
)
TRUST = TrustList([DE, US])

ANNEX = Attachment(name="annex.pdf", media_type="application/pdf", size=len(PAPER), digest=digest(PAPER))


def request(**changes: Any) -> MlaRequest:
    """An invented request from DE to US."""
    plain: dict[str, Any] = {
        "requesting": "DE",
        "requested": "US",
        "measures": ("subscriber-data",),
        "contents": {"facts": "An invented account shared invented files."},
    }
    return MlaRequest.model_validate({**plain, **changes})


def arrival(**changes: Any) -> Arrive:
    """The request as it travels."""
    return Arrive(request=request(**changes), foreign_ref=DE_REF, counterpart_house="de")


def letter(body: MoveBody | None = None, **changes: Any) -> Envelope:
    """An envelope from DE to US: the request with the baton, unless `body` says otherwise."""
    work = SealWork(
        ref=DE_REF,
        message="de.de-mla-2026-00001.m1",
        recipient="us",
        recipient_ref=None,
        at=MADE,
        body=body or arrival(),
        offer=WireOffer(handoff=HANDOFF, due=NOW + 30 * DAY) if body is None else None,
    )
    return envelope(work, "de", "DE").model_copy(update=changes)


def answer(body: MoveBody, question: str, /, **changes: Any) -> Envelope:
    """An envelope back from US to DE, about the sealed text `question`."""
    work = SealWork(
        ref=US_REF,
        message="us.us-mla-2026-00007.m1",
        recipient="de",
        recipient_ref=DE_REF,
        at=MADE,
        body=body,
        about=digest(question.encode()),
    )
    return envelope(work, "us", "US").model_copy(update=changes)


def triple() -> tuple[str, str, str]:
    """One passing of the baton from DE to US, as both houses keep it."""
    offer = seal(letter(), DE_KEY)
    acceptance = seal(answer(AcceptHandoff(id=HANDOFF), offer, sent=MADE + DAY), US_KEY)
    confirmation = letter(
        ConfirmHandoff(id=HANDOFF),
        id="de.de-mla-2026-00001.m2",
        recipient_ref=US_REF,
        about=digest(acceptance.encode()),
        sent=MADE + 2 * DAY,
    )
    return offer, acceptance, seal(confirmation, DE_KEY)
