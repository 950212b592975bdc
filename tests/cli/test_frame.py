"""Are answers, errors and exit statuses the same for every command?"""

from __future__ import annotations

import json
from typing import Annotated

import pytest
import typer

from desk.cli.frame import REFUSED, Call, Shown, command, run
from schemas.errors import BadInput, NotFound, UnknownWord, WrongMove


def shown(what: str, code: int = 0) -> Shown:
    return Shown({"what": what}, lambda console: console.print(f"as text: {what}"), code)


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

    def echo(call: Call, ref: Annotated[str, typer.Argument()]) -> Shown:
        """Says it back."""
        return shown(f"{ref} as {call.wish.user or call.usually}, key {call.key}")

    def fail(kind: str) -> Shown:
        """Fails."""
        errors: dict[str, Exception] = {
            "missing": NotFound("No such case.", where="X", next_step="see `rogatory list`"),
            "word": UnknownWord("measure", "subscriber", ["subscriber-data"]),
            "move": WrongMove("Not now.", allowed=["close"]),
            "file": FileNotFoundError(2, "No such file or directory", "/nowhere/x"),
            "fault": ZeroDivisionError("a name that nobody should read"),
        }
        if kind == "refused":
            return shown("problems", REFUSED)
        raise errors[kind]

    command(made, "echo", usually="approver")(echo)
    command(made, "fail", local=True)(fail)
    return made


def test_an_answer_is_text_or_json(app: typer.Typer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app, ["echo", "R"]) == 0
    assert capsys.readouterr().out == "as text: R as approver, key None\n"
    assert run(app, ["echo", "R", "--as", "liaison", "--key", "k", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"what": "R as liaison, key k"}


def test_an_error_says_what_where_and_what_next(app: typer.Typer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app, ["fail", "missing"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "No such case.\nwhere: X\nnext:  see `rogatory list`\n"


def test_an_error_is_json_when_json_is_asked(app: typer.Typer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app, ["fail", "move", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "error": "wrong-move",
        "what": "Not now.",
        "where": "",
        "next": "allowed now: close",
        "retry": False,
        "allowed": ["close"],
    }


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["fail", "word"], 2),
        (["fail", "refused"], 1),
        (["fail", "refused", "--json"], 1),
        (["elevate"], 2),
        (["echo"], 2),
        (["echo", "R", "--nonsense"], 2),
        (["echo", "--help"], 0),
    ],
)
def test_the_exit_status_tells_refusal_from_bad_input(
    app: typer.Typer, arguments: list[str], status: int
) -> None:
    assert run(app, arguments) == status


def test_a_fault_of_ours_tells_its_place_and_not_what_it_worked_on(
    app: typer.Typer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(app, ["fail", "fault"]) == 1
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    assert "fail" in told
    assert "a name that nobody should read" not in told


def test_wrong_usage_is_a_problem_too(app: typer.Typer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app, ["echo", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"] == "usage"


def test_the_error_class_decides_and_not_its_text() -> None:
    assert issubclass(UnknownWord, BadInput)


def test_a_file_that_cannot_be_written_is_no_fault_of_ours(
    app: typer.Typer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(app, ["fail", "file"]) == 2
    told = capsys.readouterr().err
    assert told == "A file cannot be read or written.\nwhere: /nowhere/x\nnext:  No such file or directory\n"


def test_json_may_be_asked_for_first(app: typer.Typer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app, ["--json", "echo", "R"]) == 0
    assert json.loads(capsys.readouterr().out) == {"what": "R as approver, key None"}
