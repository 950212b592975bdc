"""Does every route have a door, and does it let in exactly those whom the tables of roles and sight name?

The matrix is made from the router, pages and API alike: each route, each role and nobody; a case of the
central authority, one that a court keeps, and one that is not there. A new route is in it by itself.
"""

from __future__ import annotations

import httpx
import pytest
from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from desk.api import application as api
from desk.api.doors import Guard, OpenDoor, doors_of
from desk.reading import Watch
from desk.web.application import ROUTERS
from desk.web.frame import PageGuard, PageRoute
from desk.who import GRANTED, Permission, Sight, sight
from schemas.case import CaseState
from schemas.handoff import Holder
from schemas.moves import Actor, FileRequest, Move, Send
from schemas.request import MlaRequest
from schemas.vocabulary import Role
from tests.desk.conftest import MARK, PEOPLE, request_json
from tests.patience import turns
from tests.web.conftest import Screen
from tests.web.test_docket import filed
from treaties.draft import draft_of

PAGES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
ROUTES = PAGES + [
    route for router in (api.about, *api.ROUTERS) for route in router.routes if isinstance(route, APIRoute)
]
GUARDED = [
    route
    for route in ROUTES
    if any(isinstance(door, Guard | PageGuard) for door in doors_of(route.dependant))
]
OF_A_CASE = [route for route in GUARDED if "{ref:path}" in route.path]
OPEN = (
    "/",
    "/desk/language",
    "/desk/sign-in",
    "/desk/sign-out",
    "/desk/invitation",
)
"""Pages without a session, and those below them: each says why (its OpenDoor), shows nothing of a case."""

NOWHERE = "DE-MLA-2026-09999"
SAMPLES = {
    "ref:path": NOWHERE,
    "code": "DE",
    "one": "DE",
    "other": "US",
    "key": "budapest",
    "number": "1",
    "number:int": "1",
    "year:int": "2026",
    "format": "csv",
    "event": "choose-basis",
    "question": "urgency",
}
"""A value for each parameter of a path; any other is `x1`."""

TOLD_TO_NOBODY = (400, 401, 403, 404, 405, 409, 415, 422)
WEIGHING = ("treaty-desk", "court-officer", "auditor")
"""One who sees no case, one who sees those of another agency, one who sees what happened in all."""

NO_END = "/events"
"""The live stream of a case goes on until its reader goes: it is asked only where it must refuse."""


def path_of(route: APIRoute, ref: str = NOWHERE) -> str:
    """The route's path with a value in the place of each parameter."""
    path = route.path
    for name in [part.partition("}")[0] for part in route.path.split("{")[1:]]:
        said = ref if name == "ref:path" else SAMPLES.get(name, "x1")
        path = path.replace("{" + name + "}", said)
    return path


def permission_of(route: APIRoute) -> Permission:
    """What the one guard of the route asks for."""
    (guard,) = [door for door in doors_of(route.dependant) if isinstance(door, Guard | PageGuard)]
    return guard.permission


def method_of(route: APIRoute) -> str:
    return min(route.methods or {"GET"})


def name_of(route: APIRoute) -> str:
    return f"{method_of(route)} {route.path}"


class Person:
    """One of PEOPLE, at a screen and with a token: asks pages with the one and the API with the other."""

    def __init__(self, screen: Screen, who: str) -> None:
        self.screen = screen.signed_in(who)
        self.who = who
        self.roles = set(PEOPLE[who][0])
        self.token = screen.records.accounts.token(who)
        self.number = 0

    def granted(self, route: APIRoute) -> bool:
        """Does the table of roles let them in?"""
        return bool(GRANTED[permission_of(route)] & self.roles)

    async def ask(self, route: APIRoute, ref: str = NOWHERE) -> httpx.Response:
        """Asks the route as itself: pages by their form, the API with an empty body."""
        method, path = method_of(route), path_of(route, ref)
        if isinstance(route, PageRoute):
            return await (self.screen.get(path) if method == "GET" else self.screen.post(path))
        self.number += 1
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": f"{self.who}-{self.number}"}
        return await self.screen.http.request(method, path, headers=headers)

    def sees(self, state: CaseState) -> Sight:
        """How much of the case the table of sight gives them."""
        roles, agency = PEOPLE[self.who]
        return sight(Actor(id=self.who, house=state.house, roles=roles, agency=agency), state)


@pytest.fixture
async def cases(screen: Screen) -> list[CaseState]:
    """Two cases with MARK in every free text: one of the central authority, one that a court keeps."""
    made = []
    for who, agency in (("officer", "central-authority"), ("court-officer", "district-court")):
        actor = Actor(id=who, house="de", roles=(Role.OFFICER,), agency=agency)
        body = FileRequest(request=MlaRequest.model_validate(request_json()), matter="Operation Invented")
        ref = (await screen.office.file(actor, body, f"file-{who}")).ref
        state = screen.records.states.latest(ref)
        held = state.model_copy(update={"holder": Holder(house="de", function=agency), "status": "sent"})
        screen.office._file(held, Move(key=f"hold-{who}", actor=actor, body=Send()))
        made.append(screen.records.states.latest(ref))
    return made


def badly_guarded(route: APIRoute) -> bool:
    """Is it no page, has it not one door, or does it stand open where OPEN does not list it?"""
    doors = doors_of(route.dependant)
    below = any(route.path == path or route.path.startswith(f"{path}/") for path in OPEN[1:])
    stands_open = [isinstance(door, OpenDoor) for door in doors]
    return not isinstance(route, PageRoute) or stands_open != [below or route.path == "/"]


@pytest.mark.parametrize("route", PAGES, ids=name_of)
def test_every_page_has_one_door(route: APIRoute) -> None:
    assert not badly_guarded(route)


def test_a_page_without_a_sound_door_is_not_made_or_found() -> None:
    def shown() -> str:
        return MARK

    with pytest.raises(TypeError, match="no actor and no permission"):
        APIRouter(route_class=PageRoute).get("/desk/new-page")(shown)
    router = APIRouter(route_class=PageRoute)
    router.get("/desk/new-page", dependencies=[Depends(OpenDoor("nobody said why"))])(shown)
    twice = [Depends(PageGuard(each)) for each in (Permission.SEE_SELF, Permission.SEE_CASE)]
    router.get("/desk/other-page", dependencies=twice)(shown)
    plain = APIRouter()
    plain.get("/desk/plain-page")(shown)
    added = [route for route in (*router.routes, *plain.routes) if isinstance(route, APIRoute)]
    assert [badly_guarded(route) for route in added] == [True, True, True]


async def test_without_a_session_every_page_leads_to_the_sign_in(screen: Screen) -> None:
    for route in GUARDED:
        if not isinstance(route, PageRoute):
            continue
        data: dict[str, str] | None = {} if method_of(route) == "POST" else None
        answer = await screen._ask(method_of(route), path_of(route), data=data)
        assert answer.status_code == 303, name_of(route)
        assert answer.headers["location"].startswith("/desk/sign-in?back=%2Fdesk"), name_of(route)
        assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("who", sorted(PEOPLE))
async def test_a_role_enters_where_the_table_lets_it_and_nowhere_else(screen: Screen, who: str) -> None:
    person = Person(screen, who)
    for route in GUARDED:
        answer = await person.ask(route)
        assert answer.status_code < 500, (name_of(route), answer.text[:2000])
        if not person.granted(route):
            assert answer.status_code == 403, (name_of(route), answer.status_code)


@pytest.mark.parametrize("who", sorted(PEOPLE))
async def test_of_a_case_each_sees_what_the_table_of_sight_gives(
    screen: Screen, cases: list[CaseState], who: str
) -> None:
    person = Person(screen, who)
    for state in cases:
        seen = person.sees(state)
        for route in OF_A_CASE:
            may_see = person.granted(route) and seen > Sight.NOTHING
            if route.path.endswith(NO_END) and may_see:
                continue
            answer = await person.ask(route, state.ref)
            where = (name_of(route), who, state.holder.function, seen.name, answer.status_code)
            assert answer.status_code < 500, (where, answer.text[:2000])
            if not may_see:
                by_design = permission_of(route) is Permission.REVIVE_CASE and person.granted(route)
                assert by_design or answer.status_code in TOLD_TO_NOBODY, where
            if seen < Sight.FULL:
                assert MARK not in answer.text, where
            if seen is Sight.NOTHING and person.granted(route) and method_of(route) == "GET":
                absent = await person.ask(route, NOWHERE)
                assert answer.status_code == absent.status_code, (where, "it tells that the case is there")
        assert screen.records.states.latest(state.ref).move == state.move


@pytest.mark.parametrize("who", sorted(PEOPLE))
async def test_no_page_outside_a_case_names_a_case_that_is_not_theirs(
    screen: Screen, cases: list[CaseState], who: str
) -> None:
    person = Person(screen, who)
    hidden = [state.ref for state in cases if person.sees(state) is Sight.NOTHING]
    for route in GUARDED:
        if method_of(route) != "GET" or route in OF_A_CASE:
            continue
        answer = await person.ask(route)
        if Role.OPERATOR in person.roles or Role.AUDITOR in person.roles:
            # The ledger is theirs to export: it names cases, and says nothing of what is in them.
            assert MARK not in answer.text, name_of(route)
            continue
        assert not [ref for ref in hidden if ref in answer.text], name_of(route)


async def test_whatever_shows_what_is_in_a_case_is_noted(screen: Screen) -> None:
    ref = await filed(screen)
    screens = {who: Person(screen, who) for who in ("officer", "approver")}
    shown: set[str] = set()
    for who, person in screens.items():
        for route in OF_A_CASE:
            if method_of(route) != "GET" or route.path.endswith(NO_END):
                continue
            screen.app.state.house.watch = Watch(screen.records)
            before = views(screen, ref)
            answer = await person.ask(route, ref)
            if answer.status_code == 200 and MARK in answer.text:
                shown.add(route.path)
                assert views(screen, ref) == [*before, who], (name_of(route), who)
    wanted = {"/desk/case/{ref:path}/change/{question}", "/cases/{ref:path}", "/cases/{ref:path}/timeline"}
    assert shown >= wanted


def views(screen: Screen, ref: str) -> list[str]:
    """Who looked into the case, one look after the other."""
    return [entry.actor for entry in screen.records.ledger.entries(ref) if entry.event == "viewed"]


async def test_whoever_weighs_a_change_is_told_how_many_cases_and_only_theirs_by_name(
    screen: Screen, cases: list[CaseState]
) -> None:
    house = screen.app.state.house
    row = next(fact for fact, _ in house.registry.facts() if fact.startswith("de-us-mla:DE.in-force"))
    content = {"title": "misread (invented)", "reason": "x", "retract": [{"fact": row, "reason": "misread"}]}
    author = Actor(id="treaty-desk", house="de", roles=(Role.TREATY_DESK,), agency="central-authority")
    house.workshop.propose(author, draft_of(content, lambda path: ".".join(path)), "propose")
    weigh = [route for route in GUARDED if permission_of(route) is Permission.SEE_IMPACT]
    weigh += [route for route in GUARDED if route.path == "/desk/workshop/{number:int}"]
    named: set[tuple[str, str, str]] = set()
    for who in WEIGHING:
        person = Person(screen, who)
        theirs = {each.ref for each in cases if person.sees(each) >= Sight.RECORD}
        for route in weigh:
            if method_of(route) != "GET" or not person.granted(route):
                continue
            async for _ in turns("the cases the change touches"):
                answer = await person.ask(route)
                if 'class="notice info" role="status"' not in answer.text:
                    break
            assert answer.status_code == 200, (name_of(route), answer.text[:500])
            shown = {each.ref for each in cases if each.ref in answer.text}
            assert shown <= theirs, (who, name_of(route))
            named |= {(who, route.path, ref) for ref in shown}
    # Where they may be told, they are: else the test would pass on empty lists.
    assert {(who, path) for who, path, _ in named} >= {
        (who, path) for who in ("court-officer", "auditor") for path in (route.path for route in weigh)
    }


def test_the_matrix_is_whole() -> None:
    assert len(OF_A_CASE) > 40
    assert {method_of(route) for route in OF_A_CASE} >= {"GET", "POST"}
    assert {permission_of(route) for route in GUARDED} <= set(GRANTED)
