"""What is said of items of evidence on their way: from hand to hand, and from house to house?

The fields of a hand-over follow what ISO/IEC 27037 and RFC 3227 (4.1) want known: who, when, where, why, what
was done with it, what changed by it and who answers for that, how it was kept, how it travelled.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.ids import PRINTABLE, WRITTEN, Digest, Key, Name, Ref
from schemas.messages import Wire
from schemas.request import Body, Line, Passage

ASK = "rogatory/evidence-ask/1"
SEALED = "rogatory/sealed-item/1"

CHUNK = 1024 * 1024
"""Bytes of one piece of an item before it is encrypted; the last one may be shorter."""
MOST_CHUNKS = 1 << 20
"""An item has at most so many pieces: one terabyte of this size."""
MOST_ENTRIES = 1000
"""Entries of one item that one message brings."""

Told = Annotated[str, StringConstraints(max_length=500, pattern=PRINTABLE)]
Long = Annotated[str, StringConstraints(max_length=2000, pattern=WRITTEN)]
Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]+$", max_length=64)]
Public = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]

ALARM = "abuse-material-refused"
"""What shows on a case, and is told, when material of the list of refused hashes was brought."""

Happening = Literal[
    "kept",
    "sent",
    "received",
    "handed-over",
    "taken-over",
    "examined",
    "released",
    "returned",
    "destroyed",
    "custody-only",
    "due",
]
"""What can happen to an item. `kept`: its bytes were taken into this house, sealed. `sent`, `received`: those
bytes went to the other house. `handed-over`, `taken-over`: the thing itself changed hands, by a person, a
courier or a police channel. `released`: a copy was given to somebody of the house. `custody-only`: its bytes
will never be taken in. `due`: it is to go back, or to be destroyed, by a day."""

BY_HAND = ("handed-over", "taken-over", "examined", "returned", "destroyed", "custody-only", "due")
"""What a person may note; the others are noted by the house when they happen."""


class Condition(Wire):
    """A use limitation as it stood when the item changed hands; it stays attached."""

    id: Key
    text: Passage
    article: Told = ""
    accepted: bool | None = None


class Noted(Body):
    """What a person notes of an item. `who`: who did it, where that is not the one who notes it; `changes`:
    what of the item was altered and could not be avoided, with who answers for it; `shipping`: number of the
    parcel or of the police channel's message."""

    event: Literal["handed-over", "taken-over", "examined", "returned", "destroyed", "custody-only", "due"]
    at: datetime | None = None
    who: Line | None = None
    received_from: Line | None = None
    handed_to: Line | None = None
    where: Line
    why: Line
    authority: Line | None = None
    how: Line
    stored: Line | None = None
    changes: Line | None = None
    shipping: Line | None = None
    return_by: date | None = None
    destroy_by: date | None = None


class CustodyEntry(Wire):
    """One line of an item's manifest, signed by the house that writes it and never altered.

    `number` counts this house's entries about the item from 1, `prev` is the digest of the one before (its
    signed text); `answers`: the entry of the other house that it takes up.
    """

    type: Literal["rogatory/custody-entry/1"] = "rogatory/custody-entry/1"
    house: Name
    ref: Ref
    item: Key
    number: int = Field(ge=1)
    prev: Digest | None = None
    answers: Digest | None = None
    at: datetime
    noted: datetime
    event: Happening
    who: Told
    function: Told = ""
    received_from: Told = ""
    handed_to: Told = ""
    where: Told
    why: Told
    authority: Told = ""
    how: Told
    stored: Told = ""
    changes: Told = ""
    shipping: Told = ""
    sha256: Digest
    size: int | None = Field(default=None, ge=0)
    kind: Told
    custodian: Told
    abuse_material: bool = False
    conditions: tuple[Condition, ...] = ()
    return_by: date | None = None
    destroy_by: date | None = None


class EvidenceAsk(Wire):
    """A house asks for the bytes of an item that was declared to it. `key`: its half of the agreed key,
    X25519, made for this one question."""

    type: Literal["rogatory/evidence-ask/1"] = "rogatory/evidence-ask/1"
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._/-]{7,159}$")]
    sender: Name
    recipient: Name
    sender_ref: Ref
    recipient_ref: Ref
    item: Key
    sha256: Digest
    key: Public
    at: datetime


class SealedItem(Wire):
    """The answer: what the item is, in how many pieces it comes, and the key to them, wrapped for the asker.

    `ask`: digest of the signed question. `root`: digest over the digests of all encrypted pieces, in order.
    `md5`, `sha1`: for lists of known abuse material that have no better ones. `wrapped`: base64url.
    """

    type: Literal["rogatory/sealed-item/1"] = "rogatory/sealed-item/1"
    house: Name
    recipient: Name
    ask: Digest
    ref: Ref
    item: Key
    sha256: Digest
    md5: Hex
    sha1: Hex
    size: int = Field(ge=1)
    chunk: int = Field(ge=1, le=64 * 1024 * 1024)
    chunks: int = Field(ge=1, le=MOST_CHUNKS)
    root: Digest
    key: Public
    wrapped: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,400}$")]
    conditions: tuple[Condition, ...] = ()
    at: datetime


class CustodyTold(Wire):
    """Signed entries that one house tells the other, all of one item, in their order."""

    entries: tuple[Annotated[str, Field(max_length=64 * 1024)], ...] = Field(
        min_length=1, max_length=MOST_ENTRIES
    )


class Brought(Body):
    """What an officer says of a file before its first byte: nothing is taken whose digests are refused."""

    sha256: Digest
    md5: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    sha1: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
    size: int = Field(ge=1)
    where: Line = "the house"
    why: Line = "to hand it over to the other side"
