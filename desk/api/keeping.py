"""Routes: how long a case is kept, and how two persons erase it for good."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool

from desk import reading
from desk.api.describe import takes_own
from desk.api.doors import AHouse, AKey, Guard, GuardedRoute, body_as
from desk.refusals import unseen
from desk.who import Permission
from records.cases import Kept
from schemas.errors import NotAllowed, NotFound
from schemas.moves import Actor
from schemas.request import Passage

router = APIRouter(route_class=GuardedRoute, tags=["keeping"])

Eraser = Annotated[Actor, Depends(Guard(Permission.ERASE_CASE))]


class ErasureBody(BaseModel):
    """Why a case is to be erased; before its retention has run out the reason is what allows it."""

    model_config = ConfigDict(extra="forbid")

    reason: Passage


@router.post("/cases/{ref:path}/erasure", status_code=202, openapi_extra=takes_own(ErasureBody))
async def request_erasure(
    request: Request, ref: str, house: AHouse, actor: Eraser, key: AKey
) -> dict[str, Any]:
    """Ask, as the first person, that a closed case be erased. Another person confirms."""
    body = await body_as(request, ErasureBody)
    await run_in_threadpool(reading.require_part, house.records, actor, ref)
    cases = house.records.cases
    await run_in_threadpool(cases.request_erasure, ref, actor, body.reason, datetime.now(UTC))
    return _kept(await run_in_threadpool(cases.kept, ref))


@router.post("/cases/{ref:path}/erasure/confirm")
async def confirm_erasure(ref: str, house: AHouse, actor: Eraser, key: AKey) -> dict[str, Any]:
    """Confirm as the second person: the key of the case is destroyed; the signed certificate stays."""
    kept = await run_in_threadpool(_kept_for, house.records.cases.kept, ref, actor)
    confirm = house.records.cases.confirm_erasure
    certificate = await run_in_threadpool(confirm, kept.ref, actor, house.office.sign, datetime.now(UTC))
    return {"ref": ref, "certificate": certificate}


@router.get("/cases/{ref:path}/erasure")
def erasure(ref: str, house: AHouse, actor: Eraser) -> dict[str, Any]:
    """How the case is kept: retention, hold, when it may be erased, who asked for it, the certificate."""
    cases = house.records.cases
    kept = _kept_for(cases.kept, ref, actor)
    certificate = cases.certificate(ref) if kept.erased else None
    return {**_kept(kept), "certificate": certificate}


@router.get("/erasures/due")
def due(house: AHouse, actor: Eraser, on: date | None = None) -> dict[str, Any]:
    """Closed cases past their retention on a day (today if not said), longest overdue first."""
    found = house.records.cases.due_for_erasure(on or house.today())
    return {"items": [_kept(each) for each in found if actor.agency == "central-authority"]}


def _kept_for(kept: Any, ref: str, actor: Actor) -> Kept:
    """An erased case has nothing left to judge by who may see it, so the central authority alone does."""
    if actor.agency != "central-authority":
        raise NotAllowed(
            "Erasing is the central authority's.",
            where=ref,
            next_step="ask an officer of the central authority",
        )
    try:
        found: Kept = kept(ref)
    except NotFound:
        raise unseen(ref) from None
    return found


def _kept(kept: Kept) -> dict[str, Any]:
    return {
        "ref": kept.ref,
        "retention": kept.retention,
        "opened": kept.opened.isoformat(),
        "closed": kept.closed.isoformat() if kept.closed else None,
        "hold": kept.hold,
        "due": kept.due.isoformat() if kept.due else None,
        "requested_by": kept.erasure_requested_by,
        "erased": kept.erased.isoformat() if kept.erased else None,
    }
