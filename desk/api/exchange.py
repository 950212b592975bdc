"""Routes without a token: letters of other houses (their signature stands in its place), and our health."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from desk import inbound
from desk.api.describe import takes
from desk.api.doors import AHouse, GuardedRoute, OpenDoor, body_bytes
from desk.problems import TooLarge
from desk.refused_files import note_unread
from schemas.errors import Unavailable
from schemas.moves import Actor

router = APIRouter(route_class=GuardedRoute, tags=["exchange"])

SMALLER = "send a smaller document, or by another way and name it by digest"


@router.post(
    "/exchange",
    openapi_extra=takes("parcel"),
    dependencies=[Depends(OpenDoor("the envelope is signed by a house we trust; desk.inbound verifies it"))],
)
async def exchange(request: Request, house: AHouse) -> Response:
    """Take in a parcel of another house; the answer is our signed receipt (compact JWS)."""
    settings = house.office.settings
    try:
        content = await body_bytes(request, settings.body_limit, SMALLER)
    except TooLarge as error:
        actor, announced = Actor(id="house", house=settings.house), request.headers.get("content-length", "")
        await run_in_threadpool(note_unread, house.records, actor, announced, "parcel", error)
        raise
    status, receipt = await inbound.receive(house.office, content)
    if receipt is None:
        # No receipt, so nothing was taken in: the sender keeps the message and tries again.
        raise Unavailable(
            "A part of this house does not answer now.", where="/exchange", next_step="send the parcel again"
        )
    return Response(receipt, status_code=status, media_type=inbound.RECEIPT_TYPE)


@router.get(
    "/health",
    dependencies=[Depends(OpenDoor("it tells nothing but that we are up, and which law we hold"))],
)
def health(house: AHouse) -> dict[str, Any]:
    """Is the house up, which one is it, and which edition of the law does it answer from?"""
    settings = house.office.settings
    return {
        "status": "up",
        "house": settings.house,
        "name": settings.name,
        "state": settings.state,
        "edition": house.registry.edition,
    }
