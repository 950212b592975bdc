"""Do the commands of the tour do what it says, on two houses that really run?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.cli import made
from desk.cli.frame import run
from desk.story import EXAMPLES
from tests.patience import until
from tests.whole.play import play

pytestmark = pytest.mark.slow

Say = Callable[..., Any]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Say]:
    """Runs one command with --json on the houses of this test; gives what it printed."""
    monkeypatch.setenv("ROGATORY_VAR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)

    def command(*words: str, status: int = 0) -> Any:
        capsys.readouterr()
        code = run(made(), [*words, "--json"])
        told = capsys.readouterr()
        assert code == status, told.out + told.err
        return json.loads(told.out)

    with play(tmp_path / "var"):
        yield command


def shows(say: Say, ref: str, house: str, status: str) -> bool:
    return bool(say("show", ref, "--house", house)["status"] == status)


def test_a_case_by_hand_and_what_is_kept_of_it(say: Say, tmp_path: Path) -> None:
    ours = by_hand_until_sent(say)
    theirs = by_hand_until_closed(say, ours)
    assert say("custody", ours, "--verify")["verification"]["verdict"] == "yes"
    chains = [say("custody", ref, "--house", house)["items"] for ref, house in ((ours, "de"), (theirs, "us"))]
    assert chains[0] == chains[1]
    assert "request" not in say("show", ours, "--as", "liaison")
    ledger_holds(say, tmp_path)
    erased_by_two(say, ours)
    assert say("ledger", "verify")["verdict"] == "yes"


def by_hand_until_sent(say: Say) -> str:
    filed = say("file", str(EXAMPLES / "request.yml"), "--key", "once")
    ref = str(filed["ref"])
    assert {gap["code"] for gap in filed["gaps"]} >= {"necessity", "issuance"}
    assert say("file", str(EXAMPLES / "request.yml"), "--key", "once")["ref"] == ref
    assert say("send", ref, status=1)["allowed"]
    say("choose-basis", ref, "de-us-mla")
    annex = Path("annex.pdf")
    annex.write_bytes(b"%PDF-1.4 an annex (invented)")
    say("amend", ref, str(EXAMPLES / "request-mended.yml"), "--attach", str(annex))
    digest = "sha256:" + hashlib.sha256(annex.read_bytes()).hexdigest()
    say("document", ref, digest, "--out", "again.pdf")
    assert Path("again.pdf").read_bytes() == annex.read_bytes()
    assert say("issue", ref, "--authority", "Court", "--signed-on", "2026-11-20", "--as", "officer", status=1)
    say("issue", ref, "--authority", "Amtsgericht Musterstadt (invented)", "--signed-on", "2026-11-20")
    assert say("approve", ref, "--as", "officer", status=1)["error"] == "not-allowed"
    say("approve", ref)
    assert say("send", ref)["status"] == "sent"
    return ref


def by_hand_until_closed(say: Say, ours: str) -> str:
    until(lambda: bool(say("find", ours, "--house", "us")), "the arrival")
    theirs = str(say("find", ours, "--house", "us")[0]["ref"])
    there = ("--house", "us")
    say("acknowledge", theirs, *there, "--their-ref", theirs)
    say("handoff", "accept", theirs, *there)
    until(lambda: bool(say("list", "--holder", "us", "--ref", ours)), "the baton there")
    say("question", theirs, *there, "--text", "In which time zone?")
    until(lambda: shows(say, ours, "de", "supplementing"), "the question")
    say("answer", ours, "--text", "UTC")
    until(lambda: shows(say, theirs, "us", "acknowledged"), "the answer")
    say("decide", theirs, "accepted", *there)
    say("limit", theirs, *there, "--text", "Only for these proceedings.")
    until(lambda: bool(say("show", ours)["limitations"]), "the limit")
    say("answer-limit", ours, "--accept")
    say("evidence", theirs, *there, "--digest-of", "annex.pdf", "--custodian", "Office", "--complete")
    until(lambda: shows(say, ours, "de", "executed"), "the evidence")
    say("handoff", "accept", ours)
    until(lambda: bool(say("list", "--holder", "de", "--ref", ours)), "the baton back")
    say("close", ours, "--result", "executed", "--arrests", "1")
    until(lambda: shows(say, theirs, "us", "closed"), "the closing there")
    return theirs


def ledger_holds(say: Say, folder: Path) -> None:
    """An export verifies offline against a head; one changed byte is found."""
    keys = str(folder / "var" / "us" / "keys" / "trust.json")
    say("ledger", "export", "ledger.jsonl")
    say("ledger", "head", "--out", "head.jws")
    check = ("ledger", "verify", "ledger.jsonl", "--head", "head.jws", "--keys", keys)
    assert say(*check)["verdict"] == "yes"
    export = Path("ledger.jsonl")
    export.write_text(export.read_text().replace('"event":"approve"', '"event":"reopen"', 1))
    assert say(*check, status=1)["problems"]
    assert say("docket", "rebuild")


def erased_by_two(say: Say, ref: str) -> None:
    say("erase", ref, "--reason", "It was an example.")
    assert say("erase", ref, "--confirm", "--as", "officer", status=1)
    say("erase", ref, "--confirm", "--as", "approver", "--out", "certificate.jws")
    assert Path("certificate.jws").read_text().count(".") == 2
    assert say("show", ref, status=1)["error"] == "erased"


def test_people_registers_and_paper(say: Say) -> None:
    say("people", "add", "second-officer", "--role", "officer")
    say("people", "token", "second-officer", "--days", "30", "--out", "token")
    assert Path("token").stat().st_mode & 0o077 == 0
    assert say("me", "--token-file", "token")["id"] == "second-officer"
    register = str(EXAMPLES / "register.csv")
    assert say("import", register, "--dry-run")["taken"] == []
    assert len(say("import", register)["taken"]) == 3
    assert [row["ref"] for row in say("list", "--state", "FR")] == ["4712/24"]
    assert say("show", "4711/24")["taken_over"] is True
    say("record", "4712/24", "acknowledge", "--on", "2024-06-01", "--set", "their-ref=PARQUET 9")
    assert say("show", "4712/24")["counterpart"]["ref"] == "PARQUET 9"
    future = say("record", "4712/24", "acknowledge", "--on", "2999-01-01", status=2)
    assert future["error"] == "in-the-future"
    paper = say(
        "arrive",
        str(EXAMPLES / "request.yml"),
        "--house",
        "us",
        "--their-ref",
        "9 Js/26",
        "--on",
        "2026-11-20",
    )
    assert say("list", "--house", "us", "--ref", "9 Js/26")[0]["ref"] == paper["ref"]
    assert say("show", "NO-SUCH-CASE", status=1)["error"] == "not-found"
