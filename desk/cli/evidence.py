"""Commands about evidence: `item keep|fetch|save|note`, `custody`, and what `evidence REF` shows."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import typer
from rich.console import Console

from desk import show_evidence, show_record
from desk.cli.cases import Ref
from desk.cli.frame import REFUSED, Call, Shown, command
from desk.cli.given import case_path, moment_of
from schemas.errors import BadInput, RogatoryError, Unavailable

READ = 1024 * 1024
LOOK_SECONDS = 0.5
TRIES = 5

Item = Annotated[str, typer.Argument(help="The item, as it was declared.", metavar="ITEM")]


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    item = typer.Typer(help="An item of evidence: its bytes, and who had it in hand.")
    for name, function in (("keep", keep), ("fetch", fetch), ("save", save), ("note", note)):
        command(item, name)(function)
    app.add_typer(item, name="item")
    command(app, "custody")(custody)


def custody(
    call: Call,
    ref: Ref,
    verify: Annotated[bool, typer.Option("--verify", help="Check every signature of the chain.")] = False,
    case: Annotated[
        Path | None, typer.Option("--case", help="File for the custody of case and items, as CASE/UCO.")
    ] = None,
) -> Shown:
    """Show the chain of custody: the signed triples by which the case passed from house to house."""
    if case is not None:
        return export(call, ref, case)
    told = call.house.get(case_path(ref, "custody"), verify="true" if verify else None)
    failed = verify and told["verification"]["verdict"] != "yes"
    return Shown(told, show_record.custody(told), REFUSED if failed else 0)


def items(call: Call, ref: str) -> Shown:
    """The items of a case with their limits, uses, warnings, days and manifests."""
    told = call.house.get(case_path(ref, "evidence"))
    return Shown(told, show_evidence.items(told))


def export(call: Call, ref: str, target: Path) -> Shown:
    """The custody of a case as CASE/UCO, into a file."""
    told = call.house.get(case_path(ref, "custody", "case-uco"))
    target.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")
    size = len(told["@graph"])
    return Shown({"file": str(target), "nodes": size}, _line(f"{target}: {size} nodes of CASE/UCO."))


def keep(
    call: Call,
    ref: Ref,
    item: Item,
    file: Annotated[Path, typer.Argument(help="The file that was declared.", exists=True, dir_okay=False)],
    where: Annotated[str, typer.Option("--where", help="Where it was taken in.")] = "the house",
    why: Annotated[str, typer.Option("--why", help="What for.")] = "to hand it over to the other side",
) -> Shown:
    """Take a declared file into the house, sealed, so that the other house can fetch it. Goes on after a
    stop."""
    told = {**digests_of(file), "size": file.stat().st_size, "where": where, "why": why}
    fails = 0
    while True:
        begun = call.house.post(case_path(ref, "evidence", item, "keep"), told)
        try:
            answer = call.house.pour(
                case_path(ref, "evidence", item, "content"),
                _parts(file, begun["next"]),
                told["size"] - begun["next"],
                {"Brought": json.dumps(told, ensure_ascii=True)},
                at=begun["next"],
            )
            return Shown(answer, _line(f"{item}: {told['size']:,} bytes are here, sealed."))
        except RogatoryError as error:
            fails += 1
            if fails == TRIES or not (error.retry or error.code == "other-place"):
                raise
            time.sleep(LOOK_SECONDS)


def fetch(
    call: Call,
    ref: Ref,
    item: Item,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Until all of it is here?")] = True,
) -> Shown:
    """Fetch an item from the house that declared it, or go on where that stopped."""
    path = case_path(ref, "evidence", item)
    told = call.house.post(f"{path}/fetch")
    while wait:
        told = call.house.get(f"{path}/held")
        if not told["running"]:
            break
        time.sleep(LOOK_SECONDS)
    problem = told.get("problem")
    if problem:
        kind = Unavailable if problem["code"] == "unavailable" else RogatoryError
        raise kind(
            str(problem["what"]), where=f"{ref} {item}", next_step=problem["next"], code=problem["code"]
        )
    done = told.get("state") == "whole"
    words = f"{item}: {told['have']:,} bytes are here, as declared." if done else f"{item} is being fetched."
    return Shown(told, _line(words))


def save(
    call: Call,
    ref: Ref,
    item: Item,
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.")],
    why: Annotated[str, typer.Option("--why", help="What the copy is for; it is noted.")],
) -> Shown:
    """Copy an item out of the house. The copy and its purpose are noted; the limits go with it."""
    path = f"{case_path(ref, 'evidence', item, 'content')}?{urlencode({'why': why})}"
    size = call.house.save("GET", path, out)
    told = next(each for each in call.house.get(case_path(ref, "evidence"))["items"] if each["id"] == item)

    def draw(console: Console) -> None:
        console.print(f"{out}: {size:,} bytes.")
        show_evidence.limits(told)(console)

    return Shown({"file": str(out), "size": size, "limits": told["limits"]}, draw)


def note(
    call: Call,
    ref: Ref,
    item: Item,
    event: Annotated[str, typer.Argument(help="What happened: handed-over, taken-over, examined, due ...")],
    where: Annotated[str, typer.Option("--where", help="Place.")],
    why: Annotated[str, typer.Option("--why", help="Purpose.")],
    how: Annotated[str, typer.Option("--how", help="What was done, and by which means.")],
    at: Annotated[str | None, typer.Option("--at", help="Day or time; now if not said.")] = None,
    who: Annotated[str | None, typer.Option("--who", help="Who did it, if another.")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="Who had it before.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Who has it now.")] = None,
    authority: Annotated[str | None, typer.Option("--authority", help="By which order.")] = None,
    stored: Annotated[str | None, typer.Option("--stored", help="How it is kept.")] = None,
    changes: Annotated[str | None, typer.Option("--changes", help="What changed, and who answers.")] = None,
    shipping: Annotated[str | None, typer.Option("--shipping", help="Number of parcel or message.")] = None,
    return_by: Annotated[str | None, typer.Option("--return-by", help="Day it goes back.")] = None,
    destroy_by: Annotated[str | None, typer.Option("--destroy-by", help="Day it is destroyed.")] = None,
) -> Shown:
    """Note what happened to an item: a signed entry of its manifest, told to the other house."""
    fields: dict[str, Any] = {
        "event": event,
        "at": moment_of(at),
        "who": who,
        "received_from": from_,
        "handed_to": to,
        "where": where,
        "why": why,
        "authority": authority,
        "how": how,
        "stored": stored,
        "changes": changes,
        "shipping": shipping,
        "return_by": return_by,
        "destroy_by": destroy_by,
    }
    body = {name: value for name, value in fields.items() if value is not None}
    told = call.house.post(case_path(ref, "evidence", item, "notes"), body, key=call.key)
    shared = "told to the other house" if told["shared"] else "not told to the other house yet"
    return Shown(told, _line(f"{item}: {told['event']} is entry {told['number']}, {shared}."))


def digests_of(file: Path) -> dict[str, str]:
    """The digests of a file, as the lists of refused ones know them. Raises BadInput for an empty one."""
    # Not for security: the lists that exist have no better digests.
    made = {kind: hashlib.new(kind, usedforsecurity=False) for kind in ("sha256", "md5", "sha1")}
    size = 0
    for part in _parts(file, 0):
        size += len(part)
        for each in made.values():
            each.update(part)
    if not size:
        raise BadInput("The file is empty.", where=str(file), next_step="name the one that was declared")
    found = {kind: each.hexdigest() for kind, each in made.items()}
    return {**found, "sha256": f"sha256:{found['sha256']}"}


def _parts(file: Path, at: int) -> Iterator[bytes]:
    with file.open("rb") as content:
        content.seek(at)
        while part := content.read(READ):
            yield part


def _line(words: str) -> Any:
    return lambda console: console.print(words)
