"""Commands about the law: `ask`, `registry check|parties|show`. They read the shipped registry, no server."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from desk import lawbook, show_law, show_registry
from desk.ask import day, language, question_from_words
from desk.cli import workshop
from desk.cli.frame import REFUSED, Shown, command
from treaties.answer_json import as_json
from treaties.basis import find_bases
from treaties.load import shipped
from treaties.registry import Registry


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    command(app, "ask", local=True)(ask)
    registry = typer.Typer(help="The registry of law: instruments, parties, practice of States.")
    command(registry, "check", local=True)(check)
    command(registry, "parties", local=True)(parties)
    command(registry, "show", local=True)(show_one)
    workshop.add(registry)
    app.add_typer(registry, name="registry")


def ask(
    requesting: Annotated[str, typer.Option("--from", metavar="STATE", help="The State that asks.")],
    requested: Annotated[str, typer.Option("--to", metavar="STATE", help="The State that is asked.")],
    kind: Annotated[str, typer.Option("--kind", help="mla, extradition, preservation or production")],
    measure: Annotated[list[str], typer.Option("--measure", help="What is asked for; repeat for several.")],
    on: Annotated[str | None, typer.Option("--on", help="Day of the request; today if not said.")] = None,
    offence: Annotated[
        list[str] | None, typer.Option("--offence", help="Offence; repeat for several.")
    ] = None,
    offence_date: Annotated[str | None, typer.Option("--offence-date", help="Day of the offence.")] = None,
    known_on: Annotated[
        str | None, typer.Option("--known-on", help="As we knew the law on this day.")
    ] = None,
    max_penalty_requesting: Annotated[
        str | None, typer.Option("--max-penalty-requesting", help="Such as 10y, 18m or life.")
    ] = None,
    max_penalty_requested: Annotated[
        str | None, typer.Option("--max-penalty-requested", help="The same, in the State that is asked.")
    ] = None,
    urgent: Annotated[bool, typer.Option("--urgent", help="It cannot wait.")] = False,
    nationality: Annotated[str | None, typer.Option("--nationality", help="Of the person sought.")] = None,
    age: Annotated[int | None, typer.Option("--age", min=0, help="Of the person sought.")] = None,
    provider: Annotated[str | None, typer.Option("--provider", help="Whom it might go to directly.")] = None,
    emergency: Annotated[bool, typer.Option("--emergency", help="Life or safety is at risk.")] = False,
    why: Annotated[bool, typer.Option("--why", "--long", help="With every reason and its source.")] = False,
    lang: Annotated[
        str, typer.Option("--lang", envvar="ROGATORY_LANG", help="Language of the answer: en, fr or es.")
    ] = "en",
) -> Shown:
    """Ask on what legal basis one State may ask another, to whom, how, by when, and what could stop it."""
    registry, spoken = shipped(), language(lang)
    question = question_from_words(
        registry,
        requesting=requesting,
        requested=requested,
        kind=kind,
        measures=measure,
        on=on,
        today=datetime.now(UTC).date(),
        offences=offence or (),
        offence_date=offence_date,
        known_on=known_on,
        max_penalty_requesting=max_penalty_requesting,
        max_penalty_requested=max_penalty_requested,
        urgent=urgent,
        nationality=nationality,
        age=age,
        provider=provider,
        emergency=emergency,
    )
    told = as_json(find_bases(registry, question), registry, spoken)
    return Shown(told, show_law.answer(told, why=why, lang=spoken))


def parties(
    instrument: Annotated[str, typer.Argument(help="Key, such as budapest.")],
    on: Annotated[str | None, typer.Option("--on", help="On this day; today if not said.")] = None,
    known_on: workshop.KnownOn = None,
) -> Shown:
    """List who is bound by an instrument on a day."""
    wanted = day(on, "--on") or datetime.now(UTC).date()
    told = lawbook.parties_on(_known(known_on), instrument, wanted)
    return Shown(told, show_registry.parties(told, instrument, wanted.isoformat()))


def show_one(
    what: Annotated[str, typer.Argument(help="Key of an instrument, or code of a State.")],
    known_on: workshop.KnownOn = None,
) -> Shown:
    """Show what the registry holds of an instrument or a State."""
    registry = _known(known_on)
    # no instrument has a key of two letters, so a wrong one is a wrong State
    told = lawbook.state_of(registry, what) if len(what) == 2 else lawbook.instrument_of(registry, what)
    return Shown(told, show_registry.entry(told))


def _known(known_on: str | None) -> Registry:
    """The shipped law, or what it held as known on a day."""
    looked = day(known_on, "--known-on")
    return shipped() if looked is None else shipped().known_on(looked)


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
