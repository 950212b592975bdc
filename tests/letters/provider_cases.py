"""Which requests to a provider do these tests write? House, provider and accounts are invented."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from letters.compose import envelope
from letters.providers import Provider
from letters.ts103120.message import Message
from letters.ts103120.writing import Correspondence, message_of
from schemas.ids import digest
from schemas.messages import Envelope
from schemas.moves import Arrive, MoveBody
from schemas.request import Attachment, PreservationRequest, ProductionRequest, Request
from schemas.work import SealWork

SENT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUSE = "de"
KEEP_REF, GIVE_REF = "DE-PRESERVATION-2026-00001", "DE-PRODUCTION-2026-00002"
SECRET = "Xenia Invented"
"""Stands in everything that a provider must not read."""
PAPER = b"%PDF-1.7 an invented order"
ORDER = Attachment(name="order.pdf", media_type="application/pdf", size=len(PAPER), digest=digest(PAPER))

NECESSITY = {
    "legality": SECRET,
    "legitimate_aim": SECRET,
    "necessity": SECRET,
    "proportionality": SECRET,
    "non_discrimination": SECRET,
    "authorised_by": "Court of Invention",
    "authorised_on": "2026-11-20",
}


def provider(url: str = "http://127.0.0.1:1", **changes: Any) -> Provider:
    """The emulator as it stands in an address book."""
    return Provider.model_validate(
        {
            "key": "invented-mail",
            "name": "Invented Mail (emulator)",
            "country": "XX",
            "url": url,
            "identifier": "ROGATORY-EMULATOR",
            "our_country": "DE",
            "our_identifier": "CA-TEST",
            "source": "invented for a test",
            "invented": True,
            **changes,
        }
    )


def keep(**changes: Any) -> PreservationRequest:
    """Keep the data of two accounts."""
    return PreservationRequest.model_validate(
        {
            "requesting": "DE",
            "requested": "US",
            "provider": "invented-mail",
            "direct": True,
            "accounts": ("a-one", "b@example.org"),
            "child_at_risk": True,
            "offences": ({"slug": "csam-distribution", "law": "section 0 of an invented code"},),
            "victims": ({"pseudonym": SECRET},),
            "contents": {"facts": "An invented account shared invented files.", "case-summary": SECRET},
            **changes,
        }
    )


def give(**changes: Any) -> ProductionRequest:
    """Disclose two categories of one account."""
    return ProductionRequest.model_validate(
        {
            "requesting": "DE",
            "requested": "US",
            "provider": "invented-mail",
            "measures": ("subscriber-data", "traffic-data"),
            "accounts": ("a-one",),
            "period_from": "2026-01-01T00:00:00Z",
            "period_until": "2026-02-01T00:00:00+01:00",
            "follows": (KEEP_REF,),
            "necessity": NECESSITY,
            "emergency": {
                "facts": "a child is at risk now",
                "certified_by": "duty prosecutor",
                "certified_at": "2026-11-21T11:00:00Z",
            },
            "victims": ({"pseudonym": SECRET},),
            "attachments": (ORDER,),
            **changes,
        }
    )


def letter(body: MoveBody, ref: str, number: int = 1) -> Envelope:
    """The sealed letter of a move, before its signature."""
    work = SealWork(
        ref=ref,
        message=f"{HOUSE}.{ref}.m{number}".lower(),
        recipient="invented-mail",
        recipient_ref=None,
        at=SENT,
        body=body,
        provider=True,
    )
    return envelope(work, HOUSE, "DE")


def written(body: MoveBody, request: Request, ref: str, number: int = 1, **changes: Any) -> Message:
    """The provider message of a move."""
    one = provider(**changes)
    whom = Correspondence(one.us, one.endpoint, request)
    return message_of(letter(body, ref, number), whom, {ORDER.digest: PAPER}.__getitem__)


def asked_to_keep(**changes: Any) -> Message:
    """The first message of a preservation."""
    request = keep(**changes)
    return written(Arrive(request=request, foreign_ref=KEEP_REF), request, KEEP_REF)


def asked_to_give(**changes: Any) -> Message:
    """The first message of a production."""
    request = give(**changes)
    return written(Arrive(request=request, foreign_ref=GIVE_REF), request, GIVE_REF)
