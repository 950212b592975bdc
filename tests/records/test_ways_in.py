"""Do credentials, sign-ins under way, failures and sessions keep what they promise, on both databases?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from records import passwords, sessions, sign_ins
from records.moments import now
from records.open import Records
from records.sessions import Lapsed, Session
from records.tables import CREDENTIALS, SIGN_INS
from schemas.errors import Conflict, NotFound
from schemas.vocabulary import Role

PASSWORD = "four words that wander"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(records: Records) -> Records:
    records.accounts.add("anna", [Role.OFFICER])
    records.accounts.add("ben", [Role.OFFICER])
    return records


def test_password_code_and_recovery(house: Records) -> None:
    ways, secret = house.credentials, pyotp.random_base32()
    ways.set_password("anna", PASSWORD)
    ways.set_codes("anna", secret, -1)
    codes = ways.set_recovery("anna")
    assert ways.enter("anna", PASSWORD, pyotp.TOTP(secret).now()) == "password"
    assert ways.enter("anna", PASSWORD, codes[0]) == "recovery"
    assert ways.enter("anna", PASSWORD, codes[0]) is None
    assert ways.enter("ben", PASSWORD, codes[1]) is None
    assert {way.kind for way in ways.of("anna")} == {"password", "totp", "recovery"}
    assert ways.can_enter("anna")
    assert not ways.can_enter("ben")
    assert ways.forget("anna") == 2 + len(codes) - 1
    assert not ways.can_enter("anna")


def test_one_code_of_two_at_once_opens(house: Records) -> None:
    secret = pyotp.random_base32()
    house.credentials.set_password("anna", PASSWORD)
    house.credentials.set_codes("anna", secret, -1)
    code = pyotp.TOTP(secret).now()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: house.credentials.enter("anna", PASSWORD, code), range(4)))
    assert sorted(found, key=str) == [None, None, None, "password"]


def test_no_secret_stands_in_the_database(house: Records) -> None:
    secret = pyotp.random_base32()
    house.credentials.set_password("anna", PASSWORD)
    house.credentials.set_codes("anna", secret, -1)
    codes = house.credentials.set_recovery("anna")
    word = house.sign_ins.begin("invitation", {"account": "anna", "secret": secret}, MINUTE)
    with house.database.read() as connection:
        rows = [row for table in (CREDENTIALS, SIGN_INS) for row in connection.execute(select(table))]
    whole = b"".join(each if isinstance(each, bytes) else str(each).encode() for row in rows for each in row)
    for told in (PASSWORD, secret, codes[0], codes[0].replace("-", ""), word, "argon2"):
        assert told.encode() not in whole


def test_passkeys(house: Records) -> None:
    ways = house.credentials
    ways.add_passkey("anna", b"\x01" * 600, b"key", 3, "blue")
    with pytest.raises(Conflict):
        ways.add_passkey("ben", b"\x01" * 600, b"key", 3, "blue")
    with pytest.raises(NotFound):
        ways.add_passkey("nobody", b"\x02", b"key", 0, "red")
    found = ways.passkey(b"\x01" * 600)
    assert found is not None
    assert (found.account, found.key, found.counter) == ("anna", b"key", 3)
    assert ways.passkey_ids("anna") == [b"\x01" * 600]
    assert ways.passkey_used(b"\x01" * 600, 3, 4)
    assert not ways.passkey_used(b"\x01" * 600, 3, 5)
    assert ways.passkey(b"unknown") is None


def test_identities(house: Records) -> None:
    ways = house.credentials
    ways.identify("https://idp.example", "1", "anna")
    assert ways.identified("https://idp.example", "1") == "anna"
    assert ways.identified("https://other.example", "1") is None
    for subject, account in (("1", "ben"), ("2", "anna")):
        with pytest.raises(Conflict):
            ways.identify("https://idp.example", subject, account)
    house.accounts.close("anna")
    assert ways.identified("https://idp.example", "1") is None


def test_what_is_under_way_is_found_once_and_in_time(house: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    under_way = house.sign_ins
    word = under_way.begin("oidc", {"back": "/desk/"}, MINUTE)
    assert under_way.look("invitation", word) is None
    assert under_way.take("oidc", word) == {"back": "/desk/"}
    assert under_way.take("oidc", word) is None
    again, sealed = under_way.begin("oidc", {}, MINUTE), under_way.seal("passkey", {"x": 1}, MINUTE)
    assert under_way.unseal("passkey", sealed) == {"x": 1}
    assert under_way.unseal("oidc", sealed) is None
    assert under_way.unseal("passkey", sealed[:-8] + "AAAAAAA=") is None
    assert (under_way.once(sealed, MINUTE), under_way.once(sealed, MINUTE)) == (True, False)
    monkeypatch.setattr(sign_ins, "now", lambda: now() + 2 * MINUTE)
    assert under_way.look("oidc", again) is None
    assert under_way.unseal("passkey", sealed) is None


def test_failures_count_by_name_and_are_forgotten(house: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [house.brake.press("anna") for _ in range(sign_ins.MOST_FAILURES)] == [
        None
    ] * sign_ins.MOST_FAILURES
    until = house.brake.press("anna")
    assert until is not None
    assert until > now()
    assert house.brake.press("ben") is None
    assert (house.brake.left("anna"), house.brake.left("ben")) == (0, sign_ins.MOST_FAILURES - 1)
    house.brake.release("anna")
    assert house.brake.press("anna") is None
    monkeypatch.setattr(sign_ins, "now", lambda: until + MINUTE)
    assert house.brake.left("ben") == sign_ins.MOST_FAILURES


def test_sessions_are_listed_and_ended(house: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = [house.sessions.begin("anna", "password") for _ in range(3)]
    foreign = house.sessions.begin("ben", "password")
    listed = house.sessions.all("anna")
    assert len(listed) == 3
    assert house.sessions.end_one("ben", listed[0].hash) == 0
    assert house.sessions.end_one("anna", listed[0].hash) == 1
    kept = next(each for each in listed[1:])
    assert house.sessions.end_all("anna", kept.hash) == 1
    left = [each for each in map(house.sessions.of, tokens) if isinstance(each, Session)]
    assert [each.hash for each in left] == [kept.hash]
    assert isinstance(house.sessions.of(foreign), Session)
    monkeypatch.setattr(sessions, "now", lambda: now() + sessions.LONGEST)
    assert isinstance(house.sessions.of(foreign), Lapsed)
    assert house.sessions.all("anna") == []


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(steps: int, good: bool) -> None:
    secret, at = pyotp.random_base32(), now()
    code = pyotp.TOTP(secret).at(at + steps * timedelta(seconds=30))
    assert (passwords.step_of(secret, code, at) is not None) == good
    assert passwords.step_of(secret, f"{code[:3]} {code[3:]}", at) == passwords.step_of(secret, code, at)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert passwords.step_of(pyotp.random_base32(), code) is None
