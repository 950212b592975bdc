"""Routes: put a document into the vault of a case, and take one out. And last of all, the case itself."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from desk import border, reading
from desk.api.describe import takes_bytes
from desk.api.doors import AHouse, AKey, Guard, GuardedRoute, House, body_bytes, created, media_of
from desk.enclosures import check_name
from desk.pictures import INSTEAD, is_picture
from desk.problems import WrongForm
from desk.refused_hashes import check_content
from desk.who import Permission, Sight
from schemas.case import CaseState
from schemas.errors import BadInput
from schemas.ids import FILE_NAME
from schemas.ids import digest as digest_of
from schemas.moves import Actor
from schemas.request import Attachment

router = APIRouter(route_class=GuardedRoute, tags=["papers"])

Adder = Annotated[Actor, Depends(Guard(Permission.ADD_DOCUMENT))]
Reader = Annotated[Actor, Depends(Guard(Permission.SEE_CASE))]

SMALLER = "split it, or name it by its digest as an item of evidence and bring it by another way"
UNTOLD = "application/octet-stream"


@router.post(
    "/cases/{ref:path}/documents", status_code=201, openapi_extra=takes_bytes("application/pdf", "text/plain")
)
async def add_document(
    request: Request,
    ref: str,
    house: AHouse,
    actor: Adder,
    key: AKey,
    name: Annotated[str, Query(min_length=1, max_length=120, pattern=FILE_NAME)],
) -> JSONResponse:
    """Keep a document with the case, encrypted, under its digest; the answer names it in a move."""
    await run_in_threadpool(reading.require_part, house.records, actor, ref)
    media = media_of(request)
    content = await body_bytes(request, house.office.settings.attachment_limit, SMALLER)
    if not content:
        raise BadInput("The document is empty.", where="body", next_step="send its bytes as the body")
    _no_picture(media, content)
    await run_in_threadpool(check_content, house.office.settings, content, "body")
    named = {"name": name, "media_type": media or UNTOLD, "size": len(content), "digest": digest_of(content)}
    check_name(name, "query.name")
    attachment: Attachment = border.typed(Attachment, named, "document")
    repeated = await run_in_threadpool(_keep, house, actor, ref, attachment, content, key)
    return created(attachment.model_dump(mode="json"), repeated)


@router.get("/cases/{ref:path}/documents/{digest}")
def document(ref: str, digest: str, house: AHouse, actor: Reader) -> Response:
    """One document of the case, by its digest."""
    state, _ = reading.require_sight(house.records, actor, ref, Sight.FULL)
    content = house.records.vault.get(ref, digest)
    house.watch.note(actor, ref, f"document {digest}")
    # The name is the digest's own: names that people gave may tell more than they should.
    headers = {
        "Content-Disposition": f'attachment; filename="{digest.removeprefix("sha256:")[:16]}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type=_media(state, digest), headers=headers)


@router.get("/cases/{ref:path}")
def case(ref: str, house: AHouse, actor: Reader) -> dict[str, Any]:
    """The case, as far as the actor may see it: `sight` is status, record or full. In full, also the moves
    possible now (`allowed`), and those of the other side that can be recorded (`recordable`)."""
    told = reading.case_of(house.records, actor, ref, house.office.moves_of)
    house.watch.note(actor, ref, f"case ({told['sight']})")
    return told


def _keep(house: House, actor: Actor, ref: str, item: Attachment, content: bytes, key: str) -> bool:
    """Puts it into the vault, once under its key. Was that done before?"""
    attempts, name = house.records.attempts, f"{actor.id}:{key}"
    what = digest_of(item.model_dump_json().encode())
    done = attempts.begin(name, actor.id, f"document {ref}", what)
    house.records.vault.put(ref, content)
    attempts.finish(name, "{}")
    return done is not None


def _no_picture(media: str, content: bytes) -> None:
    if is_picture(media, content):
        raise WrongForm("Pictures and films are not stored here.", where="body", next_step=INSTEAD)


def _media(state: CaseState, digest: str) -> str:
    named: list[Attachment] = [*state.documents, *state.request.attachments]
    known = next((each.media_type for each in named if each.digest == digest), None)
    return known or UNTOLD
