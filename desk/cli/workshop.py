"""Commands of the treaty desk: propose a change of the law, weigh it, decide, look back, suppose, sweep."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from desk import register, show_workshop
from desk.ask import day
from desk.cli.frame import Call, HouseOption, Shown, TokenOption, UserOption, command
from desk.cli.given import content_of
from desk.cli.visit import Wish, visit
from desk.workshop import supposition
from schemas.errors import BadInput, UnknownWord
from schemas.vocabulary import Kind, Measure, word
from treaties import sweep as world
from treaties.draft import act_of_words
from treaties.load import shipped
from treaties.registry import Registry

MEDIA = {
    ".csv": register.CSV,
    ".xlsx": register.XLSX,
    ".yml": "application/yaml",
    ".yaml": "application/yaml",
    ".json": "application/json",
}
FORMATS = ("csv", "json")

Number = Annotated[int, typer.Argument(help="Number of the proposal.", min=1)]
KnownOn = Annotated[str | None, typer.Option("--known-on", help="As we knew the law on this day.")]
Out = Annotated[Path | None, typer.Option("--out", help="File to write.")]
Acts = Annotated[
    list[str] | None,
    typer.Option("--act", help="Such as 'IE budapest in-force 2027-03-01'; repeat for several."),
]


def add(registry: typer.Typer) -> None:
    """Puts the commands of this module into the group `registry`."""
    command(registry, "propose", usually="treaty-desk")(propose)
    command(registry, "proposals", usually="treaty-desk")(proposals)
    command(registry, "diff", usually="treaty-desk")(diff)
    command(registry, "impact", usually="treaty-desk")(impact)
    command(registry, "accept", usually="treaty-lawyer")(accept)
    command(registry, "refuse", usually="treaty-lawyer")(refuse)
    command(registry, "history", usually="treaty-desk")(history)
    command(registry, "export", usually="treaty-desk")(export)
    command(registry, "stale", usually="treaty-desk")(stale)
    command(registry, "what-if", local=True)(what_if)
    command(registry, "sweep", local=True)(sweep)


def propose(
    call: Call,
    file: Annotated[
        Path | None, typer.Argument(help="Draft (YAML, JSON), or a depositary's table (CSV, XLSX).")
    ] = None,
    act: Acts = None,
    retract: Annotated[
        list[str] | None, typer.Option("--retract", help="Id of a wrong fact; needs --reason.")
    ] = None,
    title: Annotated[str, typer.Option("--title", help="One line for lists.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    instrument: Annotated[
        str, typer.Option("--instrument", help="Of a table: what its rows are about.")
    ] = "",
    source: Annotated[str, typer.Option("--source", help="Key of the source.")] = "",
    source_title: Annotated[str, typer.Option("--source-title", help="Declares a source that is new.")] = "",
    source_address: Annotated[str, typer.Option("--source-address", help="Where it can be read.")] = "",
    checked: Annotated[str, typer.Option("--checked", help="Day on which it was read.")] = "",
    confidence: Annotated[str, typer.Option("--confidence", help="read or memory")] = "read",
    correct: Annotated[
        bool, typer.Option("--correct", help="Days in the table replace those recorded.")
    ] = False,
) -> Shown:
    """Propose a change of the law: all of it passes, or nothing is kept. It counts once it is accepted."""
    if file is None:
        body = _body(act, retract, title, reason, confidence)
        body |= _sources(body, source, source_title, source_address, checked)
        told = call.house.post("/registry/proposals", body, key=call.key)
        return Shown(told, show_workshop.proposal(told))
    media = MEDIA.get(file.suffix.lower())
    if media is None:
        raise BadInput(
            "This is neither a draft nor a table.", where=str(file), next_step=f"one of {', '.join(MEDIA)}"
        )
    if act or retract:
        raise BadInput("A file and single acts at once.", where="--act", next_step="write them into the file")
    query = {
        "name": file.name,
        "title": title,
        "reason": reason,
        "instrument": instrument,
        "source": source,
        "source_title": source_title,
        "source_address": source_address,
        "checked": checked,
        "correct": "true" if correct else "",
    }
    given = {name: value for name, value in query.items() if value}
    told = call.house.send("/registry/proposals", content_of(file), media, key=call.key, **given)
    return Shown(told, show_workshop.proposal(told))


def proposals(
    call: Call,
    status: Annotated[str | None, typer.Option("--status", help="open, accepted or refused")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="At most so many.")] = 50,
) -> Shown:
    """List what was proposed, the newest first."""
    told = call.house.get("/registry/proposals", status=status, limit=limit)
    return Shown(told, show_workshop.proposals(told["items"]))


def diff(
    call: Call,
    number: Annotated[int | None, typer.Argument(help="Number of the proposal.", min=1)] = None,
    known_on: KnownOn = None,
) -> Shown:
    """Show what a proposal changes, fact by fact; or with --known-on what we learned since that day."""
    if (number is None) == (known_on is None):
        raise BadInput("Which difference?", next_step="name a proposal, or a day with --known-on")
    if number is not None:
        told = call.house.get(f"/registry/proposals/{number}/difference")
    else:
        told = call.house.get("/registry/difference", known_on=_iso(known_on, "--known-on"))
    return Shown(told, show_workshop.difference(told))


def impact(call: Call, number: Number) -> Shown:
    """Show which pairs of States gain or lose which basis, and which open cases rely on what changes."""
    told = call.house.get(f"/registry/proposals/{number}/impact")
    return Shown(told, show_workshop.impact(told))


def accept(
    call: Call, number: Number, reason: Annotated[str, typer.Option("--reason", help="A remark.")] = ""
) -> Shown:
    """Accept a proposal as a second person: it counts at once, and cases that relied on it are told."""
    told = call.house.post(f"/registry/proposals/{number}/accept", {"reason": reason}, key=call.key)
    return Shown(told, show_workshop.proposal(told))


def refuse(
    call: Call, number: Number, reason: Annotated[str, typer.Option("--reason", help="Why.")]
) -> Shown:
    """Refuse a proposal, or withdraw your own."""
    told = call.house.post(f"/registry/proposals/{number}/refuse", {"reason": reason}, key=call.key)
    return Shown(told, show_workshop.proposal(told))


def history(call: Call, known_on: KnownOn = None) -> Shown:
    """Show which editions of the law counted in the house, and what was decided."""
    told = call.house.get("/registry/history", known_on=_iso(known_on, "--known-on"))
    return Shown(told, show_workshop.history(told))


def export(
    call: Call,
    out: Annotated[Path, typer.Option("--out", help="File to write; its ending says csv or json.")],
    known_on: KnownOn = None,
) -> Shown:
    """Write the whole registry of the house to a file: JSON, or CSV with one fact a row."""
    ending = _format(out)
    path = f"/registry/export?format={ending}"
    if known_on is not None:
        path += f"&known_on={_iso(known_on, '--known-on')}"
    size = call.house.save("GET", path, out)
    told = {"file": str(out), "bytes": size, "format": ending}
    return Shown(told, lambda console: console.print(f"Written to {out}: {size} bytes."))


def stale(
    call: Call,
    on: Annotated[str | None, typer.Option("--on", help="As of this day; today if not said.")] = None,
    in_use: Annotated[bool, typer.Option("--in-use", help="Only what open cases rely on.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="At most so many.")] = 50,
) -> Shown:
    """List facts nobody checked for a year, and recalled ones that open cases rely on."""
    used = "true" if in_use else None
    told = call.house.get("/registry/stale", on=_iso(on, "--on"), in_use=used, limit=limit)
    return Shown(told, show_workshop.stale(told))


def what_if(
    add: Annotated[
        list[str] | None, typer.Option("--add", help="Such as 'KR budapest in-force 2027-01-01'; repeat.")
    ] = None,
    drop: Annotated[list[str] | None, typer.Option("--drop", help="Id of a fact; repeat.")] = None,
    known_on: KnownOn = None,
    house: HouseOption = None,
    user: UserOption = None,
    token_file: TokenOption = None,
) -> Shown:
    """Print which pairs would gain or lose a basis, by the shipped law or by a house's; changes nothing."""
    looked = day(known_on, "--known-on")
    if house is None:
        today = datetime.now(UTC).date()
        told = supposition(shipped(), add or [], drop or [], today, looked)
    else:
        with visit(Wish(house, user, token_file), "treaty-desk") as there:
            query = {"add": add or None, "drop": drop or None, "known_on": looked and looked.isoformat()}
            told = there.get("/registry/what-if", **query)
    return Shown(told, show_workshop.impact(told))


def sweep(
    measure: Annotated[list[str], typer.Option("--measure", help="What is asked for; repeat for several.")],
    on: Annotated[str | None, typer.Option("--on", help="On this day; today if not said.")] = None,
    kind: Annotated[str, typer.Option("--kind", help="mla, extradition, preservation, production")] = "mla",
    offence: Annotated[list[str] | None, typer.Option("--offence", help="Offence; repeat.")] = None,
    requesting: Annotated[
        list[str] | None, typer.Option("--from", metavar="STATE", help="Only these.")
    ] = None,
    requested: Annotated[list[str] | None, typer.Option("--to", metavar="STATE", help="Only these.")] = None,
    known_on: KnownOn = None,
    processes: Annotated[int, typer.Option("--processes", min=0, help="0: one for each core.")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the table here (.csv or .json); - is CSV here.")
    ] = None,
) -> Shown:
    """Ask for every ordered pair of States: the best basis, and which pairs have none. Of the shipped law."""
    registry = shipped()
    asked = world.Asked(
        word(Kind, kind, "--kind"),
        tuple(word(Measure, one, "--measure") for one in measure),
        day(on, "--on") or datetime.now(UTC).date(),
        day(known_on, "--known-on"),
        tuple(_known(registry.offences, "offence", one, "--offence") for one in offence or ()),
    )
    if out is not None and str(out) != "-":
        _format(out)
    froms, tos = _states(registry, requesting, "--from"), _states(registry, requested, "--to")
    found = world.sweep(registry, asked, requesting=froms, requested=tos, processes=processes)
    total = len(froms or world.jurisdictions(registry)) * len(tos or world.jurisdictions(registry))
    pairs = list(_shown(found, total))
    summary = show_workshop.sweep_summary(pairs, asked, registry.edition)
    if out is None:
        table = {**summary, "table": [asdict(one) for one in pairs]}
        return Shown(table, show_workshop.sweep(summary))
    if str(out) == "-":
        world.as_csv(pairs, sys.stdout)
        return Shown({}, lambda console: None)
    with out.open("w", encoding="utf-8", newline="") as file:
        if _format(out) == "csv":
            world.as_csv(pairs, file)
        else:
            world.as_json(pairs, file, registry, asked)
    summary["file"] = str(out)
    return Shown(summary, show_workshop.sweep(summary))


def _shown(pairs: Iterable[world.Pair], total: int) -> Iterable[world.Pair]:
    """The pairs, with a bar where a person waits for them."""
    quiet = not sys.stderr.isatty()
    return track(pairs, "asking", total, console=Console(stderr=True), disable=quiet, transient=True)


def _body(
    act: list[str] | None, retract: list[str] | None, title: str, reason: str, confidence: str
) -> dict[str, Any]:
    """A draft out of options: the form on the command line."""
    if not act and not retract:
        raise BadInput("Nothing is proposed.", next_step="name a file, or give --act or --retract")
    if retract and not reason:
        raise BadInput("A retraction needs a reason.", where="--reason", next_step="say what was wrong")
    first = act[0] if act else f"retract {retract[0]}" if retract else ""
    return {
        "title": title or first,
        "reason": reason,
        "defaults": {"confidence": confidence},
        "acts": [act_of_words(text) for text in act or ()],
        "retract": [{"fact": fact, "reason": reason} for fact in retract or ()],
    }


def _sources(body: dict[str, Any], source: str, title: str, address: str, checked: str) -> dict[str, Any]:
    if not body["acts"]:
        return {}
    if not source:
        raise BadInput("No source is named.", where="--source", next_step="name its key")
    defaults = {**body["defaults"], "source": source, **({"checked": checked} if checked else {})}
    if not title:
        return {"defaults": defaults}
    row = {"key": source, "title": title, "how": "read", **({"address": address} if address else {})}
    return {"defaults": defaults, "sources": [row]}


def _format(out: Path) -> str:
    ending = out.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise BadInput("Which format?", where=str(out), next_step="let the name end in .csv or .json")
    return ending


def _states(registry: Registry, given: list[str] | None, option: str) -> list[str] | None:
    return [_known(registry.jurisdictions, "state", one.upper(), option) for one in given] if given else None


def _known(known: Any, kind: str, given: str, option: str) -> str:
    if given not in known:
        raise UnknownWord(kind, given, known, where=option)
    return given


def _iso(text: str | None, option: str) -> str | None:
    found = day(text, option)
    return found.isoformat() if found else None
