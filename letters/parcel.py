"""Do the documents that travel with a message match what its signed envelope says of them?

The envelope is signed and names each document by digest and size; the bytes beside it are not signed, so they
count only as far as they match.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

from letters.policies import attachments_in
from letters.reasons import all_of, judged
from letters.verify import NEXT_STEPS, Refused
from schemas.ids import digest
from schemas.messages import Envelope, Parcel
from schemas.reasoning import Reason
from schemas.vocabulary import Verdict

NEXT_STEPS |= {
    "document-missing": "the sender sends the message again with every document it names",
    "document-unlisted": "the sender names each document in the envelope, or leaves it out",
    "document-changed": "the sender sends the document again; ask how it was changed on its way",
    "over-limit": "send a smaller document, or by another way and name it by digest",
}


def pack(jws: str, envelope: Envelope, read: Callable[[str], bytes]) -> Parcel:
    """The parcel for a sealed envelope: `read` gives the bytes of each document by its digest."""
    documents = {
        item.digest: base64.b64encode(read(item.digest)).decode("ascii") for item in attachments_in(envelope)
    }
    return Parcel(envelope=jws, documents=documents)


def unpack(parcel: Parcel, envelope: Envelope, limit: int) -> dict[str, bytes]:
    """The bytes of every document by digest, each at most `limit` bytes.

    Raises Refused with code `document-missing`, `document-unlisted`, `over-limit`, `document-changed` or
    `malformed` (not base64).
    """
    listed = {item.digest: item for item in attachments_in(envelope)}
    given = {name: _decoded(text) for name, text in parcel.documents.items()}
    checks = [_complete(set(listed), set(given)), _listed(set(listed), set(given))]
    for name, item in listed.items():
        content = given.get(name)
        checks.append(_within(name, max(item.size, len(content or b"")), limit))
        if name in given:
            checks.append(_unchanged(name, item.size, content))
    reason = all_of("letter.documents", checks)
    if reason.verdict is not Verdict.YES:
        raise Refused(reason, attributed=True, message=envelope.id, sender=envelope.sender)
    return {name: content for name, content in given.items() if content is not None}


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _complete(listed: set[str], given: set[str]) -> Reason:
    missing = sorted(listed - given)
    found = ", ".join(missing) + " missing" if missing else "all of them"
    return judged(
        "letter.complete",
        not missing,
        "document-missing",
        expected=f"{len(listed)} documents",
        found=found,
    )


def _listed(listed: set[str], given: set[str]) -> Reason:
    surplus = sorted(given - listed)
    found = ", ".join(surplus) if surplus else "none"
    return judged(
        "letter.listed",
        not surplus,
        "document-unlisted",
        expected="no document the envelope does not name",
        found=found,
    )


def _within(name: str, size: int, limit: int) -> Reason:
    return judged(
        "letter.within-limit",
        size <= limit,
        "over-limit",
        expected=f"at most {limit} bytes",
        found=f"{size} bytes in {name}",
    )


def _unchanged(name: str, size: int, content: bytes | None) -> Reason:
    claim = "letter.unchanged"
    if content is None:
        return judged(
            claim, False, "malformed", expected="base64 (RFC 4648)", found=f"something else for {name}"
        )
    found = f"{digest(content)}, {len(content)} bytes"
    return judged(claim, found == f"{name}, {size} bytes", "document-changed", expected=name, found=found)
