"""Which pages show this? Investigations of the house; one of them with all its requests and clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from desk import matters
from desk.web.frame import PageGuard, PageRoute, Visitor, page
from desk.who import Permission

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Lister = Annotated[Visitor, Depends(PageGuard(Permission.LIST_CASES))]
ACursor = Annotated[str | None, Query(max_length=2000)]

AT_ONCE = 50
MOST_DRAWN = 40
WIDTH, LEFT, RIGHT, ROW = 980, 30, 30, 22
SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Dot:
    """One running clock on the line. `row`: how deep its sign stands, where several end close together."""

    x: float
    row: int
    number: int
    tone: str
    clock: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """All clocks of a matter on one line of time."""

    dots: Sequence[Dot]
    now: float
    height: int
    ticks: Sequence[tuple[float, datetime]]
    left_out: int
    width: int = WIDTH
    left: int = LEFT
    right: int = WIDTH - RIGHT
    axis: int = 34


@router.get("/desk/matters")
def every(request: Request, visitor: Lister, cursor: ACursor = None) -> Response:
    """The matters in which the visitor may see a case."""
    found = matters.matters_of(visitor.house.records, visitor.who, AT_ONCE, cursor)
    more = f"/desk/matters?{urlencode({'cursor': found['next']})}" if found["next"] else None
    return page(
        request, visitor, "matters/matters.html", items=found["items"], more=more, now=datetime.now(UTC)
    )


@router.get("/desk/matter")
def one(request: Request, visitor: Lister, name: Annotated[str, Query(max_length=200)]) -> Response:
    """One matter: its requests, and every clock that runs in them."""
    now = datetime.now(UTC)
    told = matters.matter_of(visitor.house.records, visitor.who, name, now)
    return page(
        request,
        visitor,
        "matters/matter.html",
        matter=told["matter"],
        items=told["items"],
        clocks=told["clocks"],
        line=line_of(told["clocks"], now),
        now=now,
    )


def line_of(clocks: Sequence[Mapping[str, Any]], now: datetime) -> Line | None:
    """The clocks on one line, those due first. None where none runs."""
    drawn = list(clocks[:MOST_DRAWN])
    if not drawn:
        return None
    dues = [datetime.fromisoformat(each["due"]) for each in drawn]
    first, last = min(now, *dues), max(now, *dues) + timedelta(days=1)
    room = WIDTH - LEFT - RIGHT
    whole = (last - first).total_seconds()

    def at(moment: datetime) -> float:
        return round(LEFT + room * (moment - first).total_seconds() / whole, 1)

    rows: list[float] = []
    dots = []
    for number, (clock, due) in enumerate(zip(drawn, dues, strict=True), start=1):
        x = at(due)
        row = next((depth for depth, taken in enumerate(rows) if x - taken >= ROW), len(rows))
        rows[row : row + 1] = [x]
        tone = "missed" if due < now else "soon" if due - now < SOON else "running"
        dots.append(Dot(x, row, number, tone, clock))
    ticks = [(at(first + (last - first) * part / 5), first + (last - first) * part / 5) for part in range(6)]
    return Line(dots, at(now), 60 + ROW * len(rows), ticks, len(clocks) - len(drawn))
