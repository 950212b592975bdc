"""Which page shows this? My account: who I am, where I am signed in, tokens, calendar, absence, reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from desk import absence, membership
from desk.web import fresh
from desk.web.forms import Typed, shown, taken
from desk.web.frame import ROOT, PageGuard, PageRoute, Visitor, onward, page
from desk.web.words import N_
from desk.who import Permission
from records.sessions import Session
from schemas.errors import RogatoryError
from schemas.vocabulary import Role, word

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Own = Annotated[Visitor, Depends(PageGuard(Permission.SEE_SELF))]
Keeper = Annotated[Visitor, Depends(PageGuard(Permission.KEEP_ABSENCES))]
ACCOUNT = f"{ROOT}/account"
FEW = 4
"""Sessions that are shown at once."""

DONE = {
    "session": N_("That session has ended."),
    "others": N_("Your other sessions have ended."),
    "token": N_("The token opens nothing any more."),
    "calendars": N_("Your calendar addresses open nothing any more."),
    "reminders": N_("It is written down where you are reminded."),
    "absence": N_("The absence is written down."),
    "back": N_("The absence has ended."),
    "way": N_("This way to sign in is gone."),
    "passkey": N_("The new passkey is kept."),
    "password": N_("The new password counts from now on."),
}


@router.get(ACCOUNT)
def account(request: Request, visitor: Own, done: str = "") -> Response:
    """All about oneself on one page."""
    mine = visitor.house.records.accounts.one(visitor.who.id)
    start = {"email": mine.email or "", "quiet": "yes" if mine.quiet else ""}
    return _shown(request, visitor, shown(request, visitor, **start), done=done)


@router.post(ACCOUNT)
async def changed(request: Request, visitor: Own) -> Response:
    """One of the small deeds of the page, named by the field `do`."""
    typed = await taken(request)
    return await run_in_threadpool(_do, request, visitor, typed)


@router.get(f"{ACCOUNT}/token")
def new_token(request: Request, visitor: Own) -> Response:
    """For which roles, and until when?"""
    if not fresh.to_open(visitor):
        return fresh.again(request)
    return page(request, visitor, "signin/token.html", form=shown(request, visitor), made="")


@router.post(f"{ACCOUNT}/token")
async def token_made(request: Request, visitor: Own) -> Response:
    """The token, shown once."""
    if not fresh.to_send(visitor):
        return fresh.again(request)
    typed = await taken(request)
    made = await run_in_threadpool(_token, visitor, typed)
    return page(request, visitor, "signin/token.html", 200 if made else 422, form=typed, made=made)


@router.get(f"{ACCOUNT}/absence")
def new_absence(request: Request, visitor: Keeper) -> Response:
    """From when, until when, and who stands in?"""
    deputies = absence.deputies(visitor.house.records, visitor.who)
    return page(request, visitor, "signin/absence.html", form=shown(request, visitor), deputies=deputies)


@router.post(f"{ACCOUNT}/absence")
async def absence_recorded(request: Request, visitor: Keeper) -> Response:
    """Written down, unless the deputy cannot stand in."""
    typed = await taken(request)
    if await run_in_threadpool(_absent, visitor, typed):
        return onward(ACCOUNT, done="absence")
    deputies = absence.deputies(visitor.house.records, visitor.who)
    return page(request, visitor, "signin/absence.html", 422, form=typed, deputies=deputies)


# --- the small deeds ------------------------------------------------------------------------------------


def _session(visitor: Visitor, typed: Typed) -> str:
    visitor.house.records.sessions.end_one(visitor.who.id, typed.get("hash"))
    membership.note(visitor.house.records, visitor.who, "sessions-ended", {"id": visitor.who.id, "ended": 1})
    return "session"


def _others(visitor: Visitor, typed: Typed) -> str:
    here = visitor.session.hash if visitor.session else ""
    membership.end_sessions(visitor.house.records, visitor.who, visitor.who.id, here)
    return "others"


def _revoke(visitor: Visitor, typed: Typed) -> str:
    membership.revoke(visitor.house.records, visitor.who, visitor.who.id, typed.get("number"))
    return "token"


def _revoke_calendars(visitor: Visitor, typed: Typed) -> str:
    visitor.house.records.accounts.revoke_calendars(visitor.who.id)
    return "calendars"


def _remind(visitor: Visitor, typed: Typed) -> str:
    email, quiet = typed.get("email") or None, typed.ticked("quiet")
    membership.remind(visitor.house.records, visitor.who, visitor.who.id, email, quiet)
    return "reminders"


def _back(visitor: Visitor, typed: Typed) -> str:
    absence.end(visitor.house, visitor.who, int(typed.get("number") or 0))
    return "back"


def _remove_way(visitor: Visitor, typed: Typed) -> str:
    membership.remove_way(visitor.house.records, visitor.who, visitor.who.id, typed.get("way"))
    return "way"


DEEDS: dict[str, Callable[[Visitor, Typed], str]] = {
    "session": _session,
    "others": _others,
    "token": _revoke,
    "calendars": _revoke_calendars,
    "reminders": _remind,
    "back": _back,
    "way": _remove_way,
}


def _do(request: Request, visitor: Visitor, typed: Typed) -> Response:
    deed = typed.get("do")
    try:
        if deed == "calendar":
            address = _calendar(request, visitor)
            return _shown(request, visitor, typed, calendar=address)
        if deed in DEEDS:
            return onward(ACCOUNT, done=DEEDS[deed](visitor, typed))
        typed.refuse("", visitor.say("This page does not know that: open it again."))
    except (RogatoryError, ValueError) as error:
        if not isinstance(error, RogatoryError):
            typed.refuse("", visitor.say("This page does not know that: open it again."))
        else:
            typed.refuse_error(visitor, error, {"email": "email"})
    return _shown(request, visitor, typed, 422)


def _calendar(request: Request, visitor: Visitor) -> str:
    token = visitor.house.records.accounts.calendar(visitor.who.id)
    base = visitor.house.office.settings.public_url or str(request.base_url)
    return f"{base.rstrip('/')}/calendar/{token}.ics"


def _token(visitor: Visitor, typed: Typed) -> str:
    day, roles = _day(visitor, typed, "until"), typed.all("scopes")
    if not typed.get("until"):
        typed.refuse("until", visitor.say("Write the last day on which the token is good."))
    if not roles:
        typed.refuse("scopes", visitor.say("Choose at least one role."))
    if not typed.ok or day is None:
        return ""
    end = datetime.combine(day, time(23, 59), visitor.house.office.zone)
    try:
        scopes = tuple(word(Role, each, "scopes") for each in roles)
        return membership.token(visitor.house.records, visitor.who, visitor.who.id, scopes, end)
    except RogatoryError as error:
        typed.refuse_error(visitor, error, {"expires": "until", "scopes": "scopes"})
        return ""


def _absent(visitor: Visitor, typed: Typed) -> bool:
    since, until = _day(visitor, typed, "since"), _day(visitor, typed, "until")
    wanted = {"since": N_("Write the first day away."), "deputy": N_("Choose who stands in.")}
    typed.needs(visitor, wanted)
    if not typed.ok or since is None:
        return False
    try:
        absence.record(visitor.house, visitor.who, visitor.who.id, typed.get("deputy"), since, until)
    except RogatoryError as error:
        typed.refuse_error(visitor, error, {"deputy": "deputy", "since": "since", "until": "until"})
    return typed.ok


def _day(visitor: Visitor, typed: Typed, name: str) -> date | None:
    if not typed.get(name):
        return None
    try:
        return date.fromisoformat(typed.get(name))
    except ValueError:
        typed.refuse(name, visitor.say("This is no day. Write it as year-month-day, such as 2026-11-22."))
        return None


def _shown(
    request: Request,
    visitor: Visitor,
    form: Typed,
    status: int = 200,
    /,
    *,
    done: str = "",
    calendar: str = "",
) -> Response:
    records, own = visitor.house.records, visitor.who.id
    ways = records.credentials.of(own)
    kinds = {way.kind for way in ways}
    told: dict[str, Any] = {
        "form": form,
        "done": visitor.say(DONE[done]) if done in DONE else "",
        "calendar": calendar,
        "mine": records.accounts.one(own),
        "ways": [way for way in ways if way.kind in ("password", "passkey", "oidc", "demo")],
        "codes_left": sum(way.kind == "recovery" for way in ways),
        "codes": "password" in kinds,
        "second": bool(kinds & {"password", "passkey", "oidc"}),
        "office_only": kinds == {"oidc"},
        "sessions": records.sessions.all(own),
        "few": FEW,
        "tokens": records.accounts.tokens(own),
        "absences": absence.concerning(visitor.house, own),
        "idle": round(visitor.house.office.settings.idle_minutes),
        "session": visitor.session if isinstance(visitor.session, Session) else None,
        "now": datetime.now(visitor.house.office.zone),
    }
    return page(request, visitor, "signin/account.html", status, **told)
