"""Does signing in at the office's OpenID provider let in whom it must, and nobody by an unsound word?"""

from __future__ import annotations

import base64
import hmac
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from desk import provider_login
from desk.provider_login import Begun, NotRecognised, Provider
from records import sign_ins
from records.moments import now
from records.references import HOUSE
from records.sessions import Session
from schemas.settings import Settings
from tests.patience import tries
from tests.web.conftest import Screen

CLIENT = "rogatory-test"
ISSUER = "https://idp.example"
PEOPLE = [
    {"sub": "one", "email": "Anna@office.example", "email_verified": True},
    {"sub": "two", "email": "anna@office.example", "email_verified": False},
    {"sub": "three", "email": "stranger@office.example", "email_verified": True},
    {"sub": "four", "email": "anna@office.example", "email_verified": True, "roles": ["operator"]},
]


# --- a real provider, over HTTP -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "--require-nonce", "true"]
    for person in PEOPLE:
        command += ["--user-claims", json.dumps(person)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in tries("the provider"):
            with suppress(httpx.TransportError):
                httpx.get(f"{address}/.well-known/openid-configuration", trust_env=False)
                break
        yield address
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def office(screen: Screen, provider: str, tmp_path: Path) -> Screen:
    """A house that signs people in by the provider; its officer has an address."""
    secret = tmp_path / "oidc-secret"
    secret.write_text("between us\n")
    secret.chmod(0o600)
    screen.office.settings.oidc_secret_file = secret
    screen.office.settings.oidc_issuer = provider
    screen.office.settings.oidc_client = CLIENT
    screen.records.accounts.remind("officer", email="anna@office.example", quiet=False)
    return screen


async def sent(screen: Screen, back: str = "/desk/ask") -> str:
    """Where the browser is sent."""
    answer = await screen.get(f"/desk/sign-in/oidc?back={back}")
    assert answer.status_code == 303
    return answer.headers["location"]


async def signed_in_there(address: str, person: str) -> str:
    """The person says yes at the provider; the path they come back to."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = await browser.post(address, data={"sub": person})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"].removeprefix("http://desk.example")


async def come_in(screen: Screen, person: str) -> httpx.Response:
    return await screen.get(await signed_in_there(await sent(screen), person))


async def test_the_page_offers_it_and_what_is_sent_has_pkce_state_and_nonce(office: Screen) -> None:
    await office.get("/desk/sign-in?back=/desk/ask")
    assert office.tree.cssselect("a.button")[0].get("href") == "/desk/sign-in/oidc?back=%2Fdesk%2Fask"
    address = urlsplit(await sent(office))
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert query["response_type"] == "code"
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) == 43
    assert query["redirect_uri"] == "http://desk.example/desk/sign-in/oidc/back"
    assert {"state", "nonce"} <= set(query)
    assert "openid" in query["scope"].split()
    assert office.last is not None
    assert "HttpOnly" in office.last.headers["set-cookie"]


async def test_the_first_time_by_the_verified_address_then_by_the_link(office: Screen) -> None:
    answer = await come_in(office, "one")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/ask")
    events = [(each.event, each.actor) for each in office.records.ledger.entries(HOUSE)]
    assert [each for each in events if each[1] == "officer"][-2:] == [
        ("way-in-added", "officer"),
        ("signed-in", "officer"),
    ]
    # From now on the link counts, whatever the address.
    office.records.accounts.remind("officer", email=None, quiet=False)
    assert (await come_in(office, "one")).status_code == 303


@pytest.mark.parametrize("person", ["two", "three"])
async def test_an_address_that_is_not_verified_or_not_known_opens_nothing(
    office: Screen, person: str
) -> None:
    answer = await come_in(office, person)
    assert answer.status_code == 403
    assert "no account of this house belongs to you" in office.text(".notice")
    assert "enter your e-mail address" in office.text(".notice")
    assert office.records.credentials.of("officer") == []


async def test_another_person_with_the_same_address_does_not_take_the_account_over(office: Screen) -> None:
    assert (await come_in(office, "one")).status_code == 303
    assert (await come_in(office, "four")).status_code == 403


async def test_roles_are_ours_whatever_the_provider_says(office: Screen) -> None:
    answer = await come_in(office, "four")
    token = next(
        line.partition("=")[2].partition(";")[0]
        for line in answer.headers.get_list("set-cookie")
        if line.startswith("rogatory_de=")
    )
    session = office.records.sessions.of(token)
    assert isinstance(session, Session)
    assert [role.value for role in session.actor.roles] == ["officer"]


async def test_two_accounts_of_one_address_are_neither(office: Screen) -> None:
    office.records.accounts.remind("judge", email="ANNA@office.example", quiet=False)
    assert (await come_in(office, "one")).status_code == 403


async def test_a_closed_account_stays_out(office: Screen) -> None:
    assert (await come_in(office, "one")).status_code == 303
    office.records.accounts.close("officer")
    assert (await come_in(office, "one")).status_code == 403


async def test_what_comes_back_twice_late_or_in_another_browser_is_refused(
    office: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await signed_in_there(await sent(office), "one")
    office.http.cookies.clear()
    assert (await office.get(path)).status_code == 403
    assert "in another browser" in office.text(".notice")
    path = await signed_in_there(await sent(office), "one")
    cookie = {"cookie": "; ".join(f"{each.name}={each.value}" for each in office.http.cookies.jar)}
    assert (await office.get(path, headers=cookie)).status_code == 303
    assert (await office.get(path, headers=cookie)).status_code == 403
    path = await signed_in_there(await sent(office), "one")
    monkeypatch.setattr(sign_ins, "now", lambda: now().replace(year=now().year + 1))
    assert (await office.get(path)).status_code == 403


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "Demandez à un exploitant"), ("es", "Pida"), ("ar", "اطلب")]
)
async def test_who_is_not_let_in_is_told_so_in_their_language(
    office: Screen, language: str, said: str
) -> None:
    path = await signed_in_there(await sent(office), "three")
    office.language = language
    assert (await office.get(path)).status_code == 403
    assert "provider" not in office.text(".notice")
    assert said in office.text(".notice")


@pytest.mark.parametrize(
    "query", ["error=access_denied", "code=guessed", "code=x&iss=https://other.example", ""]
)
async def test_a_refusal_or_a_guess_is_told(office: Screen, query: str) -> None:
    state = parse_qs(urlsplit(await sent(office)).query)["state"][0]
    answer = await office.get(f"/desk/sign-in/oidc/back?state={state}&{query}")
    assert answer.status_code == 403
    assert office.text(".notice")


async def test_a_house_without_a_provider_has_no_such_page(screen: Screen) -> None:
    assert (await screen.get("/desk/sign-in/oidc")).status_code == 404
    assert (await screen.get("/desk/sign-in/oidc/back?state=x&code=y")).status_code == 404


async def test_a_provider_that_is_away_is_told(office: Screen) -> None:
    office.office.settings.oidc_issuer = "http://127.0.0.1:9"
    assert (await office.get("/desk/sign-in/oidc")).status_code == 503


async def test_nobody_is_led_out(office: Screen) -> None:
    address = await sent(office, "https://elsewhere.example")
    answer = await office.get(await signed_in_there(address, "one"))
    assert answer.headers["location"] == "/desk/"


# --- a second way in ------------------------------------------------------------------------------------


def entered(office: Screen, answer: httpx.Response) -> Screen:
    """The screen of whoever came in with this answer."""
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("rogatory_de="))
    office.http.cookies.clear()
    token = cookie.partition("=")[2].partition(";")[0]
    return Screen(office.http, office.records, office.office, office.app, "officer", "en", token)


async def test_who_comes_in_by_the_provider_alone_shows_there_anew_and_adds_a_second_way(
    office: Screen,
) -> None:
    mine = entered(office, await come_in(office, "one"))
    await mine.get("/desk/account")
    assert mine.tree.cssselect('a[href="/desk/account/passkey"]')
    # The provider may have let them in without a question: that opens no form that makes a way in.
    for way in ("password", "passkey", "token"):
        refused = await mine.get(f"/desk/account/{way}")
        assert refused.headers["location"] == f"/desk/sign-in?again=1&back=%2Fdesk%2Faccount%2F{way}"
    await mine.get(refused.headers["location"].replace("token", "password"))
    there = mine.tree.cssselect("a.button")[0].get("href")
    assert "again=1" in there
    sent_to = (await office.get(there)).headers["location"]
    query = parse_qs(urlsplit(sent_to).query)
    assert (query["prompt"], query["max_age"]) == (["login"], ["0"])
    back = await office.get(await signed_in_there(sent_to, "one"))
    assert back.headers["location"] == "/desk/account/password", office.text()
    anew = entered(office, back)
    assert (await anew.get("/desk/account/password")).status_code == 200
    secret = anew.tree.cssselect(".id")[-1].text.replace(" ", "")
    sealed = anew.tree.cssselect("input[name=secret]")[0].get("value")
    words = {"password": "four words that wander", "again": "four words that wander"}
    done = await anew.post(
        "/desk/account/password", {**words, "secret": sealed, "code": pyotp.TOTP(secret).now()}
    )
    assert done.status_code == 200, anew.text()
    assert {way.kind for way in office.records.credentials.of("officer")} >= {"oidc", "password"}
    assert (await anew.get("/desk/account/passkey")).status_code == 200


async def test_an_earlier_sign_in_at_the_provider_is_not_one_anew(office: Screen, provider: str) -> None:
    told = {**PEOPLE[3], "auth_time": int(time.time()) - 3600}
    async with httpx.AsyncClient(trust_env=False) as http:
        (await http.put(f"{provider}/users/four", json=told)).raise_for_status()
    there = (await office.get("/desk/sign-in/oidc?again=1&back=/desk/account/passkey")).headers["location"]
    bare = there.replace("&prompt=login", "").replace("&max_age=0", "")
    answer = await office.get(await signed_in_there(bare, "four"))
    assert answer.status_code == 403
    assert "just now" in office.text(".notice")


# --- a provider that lies -------------------------------------------------------------------------------


class FakeProvider:
    """Answers as a provider would, with claims and a key of the test's choice."""

    def __init__(
        self, alter: Callable[[dict[str, Any]], None] = lambda claims: None, key: Any = None
    ) -> None:
        self.known = RSAKey.generate_key(2048, {"kid": "k", "use": "sig"})
        self.signing, self.header = key or self.known, {"alg": "RS256", "kid": "k"}
        self.alter = alter
        self.begun = Begun.now()
        self.forms: list[dict[str, list[str]]] = []
        self.authorised = ""

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/keys":
            return httpx.Response(200, json={"keys": [self.known.as_dict(private=False)]})
        self.forms.append(parse_qs(request.content.decode()))
        self.authorised = request.headers.get("authorization", "")
        moment = int(time.time())
        claims: dict[str, Any] = {"iss": ISSUER, "aud": CLIENT, "sub": "one", "nonce": self.begun.nonce}
        claims |= {"iat": moment, "exp": moment + 300, "email": "a@b.example", "email_verified": True}
        self.alter(claims)
        return httpx.Response(200, json={"id_token": self.signed(claims)})

    def signed(self, claims: dict[str, Any]) -> str:
        if self.header["alg"] == "RS256":
            return jwt.encode(self.header, claims, self.signing, algorithms=["RS256"])
        # By hand what no library would sign: nothing at all, or the public key taken for a shared one.
        parts = [json.dumps(part).encode() for part in (self.header, claims)]
        text = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
        shared = self.known.as_pem(private=False)
        mark = hmac.digest(shared, text, "sha256") if self.header["alg"] == "HS256" else b""
        return (text + b"." + base64.urlsafe_b64encode(mark).rstrip(b"=")).decode()

    async def person(self, **changes: Any) -> provider_login.Person:
        settings = Settings(oidc_issuer=ISSUER, oidc_client=CLIENT, **changes)
        told = Provider(ISSUER, f"{ISSUER}/go", f"{ISSUER}/token", f"{ISSUER}/keys", None, False)
        async with httpx.AsyncClient(transport=httpx.MockTransport(self.answer)) as http:
            return await provider_login.person_of(settings, told, self.begun, "code", "https://us/back", http)


async def test_a_sound_word_is_taken_and_the_verifier_shown() -> None:
    fake = FakeProvider()
    person = await fake.person()
    assert (person.issuer, person.subject, person.email) == (ISSUER, "one", "a@b.example")
    assert fake.forms[0]["code_verifier"] == [fake.begun.verifier]
    assert fake.authorised == ""


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://other.example"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
        {"azp": "another-client"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"exp": "soon"},
        {"iat": int(time.time()) + 3600},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
    ],
    ids=str,
)
async def test_claims_that_are_not_sound_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(NotRecognised):
        await FakeProvider(lambda claims: claims.update(change)).person()


@pytest.mark.parametrize("asked", [None, "just now", time.time() - 3600, time.time() + 3600])
async def test_one_anew_is_said_with_its_moment(asked: object) -> None:
    fake = FakeProvider(lambda claims: claims.update(auth_time=asked))
    fake.begun = Begun.now(anew=True)
    with pytest.raises(NotRecognised, match="just now"):
        await fake.person()
    fake.alter = lambda claims: claims.update(auth_time=int(time.time()))
    assert (await fake.person()).subject == "one"


@pytest.mark.parametrize("verified", [False, None, "true", 1])
async def test_an_address_counts_only_if_it_is_verified(verified: object) -> None:
    person = await FakeProvider(lambda claims: claims.update(email_verified=verified)).person()
    assert person.email is None


async def test_another_key_is_refused() -> None:
    with pytest.raises(NotRecognised):
        await FakeProvider(key=RSAKey.generate_key(2048, {"kid": "k"})).person()


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_a_word_without_signature_or_with_a_shared_key_is_refused(algorithm: str) -> None:
    fake = FakeProvider()
    fake.header = {"alg": algorithm, "kid": "k"}
    with pytest.raises(NotRecognised):
        await fake.person()


async def test_the_secret_goes_in_the_header_and_its_file_must_be_private(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("a secret\n")
    file.chmod(0o644)
    fake = FakeProvider()
    with pytest.raises(Exception, match="others may read it"):
        await fake.person(oidc_secret_file=file)
    file.chmod(0o600)
    await fake.person(oidc_secret_file=file)
    assert fake.authorised.startswith("Basic ")
