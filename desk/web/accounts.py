"""Which pages show this? The accounts of the house, for the operator who keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from desk import membership
from desk.web import fresh
from desk.web.forms import Typed, shown, taken
from desk.web.frame import ROOT, PageGuard, PageRoute, Visitor, onward, page
from desk.web.words import N_
from desk.who import Permission
from records.accounts import Account
from schemas.errors import RogatoryError
from schemas.vocabulary import Role, word

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Keeper = Annotated[Visitor, Depends(PageGuard(Permission.KEEP_ACCOUNTS))]
ACCOUNTS = f"{ROOT}/accounts"
PAGE = 100

DONE = {
    "roles": N_("The roles are changed. Whoever is signed in has them at once."),
    "reminders": N_("It is written down where the account is reminded."),
    "sessions": N_("Every session of the account has ended."),
    "token": N_("The token opens nothing any more."),
    "close": N_("The account is closed. Nothing opens it any more."),
}
PLACES = {"id": "id", "roles": "roles", "email": "email", "agency": "agency"}


@router.get(ACCOUNTS)
def accounts(request: Request, visitor: Keeper, q: str = "", after: str = "", closed: str = "") -> Response:
    """Who is there, a page at a time; closed ones if asked for."""
    found = [
        each
        for each in visitor.house.records.accounts.all()
        if each.id > after and q.strip().lower() in each.id and (closed or each.closed is None)
    ]
    rows, more = found[:PAGE], len(found) > PAGE
    told = {"rows": rows, "q": q, "closed": closed, "next": rows[-1].id if more else ""}
    return page(request, visitor, "signin/accounts.html", **told)


@router.get(f"{ROOT}/add-account")
def new_account(request: Request, visitor: Keeper) -> Response:
    """Name, roles, agency, address."""
    form = shown(request, visitor, agency="central-authority")
    return page(request, visitor, "signin/new_account.html", form=form, roles=_roles())


@router.post(f"{ROOT}/add-account")
async def account_added(request: Request, visitor: Keeper) -> Response:
    """Added, and then invited on its own page."""
    typed = await taken(request)
    made = await run_in_threadpool(_add, visitor, typed)
    if made is None:
        return page(request, visitor, "signin/new_account.html", 422, form=typed, roles=_roles())
    return onward(f"{ACCOUNTS}/{made.id}")


@router.get(f"{ACCOUNTS}/{{id}}")
def one_account(request: Request, visitor: Keeper, id: str, done: str = "") -> Response:
    """One account: what it may do and what opens it."""
    found = visitor.house.records.accounts.one(id)
    start = {"email": found.email or "", "quiet": "yes" if found.quiet else ""}
    form = shown(request, visitor, roles=[role.value for role in found.roles], **start)
    return _shown(request, visitor, found, form, done=done)


@router.post(f"{ACCOUNTS}/{{id}}")
async def account_changed(request: Request, visitor: Keeper, id: str) -> Response:
    """One deed on the account, named by the field `do`."""
    typed = await taken(request)
    return await run_in_threadpool(_do, request, visitor, id, typed)


def _roles_changed(visitor: Visitor, id: str, typed: Typed) -> str:
    roles = tuple(word(Role, each, "roles") for each in typed.all("roles"))
    membership.change_roles(visitor.house.records, visitor.who, id, roles)
    return "roles"


def _reminders(visitor: Visitor, id: str, typed: Typed) -> str:
    email = typed.get("email") or None
    membership.remind(visitor.house.records, visitor.who, id, email, typed.ticked("quiet"))
    return "reminders"


def _sessions(visitor: Visitor, id: str, typed: Typed) -> str:
    membership.end_sessions(visitor.house.records, visitor.who, id)
    return "sessions"


def _revoke(visitor: Visitor, id: str, typed: Typed) -> str:
    membership.revoke(visitor.house.records, visitor.who, id, typed.get("number"))
    return "token"


def _close(visitor: Visitor, id: str, typed: Typed) -> str:
    membership.close(visitor.house.records, visitor.who, id)
    return "close"


DEEDS: dict[str, Callable[[Visitor, str, Typed], str]] = {
    "roles": _roles_changed,
    "reminders": _reminders,
    "sessions": _sessions,
    "token": _revoke,
    "close": _close,
}
LINKS = {"invite": membership.invite, "reset": membership.reset}
SURE = {
    "reset": N_("Tick the box if the account is to be reset."),
    "close": N_("Tick the box if the account is to be closed."),
}


def _do(request: Request, visitor: Visitor, id: str, typed: Typed) -> Response:
    deed, link = typed.get("do"), ""
    if deed in LINKS and not fresh.to_send(visitor):
        return fresh.again(request)
    if deed in SURE and not typed.ticked(f"sure-{deed}"):
        typed.refuse(f"sure-{deed}", visitor.say(SURE[deed]))
    try:
        if typed.ok and deed in DEEDS:
            return onward(f"{ACCOUNTS}/{id}", done=DEEDS[deed](visitor, id, typed))
        if typed.ok and deed in LINKS:
            base = visitor.house.office.settings.public_url or str(request.base_url)
            word = LINKS[deed](visitor.house.records, visitor.who, id)
            link = base.rstrip("/") + membership.PATH + word
        elif typed.ok:
            typed.refuse("", visitor.say("This page does not know that: open it again."))
    except RogatoryError as error:
        typed.refuse_error(visitor, error, PLACES)
    found = visitor.house.records.accounts.one(id)
    return _shown(request, visitor, found, typed, 200 if typed.ok else 422, link=link)


def _add(visitor: Visitor, typed: Typed) -> Account | None:
    typed.needs(visitor, {"id": N_("Write a name for the account."), "agency": N_("Write the agency.")})
    if not typed.all("roles"):
        typed.refuse("roles", visitor.say("Choose at least one role."))
    if not typed.ok:
        return None
    try:
        roles = tuple(word(Role, each, "roles") for each in typed.all("roles"))
        agency, email = typed.get("agency"), typed.get("email") or None
        records = visitor.house.records
        return membership.add(records, visitor.who, typed.get("id").lower(), roles, agency, email)
    except RogatoryError as error:
        typed.refuse_error(visitor, error, PLACES)
        return None


def _roles() -> list[str]:
    return [role.value for role in Role]


def _shown(
    request: Request,
    visitor: Visitor,
    account: Account,
    form: Typed,
    status: int = 200,
    /,
    *,
    done: str = "",
    link: str = "",
) -> Response:
    records = visitor.house.records
    if not form.values.get("roles"):
        form.values["roles"] = [role.value for role in account.roles]
    if form.get("do") not in ("", "reminders"):
        form.values["email"] = [account.email or ""]
        form.values["quiet"] = ["yes"] if account.quiet else []
    ways = records.credentials.of(account.id)
    told = {
        "account": account,
        "form": form,
        "done": visitor.say(DONE[done]) if done in DONE else "",
        "link": link,
        "hours": round(membership.INVITED.total_seconds() / 3600),
        "roles": _roles(),
        "ways": [way for way in ways if way.kind in ("password", "passkey", "oidc", "demo")],
        "sessions": records.sessions.all(account.id),
        "tokens": records.accounts.tokens(account.id),
    }
    return page(request, visitor, "signin/one_account.html", status, **told)
