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

from desk import leaving, takeover
from desk.api.describe import takes_bytes, takes_own
from desk.api.doors import AHouse, AKey, Guard, GuardedRoute, House, body_as, body_bytes, created, media_of
from desk.who import Permission
from records.accounts import Account
from records.backup import backup
from records.references import HOUSE
from schemas.errors import BadInput, Conflict
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
    house.records.accounts.close(id)
    _note(house, actor, "account-closed", {"id": id})
    return {"id": id, "closed": True}


@router.post("/users/{id}/reminders", openapi_extra=takes_own(RemindersBody))
async def set_reminders(request: Request, id: str, house: AHouse, actor: Keeper, key: AKey) -> dict[str, Any]:
    """Say where an account is reminded. The ledger keeps that it was said, never the address."""
    body = await body_as(request, RemindersBody)
    return await run_in_threadpool(_set_reminders, house, actor, id, body)


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
    made = _account(house.records.accounts.add(body.id, body.roles, body.agency, body.email))
    _note(house, actor, "account-added", {"id": body.id, "roles": made["roles"], "agency": body.agency})
    attempts.finish(name, "{}")
    return made, False


def _set_reminders(house: House, actor: Actor, id: str, body: RemindersBody) -> dict[str, Any]:
    account = house.records.accounts.remind(id, email=body.email, quiet=body.quiet)
    detail = {"id": id, "email": body.email is not None, "quiet": body.quiet}
    _note(house, actor, "reminders-set", detail)
    return _account(account)


def _add_token(house: House, actor: Actor, id: str, body: TokenBody, key: str) -> str:
    if body.expires is not None and body.expires <= datetime.now(UTC):
        raise BadInput(
            "The token would have expired already.", where="body.expires", next_step="give a later moment"
        )
    attempts, name = house.records.attempts, f"{actor.id}:{key}"
    done = attempts.begin(name, actor.id, "add-token", digest(f"{id} {body.model_dump_json()}".encode()))
    if done is not None:
        # The answer cannot be repeated: the token itself is not kept.
        raise Conflict(
            "This key made a token already, and a token is shown once.",
            where="Idempotency-Key",
            next_step="use the token you got, or ask again with a fresh key",
        )
    token = house.records.accounts.token(id, body.scopes, body.expires)
    scopes = [role.value for role in body.scopes] if body.scopes else None
    _note(house, actor, "token-made", {"id": id, "scopes": scopes})
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


def _note(house: House, actor: Actor, event: str, detail: dict[str, Any]) -> None:
    house.records.ledger.note(HOUSE, actor, event, detail, datetime.now(UTC))


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
