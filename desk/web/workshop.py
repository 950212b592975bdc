"""Which pages show this? Changes of the law: what is proposed, what it would do, and the decision on it."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from desk import reading, relying, watch
from desk.apart import Piece
from desk.api.workshop import export as exported
from desk.web import forms, workshop_due, workshop_new
from desk.web.forms import Typed
from desk.web.frame import HEADERS, PageGuard, PageRoute, Visitor, onward, page
from desk.web.house_ledger import NOT_A_DAY
from desk.web.workshop_new import WORDS
from desk.who import Permission
from schemas.errors import RogatoryError

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Viewer = Annotated[Visitor, Depends(PageGuard(Permission.SEE_WORKSHOP))]
Decider = Annotated[Visitor, Depends(PageGuard(Permission.DECIDE_LAW))]
ABefore = Annotated[int | None, Query(ge=1)]

PATH = "/desk/workshop"
MOST_SHOWN = 200
"""Rows of a difference on one page; the export has all."""
MOST_PAIRS = 60
EDITIONS_SHOWN = 10
KEPT = timedelta(hours=12)
PATIENCE = 0.6
"""Seconds that a page waits for what is worked out apart, the first time it is asked."""


@router.get(PATH)
def workshop(request: Request, visitor: Viewer, before: ABefore = None) -> Response:
    """What waits for a decision, and what was decided."""
    desk = visitor.house.workshop
    waiting = desk.listed("open", MOST_SHOWN, None)
    listed = desk.listed(None, 20, before)
    more = f"{PATH}?before={listed['next']}" if listed["next"] else None
    editions = visitor.house.records.proposals.editions()
    return page(
        request,
        visitor,
        "workshop/workshop.html",
        waiting=waiting["items"],
        decided=[each for each in listed["items"] if each["status"] != "open"],
        more=more,
        editions=list(reversed(editions))[:EDITIONS_SHOWN],
        all_editions=len(editions),
        today=visitor.house.today(),
        form=Typed(),
    )


@router.get(f"{PATH}/learned")
def learned(request: Request, visitor: Viewer, known_on: str = "") -> Response:
    """What is believed now and was not on a day."""
    form, told = Typed({"known_on": [known_on]}), None
    day = _day(visitor, form, known_on)
    if day is not None:
        name = ("learned", day, visitor.house.registry.edition)
        told = visitor.house.apart.fresh(
            name, lambda: visitor.house.workshop.learned(day, MOST_SHOWN), KEPT, PATIENCE
        )
    status = 200 if form.ok else 422
    return page(
        request,
        visitor,
        "workshop/learned.html",
        status,
        form=form,
        told=told,
        known_on=day,
        most=MOST_SHOWN,
        **WORDS,
    )


@router.get(f"{PATH}/export")
def export(
    request: Request, visitor: Viewer, format: Literal["json", "csv"] = "csv", known_on: str = ""
) -> Response:
    """The whole registry as it counts here, or as it was believed on a day."""
    form = Typed({"known_on": [known_on]})
    day = _day(visitor, form, known_on)
    if not form.ok:
        return page(
            request, visitor, "workshop/learned.html", 422, form=form, told=None, known_on=None, most=0
        )
    answer: StreamingResponse = exported(visitor.house, visitor.who, format, day)
    for name, value in HEADERS.items():
        answer.headers[name] = value
    return answer


# One part a module; single paths come before the one with a number.
for part in (workshop_new.router, workshop_due.router):
    router.routes.extend(part.routes)


@router.get(f"{PATH}/{{number:int}}")
def proposal(request: Request, visitor: Viewer, number: int) -> Response:
    """One proposal: its rows, what differs with it, whom it touches, and the decision."""
    return _proposal(request, visitor, number, forms.shown(request, visitor))


@router.post(f"{PATH}/{{number:int}}")
async def decide(request: Request, visitor: Decider, number: int) -> Response:
    """Accept it as a second person, refuse it with a reason, or withdraw one's own."""
    form = await forms.taken(request)
    house, desk = visitor.house, visitor.house.workshop
    accepting = form.get("decision") == "accept"
    if form.get("decision") not in ("accept", "refuse"):
        form.refuse("decision", visitor.say("Say whether you accept the change or refuse it."))
    elif not accepting and not form.get("reason"):
        form.refuse("reason", visitor.say("Write why. The reason stays in the history."))
    if form.ok:
        work = desk.accept if accepting else desk.refuse
        key = form.get("key") or secrets.token_urlsafe(16)
        try:
            await run_in_threadpool(work, number, visitor.who, key, form.get("reason"))
        except RogatoryError as error:
            if error.status == 404:
                raise
            form.refuse_error(visitor, error)
            form.rekey()
    if not form.ok:
        return await run_in_threadpool(_proposal, request, visitor, number, form)
    answer = onward(f"{PATH}/{number}")
    if accepting:
        answer.background = BackgroundTask(watch.one_round, house.office, house.editions)
    return answer


def _proposal(request: Request, visitor: Visitor, number: int, form: Typed) -> Response:
    house = visitor.house
    told = house.workshop.shown(number)
    named = (number, house.registry.edition, told["status"])
    weighs = visitor.may(Permission.SEE_IMPACT)
    difference = house.apart.fresh(
        ("difference", *named), lambda: house.workshop.difference(number), KEPT, PATIENCE
    )
    impact: Piece | None = None
    if weighs:
        impact = house.apart.fresh(
            ("impact", *named), lambda: relying.impact_of(house, number), KEPT, PATIENCE
        )
    own = told["proposed_by"] == visitor.who.id
    return page(
        request,
        visitor,
        "workshop/proposal.html",
        200 if form.ok else 422,
        told=told,
        form=form,
        difference=difference,
        impact=impact,
        cases=_cases(visitor, impact),
        weighs=weighs,
        own=own,
        decides=visitor.may(Permission.DECIDE_LAW) and told["status"] == "open",
        key=form.get("key") or secrets.token_urlsafe(16),
        most=MOST_SHOWN,
        most_pairs=MOST_PAIRS,
        **WORDS,
    )


def _cases(visitor: Visitor, impact: Piece | None) -> dict[str, Any] | None:
    """What the visitor may know of the open cases that rely on it, once that is worked out."""
    if impact is None or not impact.done:
        return None
    return relying.impact_for(impact.value, reading.open_to(visitor.house.records, visitor.who))


def _day(visitor: Visitor, form: Typed, given: str) -> date | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        form.refuse("known_on", visitor.say(NOT_A_DAY))
        return None
