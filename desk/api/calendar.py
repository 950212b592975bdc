"""Routes: the calendar of what is due, at an address of one's own that is a secret in itself."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from desk.api.doors import AHouse, AKey, Guard, GuardedRoute, OpenDoor
from desk.calendar import feed, visible
from desk.who import Permission, may, standing_in
from schemas.errors import Conflict, NotAllowed, NotFound
from schemas.ids import digest
from schemas.moves import Actor

router = APIRouter(route_class=GuardedRoute, tags=["calendar"])

MEDIA = "text/calendar; charset=utf-8"
Reader = Annotated[Actor, Depends(Guard(Permission.LIST_CASES))]
Address = Annotated[None, Depends(OpenDoor("the address holds a token, which opens this calendar only"))]


@router.get("/calendar/{token}.ics")
def calendar(token: str, house: AHouse, door: Address, mine: bool = False) -> Response:
    """The running clocks of the cases that the owner of the address may see; `mine`: which concern them."""
    try:
        actor = house.records.accounts.reader_of(token)
    except NotAllowed:
        raise _nothing() from None
    if not may(actor, Permission.LIST_CASES):
        raise _nothing()
    today = house.today()
    actor = standing_in(actor, house.records.absences.current(today), today)
    settings = house.office.settings
    content = feed(settings.house, settings.url, visible(house.records.docket, actor, mine=mine))
    return Response(content, media_type=MEDIA)


@router.post("/me/calendar", status_code=201)
def open_calendar(house: AHouse, actor: Reader, key: AKey) -> dict[str, Any]:
    """Make an address for calendar programs. It is shown this once; earlier ones stay good."""
    attempts, name = house.records.attempts, f"{actor.id}:{key}"
    if attempts.begin(name, actor.id, "open-calendar", digest(b"")) is not None:
        raise Conflict(
            "This key made an address already, and an address is shown once.",
            where="Idempotency-Key",
            next_step="use the address you got, or ask again with a fresh key",
        )
    token = house.records.accounts.calendar(actor.id)
    attempts.finish(name, "{}")
    path = f"/calendar/{token}.ics"
    public = house.office.settings.public_url.rstrip("/")
    return {"path": path, "address": f"{public}{path}" if public else None}


@router.post("/me/calendar/revoke")
def close_calendars(house: AHouse, actor: Reader, key: AKey) -> dict[str, int]:
    """End all calendar addresses of the one who asks."""
    return {"revoked": house.records.accounts.revoke_calendars(actor.id)}


def _nothing() -> NotFound:
    return NotFound("There is no such calendar.", next_step="make an address: rogatory calendar")
