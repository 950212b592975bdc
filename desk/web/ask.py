"""Which pages show this? The answer of the law, side by side."""

from __future__ import annotations

from fastapi import APIRouter

from desk.web.frame import PageRoute

router = APIRouter(route_class=PageRoute, include_in_schema=False)
