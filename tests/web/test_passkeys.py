"""Does a passkey open what it must, and nothing when it was copied, replayed, or made for another place?"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import cbor2
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from desk import membership
from records.sign_ins import SignIns
from schemas.moves import Actor
from schemas.vocabulary import Role
from tests.web.conftest import Screen

OPERATOR = Actor(id="operator", house="de", roles=(Role.OPERATOR,))
HOST, ORIGIN = "desk.example", "https://desk.example"
PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class FakeAuthenticator:
    """Does in software what a key or a telephone does; a test may make it lie."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: os.urandom(32))
    counter: int = 0
    host: str = HOST
    origin: str = ORIGIN
    flags: int = PRESENT | VERIFIED
    step: int = 1

    def made(self, options: dict[str, Any]) -> str:
        """Answers `new`."""
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        data = self._data(ATTESTED) + attested
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._told(
            {"attestationObject": b64(statement), "clientDataJSON": b64(self._client(options, "create"))}
        )

    def shown(self, options: dict[str, Any]) -> str:
        """Answers `show`."""
        self.counter += self.step
        client, data = self._client(options, "get"), self._data(0)
        mark = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        answer = {"authenticatorData": b64(data), "clientDataJSON": b64(client), "signature": b64(mark)}
        return self._told(answer)

    def _data(self, more: int) -> bytes:
        place = hashlib.sha256(self.host.encode()).digest()
        return place + bytes([self.flags | more]) + self.counter.to_bytes(4, "big")

    def _client(self, options: dict[str, Any], kind: str) -> bytes:
        told = {"type": f"webauthn.{kind}", "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(told).encode()

    def _told(self, response: dict[str, str]) -> str:
        whole = {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}
        return json.dumps({**whole, "clientExtensionResults": {}})


@pytest.fixture
def place(screen: Screen) -> Iterator[Screen]:
    """A house that is reached at its own https address."""
    screen.office.settings.public_url = ORIGIN
    yield screen
    screen.office.settings.public_url = ""


def asked(screen: Screen) -> tuple[dict[str, Any], str]:
    """What the page asks the authenticator, and the word that goes with it."""
    form = screen.tree.cssselect("form[data-passkey]")[0]
    return json.loads(form.get("data-options")), form.cssselect("input[name=asked]")[0].get("value")


async def enrol(screen: Screen, key: FakeAuthenticator, account: str = "officer") -> httpx.Response:
    path = membership.PATH + membership.invite(screen.records, OPERATOR, account)
    await screen.get(path)
    options, word = asked(screen)
    form = {"way": "passkey", "asked": word, "credential": key.made(options), "label": "blue <key>"}
    return await screen.post(path, form)


async def show(screen: Screen, key: FakeAuthenticator, back: str = "/desk/ask") -> httpx.Response:
    screen.http.cookies.clear()
    await screen.get("/desk/sign-in")
    options, word = asked(screen)
    return await sent(screen, word, key.shown(options), back)


async def sent(screen: Screen, word: str, credential: str, back: str = "/desk/ask") -> httpx.Response:
    form = {"way": "passkey", "asked": word, "credential": credential, "back": back}
    return await screen.post("/desk/sign-in", form)


async def test_made_at_the_invitation_and_shown_at_the_sign_in(place: Screen) -> None:
    key = FakeAuthenticator()
    assert (await enrol(place, key)).headers["location"] == "/desk/"
    answer = await show(place, key)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/ask")
    token = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    session = place.records.sessions.of(token)
    assert getattr(session, "means", "") == "passkey"
    [way] = place.records.credentials.of("officer")
    assert (way.kind, way.label, way.used is not None) == ("passkey", "blue <key>", True)


async def test_what_is_asked_is_verified_discoverable_and_tells_no_name(place: Screen) -> None:
    await place.get(membership.PATH + membership.invite(place.records, OPERATOR, "officer"))
    options, _ = asked(place)
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["rp"]["id"] == HOST
    assert b"officer" not in base64.urlsafe_b64decode(options["user"]["id"] + "==")
    await place.get("/desk/sign-in")
    assert asked(place)[0]["userVerification"] == "required"
    assert not asked(place)[0].get("allowCredentials")


@pytest.mark.parametrize(
    "lie",
    [
        {"host": "elsewhere.example"},
        {"origin": "https://elsewhere.example"},
        {"origin": "http://desk.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"step": 0},
        {"step": -1},
    ],
    ids=str,
)
async def test_a_passkey_that_lies_opens_nothing(place: Screen, lie: dict[str, Any]) -> None:
    key = FakeAuthenticator(counter=5)
    await enrol(place, key)
    for name, value in lie.items():
        setattr(key, name, value)
    answer = await show(place, key)
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers
    assert "opens nothing here" in place.text(".wrong-summary")


@pytest.mark.parametrize(
    "lie", [{"host": "x.example"}, {"origin": "https://x.example"}, {"flags": PRESENT}], ids=str
)
async def test_a_passkey_made_elsewhere_or_unverified_is_not_taken_in(
    place: Screen, lie: dict[str, Any]
) -> None:
    answer = await enrol(place, FakeAuthenticator(**lie))
    assert answer.status_code == 422
    assert place.records.credentials.of("officer") == []
    # The invitation is still good.
    assert place.tree.cssselect("form[data-passkey]")


async def test_a_copy_is_found_out_by_its_counter(place: Screen) -> None:
    key = FakeAuthenticator(counter=5)
    await enrol(place, key)
    copy = FakeAuthenticator(key.key, key.id, key.counter)
    assert (await show(place, key)).status_code == 303
    assert (await show(place, copy)).status_code == 422


async def test_one_without_a_counter_opens_again_and_again(place: Screen) -> None:
    key = FakeAuthenticator(step=0)
    await enrol(place, key)
    assert [(await show(place, key)).status_code for _ in range(2)] == [303, 303]


async def test_the_same_answer_opens_once(place: Screen) -> None:
    key = FakeAuthenticator(step=0)
    await enrol(place, key)
    place.http.cookies.clear()
    await place.get("/desk/sign-in")
    options, word = asked(place)
    answer = key.shown(options)
    assert (await sent(place, word, answer)).status_code == 303
    assert (await sent(place, word, answer)).status_code == 422


async def test_a_word_of_another_page_is_not_taken(place: Screen) -> None:
    key = FakeAuthenticator()
    await enrol(place, key)
    await place.get(membership.PATH + membership.invite(place.records, OPERATOR, "judge"))
    options, word = asked(place)
    assert (await sent(place, word, key.shown(options))).status_code == 422
    sealed = SignIns(place.records.database, place.records.keys).seal
    assert sealed("passkey", {}, membership.INVITED) != word


@pytest.mark.parametrize(
    "credential",
    ["", "x", "[]", "{}", '{"rawId": 5}', '{"rawId": "AAAA"}', '{"id":"A","rawId":"AA","response":{}}'],
)
async def test_nonsense_is_refused(place: Screen, credential: str) -> None:
    await place.get("/desk/sign-in")
    word = asked(place)[1]
    assert (await sent(place, word, credential)).status_code == 422
    assert (await sent(place, "nonsense", credential)).status_code == 422


async def test_the_passkey_of_a_closed_account_opens_nothing(place: Screen) -> None:
    key = FakeAuthenticator()
    await enrol(place, key)
    place.records.accounts.close("officer")
    assert (await show(place, key)).status_code == 422


async def test_several_with_names_and_the_last_stays(place: Screen) -> None:
    first, second = FakeAuthenticator(), FakeAuthenticator()
    await enrol(place, first)
    mine = place.signed_in("officer")
    await mine.get("/desk/account/passkey")
    options, word = asked(mine)
    assert [each["id"] for each in options["excludeCredentials"]] == [b64(first.id)]
    form = {"asked": word, "credential": second.made(options), "label": "office laptop"}
    assert (await mine.post("/desk/account/passkey", form)).headers[
        "location"
    ] == "/desk/account?done=passkey"
    assert (await show(place, second)).status_code == 303
    ways = place.records.credentials.of("officer")
    assert [each.label for each in ways] == ["blue <key>", "office laptop"]
    assert (await mine.post("/desk/account", {"do": "way", "way": ways[0].id})).status_code == 303
    assert (await show(place, first)).status_code == 422
    assert (await mine.post("/desk/account", {"do": "way", "way": ways[1].id})).status_code == 422


async def test_at_a_bare_address_none_is_offered_nor_taken(screen: Screen) -> None:
    await screen.get("/desk/sign-in")
    assert not screen.tree.cssselect("form[data-passkey]")
    assert (await sent(screen, "x", "{}")).status_code == 422
    mine = screen.signed_in("officer")
    screen.records.credentials.set_password("officer", "four words that wander")
    await mine.get("/desk/account/passkey")
    assert "https address" in mine.text()
