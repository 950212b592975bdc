"""Routes: ask the law, and read the registry it answers from."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from desk import lawbook
from desk.api.describe import takes_own
from desk.api.doors import AHouse, Guard, GuardedRoute, body_as
from desk.ask import language
from desk.who import Permission
from schemas.ids import Key
from schemas.moves import Actor
from schemas.reasoning import OffenceAsked, Question
from schemas.request import Body, Months
from schemas.vocabulary import Kind, Measure
from treaties.answer_json import as_json
from treaties.asking import check_day
from treaties.basis import find_bases
from treaties.catalogs import ENGLISH

router = APIRouter(route_class=GuardedRoute, tags=["law"])

Asker = Annotated[Actor, Depends(Guard(Permission.ASK_LAW))]
Code = Annotated[str, Field(pattern="^[A-Za-z]{2}$")]


class OffenceBody(Body):
    """An offence by its slug; maximum penalties in months."""

    slug: Key
    max_requesting: Months | None = None
    max_requested: Months | None = None


class QuestionBody(Body):
    """A question to the law. What is not said is unknown, and may come back as an open question."""

    requesting: Code
    requested: Code
    kind: Kind = Kind.MLA
    measures: Annotated[tuple[Measure, ...], Field(min_length=1)]
    on: date | None = None
    known_on: date | None = None
    offences: tuple[OffenceBody, ...] = ()
    offence_date: date | None = None
    arrest_date: date | None = None
    urgent: bool = False
    nationality: Code | None = None
    age: Annotated[int, Field(ge=0, le=150)] | None = None
    provider: Key | None = None
    emergency: bool = False


@router.post("/assess", openapi_extra=takes_own(QuestionBody))
async def assess(request: Request, house: AHouse, actor: Asker, lang: str = ENGLISH) -> dict[str, Any]:
    """Which legal bases link two States on a day, to whom, in which form, by when, and what could stop it."""
    spoken = language(lang, "query.lang")
    body = await body_as(request, QuestionBody)
    question = _question(body, house.today())
    check_day(house.registry, question)
    answer = await run_in_threadpool(find_bases, house.registry, question)
    return as_json(answer, house.registry, spoken)


@router.get("/registry/instruments")
def instruments(house: AHouse, actor: Asker) -> dict[str, Any]:
    """Every instrument by key, with its title and form."""
    known = sorted(house.registry.instruments.items())
    return {"items": [{"key": key, "title": row.title, "form": row.form.value} for key, row in known]}


@router.get("/registry/instruments/{key}")
def instrument(key: str, house: AHouse, actor: Asker, known_on: date | None = None) -> dict[str, Any]:
    """What an instrument says, as far as it is in the registry; or was, as known on a day."""
    return lawbook.instrument_of(house.workshop.registry(known_on), key)


@router.get("/registry/states/{code}")
def state(code: str, house: AHouse, actor: Asker, known_on: date | None = None) -> dict[str, Any]:
    """What is known, or was known on a day, of a State's practice: authorities, languages, memberships."""
    return lawbook.state_of(house.workshop.registry(known_on), code)


@router.get("/registry/parties/{key}")
def parties(
    key: str, house: AHouse, actor: Asker, on: date | None = None, known_on: date | None = None
) -> list[dict[str, Any]]:
    """Who is bound by an instrument on a day (today if not said); as far as was known on another."""
    return lawbook.parties_on(house.workshop.registry(known_on), key, on or house.today())


@router.get("/registry/providers")
def providers(house: AHouse, actor: Asker, known_on: date | None = None) -> dict[str, Any]:
    """Whom a request to a provider reaches, in which ways, and what it wants to see; each with its source."""
    return {"items": lawbook.providers_of(house.workshop.registry(known_on))}


@router.get("/registry/check")
def check(house: AHouse, actor: Asker) -> dict[str, Any]:
    """Does the registry keep its own rules?"""
    problems = lawbook.problems_of(house.registry)
    return {"edition": house.registry.edition, "verdict": "no" if problems else "yes", "problems": problems}


def _question(body: QuestionBody, today: date) -> Question:
    return Question(
        requesting=body.requesting.upper(),
        requested=body.requested.upper(),
        kind=body.kind,
        measures=body.measures,
        on=body.on or today,
        known_on=body.known_on,
        offences=tuple(
            OffenceAsked(each.slug, each.max_requesting, each.max_requested) for each in body.offences
        ),
        offence_date=body.offence_date,
        arrest_date=body.arrest_date,
        urgent=body.urgent,
        nationality=body.nationality.upper() if body.nationality else None,
        age=body.age,
        provider=body.provider,
        emergency=body.emergency,
    )
