"""Routes: accounts, tokens and leavers, whom we trust, old registers, the backup, and who I am."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, JSONResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from desk import leaving, membership, takeover
from desk.api.describe import takes_bytes, takes_own
from desk.api.doors import AHouse, AKey, Guard, GuardedRoute, House, body_as, body_bytes, created, media_of
from desk.who import Permission
from records.accounts import Account, Token
from records.backup import backup
from records.credentials import Way
from records.sessions import Screen
from schemas.errors import Conflict
from schemas.ids import Email, Name, digest
from schemas.moves import Actor
from schemas.request import Passage
from schemas.vocabulary import Role

router = APIRouter(route_class=GuardedRoute, tags=["house"])

Keeper = Annotated[Actor, Depends(Guard(Permission.KEEP_ACCOUNTS))]
Releaser = Annotated[Actor, Depends(Guard(Permission.LET_LEAVE))]
Self = Annotated[Actor, Depends(Guard(Permission.SEE_SELF))]
Truster = Annotated[Actor, Depends(Guard(Permission.SEE_TRUST))]
Importer = Annotated[Actor, Depends(Guard(Permission.IMPORT_CASES))]
Operator = Annotated[Actor, Depends(Guard(Permission.BACK_UP))]

Roles = Annotated[tuple[Role, ...], Field(min_length=1)]


class UserBody(BaseModel):
    """A new account. `id`: a name for the ledger, not of a third person. `email`: where to remind them."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{1,79}$")]
    roles: Roles
    agency: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)] = "central-authority"
    email: Email | None = None


class RolesBody(BaseModel):
    """The roles of an account, all of them."""

    model_config = ConfigDict(extra="forbid")

    roles: Roles


class TokenBody(BaseModel):
    """A new token. `scopes`: fewer roles than the account has; `expires`: with its time zone."""

    model_config = ConfigDict(extra="forbid")

    scopes: Roles | None = None
    expires: AwareDatetime | None = None


class RemindersBody(BaseModel):
    """Where an account is reminded (null: nowhere); `quiet`: only of what is urgent."""

    model_config = ConfigDict(extra="forbid")

    email: Email | None = None
    quiet: bool = False


class LeaveBody(BaseModel):
    """Somebody leaves. `to`: the account that takes over what they hold; null: back to the function."""

    model_config = ConfigDict(extra="forbid")

    to: Name | None = None
    reason: Passage


@router.get("/me")
def me(house: AHouse, actor: Self) -> dict[str, Any]:
    """Who the token says I am."""
    return actor.model_dump(mode="json")


@router.get("/users")
def users(house: AHouse, actor: Keeper) -> dict[str, Any]:
    """Every account of the house."""
    return {"items": [_account(each) for each in house.records.accounts.all()]}


@router.post("/users", status_code=201, openapi_extra=takes_own(UserBody))
async def add_user(request: Request, house: AHouse, actor: Keeper, key: AKey) -> JSONResponse:
    """Add an account. The ledger keeps who added it, with which roles."""
    body = await body_as(request, UserBody)
    made, repeated = await run_in_threadpool(_add_user, house, actor, body, key)
    return created(made, repeated)


@router.post("/users/{id}/tokens", status_code=201, openapi_extra=takes_own(TokenBody))
async def add_token(request: Request, id: str, house: AHouse, actor: Keeper, key: AKey) -> JSONResponse:
    """Make a token. It is shown this once; only its hash is kept."""
    body = await body_as(request, TokenBody)
    token = await run_in_threadpool(_add_token, house, actor, id, body, key)
    return created({"id": id, "token": token})


@router.post("/users/{id}/close")
def close_user(id: str, house: AHouse, actor: Keeper, key: AKey) -> dict[str, Any]:
    """Close an account and every token of it."""
    membership.close(house.records, actor, id)
    return {"id": id, "closed": True}


@router.post("/users/{id}/roles", openapi_extra=takes_own(RolesBody))
async def change_roles(request: Request, id: str, house: AHouse, actor: Keeper, key: AKey) -> dict[str, Any]:
    """Give an account these roles instead; its sessions and tokens keep what both name."""
    body = await body_as(request, RolesBody)
    return _account(await run_in_threadpool(membership.change_roles, house.records, actor, id, body.roles))


@router.post("/users/{id}/invitation", status_code=201)
def invite(request: Request, id: str, house: AHouse, actor: Keeper, key: AKey) -> dict[str, Any]:
    """A link by which the account's owner chooses how to sign in; shown this once, an earlier one is void."""
    _once(house, actor, key, "invite", id)
    return _invitation(request, house, id, membership.invite(house.records, actor, id))


@router.post("/users/{id}/reset", status_code=201)
def reset(request: Request, id: str, house: AHouse, actor: Keeper, key: AKey) -> dict[str, Any]:
    """End every session and way to sign in of an account, and invite it anew."""
    _once(house, actor, key, "reset", id)
    return _invitation(request, house, id, membership.reset(house.records, actor, id))


@router.get("/users/{id}/access")
def access(id: str, house: AHouse, actor: Keeper) -> dict[str, Any]:
    """What opens an account: ways to sign in, sessions and tokens, none of them with its secret."""
    records = house.records
    records.accounts.one(id)
    return {
        "id": id,
        "ways": [_way(each) for each in records.credentials.of(id)],
        "sessions": [_screen(each) for each in records.sessions.all(id)],
        "tokens": [_token(each) for each in records.accounts.tokens(id)],
    }


@router.post("/users/{id}/sessions/end")
def end_sessions(id: str, house: AHouse, actor: Keeper, key: AKey) -> dict[str, Any]:
    """End every session of an account."""
    return {"id": id, "ended": membership.end_sessions(house.records, actor, id)}


@router.post("/users/{id}/tokens/{number}/revoke")
def revoke_token(id: str, number: str, house: AHouse, actor: Keeper, key: AKey) -> dict[str, Any]:
    """End one token of an account by the number that `access` shows."""
    membership.revoke(house.records, actor, id, number)
    return {"id": id, "revoked": number}


@router.post("/users/{id}/reminders", openapi_extra=takes_own(RemindersBody))
async def set_reminders(request: Request, id: str, house: AHouse, actor: Keeper, key: AKey) -> dict[str, Any]:
    """Say where an account is reminded. The ledger keeps that it was said, never the address."""
    body = await body_as(request, RemindersBody)
    made = await run_in_threadpool(membership.remind, house.records, actor, id, body.email, body.quiet)
    return _account(made)


@router.post("/users/{id}/leave", openapi_extra=takes_own(LeaveBody))
async def let_leave(request: Request, id: str, house: AHouse, actor: Releaser, key: AKey) -> dict[str, Any]:
    """Give everything a leaver holds or was offered to another, and close the account. Again: goes on."""
    body = await body_as(request, LeaveBody)
    return leaving.told(await leaving.leave(house.office, actor, id, body.to, body.reason))


@router.get("/trust")
def trust(house: AHouse, actor: Truster) -> dict[str, Any]:
    """The houses we trust, with their addresses and public keys."""
    return {"items": house.office.trust_rows()}


@router.post("/imports", openapi_extra=takes_bytes(*sorted(takeover.MEDIA)))
async def take_over(
    request: Request, house: AHouse, actor: Importer, key: AKey, dry_run: bool = False
) -> dict[str, Any]:
    """Take open cases over from an old register (CSV or XLSX). All rows are checked before any is taken."""
    content = await body_bytes(request, house.office.settings.body_limit)
    return await takeover.take_over(
        house.office, house.registry, actor, content, media_of(request), key, dry_run=dry_run
    )


@router.post("/admin/backup")
async def back_up(house: AHouse, actor: Operator) -> FileResponse:
    """Everything kept as one archive (tar.gz); keys are never inside."""
    target = await run_in_threadpool(_backup, house)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    return FileResponse(
        target,
        media_type="application/gzip",
        filename=f"{house.office.settings.house}-{stamp}.tar.gz",
        background=BackgroundTask(_remove, target),
    )


def _add_user(house: House, actor: Actor, body: UserBody, key: str) -> tuple[dict[str, Any], bool]:
    attempts, name = house.records.attempts, f"{actor.id}:{key}"
    done = attempts.begin(name, actor.id, "add-user", digest(body.model_dump_json().encode()))
    if done is not None:
        known = {each.id: each for each in house.records.accounts.all()}
        return _account(known[body.id]), True
    made = _account(membership.add(house.records, actor, body.id, body.roles, body.agency, body.email))
    attempts.finish(name, "{}")
    return made, False


def _add_token(house: House, actor: Actor, id: str, body: TokenBody, key: str) -> str:
    attempts, name = house.records.attempts, f"{actor.id}:{key}"
    done = attempts.begin(name, actor.id, "add-token", digest(f"{id} {body.model_dump_json()}".encode()))
    if done is not None:
        # The answer cannot be repeated: the token itself is not kept.
        raise Conflict(
            "This key made a token already, and a token is shown once.",
            where="Idempotency-Key",
            next_step="use the token you got, or ask again with a fresh key",
        )
    token = membership.token(house.records, actor, id, body.scopes, body.expires)
    attempts.finish(name, "{}")
    return token


def _account(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "roles": [role.value for role in account.roles],
        "agency": account.agency,
        "created": account.created.isoformat(),
        "closed": account.closed.isoformat() if account.closed else None,
        "email": account.email,
        "quiet": account.quiet,
    }


def _once(house: House, actor: Actor, key: str, what: str, id: str) -> None:
    """Raises Conflict if the key made a link already: what is shown once cannot be repeated."""
    attempts, name = house.records.attempts, f"{actor.id}:{key}"
    if attempts.begin(name, actor.id, what, digest(id.encode())) is not None:
        raise Conflict(
            "This key made a link already, and a link is shown once.",
            where="Idempotency-Key",
            next_step="use the link you got, or ask again with a fresh key",
        )
    attempts.finish(name, "{}")


def _invitation(request: Request, house: House, id: str, word: str) -> dict[str, Any]:
    path = membership.PATH + word
    base = (house.office.settings.public_url or str(request.base_url)).rstrip("/")
    ends = datetime.now(UTC) + membership.INVITED
    return {"id": id, "path": path, "address": base + path, "ends": ends.isoformat(timespec="seconds")}


def _way(way: Way) -> dict[str, Any]:
    used = way.used.isoformat() if way.used else None
    return {"kind": way.kind, "label": way.label, "made": way.made.isoformat(), "used": used}


def _screen(screen: Screen) -> dict[str, Any]:
    return {"means": screen.means, "made": screen.made.isoformat(), "seen": screen.seen.isoformat()}


def _token(token: Token) -> dict[str, Any]:
    return {
        "number": token.number,
        "scopes": [role.value for role in token.roles],
        "calendar": token.calendar,
        "made": token.made.isoformat(),
        "expires": token.expires.isoformat() if token.expires else None,
    }


def _backup(house: House) -> Path:
    folder = house.office.settings.home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="backup-", suffix=".tar.gz", delete=False) as file:
        target = Path(file.name)
    try:
        backup(house.records, target)
        target.chmod(0o600)
    except BaseException:
        _remove(target)
        raise
    return target


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
