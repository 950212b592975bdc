"""Does every route have an actor and a permission, and is everybody else turned away?"""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from desk.api.application import ROUTERS, about
from desk.api.doors import Guard, GuardedRoute, KeyDoor, OpenDoor, doors_of
from desk.web import application as pages
from desk.web.frame import PageGuard
from desk.who import GRANTED, Permission
from schemas.vocabulary import Role
from tests.desk.conftest import PEOPLE, Caller

OPEN = {
    "/health",
    "/exchange",
    "/exchange/evidence",
    "/exchange/evidence/custody",
    "/exchange/evidence/digests",
    "/exchange/evidence/pieces",
    "/calendar/{token}.ics",
}
"""The only routes without a token; each says why."""

NEEDS_NO_KEY = {
    "/exchange",
    "/assess",
    "/ledger/verify",
    "/docket/rebuild",
    "/cases/revive-open",
    "/cases/{ref:path}/revive",
    "/admin/backup",
    "/cases/{ref:path}/letters/{form}",
    "/exchange/evidence",
    "/exchange/evidence/custody",
    "/cases/{ref:path}/evidence/{item}/keep",
    "/cases/{ref:path}/evidence/{item}/content",
    "/cases/{ref:path}/evidence/{item}/fetch",
}
"""POSTs that create and send nothing, or that bring a message id of their own."""

ROUTES = [route for router in (about, *ROUTERS) for route in router.routes if isinstance(route, APIRoute)]
PAGES = [route for router in pages.ROUTERS for route in router.routes if isinstance(route, APIRoute)]
IDS = [f"{min(route.methods or ('',))} {route.path}" for route in ROUTES]


def permission_of(route: APIRoute) -> Permission | None:
    guards = [door for door in doors_of(route.dependant) if isinstance(door, Guard | PageGuard)]
    return guards[0].permission if guards else None


def path_of(route: APIRoute) -> str:
    return route.path.replace("{ref:path}", "DE-mla-2026-00001").replace("{text:path}", "x")


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_every_route_has_one_door(route: APIRoute) -> None:
    doors = doors_of(route.dependant)
    assert len(doors) == 1
    assert isinstance(doors[0], OpenDoor) == (route.path in OPEN)


def test_every_permission_is_used_and_granted() -> None:
    used = {permission_of(route) for route in [*ROUTES, *PAGES]} - {None}
    inside = {Permission.SEE_RECORD, Permission.FILE_CASE}
    assert used | inside >= set(Permission)
    assert set(GRANTED) == set(Permission)


def test_a_route_without_a_door_cannot_be_made() -> None:
    router = APIRouter(route_class=GuardedRoute)

    def unguarded() -> dict[str, Any]:
        return {}

    with pytest.raises(TypeError, match="no actor and no permission"):
        router.get("/secret")(unguarded)


def test_the_application_serves_these_routes_and_no_others(call: Caller) -> None:
    others = [route for route in call.app.routes if not isinstance(route, GuardedRoute)]
    assert [getattr(route, "path", "") for route in others] == ["/desk/static"]
    assert len(call.app.routes) == len(ROUTES) + len(PAGES) + 1


@pytest.mark.parametrize("route", [r for r in ROUTES if "POST" in (r.methods or ())], ids=lambda r: r.path)
def test_what_creates_or_sends_needs_an_idempotency_key(route: APIRoute) -> None:
    has = any(isinstance(inner.call, KeyDoor) for inner in route.dependant.dependencies)
    assert has != (route.path in NEEDS_NO_KEY)


@pytest.mark.parametrize("route", [r for r in ROUTES if r.path not in OPEN], ids=lambda r: r.path)
async def test_without_a_token_nothing_is_told(call: Caller, route: APIRoute) -> None:
    method = min(route.methods or ("GET",))
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic Zm9vOmJhcg=="}):
        answer = await call(None, method, path_of(route), headers=headers)
        assert answer.status_code == 401, (route.path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["code"] == "not-signed-in"


@pytest.mark.parametrize("route", [r for r in ROUTES if r.path not in OPEN], ids=lambda r: r.path)
async def test_who_lacks_the_permission_is_turned_away(call: Caller, route: APIRoute) -> None:
    permission = permission_of(route)
    assert permission is not None
    method = min(route.methods or ("GET",))
    for name, (roles, _) in PEOPLE.items():
        if set(roles) & GRANTED[permission]:
            continue
        answer = await call(name, method, path_of(route))
        assert answer.status_code == 403, (name, route.path, answer.text)
        assert answer.json()["code"] == "not-allowed"


def test_an_operator_sees_no_case_and_an_auditor_changes_nothing() -> None:
    for permission in (
        Permission.SEE_CASE,
        Permission.LIST_CASES,
        Permission.MOVE_CASE,
        Permission.FILE_CASE,
    ):
        assert Role.OPERATOR not in GRANTED[permission]
    changing = {
        Permission.FILE_CASE,
        Permission.FILE_PRESERVATION,
        Permission.MOVE_CASE,
        Permission.ERASE_CASE,
        Permission.KEEP_ACCOUNTS,
    }
    assert not [each for each in changing if Role.AUDITOR in GRANTED[each]]


async def test_the_description_names_actor_and_answers(call: Caller) -> None:
    answer = await call("treaty-desk", "GET", "/openapi.json")
    assert answer.status_code == 200
    told = answer.json()
    assert told["openapi"].startswith("3.1")
    operations = [each for path in told["paths"].values() for each in path.values()]
    assert len(operations) == len(ROUTES)
    assert all("x-permission" in each or "x-instead-of-token" in each for each in operations)
    known = set(told["components"]["schemas"])
    assert {"request", "move", "Arrive", "QuestionBody"} <= known
    assert not {name for name in _references(told) if name not in known}


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        found = {value["$ref"].rsplit("/", 1)[1]} if isinstance(value.get("$ref"), str) else set()
        return found.union(*(_references(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(_references(each) for each in value))
    return set()
