"""Which pages show this? How I sign in: another password, one more passkey, new recovery codes.

Each asks that one has signed in just now: who finds a screen open must not be able to make a way in of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import pyotp
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from desk import membership
from desk.web import choosing, fresh
from desk.web.account import ACCOUNT
from desk.web.forms import Typed, taken
from desk.web.frame import PageGuard, PageRoute, Visitor, onward, page
from desk.who import Permission
from schemas.errors import Conflict

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Own = Annotated[Visitor, Depends(PageGuard(Permission.SEE_SELF))]

SECOND = ("password", "passkey", "oidc")
"""Whoever has one of these may have a second way, be it for the day on which the provider does not answer."""
KIND = "new-code-app"
APP_LASTS = timedelta(hours=1)


@router.get(f"{ACCOUNT}/password")
def password(request: Request, visitor: Own) -> Response:
    """A new password with a new code app."""
    if not fresh.to_open(visitor):
        return fresh.again(request)
    secret = pyotp.random_base32()
    return _password_shown(request, visitor, Typed(), secret)


@router.post(f"{ACCOUNT}/password")
async def password_set(request: Request, visitor: Own) -> Response:
    """It counts from now on; other sessions end."""
    typed = await taken(request)
    if not fresh.to_send(visitor):
        return fresh.again(request)
    return await run_in_threadpool(_set_password, request, visitor, typed)


@router.get(f"{ACCOUNT}/passkey")
def passkey(request: Request, visitor: Own) -> Response:
    """One more passkey."""
    if not fresh.to_open(visitor):
        return fresh.again(request)
    return _passkey_shown(request, visitor, Typed())


@router.post(f"{ACCOUNT}/passkey")
async def passkey_added(request: Request, visitor: Own) -> Response:
    """Kept under the name its owner gave it."""
    typed = await taken(request)
    if not fresh.to_send(visitor):
        return fresh.again(request)
    return await run_in_threadpool(_add_passkey, request, visitor, typed)


@router.get(f"{ACCOUNT}/codes")
def codes(request: Request, visitor: Own) -> Response:
    """Asks whether new recovery codes are wanted: the earlier ones will be void."""
    return page(request, visitor, "signin/new_codes.html", form=Typed())


@router.post(f"{ACCOUNT}/codes")
async def codes_made(request: Request, visitor: Own) -> Response:
    """New recovery codes, shown once."""
    if not fresh.to_send(visitor):
        return fresh.again(request)
    return await run_in_threadpool(_new_codes, request, visitor)


def _require_local(visitor: Visitor, kinds: tuple[str, ...]) -> None:
    """Raises Conflict where nothing that the page changes opens the account: it is a demo's."""
    ways = {way.kind for way in visitor.house.records.credentials.of(visitor.who.id)}
    if not ways & set(kinds):
        raise Conflict(
            "This account does not sign in with a password or passkey of this house.",
            next_step="ask an operator of the house for an invitation",
        )


def _set_password(request: Request, visitor: Visitor, typed: Typed) -> Response:
    records, own = visitor.house.records, visitor.who.id
    _require_local(visitor, SECOND)
    found = records.sign_ins.unseal(KIND, typed.get("secret"))
    if found is None or found["account"] != own:
        return _password_shown(request, visitor, typed, pyotp.random_base32(), 422)
    chosen = choosing.password_taken(visitor, typed, own, found["secret"])
    if chosen is None:
        return _password_shown(request, visitor, typed, found["secret"], 422)
    codes = choosing.set_password(records, own, chosen, found["secret"])
    membership.note(records, visitor.who, "way-in-added", {"id": own, "kind": "password"})
    membership.end_sessions(records, visitor.who, own, visitor.session.hash if visitor.session else "")
    return page(request, visitor, "signin/codes.html", codes=codes, back=f"{ACCOUNT}?done=password")


def _add_passkey(request: Request, visitor: Visitor, typed: Typed) -> Response:
    _require_local(visitor, SECOND)
    if not choosing.passkey_taken(request, visitor, typed, visitor.who.id):
        return _passkey_shown(request, visitor, typed, 422)
    detail = {"id": visitor.who.id, "kind": "passkey"}
    membership.note(visitor.house.records, visitor.who, "way-in-added", detail)
    return onward(ACCOUNT, done="passkey")


def _new_codes(request: Request, visitor: Visitor) -> Response:
    _require_local(visitor, ("password",))
    codes = visitor.house.records.credentials.set_recovery(visitor.who.id)
    detail = {"id": visitor.who.id, "kind": "recovery"}
    membership.note(visitor.house.records, visitor.who, "way-in-added", detail)
    return page(request, visitor, "signin/codes.html", codes=codes, back=ACCOUNT)


def _password_shown(
    request: Request, visitor: Visitor, typed: Typed, secret: str, status: int = 200
) -> Response:
    _require_local(visitor, SECOND)
    own = visitor.who.id
    sealed = visitor.house.records.sign_ins.seal(KIND, {"account": own, "secret": secret}, APP_LASTS)
    context = {
        "form": typed,
        "sealed": sealed,
        "secret": choosing.grouped(secret),
        "picture": choosing.picture_of(visitor, own, secret),
    }
    return page(request, visitor, "signin/password.html", status, **context)


def _passkey_shown(request: Request, visitor: Visitor, typed: Typed, status: int = 200) -> Response:
    _require_local(visitor, SECOND)
    asked = choosing.asked_for(request, visitor, visitor.who.id)
    return page(request, visitor, "signin/passkey.html", status, form=typed, passkey=asked)
