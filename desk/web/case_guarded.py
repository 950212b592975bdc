"""Which page has names guarded in a case? It takes them, and shows only how many there are and since when."""

from __future__ import annotations

import json
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from desk import guarded, reading
from desk.web.forms import Typed, shown, taken
from desk.web.frame import PageGuard, PageRoute, Visitor, case_path, onward, page
from desk.who import Permission, Sight
from schemas.errors import RogatoryError

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Guarder = Annotated[Visitor, Depends(PageGuard(Permission.GUARD_NAMES))]
FIELD = "guarded"
"""Named so that it is never kept for after a sign-in (`desk.web.kept.NEVER`)."""
MOST, LONGEST = 50, 200


@router.get("/desk/case/{ref:path}/guarded")
def guarding(
    request: Request, visitor: Guarder, ref: str, done: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """How many names are guarded, and a place for more."""
    return _page(request, visitor, ref, shown(request, visitor, key=secrets.token_urlsafe(16)), done=done)


@router.post("/desk/case/{ref:path}/guarded")
async def guard(request: Request, visitor: Guarder, ref: str) -> Response:
    """Guard the names that were typed; what cannot be guarded says why."""
    await run_in_threadpool(reading.require_sight, visitor.house.records, visitor.who, ref, Sight.FULL)
    typed = await taken(request)
    names = [line.strip() for line in typed.get(FIELD).splitlines() if line.strip()]
    if not names:
        typed.refuse(FIELD, visitor.say("Write at least one name."))
    elif len(names) > MOST or max(map(len, names)) > LONGEST:
        typed.refuse(FIELD, visitor.say("Write at most 50 names at once, one a line."))
    key = typed.get("key") or secrets.token_urlsafe(16)
    if typed.ok:
        try:
            await run_in_threadpool(guarded.guard, visitor.house.records, visitor.who, ref, names, key)
        except RogatoryError as error:
            typed.refuse_error(visitor, error, {"protected": FIELD})
    if not typed.ok:
        typed.rekey()
        return await run_in_threadpool(_page, request, visitor, ref, typed, 422)
    return onward(case_path(ref, "guarded"), done=key)


def _page(
    request: Request, visitor: Visitor, ref: str, typed: Typed, status: int = 200, done: str = ""
) -> Response:
    records = visitor.house.records
    reading.require_sight(records, visitor.who, ref, Sight.FULL)
    visitor.house.watch.note(visitor.who, ref, "guarded")
    told = _answered(visitor, done) if done else None
    kept = guarded.kept(records, ref)
    return page(request, visitor, "case/guarded.html", status, ref=ref, form=typed, kept=kept, told=told)


def _answered(visitor: Visitor, key: str) -> dict[str, Any] | None:
    """What guarding under this key of the visitor's own answered: an address can tell nothing else."""
    reply = visitor.house.records.attempts.reply(f"{visitor.who.id}:{key}")
    told: dict[str, Any] = json.loads(reply) if reply else {}
    return told if "guarded" in told else None
