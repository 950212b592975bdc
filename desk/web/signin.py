"""Which pages show this? Signing in by password, and signing out."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from hmac import compare_digest
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from desk import entrance, passkeys
from desk.api.doors import House, OpenDoor, house_of
from desk.web.forms import Typed, taken
from desk.web.frame import (
    CSRF,
    ROOT,
    SIGN_IN,
    APasserBy,
    NotOurForm,
    PageRoute,
    Visitor,
    cookie_name,
    form_of,
    inside,
    onward,
    page,
)
from desk.web.words import N_
from schemas.errors import BadInput

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Anybody = Depends(OpenDoor("one comes here to show who one is"))
KNOCKING = 3
OWN_SITE = ("same-origin", "none")
NEEDED = {"account": N_("Write the name of your account."), "password": N_("Write your password.")}


@router.get(SIGN_IN, dependencies=[Anybody])
def sign_in(
    request: Request, visitor: APasserBy, back: str = "", expired: str = "", out: str = "", again: str = ""
) -> Response:
    """Every way in of this house. Who is in already goes on, unless they must show again who they are."""
    if visitor.actor is not None and not (expired or again):
        return onward(inside(back))
    told = {"expired": bool(expired), "out": bool(out), "again": bool(again)}
    return ways_in(request, visitor, Typed(), back, **told)


@router.post(SIGN_IN, dependencies=[Anybody])
async def signed_in(request: Request, visitor: APasserBy, back: str = "") -> Response:
    """In by password and code, or by passkey; what is wrong is not told, only that something is."""
    require_own(request)
    typed = await taken(request)
    back = typed.get("back") or back
    if typed.get("way") == "passkey":
        return await run_in_threadpool(_by_passkey, request, visitor, typed, back)
    if not typed.needs(
        visitor, {"account": "Write the name of your account.", "password": "Write your password."}
    ):
        return ways_in(request, visitor, typed, back, 422)
    password = typed.values["password"][-1]
    # Threads of their own: however many knock, pages go on.
    compare = partial(
        entrance.by_password, visitor.house.records, typed.get("account"), password, typed.get("code")
    )
    found = await to_thread.run_sync(compare, limiter=_knocking(request))
    if isinstance(found, entrance.TurnedAway):
        _refuse(visitor, typed, found)
        answer = ways_in(request, visitor, typed, back, 422)
        answer.background = BackgroundTask(entrance.turned_away, visitor.house.records, found)
        return answer
    return await run_in_threadpool(let_in, request, visitor, found, inside(back))


@router.post(f"{ROOT}/sign-out", dependencies=[Depends(OpenDoor("ends the session whose word the form has"))])
async def sign_out(request: Request, visitor: APasserBy) -> Response:
    """Out. A session that was over already is no error."""
    session = visitor.session
    if session is not None:
        form = await form_of(request)
        if not compare_digest(str(form.get(CSRF, "")), session.csrf):
            raise NotOurForm
        await run_in_threadpool(entrance.go, visitor.house.records, session)
    answer = onward(SIGN_IN, out="1")
    answer.delete_cookie(cookie_name(visitor.house), path="/")
    return answer


def let_in(request: Request, visitor: Visitor, entered: entrance.Entered, path: str) -> Response:
    """Onward with a new session; the one that was at this screen before is over."""
    answer = onward(path)
    give_session(request, visitor.house, entered, answer)
    return answer


def _by_passkey(request: Request, visitor: Visitor, typed: Typed, back: str) -> Response:
    records, place = visitor.house.records, passkeys.place_of(request)
    try:
        if place is None:
            raise BadInput("Passkeys need the house's own https address.", where="passkey")
        account = passkeys.recognise(records, place, typed.get("asked"), typed.get("credential"))
    except BadInput as error:
        typed.refuse_error(visitor, error)
        return ways_in(request, visitor, typed, back, 422)
    return let_in(request, visitor, entrance.enter(records, account, "passkey"), inside(back))


def give_session(request: Request, house: House, entered: entrance.Entered, answer: Response) -> None:
    """The cookie of a new session: no script reads it, no other site's form carries it."""
    name = cookie_name(house)
    before = request.cookies.get(name)
    if before:
        house.records.sessions.end(before)
    answer.set_cookie(name, entered.token, httponly=True, samesite="lax", secure=is_secure(request), path="/")


def is_secure(request: Request) -> bool:
    """Do people reach us by https, be it through a server in front of us?"""
    public = house_of(request).office.settings.public_url
    return (urlsplit(public).scheme if public else request.url.scheme) == "https"


def require_own(request: Request) -> None:
    """Raises NotOurForm if a browser says that another site's page has sent this form.

    There is no session yet whose word the form could carry.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    own = {urlsplit(house_of(request).office.settings.public_url).netloc, request.headers.get("host", "")}
    if site is not None:
        foreign = site not in OWN_SITE
    else:
        foreign = origin is not None and urlsplit(origin).netloc not in own - {""}
    if foreign:
        raise NotOurForm


def _knocking(request: Request) -> CapacityLimiter:
    state = request.app.state
    if not hasattr(state, "knocking"):
        state.knocking = CapacityLimiter(KNOCKING)
    limiter: CapacityLimiter = state.knocking
    return limiter


def _refuse(visitor: Visitor, typed: Typed, found: entrance.TurnedAway) -> None:
    if found.until is None:
        typed.refuse("account", visitor.say("The account, the password or the code is not right."))
        return
    zone = ZoneInfo(visitor.house.office.settings.time_zone)
    time = f"{(found.until + timedelta(minutes=1)).astimezone(zone):%H:%M}"
    said = visitor.say("There were too many attempts for this account. Try again at %(time)s.", time=time)
    typed.refuse("account", said)


def ways_in(
    request: Request, visitor: Visitor, form: Typed, back: str, status: int = 200, /, **told: object
) -> Response:
    """The page with every way in; `told`: what to say on it."""
    house, place = visitor.house, passkeys.place_of(request)
    context = {
        "expired": False,
        "out": False,
        "again": False,
        "refused": "",
        "form": form,
        "back": inside(back),
        "demo": house.records.credentials.is_demo(),
        "oidc": bool(house.office.settings.oidc_issuer),
        "passkey": passkeys.ask(house.records, place) if place is not None else None,
        **told,
    }
    return page(request, visitor, "signin/sign_in.html", status, **context)
