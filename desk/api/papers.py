"""Routes: put a document into the vault of a case, and take one out. And last of all, the case itself."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from desk import guarded, papers, reading
from desk.api.describe import takes_bytes
from desk.api.doors import AHouse, AKey, Guard, GuardedRoute, House, body_bytes, created, media_of
from desk.problems import TooLarge
from desk.refused_files import note_unread, registering
from desk.who import Permission, Sight
from schemas.ids import FILE_NAME
from schemas.moves import Actor
from schemas.request import Attachment

router = APIRouter(route_class=GuardedRoute, tags=["papers"])

Adder = Annotated[Actor, Depends(Guard(Permission.ADD_DOCUMENT))]
Reader = Annotated[Actor, Depends(Guard(Permission.SEE_CASE))]


@router.post(
    "/cases/{ref:path}/documents", status_code=201, openapi_extra=takes_bytes("application/pdf", "text/plain")
)
async def add_document(
    request: Request,
    ref: str,
    house: AHouse,
    actor: Adder,
    key: AKey,
    # Its pattern is told, and judged below: what is refused there says why, and is registered.
    name: Annotated[str, Query(min_length=1, max_length=120, json_schema_extra={"pattern": FILE_NAME})],
) -> JSONResponse:
    """Keep a document with the case, encrypted, under its digest; the answer names it in a move."""
    await run_in_threadpool(reading.require_part, house.records, actor, ref)
    media = media_of(request)
    try:
        content = await body_bytes(request, house.office.settings.attachment_limit, papers.SMALLER)
    except TooLarge as error:
        announced = request.headers.get("content-length", "")
        await run_in_threadpool(note_unread, house.records, actor, announced, "document", error, ref)
        raise
    attachment = await run_in_threadpool(_accepted, house, actor, ref, name, media, content)
    repeated = await run_in_threadpool(papers.keep, house.records, actor, ref, attachment, content, key)
    return created(attachment.model_dump(mode="json"), repeated)


def _accepted(house: House, actor: Actor, ref: str, name: str, media: str, content: bytes) -> Attachment:
    with registering(house.records, actor, content, "document", ref):
        return papers.accepted(house.office.settings, name, media, content)


@router.get("/cases/{ref:path}/documents/{digest}")
def document(ref: str, digest: str, house: AHouse, actor: Reader) -> Response:
    """One document of the case, by its digest."""
    state, _ = reading.require_sight(house.records, actor, ref, Sight.FULL)
    content = guarded.document(house.records, ref, digest)
    house.watch.note(actor, ref, f"document {digest}")
    # The name is the digest's own: names that people gave may tell more than they should.
    headers = {
        "Content-Disposition": f'attachment; filename="{digest.removeprefix("sha256:")[:16]}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(
        content,
        media_type=papers.media_of(papers.known(house.records, state), digest),
        headers=headers,
    )


@router.get("/cases/{ref:path}")
def case(ref: str, house: AHouse, actor: Reader) -> dict[str, Any]:
    """The case, as far as the actor may see it: `sight` is status, record or full. In full, also the moves
    possible now (`allowed`), those of the other side that can be recorded (`recordable`), and the name of
    the request as it stands (`draft`), for `over` in a move that amends, approves or signs it."""
    told = reading.case_of(house.records, actor, ref, house.office.moves_of)
    house.watch.note(actor, ref, f"case ({told['sight']})")
    return told
