"""Who must be told of an order on a provider, what goes to them, and until when do the data wait?

The notice itself travels by hand: this prepares it, and shows the window that it opens (Regulation 2023/1543,
8, 10(2) and 12(1)).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from schemas.case import CaseState
from schemas.deadline import Deadline
from schemas.law import AuthorityRow
from schemas.span import Span
from schemas.vocabulary import Side
from treaties.registry import Registry

DUE = "notification-due"
FUNCTION = "e-evidence-enforcing"
WAITS, OBJECTS = "wait-and-must", "enforcing-answer"
STEPS = (
    "Put together a copy of the order as it goes to the provider, and what the authority needs to look for "
    "grounds of refusal.",
    "Have it in a language that the State of the authority accepts.",
    "Send it to the authority at the same time as the order goes to the provider.",
    "Record that the authority was told, with what proves it: its time to object runs from there.",
)
"""What a person does, in order."""


def notification_of(registry: Registry, state: CaseState, today: date) -> dict[str, Any] | None:
    """The notice of this case, as plain data; None where the authority of no other State is to be told.

    `due`: nobody recorded it yet; `suspends`: the data wait for it; `waits`, `objects`: the limits it opens.
    """
    order = state.producing
    if order is None or state.side is not Side.OUTGOING:
        return None
    if DUE not in state.attention and order.notified is None:
        return None
    instrument = state.law.instrument if state.law else None
    known = [held.row for held in registry.practice(state.request.requested).authorities]
    opened = [each for each in state.deadlines if each.event == "notified"]
    return {
        "due": order.notified is None,
        "told": order.notified,
        "authority": order.notified_authority,
        "answer": order.enforcing,
        "state": state.request.requested,
        "authorities": [_told(row) for row in known if _acts(row, instrument, today)],
        "languages": list(state.law.languages) if state.law else [],
        "documents": [item.digest for item in state.request.attachments],
        "suspends": state.request.emergency is None,
        "waits": _limit(each for each in state.deadlines if each.nature == WAITS),
        "objects": _limit(each for each in opened if OBJECTS in each.closes_on),
        "steps": list(STEPS),
    }


def _acts(row: AuthorityRow, instrument: str | None, today: date) -> bool:
    acts = Span(row.since, row.until).holds(today)
    return acts and row.function == FUNCTION and row.instrument == instrument


def _told(row: AuthorityRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "languages": list(row.languages),
        "formalities": row.formalities,
        "source": row.source,
        "checked": row.checked,
    }


def _limit(entries: Iterable[Deadline]) -> dict[str, Any] | None:
    """The last of these limits."""
    found = list(entries)
    return None if not found else _shown(found[-1])


def _shown(entry: Deadline) -> dict[str, Any]:
    told: dict[str, datetime | date | str] = {
        "due": entry.due,
        "due_day": entry.due_day,
        "unit": entry.unit,
        "article": entry.article,
        "instrument": entry.instrument,
        "status": entry.status.value,
    }
    return told
