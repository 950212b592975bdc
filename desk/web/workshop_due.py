"""Which pages show this? Facts to look up again: grown old, or recalled and never read."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from desk import reading, relying, watch
from desk.api.doors import House
from desk.web.forms import Typed
from desk.web.frame import PageGuard, PageRoute, Visitor, page
from desk.who import Permission
from treaties import stale
from treaties.stale import Due

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Weigher = Annotated[Visitor, Depends(PageGuard(Permission.SEE_IMPACT))]

PATH = "/desk/workshop/due"
ROWS = 50
SOURCES = 30
REFERENCES = 3
REFRESHED = timedelta(minutes=10)
FIELDS = ("source", "fact", "why", "in_use")


@router.get(PATH)
def due(request: Request, visitor: Weigher, start: Annotated[int, Query(ge=0, le=1_000_000)] = 0) -> Response:
    """What should be looked up, needed first; and the same by source, as one look settles many facts."""
    house = visitor.house
    form = Typed({name: [request.query_params.get(name, "")] for name in FIELDS})
    name = ("due", house.registry.edition, house.today())
    work = house.apart.fresh(name, lambda: _due(house), REFRESHED, wait=0.8)
    found: list[Due] = [one for one in work.value if _wanted(one, form)] if work.done else []
    known = reading.open_to(house.records, visitor.who)
    query = {each: form.get(each) for each in FIELDS if form.get(each)}
    after = f"{PATH}?{urlencode({**query, 'start': start + ROWS})}" if start + ROWS < len(found) else None
    return page(
        request,
        visitor,
        "workshop/due.html",
        form=form,
        work=work,
        total=len(found),
        start=start,
        rows=[_told(house, one, known) for one in found[start : start + ROWS]],
        sources=[_source(house, row) for row in stale.by_source(found)[:SOURCES]],
        more=after,
        filtered=bool(query),
    )


def _due(house: House) -> list[Due]:
    registry, today = house.registry, house.today()
    return stale.due(registry, today, watch.facts_in_use(house.records, registry, today))


def _wanted(one: Due, form: Typed) -> bool:
    if form.ticked("in_use") and not one.cases:
        return False
    why = form.get("why")
    if (why == "old" and not one.old) or (why == "memory" and not one.memory):
        return False
    if form.get("source") and form.get("source") != one.source:
        return False
    return form.get("fact").lower() in one.fact.lower()


def _told(house: House, one: Due, known: relying.Known) -> dict[str, Any]:
    source = house.registry.sources.get(one.source)
    refs = relying.among(one.cases, known)[:REFERENCES]
    title = source.title if source is not None else one.source
    return {"one": one, "title": title, "refs": refs, "cases": len(one.cases)}


def _source(house: House, row: dict[str, Any]) -> dict[str, Any]:
    source = house.registry.sources.get(row["source"])
    address = source.address if source is not None else ""
    # Only what a browser fetches: a source may also be named by something else.
    shown = address if address.startswith(("https://", "http://")) else ""
    return {**row, "title": source.title if source is not None else row["source"], "address": shown}
