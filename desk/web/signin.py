"""Which pages show this? Signing in and out, and one's own account."""

from __future__ import annotations

from fastapi import APIRouter

from desk.web.frame import PageRoute

router = APIRouter(route_class=PageRoute, include_in_schema=False)
