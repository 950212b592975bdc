"""Who gets a page at all, in which language, and with what around it?"""

from __future__ import annotations

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from desk.web import forms
from desk.web.frame import PageGuard, PageRoute, Visitor, inside, onward, page
from desk.who import Permission
from tests.web.conftest import Screen

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Anybody = Annotated[Visitor, Depends(PageGuard(Permission.SEE_SELF))]
Keeper = Annotated[Visitor, Depends(PageGuard(Permission.BACK_UP))]


@router.get("/desk/probe")
def probe(request: Request, visitor: Anybody) -> Response:
    return page(request, visitor, "error.html", fault=_Fault(forms.shown(request, visitor).get("word")))


@router.post("/desk/probe")
async def probed(request: Request, visitor: Anybody) -> Response:
    typed = await forms.taken(request)
    return onward("/desk/probe", word=typed.get("word"))


@router.get("/desk/probe-kept")
def kept_back(request: Request, visitor: Keeper) -> Response:
    raise AssertionError("not reached")


class _Fault:
    status, code, next_step, allowed = 400, "probe", "", ()

    def __init__(self, what: str) -> None:
        self.what = what or "empty"


@pytest.fixture
def probing(screen: Screen) -> Screen:
    screen.app.router.routes[0:0] = router.routes
    return screen


async def test_nobody_is_led_to_the_sign_in_and_back(probing: Screen) -> None:
    answer = await probing.get("/desk/probe?x=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/desk/sign-in?back=%2Fdesk%2Fprobe%3Fx%3D1"


async def test_a_page_has_its_headers_and_no_store(probing: Screen) -> None:
    answer = await probing.signed_in("officer").get("/desk/probe")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"


async def test_a_role_that_may_not_gets_a_page_that_says_so(probing: Screen) -> None:
    officer = probing.signed_in("officer")
    answer = await officer.get("/desk/probe-kept")
    assert answer.status_code == 403
    assert "Your roles do not allow" in officer.text("h1")


async def test_a_form_of_another_session_is_refused(probing: Screen) -> None:
    officer = probing.signed_in("officer")
    refused = await officer.post("/desk/probe", {"csrf": "something else", "word": "x"})
    assert refused.status_code == 403
    assert "session" in officer.text()
    taken = await officer.post("/desk/probe", {"word": "x"})
    assert (taken.status_code, taken.headers["location"]) == (303, "/desk/probe?word=x")


async def test_what_was_typed_when_the_session_ended_stands_in_the_form_again(probing: Screen) -> None:
    officer = probing.signed_in("officer")
    csrf = getattr(officer.records.sessions.of(officer.token), "csrf", "")
    idle, officer.records.sessions.idle = officer.records.sessions.idle, officer.records.sessions.idle * 0
    answer = await officer.post("/desk/probe", {"csrf": csrf, "word": "long thought over"})
    officer.records.sessions.idle = idle
    assert answer.status_code == 303
    back = answer.headers["location"]
    assert back.startswith("/desk/sign-in?back=%2Fdesk%2Fprobe%3Fkept%3D")
    token = back.split("kept%3D")[1].partition("&")[0]
    again = probing.signed_in("officer")
    await again.get(f"/desk/probe?kept={token}")
    assert "long thought over" in again.text()
    other = probing.signed_in("liaison")
    await other.get(f"/desk/probe?kept={token}")
    assert "long thought over" not in other.text()


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
async def test_the_page_is_in_the_language_asked_for(probing: Screen, language: str) -> None:
    visitor = probing.signed_in("officer", language)
    await visitor.get("/desk/probe")
    assert visitor.tree.get("lang") == language
    assert visitor.tree.get("dir") == ("rtl" if language == "ar" else "ltr")


async def test_the_switch_keeps_the_page(probing: Screen) -> None:
    officer = probing.signed_in("officer")
    answer = await officer.post("/desk/language", {"language": "ar", "back": "/desk/probe?x=1"})
    assert answer.headers["location"] == "/desk/probe?x=1"
    await officer.get("/desk/probe")
    assert officer.tree.get("lang") == "ar"


@pytest.mark.parametrize(
    "path",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", None, "/cases", "/desk/\n"],
)
def test_no_link_leads_out(path: str | None) -> None:
    assert inside(path) == "/desk/"


def test_a_page_of_ours_is_kept() -> None:
    assert inside("/desk/case/DE-MLA-2026-00001?x=1") == "/desk/case/DE-MLA-2026-00001?x=1"


async def test_only_a_translation_that_nobody_reviewed_says_that_it_is_a_draft(screen: Screen) -> None:
    for language, said in (("en", False), ("fr", True)):
        officer = screen.signed_in("officer", language)
        await officer.get("/desk/new")
        begun = await officer.post("/desk/new", {"kind": "mla", "side": "outgoing"})
        draft = await officer.get(begun.headers["location"])
        if draft.status_code == 303:
            await officer.get(draft.headers["location"])
        assert (officer.tree.cssselect("footer .draft") != []) is said
