"""Which pages show this? Signing in at the office's own OpenID provider, there and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from hmac import compare_digest
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from desk import entrance, provider_login
from desk.api.doors import House, OpenDoor
from desk.provider_login import Begun, NotRecognised, Person
from desk.web.forms import Typed
from desk.web.frame import HEADERS, SIGN_IN, APasserBy, PageRoute, cookie_name, inside
from desk.web.signin import is_secure, let_in, ways_in
from schemas.errors import Conflict, NotFound, Unavailable

router = APIRouter(route_class=PageRoute, include_in_schema=False)

THERE = f"{SIGN_IN}/oidc"
BACK = f"{SIGN_IN}/oidc/back"
KIND = entrance.OIDC
UNDER_WAY = timedelta(minutes=10)


@router.get(THERE, dependencies=[Depends(OpenDoor("leads to the provider, where one shows who one is"))])
async def there(request: Request, visitor: APasserBy, back: str = "", again: str = "") -> Response:
    """To the provider. What must come back unchanged is kept, and bound to this browser by a cookie. `again`:
    the provider is to ask anew who this is, however short ago it did."""
    house, begun = visitor.house, Begun.now(anew=bool(again))
    _require(house)
    settings = house.office.settings
    async with provider_login.client() as http:
        provider = await provider_login.provider_of(settings, http)
    content = {**asdict(begun), "back": inside(back)}
    state = await run_in_threadpool(house.records.sign_ins.begin, KIND, content, UNDER_WAY)
    onward = provider_login.address(settings, provider, begun, state, _our_address(request, house))
    answer = RedirectResponse(onward, status_code=303, headers=HEADERS)
    seconds = int(UNDER_WAY.total_seconds())
    answer.set_cookie(
        _cookie(house), state, seconds, path=SIGN_IN, httponly=True, samesite="lax", secure=is_secure(request)
    )
    return answer


@router.get(
    BACK, dependencies=[Depends(OpenDoor("takes the answer of the provider, which shows who one is"))]
)
async def back_again(
    request: Request, visitor: APasserBy, code: str = "", state: str = "", error: str = "", iss: str = ""
) -> Response:
    """Back from the provider: in, or the sign-in page with the reason why not."""
    house = visitor.house
    _require(house)
    found = await _under_way(request, house, state)
    try:
        if found is None:
            raise NotRecognised("This sign-in was begun too long ago, or in another browser.")
        if error or not code or (iss and iss != house.office.settings.oidc_issuer):
            raise NotRecognised("The provider did not sign you in.")
        person = await _person(request, house, found, code)
        means = entrance.OIDC if found["anew"] is None else entrance.OIDC_ANEW
        entered = await run_in_threadpool(_entered, house, person, means)
    except (NotRecognised, Unavailable) as refused:
        said = f"{visitor.say(refused.what)} {_sentence(visitor.say(refused.next_step))}"
        answer = ways_in(
            request, visitor, Typed(), str(found["back"]) if found else "", refused.status, refused=said
        )
    else:
        answer = await run_in_threadpool(let_in, request, visitor, entered, inside(str(found["back"])))
    answer.delete_cookie(_cookie(house), path=SIGN_IN)
    return answer


async def _under_way(request: Request, house: House, state: str) -> dict[str, Any] | None:
    own = request.cookies.get(_cookie(house), "")
    if not state or not compare_digest(own.encode(), state.encode()):
        return None
    return await run_in_threadpool(house.records.sign_ins.take, KIND, state)


async def _person(request: Request, house: House, found: dict[str, Any], code: str) -> Person:
    settings, begun = house.office.settings, Begun(found["nonce"], found["verifier"], found["anew"])
    async with provider_login.client() as http:
        provider = await provider_login.provider_of(settings, http)
        ours = _our_address(request, house)
        return await provider_login.person_of(settings, provider, begun, code, ours, http)


def _entered(house: House, person: Person, means: str) -> entrance.Entered:
    """By the link to an account; the first time by the address that both the provider and the house know."""
    records = house.records
    account = records.credentials.identified(person.issuer, person.subject)
    if account is None:
        known = records.accounts.of_email(person.email) if person.email else []
        if len(known) != 1:
            raise _NotOurs
        try:
            records.credentials.identify(person.issuer, person.subject, known[0])
        except (Conflict, NotFound) as error:
            raise _NotOurs from error
        account = known[0]
        found = records.accounts.one(account)
        entrance.note(records, found, "way-in-added", {"id": account, "kind": KIND, "issuer": person.issuer})
    return entrance.enter(records, account, means)


class _NotOurs(NotRecognised):
    def __init__(self) -> None:
        super().__init__("The provider knows you, but no account of this house belongs to you.")
        self.next_step = "ask an operator of the house to enter your e-mail address at your account"


def _require(house: House) -> None:
    if not house.office.settings.oidc_issuer or not house.office.settings.oidc_client:
        raise NotFound("This house has no provider to sign in by.", next_step="sign in another way")


def _our_address(request: Request, house: House) -> str:
    base = house.office.settings.public_url or str(request.base_url)
    return base.rstrip("/") + BACK


def _cookie(house: House) -> str:
    return cookie_name(house) + "_oidc"


def _sentence(step: str) -> str:
    return step[:1].upper() + step[1:].rstrip(".") + "."
