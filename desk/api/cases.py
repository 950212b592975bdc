"""Routes: file a case, list and read cases, move them, find them by either side's reference."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from desk import border, reading
from desk.api.describe import takes
from desk.api.doors import (
    ACursor,
    AHouse,
    AKey,
    ALimit,
    Guard,
    GuardedRoute,
    House,
    body_bytes,
    created,
    json_body,
    media_of,
)
from desk.filing import check_new, check_request, check_side
from desk.who import Permission
from records.docket import Filter
from schemas.errors import BadInput, NotAllowed, UnknownWord
from schemas.lifecycle import FINAL, LIFECYCLES
from schemas.moves import Actor, Amend, Arrive, FileRequest, MoveReply
from schemas.vocabulary import Kind, Role, Side
from treaties.answer_json import reason_json

router = APIRouter(route_class=GuardedRoute, tags=["cases"])

YAML = "application/yaml"
STATUSES = FINAL | {each for rules in LIFECYCLES.values() for rule in rules for each in rule.at}
Filer = Annotated[Actor, Depends(Guard(Permission.FILE_PRESERVATION))]
"""Whoever may open a case of some kind; of which one is looked at once it is read."""
AMatter = Annotated[str | None, Query(max_length=200, description="The investigation it belongs to")]
Lister = Annotated[Actor, Depends(Guard(Permission.LIST_CASES))]
Reader = Annotated[Actor, Depends(Guard(Permission.SEE_CASE))]
Mover = Annotated[Actor, Depends(Guard(Permission.MOVE_CASE))]
Reviver = Annotated[Actor, Depends(Guard(Permission.REVIVE_CASE))]
AForce = Annotated[bool, Query(description="End a running one too, and start it from the records")]


@router.post("/cases", status_code=201, openapi_extra=takes("request"))
async def file_case(
    request: Request, house: AHouse, actor: Filer, key: AKey, matter: AMatter = None
) -> JSONResponse:
    """File a request as a draft (JSON, or YAML as `application/yaml`): the case's reference, and its gaps."""
    if media_of(request) == YAML:
        made = border.request_from_yaml(await body_bytes(request, border.MAX_YAML_BYTES), "body")
    else:
        made = border.request_from_json(await json_body(request))
    filing = border.typed(FileRequest, {"request": made, "matter": matter})
    check_side(filing, house.office.settings.state)
    await _check(house, actor, filing, key)
    reply = await house.office.file(actor, filing, key)
    return await _filed(house, reply)


@router.post("/cases/arrivals", status_code=201, openapi_extra=takes("Arrive"))
async def record_arrival(request: Request, house: AHouse, actor: Filer, key: AKey) -> JSONResponse:
    """Record a request that came on paper: an incoming case, held by this house from the start."""
    body = border.move_from_json(await json_body(request))
    if not isinstance(body, Arrive):
        raise BadInput("This route takes `arrive`.", where="body.event", next_step="set event to arrive")
    check_side(body, house.office.settings.state)
    await _check(house, actor, body, key)
    reply = await house.office.file(actor, body, key)
    return await _filed(house, reply)


@router.get("/cases")
def list_cases(
    house: AHouse,
    actor: Lister,
    holder: Annotated[str | None, Query(max_length=200, description="House, function or actor")] = None,
    side: Side | None = None,
    state: Annotated[str | None, Query(pattern="^[A-Za-z]{2}$", description="The other State")] = None,
    status: Annotated[str | None, Query(max_length=40)] = None,
    due_before: datetime | None = None,
    ref: Annotated[str | None, Query(max_length=200, description="Any reference of the case")] = None,
    instrument: Annotated[str | None, Query(max_length=80)] = None,
    open_only: bool = False,
    matter: Annotated[str | None, Query(max_length=200)] = None,
    kind: Kind | None = None,
    provider: Annotated[str | None, Query(max_length=80)] = None,
    offered_to: Annotated[
        str | None, Query(max_length=200, description="Function or actor of this house")
    ] = None,
    limit: ALimit = 50,
    cursor: ACursor = None,
) -> dict[str, Any]:
    """One page of the docket, those due first: `items`, and `next`, the cursor of the page after."""
    if status is not None and status not in STATUSES:
        raise UnknownWord("status", status, STATUSES, where="status")
    wanted = Filter(
        holder=holder,
        side=side,
        state=state.upper() if state else None,
        status=status,
        due_before=house.moment(due_before),
        ref=ref,
        instrument=instrument,
        open_only=open_only,
        matter=matter,
        kind=kind,
        provider=provider,
        offered_to=offered_to,
    )
    return reading.docket_of(house.records, actor, wanted, limit, cursor)


@router.post("/cases/revive-open")
async def revive_open(house: AHouse, actor: Reviver, force: AForce = False) -> dict[str, Any]:
    """Start every open case again that is not running, from its last filed state."""
    if Role.OPERATOR not in actor.roles and actor.agency != "central-authority":
        raise NotAllowed(
            "All cases together are the central authority's.",
            where="Authorization",
            next_step="revive one by its reference, or ask the operator",
        )
    done = await house.office.revive_open(force)
    return {
        "revived": [each.ref for each in done if each.revived],
        "running": [each.ref for each in done if not each.revived],
    }


@router.post("/cases/{ref:path}/revive")
async def revive_case(
    ref: str,
    house: AHouse,
    actor: Reviver,
    force: AForce = False,
) -> dict[str, Any]:
    """Start one case again from its last filed state; one that runs is left alone."""
    if Role.OPERATOR not in actor.roles:
        await run_in_threadpool(reading.require_part, house.records, actor, ref)
    done = await house.office.revive(ref, force)
    return {"ref": done.ref, "status": done.status, "revived": done.revived, "why": done.why}


@router.post("/cases/{ref:path}/moves", openapi_extra=takes("move"))
async def move_case(request: Request, ref: str, house: AHouse, actor: Mover, key: AKey) -> JSONResponse:
    """Make one move. A refusal lists the moves that are allowed now."""
    body = border.move_from_json(await json_body(request))
    if isinstance(body, Amend):
        await _check(house, actor, body, key)
    reply = await house.office.move(actor, ref, body, key)
    return JSONResponse(reply.model_dump(mode="json"))


@router.get("/cases/{ref:path}/timeline")
def timeline(ref: str, house: AHouse, actor: Reader) -> dict[str, Any]:
    """Everything the ledger has on the case, oldest first."""
    items = reading.timeline_of(house.records, actor, ref)
    house.watch.note(actor, ref, "timeline")
    return {"items": items}


@router.get("/cases/{ref:path}/custody")
def custody(ref: str, house: AHouse, actor: Reader, verify: bool = False) -> dict[str, Any]:
    """The signed triples by which the case passed between houses; with `verify`, whether they prove it."""
    items = reading.custody_of(house.records, actor, ref)
    house.watch.note(actor, ref, "custody")
    if not verify:
        return {"items": items}
    return {"items": items, "verification": reason_json(house.office.verify_custody(ref))}


@router.get("/cases/{ref:path}/assessment")
def assessment(ref: str, house: AHouse, actor: Reader) -> dict[str, Any]:
    """The law as it was answered when the case was filed or amended, with every candidate and reason."""
    return reading.assessment_of(house.records, actor, ref)


@router.get("/references/{text:path}")
def references(text: str, house: AHouse, actor: Lister) -> dict[str, Any]:
    """The cases with this reference: ours, the other side's, a provider's, a report's or an alert's. Any but
    ours may match several."""
    return {"items": reading.by_reference(house.records, actor, text)}


async def _check(house: House, actor: Actor, body: FileRequest | Arrive | Amend, key: str) -> None:
    """Could the request be? What was answered under its key is answered again, and not judged anew."""

    def look() -> None:
        if not house.records.attempts.answered(f"{actor.id}:{key}"):
            check_request(house.registry, body, house.today())
            if isinstance(body, Arrive):
                check_new(house.records, actor, body)

    await run_in_threadpool(look)


async def _filed(house: House, reply: MoveReply) -> JSONResponse:
    state = await run_in_threadpool(house.records.states.latest, reply.ref)
    gaps = [gap.model_dump(mode="json") for gap in state.gaps]
    return created({**reply.model_dump(mode="json"), "gaps": gaps}, reply.repeated)
