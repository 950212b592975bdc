"""What evidence does a case have, who had it in hand, under which limits, and where are its bytes?

The manifest of an item is kept in the ledger: each entry is signed, chained, and never altered. The bytes of
an item, where this house holds them, lie sealed beside the vault (`records.held`); those of abuse material
never.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from desk import guarded
from desk.notices import tell
from desk.refused_hashes import RefusedHash
from letters.chunks import Plan, Sealer
from letters.manifest import entry_of, next_place, signed, verify_manifest
from letters.seal import SigningKey
from letters.trust import TrustList
from records.held import FOLDER, Held, HeldItem
from records.open import Records
from schemas.case import CaseState, Limitation
from schemas.errors import BadData, BadInput, Conflict, NotFound, RogatoryError
from schemas.evidence import ALARM, Condition, CustodyEntry, Happening, Noted
from schemas.ids import digest
from schemas.lifecycle import HEAD
from schemas.messages import CLOCK_SKEW_SECONDS
from schemas.moves import Actor
from schemas.reasoning import Reason
from schemas.request import EvidenceItem
from schemas.settings import Settings
from schemas.vocabulary import Side
from schemas.work import NotifyWork

CUSTODY = "custody"
"""Event of the ledger's entries that hold the signed entries of manifests."""

ON_LIST = "refused-hash"
"""Why the house itself made an item custody-only."""


class Room(Protocol):
    """What of the office evidence needs (`desk.office.Office`)."""

    settings: Settings
    records: Records
    key: SigningKey
    trust: TrustList


def held_of(room: Room) -> Held:
    """The sealed items of this house."""
    return Held(room.settings.home / FOLDER, room.records.keys)


def declared(state: CaseState, item: str) -> EvidenceItem:
    """The item as it was declared last. Raises NotFound."""
    found = [each for each in state.evidence if each.id == item]
    if not found:
        known = ", ".join(dict.fromkeys(each.id for each in state.evidence)) or "none"
        raise NotFound(
            f"This case has no item {item!r}.",
            where=state.ref,
            next_step=f"declare it first: `rogatory evidence`; known: {known}",
            code="unknown-item",
        )
    return found[-1]


# --- the manifest ---------------------------------------------------------------------------------------


def manifests(room: Room, ref: str) -> dict[str, list[str]]:
    """The signed entries of every item of the case, in the order in which they were kept."""
    found: dict[str, list[str]] = {}
    for entry in room.records.ledger.entries(ref):
        if entry.event == CUSTODY and entry.detail is not None:
            text = str(json.loads(entry.detail)["entry"])
            found.setdefault(entry_of(text).item, []).append(text)
    return found


def manifest(room: Room, ref: str, item: str) -> list[str]:
    """The signed entries of one item."""
    return manifests(room, ref).get(item, [])


def noted(entries: list[str]) -> list[CustodyEntry]:
    """What signed entries say."""
    return [entry_of(text) for text in entries]


def custody_only(item: EvidenceItem, entries: list[str]) -> bool:
    """Will the bytes of the item never be taken in: declared so, or found so?"""
    return item.abuse_material or any(entry_of(text).event == "custody-only" for text in entries)


def require_bytes(item: EvidenceItem, entries: list[str]) -> None:
    """Raises Conflict (`custody-only`) for an item whose bytes stay with their custodian."""
    if custody_only(item, entries):
        raise Conflict(
            f"The bytes of {item.id} are never taken in.",
            where=item.id,
            next_step="hand it over by a person or a police channel, and note it: `rogatory item note`",
            code="custody-only",
        )


def note(
    room: Room, state: CaseState, item: EvidenceItem, event: Happening, actor: Actor, **told: Any
) -> CustodyEntry:
    """Write the next entry of our manifest of the item: signed, chained, in the ledger. `told`: its
    fields."""
    now = datetime.now(UTC)
    with held_of(room).noting(state.ref):
        entries = manifest(room, state.ref, item.id)
        number, prev = next_place(entries, room.settings.house)
        entry = CustodyEntry(
            house=room.settings.house,
            ref=state.ref,
            item=item.id,
            number=number,
            prev=prev,
            noted=now,
            event=event,
            sha256=item.sha256,
            size=item.size,
            kind=item.kind,
            custodian=item.custodian,
            abuse_material=custody_only(item, entries) or event == "custody-only",
            conditions=conditions(state),
            **{"at": now, "who": actor.id, "function": actor.agency, **told},
        )
        keep_entry(room, state.ref, actor, signed(entry, room.key))
    return entry


def keep_entry(room: Room, ref: str, actor: Actor, text: str) -> None:
    """Put a signed entry, ours or checked, into the ledger."""
    detail = {"entry": text, "item": entry_of(text).item, "digest": digest(text.encode())}
    room.records.ledger.note(ref, actor, CUSTODY, detail, datetime.now(UTC))


def person_notes(room: Room, actor: Actor, state: CaseState, item: str, told: Noted) -> CustodyEntry:
    """What a person notes of an item. Raises NotFound, BadInput (`not-yet`, `no-day`), and NameLeaks, since
    the other house is told."""
    what = declared(state, item)
    now = datetime.now(UTC)
    at = told.at or now
    if (at - now).total_seconds() > CLOCK_SKEW_SECONDS:
        raise BadInput(
            "This has not happened yet.", where="at", next_step="note it when it has", code="not-yet"
        )
    if told.event == "due" and not (told.return_by or told.destroy_by):
        raise BadInput(
            "No day was told.", where="return_by", next_step="say return_by or destroy_by", code="no-day"
        )
    require_unnamed(room, state.ref, told.model_dump(mode="json", exclude_none=True))
    fields = told.model_dump(exclude={"event", "at", "who"}, exclude_none=True)
    entry = note(room, state, what, told.event, actor, at=at, who=told.who or actor.id, **fields)
    if told.event in ("destroyed", "returned"):
        held_of(room).item(state.ref, item, what.sha256).drop()
    return entry


def require_unnamed(room: Room, ref: str, said: dict[str, Any]) -> None:
    """No name that is guarded in the case stands in what a person says of an item: it is signed, chained, and
    told to other houses. Raises NameLeaks."""
    guarded.require_none(room.records, ref, {k: text for k, text in said.items() if isinstance(text, str)})


def found_on_list(
    room: Room, actor: Actor, state: CaseState, item: EvidenceItem, refused: RefusedHash
) -> None:
    """Material of the list was brought: the item is custody-only from now on, and a person is told."""
    held_of(room).item(state.ref, item.id, item.sha256).drop()
    detail = {"code": refused.code, "item": item.id, "sha256": item.sha256}
    room.records.ledger.note(state.ref, actor, "refused", detail, datetime.now(UTC))
    if not custody_only(item, manifest(room, state.ref, item.id)):
        how = "its digest is on the list of material that is never taken in; no byte of it was kept"
        note(room, state, item, "custody-only", actor, where=room.settings.name, why=ON_LIST, how=how)
    with suppress(RogatoryError):  # mail that is set up wrongly does not let the bytes in
        tell(room.settings, room.records, room.key, alarm_notice(room, state.ref, item.id))


def alarm_notice(room: Room, ref: str, item: str) -> NotifyWork:
    """What the head of the office is told of an item that is on the list: once a day."""
    today = datetime.now(ZoneInfo(room.settings.time_zone)).date()
    notice = f"{notice_of(ref, item)}/{ALARM}/{today.isoformat()}"
    return NotifyWork(ref=ref, notice=notice, code=ALARM, to=(HEAD,), loud=True)


def notice_of(ref: str, item: str) -> str:
    """How notices about an item are named: they leave the house, so not even its id is told."""
    return f"{ref}/evidence/{digest(item.encode())[7:19]}"


def verified(room: Room, entries: list[str]) -> Reason:
    """Is the manifest whole and genuine?"""
    return verify_manifest(entries, room.trust)


# --- limits ---------------------------------------------------------------------------------------------


def conditions(state: CaseState) -> tuple[Condition, ...]:
    """The limitations that stay attached: all that the side that is asked has set and nobody declined."""
    return tuple(
        Condition(id=one.id, text=one.text, article=one.article, accepted=one.accepted)
        for one in state.limitations
        if one.accepted is not False
    )


def open_conditions(state: CaseState) -> list[str]:
    """Limitations that nobody answered yet."""
    return [one.id for one in state.limitations if one.accepted is None]


def warnings(state: CaseState, item: str) -> list[str]:
    """What is wrong with the use of an item, as codes: `beyond:LIMIT` (used beyond it, on a consent that is
    recorded), `unanswered:LIMIT`, `declined:LIMIT` (used although we did not take it on)."""
    used = [each for each in state.uses if item in each.items]
    found = [f"unanswered:{one}" for one in open_conditions(state)]
    for one in state.limitations:
        if not _binds(state, one):
            continue
        if any(one.id not in each.limits for each in used):
            found.append(f"{'declined' if one.accepted is False else 'beyond'}:{one.id}")
    return found


def _binds(state: CaseState, one: Limitation) -> bool:
    return (one.by or ("counterpart" if state.side is Side.OUTGOING else "own")) == "counterpart"


def dates(entries: list[str]) -> dict[str, date]:
    """Until when the item is to go back (`return`) or to be destroyed (`destroy`), as noted last and not
    done."""
    found: dict[str, date] = {}
    for text in entries:
        entry = entry_of(text)
        if entry.event == "due":
            told = {"return": entry.return_by, "destroy": entry.destroy_by}
            found |= {what: by for what, by in told.items() if by is not None}
        elif entry.event in ("returned", "destroyed"):
            found.clear()
    return found


def overview(room: Room, state: CaseState, today: date) -> list[dict[str, Any]]:
    """Every item of the case with its limits, uses, warnings, days, manifest, and what is here of its
    bytes."""
    kept = manifests(room, state.ref)
    items = {each.id: each for each in state.evidence}
    return [_row(room, state, item, kept.get(item.id, []), today) for item in items.values()]


def _row(room: Room, state: CaseState, item: EvidenceItem, entries: list[str], today: date) -> dict[str, Any]:
    due = dates(entries)
    late = [f"{what}-overdue" for what, by in due.items() if by < today]
    return {
        **item.model_dump(mode="json"),
        "custody_only": custody_only(item, entries),
        "limits": [each.model_dump(mode="json") for each in conditions(state)],
        "uses": [each.model_dump(mode="json") for each in state.uses if item.id in each.items],
        "warnings": warnings(state, item.id) + late,
        "due": {what: by.isoformat() for what, by in due.items()},
        "returned": item.id in state.returned,
        "held": progress(held_of(room).item(state.ref, item.id, item.sha256)),
        "manifest": [entry_of(text).model_dump(mode="json", exclude_defaults=True) for text in entries],
        "verdict": verified(room, entries).verdict.value,
    }


# --- the bytes that are here ----------------------------------------------------------------------------


def progress(held: HeldItem) -> dict[str, Any]:
    """How much of an item is here: `state` none, part or whole; `have` and `size` in plain bytes."""
    about = held.about()
    if about is None:
        return {"state": "none", "have": 0, "size": None}
    plan = Plan(about.size, about.chunk)
    pieces = plan.count if about.whole else min(held.have() // plan.sealed(0), plan.count)
    have = about.size if about.whole else min(pieces * about.chunk, about.size)
    return {"state": "whole" if about.whole else "part", "have": have, "size": about.size}


def whole_of(room: Room, state: CaseState, item: EvidenceItem) -> HeldItem:
    """The item, all of which is here. Raises NotFound (`not-held`)."""
    held = held_of(room).item(state.ref, item.id, item.sha256)
    about = held.about()
    if about is None or not about.whole:
        raise NotFound(
            f"The bytes of {item.id} are not here.",
            where=state.ref,
            next_step="bring them: `rogatory item keep`, or `rogatory item fetch` from the other house",
            code="not-held",
        )
    return held


def plain(held: HeldItem) -> Iterator[bytes]:
    """The plain bytes of a whole item, piece by piece. Raises PieceRefused, BadData."""
    about = held.about()
    if about is None:
        raise BadData("The item is not here any more.", next_step="fetch it again")
    plan = Plan(about.size, about.chunk)
    sealer = Sealer(bytes.fromhex(about.key), about.sha256, plan)
    for number in range(plan.count):
        yield sealer.open(number, held.piece(plan.offset(number), plan.sealed(number)))
