"""Which pages does a house have, and where? All of them are below /desk."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from desk.api.doors import OpenDoor
from desk.web import (
    ask,
    case,
    case_amend,
    case_guarded,
    case_issue,
    case_live,
    case_moves,
    case_papers,
    docket,
    filing,
    house,
    law,
    law_world,
    liaison,
    matters,
    signing,
    today,
    words,
    workshop,
)
from desk.web.frame import (
    HEADERS,
    LANGUAGE_COOKIE,
    ROOT,
    APasserBy,
    PageGuard,
    PageRoute,
    Visitor,
    fields,
    form_of,
    inside,
    onward,
)
from desk.web.look import STATIC
from desk.who import Permission
from schemas.errors import NotFound

first = APIRouter(route_class=PageRoute, include_in_schema=False)
last = APIRouter(route_class=PageRoute, include_in_schema=False)

# `case` holds the route of a bare reference, which may contain slashes: it comes last.
ROUTERS: tuple[APIRouter, ...] = (
    first,
    *signing.ROUTERS,
    today.router,
    docket.router,
    filing.router,
    liaison.router,
    matters.router,
    ask.router,
    law.router,
    law_world.router,
    workshop.router,
    house.router,
    case_amend.router,
    case_guarded.router,
    case_issue.router,
    case_live.router,
    case_papers.router,
    case_moves.router,
    case.router,
    last,
)


class OurFiles(StaticFiles):
    """Style and script. Their address changes when they do, so browsers may keep them."""

    def file_response(self, *args: object, **options: object) -> Response:
        """The file, to be kept for a year."""
        answer = super().file_response(*args, **options)  # type: ignore[arg-type]  # passed on as they came
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        answer.headers.update(HEADERS)
        return answer


def add_pages(app: FastAPI) -> None:
    """Put the pages beside the API of a house."""
    # Pages are not compressed: the length of one that holds a secret beside what was asked tells the secret.
    app.mount(f"{ROOT}/static", GZipMiddleware(OurFiles(directory=STATIC)), name="static")
    for router in ROUTERS:
        app.router.routes.extend(router.routes)


@first.get("/", dependencies=[Depends(OpenDoor("leads to the first page, which asks who you are"))])
def door(request: Request) -> Response:
    """To the first page."""
    return onward(f"{ROOT}/")


@first.post(
    f"{ROOT}/language", dependencies=[Depends(OpenDoor("changes nothing but the words of the same page"))]
)
async def speak(request: Request, visitor: APasserBy) -> Response:
    """The same page in another language; remembered for whoever is signed in."""
    form = fields(await form_of(request))
    chosen, answer = form.get("language", ""), onward(inside(form.get("back")))
    if chosen in words.LANGUAGES:
        secure = request.url.scheme == "https"
        answer.set_cookie(
            LANGUAGE_COOKIE, chosen, max_age=31536000, httponly=True, samesite="lax", secure=secure
        )
        if visitor.actor is not None:
            await run_in_threadpool(visitor.house.records.sessions.speak, visitor.actor.id, chosen)
    return answer


@last.get(f"{ROOT}/{{rest:path}}")
def nowhere(rest: str, visitor: Annotated[Visitor, Depends(PageGuard(Permission.SEE_SELF))]) -> Response:
    """Raises NotFound: whoever mistypes an address is told so on a page."""
    raise NotFound(
        words.N_("There is no such page."), where=rest[:80], next_step=words.N_("go to the first page")
    )
