"""Which pages show this? What needs me today, and what waits."""

from __future__ import annotations

from fastapi import APIRouter

from desk.web.frame import PageRoute

router = APIRouter(route_class=PageRoute, include_in_schema=False)
