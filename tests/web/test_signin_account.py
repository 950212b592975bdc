"""What does a person see and change on the page of their own account, and what not?"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from desk.web import fresh
from records.moments import now
from records.references import HOUSE
from tests.desk.conftest import PEOPLE
from tests.web.conftest import Screen

PASSWORD = "four words that wander"


@pytest.mark.parametrize("who", sorted(PEOPLE))
async def test_everybody_sees_their_own(screen: Screen, who: str) -> None:
    mine = screen.signed_in(who)
    answer = await mine.get("/desk/account")
    assert answer.status_code == 200
    assert who in mine.text(".facts")
    assert ("/desk/accounts" in answer.text) == (who == "operator")
    assert ("Your calendar" in mine.text()) == ("treaty" not in who and who != "operator")
    assert "this screen" in mine.text()


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
async def test_in_every_language(screen: Screen, language: str) -> None:
    mine = screen.signed_in("officer", language)
    assert (await mine.get("/desk/account")).status_code == 200


async def test_other_sessions_are_ended_and_this_one_not(screen: Screen) -> None:
    here, there, third = (screen.signed_in("officer") for _ in range(3))
    other = screen.signed_in("judge")
    await here.get("/desk/account")
    hashes = [each.get("value") for each in here.tree.cssselect("input[name=hash]")]
    assert len(hashes) == 2
    # Another's session cannot be named.
    foreign = screen.records.sessions.of(other.token)
    await here.post("/desk/account", {"do": "session", "hash": getattr(foreign, "hash", "")})
    assert (await other.get("/desk/account")).status_code == 200
    await here.post("/desk/account", {"do": "session", "hash": hashes[0]})
    left = [(await each.get("/desk/account")).status_code for each in (there, third)]
    assert sorted(left) == [200, 303]
    answer = await here.post("/desk/account", {"do": "others"})
    assert answer.headers["location"] == "/desk/account?done=others"
    assert {(await each.get("/desk/account")).status_code for each in (there, third)} == {303}
    assert (await here.get("/desk/account?done=others")).status_code == 200
    assert "Your other sessions have ended." in here.text()


async def test_many_sessions_stand_behind_a_few(screen: Screen) -> None:
    screens = [screen.signed_in("officer") for _ in range(7)]
    await screens[0].get("/desk/account")
    shown = screens[0].tree.cssselect("main table tbody tr")
    behind = screens[0].tree.cssselect("main details table tbody tr")
    assert (len(shown), len(behind)) == (7, 3)
    assert screens[0].text("details summary") == "3 more sessions"


async def test_a_token_is_shown_once_and_ends(screen: Screen) -> None:
    mine = screen.signed_in("other-officer")
    await mine.get("/desk/account/token")
    assert {each.get("value") for each in mine.tree.cssselect("input[name=scopes]")} == {
        "officer",
        "approver",
    }
    until = (now() + timedelta(days=30)).date().isoformat()
    await mine.post("/desk/account/token", {"scopes": "officer", "until": until})
    token = mine.tree.cssselect(".notice .id")[0].text
    actor = screen.records.accounts.actor_of(token)
    assert [role.value for role in actor.roles] == ["officer"]
    assert token not in (await mine.get("/desk/account")).text
    number = mine.tree.cssselect("input[name=number]")[0].get("value")
    assert (await mine.post("/desk/account", {"do": "token", "number": number})).status_code == 303
    with pytest.raises(Exception, match="not valid"):
        screen.records.accounts.actor_of(token)
    assert (await mine.post("/desk/account", {"do": "token", "number": number})).status_code == 422
    assert "no such token" in mine.text(".wrong-summary")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"until": "2020-01-01", "scopes": "officer"}, "until"),
        ({"until": "tomorrow", "scopes": "officer"}, "until"),
        ({"until": "", "scopes": "officer"}, "until"),
        ({"until": "2099-01-01"}, "scopes"),
        ({"until": "2099-01-01", "scopes": "operator"}, "scopes"),
        ({"until": "2099-01-01", "scopes": "<script>"}, "scopes"),
    ],
)
async def test_a_token_beyond_ones_roles_or_time_is_refused(
    screen: Screen, form: dict[str, Any], field: str
) -> None:
    mine = screen.signed_in("officer")
    assert (await mine.post("/desk/account/token", form)).status_code == 422
    assert [each.get("href") for each in mine.tree.cssselect(".wrong-summary a")] == [f"#f-{field}"]
    assert screen.records.accounts.tokens("officer") == []
    if form.get("until"):
        assert mine.tree.cssselect("#f-until")[0].get("value") == form["until"]


async def test_the_calendar_has_an_address_that_is_shown_once(screen: Screen) -> None:
    mine = screen.signed_in("officer")
    await mine.post("/desk/account", {"do": "calendar"})
    address = mine.tree.cssselect(".notice .id")[0].text
    assert address.startswith("http://desk.example/calendar/cal_")
    path = address.removeprefix("http://desk.example")
    assert (await screen.get(path)).status_code == 200
    await mine.post("/desk/account", {"do": "calendars"})
    assert (await screen.get(path)).status_code == 404


async def test_reminders_are_set_and_a_wrong_address_is_kept_and_named(screen: Screen) -> None:
    mine = screen.signed_in("officer")
    form = {"do": "reminders", "email": "anna@office.example", "quiet": "yes"}
    assert (await mine.post("/desk/account", form)).status_code == 303
    kept = screen.records.accounts.one("officer")
    assert (kept.email, kept.quiet) == ("anna@office.example", True)
    assert (await mine.post("/desk/account", {**form, "email": "no address"})).status_code == 422
    assert mine.tree.cssselect("#f-email")[0].get("value") == "no address"
    assert [each.get("href") for each in mine.tree.cssselect(".wrong-summary a")] == ["#f-email"]


async def test_an_absence_is_recorded_and_ended(screen: Screen) -> None:
    mine = screen.signed_in("officer")
    await mine.get("/desk/account/absence")
    names = [
        each.get("value") for each in mine.tree.cssselect("option") if "officer" in (each.get("value") or "")
    ]
    assert names == ["other-officer"]
    day = now().date() + timedelta(days=3)
    form = {"since": day.isoformat(), "until": "", "deputy": "other-officer"}
    assert (await mine.post("/desk/account/absence", form)).status_code == 303
    deputy = screen.signed_in("other-officer")
    await deputy.get("/desk/account")
    assert "other-officer stands in." in deputy.text()
    [absence] = screen.records.absences.current(now().date())
    refused = await screen.signed_in("liaison").post(
        "/desk/account", {"do": "back", "number": absence.number}
    )
    assert refused.status_code == 422
    await mine.post("/desk/account", {"do": "back", "number": absence.number})
    assert screen.records.absences.current(now().date()) == []


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"since": "", "deputy": "other-officer"}, "since"),
        ({"since": "2030-01-02", "until": "2030-01-01", "deputy": "other-officer"}, "until"),
        ({"since": "2020-01-01", "until": "2020-01-10", "deputy": "other-officer"}, "until"),
        ({"since": "2030-01-01", "deputy": "judge"}, "deputy"),
        ({"since": "2030-01-01", "deputy": ""}, "deputy"),
    ],
)
async def test_an_absence_that_cannot_be_is_refused(screen: Screen, form: dict[str, str], field: str) -> None:
    mine = screen.signed_in("officer")
    assert (await mine.post("/desk/account/absence", form)).status_code == 422
    assert [each.get("href") for each in mine.tree.cssselect(".wrong-summary a")] == [f"#f-{field}"]
    assert mine.tree.cssselect("#f-since")[0].get("value") == form["since"]


def with_password(screen: Screen, who: str = "officer") -> Screen:
    screen.records.credentials.set_password(who, PASSWORD)
    screen.records.credentials.set_codes(who, pyotp.random_base32(), -1)
    return screen.signed_in(who)


async def test_a_new_password_counts_and_other_sessions_end(screen: Screen) -> None:
    mine = with_password(screen)
    other = screen.signed_in("officer")
    await mine.get("/desk/account/password")
    secret = next(t for e in mine.tree.cssselect(".id") if len(t := e.text.replace(" ", "")) == 32)
    sealed = mine.tree.cssselect("input[name=secret]")[0].get("value")
    new = "other words that wander"
    form = {"secret": sealed, "password": new, "again": new, "code": pyotp.TOTP(secret).now()}
    wrong = await mine.post("/desk/account/password", {**form, "again": "different words here"})
    assert wrong.status_code == 422
    assert secret in mine.text().replace(" ", "")
    assert (await mine.post("/desk/account/password", form)).status_code == 200
    codes = ["".join(each.itertext()).strip() for each in mine.tree.cssselect(".recovery li")]
    assert len(codes) == 10
    assert screen.records.credentials.enter("officer", PASSWORD, codes[0]) is None
    assert screen.records.credentials.enter("officer", new, codes[0]) == "recovery"
    assert (await other.get("/desk/account")).status_code == 303
    assert (await mine.get("/desk/account")).status_code == 200
    events = [each.event for each in screen.records.ledger.entries(HOUSE)]
    assert "way-in-added" in events


async def test_the_secret_of_another_is_not_taken(screen: Screen) -> None:
    mine, judge = with_password(screen), with_password(screen, "judge")
    await judge.get("/desk/account/password")
    sealed = judge.tree.cssselect("input[name=secret]")[0].get("value")
    for word in (sealed, "x", "", "AAAA"):
        answer = await mine.post("/desk/account/password", {"secret": word, "password": PASSWORD})
        assert answer.status_code == 422


@pytest.mark.parametrize("path", ["password", "passkey", "token"])
async def test_a_way_in_is_added_only_just_after_signing_in(
    screen: Screen, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = with_password(screen)
    assert (await mine.get(f"/desk/account/{path}")).status_code == 200
    monkeypatch.setattr(fresh, "JUST_NOW", timedelta(0))
    monkeypatch.setattr(fresh, "STILL", timedelta(0))
    for answer in (await mine.get(f"/desk/account/{path}"), await mine.post(f"/desk/account/{path}")):
        assert answer.headers["location"] == f"/desk/sign-in?again=1&back=%2Fdesk%2Faccount%2F{path}"
    await mine.get(f"/desk/sign-in?again=1&back=%2Fdesk%2Faccount%2F{path}")
    assert "show once more who you are" in mine.text()


async def test_who_signs_in_elsewhere_is_offered_a_second_way_but_no_recovery_codes(screen: Screen) -> None:
    screen.records.credentials.identify("https://idp.example", "1", "officer")
    mine = screen.signed_in("officer")
    await mine.get("/desk/account")
    assert "Office account of https://idp.example" in mine.text()
    assert "when the provider of your office does not answer" in mine.text()
    links = {each.get("href") for each in mine.tree.cssselect("main a")}
    assert {"/desk/account/password", "/desk/account/passkey"} <= links
    assert "/desk/account/codes" not in links
    assert "recovery code" not in mine.text()
    assert (await mine.post("/desk/account/codes")).status_code == 409


async def test_the_last_way_in_stays(screen: Screen) -> None:
    mine = with_password(screen)
    way = "password:officer"
    assert (await mine.post("/desk/account", {"do": "way", "way": way})).status_code == 422
    assert "last way" in mine.text(".wrong-summary")
    screen.records.credentials.add_passkey("officer", b"id", b"key", 0, "blue <key>")
    answer = await mine.get("/desk/account")
    assert "blue &lt;key&gt;" in answer.text
    foreign = await screen.signed_in("judge").post("/desk/account", {"do": "way", "way": way})
    assert foreign.status_code == 422
    assert (await mine.post("/desk/account", {"do": "way", "way": way})).status_code == 303
    assert [each.kind for each in screen.records.credentials.of("officer")] == ["passkey"]


async def test_new_recovery_codes(screen: Screen) -> None:
    mine = with_password(screen)
    assert (await mine.get("/desk/account/codes")).status_code == 200
    await mine.post("/desk/account/codes")
    assert len(mine.tree.cssselect(".recovery li")) == 10
    await mine.get("/desk/account")
    assert "10 recovery codes left" in mine.text()


async def test_what_the_page_does_not_know_does_nothing(screen: Screen) -> None:
    mine = screen.signed_in("officer")
    for form in ({"do": "everything"}, {}, {"do": "back", "number": "x"}, {"do": "way", "way": ""}):
        assert (await mine.post("/desk/account", form)).status_code == 422


async def test_a_password_typed_too_late_is_kept_nowhere(screen: Screen) -> None:
    mine = with_password(screen)
    csrf = getattr(screen.records.sessions.of(mine.token), "csrf", "")
    idle, screen.records.sessions.idle = screen.records.sessions.idle, timedelta(0)
    form = {
        "csrf": csrf,
        "password": "other words that wander",
        "again": "x",
        "code": "123456",
        "more": "kept",
    }
    answer = await mine.post("/desk/account/password", form)
    screen.records.sessions.idle = idle
    token = answer.headers["location"].split("kept%3D")[1].partition("&")[0]
    content = screen.records.kept_forms.take(token, "officer", "/desk/account/password")
    assert json.loads(content or b"{}") == {"more": ["kept"], "code": ["123456"]}
