"""What is the same for every command: the house, the voice (text or JSON), the errors, the exit status.

0: done. 1: refused or failed. 2: the question or the input is wrong.
"""

from __future__ import annotations

import inspect
import json
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from desk.cli.visit import Wish, visit
from desk.client import House
from desk.screen import Screen
from schemas.errors import BadInput, RogatoryError, WrongMove

REFUSED = 1
BAD = 2
INTERRUPTED = 130

Draw = Callable[[Console], None]


@dataclass(frozen=True)
class Shown:
    """The answer of a command: `data` for machines (--json), `draw` for people, `code` the exit status."""

    data: Any
    draw: Draw
    code: int = 0


class Call:
    """One call of a command: the house it speaks to (opened at first use), and the key of what it sends."""

    def __init__(self, wish: Wish, usually: str, key: str | None = None) -> None:
        self.wish = wish
        self.usually = usually
        self.key = key

    def __enter__(self) -> Call:
        return self

    def __exit__(self, *_: object) -> None:
        if "house" in self.__dict__:
            self.house.close()

    @cached_property
    def house(self) -> House:
        return visit(self.wish, self.usually)


HouseOption = Annotated[
    str | None,
    typer.Option("--house", help="Address or name of the house; the demo's requesting one if not said."),
]
UserOption = Annotated[
    str | None, typer.Option("--as", help="Whose token of the demo's; if not said, who usually does this.")
]
TokenOption = Annotated[Path | None, typer.Option("--token-file", help="File that holds the token.")]
KeyOption = Annotated[
    str | None, typer.Option("--key", help="Idempotency key: the same again does nothing twice.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]

OPTIONS: dict[str, tuple[Any, Any]] = {
    "house": (HouseOption, None),
    "user": (UserOption, None),
    "token_file": (TokenOption, None),
    "key": (KeyOption, None),
    "as_json": (JsonOption, False),
}
"""Options of every command; those that never leave this machine take only the last."""


def command(
    app: typer.Typer, name: str, *, usually: str = "officer", local: bool = False
) -> Callable[[Callable[..., Shown]], Callable[..., Shown]]:
    """Makes a function a command of `app`. Its first parameter is the Call, unless it is `local`; a local one
    may ask to be told `as_json`, so that it prints nothing else on standard output.

    `usually`: whose token of the demo it takes when nobody is named.
    """

    def made(function: Callable[..., Shown]) -> Callable[..., Shown]:
        parameters = list(inspect.signature(function, eval_str=True).parameters.values())
        own = parameters if local else parameters[1:]
        named = {parameter.name for parameter in own}
        common = [name for name in (["as_json"] if local else OPTIONS) if name not in named]
        extra = [
            inspect.Parameter(
                option,
                inspect.Parameter.KEYWORD_ONLY,
                default=OPTIONS[option][1],
                annotation=OPTIONS[option][0],
            )
            for option in common
        ]

        def entry(**given: Any) -> None:
            as_json = given["as_json"] if "as_json" in named else given.pop("as_json")
            if local:
                shown = function(**given)
            else:
                wish = Wish(given.pop("house"), given.pop("user"), given.pop("token_file"))
                with Call(wish, usually, given.pop("key")) as call:
                    shown = function(call, **given)
            show(shown, as_json=as_json)

        keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        entry.__signature__ = inspect.Signature([*keyword, *extra])  # type: ignore[attr-defined]  # typer reads it
        entry.__annotations__ = {p.name: p.annotation for p in [*keyword, *extra]}
        app.command(name, help=function.__doc__)(entry)
        return function

    return made


def show(shown: Shown, *, as_json: bool) -> None:
    """Prints the answer; ends the command with its exit status if that is not 0."""
    if as_json:
        sys.stdout.write(json.dumps(shown.data, indent=2, ensure_ascii=False, default=str) + "\n")
    else:
        shown.draw(Screen())
    if shown.code:
        raise typer.Exit(shown.code)


def problem_of(error: RogatoryError) -> dict[str, Any]:
    """The error as `--json` prints it, on standard output where the answer would have been."""
    problem: dict[str, Any] = {
        "error": error.code,
        "what": error.what,
        "where": error.where,
        "next": error.next_step,
        "retry": error.retry,
    }
    if isinstance(error, WrongMove):
        problem["allowed"] = error.allowed
    return problem


def complain(error: RogatoryError, *, as_json: bool) -> int:
    """Tells what, where and what next; the exit status."""
    if as_json:
        sys.stdout.write(json.dumps(problem_of(error), indent=2, ensure_ascii=False) + "\n")
    else:
        console = Screen(errors=True)
        console.print(Text.assemble((error.what, "bold red")))
        if error.where:
            console.print(Text.assemble(("where: ", "dim"), error.where))
        if error.next_step:
            console.print(Text.assemble(("next:  ", "dim"), error.next_step))
    return BAD if isinstance(error, BadInput) else REFUSED


def run(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Runs one command line; the exit status."""
    as_json = "--json" in arguments
    if arguments and arguments[0] == "--json":
        arguments = [*arguments[1:], "--json"]
    try:
        code = app(args=list(arguments) or ["--help"], prog_name="rogatory", standalone_mode=False)
    except RogatoryError as error:
        return complain(error, as_json=as_json)
    except typer.Abort:
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except typer.TyperException as error:
        wrong = BadInput(
            error.format_message() or "Which command?",
            next_step="see `rogatory --help`",
            code="usage",
        )
        complain(wrong, as_json=as_json)
        return error.exit_code
    except OSError as error:
        file = str(error.filename or "")
        what = "A file cannot be read or written." if file else "The system refused it."
        return complain(BadInput(what, where=file, next_step=error.strerror or ""), as_json=as_json)
    except Exception as error:
        return complain(_fault(error), as_json=as_json)
    return code if isinstance(code, int) else 0


def _fault(error: Exception) -> RogatoryError:
    # The text of a foreign exception may carry what it was working on: only its type and place are told.
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    place = " < ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames))
    return RogatoryError(
        f"Something went wrong in the program itself: {type(error).__name__}.",
        where=place,
        next_step="report it with the place above",
        code="fault",
    )
