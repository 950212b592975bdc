"""Commands about the law: `ask`, `registry check|parties|show`. They read the shipped registry, no server."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from desk import lawbook, show, show_law
from desk.cli.frame import REFUSED, Shown, command
from schemas.errors import BadInput
from treaties.load import shipped


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    # ask
    registry = typer.Typer(help="The registry of law: instruments, parties, practice of States.")
    command(registry, "check", local=True)(check)
    command(registry, "parties", local=True)(parties)
    command(registry, "show", local=True)(show_one)
    app.add_typer(registry, name="registry")


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no day.", where=option, next_step="write it as 2026-11-21") from None


def parties(
    instrument: Annotated[str, typer.Argument(help="Key, such as budapest.")],
    on: Annotated[str | None, typer.Option("--on", help="On this day; today if not said.")] = None,
) -> Shown:
    """List who is bound by an instrument on a day."""
    day = _day(on, "--on") or datetime.now(UTC).date()
    told = lawbook.parties_on(shipped(), instrument, day)
    return Shown(told, show_law.parties(told, instrument, day.isoformat()))


def show_one(what: Annotated[str, typer.Argument(help="Key of an instrument, or code of a State.")]) -> Shown:
    """Show what the registry holds of an instrument or a State."""
    registry = shipped()
    code = len(what) == 2 and what.upper() in registry.jurisdictions
    told = lawbook.state_of(registry, what) if code else lawbook.instrument_of(registry, what)
    return Shown(told, show_law.entry(told))


def check() -> Shown:
    """Check the law data: spans, dates, sources, words, contradictions."""
    from treaties.check import check as look

    problems = [dataclasses.asdict(problem) for problem in look(shipped())]
    return Shown(problems, _problems(problems), REFUSED if problems else 0)


def _problems(problems: list[dict[str, Any]]) -> Any:
    def draw(console: Console) -> None:
        for problem in problems:
            console.print(
                Text.assemble((f"{problem.get('where', '')}: ", "dim"), str(problem.get("what", problem)))
            )
        console.print("The law data is in order." if not problems else f"{len(problems)} problems.")

    return draw


__all__ = ["add", "show"]
