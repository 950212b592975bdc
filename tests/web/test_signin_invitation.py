"""Does an invitation let its owner in, once, in time, and with a sound password?"""

from __future__ import annotations

from datetime import timedelta

import httpx
import pyotp
import pytest

from desk import membership
from records import sign_ins
from records.moments import now
from schemas.errors import Conflict, NotFound
from schemas.moves import Actor
from schemas.vocabulary import Role
from tests.web.conftest import Screen

OPERATOR = Actor(id="operator", house="de", roles=(Role.OPERATOR,))
PASSWORD = "four words that wander"


def invited(screen: Screen, account: str = "officer") -> str:
    return membership.PATH + membership.invite(screen.records, OPERATOR, account)


def secret_on(screen: Screen) -> str:
    """What a person would type into the app."""
    texts = [each.text.replace(" ", "") for each in screen.tree.cssselect(".id")]
    [secret] = [text for text in texts if len(text) == 32]
    return str(secret)


async def choose(screen: Screen, path: str, secret: str, **other: str) -> httpx.Response:
    code = pyotp.TOTP(secret).now()
    form = {"way": "password", "password": PASSWORD, "again": PASSWORD, "code": code, **other}
    return await screen.post(path, form)


async def test_the_page_says_who_is_invited_and_gives_the_secret_as_picture_and_text(screen: Screen) -> None:
    await screen.get(invited(screen))
    assert "officer" in screen.text()
    assert "Officer" in screen.text(".facts")
    picture = screen.tree.cssselect("[role=img]")[0]
    assert picture.get("aria-label")
    assert picture.cssselect("svg path")
    # With a width of its own instead, the sheet's width would cut it off.
    assert {"viewbox", "width"} & set(picture.cssselect("svg")[0].keys()) == {"viewbox"}
    assert "style" not in {name for each in picture.iter() for name in each.attrib}
    assert len(secret_on(screen)) == 32


async def test_whoever_chooses_is_in_and_gets_recovery_codes(screen: Screen) -> None:
    path = invited(screen)
    await screen.get(path)
    secret = secret_on(screen)
    answer = await choose(screen, path, secret)
    assert answer.status_code == 200
    codes = [each.text for each in screen.tree.cssselect(".recovery .id")]
    assert len(codes) == 10
    token = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    assert getattr(screen.records.sessions.of(token), "means", "") == "password"
    # The code that proved the app is used up; a recovery code opens.
    form = {"account": "officer", "password": PASSWORD}
    again = await screen.post("/desk/sign-in", {**form, "code": pyotp.TOTP(secret).now()})
    assert again.status_code == 422
    assert (await screen.post("/desk/sign-in", {**form, "code": codes[0]})).status_code == 303


async def test_it_opens_once(screen: Screen) -> None:
    path = invited(screen)
    await screen.get(path)
    secret = secret_on(screen)
    assert (await choose(screen, path, secret)).status_code == 200
    again = await choose(screen, path, secret)
    assert again.status_code == 404
    assert "used already" in screen.text()
    assert "set-cookie" not in again.headers


async def test_its_time_ends(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    path = invited(screen)
    later = now() + membership.INVITED + timedelta(seconds=1)
    monkeypatch.setattr(sign_ins, "now", lambda: later)
    assert (await screen.get(path)).status_code == 404


async def test_a_later_invitation_voids_the_earlier_and_a_closed_account_any(screen: Screen) -> None:
    first, second = invited(screen), invited(screen)
    other = invited(screen, "judge")
    assert (await screen.get(first)).status_code == 404
    assert (await screen.get(second)).status_code == 200
    screen.records.accounts.close("officer")
    assert (await screen.get(second)).status_code == 404
    assert (await screen.get(other)).status_code == 200


@pytest.mark.parametrize("word", ["nothing", "x" * 500, "%00", "<script>alert(1)"])
async def test_a_guess_opens_nothing(screen: Screen, word: str) -> None:
    answer = await screen.get(membership.PATH + word)
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "officer-officer", "again": "officer-officer"}, "password"),
        ({"again": PASSWORD + "x"}, "again"),
        ({"code": "000000000"}, "code"),
        ({"code": ""}, "code"),
        ({"password": "", "again": ""}, "password"),
    ],
)
async def test_what_is_wrong_is_named_and_the_invitation_still_good(
    screen: Screen, other: dict[str, str], field: str
) -> None:
    path = invited(screen)
    await screen.get(path)
    secret = secret_on(screen)
    assert (await choose(screen, path, secret, **other)).status_code == 422
    links = [each.get("href") for each in screen.tree.cssselect(".wrong-summary a")]
    assert f"#f-{field}" in links
    assert secret_on(screen) == secret
    assert PASSWORD not in str(screen.last and screen.last.text)
    assert (await choose(screen, path, secret)).status_code == 200


def test_who_can_sign_in_is_reset_not_invited(screen: Screen) -> None:
    records = screen.records
    records.credentials.set_password("officer", PASSWORD)
    with pytest.raises(Conflict, match="can sign in already"):
        membership.invite(records, OPERATOR, "officer")
    token = records.sessions.begin("officer", "password")
    word = membership.reset(records, OPERATOR, "officer")
    assert records.sessions.of(token) is None
    assert records.credentials.of("officer") == []
    assert membership.invited(records, word)["account"] == "officer"
    assert membership.accept(records, word) == "officer"
    with pytest.raises(NotFound):
        membership.accept(records, word)
