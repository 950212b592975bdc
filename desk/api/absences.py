"""Routes: who is away, and who stands in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool

from desk.api.describe import takes_own
from desk.api.doors import AHouse, AKey, Guard, GuardedRoute, House, body_as, created
from desk.who import Permission, require_absence_of
from records.absences import Absence
from records.references import HOUSE
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
    return {"items": [_told(each) for each in house.records.absences.current(house.today())]}


@router.post("/absences", status_code=201, openapi_extra=takes_own(AbsenceBody))
async def record_absence(request: Request, house: AHouse, actor: Keeper, key: AKey) -> JSONResponse:
    """Record an absence: one's own, or as approver or operator that of another."""
    body = await body_as(request, AbsenceBody)
    require_absence_of(actor, body.account)
    return created(await run_in_threadpool(_record, house, actor, body))


@router.post("/absences/{number}/end")
def end_absence(number: int, house: AHouse, actor: Keeper, key: AKey) -> dict[str, Any]:
    """Back today. One that had not begun yet is taken away."""
    absence = house.records.absences.one(number)
    require_absence_of(actor, absence.account)
    house.records.absences.end(number, house.today())
    _note(house, actor, "absence-ended", absence)
    return {**_told(absence), "ended": house.today().isoformat()}


def _record(house: House, actor: Actor, body: AbsenceBody) -> dict[str, Any]:
    made = house.records.absences.add(body.account, body.deputy, body.since, body.until, actor.id)
    _note(house, actor, "absence-recorded", made)
    return _told(made)


def _note(house: House, actor: Actor, event: str, absence: Absence) -> None:
    house.records.ledger.note(HOUSE, actor, event, _told(absence), datetime.now(UTC))


def _told(absence: Absence) -> dict[str, Any]:
    return {
        "number": absence.number,
        "account": absence.account,
        "deputy": absence.deputy,
        "since": absence.since.isoformat(),
        "until": absence.until.isoformat() if absence.until else None,
        "recorded_by": absence.recorded_by,
    }
