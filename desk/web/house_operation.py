"""Which pages show this? How the house is, for those who run it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from desk import operation
from desk.operation import WORKER_SILENCE
from desk.web.frame import PageGuard, PageRoute, Visitor, page
from desk.who import Permission

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Operator = Annotated[Visitor, Depends(PageGuard(Permission.SEE_OPERATION))]


@router.get("/desk/operation")
async def health(request: Request, visitor: Operator) -> Response:
    """Database, engine, workers, queue, carriers, clocks, letters, backups, disk and releases."""
    house = visitor.house
    engine = await house.office.engine()
    stand = await run_in_threadpool(operation.stand, house)
    survey = await run_in_threadpool(operation.survey, house)
    workers = engine.workers or {}
    silent = [name for name, seen in workers.items() if stand.now - seen > WORKER_SILENCE]
    return await run_in_threadpool(
        page,
        request,
        visitor,
        "house/operation.html",
        engine=engine,
        stand=stand,
        survey=survey,
        workers=sorted(workers.items()),
        silent=silent,
        edition=house.registry.edition,
        day=house.today(),
    )
