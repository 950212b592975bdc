"""Routes: the treaty desk's workshop. Propose a change of the law, see what it does, decide, look back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from desk import border, depositary, reading, relying, watch
from desk.api.describe import takes_bytes, takes_own
from desk.api.doors import (
    AHouse,
    AKey,
    ALimit,
    Guard,
    GuardedRoute,
    House,
    body_as,
    body_bytes,
    created,
    media_of,
)
from desk.depositary import Sheet
from desk.problems import WrongForm
from desk.refused_files import registering
from desk.who import Permission, may
from schemas.errors import UnknownWord
from schemas.ids import Key
from schemas.moves import Actor
from schemas.request import Passage
from schemas.vocabulary import Kind, Measure
from treaties import exporting, stale, sweep
from treaties.draft import Draft, draft_of
from treaties.sweep import Asked

router = APIRouter(route_class=GuardedRoute, tags=["workshop"])

YAML = "application/yaml"
JSON = "application/json"

Viewer = Annotated[Actor, Depends(Guard(Permission.SEE_WORKSHOP))]
Weigher = Annotated[Actor, Depends(Guard(Permission.SEE_IMPACT))]
Proposer = Annotated[Actor, Depends(Guard(Permission.PROPOSE_LAW))]
Decider = Annotated[Actor, Depends(Guard(Permission.DECIDE_LAW))]
Watcher = Annotated[Actor, Depends(Guard(Permission.KEEP_WATCH))]
Asker = Annotated[Actor, Depends(Guard(Permission.ASK_LAW))]
Title = Annotated[str, Query(max_length=200)]


class AcceptanceBody(BaseModel):
    """A remark on accepting a change; it stays in the history."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(max_length=2000)] = ""


class RefusalBody(BaseModel):
    """Why a change is refused, or withdrawn by the one who proposed it."""

    model_config = ConfigDict(extra="forbid")

    reason: Passage


@router.post(
    "/registry/proposals",
    status_code=201,
    openapi_extra=takes_bytes(JSON, YAML, *sorted(depositary.MEDIA)),
)
async def propose(
    request: Request,
    house: AHouse,
    actor: Proposer,
    key: AKey,
    name: Annotated[str, Query(max_length=200, description="Of the file, to name places in it")] = "",
    title: Title = "",
    reason: Annotated[str, Query(max_length=4000)] = "",
    instrument: Annotated[str, Query(max_length=80, description="Of a table: what its rows are about")] = "",
    source: Annotated[str, Query(max_length=80, description="Of a table: key of its source")] = "",
    source_title: Title = "",
    source_address: Annotated[str, Query(max_length=400)] = "",
    checked: Annotated[str, Query(max_length=10)] = "",
    correct: bool = False,
) -> JSONResponse:
    """Propose a change: a draft as JSON or YAML, or a depositary's table (CSV, XLSX). All of it passes, or
    nothing is kept and every fault is told with its place. Nothing counts before a second person accepts."""
    media = media_of(request)
    content = await body_bytes(request, house.office.settings.body_limit)
    sheet = Sheet(content, media, instrument, source, source_title, source_address, checked, correct)
    heading = title or f"{name or 'table'}: {instrument}"
    draft = await run_in_threadpool(_brought, house, actor, sheet, name or "draft", heading, reason)
    made = await run_in_threadpool(
        lambda: house.workshop.propose(actor, draft, key, skip_known=media in depositary.MEDIA)
    )
    return created(made, bool(made["repeated"]))


@router.get("/registry/proposals")
def proposals(
    house: AHouse,
    actor: Viewer,
    status: Literal["open", "accepted", "refused"] | None = None,
    limit: ALimit = 50,
    cursor: Annotated[int | None, Query(ge=1, description="`next` of the page before.")] = None,
) -> dict[str, Any]:
    """Changes proposed in this house, the newest first."""
    return house.workshop.listed(status, limit, cursor)


@router.get("/registry/proposals/{number}")
def proposal(number: int, house: AHouse, actor: Viewer) -> dict[str, Any]:
    """One of them, with its rows."""
    return house.workshop.shown(number)


@router.get("/registry/proposals/{number}/difference")
def difference(number: int, house: AHouse, actor: Viewer) -> dict[str, Any]:
    """What it changes, fact by fact; `faults` where it no longer fits what was accepted meanwhile."""
    return house.workshop.difference(number)


@router.get("/registry/proposals/{number}/impact")
def impact(number: int, house: AHouse, actor: Weigher) -> dict[str, Any]:
    """Which ordered pairs of States gain or lose which basis from which day; how many open cases rely on it
    (`cases_total`), and which (`cases`: those the caller may see)."""
    return relying.impact_for(relying.impact_of(house, number), reading.open_to(house.records, actor))


@router.post("/registry/proposals/{number}/accept", openapi_extra=takes_own(AcceptanceBody))
async def accept(request: Request, number: int, house: AHouse, actor: Decider, key: AKey) -> JSONResponse:
    """Accept it as a second person: it counts from now on, as a new edition, and cases are told."""
    body = await body_as(request, AcceptanceBody)
    done = await run_in_threadpool(house.workshop.accept, number, actor, key, body.reason)
    told = BackgroundTask(watch.one_round, house.office, house.editions)
    return JSONResponse(done, background=told)


@router.post("/registry/proposals/{number}/refuse", openapi_extra=takes_own(RefusalBody))
async def refuse(request: Request, number: int, house: AHouse, actor: Decider, key: AKey) -> dict[str, Any]:
    """Refuse it with a reason; the one who proposed it withdraws it so."""
    body = await body_as(request, RefusalBody)
    return await run_in_threadpool(house.workshop.refuse, number, actor, key, body.reason)


@router.get("/registry/history")
def history(house: AHouse, actor: Viewer, known_on: date | None = None) -> dict[str, Any]:
    """Every edition that counted here and every change decided, the newest first."""
    return house.workshop.history(known_on)


@router.get("/registry/difference")
def learned(
    house: AHouse, actor: Viewer, known_on: date, limit: Annotated[int, Query(ge=1, le=5000)] = 1000
) -> dict[str, Any]:
    """What is believed now and was not on that day."""
    return house.workshop.learned(known_on, limit)


@router.get("/registry/what-if")
def what_if(
    house: AHouse,
    actor: Asker,
    add: Annotated[list[str] | None, Query(description="`KR budapest in-force 2027-01-01`")] = None,
    drop: Annotated[list[str] | None, Query(description="Id of a fact that is not to count")] = None,
    known_on: date | None = None,
) -> dict[str, Any]:
    """Which pairs would gain or lose which basis; nothing is changed."""
    return house.workshop.what_if(add or [], drop or [], known_on)


@router.get("/registry/export")
def export(
    house: AHouse, actor: Viewer, format: Literal["json", "csv"] = "json", known_on: date | None = None
) -> StreamingResponse:
    """The whole registry as it counts here: one JSON document, or a table with one fact a row."""
    registry = house.workshop.registry(known_on)
    name = f"registry-{registry.edition.removeprefix('sha256:')[:12]}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if format == "csv":
        return StreamingResponse(exporting.as_csv(registry), media_type="text/csv", headers=headers)
    return StreamingResponse(_pieces(exporting.as_json(registry)), media_type=JSON, headers=headers)


@router.get("/registry/stale")
def due(
    house: AHouse, actor: Weigher, on: date | None = None, limit: ALimit = 50, in_use: bool = False
) -> dict[str, Any]:
    """Facts that nobody checked for a year, and recalled ones that open cases rely on: those needed first.

    `in_use`: only facts that open cases rely on. `cases_total`: how many; `cases`: those the caller may see.
    """
    today = on or house.today()
    registry = house.registry
    used = watch.facts_in_use(house.records, registry, house.today())
    found = [one for one in stale.due(registry, today, used) if one.cases or not in_use]
    known = reading.open_to(house.records, actor)
    return {
        "on": today.isoformat(),
        "total": len(found),
        "items": [relying.due_for(one, known) for one in found[:limit]],
        "sources": stale.by_source(found)[:limit],
    }


@router.get("/registry/sweep")
def sweep_of(
    house: AHouse,
    actor: Asker,
    state: Annotated[str, Query(pattern="^[A-Za-z]{2}$", description="One side of every pair")],
    measure: Annotated[list[Measure], Query(min_length=1)],
    kind: Kind = Kind.MLA,
    offence: Annotated[list[Key] | None, Query()] = None,
    on: date | None = None,
    known_on: date | None = None,
) -> dict[str, Any]:
    """The best basis of one State with every other, in both directions, and where there is none. The whole
    world at once is a matter for the command line."""
    registry, code = house.registry, state.upper()
    if code not in registry.jurisdictions:
        raise UnknownWord("state", state, registry.jurisdictions, where="state")
    asked = Asked(kind, tuple(measure), on or house.today(), known_on, tuple(offence or ()))
    others = [other for other in sweep.jurisdictions(registry) if other != code]
    pairs = sweep.row(registry, asked, code, others)
    pairs += [sweep.pair(registry, asked, other, code) for other in others]
    return {"edition": registry.edition, "pairs": [asdict(one) for one in pairs]}


@router.post("/registry/watch")
async def watch_now(house: AHouse, actor: Watcher, key: AKey) -> dict[str, Any]:
    """Tell the open cases that rely on an accepted change now, instead of in the next round."""
    told = await watch.watch(house.office, house.editions)
    # Whoever exports the ledger knows every reference, and has to mend what was not reached.
    keeps = may(actor, Permission.EXPORT_LEDGER)
    known = None if keeps else await run_in_threadpool(reading.open_to, house.records, actor)
    unreached = {ref: told.unreached[ref] for ref in relying.among(told.unreached, known)}
    return {
        "cases": relying.among(told.cases, known),
        "cases_total": len(told.cases),
        "unreached": unreached,
        "unreached_total": len(told.unreached),
        "settled": list(told.settled),
    }


def _brought(house: House, actor: Actor, sheet: Sheet, name: str, title: str, reason: str) -> Draft:
    """The draft in a body or a table; one that is refused is registered."""
    with registering(house.records, actor, sheet.content, "change of the law"):
        if sheet.media in depositary.MEDIA:
            return depositary.draft_of(sheet, house.registry, title, reason)
        return _draft(sheet.content, sheet.media, name)


def _draft(content: bytes, media: str, name: str) -> Draft:
    """The draft in a body. Raises BadInput, UnknownWord with the place."""
    if media in (JSON, ""):
        return draft_of(border.json_of(content, name), lambda path: f"{name}: {'.'.join(path)}")
    if media != YAML:
        raise WrongForm(
            f"{media} is no change of the law.",
            where="Content-Type",
            next_step=f"send {JSON}, {YAML} or a table ({', '.join(sorted(depositary.MEDIA))})",
        )
    tree, lines = border.tree_from_yaml(content, name)
    return draft_of(tree, lambda path: f"{name}:{border.line_of(lines, path)}")


def _pieces(whole: dict[str, Any]) -> Iterator[str]:
    """The document section by section: as small as need be, and no smaller."""
    start = "{"
    for name, section in whole.items():
        yield f"{start}{json.dumps(name)}: {json.dumps(section, ensure_ascii=False)}"
        start = ", "
    yield "}\n"
