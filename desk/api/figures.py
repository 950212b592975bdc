"""Routes: how long requests take and what comes of them, what may be published, and how the house is."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from desk import figures, operation, transparency
from desk.api.doors import AHouse, Guard, GuardedRoute, House
from desk.figures import Collected, Wanted
from desk.web import report_sheets as told
from desk.web.words import ENGLISH, LANGUAGES, catalog
from desk.who import Permission
from schemas.errors import Unavailable, UnknownWord
from schemas.moves import Actor
from schemas.vocabulary import Kind, Side

router = APIRouter(route_class=GuardedRoute, tags=["house"])

Reader = Annotated[Actor, Depends(Guard(Permission.SEE_FIGURES))]
Operator = Annotated[Actor, Depends(Guard(Permission.SEE_OPERATION))]
AYear = Annotated[int, Query(ge=1900, le=9999, description="In which the requests were opened.")]

PATIENCE = 20.0
"""Seconds that a caller waits for what is collected for the first time."""


@router.get("/figures")
def shown(
    house: AHouse,
    actor: Reader,
    year: AYear | None = None,
    kind: Kind | None = None,
    side: Side | None = None,
) -> dict[str, Any]:
    """Times with their samples, refusals and their grounds, results, outcomes. Days; null is not known."""
    collected = _collected(house)
    wanted = Wanted(year, kind.value if kind else None, side.value if side else None)
    made = asdict(figures.summary_of(collected, wanted))
    return {"as_of": collected.at.isoformat(), "years": collected.years, **made}


@router.get("/figures/report")
def report(
    house: AHouse,
    actor: Reader,
    year: AYear,
    format: Literal["json", "csv", "pdf"] = "json",
    language: Annotated[str, Query(max_length=8)] = ENGLISH,
) -> Response:
    """What may be published of a year. Small numbers, and what would tell them, are left out: null, empty."""
    if language not in LANGUAGES:
        raise UnknownWord("language", language, LANGUAGES, where="language")
    made = transparency.report_of(_collected(house), year, house.today().year)
    if format == "json":
        return JSONResponse(asdict(made))
    say = catalog(language).gettext
    sheets = told.sheets(made, say, told.names(house.registry, language))
    if format == "csv":
        return Response(told.as_csv(sheets, say), media_type="text/csv; charset=utf-8")
    content = told.as_pdf(made, sheets, say, language, house.office.settings, house.today())
    return Response(content, media_type="application/pdf")


@router.get("/operation")
async def health(request: Request, house: AHouse, actor: Operator) -> dict[str, Any]:
    """Database, engine, workers, queue, carriers, clocks, letters, backup, disk, releases; null: unknown."""
    engine = await house.office.engine()
    stand = await run_in_threadpool(operation.stand, house)
    survey = await run_in_threadpool(operation.survey, house, PATIENCE)
    workers, queue = engine.workers, engine.queue
    made = asdict(survey.value) if survey.done else None
    for road in made["roads"] if made is not None else ():
        road["ways"] = sorted(road["ways"])
    return {
        **asdict(stand),
        "engine": {"answers": engine.answers, "version": engine.version or None},
        "workers": None if workers is None else {name: at.isoformat() for name, at in workers.items()},
        "queue": None
        if queue is None
        else {"waiting": queue.waiting, "oldest": queue.oldest.total_seconds()},
        "letters": made,
        "edition": house.registry.edition,
    }


def _collected(house: House) -> Collected:
    work = figures.figures(house, wait=PATIENCE)
    if not work.done:
        raise Unavailable("The figures are being collected.", next_step="ask again in a minute")
    collected: Collected = work.value
    return collected
