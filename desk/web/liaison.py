"""Which pages show this? Status by either side's reference, and preservation in a hurry."""

from __future__ import annotations

from fastapi import APIRouter

from desk.web.frame import PageRoute

router = APIRouter(route_class=PageRoute, include_in_schema=False)
