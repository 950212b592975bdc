"""Which pages show this? A new request, one question a page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from desk import border
from desk.filing import check_new, check_request, check_side
from desk.web import filing_drafts as keeping
from desk.web.filing_answers import answers_of, missing_of, move_of, refuse_faults, refuse_wrong
from desk.web.filing_law import Found, choices_of, goes_direct, law_of, linked_first, shown_answer, steps_of
from desk.web.filing_shown import sections_of, told_answers, unasked
from desk.web.filing_step import BASE, FIRST, KIND, SEEN, SIDE, Field, Step, incoming
from desk.web.forms import Typed, shown, taken
from desk.web.frame import ROOT, PageGuard, PageRoute, Visitor, case_path, onward, page
from desk.web.words import ENGLISH, N_
from desk.who import Permission, may, require_filing
from records.drafts import Draft
from schemas.errors import BadInput, NotFound, RogatoryError
from schemas.moves import Arrive
from schemas.vocabulary import Kind, Side

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Filer = Annotated[Visitor, Depends(PageGuard(Permission.FILE_PRESERVATION))]

NEW = f"{ROOT}/new"
CHECK, AGAIN = "check", "again"
WHICH_KIND = N_("Choose the kind of request.")
WHICH_SIDE = N_("Say whether the request is ours or came to us.")
NO_FILE = N_("Choose a file with a request, in YAML or JSON.")
CHANGED = N_("%(who)s changed this page meanwhile. Both versions are below: save what shall stand.")
UNREADABLE = N_("The file cannot be used. Mend it, or answer the questions instead.")


@router.get(NEW)
def new(request: Request, visitor: Filer) -> Response:
    """Which request is it; drafts to go on with."""
    return _start(request, visitor, shown(request, visitor, side=Side.OUTGOING.value))


@router.post(NEW)
async def begin(request: Request, visitor: Filer) -> Response:
    """Begins a draft, or throws one away."""
    typed = await taken(request)
    if typed.get("act") == "delete":
        draft = await run_in_threadpool(keeping.draft_of, visitor, typed.get("draft"))
        await run_in_threadpool(visitor.house.records.drafts.delete, draft.id)
        return onward(NEW, deleted="1")
    kind, side = typed.get("kind"), typed.get("side")
    if kind not in [one.value for one in _kinds(visitor)]:
        typed.refuse("kind", visitor.say(WHICH_KIND))
    if side not in [one.value for one in Side]:
        typed.refuse("side", visitor.say(WHICH_SIDE))
    if not typed.ok:
        return await run_in_threadpool(_start, request, visitor, typed)
    require_filing(visitor.who, Kind(kind))
    draft = await run_in_threadpool(keeping.begun, visitor, kind, side, {})
    return onward(f"{NEW}/{draft.id}")


@router.get(f"{NEW}/file")
def file_form(request: Request, visitor: Filer) -> Response:
    """A request that is in a file already."""
    return page(request, visitor, "filing/file.html", 200, form=shown(request, visitor))


@router.post(f"{NEW}/file")
async def file_taken(request: Request, visitor: Filer) -> Response:
    """The request of a file becomes a draft, to be checked before it is filed."""
    typed = await taken(request)
    given = typed.file("file")
    if given is None:
        typed.refuse("file", visitor.say(NO_FILE))
        return page(request, visitor, "filing/file.html", 422, form=typed)
    content = await given.read(border.MAX_YAML_BYTES + 1)
    try:
        draft = await run_in_threadpool(_from_file, visitor, content, given.filename or "")
    except RogatoryError as error:
        typed.refuse("file", visitor.say(UNREADABLE))
        typed.refuse_error(visitor, error, {"": "file"})
        return page(request, visitor, "filing/file.html", 422, form=typed)
    return onward(f"{NEW}/{draft.id}/{CHECK}")


@router.get(NEW + "/{id}")
def go_on(request: Request, visitor: Filer, id: str) -> Response:
    """To the first page that was not answered yet."""
    draft = keeping.draft_of(visitor, id)
    if draft.ref is not None:
        return onward(case_path(draft.ref))
    typed = keeping.typed_of(draft)
    steps = steps_of(visitor, typed, law_of(visitor, typed))
    return onward(f"{NEW}/{id}/{_first_open(draft, steps)}")


@router.get(NEW + "/{id}/" + CHECK)
def check(request: Request, visitor: Filer, id: str) -> Response:
    """All answers on one page, before it is filed."""
    draft = keeping.draft_of(visitor, id)
    if draft.ref is not None:
        return onward(case_path(draft.ref))
    return _check(request, visitor, draft, keeping.typed_of(draft))


@router.post(NEW + "/{id}/" + CHECK)
async def file(request: Request, visitor: Filer, id: str) -> Response:
    """Files the request: it becomes a case."""
    await taken(request)
    draft = await run_in_threadpool(keeping.draft_of, visitor, id)
    if draft.ref is not None:
        return onward(case_path(draft.ref))
    typed = keeping.typed_of(draft)
    key = f"draft-{draft.id}-{draft.version}"
    if await run_in_threadpool(_is_lacking, visitor, typed):
        return await run_in_threadpool(_check, request, visitor, draft, typed)
    try:
        body = await run_in_threadpool(_checked, visitor, typed, key)
        reply = await visitor.house.office.file(visitor.who, body, key)
    except RogatoryError as error:
        if error.status >= 500:
            raise
        steps = await run_in_threadpool(lambda: steps_of(visitor, typed, law_of(visitor, typed)))
        refuse_faults(typed, error, steps, visitor)
        return await run_in_threadpool(_check, request, visitor, draft, typed)
    await run_in_threadpool(visitor.house.records.drafts.filed, draft.id, reply.ref)
    return onward(case_path(reply.ref))


@router.get(NEW + "/{id}/{name}")
def question(request: Request, visitor: Filer, id: str, name: str) -> Response:
    """One page of the draft."""
    draft = keeping.draft_of(visitor, id)
    if draft.ref is not None:
        return onward(case_path(draft.ref))
    typed = keeping.typed_of(draft)
    found = law_of(visitor, typed)
    steps = steps_of(visitor, typed, found)
    step = _step(steps, name)
    start = {field.name: typed.values.get(field.name) or _usual(field, typed) for field in step.fields}
    form = shown(request, visitor, **start)
    return _question(request, visitor, draft, form, step, steps, found)


@router.post(NEW + "/{id}/{name}")
async def answered(request: Request, visitor: Filer, id: str, name: str) -> Response:
    """Saves the page, and leads to the next one."""
    typed = await taken(request)
    return await run_in_threadpool(_answered, request, visitor, id, name, typed)


def _answered(request: Request, visitor: Visitor, id: str, name: str, typed: Typed) -> Response:
    draft = keeping.draft_of(visitor, id)
    if draft.ref is not None:
        return onward(case_path(draft.ref))
    before = keeping.typed_of(draft)
    found = law_of(visitor, before)
    steps = steps_of(visitor, before, found)
    step = _step(steps, name)
    _refuse(typed, before, step, visitor)
    saved = keeping.save(visitor, draft, step, typed) if typed.ok else draft
    if isinstance(saved, keeping.Clash):
        typed.refuse("", visitor.say(CHANGED, who=saved.present.changed_by))
        typed.values.pop(keeping.WAS, None)
        return _question(request, visitor, saved.present, typed, step, steps, found, clash=True)
    if not typed.ok:
        return _question(request, visitor, draft, typed, step, steps, found)
    now = keeping.typed_of(saved)
    steps = steps_of(visitor, now, law_of(visitor, now))
    if typed.get("act") == CHECK:
        return onward(f"{NEW}/{id}/{CHECK}")
    if typed.get("act") == AGAIN:
        return onward(f"{NEW}/{id}/{name}")
    names = [each.name for each in steps]
    place = names.index(name) + 1 if name in names else 0
    return onward(f"{NEW}/{id}/{names[place] if place < len(names) else CHECK}")


def _refuse(typed: Typed, before: Typed, step: Step, visitor: Visitor) -> None:
    """What is missing or cannot be read on the page; then what the border says of what was written on it."""
    zone, home = visitor.house.office.zone, visitor.house.office.settings.state
    refuse_wrong(typed, step, visitor, zone)
    if not typed.ok:
        return
    written = {field.name for field in step.fields if typed.all(field.name)}
    own = {field.name: typed.values[field.name] for field in step.fields if field.name in written}
    try:
        move_of(Typed({KIND: before.values[KIND], SIDE: before.values[SIDE], **own}), [step], home, zone)
    except RogatoryError as error:
        told = Typed()
        refuse_faults(told, error, [step], visitor)
        typed.wrong += [each for each in told.wrong if each.field in written]


def _start(request: Request, visitor: Visitor, typed: Typed) -> Response:
    mine, office = keeping.drafts_of(visitor)
    return page(
        request,
        visitor,
        "filing/start.html",
        200 if typed.ok else 422,
        form=typed,
        kinds=_kinds(visitor),
        sides=tuple(Side),
        mine=mine,
        office=office,
        deleted="deleted" in request.query_params,
    )


def _question(
    request: Request,
    visitor: Visitor,
    draft: Draft,
    form: Typed,
    step: Step,
    steps: Sequence[Step],
    found: Found,
    clash: bool = False,
) -> Response:
    names = [each.name for each in steps]
    place = names.index(step.name)
    near: tuple[list[Any], list[Any]] = ([], [])
    if any(field.options == "states" for field in step.fields):
        near = linked_first(visitor, draft.kind)
    options = {each.name: choices_of(visitor, each, keeping.typed_of(draft), found)
               for each in step.fields if each.options and each.options != "states"}  # fmt: skip
    theirs = told_answers(visitor, [step], keeping.typed_of(draft), found) if clash else []
    return page(
        request,
        visitor,
        "filing/question.html",
        200 if form.ok else 422,
        form=form,
        draft=draft,
        step=step,
        options=options,
        near=near,
        number=place + 1,
        count=len(steps),
        back=f"{NEW}/{draft.id}/{names[place - 1]}" if place else NEW,
        was=form.get(keeping.WAS) or keeping.mark(step, draft.content),
        clash=theirs,
        answer=shown_answer(visitor, found) if step.name == "law" else None,
        problem=found.problem if step.name == "law" else None,
    )


def _check(request: Request, visitor: Visitor, draft: Draft, typed: Typed) -> Response:
    found = law_of(visitor, typed)
    steps = steps_of(visitor, typed, found)
    missing = missing_of(typed, steps, visitor)
    status = 200 if typed.ok else 422
    told = {each.field for each in typed.wrong}
    for name, text in missing.items():
        if typed.wrong and name not in told:
            typed.refuse(name, text)
    answers = sections_of(visitor, steps, typed, found)
    rest = unasked(typed, steps, visitor)
    return page(
        request,
        visitor,
        "filing/check.html",
        status,
        form=typed,
        draft=draft,
        answers=answers,
        seen=keeping.seen(draft),
        missing=missing,
        rest=rest,
        answer=shown_answer(visitor, found),
        came_in=incoming(typed),
    )


def _is_lacking(visitor: Visitor, typed: Typed) -> bool:
    """Refuses what is still needed, each at its field."""
    steps = steps_of(visitor, typed, law_of(visitor, typed))
    for name, text in missing_of(typed, steps, visitor).items():
        typed.refuse(name, text)
    return not typed.ok


def _checked(visitor: Visitor, typed: Typed, key: str) -> Any:
    """The move that files it, if it may be. What was filed by this key is not judged anew."""
    house = visitor.house
    steps = steps_of(visitor, typed, law_of(visitor, typed))
    body = move_of(typed, steps, house.office.settings.state, house.office.zone)
    check_side(body, house.office.settings.state)
    if not house.records.attempts.answered(f"{visitor.who.id}:{key}"):
        check_request(house.registry, body, house.today())
        if isinstance(body, Arrive):
            check_new(house.records, visitor.who, body)
    return body


def _from_file(visitor: Visitor, content: bytes, name: str) -> Draft:
    """The draft made of a file. Raises RogatoryError for what cannot be a request of this house."""
    if name.lower().endswith(".json"):
        made = border.request_from_json(border.json_of(content, name), name)
    else:
        made = border.request_from_yaml(content, name or "file")
    require_filing(visitor.who, Kind(made.kind))
    home, zone = visitor.house.office.settings.state, visitor.house.office.zone
    if home not in (made.requesting, made.requested):
        raise BadInput(
            f"Neither side of this request is {home}.", where="requesting", next_step="take another file"
        )
    side = Side.OUTGOING if made.requesting == home else Side.INCOMING
    known = json.loads(made.model_dump_json(exclude_none=True, exclude_defaults=True))
    start = answers_of(made, side, zone)
    start.values[SEEN] = [step.name for step in steps_of(visitor, start, law_of(visitor, start))]
    start.values[BASE] = [json.dumps(known)]
    return keeping.begun(visitor, made.kind, side.value, start.values)


def _usual(field: Field, typed: Typed) -> list[str]:
    """What is chosen where nobody chose yet: what holds anyway."""
    way = "provider" if goes_direct(typed) else "state"
    usual = {"bases": FIRST, "ways": way, "secrecy": "confidential", "languages": ENGLISH}
    return [usual[field.options]] if field.options in usual else []


def _kinds(visitor: Visitor) -> list[Kind]:
    """What this visitor may file."""
    return list(Kind) if may(visitor.who, Permission.FILE_CASE) else [Kind.PRESERVATION]


def _first_open(draft: Draft, steps: Sequence[Step]) -> str:
    known = keeping.seen(draft)
    return next((step.name for step in steps if step.name not in known), CHECK)


def _step(steps: Sequence[Step], name: str) -> Step:
    for step in steps:
        if step.name == name:
            return step
    raise NotFound("This question is not asked here.", where=name[:40], next_step="go on with the draft")
