"""Routes: items of evidence with their limits and their manifest; their bytes, in and out and between
houses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated, Any, TypeVar

import anyio.from_thread
from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from desk import border, evidence, evidence_door, evidence_in, reading
from desk.api.describe import takes, takes_bytes, takes_own
from desk.api.doors import AHouse, AKey, Guard, GuardedRoute, House, OpenDoor, body_as, body_bytes, json_body
from desk.custody_export import case_uco_of
from desk.fetching import FETCHING, ask_for
from desk.who import Permission, Sight
from schemas.case import CaseState
from schemas.errors import BadInput, NotAllowed, RogatoryError
from schemas.evidence import Brought, CustodyTold, Noted
from schemas.ids import digest
from schemas.moves import Actor

M = TypeVar("M", bound=BaseModel)

router = APIRouter(route_class=GuardedRoute, tags=["evidence"])

Adder = Annotated[Actor, Depends(Guard(Permission.ADD_DOCUMENT))]
Reader = Annotated[Actor, Depends(Guard(Permission.SEE_CASE))]
JOSE = "application/jose"
BYTES = "application/octet-stream"
_TICKET = re.compile(r"Ticket +([0-9a-f.]{1,200})")
_FROM = re.compile(r"bytes=([0-9]{1,15})-")


@router.get("/cases/{ref:path}/evidence")
def items(ref: str, house: AHouse, actor: Reader) -> dict[str, Any]:
    """The items of the case: limits, uses, warnings, days, manifest, and what of their bytes is here."""
    state = _whole(house, actor, ref)
    house.watch.note(actor, ref, "evidence")
    return {"ref": ref, "items": evidence.overview(house.office, state, house.today())}


@router.get("/cases/{ref:path}/evidence/{item}/held")
def held(ref: str, item: str, house: AHouse, actor: Reader) -> dict[str, Any]:
    """How much of the item's bytes is here, and whether they are being fetched."""
    state = _whole(house, actor, ref)
    what = evidence.declared(state, item)
    place = evidence.held_of(house.office).item(ref, item, what.sha256)
    return {**evidence.progress(place), **FETCHING.told(ref, item)}


@router.post("/cases/{ref:path}/evidence/{item}/notes", status_code=201, openapi_extra=takes_own(Noted))
async def add_note(
    request: Request, ref: str, item: str, house: AHouse, actor: Adder, key: AKey
) -> JSONResponse:
    """Note what happened to an item: who, when, where, why, what was done. The other house is told."""
    told = await body_as(request, Noted)
    return JSONResponse(await run_in_threadpool(_noted, house, actor, ref, item, told, key), status_code=201)


@router.post("/cases/{ref:path}/evidence/{item}/keep", openapi_extra=takes_own(Brought))
async def keep(request: Request, ref: str, item: str, house: AHouse, actor: Adder) -> dict[str, Any]:
    """Say which file is brought, by its digests, before its first byte: `next` is the byte wanted next."""
    told = await body_as(request, Brought)
    state = await run_in_threadpool(reading.require_part, house.records, actor, ref)
    return await run_in_threadpool(evidence_in.begin, house.office, actor, state, item, told)


@router.post("/cases/{ref:path}/evidence/{item}/content", openapi_extra=takes_bytes(BYTES))
async def content(
    request: Request,
    ref: str,
    item: str,
    house: AHouse,
    actor: Adder,
    brought: Annotated[str, Header(max_length=4000, description="The body of `keep`, as JSON")],
    at: Annotated[int, Query(ge=0, description="Byte from which the body begins")] = 0,
) -> dict[str, Any]:
    """The file's bytes from `at` to the end, hashed and sealed as they come."""
    told: Brought = border.typed(
        Brought, border.json_of(brought.encode(), "header.brought"), "header.brought"
    )
    state = await run_in_threadpool(reading.require_part, house.records, actor, ref)
    parts = aiter(request.stream())

    async def more() -> bytes | None:
        return await anext(parts, None)

    def pulled() -> Iterator[bytes]:
        while (part := anyio.from_thread.run(more)) is not None:
            yield part

    await run_in_threadpool(evidence_in.take, house.office, actor, state, item, told, at, pulled())
    return {"state": "whole", "size": told.size}


@router.post("/cases/{ref:path}/evidence/{item}/fetch", status_code=202)
def fetch(ref: str, item: str, house: AHouse, actor: Adder) -> dict[str, Any]:
    """Begin, or go on, fetching the item from the house that declared it; GET .../held tells how far it
    is."""
    state = reading.require_part(house.records, actor, ref)
    what = evidence.declared(state, item)
    evidence.require_bytes(what, evidence.manifest(house.office, ref, item))
    FETCHING.start(house.office, ask_for(house.office, actor, ref, item))
    return FETCHING.told(ref, item)


@router.get("/cases/{ref:path}/evidence/{item}/content")
def save(
    ref: str,
    item: str,
    house: AHouse,
    actor: Reader,
    why: Annotated[str, Query(min_length=1, max_length=500, description="What the copy is for")],
) -> Response:
    """A copy of the item's bytes. Who took it and what for is noted first, with the limits that bind them."""
    state = _whole(house, actor, ref)
    what = evidence.declared(state, item)
    place = evidence.whole_of(house.office, state, what)
    evidence.require_unnamed(house.office, ref, {"why": why})
    fields = {"handed_to": actor.id, "where": house.office.settings.name, "why": why}
    evidence.note(house.office, state, what, "released", actor, how="copied out of the house", **fields)
    about = place.about()
    headers = {
        "Content-Length": str(about.size if about else 0),
        "Content-Disposition": f'attachment; filename="{item}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return StreamingResponse(evidence.plain(place), media_type=BYTES, headers=headers)


@router.get("/cases/{ref:path}/custody/case-uco")
def case_uco(ref: str, house: AHouse, actor: Reader) -> dict[str, Any]:
    """The custody of the case and of its items as CASE/UCO JSON-LD."""
    state = _whole(house, actor, ref)
    house.watch.note(actor, ref, "custody as CASE/UCO")
    return case_uco_of(house.office, state)


# --- other houses ---------------------------------------------------------------------------------------


@router.post(
    "/exchange/evidence",
    openapi_extra=takes("evidence-ask", media=JOSE),
    dependencies=[Depends(OpenDoor("the question is signed by a house we trust"))],
)
async def exchange_ask(request: Request, house: AHouse) -> Response:
    """A house asks for an item declared to it; the answer is signed (compact JWS)."""
    asked = await body_bytes(request, evidence_door.ASK_LIMIT, "a question is shorter")
    told = await run_in_threadpool(evidence_door.answer, house.office, asked)
    return Response(told, media_type=JOSE)


@router.get(
    "/exchange/evidence/digests",
    dependencies=[Depends(OpenDoor("the ticket of our signed answer; what it opens is sealed"))],
)
def exchange_digests(request: Request, house: AHouse, ref: str, item: str) -> Response:
    """The digests of all sealed pieces of an item, 32 bytes each."""
    place, _ = evidence_door.opened(house.office, ref, item, _ticket(request))
    return Response(place.digests(), media_type=BYTES)


@router.get(
    "/exchange/evidence/pieces",
    dependencies=[Depends(OpenDoor("the ticket of our signed answer; what it opens is sealed"))],
)
def exchange_pieces(request: Request, house: AHouse, ref: str, item: str) -> Response:
    """The sealed pieces of an item, from the byte that `Range` names to the end."""
    place, about = evidence_door.opened(house.office, ref, item, _ticket(request))
    whole = evidence_door.sealed_size(about)
    found = _FROM.fullmatch(request.headers.get("range", "bytes=0-"))
    if found is None or int(found[1]) >= whole:
        raise BadInput("This range is none of the item.", where="Range", next_step="ask for bytes=N-")
    first = int(found[1])
    headers = {
        "Content-Length": str(whole - first),
        "Content-Range": f"bytes {first}-{whole - 1}/{whole}",
    }
    return StreamingResponse(place.stream(first, whole), 206, headers=headers, media_type=BYTES)


@router.get(
    "/exchange/evidence/custody",
    dependencies=[Depends(OpenDoor("the ticket of our signed answer"))],
)
def exchange_manifest(request: Request, house: AHouse, ref: str, item: str) -> dict[str, Any]:
    """Our signed entries of an item's manifest."""
    evidence_door.opened(house.office, ref, item, _ticket(request))
    return {"entries": evidence.manifest(house.office, ref, item)}


@router.post(
    "/exchange/evidence/custody",
    openapi_extra=takes("custody-told"),
    dependencies=[Depends(OpenDoor("each entry is signed by a house we trust"))],
)
async def exchange_told(request: Request, house: AHouse) -> dict[str, Any]:
    """Another house tells its signed entries of an item; those we have already do nothing."""
    value = await json_body(request)
    border.check_published("custody-told", value)
    told: CustodyTold = border.typed(CustodyTold, value)
    return {"new": await run_in_threadpool(evidence_door.absorb, house.office, told)}


def _ticket(request: Request) -> str:
    found = _TICKET.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise NotAllowed("A ticket is missing.", where="Authorization", next_step="ask first", code="ticket")
    return found[1]


def _whole(house: House, actor: Actor, ref: str) -> CaseState:
    state, _ = reading.require_sight(house.records, actor, ref, Sight.FULL)
    return state


def _noted(house: House, actor: Actor, ref: str, item: str, told: Noted, key: str) -> dict[str, Any]:
    state = reading.require_part(house.records, actor, ref)
    attempts, name = house.records.attempts, f"{actor.id}:{key}"
    what = digest(told.model_dump_json().encode())
    done = attempts.begin(name, actor.id, f"custody {ref} {item}", what)
    if done is not None:
        return {**border.json_of(done.encode()), "repeated": True}
    entry = evidence.person_notes(house.office, actor, state, item, told)
    shared = False
    with suppress(RogatoryError):
        shared = evidence_in.share(house.office, state, item)
    answer = {"number": entry.number, "event": entry.event, "shared": shared}
    attempts.finish(name, json.dumps(answer))
    return answer
