"""Does the demo end with accounts that open both its houses, and does nobody else come in that way?"""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from desk import entrance, houses, up
from desk.children import Children
from desk.house import new_house
from desk.screen import Screen as Terminal
from records.open import open_records
from schemas.settings import settings_of


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ROGATORY_HOME", str(tmp_path / "de"))
    return tmp_path


def entered(home: Path, account: str, password: str) -> bool:
    records = open_records(settings_of(home))
    try:
        return isinstance(entrance.by_password(records, account, password, ""), entrance.Entered)
    finally:
        records.close()


def test_one_password_opens_every_account_of_both_houses_until_the_next_run(var: Path) -> None:
    homes = houses.prepare(var, lambda line: None)
    first = houses.passwords(homes.values())
    assert first is not None
    for home in homes.values():
        assert all(entered(home, person.id, first) for person in houses.PEOPLE)
    second = houses.passwords(homes.values())
    assert second not in (None, first)
    assert not entered(homes["de"], "officer", first)


def test_a_house_that_was_not_made_for_the_demo_gets_no_such_account(var: Path) -> None:
    settings = new_house(var / "de", "de", "DE", "Germany", "Europe/Berlin")
    houses.people(settings.home)
    assert houses.passwords([settings.home]) is None
    assert not entered(settings.home, "officer", "")
    records = open_records(settings)
    assert [way for person in houses.PEOPLE for way in records.credentials.of(person.id)] == []
    records.close()


def test_the_last_words_are_an_address_the_accounts_and_the_password() -> None:
    urls = {"de": "http://127.0.0.1:8081", "us": "http://127.0.0.1:8082"}

    def say(line: str) -> None:
        """Nobody listens."""

    running = up.Running(Path("var"), "127.0.0.1:7233", "", urls, Children(say), say, "abcde-fghjk")
    screen = io.StringIO()
    Terminal(file=screen, width=100).print(up.accounts(running))
    told = screen.getvalue()
    assert "http://127.0.0.1:8081/desk/" in told
    assert "http://127.0.0.1:8082/desk/" in told
    assert "abcde-fghjk" in told
    assert all(person.id in told for person in houses.PEOPLE)
