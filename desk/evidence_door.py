"""What of our sealed items do we hand out at our door, to whom, and what do other houses tell us of theirs?

A house asks, signed, for what a letter of the case declared to it by digest; it is answered, signed, with all
digests and the key to the pieces, wrapped for it alone, and with a ticket that opens the stream of pieces for
an hour. The house that asks is the only one the pieces mean anything to. Every refusal is registered in the
ledger.
"""

from __future__ import annotations

import hmac
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from desk import evidence
from desk.evidence import Room, held_of
from letters.chunks import Half, Plan
from letters.manifest import bound_to, entry_of, signed, verify_ask, verify_entry
from letters.verify import Refused
from records.held import About, HeldItem
from records.references import HOUSE
from schemas.case import CaseState
from schemas.errors import Conflict, EnvelopeRefused, NotAllowed, NotFound, RogatoryError
from schemas.evidence import CustodyTold, EvidenceAsk, SealedItem
from schemas.ids import Digest, digest
from schemas.moves import Actor
from schemas.request import EvidenceItem

TICKET_SECONDS = 3600
"""How long one answer opens the stream of pieces; whoever is slower asks again and goes on."""

ASK_LIMIT = 16 * 1024


def answer(room: Room, content: bytes) -> str:
    """The signed answer to another house's question (compact JWS). Raises what is refused, after noting
    it."""
    at = datetime.now(UTC)
    try:
        ask = verify_ask(content.decode("ascii", "replace"), room.trust, room.settings.house, at)
    except Refused as refused:
        detail = {"code": refused.code, "claim": refused.where, "sender": refused.sender}
        _register(room, HOUSE, room.settings.house, digest(content), {**detail, "content": digest(content)})
        raise
    try:
        _once(room, ask, digest(content))
        state, item = _asked(room, ask)
        return _sealed(room, content.decode("ascii"), ask, state, item, at)
    except RogatoryError as error:
        if not error.retry:
            detail = {"code": error.code, "message": ask.id, "item": ask.item}
            # A reference that finds no case of theirs is no place to write to.
            where = HOUSE if error.code in ("unknown-case", "replayed-id") else ask.recipient_ref
            _register(room, where, ask.sender, digest(content), detail)
        raise


def _once(room: Room, ask: EvidenceAsk, content: Digest) -> None:
    """A question is answered once: who lost the answer asks anew. Raises EnvelopeRefused (`replayed-id`)."""
    attempts, key = room.records.attempts, f"evidence {ask.id}"
    with suppress(Conflict):
        if attempts.begin(key, ask.sender, "evidence-ask", content) is None:
            attempts.finish(key, "{}")
            return
    raise EnvelopeRefused(
        "This question was asked before.",
        where=ask.id,
        next_step="ask anew, under a new id",
        code="replayed-id",
    )


def _asked(room: Room, ask: EvidenceAsk) -> tuple[CaseState, EvidenceItem]:
    """The case between us and the item they were told of. Raises NotFound, Conflict."""
    state = _between(room, ask.recipient_ref, ask.sender, ask.sender_ref)
    item = evidence.declared(state, ask.item)
    if item.sha256 != ask.sha256:
        raise NotFound(
            "The item was declared with another digest.",
            where=f"{state.ref} {ask.item}",
            next_step="compare the digests in both houses",
            code="not-this-item",
        )
    evidence.require_bytes(item, evidence.manifest(room, state.ref, item.id))
    unanswered = [one.id for one in state.limitations if one.accepted is None and one.by in ("", "own")]
    if unanswered:
        raise Conflict(
            f"Limitations are not answered yet: {', '.join(unanswered)}.",
            where=state.ref,
            next_step="answer them: the item is handed over under them",
            code="limits-open",
        )
    return state, item


def _between(room: Room, ref: str, other: str, their_ref: str) -> CaseState:
    try:
        state = room.records.states.latest(ref)
    except NotFound:
        raise _no_case(ref) from None
    if state.counterpart.house != other or state.counterpart.ref not in (None, their_ref):
        raise _no_case(ref)
    return state


def _sealed(
    room: Room, text: str, ask: EvidenceAsk, state: CaseState, item: EvidenceItem, at: datetime
) -> str:
    about = evidence.whole_of(room, state, item).about()
    if about is None:
        raise _gone(state.ref)
    half = Half()
    ticket = _ticket(room, state.ref, about, ask.sender, int(time.time()) + TICKET_SECONDS)
    bound = bound_to(text, about.root, room.settings.house, ask.sender)
    told = SealedItem(
        house=room.settings.house,
        recipient=ask.sender,
        ask=digest(text.encode()),
        ref=state.ref,
        item=item.id,
        sha256=about.sha256,
        md5=about.md5,
        sha1=about.sha1,
        size=about.size,
        chunk=about.chunk,
        chunks=Plan(about.size, about.chunk).count,
        root=about.root,
        key=half.public,
        wrapped=half.wrap(ask.key, bytes.fromhex(about.key) + ticket.encode("ascii"), bound),
        conditions=evidence.conditions(state),
        at=at,
    )
    _note_sent(room, state, item, ask)
    return signed(told, room.key)


def _note_sent(room: Room, state: CaseState, item: EvidenceItem, ask: EvidenceAsk) -> None:
    """Once for each receiver: a stream that broke is no second hand-over."""
    before = [entry_of(text) for text in evidence.manifest(room, state.ref, item.id)]
    if any(each.event == "sent" and each.handed_to == ask.sender for each in before):
        return
    evidence.note(
        room,
        state,
        item,
        "sent",
        Actor(id="house", house=room.settings.house),
        handed_to=ask.sender,
        where=room.settings.name,
        why=f"request {ask.sender_ref}",
        how="encrypted pieces between the two houses, each checked against a signed list",
        shipping=ask.id,
    )


def opened(room: Room, ref: str, item: str, ticket: str) -> tuple[HeldItem, About]:
    """The sealed item that a ticket opens. Raises NotAllowed (`ticket`) for any that does not."""
    with suppress(RogatoryError, ValueError):
        state = room.records.states.latest(ref)
        what = evidence.declared(state, item)
        held = evidence.whole_of(room, state, what)
        about = held.about()
        until = int(ticket.partition(".")[0])
        house = state.counterpart.house or ""
        good = about is not None and hmac.compare_digest(
            ticket.encode(), _ticket(room, ref, about, house, until).encode()
        )
        if good and about is not None and until > time.time():
            evidence.require_bytes(what, evidence.manifest(room, ref, item))
            return held, about
    raise NotAllowed(
        "This ticket opens nothing here.", where="Authorization", next_step="ask again", code="ticket"
    )


def sealed_size(about: About) -> int:
    """Bytes of all sealed pieces."""
    return Plan(about.size, about.chunk).whole


def _ticket(room: Room, ref: str, about: About, house: str, until: int) -> str:
    what = f"evidence ticket {about.item} {about.root} {house} {until}"
    return f"{until}.{held_of(room).secret(ref, what).hex()}"


def absorb(room: Room, told: CustodyTold) -> int:
    """Keep what the other house's entries add to ours; how many were new. Raises what is refused, noted."""
    first = entry_of(told.entries[0])
    rows = [
        row
        for row in room.records.docket.by_reference(first.ref, aliases=False)
        if row.counterpart_house == first.house and row.their_ref in (None, first.ref)
    ]
    if len(rows) != 1:
        raise _no_case(first.ref)
    try:
        return absorb_into(room, rows[0].ref, first.house, first.item, list(told.entries))
    except EnvelopeRefused as error:
        content = digest("".join(told.entries).encode())
        detail = {"code": error.code, "item": first.item, "content": content}
        _register(room, rows[0].ref, first.house, content, detail)
        raise


def absorb_into(room: Room, ref: str, house: str, item: str, told: list[str]) -> int:
    """As `absorb`, for a case and an item that are known. Raises Refused."""
    state = room.records.states.latest(ref)
    what = evidence.declared(state, item)
    new = 0
    with held_of(room).noting(ref):
        kept = evidence.manifest(room, ref, item)
        for text in told:
            if text in kept or entry_of(text).house == room.settings.house:
                continue
            entry = verify_entry(text, kept, room.trust, house, item)
            if entry.sha256 != what.sha256:
                raise EnvelopeRefused(
                    "The entry is about another file.",
                    where=f"{ref} {item}",
                    next_step="compare the digests in both houses",
                    code="not-this-item",
                )
            evidence.keep_entry(room, ref, Actor(id="house", house=house), text)
            kept.append(text)
            new += 1
    return new


def _register(room: Room, ref: str, house: str, content: Digest, detail: dict[str, Any]) -> None:
    """Write a refusal down, once for the same bytes: who knocks a thousand times fills no ledger."""
    key = f"refused evidence {detail['code']} {content}"
    with suppress(Conflict):
        if room.records.attempts.begin(key, house, "refused", content) is None:
            room.records.attempts.finish(key, "{}")
            actor = Actor(id="house", house=house)
            room.records.ledger.note(ref, actor, "refused", detail, datetime.now(UTC))


def _no_case(ref: str) -> NotFound:
    return NotFound(
        "There is no such case between our houses.",
        where=ref[:80],
        next_step="the sender checks both references",
        code="unknown-case",
    )


def _gone(ref: str) -> NotFound:
    return NotFound("The item is not here any more.", where=ref, next_step="ask who holds it")
