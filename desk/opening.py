"""Are the bytes that another house brings a genuine letter, and one that may lie in our vault?

Measured by the published schema of a parcel, verified, compared with its documents, and kept out where it
holds what is never taken in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from desk.pictures import INSTEAD, is_picture
from desk.refused_hashes import list_of
from letters.parcel import unpack
from letters.policies import attachments_in
from letters.reasons import judged
from letters.shape import problems
from letters.trust import TrustList
from letters.verify import Refused, verify_envelope
from schemas.ids import Digest, digest
from schemas.messages import Envelope, Parcel
from schemas.moves import LARGEST_MOVE, Actor
from schemas.settings import Settings


@dataclass(frozen=True, slots=True)
class Letter:
    """A genuine envelope with its documents. `of` is the digest of its signed bytes."""

    jws: str
    of: Digest
    envelope: Envelope
    documents: dict[str, bytes]
    at: datetime

    @property
    def actor(self) -> Actor:
        """The other house, as an actor of our case."""
        return Actor(id="house", house=self.envelope.sender)


def open_letter(settings: Settings, trust: TrustList, content: bytes, at: datetime) -> Letter:
    """The letter in the bytes of a parcel. Raises Refused."""
    parcel = _parcel(content)
    envelope, _ = verify_envelope(parcel.envelope, trust, settings.house, settings.state, at)
    documents = unpack(parcel, envelope, settings.attachment_limit)
    _no_pictures(envelope, documents)
    _not_on_the_list(settings, envelope, documents)
    _not_too_long(envelope)
    return Letter(parcel.envelope, digest(parcel.envelope.encode()), envelope, documents, at)


def _parcel(content: bytes) -> Parcel:
    try:
        value = json.loads(content)
        misfits = problems("parcel", value)
        if not misfits:
            return Parcel.model_validate(value)
        found = "; ".join(misfits)
    except (ValueError, RecursionError, ValidationError) as error:
        found = type(error).__name__
    reason = judged("letter.parcel", False, "malformed", expected="schemas/json/parcel.json", found=found)
    raise Refused(reason, attributed=False)


def _no_pictures(envelope: Envelope, documents: dict[str, bytes]) -> None:
    """Raises Refused for a picture or film: not even for a moment is one in our vault."""
    for item in attachments_in(envelope):
        content = documents.get(item.digest, b"")
        if is_picture(item.media_type, content):
            reason = judged("letter.no-picture", False, "picture", expected=INSTEAD, found=item.digest)
            raise Refused(reason, attributed=True, message=envelope.id, sender=envelope.sender)


def _not_on_the_list(settings: Settings, envelope: Envelope, documents: dict[str, bytes]) -> None:
    """Raises Refused for a document that is on the list of material that is never taken in."""
    listed = list_of(settings)
    for name, content in documents.items():
        if listed.holds_content(content):
            reason = judged("letter.not-refused", False, "refused-hash", expected=INSTEAD, found=name)
            raise Refused(reason, attributed=True, message=envelope.id, sender=envelope.sender)


def _not_too_long(envelope: Envelope) -> None:
    """Raises Refused for a move that our engine could not carry."""
    size = len(envelope.body.model_dump_json().encode())
    if size > LARGEST_MOVE:
        limit, found = f"at most {LARGEST_MOVE} bytes", f"{size} bytes in the body"
        reason = judged("letter.within-limit", False, "over-limit", expected=limit, found=found)
        raise Refused(reason, attributed=True, message=envelope.id, sender=envelope.sender)


def digest_of_envelope(content: bytes) -> Digest:
    """What the sender knows its message by: the digest of the signed text, else of all it sent."""
    try:
        value = json.loads(content)
        text = value["envelope"]
        return digest(text.encode())
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return digest(content)
