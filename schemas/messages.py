"""What passes between two houses? Versioned wire types; signed as JWS over canonical JSON (RFC 8785)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.handoff import WireOffer as WireOffer
from schemas.ids import WRITTEN, Digest, Name, Ref
from schemas.moves import MoveBody
from schemas.request import Attachment

RECEIPT = "rogatory/receipt/1"
HEAD = "rogatory/head/1"
KEY_CHANGE = "rogatory/key-change/1"

CLOCK_SKEW_SECONDS = 300


class Wire(BaseModel):
    """Base of wire types: closed fields, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Envelope(Wire):
    """One message. `id` is unique for ever: the receiver deduplicates on it. `body` is the move it brings.

    `their_ref` is the receiver's own reference once known. `offer` passes the baton along with the message.
    `about` for accept/confirm/return: the digest of the signed message it answers.
    """

    type: Literal["rogatory/envelope/1"] = "rogatory/envelope/1"
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._/-]{7,159}$")]
    sender: Name
    sender_state: Name
    recipient: Name
    sender_ref: Ref
    recipient_ref: Ref | None = None
    sent: datetime
    body: MoveBody
    offer: WireOffer | None = None
    about: Digest | None = None
    documents: tuple[Attachment, ...] = ()


class Parcel(Wire):
    """What is posted over HTTP: the signed envelope, and the bytes of its documents (base64) by digest."""

    envelope: str
    documents: dict[str, str] = Field(default_factory=dict)


class Head(Wire):
    """Signed checkpoint of a house's whole ledger: entries 1..`count` chain to `root`."""

    type: Literal["rogatory/head/1"] = "rogatory/head/1"
    house: str
    count: int
    root: Digest
    at: datetime


class Receipt(Wire):
    """Signed answer to an envelope. `of`: digest of the envelope's bytes. `head`: JWS of our ledger head.

    Vocabulary of e-CODEX / ETSI REM: `delivered` (in the receiver's ledger) or `refused` with `code`.
    """

    type: Literal["rogatory/receipt/1"] = "rogatory/receipt/1"
    message: str
    of: Digest
    house: str
    event: Literal["delivered", "refused"]
    code: Name = ""
    reason: Annotated[str, Field(max_length=2000, pattern=WRITTEN)] = ""
    recipient_ref: Ref | None = None
    at: datetime
    head: str | None = None


class PublicKey(Wire):
    """The public half of an Ed25519 key (RFC 8037)."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    x: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class KeyChange(Wire):
    """A house's next key, told under its present one (which signs this). `proof`: the same `house`, `kid` and
    `replaces`, signed by the next key, so that nobody is given a key that another holds.

    `until`: the first moment at which the present key counts no more.
    """

    type: Literal["rogatory/key-change/1"] = "rogatory/key-change/1"
    house: Name
    at: datetime
    kid: Annotated[str, Field(min_length=1, max_length=160, pattern=WRITTEN)]
    jwk: PublicKey
    replaces: Annotated[str, Field(min_length=1, max_length=160, pattern=WRITTEN)]
    until: datetime
    proof: Annotated[str, Field(max_length=4000)]


class KeyProof(Wire):
    """What the next key signs within a KeyChange."""

    type: Literal["rogatory/key-proof/1"] = "rogatory/key-proof/1"
    house: Name
    kid: str
    replaces: str
