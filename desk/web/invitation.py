"""Which page shows this? An invitation: its owner chooses how to sign in, once."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from desk import entrance, membership
from desk.api.doors import OpenDoor
from desk.web import choosing
from desk.web.forms import Typed, taken
from desk.web.frame import ROOT, APasserBy, PageRoute, Visitor, onward, page
from desk.web.signin import give_session, require_own

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Invited = Depends(OpenDoor("the address holds the word of an invitation, which is good once"))


@router.get(membership.PATH + "{word}", dependencies=[Invited])
def invitation(request: Request, visitor: APasserBy, word: str) -> Response:
    """Who is invited, and the ways to choose from. Looking at it uses nothing up."""
    return _shown(request, visitor, Typed(), membership.invited(visitor.house.records, word))


@router.post(membership.PATH + "{word}", dependencies=[Invited])
async def accepted(request: Request, visitor: APasserBy, word: str) -> Response:
    """The way is chosen: the invitation is used up, and its owner signed in."""
    require_own(request)
    typed = await taken(request)
    return await run_in_threadpool(_accept, request, visitor, typed, word)


def _accept(request: Request, visitor: Visitor, typed: Typed, word: str) -> Response:
    records = visitor.house.records
    found = membership.invited(records, word)
    account, secret = found["account"], found["secret"]
    answer: Response
    if typed.get("way") == "passkey":
        accept = partial(membership.accept, records, word)
        if not choosing.passkey_taken(request, visitor, typed, account, before=accept):
            return _shown(request, visitor, typed, found, 422)
        entered = entrance.enter(records, account, "passkey")
        answer = onward(f"{ROOT}/")
    else:
        chosen = choosing.password_taken(visitor, typed, account, secret)
        if chosen is None:
            return _shown(request, visitor, typed, found, 422)
        membership.accept(records, word)
        codes = choosing.set_password(records, account, chosen, secret)
        entered = entrance.enter(records, account, "password")
        answer = page(request, visitor, "signin/codes.html", codes=codes, back=f"{ROOT}/")
    give_session(request, visitor.house, entered, answer)
    return answer


def _shown(
    request: Request, visitor: Visitor, typed: Typed, found: dict[str, Any], status: int = 200
) -> Response:
    account = visitor.house.records.accounts.one(found["account"])
    context = {
        "form": typed,
        "account": account,
        "roles": choosing.roles_said(visitor, account.roles),
        "secret": choosing.grouped(found["secret"]),
        "picture": choosing.picture_of(visitor, account.id, found["secret"]),
        "passkey": choosing.asked_for(request, visitor, account.id),
    }
    return page(request, visitor, "signin/invitation.html", status, **context)
