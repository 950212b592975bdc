"""Who may enter a route, and what may they carry in? No route is made without an answer to both."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from desk import border
from desk.apart import Apart
from desk.office import Office
from desk.problems import KeyMissing, TooLarge, WrongForm, told
from desk.reading import Watch
from desk.who import NotSignedIn, Permission, require, standing_in
from desk.workshop import Workshop
from records.open import Records
from schemas.errors import BadInput, NotAllowed
from schemas.moves import Actor
from treaties.editions import Editions
from treaties.registry import Registry

M = TypeVar("M", bound=BaseModel)

MAX_PAGE = 200
ONE_BY_ONE = "send documents one by one to /cases/{ref}/documents"
_TOKEN = re.compile(r"Bearer +([\x21-\x7e]{1,512})", re.IGNORECASE)
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_JSON = frozenset({"application/json", ""})


class House:
    """What the routes of one house share: its office, its law, and who looked at what. `registry` is what the
    program ships: the changes that the house accepted come on top of it."""

    def __init__(self, office: Office, registry: Registry) -> None:
        self.office = office
        self.records: Records = office.records
        self.watch = Watch(office.records)
        self.editions = Editions(lambda: registry, office.records.proposals, office.records.proposals.saw)
        self.workshop = Workshop(office.records, self.editions, office.today)
        self.apart = Apart()

    @property
    def registry(self) -> Registry:
        """The law that counts in this house now."""
        return self.editions.current()

    def today(self) -> date:
        """The day it is in the house's own time zone."""
        return self.office.today()

    def moment(self, told: datetime | None) -> datetime | None:
        """A moment as told; one without a time zone is meant in the house's own."""
        return told.replace(tzinfo=self.office.zone) if told is not None and told.tzinfo is None else told


class Door:
    """What a route must have: it says who may enter, or why anybody may."""


class Guard(Door):
    """Lets in those whose token carries `permission`, as an Actor. The only way a route learns who asks."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> Actor:
        """The actor of the bearer token. Raises NotSignedIn or NotAllowed."""
        found = _TOKEN.fullmatch(request.headers.get("authorization", ""))
        if found is None:
            raise NotSignedIn
        house = house_of(request)
        try:
            actor = house.records.accounts.actor_of(found[1])
        except NotAllowed:
            raise NotSignedIn from None
        require(actor, self.permission)
        today = house.today()
        return standing_in(actor, house.records.absences.current(today), today)


class OpenDoor(Door):
    """Marks a route that asks for no token, and says what stands in its place."""

    def __init__(self, instead: str) -> None:
        self.instead = instead

    def __call__(self) -> None:
        """Nothing to check here."""


class KeyDoor:
    """The Idempotency-Key of a POST that creates or sends."""

    def __call__(self, idempotency_key: Annotated[str | None, Header()] = None) -> str:
        """The key as sent: 1 to 128 printable characters. Raises KeyMissing, BadInput."""
        if not idempotency_key:
            raise KeyMissing(
                "A POST that creates or sends needs an Idempotency-Key.",
                where="Idempotency-Key",
                next_step="send a fresh random value, and the same one again when you repeat the request",
            )
        if _KEY.fullmatch(idempotency_key) is None:
            raise BadInput(
                "The Idempotency-Key is not 1 to 128 printable characters.",
                where="Idempotency-Key",
                next_step="a UUID will do",
            )
        return idempotency_key


class GuardedRoute(APIRoute):
    """A route that cannot be made without a Door; all its faults are told as problems."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        if not doors_of(self.dependant):
            raise TypeError(f"route {path} ({endpoint.__name__}) has no actor and no permission")

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler. It answers every exception: the server's own log would print the text of one."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                answer = await inner(request)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                answer = await self.tell(request, error)
            # What is told here is for the one who asked, and stays in no cache on the way.
            answer.headers["Cache-Control"] = "no-store"
            answer.headers["X-Content-Type-Options"] = "nosniff"
            return answer

        return handler

    async def tell(self, request: Request, error: Exception) -> Response:
        """How this kind of route says that something went wrong."""
        return told(request, error)


def doors_of(dependant: Dependant) -> list[Door]:
    """Every Door a route depends on."""
    call: object = dependant.call
    found = [call] if isinstance(call, Door) else []
    for inner in dependant.dependencies:
        found += doors_of(inner)
    return found


def house_of(request: Request) -> House:
    """The house this application serves."""
    house: House = request.app.state.house
    return house


AHouse = Annotated[House, Depends(house_of)]
AKey = Annotated[str, Depends(KeyDoor())]
ALimit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="At most so many rows.")]
ACursor = Annotated[str | None, Query(max_length=2000, description="`next` of the page before.")]


async def body_bytes(request: Request, limit: int, instead: str = ONE_BY_ONE) -> bytes:
    """The whole body, at most `limit` bytes; read no further than that. Raises TooLarge, which says what to
    do `instead`."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise _too_large(limit, instead)
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit:
            raise _too_large(limit, instead)
        pieces.append(piece)
    return b"".join(pieces)


async def json_body(request: Request) -> Any:
    """The JSON value of the body. Raises WrongForm, TooLarge, BadInput."""
    media = media_of(request)
    if media not in _JSON and not media.endswith("+json"):
        raise WrongForm(f"{media} is not read here.", where="Content-Type", next_step="send application/json")
    return border.json_of(await body_bytes(request, house_of(request).office.settings.body_limit))


async def body_as(request: Request, kind: type[M]) -> M:
    """The body as a type that only this API takes, checked against its JSON Schema first."""
    value = await json_body(request)
    border.check(kind.model_json_schema(), value)
    made: M = border.typed(kind, value)
    return made


def media_of(request: Request) -> str:
    """The media type of the body, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def created(content: Any, repeated: bool = False) -> JSONResponse:
    """201 for what was made now, 200 for what the same key had made before."""
    return JSONResponse(content, status_code=200 if repeated else 201)


def _too_large(limit: int, instead: str) -> TooLarge:
    return TooLarge(f"The body has more than {limit} bytes.", where="Content-Length", next_step=instead)
