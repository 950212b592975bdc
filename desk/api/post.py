"""Route: how the letters of a case travel, and what a person must do for those that wait for one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from desk import reading
from desk.api.doors import AHouse, Guard, GuardedRoute
from desk.post import letters_out
from desk.who import Permission, Sight
from schemas.moves import Actor

router = APIRouter(route_class=GuardedRoute, tags=["letters"])

Reader = Annotated[Actor, Depends(Guard(Permission.SEE_CASE))]
AMessage = Annotated[str | None, Query(max_length=200, description="Only this letter")]


@router.get("/cases/{ref:path}/post")
def post(ref: str, house: AHouse, actor: Reader, message: AMessage = None) -> dict[str, Any]:
    """Every letter of the case that goes out, newest first: its way and why, its stages, steps by hand."""
    state, _ = reading.require_sight(house.records, actor, ref, Sight.FULL)
    office = house.office
    items = letters_out(house.records, office.settings, office.trust, state, message)
    house.watch.note(actor, ref, "post")
    return {"items": items}
