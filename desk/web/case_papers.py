"""Which pages put documents to a case, take them out, and print its letters?"""

from __future__ import annotations

import re
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from desk import guarded, letters, papers, reading
from desk.refused_files import registering
from desk.sealed_letters import LetterIncomplete, seal_letter, sealed_of
from desk.web.forms import Typed, shown, taken
from desk.web.frame import HEADERS, PageGuard, PageRoute, Visitor, case_path, onward, page
from desk.who import Permission, Sight
from schemas.errors import NotFound, RogatoryError
from schemas.ids import digest as digest_of
from schemas.request import Attachment

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Adder = Annotated[Visitor, Depends(PageGuard(Permission.ADD_DOCUMENT))]
Reader = Annotated[Visitor, Depends(PageGuard(Permission.SEE_CASE))]
Sealer = Annotated[Visitor, Depends(PageGuard(Permission.SEAL_LETTER))]
ATongue = Annotated[str, Query(pattern=r"^[a-z]{2}$")]
ADigest = Annotated[str | None, Query(pattern=r"^(sha256:[0-9a-f]{64})?$")]

DOCX = letters.MEDIA["docx"]
AS_FILE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""What others wrote is handed out, never run."""


@router.get("/desk/case/{ref:path}/documents/{digest}")
def document(visitor: Reader, ref: str, digest: str) -> Response:
    """One document of the case."""
    house = visitor.house
    state, _ = reading.require_sight(house.records, visitor.who, ref, Sight.FULL)
    content = guarded.document(house.records, ref, digest)
    house.watch.note(visitor.who, ref, f"document {digest}")
    media = papers.media_of(papers.known(house.records, state), digest)
    return _file(content, media, digest.removeprefix("sha256:")[:16], _ending(media))


@router.get("/desk/case/{ref:path}/documents")
def documents(request: Request, visitor: Adder, ref: str, done: str = "") -> Response:
    """The documents of the case, and a place for another one."""
    return _documents(request, visitor, ref, shown(request, visitor), done=done)


@router.post("/desk/case/{ref:path}/documents")
async def add(request: Request, visitor: Adder, ref: str) -> Response:
    """Put a document to the case; what is not taken says why."""
    await run_in_threadpool(reading.require_part, visitor.house.records, visitor.who, ref)
    typed = await taken(request)
    item = await kept(visitor, ref, typed, "document")
    if item is None:
        if typed.ok:
            typed.refuse("document", visitor.say("Choose a file."))
        return await run_in_threadpool(_documents, request, visitor, ref, typed, 422)
    return onward(case_path(ref, "documents"), done=item.digest)


async def kept(visitor: Visitor, ref: str, typed: Typed, name: str) -> Attachment | None:
    """The chosen file, in the vault of the case; None if none was chosen, or it was refused."""
    file = typed.file(name)
    if file is None or not file.filename:
        return None
    content = await file.read()
    media = (file.content_type or "").partition(";")[0].strip().lower()
    try:
        return await run_in_threadpool(_kept, visitor, ref, file.filename, media, content)
    except RogatoryError as error:
        typed.refuse(name, f"{visitor.say(error.what)} {visitor.say(error.next_step)}".strip())
        return None


def _kept(visitor: Visitor, ref: str, name: str, media: str, content: bytes) -> Attachment:
    house = visitor.house
    with registering(house.records, visitor.who, content, "document", ref):
        item = papers.accepted(house.office.settings, name, media, content)
    key = digest_of(item.model_dump_json().encode())
    papers.keep(house.records, visitor.who, ref, item, content, f"{ref}:{key[7:39]}")
    return item


def _documents(
    request: Request, visitor: Visitor, ref: str, typed: Typed, status: int = 200, done: str = ""
) -> Response:
    house = visitor.house
    state, seen = reading.look(house.records, visitor.who, ref)
    house.watch.note(visitor.who, ref, "documents")
    return page(
        request,
        visitor,
        "case/documents.html",
        status,
        ref=ref,
        form=typed,
        documents=papers.known(house.records, state) if seen is Sight.FULL else [],
        done=done,
        limit=house.office.settings.attachment_limit,
    )


# --- letters --------------------------------------------------------------------------------------------


@router.get("/desk/case/{ref:path}/letters/{name}")
def letter(
    visitor: Reader,
    ref: str,
    name: str,
    language: ATongue = "en",
    worksheet: ADigest = None,
    about: Annotated[str | None, Query(max_length=80)] = None,
) -> Response:
    """One letter as a file: `<form>.pdf`, `<form>.docx`, or `<form>.worksheet.docx`. It creates nothing."""
    form, format = _form_of(name)
    made = _letter(visitor, ref, letters.Wanted(form, language, worksheet or None, (), about or None))
    visitor.house.watch.note(visitor.who, ref, f"letter {form} ({language})")
    return _file(
        made.made(format), letters.MEDIA[format], f"{form}-{language}", "pdf" if format == "pdf" else "docx"
    )


@router.get("/desk/case/{ref:path}/letters/{form}/seal")
def before_sealing(request: Request, visitor: Sealer, ref: str, form: str) -> Response:
    """The letter that is to be sealed: in which language, with which translation, despite what."""
    return _before_sealing(
        request, visitor, ref, form, shown(request, visitor, key=secrets.token_urlsafe(16))
    )


@router.post("/desk/case/{ref:path}/letters/{form}/seal")
async def seal(request: Request, visitor: Sealer, ref: str, form: str) -> Response:
    """Seal it and keep it with the case; what cannot be sealed says why."""
    typed, done = await taken(request), ""
    try:
        done = (await run_in_threadpool(_sealed, visitor, ref, form, typed)).digest
    except LetterIncomplete as error:
        # what is missing stands on the page already
        typed.refuse("despite", f"{visitor.say(error.what)} {visitor.say(error.next_step)}")
    except RogatoryError as error:
        typed.refuse_error(visitor, error, {name: name for name in ("despite", "worksheet", "language")})
    if not typed.ok:
        # what is mended is asked for anew: under the old key it would be something else
        typed.values["key"] = [secrets.token_urlsafe(16)]
        return await run_in_threadpool(_before_sealing, request, visitor, ref, form, typed, 422)
    return onward(case_path(ref, "letters"), done=done)


def _sealed(visitor: Visitor, ref: str, form: str, typed: Typed) -> Attachment:
    house = visitor.house
    reading.require_sight(house.records, visitor.who, ref, Sight.FULL)
    wanted = letters.Wanted(form, typed.get("language", "en"), typed.get("worksheet") or None)
    despite, key = typed.get("despite") or None, typed.get("key") or secrets.token_urlsafe(16)
    item, _ = seal_letter(house.records, house.registry, visitor.who, ref, wanted, despite, key)
    return item


def _before_sealing(
    request: Request, visitor: Visitor, ref: str, form: str, typed: Typed, status: int = 200
) -> Response:
    house = visitor.house
    state, _ = reading.require_sight(house.records, visitor.who, ref, Sight.FULL)
    offered = letters.offered(state, house.registry, house.office.settings, visitor.language)
    found = next((each for each in offered if each["form"] == form), None)
    if found is None:
        raise NotFound("This letter is of no use in this case now.", where=ref, next_step="go back")
    sheets = [each for each in papers.known(house.records, state) if each.media_type == DOCX]
    return page(request, visitor, "case/seal.html", status, ref=ref, letter=found, form=typed, sheets=sheets)


@router.get("/desk/case/{ref:path}/letters")
def offered(request: Request, visitor: Reader, ref: str, done: str = "") -> Response:
    """The letters of use now, each as page, draft and worksheet; and those that were sealed."""
    return _letters(request, visitor, ref, Typed(), done=done)


@router.post("/desk/case/{ref:path}/letters")
async def translated(request: Request, visitor: Adder, ref: str) -> Response:
    """Take a translated worksheet back in: the letter is then made with it."""
    await run_in_threadpool(reading.require_sight, visitor.house.records, visitor.who, ref, Sight.FULL)
    typed = await taken(request)
    item = await kept(visitor, ref, typed, "worksheet")
    if item is None and typed.ok:
        typed.refuse("worksheet", visitor.say("Choose the worksheet that came back."))
    if item is not None:
        wanted = letters.Wanted(typed.get("form"), typed.get("language"), item.digest)
        try:
            await run_in_threadpool(_letter, visitor, ref, wanted)
        except RogatoryError as error:
            typed.refuse("worksheet", f"{visitor.say(error.what)} {visitor.say(error.next_step)}".strip())
    if item is None or not typed.ok:
        return await run_in_threadpool(_letters, request, visitor, ref, typed, 422)
    return onward(
        case_path(ref, "letters", f"{typed.get('form')}.pdf"),
        language=typed.get("language"),
        worksheet=item.digest,
    )


def _letters(
    request: Request, visitor: Visitor, ref: str, typed: Typed, status: int = 200, done: str = ""
) -> Response:
    house = visitor.house
    state, _ = reading.require_sight(house.records, visitor.who, ref, Sight.FULL)
    house.watch.note(visitor.who, ref, "letters")
    return page(
        request,
        visitor,
        "case/letters.html",
        status,
        ref=ref,
        offered=letters.offered(state, house.registry, house.office.settings, visitor.language),
        form=typed,
        sealed=list(reversed(state.outbox)),
        kept=sealed_of(house.records, ref),
        done=done,
        key=secrets.token_urlsafe(16),
    )


@router.get("/desk/case/{ref:path}/sealed/{digest}")
def sealed(visitor: Reader, ref: str, digest: str) -> Response:
    """The signed message of a letter that left, byte for byte."""
    house = visitor.house
    state, _ = reading.require_sight(house.records, visitor.who, ref, Sight.FULL)
    if not any(each.sealed == digest for each in state.outbox):
        raise NotFound("No letter of this case was sealed under that digest.", where=ref, next_step="go back")
    content = house.records.vault.get(ref, digest)
    house.watch.note(visitor.who, ref, f"letter {digest}")
    return _file(content, "application/jose", digest.removeprefix("sha256:")[:16], "jws")


def _letter(visitor: Visitor, ref: str, wanted: letters.Wanted) -> letters.Letter:
    house = visitor.house
    state, _ = reading.require_sight(house.records, visitor.who, ref, Sight.FULL)
    return letters.Letter(house.records, house.registry, state, wanted)


def _form_of(name: str) -> tuple[str, letters.Format]:
    form, _, ending = name.partition(".")
    formats: dict[str, letters.Format] = {"pdf": "pdf", "docx": "docx", "worksheet.docx": "worksheet"}
    return form, formats.get(ending, "pdf")


def _ending(media: str) -> str:
    known = {"application/pdf": "pdf", "text/plain": "txt", DOCX: "docx"}
    return known.get(media, "bin")


def _file(content: bytes, media: str, name: str, ending: str) -> Response:
    """A file with a name that tells nothing: a folder of downloads is seen by many."""
    plain = re.sub(r"[^A-Za-z0-9-]", "-", name)
    shown_as = "inline" if media == "application/pdf" else "attachment"
    headers = {**HEADERS, **AS_FILE, "Content-Disposition": f'{shown_as}; filename="{plain}.{ending}"'}
    if media == "application/pdf":
        # a browser's own reader of PDF does not start in a sandbox
        headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return Response(content, media_type=media, headers=headers)
