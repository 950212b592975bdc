"""Routes: hand out the ledger, check it, sign where it stands, and make the docket anew from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from desk.api.describe import takes_own
from desk.api.doors import AHouse, Guard, GuardedRoute, House, body_as
from desk.who import Permission
from records.verify import Problem, verify_export
from schemas.moves import Actor

router = APIRouter(route_class=GuardedRoute, tags=["ledger"])

Exporter = Annotated[Actor, Depends(Guard(Permission.EXPORT_LEDGER))]
Verifier = Annotated[Actor, Depends(Guard(Permission.VERIFY_LEDGER))]
Anyone = Annotated[Actor, Depends(Guard(Permission.SEE_HEAD))]
Rebuilder = Annotated[Actor, Depends(Guard(Permission.REBUILD_DOCKET))]

JSON_LINES = "application/jsonl"


class VerifyBody(BaseModel):
    """`head`: a signed head as a counterpart keeps it, to check that nothing was cut off since."""

    model_config = ConfigDict(extra="forbid")

    head: Annotated[str, Field(max_length=10_000)] | None = None


@router.get("/ledger/export")
def export(house: AHouse, actor: Exporter) -> StreamingResponse:
    """The whole ledger as JSON lines: contents stay encrypted, the chain can be checked by anyone."""
    return StreamingResponse(_lines(house), media_type=JSON_LINES)


@router.post("/ledger/verify", openapi_extra=takes_own(VerifyBody))
async def verify(request: Request, house: AHouse, actor: Verifier) -> dict[str, Any]:
    """Is the ledger whole? Every problem found, by code and place."""
    body = await body_as(request, VerifyBody)
    problems = await run_in_threadpool(_verified, house, body.head)
    told = [{"code": each.code, "where": each.where, "what": each.what} for each in problems]
    return {"verdict": "no" if problems else "yes", "problems": told}


@router.get("/ledger/head")
def head(house: AHouse, actor: Anyone) -> dict[str, str]:
    """A signed head of the ledger (compact JWS): give it to another, and nobody can rewrite unnoticed."""
    return {"head": house.records.heads.current(house.office.sign)}


@router.post("/docket/rebuild")
def rebuild(house: AHouse, actor: Rebuilder) -> dict[str, int]:
    """Make the list of cases anew from the ledger."""
    return {"rows": house.records.docket.rebuild()}


def _lines(house: House) -> Iterator[str]:
    for line in house.records.ledger.export():
        yield line + "\n"


def _verified(house: House, head_jws: str | None) -> list[Problem]:
    return verify_export(house.records.ledger.export(), head_jws, house.office.public_keys())
