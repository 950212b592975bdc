"""Which cases does the address of a list ask for, and which of them are there for this visitor?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request

from desk import reading
from desk.web.forms import Typed
from desk.web.frame import Visitor
from desk.web.words import N_
from records.docket import Filter
from schemas.vocabulary import Kind, Side

E = TypeVar("E", Kind, Side)

NAMES = (
    *("side", "kind", "state", "status", "holder", "due", "instrument", "provider", "matter", "ref"),
    *("attention", "offered", "open", "away"),
)
"""Fields of the filter, in the address and on the page."""
LONGEST = 200
AT_ONCE = 200
SOON = timedelta(days=7)

NOT_A_DAY = N_("Write the day as year-month-day, such as 2026-11-30.")
NOT_OF_LIST = N_("Choose one of the list.")
TOO_LONG = N_("This is too long: write no more than 200 letters.")


def typed_of(request: Request) -> Typed:
    """What the address says."""
    asked = request.query_params
    wanted = (*NAMES, "cursor")
    return Typed({name: [asked[name]] for name in wanted if asked.get(name)})


def address_of(typed: Typed, **more: str) -> str:
    """The same filter as the query of an address; without the place in the list, unless `more` has one."""
    said = {name: typed.get(name) for name in NAMES if typed.get(name)}
    return urlencode({**said, **more})


def filter_of(typed: Typed, visitor: Visitor) -> Filter:
    """The filter. What cannot be read is refused at its field, and left out."""
    for name in NAMES:
        if len(typed.get(name)) > LONGEST:
            typed.refuse(name, visitor.say(TOO_LONG))
    state = typed.get("state").upper()
    if state and state not in visitor.house.registry.jurisdictions:
        typed.refuse("state", visitor.say(NOT_OF_LIST))
    return Filter(
        side=_word(Side, typed, "side", visitor),
        kind=_word(Kind, typed, "kind", visitor),
        state=state or None,
        status=typed.get("status") or None,
        holder=typed.get("holder") or None,
        due_before=_due(typed, visitor),
        instrument=typed.get("instrument") or None,
        provider=typed.get("provider") or None,
        matter=typed.get("matter") or None,
        ref=typed.get("ref") or None,
        attention=typed.get("attention") or None,
        offered_to=typed.get("offered") or None,
        away_from=visitor.house.office.settings.house if typed.ticked("away") else None,
        open_only=typed.ticked("open"),
    )


def lines_of(visitor: Visitor, wanted: Filter) -> Iterator[Mapping[str, Any]]:
    """Every line of the list that is there for the visitor, in its order."""
    cursor: str | None = None
    while True:
        found = reading.docket_of(visitor.house.records, visitor.who, wanted, AT_ONCE, cursor)
        yield from found["items"]
        cursor = found["next"]
        if cursor is None:
            return


def toned(rows: Iterable[Mapping[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """The lines with `tone`: late where something is overdue, soon where it ends within SOON."""
    made = []
    for row in rows:
        due = row.get("next_due")
        ends = datetime.fromisoformat(due) if due else None
        tone = "" if ends is None or ends > now + SOON else "late" if ends < now else "soon"
        made.append({**row, "tone": tone})
    return made


def _word(kind: type[E], typed: Typed, name: str, visitor: Visitor) -> E | None:
    if not typed.get(name):
        return None
    try:
        return kind(typed.get(name))
    except ValueError:
        typed.refuse(name, visitor.say(NOT_OF_LIST))
        return None


def _due(typed: Typed, visitor: Visitor) -> datetime | None:
    """The end of the day that is named, in the house's own zone."""
    if not typed.get("due"):
        return None
    try:
        last = date.fromisoformat(typed.get("due"))
        return visitor.house.moment(datetime.combine(last + timedelta(days=1), time()))
    except (ValueError, OverflowError):
        typed.refuse("due", visitor.say(NOT_A_DAY))
        return None
