"""Which pages show this? Ledger, health, figures and the transparency report."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from desk.web import house_figures, house_ledger
from desk.web.frame import PageGuard, PageRoute, Visitor, page
from desk.who import Permission

router = APIRouter(route_class=PageRoute, include_in_schema=False)
for part in (house_ledger.router, house_figures.router):
    router.routes.extend(part.routes)

Operator = Annotated[Visitor, Depends(PageGuard(Permission.SEE_OPERATION))]


@router.get("/desk/operation")
def operation(request: Request, visitor: Operator) -> Response:
    """Is the house well?"""
    return page(request, visitor, "house/operation.html")
