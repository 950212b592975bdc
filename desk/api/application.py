"""What does the HTTP API of a house consist of?"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request

from desk.api import (
    absences,
    calendar,
    cases,
    evidence,
    exchange,
    figures,
    keeping,
    law,
    ledger,
    letters,
    matters,
    papers,
    people,
    post,
    workshop,
)
from desk.api.describe import describe
from desk.api.doors import Guard, GuardedRoute, House
from desk.office import Office
from desk.problems import tell_problems
from desk.web.application import add_pages
from desk.who import Permission
from schemas.moves import Actor
from treaties.registry import Registry

VERSION = "1"

# `papers` holds the route of a bare reference, which may contain slashes: it comes last.
ROUTERS: tuple[APIRouter, ...] = (
    exchange.router,
    law.router,
    workshop.router,
    ledger.router,
    figures.router,
    people.router,
    absences.router,
    calendar.router,
    keeping.router,
    evidence.router,
    cases.router,
    letters.router,
    post.router,
    matters.router,
    papers.router,
)

about = APIRouter(route_class=GuardedRoute)


def create_app(office: Office, registry: Registry) -> FastAPI:
    """The application that serves the house of `office`; it closes nothing at its end."""
    app = FastAPI(
        title=f"Rogatory: {office.settings.name}",
        summary="Routes cross-border requests in criminal matters, and always knows who holds them.",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.house = House(office, registry)
    tell_problems(app)
    add_pages(app)
    for router in (about, *ROUTERS):
        app.router.routes.extend(router.routes)
    return app


@about.get("/openapi.json")
def description(
    request: Request, actor: Annotated[Actor, Depends(Guard(Permission.SEE_SELF))]
) -> dict[str, Any]:
    """This description."""
    app: FastAPI = request.app
    return describe(app)
