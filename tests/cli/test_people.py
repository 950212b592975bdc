"""Can one keep people, absences, calendars and mail from the command line, over real HTTP and real mail?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from aiosmtpd.controller import Controller

from desk.cli import made
from desk.cli.frame import run
from desk.house import new_house
from desk.office import open_office
from records.open import Records, open_records
from schemas.errors import NotAllowed
from schemas.vocabulary import Role
from tests.flow.notices.servers import FakeMailbox
from tests.ports import free_port
from tests.served import served

Typed = Callable[..., str]


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    settings = new_house(tmp_path / "de", "de", "DE", "Germany", "Europe/Berlin")
    opened = open_records(settings)
    for name, role in (("anna", Role.OFFICER), ("ben", Role.OFFICER), ("head", Role.APPROVER)):
        opened.accounts.add(name, [role])
    opened.accounts.add("operator", [Role.OPERATOR])
    yield opened
    opened.close()


@pytest.fixture
def url(records: Records) -> Iterator[str]:
    """The API of the house over HTTP; its engine is never reached."""
    with served(asyncio.run(open_office(records.settings, records))) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def typed(
    records: Records, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typed:
    """What a command line answers, spoken by an account of the house."""

    def answer(who: str, line: str, status: int = 0) -> str:
        monkeypatch.setenv("ROGATORY_URL", url)
        monkeypatch.setenv("ROGATORY_TOKEN", records.accounts.token(who))
        assert run(made(), line.split()) == status
        told = capsys.readouterr()
        return told.out + told.err

    return answer


def test_people_come_are_reminded_and_leave(records: Records, typed: Typed) -> None:
    typed("operator", "people add carla --role officer --email carla@office.example")
    assert "reminded at c@office.example, only" in typed(
        "operator", "people email carla c@office.example --quiet"
    )
    assert "c@office.example" in typed("operator", "people list")
    assert "not reminded" in typed("operator", "people email carla")
    assert "the account is closed. Moved: 0." in typed("head", "people leave carla --to ben --reason moved")
    assert records.accounts.one("carla").closed is not None
    assert "ask one who is approver" in typed("operator", "people leave ben --reason moved", status=1)


def test_absences_are_recorded_listed_and_ended(records: Records, typed: Typed) -> None:
    line = "people absent anna --from 2026-01-01 --deputy ben"
    said = " ".join(typed("anna", line).split())
    assert said == "1: anna from 2026-01-01 until further notice; ben stands in"
    assert "ben stands in" in typed("head", "people absences")
    assert "anna" in typed("ben", "me")
    assert "stand in for one another in a circle" in typed(
        "head", "people absent ben --from 2026-01-05 --until 2099-01-01 --deputy anna", status=2
    )
    assert "anna is back on" in typed("head", "people back 1")
    assert "Nobody is away." in typed("anna", "people absences")


def test_a_calendar_has_an_address_that_can_be_ended(typed: Typed) -> None:
    address = typed("anna", "calendar --mine").strip()
    assert address.endswith(".ics?mine=true")
    assert httpx.get(address).text.startswith("BEGIN:VCALENDAR")
    assert "Ended: 1." in typed("anna", "calendar --revoke")
    assert httpx.get(address).status_code == 404
    assert "Your roles do not allow" in typed("operator", "calendar", status=1)


def test_somebody_is_invited_looked_at_and_let_out(records: Records, typed: Typed) -> None:
    link = typed("operator", "people invite anna").split()[0]
    assert httpx.get(link).status_code == 200
    assert "can sign in already" not in typed("operator", "people invite anna")
    assert httpx.get(link).status_code == 404
    records.credentials.set_password("anna", "four words that wander")
    assert "reset it" in typed("operator", "people invite anna", status=1)
    records.sessions.begin("anna", "password")
    shown = typed("operator", "people access anna")
    assert "password" in shown
    assert "session" in shown
    assert "sessions ended: 1" in typed("operator", "people sign-out anna")
    assert "/desk/invitation/" in typed("operator", "people reset anna")
    assert records.credentials.of("anna") == []
    assert "liaison, officer" in typed("operator", "people roles anna --role officer --role liaison")
    token = records.accounts.token("anna")
    number = records.accounts.tokens("anna")[0].number
    assert number in typed("operator", f"people revoke anna {number}")
    with pytest.raises(NotAllowed):
        records.accounts.actor_of(token)
    assert "closed" in typed("operator", "people close anna")
    assert "last operator" in typed("operator", "people close operator", status=1)
    assert "ask one who is operator" in typed("ben", "people invite ben", status=1)


def test_the_first_operator_comes_in_on_the_machine_itself(
    records: Records, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(records.settings.home)
    assert run(made(), ["people", "operator", "root", "--home", home]) == 0
    link = capsys.readouterr().out.split()[0]
    assert httpx.get(url + link[link.index("/desk/") :]).status_code == 200
    assert records.accounts.one("root").roles == (Role.OPERATOR,)
    assert run(made(), ["people", "operator", "anna", "--home", home]) == 2
    assert "is no operator" in capsys.readouterr().err


# --- a test notice: no API, the machine of the house ----------------------------------------------------


@pytest.fixture
def mailbox() -> FakeMailbox:
    return FakeMailbox()


@pytest.fixture
def home(records: Records, mailbox: FakeMailbox) -> Iterator[Path]:
    """The house with a real mail server and two mailboxes in its house.toml."""
    port = free_port()
    home = records.settings.home
    with (home / "house.toml").open("a") as file:
        file.write(f'smtp_host = "127.0.0.1"\nsmtp_port = {port}\nsmtp_security = "none"\n')
        file.write('mail_from = "rogatory@office.example"\n[function_mail]\n')
        file.write('central-authority = ["duty@office.example"]\ncourt = ["court@office.example"]\n')
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    yield home
    server.stop()


def test_a_test_notice_tells_what_came_of_it(
    home: Path, mailbox: FakeMailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    mailbox.answers = {"court@office.example": "550 nobody here"}
    assert run(made(), ["notice", "test", "--home", str(home)]) == 1
    told = capsys.readouterr().out
    assert "duty@office.example: taken" in told
    assert "court@office.example: NOT taken. The mail server refuses the address." in " ".join(told.split())
    assert mailbox.to == ["duty@office.example"]
    assert "a test: nothing is due" in mailbox.letters[0][1].get_content()


def test_a_test_notice_goes_to_one_address(home: Path, mailbox: FakeMailbox) -> None:
    assert run(made(), ["notice", "test", "--home", str(home), "--to", "me@office.example"]) == 0
    assert mailbox.to == ["me@office.example"]


def test_without_any_way_it_says_so(records: Records, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(made(), ["notice", "test", "--home", str(records.settings.home)]) == 1
    assert "Neither mail nor webhook is set up" in capsys.readouterr().out
