"""Is a new house whole, kept from others, and believed only by those it was introduced to?"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from desk.house import TRUST_LIST, introduce, new_house, set_address
from letters.seal import SIGNING_KEY, load_key
from letters.trust import TrustList
from records.open import open_records
from schemas.errors import BadInput, Conflict
from schemas.settings import settings_of


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ROGATORY_HOME", str(tmp_path / "elsewhere"))


def trust_of(home: Path) -> TrustList:
    return TrustList.load(home / "keys" / TRUST_LIST)


def test_a_new_house_is_whole_and_believes_itself(tmp_path: Path) -> None:
    settings = new_house(tmp_path / "de", "de", "DE", 'The "first" house', "Europe/Berlin", 8091)
    assert (settings.house, settings.state, settings.time_zone) == ("de", "DE", "Europe/Berlin")
    assert settings.name == 'The "first" house'
    assert settings.url == "http://127.0.0.1:8091"
    open_records(settings).close()
    key = load_key(settings.keys / SIGNING_KEY)
    own = trust_of(settings.home).house("de")
    assert own is not None
    assert own.keys[0].jwk.model_dump() == key.public
    for file in settings.keys.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file


def test_a_house_is_never_made_over_another(tmp_path: Path) -> None:
    home = tmp_path / "de"
    new_house(home, "de", "DE", "One")
    before = {file: file.read_bytes() for file in (home / "keys").iterdir()}
    with pytest.raises(Conflict):
        new_house(home, "fr", "FR", "Other")
    assert before == {file: file.read_bytes() for file in (home / "keys").iterdir()}


def test_a_half_made_house_is_made_whole_with_the_keys_it_has(tmp_path: Path) -> None:
    home = tmp_path / "de"
    new_house(home, "de", "DE", "One")
    kid = load_key(home / "keys" / SIGNING_KEY).kid
    for left in ("house.toml", f"keys/{TRUST_LIST}"):
        (home / left).unlink()
    new_house(home, "de", "DE", "One")
    own = trust_of(home).house("de")
    assert own is not None
    assert own.keys[0].kid == kid


def test_keys_of_another_house_are_not_taken(tmp_path: Path) -> None:
    home = tmp_path / "de"
    new_house(home, "de", "DE", "One")
    (home / "house.toml").unlink()
    (home / "records.sqlite").unlink()
    with pytest.raises(BadInput) as caught:
        new_house(home, "at", "AT", "Other")
    assert SIGNING_KEY in caught.value.where
    assert not (home / "house.toml").exists()


def test_a_new_house_takes_nothing_from_the_one_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = new_house(tmp_path / "de", "de", "DE", "One")
    toml = first.home / "house.toml"
    toml.write_text(toml.read_text() + f'database_url = "sqlite:///{tmp_path / "de.sqlite"}"\n')
    monkeypatch.setenv("ROGATORY_HOME", str(first.home))
    second = new_house(tmp_path / "us", "us", "US", "Other")
    assert second.database == f"sqlite:///{second.home / 'records.sqlite'}"
    assert not (tmp_path / "de.sqlite").exists()


@pytest.mark.parametrize(
    "words",
    [
        {"house": "Big House"},
        {"house": "de.bund"},
        {"house": "house"},
        {"house": "by-hand"},
        {"state": "Germany"},
        {"time_zone": "Berlin"},
        {"time_zone": "../../etc/passwd"},
        {"port": -1},
        {"public_url": "http://mla.example"},
    ],
)
def test_an_impossible_word_makes_nothing(tmp_path: Path, words: dict[str, str | int]) -> None:
    given: dict[str, Any] = {"house": "de", "state": "DE", "name": "One", **words}
    with pytest.raises(BadInput) as caught:
        new_house(tmp_path / "de", **given)
    assert caught.value.next_step
    assert not (tmp_path / "de" / "house.toml").exists()


def test_introduced_houses_know_each_other_and_only_each_other(tmp_path: Path) -> None:
    homes = [tmp_path / house for house in ("de", "fr", "us")]
    for home in homes:
        new_house(home, home.name, home.name.upper(), home.name)
    introduce(homes[0], homes[2])
    introduce(homes[0], homes[2])
    assert [[house.id for house in trust_of(home).houses] for home in homes] == [
        ["de", "us"],
        ["fr"],
        ["de", "us"],
    ]
    german = trust_of(homes[2]).house("de")
    assert german is not None
    assert german == trust_of(homes[0]).house("de")
    assert len(german.keys) == 1


def test_a_house_is_not_introduced_to_itself(tmp_path: Path) -> None:
    new_house(tmp_path / "a", "de", "DE", "One")
    new_house(tmp_path / "b", "de", "DE", "Other")
    with pytest.raises(BadInput):
        introduce(tmp_path / "a", tmp_path / "b")


def test_a_house_may_move(tmp_path: Path) -> None:
    for house in ("de", "us"):
        new_house(tmp_path / house, house, house.upper(), house)
    introduce(tmp_path / "de", tmp_path / "us")
    set_address(tmp_path / "de", "us", "http://127.0.0.1:9999/")
    moved = trust_of(tmp_path / "de").house("us")
    assert moved is not None
    assert moved.url == "http://127.0.0.1:9999"
    assert len(moved.keys) == 1
    with pytest.raises(BadInput):
        set_address(tmp_path / "de", "fr", "http://127.0.0.1:9999")
    with pytest.raises(BadInput):
        set_address(tmp_path / "de", "us", "http://us.example")


def test_the_settings_are_plain_toml(tmp_path: Path) -> None:
    home = new_house(tmp_path / "de", "de", "DE", "Zentrale Behörde \\ \t").home
    assert tomllib.loads((home / "house.toml").read_text("utf-8"))["name"] == "Zentrale Behörde \\ \t"
    assert settings_of(home).name == "Zentrale Behörde \\ \t"
