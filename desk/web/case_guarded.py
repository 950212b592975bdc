"""Which pages have names guarded in a case, and let them go again? They show only how many there are, since
when, and in which documents none could be looked for."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from desk import guarded, reading
from desk.web import labels
from desk.web.forms import Typed, shown, taken
from desk.web.frame import PageGuard, PageRoute, Visitor, case_path, onward, page
from desk.web.look import Speaker
from desk.web.words import N_
from desk.who import Permission, Sight
from schemas.case import CaseState
from schemas.errors import RogatoryError

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Guarder = Annotated[Visitor, Depends(PageGuard(Permission.GUARD_NAMES))]
Releaser = Annotated[Visitor, Depends(PageGuard(Permission.RELEASE_IDENTITY))]
FIELD, FREED = "guarded", "let-go"
"""Named so that they are never kept for after a sign-in (`desk.web.kept.NEVER`)."""
MOST, LONGEST = 50, 200
GUARD, LET_GO = "case/guarded.html", "case/let_go.html"

STANDS = N_("A guarded name stands inside an enclosed document: %(documents)s.")
UNREAD = N_("These enclosed documents could not be looked through for guarded names: %(documents)s.")


def enclosed_notes(visitor: Visitor, state: CaseState) -> list[str]:
    """What whoever approves or sends should know of the documents of a request, where names are guarded."""
    places, unread = guarded.forecast(visitor.house.records, state)
    names = {f"{guarded.PLACE}.{each.digest[:15]}": each.name for each in state.request.attachments}
    listed, found = Speaker(visitor.language).listed, []
    if places:
        found.append(visitor.say(STANDS, documents=listed(_named(names, places))))
    if unread:
        why: dict[str, list[str]] = {}
        for one in unread:
            (name,) = _named(names, [one.place])
            word = visitor.say(labels.label("unread", one.why))
            why[name] = [*why.get(name, []), *([] if word in why.get(name, []) else [word])]
        told = [f"{name} ({', '.join(words)})" for name, words in why.items()]
        found.append(visitor.say(UNREAD, documents=listed(told)))
    return found


def _named(names: dict[str, str], places: Iterable[str]) -> list[str]:
    """The documents that these places lie in, each once."""
    found = ((name for start, name in names.items() if place.startswith(start)) for place in places)
    return list(dict.fromkeys(next(each, guarded.PLACE) for each in found))


@router.get("/desk/case/{ref:path}/guarded")
def guarding(
    request: Request, visitor: Guarder, ref: str, done: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """How many names are guarded, and a place for more."""
    form = shown(request, visitor, key=secrets.token_urlsafe(16))
    return _page(request, visitor, ref, form, GUARD, done=done)


@router.post("/desk/case/{ref:path}/guarded")
async def guard(request: Request, visitor: Guarder, ref: str) -> Response:
    """Guard the names that were typed; what cannot be guarded says why."""
    await run_in_threadpool(reading.require_sight, visitor.house.records, visitor.who, ref, Sight.FULL)
    typed = await taken(request)
    names = _names(visitor, typed, FIELD)
    key = typed.get("key") or secrets.token_urlsafe(16)
    if typed.ok:
        try:
            await run_in_threadpool(guarded.guard, visitor.house.records, visitor.who, ref, names, key)
        except RogatoryError as error:
            typed.refuse_error(visitor, error, {"protected": FIELD})
    if not typed.ok:
        typed.rekey()
        return await run_in_threadpool(_page, request, visitor, ref, typed, GUARD, 422)
    return onward(case_path(ref, "guarded"), done=key)


@router.get("/desk/case/{ref:path}/guarded/let-go")
def letting_go(request: Request, visitor: Releaser, ref: str) -> Response:
    """A place for names that are guarded no more, and for the reason."""
    return _page(request, visitor, ref, shown(request, visitor, key=secrets.token_urlsafe(16)), LET_GO)


@router.post("/desk/case/{ref:path}/guarded/let-go")
async def let_go(request: Request, visitor: Releaser, ref: str) -> Response:
    """Guard the names no more; where one is not guarded none is let go."""
    await run_in_threadpool(reading.require_sight, visitor.house.records, visitor.who, ref, Sight.FULL)
    typed = await taken(request)
    names = _names(visitor, typed, FREED)
    typed.needs(visitor, {"reason": N_("Say why.")})
    key = typed.get("key") or secrets.token_urlsafe(16)
    if typed.ok:
        records, who, reason = visitor.house.records, visitor.who, typed.get("reason")
        try:
            await run_in_threadpool(guarded.let_go, records, who, ref, names, reason, key)
        except RogatoryError as error:
            typed.refuse_error(visitor, error, {"names": FREED})
    if not typed.ok:
        typed.rekey()
        return await run_in_threadpool(_page, request, visitor, ref, typed, LET_GO, 422)
    return onward(case_path(ref, "guarded"), done=key)


def _names(visitor: Visitor, typed: Typed, field: str) -> list[str]:
    names = [line.strip() for line in typed.get(field).splitlines() if line.strip()]
    if not names:
        typed.refuse(field, visitor.say("Write at least one name."))
    elif len(names) > MOST or max(map(len, names)) > LONGEST:
        typed.refuse(field, visitor.say("Write at most 50 names at once, one a line."))
    return names


def _page(
    request: Request,
    visitor: Visitor,
    ref: str,
    typed: Typed,
    template: str,
    status: int = 200,
    done: str = "",
) -> Response:
    records = visitor.house.records
    reading.require_sight(records, visitor.who, ref, Sight.FULL)
    visitor.house.watch.note(visitor.who, ref, "guarded")
    told = _answered(visitor, done) if done else None
    kept = guarded.kept(records, ref)
    return page(request, visitor, template, status, ref=ref, form=typed, kept=kept, told=told)


def _answered(visitor: Visitor, key: str) -> dict[str, Any] | None:
    """What guarding under this key of the visitor's own answered: an address can tell nothing else."""
    reply = visitor.house.records.attempts.reply(f"{visitor.who.id}:{key}")
    told: dict[str, Any] = json.loads(reply) if reply else {}
    return told if {"guarded", "left"} & told.keys() else None
