"""Commands about letters: letters, letter, worksheet, annex, guard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.border import tree_from_yaml
from desk.cli.cases import Ref, attached
from desk.cli.frame import Call, Shown, command
from desk.cli.given import case_path, content_of
from schemas.errors import BadInput

Form = Annotated[str, typer.Argument(help="Which letter: see `rogatory letters`.")]
Lang = Annotated[str, typer.Option("--lang", help="Its language: en, fr, es, pt, de, ar, ru or zh.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="File to write.")]
About = Annotated[str | None, typer.Option("--about", help="Which question; the last if not said.")]


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    command(app, "letters")(letters)
    command(app, "letter")(letter)
    command(app, "worksheet")(worksheet)
    command(app, "annex")(annex)
    command(app, "guard")(guard)


def letters(call: Call, ref: Ref) -> Shown:
    """List the letters and forms of use in a case now, and what each still lacks."""
    told = call.house.get(case_path(ref, "letters"))["items"]

    def draw(console: Console) -> None:
        table = Table(box=None, pad_edge=False, header_style="dim")
        for head in ("form", "title", "languages", "missing"):
            table.add_column(head, overflow="fold")
        for row in told:
            title = row["title"] + (" (prescribed form)" if row["prescribed"] else "")
            table.add_row(
                row["form"], title, " ".join(row["languages"]), ", ".join(row["missing"]) or "nothing"
            )
        console.print(table if told else "No letter is of use in this case now.")

    return Shown(told, draw)


def letter(
    call: Call,
    ref: Ref,
    form: Form,
    out: Out,
    lang: Lang = "en",
    docx: Annotated[bool, typer.Option("--docx", help="As an editable document instead of a PDF.")] = False,
    translated: Annotated[
        Path | None, typer.Option("--translated", help="A worksheet that came back from the translator.")
    ] = None,
    protect: Annotated[
        Path | None, typer.Option("--protect", help="File of names that must not stand in it, one a line.")
    ] = None,
    about: About = None,
    seal: Annotated[
        bool, typer.Option("--seal", help="Sealed by the house, and kept with the case.")
    ] = False,
    despite: Annotated[
        str | None, typer.Option("--despite", help="Why it is sealed although something is missing.")
    ] = None,
) -> Shown:
    """Write a letter of a case as PDF/A; tells what it lacks and which words to look at."""
    if seal and docx:
        raise BadInput("A draft to write in is not sealed.", where="--docx", next_step="seal the PDF")
    asked: dict[str, Any] = {"language": lang, "about": about, "protected": _names(protect)}
    if translated is not None:
        asked["worksheet"] = attached(call, ref, translated)["digest"]
    told = call.house.post(case_path(ref, "letters", form), {**asked, "format": "json"})
    if seal:
        kept = call.house.post(case_path(ref, "letters", form, "seal"), {**asked, "despite": despite})
        size = call.house.save("GET", case_path(ref, "documents", kept["digest"]), out)
    else:
        body = {**asked, "format": "docx" if docx else "pdf"}
        size = call.house.save("POST", case_path(ref, "letters", form), out, body)
    answer = {"file": str(out), "size": size, **{name: told[name] for name in ("missing", "words", "inside")}}
    return Shown(answer, lambda console: _draw(console, answer, told["draft"]["notices"]))


def worksheet(call: Call, ref: Ref, form: Form, out: Out, lang: Lang = "en", about: About = None) -> Shown:
    """Write the passages of a letter that are to be translated, as a table for the translator."""
    body = {"language": lang, "format": "worksheet", "about": about}
    size = call.house.save("POST", case_path(ref, "letters", form), out, body)
    return Shown({"file": str(out), "size": size}, lambda console: console.print(f"{out}: {size:,} bytes."))


def annex(
    call: Call,
    ref: Ref,
    people: Annotated[
        Path, typer.Argument(help="Who they are (YAML): pseudonym, name, born, details of each.")
    ],
    out: Out,
    reason: Annotated[str, typer.Option("--reason", help="Why it must be told; the ledger keeps it.")],
    lang: Lang = "en",
) -> Shown:
    """Let the identity of persons out in a sealed annex of its own. It is not kept; the names are guarded."""
    told, _ = tree_from_yaml(content_of(people), str(people))
    body = {"people": told, "reason": reason, "language": lang}
    size = call.house.save("POST", case_path(ref, "annex"), out, body)
    words = (
        f"{out}: {size:,} bytes, sealed. Who released it and why stands in the ledger; now destroy {people}."
    )
    return Shown({"file": str(out), "size": size}, lambda console: console.print(words))


def guard(
    call: Call,
    ref: Ref,
    names: Annotated[Path, typer.Argument(help="File of names that must never leave, one a line.")],
    let_go: Annotated[
        str | None, typer.Option("--let-go", help="Guard them no more; an approver says why.")
    ] = None,
) -> Shown:
    """Have names looked for in everything of a case that leaves from now on; they are kept sealed with it."""
    body = {"names": _names(names)}
    if let_go is None:
        told = call.house.post(case_path(ref, "guarded"), body)
    else:
        told = call.house.post(case_path(ref, "guarded", "let-go"), {**body, "reason": let_go})

    def draw(console: Console) -> None:
        console.print(f"Guarded names of {ref}: {told['guarded']}. Now destroy {names}.")
        for place in told.get("places", ()):
            console.print(Text(f"one of these stands already in: {place}"))
        for one in told.get("unread", ()):
            console.print(Text(f"could not be looked through: {one['place']} ({one['why']})"))

    return Shown(told, draw)


def _names(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        return [line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()]
    except UnicodeDecodeError:
        raise BadInput("The names are not text.", where=str(file), next_step="save them as UTF-8") from None


def _draw(console: Console, answer: dict[str, Any], notices: list[str]) -> None:
    console.print(f"{answer['file']}: {answer['size']:,} bytes.")
    for notice in notices:
        console.print(Text(notice, style="dim"))
    for each in answer["missing"]:
        kind = "missing" if each["required"] else "advised"
        article = f" [{each['article']}]" if each["article"] else ""
        console.print(Text(f"{kind}: {each['label'] or each['field']}{article}"))
    for word in answer["words"]:
        console.print(Text(f"word: {word['found']} -> {word['prefer']}: {word['why']} ({word['place']})"))
