"""What belongs to one matter, what is due in it, who held a case for how long, and what left it for where?"""

from __future__ import annotations

import base64
import json
from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from desk import reading
from desk.who import Sight, concern_of, sight
from records.ledger import Entry
from records.open import Records
from records.projection import clocks_of, folded
from schemas.case import CaseState, ClockRow, DocketRow, OutStatus
from schemas.errors import BadInput, NotFound
from schemas.handoff import OPEN, Handoff, Holder
from schemas.lifecycle import FINAL
from schemas.moves import Actor


def matters_of(records: Records, actor: Actor, limit: int, cursor: str | None) -> dict[str, Any]:
    """One page of the matters in which the actor may see a case: how many, of which kinds, what is due next.

    Cases that are not theirs to see are not counted either.
    """
    found: list[dict[str, Any]] = []
    after, concern = cursor or "", concern_of(actor)
    # One more than the page takes tells whether there is a next one; few are left out below.
    while names := records.docket.matters(limit=limit + 1, after=after, concern=concern):
        cases = _by_matter(records.docket.of_matters(names))
        for name in names:
            if len(found) == limit:
                return {"items": found, "next": after}
            after = name
            lines = [line for line in cases[name] if _shown(actor, line) is not None]
            if lines:
                found.append(_summary(lines))
    return {"items": found, "next": None}


def matter_of(records: Records, actor: Actor, matter: str, now: datetime) -> dict[str, Any]:
    """The cases of a matter that the actor may see (`items`), and every clock that runs in them, by due.

    Raises NotFound: the same for a matter that is not there and for one of which nothing is theirs to see.
    """
    lines = records.docket.of_matter(matter)
    shown = [(line, told) for line in lines if (told := _shown(actor, line)) is not None]
    if not shown:
        raise NotFound(
            "There is no such matter.",
            where=matter,
            next_step="look it up in the list of matters: it shows those you may see",
        )
    clocks = [
        _clock(line, clock, now)
        for line, _ in shown
        if sight(actor, line) >= Sight.RECORD
        for clock in clocks_of(line)
    ]
    return {
        "matter": shown[0][0].matter,
        "items": [told for _, told in shown],
        "clocks": sorted(clocks, key=lambda each: (each["due"], each["ref"])),
    }


def clocks_before(
    records: Records,
    actor: Actor,
    now: datetime,
    *,
    before: datetime | None,
    owner: str | None,
    law: bool | None,
    limit: int,
    cursor: str | None,
) -> dict[str, Any]:
    """One page of the running time limits that end before that moment, in cases the actor may see."""
    found: list[dict[str, Any]] = []
    after, concern = None if cursor is None else _position(cursor), concern_of(actor)
    while page := records.docket.due(before, owner, law, limit + 1, after=after, concern=concern):
        for due in page:
            if len(found) == limit and after is not None:
                return {"items": found, "next": _cursor(after)}
            after = due.position
            if sight(actor, due.line) >= Sight.RECORD:
                found.append(_clock(due.line, due.clock, now))
    return {"items": found, "next": None}


def holders_of(records: Records, actor: Actor, ref: str, now: datetime) -> dict[str, Any]:
    """Who held the case from when until when (`items`, oldest first), and offers still open (`offers`).

    Each period names in `overdue` the handoffs that its holder offered and nobody took in time.
    """
    state, _ = reading.require_sight(records, actor, ref, Sight.RECORD)
    periods = _periods(records.ledger.entries(ref))
    items = []
    for number, (since, holder) in enumerate(periods):
        until = periods[number + 1][0] if number + 1 < len(periods) else None
        late = [each.id for each in state.handoffs if _during(each, since, until) and _late(each, now)]
        items.append(
            {
                **holder.model_dump(),
                "ours": holder.house == state.house,
                "since": _told(since),
                "until": _told(until),
                "seconds": max(int(((until or now) - since).total_seconds()), 0),
                "overdue": late,
            }
        )
    return {"items": items, "offers": [_offer(each, now) for each in state.handoffs if each.status in OPEN]}


def transfers_of(records: Records, actor: Actor, ref: str) -> dict[str, Any]:
    """Every letter that left the case (`items`), and everybody who looked at the case (`accesses`).

    The ground of data protection is in words of the office: an auditor is told only whether there is one.
    """
    state, seen = reading.require_sight(records, actor, ref, Sight.RECORD)
    entries = records.ledger.entries(ref)
    rows = [(entry.at, row) for entry, row in _rows(entries)]
    return {
        "items": [_transfer(state, letter, rows, seen) for letter in state.outbox],
        "accesses": [_access(entry) for entry in entries if entry.event == "viewed"],
    }


def _shown(actor: Actor, line: DocketRow) -> dict[str, Any] | None:
    # A matter is no reference of a case: who only knows its name is shown what concerns them.
    return reading.line_of(actor, line, exact=False)


def _by_matter(lines: Iterable[DocketRow]) -> dict[str, list[DocketRow]]:
    found: dict[str, list[DocketRow]] = {}
    for line in lines:
        found.setdefault(folded(line.matter or ""), []).append(line)
    return found


def _summary(lines: list[DocketRow]) -> dict[str, Any]:
    open_ones = [line for line in lines if line.status not in FINAL]
    due = [(line.next_due, line.next_clock) for line in open_ones if line.next_due is not None]
    next_due, next_clock = min(due, key=lambda each: each[0]) if due else (None, None)
    return {
        "matter": lines[0].matter,
        "cases": len(lines),
        "open": len(open_ones),
        "kinds": sorted({line.kind.value for line in lines}),
        "urgent": any(line.urgent for line in open_ones),
        "child": any(line.child for line in open_ones),
        "detained": any(line.detained for line in open_ones),
        "next_due": _told(next_due),
        "next_clock": next_clock,
    }


def _clock(line: DocketRow, clock: ClockRow, now: datetime) -> dict[str, Any]:
    holder = {"house": line.holder_house, "function": line.holder_function, "actor": line.holder_actor}
    return {
        "ref": line.ref,
        **clock.model_dump(mode="json"),
        "missed": clock.due < now,
        "detained": line.detained,
        "holder": holder,
        "held_since": _told(line.held_since),
    }


def _periods(entries: Iterable[Entry]) -> list[tuple[datetime, Holder]]:
    """Each holder with the moment from which it was the holder, as the moves of the case tell."""
    found: list[tuple[datetime, Holder]] = []
    for _, row in _rows(entries):
        holder = Holder(house=row.holder_house, function=row.holder_function, actor=row.holder_actor)
        if not found or found[-1] != (row.held_since, holder):
            found.append((row.held_since, holder))
    return found


def _rows(entries: Iterable[Entry]) -> list[tuple[Entry, DocketRow]]:
    return [(entry, DocketRow.model_validate_json(entry.row)) for entry in entries if entry.row is not None]


def _during(passing: Handoff, since: datetime, until: datetime | None) -> bool:
    return since <= passing.offered and (until is None or passing.offered < until)


def _late(passing: Handoff, now: datetime) -> bool:
    return passing.due is not None and (passing.decided or now) > passing.due


def _offer(passing: Handoff, now: datetime) -> dict[str, Any]:
    told = passing.model_dump(mode="json", include={"id", "sender", "receiver", "offered", "due", "status"})
    return {**told, "overdue": _late(passing, now)}


def _transfer(
    state: CaseState, letter: OutStatus, rows: list[tuple[datetime, DocketRow]], seen: Sight
) -> dict[str, Any]:
    ground = letter.ground or state.request.data_protection_ground
    told = letter.model_dump(
        mode="json", include={"id", "event", "status", "queued", "settled", "sealed", "receipt"}
    )
    told["to"] = {**_recipient(rows, letter), "provider": state.counterpart.provider}
    told["ground_told"] = bool(ground)
    if seen is Sight.FULL:
        told["ground"] = ground
    return told


def _recipient(rows: list[tuple[datetime, DocketRow]], letter: OutStatus) -> dict[str, Any]:
    """The other side as it was when the letter was made: a redirected case has another one since."""
    number = bisect_right(rows, letter.queued, key=lambda each: each[0])
    row = rows[max(number - 1, 0)][1]
    return {"state": row.counterpart_state, "house": row.counterpart_house}


def _access(entry: Entry) -> dict[str, Any]:
    detail = json.loads(entry.detail) if entry.detail else {}
    return {"at": _told(entry.at), "actor": entry.actor, "house": entry.house, "what": detail.get("what")}


def _told(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _cursor(position: tuple[datetime, str, int]) -> str:
    due, ref, place = position
    return base64.urlsafe_b64encode(json.dumps([_told(due), ref, place]).encode()).decode()


def _position(cursor: str) -> tuple[datetime, str, int]:
    try:
        due, ref, place = json.loads(base64.b64decode(cursor.encode(), altchars=b"-_", validate=True))
        moment = datetime.fromisoformat(due)
        if moment.tzinfo is None or not isinstance(ref, str) or not isinstance(place, int):
            raise ValueError
    except (ValueError, RecursionError, TypeError):
        raise BadInput(
            "This is not a cursor of ours.", where="cursor", next_step="take `next` of the page before"
        ) from None
    return moment, ref, place
