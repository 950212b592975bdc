"""Commands about what is kept: `ledger verify|export|head`, `docket rebuild`, `case revive`, `erase`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from desk.cli.cases import Ref
from desk.cli.frame import REFUSED, Call, Shown, command
from desk.cli.given import case_path, content_of
from desk.cli.visit import homes
from schemas.errors import BadInput

SHOWN = 20
"""Problems a person is shown: the first ones tell most."""


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    ledger = typer.Typer(help="The ledger: what happened, append-only, checked by anyone.")
    command(ledger, "verify", usually="auditor")(verify)
    command(ledger, "export", usually="auditor")(export)
    command(ledger, "head", usually="auditor")(head)
    app.add_typer(ledger, name="ledger")
    docket = typer.Typer(help="The docket: the list of cases, made from the ledger.")
    command(docket, "rebuild", usually="operator")(rebuild)
    app.add_typer(docket, name="docket")
    case = typer.Typer(help="A case and its process.")
    command(case, "revive", usually="operator")(revive)
    app.add_typer(case, name="case")
    command(app, "erase")(erase)


def verify(
    call: Call,
    file: Annotated[
        Path | None, typer.Argument(help="An export; without it, the house's own ledger.")
    ] = None,
    head: Annotated[
        Path | None, typer.Option("--head", help="A signed head, as a counterpart keeps it.")
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option("--keys", help="Public keys: a trust list or {kid: JWK}; else those trusted here."),
    ] = None,
) -> Shown:
    """Check that nothing in the ledger was altered or left out; an export is checked offline."""
    signed = _head_in(head) if head else None
    if file is None:
        told = call.house.post("/ledger/verify", {"head": signed} if signed else {}, key=call.key)
        problems = list(told["problems"])
    else:
        problems = _offline(file, signed, keys)
    where = str(file) if file else "the house's ledger"

    def draw(console: Console) -> None:
        if not problems:
            console.print(Text.assemble(("whole", "green"), f": {where}"))
        for problem in problems[:SHOWN]:
            console.print(Text.assemble((problem["code"], "red"), f" {problem['where']}: {problem['what']}"))

        if len(problems) > SHOWN:
            console.print(f"and {len(problems) - SHOWN} more; --json has them all")

    data = {"verdict": "no" if problems else "yes", "checked": where, "problems": problems}
    return Shown(data, draw, REFUSED if problems else 0)


def _offline(file: Path, head: str | None, keys: Path | None) -> list[dict[str, Any]]:
    from records.verify import verify_bytes  # only this command needs it, and its imports are slow

    known = _jwks(keys) if keys else _jwks_here()
    if head and not known:
        raise BadInput(
            "A signed head is checked with the public keys of its house.",
            where="--keys",
            next_step="name its trust list, or a file {kid: JWK}",
        )
    found = verify_bytes(content_of(file), head, known or None)
    return [{"code": problem.code, "where": problem.where, "what": problem.what} for problem in found]


def _head_in(file: Path) -> str:
    """The head in a file as `ledger head --out` writes it, or `ledger head --json`."""
    text = content_of(file).decode("ascii", "replace").strip()
    if not text.startswith("{"):
        return text
    try:
        return str(json.loads(text)["head"])
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise BadInput("No head stands here.", where=str(file), next_step="write one: ledger head") from error


def _jwks_here() -> dict[str, dict[str, Any]]:
    """What the houses of this machine trust, if there are any."""
    lists = [home / "keys" / "trust.json" for home in homes().values()]
    return {kid: jwk for file in lists if file.is_file() for kid, jwk in _jwks(file).items()}


def _jwks(file: Path) -> dict[str, dict[str, Any]]:
    """Public keys by kid: from a trust list (every house in it), or a plain mapping."""
    try:
        told = json.loads(content_of(file))
        if "houses" not in told:
            return {str(kid): dict(jwk) for kid, jwk in told.items()}
        listed = told["houses"]
        houses = listed.values() if isinstance(listed, dict) else listed
        return {str(key["kid"]): dict(key["jwk"]) for house in houses for key in house["keys"]}
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            "No keys can be read here.", where=str(file), next_step="name a trust list or {kid: JWK} as JSON"
        ) from error


def export(call: Call, out: Annotated[Path, typer.Argument(help="File to write, JSON lines.")]) -> Shown:
    """Write the whole ledger to a file that anyone can verify."""
    size = call.house.save("GET", "/ledger/export", out)
    return Shown({"file": str(out), "size": size}, lambda console: console.print(f"{out}: {size:,} bytes."))


def head(
    call: Call, out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write it to.")] = None
) -> Shown:
    """Show the signed head of the ledger: up to where it stood, which a counterpart can keep."""
    told = call.house.get("/ledger/head")
    if out is not None:
        out.write_text(told["head"] + "\n", "ascii")

    def draw(console: Console) -> None:
        console.print(told["head"], soft_wrap=True)

    return Shown(told, draw)


def rebuild(call: Call) -> Shown:
    """Make the list of cases anew from the ledger."""
    told = call.house.post("/docket/rebuild", key=call.key)
    rows = told.get("rows", told)
    return Shown(told, lambda console: console.print(f"Rebuilt: {rows} cases."))


def revive(
    call: Call,
    ref: Annotated[str | None, typer.Argument(help="Reference; without it, every open case.")] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="End a running one too: after a restore the records are what counts."),
    ] = False,
) -> Shown:
    """Start the process of a case again from its last filed state; one that runs is left alone."""
    path = case_path(ref, "revive") if ref else "/cases/revive-open"
    told = call.house.post(path, key=call.key, force="true" if force else None)

    def draw(console: Console) -> None:
        if ref is None:
            names = told["revived"]
            console.print(f"Started again: {', '.join(names)}" if names else "Every open case is running.")
        elif told["revived"]:
            console.print(f"Started again: {ref}, {told['status']}.")
        else:
            console.print(f"Left alone: {ref}: {told['why']}.")

    return Shown(told, draw)


def erase(
    call: Call,
    ref: Ref,
    reason: Annotated[str | None, typer.Option("--reason", help="Why; the first person gives it.")] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="As the second person: destroy the key now.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where the certificate goes.")] = None,
) -> Shown:
    """Erase a case for good: one person asks, another confirms; the key is destroyed, a certificate stays."""
    if not confirm:
        if not reason:
            raise BadInput("Why?", where="--reason", next_step="give the reason; it stays in the ledger")
        told = call.house.post(case_path(ref, "erasure"), {"reason": reason}, key=call.key)
        return Shown(
            told, lambda console: console.print(f"Asked for. Another person: rogatory erase {ref} --confirm")
        )
    told = call.house.post(case_path(ref, "erasure", "confirm"), key=call.key)
    if out is not None:
        out.write_text(told["certificate"] + "\n", "ascii")
    return Shown(
        told, lambda console: console.print(f"Erased: {ref}. The certificate is kept with the ledger.")
    )
