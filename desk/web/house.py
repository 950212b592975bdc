"""Which pages show this? Ledger, figures, the transparency report, and how the house is."""

from __future__ import annotations

from fastapi import APIRouter

from desk.web import house_figures, house_ledger, house_operation
from desk.web.frame import PageRoute

router = APIRouter(route_class=PageRoute, include_in_schema=False)
for part in (house_ledger.router, house_figures.router, house_operation.router):
    router.routes.extend(part.routes)
