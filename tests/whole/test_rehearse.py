"""Does a rehearsal say what would be due when, for each kind of request and assumption, and send nothing?

The dates were counted by hand, from the articles: requests are filed on Monday, 5 March 2040, at nine; what
is carried by hand is there on the 8th. (Easter is on 1 April.)
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from pydantic import TypeAdapter
from temporalio import activity

import rehearse
from desk import rehearsal, show_rehearsal
from desk.cli import made
from desk.cli.frame import run
from desk.cli.given import request_of
from desk.house import new_house
from desk.rehearsal import HOW, Asked, calendar
from desk.rehearsal_plans import ASSUMPTIONS, plan
from desk.screen import Screen
from records.open import open_records
from schemas.deadline import CLOCKS
from schemas.errors import Unavailable
from schemas.moves import MoveBody
from tests.house.test_activities import NAMES
from tests.house.test_imports import ROOT
from tests.patience import until
from treaties import counting

pytestmark = pytest.mark.slow

EXAMPLES = ROOT / "examples"
BEGIN = datetime(2040, 3, 5, 8, tzinfo=UTC)
"""Nine o'clock in Berlin and Amsterdam."""

Due = tuple[str, str, str]
"""Clock, instrument (empty: our practice), last day."""


def ours(clock: str, day: str) -> Due:
    return clock, "", day


CASES: dict[tuple[str, str], tuple[Due, ...]] = {
    # 30 days from 8 March, 90 from 7 April, 180 from 6 July
    ("request-mended", "straight"): (
        ours("acknowledge", "2040-04-07"),
        ours("decide", "2040-07-06"),
        ours("execute", "2041-01-02"),
    ),
    ("request-mended", "nobody-answers"): (ours("acknowledge", "2040-04-07"),),
    # questions on 12 April (85 of 90 days are left) and on 1 May; answers on 26 April and on 15 May
    ("request-mended", "supplementary-twice"): (ours("decide", "2040-08-03"),),
    # a week from 8 March; 30 days end on a Saturday, so on Monday; 90 days from then end on a Sunday
    ("eio-de-fr", "straight"): (
        ("acknowledge", "eu-eio", "2040-03-15"),
        ("decide", "eu-eio", "2040-04-09"),
        ("execute", "eu-eio", "2040-07-09"),
    ),
    # decided a day late, on 10 April
    ("eio-de-fr", "late"): (("execute", "eu-eio", "2040-07-09"),),
    ("eio-de-fr", "refuses"): (("decide", "eu-eio", "2040-04-09"),),
    # 96 hours from 8 March, through the week-end
    ("interception-notice-de-fr", "straight"): (("object", "eu-eio", "2040-03-12"),),
    # confirmed within 48 hours, on 10 March; 60 days from then (29(7)); our own request 30 days from then
    ("preservation-de-us", "straight"): (
        ours("confirm", "2040-03-10"),
        ("preserve", "budapest", "2040-05-09"),
        ours("follow-up", "2040-04-09"),
    ),
    ("preservation-de-us", "nobody-answers"): (ours("acknowledge", "2040-03-09"),),
    ("preservation-de-us", "supplementary-twice"): (("preserve", "budapest", "2040-05-09"),),
    # 60 days from the service itself (11(1)), which the provider has at once
    ("preservation-epoc-pr", "nobody-answers"): (("preserve", "eu-eevidence", "2040-05-04"),),
    # ten days from the receipt of the order, and of the notification (10(2), 12(1))
    ("production-epoc", "straight"): (
        ("waiting", "eu-eevidence", "2040-03-15"),
        ("object", "eu-eevidence", "2040-03-15"),
    ),
    ("production-epoc", "refuses"): (("object", "eu-eevidence", "2040-03-15"),),
    ("production-epoc", "nobody-answers"): (("waiting", "eu-eevidence", "2040-03-15"),),
    # arrested on 10 March: 18 days, 40 days (16(4))
    ("extradition-de-ch", "nobody-answers"): (
        ("arrest-to-papers-may", "coe-ext-1957", "2040-03-28"),
        ("arrest-to-papers", "coe-ext-1957", "2040-04-19"),
        ours("papers-follow", "2040-03-15"),
    ),
    ("extradition-de-ch", "straight"): (("arrest-to-papers", "coe-ext-1957", "2040-04-19"),),
    # acknowledged on 23 March, arrested on 2 April: 60 days; decided on 1 June: 10 days
    ("surrender-eaw-de-fr", "straight"): (
        ("decide", "eu-eaw", "2040-06-01"),
        ("surrender", "eu-eaw", "2040-06-11"),
    ),
    # all a day later: 60 days end on a Saturday, so on Monday, 4 June; 30 more; decided on 5 July: the 10
    # days end on a Sunday
    ("surrender-eaw-de-fr", "late"): (
        ("decide", "eu-eaw", "2040-06-04"),
        ("decide", "eu-eaw", "2040-07-04"),
        ("surrender", "eu-eaw", "2040-07-16"),
    ),
    # arrested on 10 March: 60 days (11(4))
    ("extradition-nl-us", "nobody-answers"): (("arrest-to-papers", "nl-us-ext", "2040-05-09"),),
    ("extradition-nl-us", "refuses"): (("arrest-to-papers", "nl-us-ext", "2040-05-09"),),
    # the treaty's own limit was not read: the papers within our own ten days
    ("extradition-de-us", "nobody-answers"): (ours("papers-follow", "2040-03-15"),),
    # a letter that binds nobody: no end of the keeping runs
    ("preservation-provider", "nobody-answers"): (ours("confirm", "2040-03-07"),),
    # acknowledged on 7 April; 180 days
    ("prosecution-de-ch", "straight"): (ours("proceedings", "2040-10-04"),),
}
PLAYED = sorted({name for name, _ in CASES})


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The invented provider is known, and what a rehearsal says of its house is forgotten again."""
    monkeypatch.setenv("ROGATORY_OVERLAY", str(EXAMPLES / "overlay"))
    monkeypatch.setenv("ROGATORY_HOME", os.environ.get("ROGATORY_HOME", "var/house"))


def asked(example: str, *assumptions: str) -> Asked:
    request = request_of(EXAMPLES / f"{example}.yml")
    return Asked(request=request, assumptions=assumptions, begin=BEGIN)


# --- the dates --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", PLAYED)
async def test_the_dates_are_those_counted_by_hand(example: str, tmp_path: Path) -> None:
    assumptions = [assumption for name, assumption in CASES if name == example]
    for played in await rehearse.played(asked(example, *assumptions), tmp_path):
        told = calendar(played)
        due = {(row["clock"], row["instrument"], row["due_day"]) for row in told["deadlines"]}
        assert set(CASES[example, played.assumption]) <= due, (played.assumption, sorted(due))
        assert played.began.date() == date(2040, 3, 5)
        assert told["overrides"] == [], "the example has gaps"
        self_consistent(told, played.assumption)


def self_consistent(told: dict[str, Any], assumption: str) -> None:
    """What holds for every rehearsal that was played to its end."""
    assert told["whole"]
    assert [row["due"] for row in told["deadlines"]] == sorted(row["due"] for row in told["deadlines"])
    assert {row["clock"] for row in told["deadlines"]} <= set(CLOCKS)
    states = {told["requesting"], told["requested"]}
    for row in told["deadlines"]:
        assert row["owes"]["state"] in states
        assert bool(row["article"]) == row["law"] or row["clock"] == "surrender"
        assert row["status"] != "running"
        assert all(reminder["at"] <= told["ended"] for reminder in row["reminders"])
    missed = [row["clock"] for row in told["deadlines"] if row["status"] == "missed"]
    if assumption == "nobody-answers":
        assert missed
        assert told["status"] != "closed"
        assert any(row["reminders"] for row in told["deadlines"])
        again = {row["clock"]: row["again_days"] for row in told["deadlines"]}
        assert {again[clock] for clock in missed} <= {1, 30, None}
        held = told["kind"] == "extradition" and told["custody_days"] > 0
        assert (1 in again.values()) is held, "as long as somebody is held, every day"
        assert ("then every day" in drawn([told], terminal=False)) is held
    else:
        assert told["status"] == "closed"
        assert bool([clock for clock in missed if clock != "speciality"]) == (assumption == "late") or (
            assumption in ("refuses", "supplementary-twice")
        )


def test_every_assumption_and_every_example_is_played() -> None:
    files = {path.stem for path in EXAMPLES.glob("*.yml")} - {"request"}
    assert set(PLAYED) == files, "an example that nobody rehearsed, or a date for one that is gone"
    assert {assumption for _, assumption in CASES} == set(ASSUMPTIONS)


@pytest.mark.parametrize("example", PLAYED)
@pytest.mark.parametrize("assumption", ASSUMPTIONS)
def test_every_turn_of_every_plan_is_a_move_about_known_clocks(example: str, assumption: str) -> None:
    events = set(TypeAdapter(MoveBody).json_schema()["discriminator"]["mapping"])
    for turn in plan(request_of(EXAMPLES / f"{example}.yml"), assumption):
        assert turn.event in events
        assert set(turn.when.clocks) | set(turn.when.ahead) <= set(CLOCKS)


def test_every_way_of_counting_has_words() -> None:
    codes = {
        value
        for name, value in vars(counting).items()
        if name.isupper() and isinstance(value, str) and value.count("-") > 1
    }
    assert codes == set(HOW)


# --- nothing leaves -----------------------------------------------------------------------------------------


async def test_nothing_is_posted_and_nobody_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def leaves(*_: object, **__: object) -> None:
        raise AssertionError("something left the house")

    monkeypatch.setattr("letters.carriers.http.HttpCarrier.send", leaves)
    monkeypatch.setattr("letters.mail.MailServer.send", leaves)
    monkeypatch.setattr("letters.webhook.Webhook.post", leaves)
    monkeypatch.setenv("ROGATORY_WEBHOOK_URL", "https://hook.example/rogatory")
    monkeypatch.setenv("ROGATORY_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("ROGATORY_MAIL_FROM", "office@mail.example")
    told = calendar((await rehearse.played(asked("production-epoc", "nobody-answers"), tmp_path))[0])
    assert [step["event"] for step in told["steps"]][-2:] == ["send", "notified"]
    assert any(row["reminders"] for row in told["deadlines"])


def test_the_hands_are_all_there_and_the_two_that_reach_out_do_nothing(tmp_path: Path) -> None:
    settings = new_house(tmp_path / "house", "rehearsal", "DE", "Rehearsal")
    records = open_records(settings)
    found = rehearse.unsent_hands(settings, records)
    records.close()
    assert {activity._Definition.must_from_callable(hand).name for hand in found} == NAMES
    assert [hand.__qualname__ for hand in found if hand.__name__ in ("post", "notify")] == [
        "Unsent.post",
        "Unsent.notify",
    ]
    with pytest.raises(Unavailable):
        rehearse.Unsent().send(None, None)


# --- the command --------------------------------------------------------------------------------------------


def command(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    capsys.readouterr()
    code = run(made(), ["rehearse", *words])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_the_command_prints_the_calendar_and_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROGATORY_SMTP_HOST", "mail.example")
    scratch, ics = tmp_path / "scratch", tmp_path / "dates.ics"
    scratch.mkdir()
    request = str(EXAMPLES / "eio-de-fr.yml")
    words = [request, "--assume", "refuses", "--begin", "2040-03-05", "--ics", str(ics)]
    code, out = command(capsys, *words, "--scratch", str(scratch), "--json")
    assert code == 0, out
    told = json.loads(out)
    assert [row["due_day"] for row in told[0]["deadlines"]] == ["2040-03-15", "2040-04-09"]
    assert list(scratch.iterdir()) == []
    events = Calendar.from_ical(ics.read_bytes()).walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [date(2040, 3, 15), date(2040, 4, 9)]
    plain = drawn(told, terminal=False)
    assert "2040-04-09 | decide | executing authority, requested State (FR) | eu-eio 12(3) | " in plain
    screen = drawn(told, terminal=True)
    assert max(len(line) for line in screen.splitlines()) <= 100
    for text in (plain, screen):
        assert "met on 2040-04-09" in text
        assert "Nothing was sent" in text


def drawn(told: list[dict[str, Any]], *, terminal: bool) -> str:
    screen = Screen(file=StringIO(), width=160)
    screen._force_terminal = terminal
    screen.no_color = True
    show_rehearsal.rehearsed(told)(screen)
    assert isinstance(screen.file, StringIO)
    return screen.file.getvalue().replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_whoever_ends_it_early_leaves_neither_engine_nor_folder(number: int, tmp_path: Path) -> None:
    words = ["rehearse", str(EXAMPLES / "extradition-de-ch.yml"), "--scratch", str(tmp_path)]
    code = f"import sys; from desk.cli import main; sys.argv = {['rogatory', *words]!r}; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code], start_new_session=True, stderr=subprocess.DEVNULL
    )
    until(lambda: "temporal-test-server" in group_of(process.pid), "the engine starts")
    os.kill(process.pid, number)
    process.wait(30)
    until(lambda: not group_of(process.pid), "all its processes end")
    until(lambda: not list(tmp_path.iterdir()), "its folder is removed")


def group_of(leader: int) -> str:
    """What still runs of its group of processes."""
    listed = subprocess.run(
        ["ps", "-e", "-o", "pgid=,stat=,args="], capture_output=True, text=True, check=True
    )
    lines = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return "\n".join(line[2] for line in lines if line[0] == str(leader) and not line[1].startswith("Z"))


# --- bad input ----------------------------------------------------------------------------------------------


def test_what_cannot_be_rehearsed_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = (EXAMPLES / "extradition-de-ch.yml").read_text("utf-8")
    wrong, unlinked, no_folder = tmp_path / "wrong.yml", tmp_path / "kp.yml", tmp_path / "no-folder"
    wrong.write_text(good.replace("slug: csam-distribution", "slug: csam-distributon"), "utf-8")
    unlinked.write_text(
        good.replace("requested: CH", "requested: KP").replace("instrument: coe-ext-1957\n", ""), "utf-8"
    )
    no_folder.write_text("", "utf-8")
    fine = str(EXAMPLES / "extradition-de-ch.yml")
    for words, told in (
        ([fine, "--assume", "latte"], "did you mean late?"),
        ([fine, "--begin", "2001-01-01"], "begins today or later"),
        ([fine, "--scratch", str(no_folder)], "name another folder with --scratch"),
        ([str(wrong)], "did you mean csam-distribution"),
        ([str(unlinked), "--assume", "straight"], "No legal basis is certain"),
        ([str(tmp_path / "none.yml")], "cannot be read"),
    ):
        code, out = command(capsys, *words)
        assert (code, told in out) == (2, True), out


def test_without_the_server_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(Unavailable, match="temporal-test-server is missing"):
        rehearse.server()


def test_a_player_that_breaks_off_is_no_calendar(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="broke off"):
        rehearsal._heard(tmp_path, b"some\nlast words", 1)


def test_the_law_beside_the_request_is_found_without_being_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ROGATORY_OVERLAY")
    example = str(EXAMPLES / "production-epoc.yml")
    assert run(made(), ["rehearse", example, "--assume", "nobody-answers"]) == 0
    assert "example-cloud" in capsys.readouterr().out
    assert "ROGATORY_OVERLAY" not in os.environ
