"""Route: how the letters of a case travel, and what a person must do for those that wait for one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from desk import reading
from desk.api.doors import AHouse, Guard, GuardedRoute
from desk.notifying import notification_of
from desk.post import letters_out
from desk.who import Permission, Sight
from schemas.errors import NotFound
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


@router.get("/cases/{ref:path}/notification")
def notification(ref: str, house: AHouse, actor: Reader) -> dict[str, Any]:
    """The authority to be told of an order on a provider: who, how, and the time that runs. Raises NotFound
    where nobody is to be told."""
    state, _ = reading.require_sight(house.records, actor, ref, Sight.FULL)
    told = notification_of(house.registry, state, house.today())
    if told is None:
        raise NotFound(
            "No authority is to be told of this case.",
            where=ref,
            next_step="nothing: it is due once an order for traffic or content data left for a provider",
            code="nothing-to-notify",
        )
    house.watch.note(actor, ref, "notification")
    return told
