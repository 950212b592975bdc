"""Which house is meant, and whose token is taken?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk.cli.visit import Wish, address_of, home_of, visit
from schemas.errors import BadInput, NotFound, Unavailable


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ROGATORY_URL", "ROGATORY_TOKEN", "ROGATORY_AS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ROGATORY_VAR", str(tmp_path))
    for house, state, port in (("de", "DE", 1), ("us-doj", "US", 2)):
        home = tmp_path / house[:2]
        (home / "run").mkdir(parents=True)
        (home / "tokens").mkdir()
        (home / "house.toml").write_text(f'house = "{house}"\nstate = "{state}"\n')
        (home / "run" / "api.json").write_text(json.dumps({"url": f"http://127.0.0.1:{port}"}))
        for person in ("officer", "approver"):
            (home / "tokens" / person).write_text(f"{house}-{person}\n")
    return tmp_path


def token(house_token: object) -> str:
    """The token a visit will show."""
    return str(house_token._http.headers["Authorization"])  # type: ignore[attr-defined]  # nothing public shows it


@pytest.mark.parametrize("name", ["us", "US", "us-doj", "US-DOJ"])
def test_a_house_is_known_by_folder_id_and_state(var: Path, name: str) -> None:
    assert home_of(name) == var / "us"


def test_an_unknown_house_names_the_known_ones(var: Path) -> None:
    with pytest.raises(NotFound) as told:
        home_of("fr")
    assert "de, us" in told.value.next_step


def test_without_a_word_it_is_the_requesting_house_of_the_demo(var: Path) -> None:
    with visit(Wish()) as house:
        assert house.url == "http://127.0.0.1:1"
        assert token(house) == "Bearer de-officer"


def test_the_usual_person_is_taken_unless_another_is_named(var: Path) -> None:
    with visit(Wish(house="us"), "approver") as house:
        assert token(house) == "Bearer us-doj-approver"
    with visit(Wish(house="us", user="officer"), "approver") as house:
        assert token(house) == "Bearer us-doj-officer"


def test_the_environment_names_house_and_token(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROGATORY_URL", "https://house.example")
    monkeypatch.setenv("ROGATORY_TOKEN", "secret")
    with visit(Wish()) as house:
        assert (house.url, token(house)) == ("https://house.example", "Bearer secret")


def test_an_option_wins_over_the_environment(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROGATORY_URL", "https://house.example")
    with visit(Wish(house="us")) as house:
        assert house.url == "http://127.0.0.1:2"


def test_a_token_never_goes_from_the_demo_to_a_foreign_address(var: Path) -> None:
    with pytest.raises(BadInput):
        visit(Wish(house="https://elsewhere.example"))


@pytest.mark.parametrize("user", ["nobody", "../tokens/officer", "/etc/passwd"])
def test_who_has_no_token_here_is_told_who_has(var: Path, user: str) -> None:
    with pytest.raises(BadInput) as told:
        visit(Wish(user=user))
    assert "approver, officer" in told.value.next_step


def test_a_house_that_is_down_says_how_to_start_it(var: Path) -> None:
    (var / "de" / "run" / "api.json").unlink()
    with pytest.raises(Unavailable) as told:
        address_of(var / "de")
    assert "make run" in told.value.next_step


@pytest.mark.parametrize("text", ["two words", "two\nlines", "\u00fc", "x" * 600])
def test_what_cannot_be_a_token_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    file = tmp_path / "token"
    file.write_text(text, "utf-8")
    with pytest.raises(BadInput, match="no token"):
        visit(Wish(house="http://127.0.0.1:1", token_file=file))
    monkeypatch.setenv("ROGATORY_TOKEN", text)
    with pytest.raises(BadInput, match="no token"):
        visit(Wish(house="http://127.0.0.1:1"))
