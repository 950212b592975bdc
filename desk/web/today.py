"""Which pages show this? What needs me today, and what waits; and what each role does here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from desk.web.frame import ROOT, PageGuard, PageRoute, Visitor, page
from desk.web.today_heaps import heaps_of, tasks_of
from desk.who import Permission
from schemas.vocabulary import Role

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Anybody = Annotated[Visitor, Depends(PageGuard(Permission.SEE_SELF))]


@router.get(f"{ROOT}/")
def today(request: Request, visitor: Anybody) -> Response:
    """What needs this visitor, counts first."""
    heaps = heaps_of(visitor) if visitor.may(Permission.LIST_CASES) else []
    return page(
        request,
        visitor,
        "today/today.html",
        200,
        heaps=heaps,
        urgent=[heap for heap in heaps if heap.count],
        tasks=tasks_of(visitor),
        day=visitor.house.today(),
    )


@router.get(f"{ROOT}/help")
def help(request: Request, visitor: Anybody) -> Response:
    """One page of help: roles, words, whom to ask, the keyboard."""
    return page(request, visitor, "today/help.html", 200, roles=tuple(Role), mine=visitor.who.roles)
