"""What happens to a letter that another house brings to our door?

The steps of `receive`:

1. The parcel is read and measured by its published schema.
2. Its envelope is verified (`letters.verify`) at the moment it arrived, its documents compared with it.
3. The message id is claimed before anything is done: the same bytes get the answer they got before, other
   bytes under this id are refused.
4. Our case is found: a new one for a request, else the one both references point to.
5. Envelope and documents go to the vault of that case, then the move to the case.
6. The receipt is signed with a checkpoint of our ledger in it, kept, and given back.

A refusal is registered too, and answered with a signed receipt that says why. Only when a part of ours does
not answer there is no receipt: the sender tries again and nothing is lost.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from desk.opening import Letter, digest_of_envelope, open_letter
from letters import compose
from letters.reasons import judged, shown
from letters.seal import SigningKey, seal
from letters.trust import TrustList
from letters.verify import UNREAD, Refused
from records.open import Records
from records.references import HOUSE
from schemas.case import DocketRow
from schemas.errors import Conflict, EnvelopeRefused, NotFound, RogatoryError
from schemas.ids import Digest, digest
from schemas.moves import Actor, Arrive, Move, MoveReply
from schemas.settings import Settings
from schemas.vocabulary import Kind, Side

RECEIPT_TYPE = "application/jose"
"""Media type of the answer: the receipt as compact JWS."""

DELIVERED, REFUSED, NOT_POSSIBLE, TOO_LARGE, LATER = 200, 400, 409, 413, 503


class Answer(NamedTuple):
    """What goes back over HTTP: a status, and the signed receipt (None: try again, or too large to read)."""

    status: int
    receipt: str | None


class Door(Protocol):
    """What of the office a letter needs (`desk.office.Office`)."""

    settings: Settings
    records: Records
    key: SigningKey
    trust: TrustList

    async def reserve(self, kind: Kind, key: str) -> str: ...
    async def start(self, ref: str, side: Side, move: Move) -> MoveReply: ...
    async def deliver(self, ref: str, move: Move) -> MoveReply: ...
    async def register_refusal(self, ref: str, move: Move, error: RogatoryError) -> None: ...
    def sign(self, payload: bytes) -> str: ...


class _Refusal(EnvelopeRefused):
    """A genuine message that finds no place here."""


async def receive(office: Door, content: bytes) -> Answer:
    """Take in one parcel (JSON bytes as posted to /exchange).

    The route answers with this status and, as `application/jose`, the receipt. Never raises for anything a
    stranger can send.
    """
    at = datetime.now(UTC)
    if len(content) > office.settings.body_limit:
        return Answer(TOO_LARGE, None)
    try:
        try:
            letter = await asyncio.to_thread(open_letter, office.settings, office.trust, content, at)
        except Refused as refused:
            return await asyncio.to_thread(_turn_away, office, content, refused, at)
        try:
            stored = await asyncio.to_thread(_claim, office, letter)
        except Conflict:
            return await asyncio.to_thread(_turn_away, office, content, _replayed(letter), at)
        if stored is not None:
            return stored
        return await _take_in(office, letter)
    except RogatoryError as error:
        if error.retry:
            return Answer(LATER, None)
        raise


# --- refusals of steps 1 and 2 --------------------------------------------------------------------------


def _replayed(letter: Letter) -> Refused:
    reason = judged(
        "letter.new-id",
        False,
        "replayed-id",
        expected="the bytes that came under this message id before",
        found=letter.of,
    )
    return Refused(reason, attributed=True, message=letter.envelope.id, sender=letter.envelope.sender)


def _turn_away(office: Door, content: bytes, refused: Refused, at: datetime) -> Answer:
    """Refuse what is not genuine. It claims no message id: the right message may still come."""
    key = f"refused {refused.code} {digest(content)}"
    sender = refused.sender if refused.attributed else UNREAD
    stored = office.records.attempts.begin(key, sender, "refused", digest(content))
    if stored is not None:
        return _answer(stored)
    detail = {
        "code": refused.code,
        "claim": refused.where,
        "message": refused.message,
        "sender": refused.sender,
        "attributed": refused.attributed,
        "content": digest(content),
    }
    actor = Actor(id="house", house=office.settings.house)
    office.records.ledger.note(HOUSE, actor, "refused", detail, at)
    receipt = compose.receipt(
        office.settings.house,
        at,
        of=digest_of_envelope(content),
        message=refused.message,
        event="refused",
        code=refused.code,
        reason=str(refused),
    )
    return _kept(office, key, sender, digest(content), Answer(REFUSED, seal(receipt, office.key)))


# --- step 3 -------------------------------------------------------------------------------------------


def _claim(office: Door, letter: Letter) -> Answer | None:
    """The answer this message got before, or None. Raises Conflict if its id came with other bytes."""
    key, envelope = _key(letter), letter.envelope
    known = office.records.ledger.of_message(envelope.id)
    if known is not None and known.sealed not in (None, letter.of):
        raise Conflict("The message id came with other bytes before.", where=envelope.id)
    stored = office.records.attempts.begin(key, envelope.sender, "exchange", letter.of)
    return None if stored is None else _answer(stored)


def _key(letter: Letter) -> str:
    return f"exchange {letter.envelope.id}"


def _kept(office: Door, key: str, actor: str, content: Digest, answer: Answer) -> Answer:
    """Keep the answer for ever; if the same message was answered meanwhile, that answer counts."""
    attempts = office.records.attempts
    attempts.finish(key, json.dumps({"status": answer.status, "receipt": answer.receipt}))
    what = "refused" if key.startswith("refused ") else "exchange"
    stored = attempts.begin(key, actor, what, content)
    return answer if stored is None else _answer(stored)


def _answer(stored: str) -> Answer:
    value = json.loads(stored)
    return Answer(int(value["status"]), str(value["receipt"]))


# --- steps 4 to 6 -------------------------------------------------------------------------------------


async def _take_in(office: Door, letter: Letter) -> Answer:
    body = letter.envelope.body
    try:
        row = await asyncio.to_thread(_case, office, letter)
    except _Refusal as refusal:
        return await asyncio.to_thread(_refuse, office, letter, None, refusal)
    if isinstance(body, Arrive):
        body = body.model_copy(update={"counterpart_house": letter.envelope.sender})
    kind = Kind(body.request.kind) if isinstance(body, Arrive) else Kind.MLA
    ref = row.ref if row else await office.reserve(kind, _key(letter))
    try:
        sealed = await asyncio.to_thread(_store, office, ref, letter)
    except NotFound:  # the papers of the case were erased
        return await asyncio.to_thread(_refuse, office, letter, None, _unknown(letter))
    move = Move(
        key=letter.envelope.id,
        actor=letter.actor,
        body=body,
        message=letter.envelope.id,
        sealed=sealed,
        offer=letter.envelope.offer,
        about=letter.envelope.about,
    )
    try:
        if isinstance(body, Arrive):
            await office.start(ref, Side.INCOMING, move)
        else:
            await office.deliver(ref, move)
    except RogatoryError as error:
        if error.retry:
            raise
        await office.register_refusal(ref, move, error)
        return await asyncio.to_thread(_refuse, office, letter, ref, error)
    return await asyncio.to_thread(_deliver, office, letter, ref)


def _case(office: Door, letter: Letter) -> DocketRow | None:
    """The row of our case that the message belongs to; None: a request that makes a new one."""
    envelope = letter.envelope
    rows = [
        row
        for row in office.records.docket.by_reference(
            envelope.recipient_ref or envelope.sender_ref, aliases=False
        )
        if row.counterpart_house == envelope.sender
        and row.their_ref in (None, envelope.sender_ref)
        and envelope.recipient_ref in (None, row.ref)
        and _known_there(office, row)
    ]
    if isinstance(envelope.body, Arrive):
        return _same_request(office, letter, [row for row in rows if row.side is Side.INCOMING])
    if len(rows) != 1:
        raise _unknown(letter)
    return rows[0]


def _known_there(office: Door, row: DocketRow) -> bool:
    """What was never sent does not exist for the other side: a guessed reference finds no draft of ours."""
    if row.side is Side.INCOMING or row.their_ref is not None:
        return True
    try:
        return any(item.event == "arrive" for item in office.records.states.latest(row.ref).outbox)
    except NotFound:  # erased
        return False


def _unknown(letter: Letter) -> _Refusal:
    return _Refusal(
        "There is no such case between our houses.",
        where=shown(letter.envelope.recipient_ref or letter.envelope.sender_ref),
        next_step="the sender checks both references",
        code="unknown-case",
    )


def _same_request(office: Door, letter: Letter, rows: list[DocketRow]) -> DocketRow | None:
    if not rows:
        return None
    made = office.records.ledger.of_message(letter.envelope.id)
    for row in rows:
        if made is not None and made.ref == row.ref:
            return row
    raise _Refusal(
        "This request is a case here already.",
        where=rows[0].ref,
        next_step="send questions and supplements to that case",
        code="case-exists",
    )


def _store(office: Door, ref: str, letter: Letter) -> Digest:
    for content in letter.documents.values():
        office.records.vault.put(ref, content)
    return office.records.vault.put(ref, letter.jws.encode())


def _deliver(office: Door, letter: Letter, ref: str) -> Answer:
    head = office.records.heads.current(office.sign)
    receipt = compose.receipt(
        office.settings.house,
        datetime.now(UTC),
        of=letter.of,
        message=letter.envelope.id,
        event="delivered",
        recipient_ref=ref,
        head=head,
    )
    text = seal(receipt, office.key)
    answer = _kept(office, _key(letter), letter.envelope.sender, letter.of, Answer(DELIVERED, text))
    office.records.vault.put(ref, str(answer.receipt).encode())
    return answer


def _refuse(office: Door, letter: Letter, ref: str | None, error: RogatoryError) -> Answer:
    """Refuse a genuine message for good, with the reason and what is possible instead."""
    if ref is None:
        detail: dict[str, Any] = {"code": error.code, "message": letter.envelope.id, "content": letter.of}
        office.records.ledger.note(HOUSE, letter.actor, "refused", detail, letter.at)
    receipt = compose.receipt(
        office.settings.house,
        datetime.now(UTC),
        of=letter.of,
        message=letter.envelope.id,
        event="refused",
        code=error.code,
        reason=str(error),
        recipient_ref=ref,
        head=office.records.heads.current(office.sign),
    )
    text = seal(receipt, office.key)
    answer = _kept(office, _key(letter), letter.envelope.sender, letter.of, Answer(NOT_POSSIBLE, text))
    if ref is not None:
        office.records.vault.put(ref, str(answer.receipt).encode())
    return answer
