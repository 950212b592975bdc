"""Routes: which letters a case needs, one of them as a page, a document, a worksheet or data; one sealed and
kept; the annex by which identities leave, and the names that are guarded."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from desk import guarded, letters, reading
from desk.api.describe import takes_own
from desk.api.doors import AHouse, AKey, Guard, GuardedRoute, House, body_as, created
from desk.sealed_letters import seal_letter
from desk.sealing import release_annex
from desk.who import Permission, Sight
from schemas.ids import PRINTABLE, Digest, Key, digest
from schemas.moves import Actor
from schemas.request import Line, Passage

router = APIRouter(route_class=GuardedRoute, tags=["letters"])

Reader = Annotated[Actor, Depends(Guard(Permission.SEE_CASE))]
Sealer = Annotated[Actor, Depends(Guard(Permission.SEAL_LETTER))]
Guarder = Annotated[Actor, Depends(Guard(Permission.GUARD_NAMES))]
Releaser = Annotated[Actor, Depends(Guard(Permission.RELEASE_IDENTITY))]
Protected = Annotated[str, Field(min_length=1, max_length=200, pattern=PRINTABLE)]


class LetterAsked(BaseModel):
    """Which letter, in which language and form. `protected`: names that must not stand in it, besides those
    guarded in the case; they are used for this one check and kept nowhere."""

    model_config = ConfigDict(extra="forbid")

    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    format: letters.Format = "pdf"
    worksheet: Digest | None = None
    protected: Annotated[list[Protected], Field(max_length=50)] = []
    about: Key | None = None


class SealAsked(BaseModel):
    """Which letter is sealed, as in LetterAsked. `despite`: why, although something is missing: an approver's
    word, which stands in the seal and in the ledger."""

    model_config = ConfigDict(extra="forbid")

    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    worksheet: Digest | None = None
    protected: Annotated[list[Protected], Field(max_length=50)] = []
    about: Key | None = None
    despite: Line | None = None


class PersonBody(BaseModel):
    """Who one person is whom the request names by `pseudonym`. Used for this annex; of it only the name is
    kept, sealed among those guarded in the case."""

    model_config = ConfigDict(extra="forbid")

    pseudonym: Line
    name: Line
    born: date | None = None
    details: Passage | None = None


class AnnexBody(BaseModel):
    """Whose identity is let out, why, and in which language the annex is written."""

    model_config = ConfigDict(extra="forbid")

    people: Annotated[list[PersonBody], Field(min_length=1, max_length=50)]
    reason: Passage
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"


class NamesBody(BaseModel):
    """Names that are guarded in the case from now on."""

    model_config = ConfigDict(extra="forbid")

    names: Annotated[list[Protected], Field(min_length=1, max_length=50)]


class LetGoBody(NamesBody):
    """Names, as they were given, that are guarded no more, and why."""

    reason: Line


@router.get("/cases/{ref:path}/letters")
def letters_of(ref: str, house: AHouse, actor: Reader) -> dict[str, Any]:
    """The letters of use in this case now, and what each still lacks."""
    state, _ = reading.require_sight(house.records, actor, ref, Sight.FULL)
    house.watch.note(actor, ref, "letters")
    return {"items": letters.offered(state, house.registry, house.office.settings)}


@router.post(
    "/cases/{ref:path}/letters/{form}",
    openapi_extra={
        "requestBody": {"content": {"application/json": {"schema": LetterAsked.model_json_schema()}}},
    },
)
async def letter(request: Request, ref: str, form: str, house: AHouse, actor: Reader) -> Response:
    """One letter of the case. It creates nothing: the same case gives the same bytes."""
    await run_in_threadpool(reading.require_sight, house.records, actor, ref, Sight.FULL)
    asked = await body_as(request, LetterAsked)
    return await run_in_threadpool(_answer, house, actor, ref, form, asked)


def _answer(house: House, actor: Actor, ref: str, form: str, asked: LetterAsked) -> Response:
    state, _ = reading.require_sight(house.records, actor, ref, Sight.FULL)
    wanted = letters.Wanted(form, asked.language, asked.worksheet, tuple(asked.protected), asked.about)
    made = letters.Letter(house.records, house.registry, state, wanted)
    house.watch.note(actor, ref, f"letter {form} ({asked.language})")
    if asked.format == "json":
        return JSONResponse(made.told())
    # No reference and no name: a folder of downloads is seen by many.
    ending = "pdf" if asked.format == "pdf" else "docx"
    headers = {
        "Content-Disposition": f'attachment; filename="{made.draft.form}-{asked.language}.{ending}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(made.made(asked.format), media_type=letters.MEDIA[asked.format], headers=headers)


@router.post("/cases/{ref:path}/letters/{form}/seal", status_code=201, openapi_extra=takes_own(SealAsked))
async def seal(
    request: Request, ref: str, form: str, house: AHouse, actor: Sealer, key: AKey
) -> JSONResponse:
    """Seal one letter for the house and keep it with the case; the answer names it as a document."""
    await run_in_threadpool(reading.require_sight, house.records, actor, ref, Sight.FULL)
    asked = await body_as(request, SealAsked)
    wanted = letters.Wanted(form, asked.language, asked.worksheet, tuple(asked.protected), asked.about)
    item, repeated = await run_in_threadpool(
        seal_letter, house.records, house.registry, actor, ref, wanted, asked.despite, key
    )
    return created(item.model_dump(mode="json"), repeated)


@router.post("/cases/{ref:path}/annex", openapi_extra=takes_own(AnnexBody))
async def annex(request: Request, ref: str, house: AHouse, actor: Releaser, key: AKey) -> Response:
    """The sealed annex (PDF). It is kept nowhere; the ledger says who released it, why, and its digest. The
    names in it are guarded in the case from then on."""
    await run_in_threadpool(reading.require_sight, house.records, actor, ref, Sight.FULL)
    asked = await body_as(request, AnnexBody)
    content = await run_in_threadpool(_released, house, actor, ref, asked, key)
    headers = {
        "Content-Disposition": f'attachment; filename="annex-{asked.language}.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Document-Digest": digest(content),
    }
    return Response(content, media_type="application/pdf", headers=headers)


@router.post("/cases/{ref:path}/guarded", status_code=201, openapi_extra=takes_own(NamesBody))
async def guard_names(request: Request, ref: str, house: AHouse, actor: Guarder, key: AKey) -> JSONResponse:
    """Have names looked for in everything that leaves from now on: `guarded`, how many there are, and the
    `places` where one of these stands already, also inside documents of the request; what of those could not
    be looked through is `unread` (`place`, `why`). They are sealed under the key of the case, and handed out
    to nobody."""
    await run_in_threadpool(reading.require_sight, house.records, actor, ref, Sight.FULL)
    asked = await body_as(request, NamesBody)
    done = await run_in_threadpool(guarded.guard, house.records, actor, ref, asked.names, key)
    unread = [asdict(one) for one in done.unread]
    return created({"guarded": done.count, "places": list(done.places), "unread": unread}, done.repeated)


@router.post("/cases/{ref:path}/guarded/let-go", status_code=201, openapi_extra=takes_own(LetGoBody))
async def let_names_go(request: Request, ref: str, house: AHouse, actor: Releaser, key: AKey) -> JSONResponse:
    """Guard names no more that were guarded by mistake, with a reason: `guarded`, how many are left."""
    await run_in_threadpool(reading.require_sight, house.records, actor, ref, Sight.FULL)
    asked = await body_as(request, LetGoBody)
    left, repeated = await run_in_threadpool(
        guarded.let_go, house.records, actor, ref, asked.names, asked.reason, key
    )
    return created({"guarded": left}, repeated)


def _released(house: House, actor: Actor, ref: str, asked: AnnexBody, key: str) -> bytes:
    people = [(one.pseudonym, one.name, one.born, one.details or "") for one in asked.people]
    return release_annex(house.records, house.registry, actor, ref, people, asked.reason, asked.language, key)
