"""Routes: matters and their clocks; who held a case for how long, and what left it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from desk import matters
from desk.api.doors import ACursor, AHouse, ALimit, Guard, GuardedRoute
from desk.who import Permission
from schemas.moves import Actor

router = APIRouter(route_class=GuardedRoute, tags=["matters"])

Lister = Annotated[Actor, Depends(Guard(Permission.LIST_CASES))]
Reader = Annotated[Actor, Depends(Guard(Permission.SEE_CASE))]


@router.get("/matters")
def list_matters(house: AHouse, actor: Lister, limit: ALimit = 50, cursor: ACursor = None) -> dict[str, Any]:
    """The matters in which one may see a case: how many cases, of which kinds, and what is due next."""
    return matters.matters_of(house.records, actor, limit, cursor)


@router.get("/matters/{matter:path}")
def matter(matter: str, house: AHouse, actor: Lister) -> dict[str, Any]:
    """One matter: its cases (`items`), and every clock that runs in them (`clocks`), by due."""
    return matters.matter_of(house.records, actor, matter, datetime.now(UTC))


@router.get("/clocks")
def clocks(
    house: AHouse,
    actor: Lister,
    before: Annotated[datetime | None, Query(description="Ending before this moment")] = None,
    owner: Annotated[str | None, Query(max_length=200, description="Function that must act")] = None,
    law: Annotated[bool | None, Query(description="Set by law, or by our own practice")] = None,
    limit: ALimit = 50,
    cursor: ACursor = None,
) -> dict[str, Any]:
    """One page of the running time limits, those due first."""
    return matters.clocks_before(
        house.records,
        actor,
        datetime.now(UTC),
        before=house.moment(before),
        owner=owner,
        law=law,
        limit=limit,
        cursor=cursor,
    )


@router.get("/cases/{ref:path}/holders")
def holders(ref: str, house: AHouse, actor: Reader) -> dict[str, Any]:
    """Who held the case from when until when, in both houses; offers that nobody took in time are named."""
    told = matters.holders_of(house.records, actor, ref, datetime.now(UTC))
    house.watch.note(actor, ref, "holders")
    return told


@router.get("/cases/{ref:path}/transfers")
def transfers(ref: str, house: AHouse, actor: Reader) -> dict[str, Any]:
    """Every letter that left the case, to whom, on which ground and with which receipt; who looked at it."""
    told = matters.transfers_of(house.records, actor, ref)
    house.watch.note(actor, ref, "transfers")
    return told
