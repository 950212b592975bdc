"""Which parts does a signed message have, read so strictly that no other text reads the same?

JWS compact form (RFC 7515): header, payload and signature in base64url, two points between. Usual readers
forgive (padding, spare bits in the last character, fields said twice); then two texts would carry one
signature, and the digest of a message would no longer name it.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from joserfc.jws import JWSRegistry

from letters.canonical import canonical
from schemas.errors import BadInput, EnvelopeRefused

ALGORITHM = "Ed25519"
"""The one algorithm (RFC 9864). A sender cannot choose another."""

HEADER_FIELDS = {"alg", "kid", "typ"}

LONGEST = 2 * 1024 * 1024
"""Characters of one signed message; documents travel beside it. A move takes a quarter of this."""


class Registry(JWSRegistry):
    """Our one algorithm, and room for a whole message: the library alone takes 128,000 characters, and says
    of a longer one that its signature is bad."""

    max_payload_length = LONGEST


REGISTRY = Registry(algorithms=[ALGORITHM])


@dataclass(frozen=True, slots=True)
class Compact:
    """The parts of one JWS, decoded. `kid` names the key; `typ` what sort of message this is."""

    text: str
    header: dict[str, str]
    payload: bytes
    signature: bytes

    @property
    def kid(self) -> str:
        return self.header.get("kid", "")


def typ_of(kind: str) -> str:
    """Header word for a wire type: `rogatory/envelope/1` is announced as `rogatory-envelope-1`."""
    return kind.replace("/", "-")


def parse(jws: str) -> Compact:
    """The parts of `jws`. Raises EnvelopeRefused (`malformed`) unless this is the one spelling of them."""
    if len(jws) > LONGEST:
        raise _malformed(f"longer than {LONGEST} characters")
    parts = jws.split(".")
    if len(parts) != 3:
        raise _malformed(f"{len(parts)} parts instead of header, payload and signature")
    header, payload, signature = (_decode(part) for part in parts)
    fields = plain_json(header)
    if not all(isinstance(value, str) for value in fields.values()):
        raise _malformed("a header field is not text")
    return Compact(jws, fields, payload, signature)


def plain_json(content: bytes) -> dict[str, Any]:
    """The JSON object in `content`. Raises EnvelopeRefused (`malformed`) unless its spelling is canonical."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _malformed(f"not JSON ({type(error).__name__})") from error
    if not isinstance(value, dict):
        raise _malformed("not a JSON object")
    try:
        same = canonical(value) == content
    except BadInput as error:
        raise _malformed("JSON that has no canonical spelling") from error
    if not same:
        raise _malformed("JSON that is not in its canonical spelling (RFC 8785)")
    return value


def _decode(part: str) -> bytes:
    try:
        content = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError) as error:
        raise _malformed("a part is not base64url") from error
    if base64.urlsafe_b64encode(content).rstrip(b"=") != part.encode("utf-8", "replace"):
        raise _malformed("a part is not the one base64url spelling of its bytes")
    return content


def _malformed(found: str) -> EnvelopeRefused:
    return EnvelopeRefused(
        f"The signed message cannot be read: {found}.",
        next_step="the sender makes it again; a carrier must not change a single character",
        code="malformed",
    )
