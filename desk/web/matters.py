"""Which pages show this? One investigation with all its requests and clocks."""

from __future__ import annotations

from fastapi import APIRouter

from desk.web.frame import PageRoute

router = APIRouter(route_class=PageRoute, include_in_schema=False)
