"""Routes: who is away, and who stands in."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool

from desk import absence
from desk.api.describe import takes_own
from desk.api.doors import AHouse, AKey, Guard, GuardedRoute, body_as, created
from desk.who import Permission
from schemas.ids import Name
from schemas.moves import Actor

router = APIRouter(route_class=GuardedRoute, tags=["house"])

Keeper = Annotated[Actor, Depends(Guard(Permission.KEEP_ABSENCES))]


class AbsenceBody(BaseModel):
    """`account` is away from the day `since` until `until`, the first day back (null: not known)."""

    model_config = ConfigDict(extra="forbid")

    account: Name
    deputy: Name
    since: date
    until: date | None = None


@router.get("/absences")
def absences(house: AHouse, actor: Keeper) -> dict[str, Any]:
    """Who is away now or will be, and who stands in."""
    return {"items": [absence.told(each) for each in house.records.absences.current(house.today())]}


@router.post("/absences", status_code=201, openapi_extra=takes_own(AbsenceBody))
async def record_absence(request: Request, house: AHouse, actor: Keeper, key: AKey) -> JSONResponse:
    """Record an absence: one's own, or as approver or operator that of another."""
    body = await body_as(request, AbsenceBody)
    made = await run_in_threadpool(
        absence.record, house, actor, body.account, body.deputy, body.since, body.until
    )
    return created(absence.told(made))


@router.post("/absences/{number}/end")
def end_absence(number: int, house: AHouse, actor: Keeper, key: AKey) -> dict[str, Any]:
    """Back today. One that had not begun yet is taken away."""
    ended = absence.end(house, actor, number)
    return {**absence.told(ended), "ended": house.today().isoformat()}
