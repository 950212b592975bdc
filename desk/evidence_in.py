"""How do the bytes of an item come into this house: from an officer's file, or from the other house?

What we fetch from another house:

1. We ask: signed, with our half of a fresh key, for the item as a letter of the case declared it.
2. The answer is signed: all digests, the size, and the key to the pieces. It must be the declared item.
3. The digests are held against the list of refused ones before a byte is fetched.
4. The pieces come in one stream, from where the last one broke; each is checked against the signed list.
5. The whole is compared with what was declared; only then it counts. A signed entry says so in both houses.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from desk import evidence
from desk.evidence import Room, held_of
from desk.evidence_door import absorb_into
from desk.intake import Intake, NotAsDeclared, brought, check_listed, intake
from desk.problems import TooLarge
from desk.refused_hashes import RefusedHash, list_of
from letters.chunks import KEY, Half, Plan, root_of
from letters.fetching import EvidenceRoad, ahead
from letters.manifest import bound_to, entry_of, signed, verify_sealed
from letters.trust import TrustedHouse
from records.held import About
from schemas.case import CaseState
from schemas.errors import BadInput, Conflict, EnvelopeRefused, RogatoryError, Unavailable
from schemas.evidence import Brought, EvidenceAsk, SealedItem
from schemas.ids import digest
from schemas.moves import Actor
from schemas.request import EvidenceItem

TRIES = 5
"""How often a broken stream is taken up again by itself, without a new piece in between."""

Road = Callable[[TrustedHouse], EvidenceRoad]


# --- what an officer brings -----------------------------------------------------------------------------


def begin(room: Room, actor: Actor, state: CaseState, item: str, told: Brought) -> dict[str, Any]:
    """May these bytes come in, as far as their digests tell? How much of them is here already. Raises
    Conflict (`custody-only`), RefusedHash, NotAsDeclared, TooLarge, NameLeaks."""
    what = _wanted(room, state, item, told.size)
    if what.sha256 != told.sha256 or what.size not in (None, told.size):
        raise NotAsDeclared(
            "This is not the file that was declared.",
            where=item,
            next_step="compare the digests, or declare the item anew",
        )
    try:
        check_listed(brought(item, told, room.settings.house), list_of(room.settings))
    except RefusedHash as refused:
        evidence.found_on_list(room, actor, state, what, refused)
        raise
    evidence.require_unnamed(room, state.ref, {"where": told.where, "why": told.why})
    here = evidence.progress(held_of(room).item(state.ref, item, what.sha256))
    return {"next": here["have"], "size": told.size}


def take(
    room: Room, actor: Actor, state: CaseState, item: str, told: Brought, at: int, parts: Iterator[bytes]
) -> None:
    """Take the file's bytes from the place `at` on, where the first piece that is missing begins. All of it
    is here and right when this returns. Raises Conflict (`other-place`), and what `begin` and the intake
    raise."""
    what = _wanted(room, state, item, told.size)
    evidence.require_unnamed(room, state.ref, {"where": told.where, "why": told.why})
    with _Watched(room, actor, state, what, brought(item, told, room.settings.house)) as made:
        if at != made.number * made.plan.chunk:
            raise Conflict(
                f"The next byte that is wanted is {made.number * made.plan.chunk}, not {at}.",
                where="at",
                next_step="ask again how much is here, and go on from there",
                code="other-place",
            )
        held = bytearray()
        for part in parts:
            held += part
            while made.number < made.plan.count and len(held) >= made.plan.plain(made.number):
                size = made.plan.plain(made.number)
                made.take(bytes(memoryview(held)[:size]))
                del held[:size]
            if held and made.number == made.plan.count:
                made.take(bytes(held))
        made.finish()
    evidence.note(
        room,
        state,
        what,
        "kept",
        actor,
        received_from=what.custodian,
        where=told.where,
        why=told.why,
        how="taken into the house in pieces, hashed as they came, compared with the declared digest",
        stored="sealed, AES-256-GCM, under the key of the case",
    )


def _wanted(room: Room, state: CaseState, item: str, size: int) -> EvidenceItem:
    what = evidence.declared(state, item)
    evidence.require_bytes(what, evidence.manifest(room, state.ref, item))
    _check_size(room, size)
    held = held_of(room).item(state.ref, item, what.sha256).about()
    if held is not None and held.whole:
        raise Conflict(
            "The whole item is here already.",
            where=state.ref,
            next_step="`rogatory item save` gives a copy",
            code="held",
        )
    return what


# --- what we fetch --------------------------------------------------------------------------------------


def fetch(room: Room, actor: Actor, ref: str, item: str, road: Road = EvidenceRoad) -> None:
    """Fetch an item from the house that declared it, going on where it stopped; ends when all of it is here
    and both houses have noted it.

    Raises Unavailable (what came is kept), EnvelopeRefused and the like (registered), RefusedHash.
    """
    state = room.records.states.latest(ref)
    if _came_unnoted(room, state, item):
        _note_received(room, actor, state, evidence.declared(state, item), _house_of(room, state).id)
        share(room, state, item)
        return
    what = _wanted(room, state, item, 1)
    house = _house_of(room, state)
    fails, before = 0, -1
    while True:
        try:
            with road(house) as way:
                _fetch_once(room, actor, state, what, way)
            return
        except Unavailable:
            have = held_of(room).item(ref, item, what.sha256).have()
            fails = fails + 1 if have == before else 0
            before = have
            if fails >= TRIES:
                raise
            time.sleep(min(0.2 * 2**fails, 5.0))
        except RogatoryError as error:
            if not isinstance(error, RefusedHash | Conflict):
                detail = {"code": error.code, "item": item, "where": error.where}
                room.records.ledger.note(
                    ref, Actor(id="house", house=house.id), "refused", detail, datetime.now(UTC)
                )
            raise


def _came_unnoted(room: Room, state: CaseState, item: str) -> bool:
    """Is all of it here from the other house, and did we stop before we noted that?"""
    what = evidence.declared(state, item)
    about = held_of(room).item(state.ref, item, what.sha256).about()
    if about is None or not about.whole or about.origin == room.settings.house:
        return False
    ours = [
        each
        for each in evidence.noted(evidence.manifest(room, state.ref, item))
        if each.house == room.settings.house
    ]
    return not any(each.event == "received" for each in ours)


def _fetch_once(room: Room, actor: Actor, state: CaseState, what: EvidenceItem, way: EvidenceRoad) -> None:
    about, sealed, ticket = _agreed(room, state, what, way)
    plan = Plan(about.size, about.chunk)
    with _Watched(room, actor, state, what, about) as made:
        digests = way.digests(ticket, sealed.ref, what.id, plan.count)
        if root_of(digests) != sealed.root:
            raise EnvelopeRefused(
                "The list of pieces is not the one that was signed.",
                where=what.id,
                next_step="fetch the item again; if it lasts, ask the other house",
                code="wrong-list",
            )
        if made.number < plan.count:
            for box in ahead(way.pieces(ticket, sealed.ref, what.id, plan, made.number)):
                made.take_sealed(box, digests)
        entries = way.entries(ticket, sealed.ref, what.id)
        absorb_into(room, state.ref, sealed.house, what.id, entries)
        made.finish()
    _note_received(room, actor, state, what, sealed.house)
    share(room, state, what.id, way)


def _agreed(
    room: Room, state: CaseState, what: EvidenceItem, way: EvidenceRoad
) -> tuple[About, SealedItem, str]:
    """Ask, and unwrap the key of the answer."""
    half, at = Half(), datetime.now(UTC)
    ask = EvidenceAsk(
        id=f"{room.settings.house}.evidence.{secrets.token_hex(12)}".lower(),
        sender=room.settings.house,
        recipient=state.counterpart.house or "",
        sender_ref=state.ref,
        recipient_ref=state.counterpart.ref or "",
        item=what.id,
        sha256=what.sha256,
        key=half.public,
        at=at,
    )
    text = signed(ask, room.key)
    sealed = verify_sealed(way.ask(text), room.trust, text, ask, what.size, datetime.now(UTC))
    _check_size(room, sealed.size)
    bound = bound_to(text, sealed.root, sealed.house, room.settings.house)
    secret = half.unwrap(sealed.key, sealed.wrapped, bound)
    about = About(
        item=what.id,
        sha256=sealed.sha256,
        md5=sealed.md5,
        sha1=sealed.sha1,
        size=sealed.size,
        chunk=sealed.chunk,
        key=secret[:KEY].hex(),
        origin=sealed.house,
        root=sealed.root,
    )
    return about, sealed, secret[KEY:].decode("ascii", "replace")


def _note_received(room: Room, actor: Actor, state: CaseState, what: EvidenceItem, house: str) -> None:
    kept = evidence.manifest(room, state.ref, what.id)
    sent = [text for text in kept if entry_of(text).house == house and entry_of(text).event == "sent"]
    evidence.note(
        room,
        state,
        what,
        "received",
        actor,
        received_from=house,
        answers=digest(sent[-1].encode()) if sent else None,
        where=room.settings.name,
        why=f"request {state.ref}",
        how="fetched in encrypted pieces; the whole compared with the declared digest",
        stored="sealed, AES-256-GCM, under the key of the case",
    )


def share(room: Room, state: CaseState, item: str, way: EvidenceRoad | None = None) -> bool:
    """Tell the other house our entries of the item; False where it does not answer now. What it has already
    does nothing there. Raises EnvelopeRefused as it says."""
    own = [t for t in evidence.manifest(room, state.ref, item) if entry_of(t).house == room.settings.house]
    if not own or state.counterpart.house is None or room.trust.house(state.counterpart.house) is None:
        return False
    try:
        if way is not None:
            way.tell(own)
        else:
            with EvidenceRoad(_house_of(room, state)) as other:
                other.tell(own)
    except Unavailable:
        return False
    return True


class _Watched:
    """An intake that makes the item custody-only when what comes is on the list."""

    def __init__(self, room: Room, actor: Actor, state: CaseState, what: EvidenceItem, about: About) -> None:
        self._told = (room, actor, state, what)
        listed = list_of(room.settings)
        held = held_of(room).item(state.ref, what.id, what.sha256)
        own = about.origin == room.settings.house
        self._inner = intake(held, about, listed, ("md5", "sha1") if own else ())

    def __enter__(self) -> Intake:
        try:
            return self._inner.__enter__()
        except RefusedHash as refused:
            evidence.found_on_list(*self._told, refused)
            raise

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool | None:
        done = self._inner.__exit__(kind, error, trace)
        if isinstance(error, RefusedHash):
            evidence.found_on_list(*self._told, error)
        return done


def _house_of(room: Room, state: CaseState) -> TrustedHouse:
    house = room.trust.house(state.counterpart.house) if state.counterpart.house else None
    if house is None or state.counterpart.ref is None:
        raise BadInput(
            "The other side has no house that we trust, so nothing can be fetched.",
            where=state.ref,
            next_step="have the item brought by hand, then `rogatory item keep`",
            code="no-house",
        )
    return house


def _check_size(room: Room, size: int) -> None:
    if size > room.settings.evidence_limit:
        raise TooLarge(
            f"The item has {size} bytes; this house takes {room.settings.evidence_limit}.",
            where="evidence_limit",
            next_step="the operator may raise it; or have the item brought by hand",
        )
