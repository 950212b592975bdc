"""Which pages show this? Lists of cases, search, saved views and exports."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from desk import reading
from desk.web import law_names
from desk.web.docket_filter import NAMES, address_of, filter_of, lines_of, toned, typed_of
from desk.web.docket_sheets import csv_of, xlsx_of
from desk.web.forms import Typed, taken
from desk.web.frame import ROOT, PageGuard, PageRoute, Visitor, case_path, onward, page
from desk.web.words import N_
from desk.who import Permission
from schemas.errors import BadInput
from schemas.lifecycle import FINAL, LIFECYCLES
from schemas.vocabulary import Kind, Side

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Lister = Annotated[Visitor, Depends(PageGuard(Permission.LIST_CASES))]

ON_A_PAGE = 50
LONGEST = 200
CASES = f"{ROOT}/cases"
STATUSES = sorted(FINAL | {each for rules in LIFECYCLES.values() for rule in rules for each in rule.at})
ATTENTION = (
    *("law-moved", "second-approval", "due-soon", "missed", "question", "handoff-overdue", "post-by-hand"),
    *("outcome-unknown", "not-relayed", "refused", "rights", "sent-back"),
)
"""Codes by which the list can be narrowed; the rest stand on the cases themselves."""

NAMELESS = N_("Write a name under which this list is kept.")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get(CASES)
def cases(request: Request, visitor: Lister) -> Response:
    """The list, narrowed by what stands in the address."""
    return _list(request, visitor, typed_of(request))


@router.post(CASES)
async def keep_view(request: Request, visitor: Lister) -> Response:
    """Keeps the filter of the list under a name, or forgets such a view."""
    typed = await taken(request)
    views, query = visitor.house.records.saved_views, address_of(typed)
    if typed.get("act") == "forget":
        await run_in_threadpool(views.delete, visitor.who.id, typed.get("view"))
        return onward(f"{CASES}?{query}" if query else CASES)
    if typed.needs(visitor, {"view": NAMELESS}):
        try:
            await run_in_threadpool(views.save, visitor.who.id, typed.get("view"), query)
        except BadInput as error:
            typed.refuse_error(visitor, error, {"name": "view"})
    if not typed.ok:
        return await run_in_threadpool(_list, request, visitor, typed)
    return onward(f"{CASES}?{query}" if query else CASES)


@router.get(f"{CASES}.csv")
def as_csv(request: Request, visitor: Lister) -> Response:
    """Every case of the filtered list as CSV, however many."""
    typed = typed_of(request)
    wanted = filter_of(typed, visitor)
    if not typed.ok:
        return _list(request, visitor, typed)
    rows = lines_of(visitor, wanted)
    return StreamingResponse(
        csv_of(rows), media_type="text/csv; charset=utf-8", headers=_as_file("cases.csv")
    )


@router.get(f"{CASES}.xlsx")
def as_xlsx(request: Request, visitor: Lister) -> Response:
    """Every case of the filtered list as a workbook, however many."""
    typed = typed_of(request)
    wanted = filter_of(typed, visitor)
    if not typed.ok:
        return _list(request, visitor, typed)
    rows = lines_of(visitor, wanted)
    return StreamingResponse(xlsx_of(rows), media_type=XLSX, headers=_as_file("cases.xlsx"))


@router.get(f"{ROOT}/find")
def find(request: Request, visitor: Lister, q: str = "") -> Response:
    """The case of this reference, ours or another's; a list where several have it."""
    sought = q.strip()[:LONGEST]
    found = reading.by_reference(visitor.house.records, visitor.who, sought) if sought else []
    if len(found) == 1:
        return onward(case_path(found[0]["ref"]))
    return page(
        request, visitor, "docket/found.html", 200, sought=sought, rows=toned(found, datetime.now(UTC))
    )


def _list(request: Request, visitor: Visitor, typed: Typed) -> Response:
    wanted = filter_of(typed, visitor)
    found: dict[str, Any] = {"items": [], "next": None}
    if typed.ok or typed.get("act"):
        cursor = typed.get("cursor") or None
        try:
            found = reading.docket_of(visitor.house.records, visitor.who, wanted, ON_A_PAGE, cursor)
        except BadInput as error:
            typed.refuse_error(visitor, error)
    query, registry = address_of(typed), visitor.house.registry
    return page(
        request,
        visitor,
        "docket/cases.html",
        200 if typed.ok else 422,
        form=typed,
        rows=toned(found["items"], datetime.now(UTC)),
        next=address_of(typed, cursor=found["next"]) if found["next"] else "",
        query=query,
        query_fields=[(name, typed.get(name)) for name in NAMES if typed.get(name)],
        narrowed=any(typed.get(name) for name in NAMES),
        views=visitor.house.records.saved_views.of(visitor.who.id),
        kinds=tuple(Kind),
        sides=tuple(Side),
        statuses=STATUSES,
        attention=ATTENTION,
        states=law_names.states(registry, visitor.language),
        providers=law_names.providers(registry),
    )


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
