"""Is every answer closed to other sites: by its headers, its cookies, its forms and where it leads?"""

from __future__ import annotations

import httpx
import pytest

from desk.web.frame import HEADERS, cookie_name
from desk.web.look import STATIC
from tests.web.conftest import Screen
from tests.web.test_guarded import PAGES, Person, method_of, name_of, path_of
from tests.web.test_signin import PASSWORD, Door

OUTSIDE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/desk\\@evil.example",
    "/deskevil",
    "/desk/\r\nSet-Cookie: a=b",
    "http:evil.example",
)
ELSEWHERE = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
)
OWN: tuple[dict[str, str], ...] = ({"sec-fetch-site": "same-origin"}, {"origin": "http://desk.example"}, {})


def closed(answer: httpx.Response) -> bool:
    """Has it every header of the pages?"""
    return all(answer.headers.get(name) == said for name, said in HEADERS.items())


async def test_every_page_and_every_refusal_has_the_headers(screen: Screen) -> None:
    for who in ("officer", "operator"):
        person = Person(screen, who)
        for route in PAGES:
            if method_of(route) != "GET" or route.path.endswith("/events"):
                continue
            answer = await person.ask(route) if route.path != "/" else await screen.get("/")
            if answer.headers.get("content-type", "").startswith("text/html") or answer.status_code == 303:
                assert closed(answer), (name_of(route), answer.status_code, dict(answer.headers))
            assert answer.headers["x-content-type-options"] == "nosniff", name_of(route)
            assert "no-store" in answer.headers["cache-control"], name_of(route)


async def test_pages_bring_no_script_and_no_style_but_files_of_ours(screen: Screen) -> None:
    rules = HEADERS["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in rules
    assert not [rule for rule in rules if "unsafe" in rule or "http" in rule or "*" in rule]
    for who in ("officer", "liaison", "treaty-desk", "auditor", "operator"):
        person = Person(screen, who)
        for route in PAGES:
            if method_of(route) != "GET" or route.path.endswith("/events") or route.path == "/":
                continue
            answer = await person.ask(route)
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            tree = person.screen.tree
            assert not tree.xpath("//style | //*[@style] | //script[not(@src)] | //base"), name_of(route)
            assert not tree.xpath("//@*[starts-with(name(), 'on')]"), name_of(route)
            brought = tree.xpath("//script/@src | //link[not(@rel='alternate')]/@href | //img/@src")
            assert all(one.startswith("/desk/static/") for one in brought), (name_of(route), brought)
            assert all(form.startswith("/desk") for form in tree.xpath("//form/@action")), name_of(route)


async def test_files_and_faults_of_the_frame_have_headers_too(screen: Screen) -> None:
    for file in sorted(STATIC.iterdir()):
        answer = await screen.get(f"/desk/static/{file.name}")
        assert answer.status_code == 200
        assert closed(answer), file.name
        assert answer.num_bytes_downloaded <= file.stat().st_size
    answer = await screen.get("/desk/static/desk.css")
    assert answer.num_bytes_downloaded < (STATIC / "desk.css").stat().st_size / 2, "it is not compressed"
    officer = screen.signed_in("officer")
    assert "content-encoding" not in (await officer.get("/desk/")).headers, "its length tells what is in it"
    nowhere = await officer.get("/desk/nowhere/at/all")
    assert nowhere.status_code == 404
    assert closed(nowhere)
    for path in ("/nowhere", "/desk/static/nowhere", "/cases"):
        answer = await screen.get(path)
        assert answer.status_code in (401, 404)
        assert answer.headers["x-content-type-options"] == "nosniff", path


@pytest.mark.parametrize("back", OUTSIDE)
async def test_nobody_is_led_to_another_site(screen: Screen, back: str) -> None:
    screen.records.credentials.set_password("officer", PASSWORD)
    officer = screen.signed_in("officer")
    answers = [
        await screen.post("/desk/language", {"language": "fr", "back": back}),
        await officer.post("/desk/language", {"language": "en", "back": back}),
        await officer.get("/desk/sign-in", params={"back": back}),
        await screen.post("/desk/sign-in", {"account": "officer", "password": PASSWORD, "back": back}),
        await officer.post("/desk/sign-out", {"back": back}),
    ]
    for answer in answers:
        if 300 <= answer.status_code < 400:
            target = answer.headers["location"]
            assert target.startswith("/desk/"), (back, target)
            assert "\\" not in target
        assert "evil" not in answer.headers.get("location", "").partition("?")[0]


@pytest.mark.parametrize("told", ELSEWHERE)
async def test_a_form_that_another_site_sent_is_refused(screen: Screen, told: dict[str, str]) -> None:
    officer = screen.signed_in("officer")
    for path in ("/desk/sign-in", "/desk/language", "/desk/new"):
        for person in (screen, officer):
            answer = await person.post(path, {"language": "fr", "account": "officer"}, headers=dict(told))
            assert answer.status_code in (303, 403), (path, answer.status_code)
            if answer.status_code == 303:
                assert answer.headers["location"].startswith("/desk/sign-in")
            assert "set-cookie" not in answer.headers, path


@pytest.mark.parametrize("told", OWN)
async def test_a_form_of_our_own_is_taken(screen: Screen, told: dict[str, str]) -> None:
    officer = screen.signed_in("officer")
    answer = await officer.post("/desk/new", {"kind": "mla", "side": "outgoing"}, headers=dict(told))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/desk/new/")


async def test_every_form_wants_the_word_of_its_own_session(screen: Screen) -> None:
    officer, other = screen.signed_in("officer"), screen.signed_in("other-officer")
    theirs = screen.records.sessions.of(other.token)
    asked = 0
    for route in PAGES:
        if method_of(route) != "POST" or route.path in ("/desk/language", "/desk/sign-in"):
            continue
        if route.path.startswith(("/desk/invitation", "/desk/sign-out")):
            continue
        for word in ("", "wrong", getattr(theirs, "csrf", "")):
            answer = await officer.post(path_of(route), {"csrf": word})
            assert answer.status_code == 403, (name_of(route), word)
            asked += 1
    assert asked > 30


async def test_the_cookie_of_a_session_is_for_this_house_alone(screen: Screen) -> None:
    door = Door(screen)
    name = cookie_name(screen.app.state.house)
    for step, (base, secure) in enumerate((("http://desk.example", False), ("https://desk.example", True))):
        form = {"account": "officer", "password": PASSWORD, "code": door.code(step)}
        answer = await screen.http.post(f"{base}/desk/sign-in", data=form)
        (line,) = [each for each in answer.headers.get_list("set-cookie") if each.startswith(f"{name}=")]
        parts = {part.strip().lower() for part in line.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= parts
        assert ("secure" in parts) == secure
        assert not [part for part in parts if part.startswith("domain")]
