"""Who comes in by password, who is turned away, and what is told and written of either?"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pyotp
import pytest
from sqlalchemy import delete, update

from desk.web.frame import cookie_name
from records import passwords, sign_ins
from records.moments import now
from records.passwords import require_sound
from records.references import HOUSE
from records.tables import CREDENTIALS
from schemas.errors import BadData, BadInput, NotAllowed
from tests.web.conftest import Screen

PASSWORD = "four words that wander"
WRONG = "The account, the password or the code is not right."


class Door:
    """The sign-in as one person meets it, with a code app in their hand."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.secret = pyotp.random_base32()
        self.records = screen.records
        self.records.credentials.set_password("officer", PASSWORD)
        self.records.credentials.set_codes("officer", self.secret, -1)

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(now() + timedelta(seconds=30 * steps))

    async def post(self, account: str, password: str, code: str, **more: Any) -> httpx.Response:
        form = {"account": account, "password": password, "code": code, **more.pop("form", {})}
        return await self.screen.post("/desk/sign-in", form, **more)

    def noted(self) -> list[tuple[str, str, dict[str, Any]]]:
        entries = self.records.ledger.entries(HOUSE)
        return [(each.event, each.actor, json.loads(each.detail or "{}")) for each in entries]


@pytest.fixture
def door(screen: Screen) -> Door:
    return Door(screen)


def token_of(answer: httpx.Response, screen: Screen) -> str:
    name = cookie_name(screen.app.state.house)
    found = [line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{name}=")]
    return found[-1].partition("=")[2].partition(";")[0]


async def test_password_and_code_open_and_lead_back(door: Door) -> None:
    answer = await door.post("Officer", PASSWORD, door.code(), form={"back": "/desk/ask?x=1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/ask?x=1")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    session = door.records.sessions.of(token_of(answer, door.screen))
    assert getattr(session, "means", "") == "password"
    assert ("signed-in", "officer", {"means": "password"}) in door.noted()


async def test_the_cookie_is_secure_where_the_house_is_reached_by_https(door: Door) -> None:
    door.screen.office.settings.public_url = "https://desk.example"
    answer = await door.post("officer", PASSWORD, door.code())
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("account", "password", "code"),
    [
        ("officer", "four words that wonder", "good"),
        ("officer", PASSWORD, "000000x"),
        ("officer", PASSWORD, ""),
        ("nobody-here", PASSWORD, "good"),
        ("liaison", PASSWORD, "good"),
        ("<script>alert(1)</script>", PASSWORD, "good"),
    ],
)
async def test_whatever_is_wrong_the_answer_is_the_same(
    door: Door, account: str, password: str, code: str
) -> None:
    answer = await door.post(account, password, door.code() if code == "good" else code)
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers
    assert WRONG in door.screen.text(".wrong-summary")
    assert door.screen.tree.cssselect("#f-account")[0].get("value") == account
    assert PASSWORD not in answer.text
    assert "<script>alert" not in answer.text


async def test_only_failures_of_accounts_are_written_and_no_secret(door: Door) -> None:
    await door.post("officer", "a secret that was mistyped", "123456")
    await door.post("a secret typed at the wrong place", "x", "")
    failures = [each for each in door.noted() if each[0] == "sign-in-failed"]
    assert failures == [("sign-in-failed", "house", {"id": "officer", "left": 4})]


async def test_a_code_opens_once(door: Door) -> None:
    code = door.code()
    assert (await door.post("officer", PASSWORD, code)).status_code == 303
    assert (await door.post("officer", PASSWORD, code)).status_code == 422
    assert (await door.post("officer", PASSWORD, door.code(1))).status_code == 303
    assert (await door.post("officer", PASSWORD, door.code(-1))).status_code == 422


async def test_a_recovery_code_opens_once(door: Door) -> None:
    codes = door.records.credentials.set_recovery("officer")
    assert len(set(codes)) == 10
    assert (await door.post("officer", PASSWORD, codes[3].upper().replace("-", " "))).status_code == 303
    assert (await door.post("officer", PASSWORD, codes[3])).status_code == 422
    assert ("signed-in", "officer", {"means": "recovery"}) in door.noted()
    again = door.records.credentials.set_recovery("officer")
    assert (await door.post("officer", PASSWORD, codes[4])).status_code == 422
    assert (await door.post("officer", PASSWORD, again[0])).status_code == 303


@pytest.mark.parametrize("account", ["officer", "nobody-here"])
async def test_too_many_attempts_have_to_wait_known_or_not(
    door: Door, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(sign_ins.MOST_FAILURES):
        await door.post(account, "wrong", "")
        assert WRONG in door.screen.text(".wrong-summary")
    answer = await door.post(account, PASSWORD, door.code())
    assert answer.status_code == 422
    assert "Try again at" in door.screen.text(".wrong-summary")
    monkeypatch.setattr(sign_ins, "now", lambda: now() + sign_ins.REMEMBERED + timedelta(seconds=1))
    answer = await door.post(account, PASSWORD, door.code())
    assert answer.status_code == (303 if account == "officer" else 422)
    assert "Try again at" not in answer.text


async def test_a_good_sign_in_forgets_earlier_mistakes(door: Door) -> None:
    for step in range(2):
        for _ in range(sign_ins.MOST_FAILURES - 1):
            await door.post("officer", "wrong", "")
        assert (await door.post("officer", PASSWORD, door.code(step))).status_code == 303


async def test_each_sign_in_has_a_new_session_and_ends_the_one_before(door: Door) -> None:
    first = token_of(await door.post("officer", PASSWORD, door.code()), door.screen)
    door.screen.token = first
    second = token_of(await door.post("officer", PASSWORD, door.code(1)), door.screen)
    assert second != first
    assert door.records.sessions.of(first) is None
    # A token that somebody planted before is not taken over either.
    door.screen.token = "planted-by-another"
    third = await door.post("officer", "wrong", "")
    assert "set-cookie" not in third.headers


async def test_signing_out_ends_the_session(door: Door) -> None:
    officer = door.screen.signed_in("officer")
    refused = await officer.post("/desk/sign-out", {"csrf": "of another"})
    assert refused.status_code == 403
    answer = await officer.post("/desk/sign-out")
    assert answer.headers["location"] == "/desk/sign-in?out=1"
    assert officer.records.sessions.of(officer.token) is None
    assert ("signed-out", "officer", {}) in door.noted()
    await officer.get("/desk/sign-in?out=1")
    assert "You have signed out." in officer.text()
    assert (await officer.post("/desk/sign-out")).status_code == 303


async def test_a_form_that_another_site_sends_is_refused(door: Door) -> None:
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
    ):
        answer = await door.post("officer", PASSWORD, door.code(), headers=headers)
        assert answer.status_code == 403, headers
        assert "set-cookie" not in answer.headers
    answer = await door.post("officer", PASSWORD, door.code(), headers={"origin": "http://desk.example"})
    assert answer.status_code == 303


async def test_what_is_missing_is_named_in_the_language_of_the_visitor(door: Door) -> None:
    await door.post("", "", "")
    assert door.screen.text(".wrong-summary").count("Write") == 2
    links = [each.get("href") for each in door.screen.tree.cssselect(".wrong-summary a")]
    assert links == ["#f-account", "#f-password"]


async def test_who_is_in_already_goes_on_and_nowhere_else(door: Door) -> None:
    officer = door.screen.signed_in("officer")
    answer = await officer.get("/desk/sign-in?back=https://elsewhere.example")
    assert answer.headers["location"] == "/desk/"


async def test_an_expired_session_is_told_and_the_way_back_kept(door: Door) -> None:
    await door.screen.get("/desk/sign-in?expired=1&back=%2Fdesk%2Fask%3Fkept%3Dabc")
    assert "What you typed is kept" in door.screen.text()
    assert door.screen.tree.cssselect("main input[name=back]")[0].get("value") == "/desk/ask?kept=abc"


async def test_a_closed_account_stays_out(door: Door) -> None:
    token = token_of(await door.post("officer", PASSWORD, door.code()), door.screen)
    door.records.accounts.close("officer")
    assert door.records.sessions.of(token) is None
    assert (await door.post("officer", PASSWORD, door.code(1))).status_code == 422


async def test_a_demo_account_needs_a_house_made_for_the_demo(screen: Screen) -> None:
    with pytest.raises(NotAllowed, match="not made for the demo"):
        screen.records.credentials.set_demo(("officer",), PASSWORD)
    screen.records.credentials.mark_demo()
    screen.records.credentials.set_demo(("officer",), PASSWORD)
    form = {"account": "officer", "password": PASSWORD}
    assert (await screen.post("/desk/sign-in", form)).status_code == 303
    assert (await screen.post("/desk/sign-in", {**form, "account": "liaison"})).status_code == 422
    # The same credential in a house that is none, as after a copy of the tables, opens nothing.
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr(type(screen.records.credentials), "is_demo", lambda self: False)
        assert (await screen.post("/desk/sign-in", form)).status_code == 422


@pytest.mark.parametrize(
    "password",
    ["short", "officer-officer", "Password1234!", "aaaaaaaaaaaaaaaa", "x" * 201, "abcabcabcabcabc"],
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(BadInput):
        require_sound("officer@agency.example", password)
    require_sound("officer", "four words that wander")


@pytest.mark.parametrize("account", ["officer", "liaison", "nobody-here"])
async def test_an_unknown_account_costs_as_much_as_a_wrong_password(
    door: Door, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    verify = passwords._HASHER.verify

    class Counting:
        """Compares as ever, and counts."""

        def verify(self, hash: str, password: str) -> bool:
            compared.append(hash)
            return verify(hash, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    await door.post(account, "four words that wonder", "")
    assert len(compared) == 1


def test_many_attempts_at_once_are_no_more_than_one_after_another(screen: Screen) -> None:
    with ThreadPoolExecutor(12) as pool:
        waits = list(pool.map(lambda _: screen.records.brake.press("officer"), range(24)))
    assert sum(wait is None for wait in waits) == sign_ins.MOST_FAILURES


def test_a_credential_opens_only_the_account_it_was_made_for(screen: Screen) -> None:
    """Whoever can write to the database must not sign in as another with a password of their own."""
    credentials = screen.records.credentials
    credentials.set_password("operator", PASSWORD)
    credentials.set_password("officer", "other words that wander")
    for changes in ({"account": "operator"}, {"account": "operator", "id": "password:operator"}):

        def work(connection: Any, changes: dict[str, str] = changes) -> None:
            connection.execute(delete(CREDENTIALS).where(CREDENTIALS.c.id == "password:operator"))
            moved = update(CREDENTIALS).where(CREDENTIALS.c.kind == "password")
            connection.execute(moved.values(**changes))

        screen.records.database.write(work)
        with pytest.raises(BadData, match="another's place"):
            credentials.enter("operator", "other words that wander", "")
