"""What may this person read, and was it noted that they did? Every look at a case passes here."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from desk import views
from desk.refusals import unseen
from desk.who import Permission, Sight, concern_of, concerned, may, sight
from records.docket import MOST_ROWS, Filter
from records.ledger import Entry
from records.open import Records
from schemas.case import CaseState, DocketRow
from schemas.errors import BadInput, NotAllowed, NotFound
from schemas.moves import Actor
from schemas.request import draft_digest
from schemas.vocabulary import Role

NOTED_ONCE_WITHIN = timedelta(minutes=10)
"""A person who works on a case looks at it often: one entry says so."""

MAX_NOTED = 10_000
FETCHED_AT_ONCE = 100
"""Fixed, so that a cursor means the same place whatever `limit` the next page is asked with."""

_CASEWORK = frozenset({Role.OFFICER, Role.APPROVER, Role.AUDITOR})


def look(records: Records, actor: Actor, ref: str) -> tuple[CaseState, Sight]:
    """The case and how much of it the actor may see.

    Raises NotFound: the same for a case that is not there and for one that is not theirs to see. That a case
    was erased is told (code `erased`) only to those who would have seen it.
    """
    try:
        state = records.states.latest(ref)
    except NotFound as error:
        if error.code == "erased" and _CASEWORK & set(actor.roles) and actor.agency == "central-authority":
            raise
        raise unseen(ref) from None
    seen = sight(actor, state)
    if seen is Sight.NOTHING:
        raise unseen(ref)
    return state, seen


def require_sight(records: Records, actor: Actor, ref: str, least: Sight) -> tuple[CaseState, Sight]:
    """As `look`, and raises NotAllowed for one who may see the case, but less of it than `least`."""
    state, seen = look(records, actor, ref)
    if seen < least:
        raise NotAllowed(
            "You see where this case stands, not what is in it.",
            where=ref,
            next_step="ask the officer who holds it",
        )
    return state, seen


def require_part(records: Records, actor: Actor, ref: str) -> CaseState:
    """The case, for one who may take part in it: all of it is open to them, or it concerns them."""
    state, seen = look(records, actor, ref)
    if seen is not Sight.FULL and not concerned(actor, state):
        raise NotAllowed("The case does not concern you.", where=ref, next_step="ask who holds it")
    return state


def case_of(
    records: Records,
    actor: Actor,
    ref: str,
    beside: Callable[[CaseState], dict[str, list[str]]] = lambda state: {},
) -> dict[str, Any]:
    """The case as the actor may see it; `sight` says how much that is: status, record or full. Who sees all
    of it gets what `beside` tells of it, too, and the name of the request as it stands (`draft`)."""
    state, seen = look(records, actor, ref)
    more = {**beside(state), "draft": draft_digest(state.request)} if seen is Sight.FULL else {}
    return {**shown(state, seen), **more}


def shown(state: CaseState, seen: Sight) -> dict[str, Any]:
    """As much of a case as `look` said."""
    made: dict[Sight, Callable[[CaseState], dict[str, Any]]] = {
        Sight.STATUS: views.status_of,
        Sight.RECORD: views.audited,
        Sight.FULL: views.full,
    }
    return {**made[seen](state), "sight": seen.name.lower()}


def docket_of(
    records: Records, actor: Actor, wanted: Filter, limit: int, cursor: str | None
) -> dict[str, Any]:
    """One page of the docket: `items`, and `next`, the cursor of the page after (None at the end).

    A liaison lists what concerns them, and any case by its exact reference (own or the other side's).
    """
    rows: list[dict[str, Any]] = []
    after, skip = _place(cursor)
    if wanted.ref is None:
        wanted = replace(wanted, concern=concern_of(actor))
    while True:
        page = records.docket.find(wanted, limit=FETCHED_AT_ONCE, after=after)
        for number, line in enumerate(page.rows):
            if number < skip:
                continue
            if len(rows) == limit:
                return {"items": rows, "next": _cursor(after, number)}
            shown = line_of(actor, line, exact=wanted.ref is not None)
            if shown is not None:
                rows.append(shown)
        after, skip = page.next, 0
        if after is None:
            return {"items": rows, "next": None}
        if len(rows) == limit:
            return {"items": rows, "next": _cursor(after, 0)}


def first_of(
    records: Records, actor: Actor, wanted: Filter, limit: int
) -> tuple[list[tuple[DocketRow, dict[str, Any]]], bool]:
    """The first lines of the docket, each as it is and as the actor may see it; are there more?"""
    wanted = replace(wanted, concern=concern_of(actor))
    found: list[tuple[DocketRow, dict[str, Any]]] = []
    after: str | None = None
    while True:
        page = records.docket.find(wanted, limit=limit + 1, after=after)
        for line in page.rows:
            shown = line_of(actor, line, exact=False)
            if shown is not None and len(found) == limit:
                return found, True
            if shown is not None:
                found.append((line, shown))
        after = page.next
        if after is None:
            return found, False


def by_reference(records: Records, actor: Actor, text: str) -> list[dict[str, Any]]:
    """Every case with this reference, ours or theirs, as the actor may see it. Empty if there is none."""
    lines = [line_of(actor, line, exact=True) for line in records.docket.by_reference(text)]
    return [line for line in lines if line is not None]


def open_to(records: Records, actor: Actor) -> frozenset[str] | None:
    """References of the open cases of which the actor sees at least what happened; None: of all of them."""
    concern = concern_of(actor)
    if concern is None:
        return None
    found: set[str] = set()
    if may(actor, Permission.LIST_CASES):
        after, wanted = None, Filter(open_only=True, concern=concern)
        while True:
            page = records.docket.find(wanted, limit=MOST_ROWS, after=after)
            found |= {line.ref for line in page.rows if sight(actor, line) >= Sight.RECORD}
            after = page.next
            if after is None:
                break
    return frozenset(found)


def timeline_of(records: Records, actor: Actor, ref: str) -> list[dict[str, Any]]:
    """Everything the ledger has on the case, oldest first; what was said only for those who see all of it."""
    _, seen = require_sight(records, actor, ref, Sight.RECORD)
    return [_entry(entry, seen) for entry in records.ledger.entries(ref)]


def custody_of(records: Records, actor: Actor, ref: str) -> list[dict[str, Any]]:
    """The handoffs between houses with their signed messages (compact JWS), as verified offline."""
    state, seen = require_sight(records, actor, ref, Sight.RECORD)
    found = []
    for handoff in state.handoffs:
        if handoff.triple is None:
            continue
        told: dict[str, Any] = {
            "id": handoff.id,
            "sender": handoff.sender.house,
            "receiver": handoff.receiver.house,
            "status": handoff.status.value,
        }
        for name in ("offer", "acceptance", "confirmation"):
            digest = getattr(handoff.triple, name)
            jws = None
            # The signed offer of a dispatch holds the whole request: an auditor gets its digest.
            if digest is not None and (seen is Sight.FULL or name != "offer"):
                jws = records.vault.get(ref, digest).decode("ascii")
            told[name] = {"digest": digest, "jws": jws} if digest is not None else None
        found.append(told)
    return found


def assessment_of(records: Records, actor: Actor, ref: str) -> dict[str, Any]:
    """The whole recorded answer of the law this case rests on. Raises NotFound if the law was never asked."""
    state, _ = require_sight(records, actor, ref, Sight.FULL)
    if state.law is None:
        raise NotFound("The law was not asked for this case.", where=ref, next_step="choose a basis")
    found: dict[str, Any] = json.loads(records.vault.get(ref, state.law.assessment))
    return found


class Watch:
    """Who looked at what: notes each view of a whole case, once in NOTED_ONCE_WITHIN, in the ledger."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._seen: dict[tuple[str, str, str], datetime] = {}
        self._lock = threading.Lock()

    def note(self, actor: Actor, ref: str, what: str) -> None:
        """`actor` was shown `what` (case, timeline, document ...) of `ref`."""
        now = datetime.now(UTC)
        with self._lock:
            before = self._seen.get((actor.id, ref, what))
            if before is not None and now - before < NOTED_ONCE_WITHIN:
                return
            if len(self._seen) >= MAX_NOTED:
                self._seen.clear()
            self._seen[actor.id, ref, what] = now
        self._records.ledger.note(ref, actor, "viewed", {"what": what}, now)


def line_of(actor: Actor, line: DocketRow, *, exact: bool) -> dict[str, Any] | None:
    """The line as the actor may see it; `exact`: they named the case. None: it is not there for them."""
    seen = sight(actor, line)
    if seen >= Sight.RECORD:
        return views.row(line)
    if seen is Sight.STATUS and (exact or concerned(actor, line)):
        return views.row_status(line)
    return None


def _entry(entry: Entry, seen: Sight) -> dict[str, Any]:
    told: dict[str, Any] = {
        "seq": entry.seq,
        "move": entry.move,
        "note": entry.note,
        "at": entry.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "event": entry.event,
        "actor": entry.actor,
        "house": entry.house,
        "message": entry.message,
        "sealed": entry.sealed,
        "hash": entry.hash,
        "prev": entry.prev,
    }
    if entry.row is not None:
        row = json.loads(entry.row)
        told["status"] = row.get("status")
        told["holder"] = {name: row.get(f"holder_{name}") for name in ("house", "function", "actor")}
        told["held_since"] = row.get("held_since")
    if seen is Sight.FULL and entry.detail is not None:
        told["detail"] = json.loads(entry.detail)
    return told


def _cursor(after: str | None, skip: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([after, skip]).encode()).decode().rstrip("=")


def _place(cursor: str | None) -> tuple[str | None, int]:
    if cursor is None:
        return None, 0
    try:
        after, skip = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(skip, int) or not isinstance(after, str | None) or skip < 0:
            raise ValueError
    except (ValueError, RecursionError, TypeError):
        raise BadInput(
            "This is not a cursor of ours.", where="cursor", next_step="take `next` of the page before"
        ) from None
    return after, skip
