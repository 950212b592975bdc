"""Is the emulator a provider as the standard asks for, does it do as told, and say what it is?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from desk.cli import made
from desk.cli.frame import run
from desk.emulator.behaviour import BEHAVIOURS, ON_THE_WAY, Behaviour, Manners, behaviour
from desk.emulator.provider import Emulator
from desk.emulator.server import HOST, serving
from desk.emulator.store import Store
from desk.house import new_house
from letters.providers import PROVIDERS, ProviderBook
from letters.ts103120.check import check
from letters.ts103120.message import Get, Listing, Message, Request, asking
from schemas.errors import BadInput
from schemas.moves import Answer, Review, Withdraw
from tests.letters.provider_cases import (
    GIVE_REF,
    KEEP_REF,
    SENT,
    asked_to_give,
    asked_to_keep,
    give,
    keep,
    provider,
    written,
)
from tests.letters.test_ts103120 import NEEDS_STANDARDS, validator
from tests.patience import PATIENCE, tries


@contextmanager
def emulated(tmp_path: Path, *told: str) -> Iterator[tuple[Emulator, str]]:
    store = Store(tmp_path / "emulator.sqlite")
    emulator = Emulator(store, told)
    with serving(emulator) as url:
        yield emulator, url
    store.close()


def posted(url: str, message: Message) -> dict[str, Any]:
    answer = httpx.post(url, content=message.to_json(), headers={"Content-Type": "application/json"})
    found: dict[str, Any] = answer.json()
    return found


def listing() -> Message:
    one = provider()
    actions = (Request(action_identifier=0, listing=Listing()),)
    return asking(one.us, one.endpoint, "c02358b2-76cf-4ba4-a8eb-f6436ccaea2e", SENT, actions)


def fetching(named: str) -> Message:
    one = provider()
    actions = (Request(action_identifier=0, get=Get(identifier=named)),)
    return asking(one.us, one.endpoint, "c02358b2-76cf-4ba4-a8eb-f6436ccaea2e", SENT, actions)


def everything_said(tmp_path: Path) -> list[dict[str, Any]]:
    """Every answer the emulator gives in a whole life with each of its behaviours."""
    said: list[dict[str, Any]] = []
    for name in sorted(set(BEHAVIOURS) - ON_THE_WAY):
        with emulated(tmp_path, f"{name}=0" if name == "delay" else name) as (emulator, url):
            said += [posted(url, asked_to_keep()), posted(url, asked_to_give())]
            for _ in range(2):
                found = posted(url, listing())
                said.append(found)
                [record] = found["Payload"]["ResponsePayload"]["ActionResponses"]["ActionResponse"]
                for one in record["LISTResponse"]["ListResponseRecord"]:
                    said.append(posted(url, fetching(one["Identifier"])))
            said.append(posted(url, written(Answer(question="q-1", text="yes"), give(), GIVE_REF, 2)))
            said.append(posted(url, written(Review(result="upheld", by="court"), give(), GIVE_REF, 3)))
            said.append(posted(url, written(Withdraw(reason="over"), keep(), KEEP_REF, 4)))
            said.append(posted(url, fetching("00000000-0000-4000-8000-000000000000")))
            said.append(httpx.post(url, content=b"{}").json())
            emulator.store.close()
        (tmp_path / "emulator.sqlite").unlink()
    return said


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return everything_said(tmp_path_factory.mktemp("said"))


def test_everything_it_says_can_be_understood(said: list[dict[str, Any]]) -> None:
    assert len(said) > 50
    for one in said:
        assert check(one) == []


@NEEDS_STANDARDS
def test_everything_it_says_fits_the_schemas_of_the_standard(said: list[dict[str, Any]]) -> None:
    judge = validator()
    for one in said:
        assert [error.message[:300] for error in judge.iter_errors(one)] == []


def test_everything_it_says_names_it_as_what_it_is(said: list[dict[str, Any]]) -> None:
    for one in said:
        header = one["Header"]
        assert "EMULATOR" in header["SenderIdentifier"]["UniqueIdentifier"]
        assert "emulator" in header["Version"]["NationalProfileOwner"]


def test_what_it_is_stands_in_its_control_and_in_every_head(tmp_path: Path) -> None:
    with emulated(tmp_path) as (_emulator, url):
        answer = httpx.get(f"{url}/control")
        assert answer.json()["holds_real_data"] is False
        assert "no real data" in answer.headers["Server"]
        assert url.startswith(f"http://{HOST}:")


def test_it_is_steered_while_it_runs(tmp_path: Path) -> None:
    with emulated(tmp_path) as (_emulator, url):
        control = f"{url}/control"
        lines = ["refuse=12@a-one", "delay=5"]
        assert httpx.post(control, json={"behave": lines}).json()["behave"] == lines
        wrongs: tuple[Any, ...] = ({"behave": ["sulk"]}, {"behave": "refuse"}, {}, [])
        for wrong in wrongs:
            answer = httpx.post(control, json=wrong)
            assert answer.status_code == 422
        assert httpx.get(control).json()["behave"] == lines
        assert httpx.get(f"{url}/elsewhere").status_code == 404
        assert httpx.post(f"{url}/elsewhere").status_code == 404


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("answer", Behaviour("answer")),
        ("refuse=12", Behaviour("refuse", "12")),
        ("lose*2", Behaviour("lose", times=2)),
        ("object=privilege*1@b@example.org", Behaviour("object", "privilege", 1, "b@example.org")),
    ],
)
def test_a_behaviour_is_read_as_it_is_written(text: str, found: Behaviour) -> None:
    assert behaviour(text) == found
    assert str(found) == text


@pytest.mark.parametrize("text", ["", "refuze", "refuse=x", "object=mood", "lose*0", "answer @x", "delay=-1"])
def test_a_behaviour_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        behaviour(text)
    assert caught.value.next_step


def test_behaviours_for_an_account_come_first_and_wear_off() -> None:
    manners = Manners([behaviour("refuse=1"), behaviour("question*1@a"), behaviour("delay=9@a")])
    assert manners.for_account("a") == (Behaviour("question", "", 1, "a"), 9)
    assert manners.for_account("a") == (Behaviour("refuse", "1"), 9)
    assert manners.for_account("b") == (Behaviour("refuse", "1"), 0)
    assert manners.on_the_way("anything") is None


def test_what_it_took_in_outlives_it(tmp_path: Path) -> None:
    with emulated(tmp_path) as (_emulator, url):
        first = posted(url, asked_to_keep())
    with emulated(tmp_path) as (emulator, url):
        assert posted(url, asked_to_keep()) == first
        assert (emulator.state()["taken"], emulator.state()["repeated"]) == (1, 1)


def test_a_document_written_to_it_is_not_kept(tmp_path: Path) -> None:
    with emulated(tmp_path) as (emulator, url):
        posted(url, asked_to_give())
        [document] = [one for one in emulator.store.all() if one.kind == "Document"]
        assert "doc:DocumentBody" not in document.value


# --- the commands -------------------------------------------------------------------------------------


@pytest.mark.parametrize("end_with", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path, end_with: signal.Signals) -> None:
    command = [sys.executable, "-m", "desk", "provider-emulator", "--port", "0"]
    command += ["--state", str(tmp_path / "deep" / "state.sqlite"), "--behave", "silent"]
    log = tmp_path / "log"
    with log.open("wb") as out:
        running = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        for _ in tries("its address"):
            text = log.read_text("utf-8")
            assert running.poll() is None, text
            if "http://" in text:
                break
        url = next(word for word in text.replace(",", " ").split() if word.startswith("http://"))
        assert "no real data" in text
        assert httpx.get(f"{url}/control").json()["behave"] == ["silent"]
        running.send_signal(end_with)
        assert running.wait(PATIENCE) == 0
    finally:
        running.kill()
        running.wait()


def cli(*arguments: str) -> int:
    return run(made(), list(arguments))


def test_it_does_not_hide_behind_another_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = str(tmp_path / "state.sqlite")
    assert cli("provider-emulator", "--identifier", "BIG-MAIL", "--state", state, "--json") == 2
    assert "EMULATOR" in capsys.readouterr().out


ENTRY = {
    "--name": "Invented Mail (emulator)",
    "--country": "XX",
    "--url": "http://127.0.0.1:8090",
    "--identifier": "ROGATORY-EMULATOR",
    "--our-identifier": "CA-TEST",
    "--source": "invented for a test",
}


def entry(**changes: str) -> list[str]:
    told = {**ENTRY, **{f"--{name.replace('_', '-')}": value for name, value in changes.items()}}
    return [part for pair in told.items() for part in pair]


def test_a_provider_is_entered_listed_and_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = new_house(tmp_path / "de", "de", "DE", "Germany")
    home = ["--home", str(tmp_path / "de"), "--json"]
    assert cli("provider", "list", *home) == 0
    assert json.loads(capsys.readouterr().out) == {"providers": []}
    assert cli("provider", "add", "invented-mail", *entry(), "--invented", *home) == 0
    assert cli("provider", "add", "invented-mail", *entry(url="http://127.0.0.1:8091"), *home) == 0
    capsys.readouterr()
    assert cli("provider", "list", *home) == 0
    [row] = json.loads(capsys.readouterr().out)["providers"]
    assert (row["url"], row["our_country"], row["invented"]) == ("http://127.0.0.1:8091", "DE", False)
    book = ProviderBook.load(settings.keys / PROVIDERS)
    assert book.required("invented-mail").url == row["url"]
    assert os.listdir(settings.keys).count(PROVIDERS) == 1


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"url": "http://example.org"}, "--url"),
        ({"country": "Germany"}, "--country"),
        ({"source": ""}, "--source"),
        ({"public_key": "short"}, "--public-key"),
    ],
)
def test_a_provider_that_cannot_be_entered_is_told_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, str], where: str
) -> None:
    settings = new_house(tmp_path / "de", "de", "DE", "Germany")
    home = ["--home", str(tmp_path / "de"), "--json"]
    assert cli("provider", "add", "invented-mail", *entry(**changes), *home) == 2
    assert where in json.loads(capsys.readouterr().out)["where"]
    assert not (settings.keys / PROVIDERS).exists()
