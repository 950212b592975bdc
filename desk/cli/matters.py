"""Commands that look across cases and back in one: matters, matter, clocks, holders, transfers."""

from __future__ import annotations

from itertools import islice
from typing import Annotated
from urllib.parse import quote

import typer

from desk import show_matters
from desk.cli.cases import Ref
from desk.cli.frame import Call, Shown, command
from desk.cli.given import case_path

Most = Annotated[int, typer.Option("--limit", min=1, help="At most this many.")]


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    command(app, "matters")(matters)
    command(app, "matter")(matter)
    command(app, "clocks")(clocks)
    command(app, "holders")(holders)
    command(app, "transfers")(transfers)


def matters(call: Call, limit: Most = 200) -> Shown:
    """List the matters: how many cases each holds, and what is due next."""
    rows = list(islice(call.house.pages("/matters"), limit))
    return Shown(rows, show_matters.matters(rows))


def matter(call: Call, name: Annotated[str, typer.Argument(help="The matter.", metavar="ID")]) -> Shown:
    """Show one matter: its cases of all kinds, all their clocks, who holds each and since when."""
    told = call.house.get(f"/matters/{quote(name, safe='')}")
    return Shown(told, show_matters.matter(told))


def clocks(
    call: Call,
    before: Annotated[str | None, typer.Option("--before", help="Ending before this day or time.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="Function that must act.")] = None,
    law: Annotated[
        bool | None, typer.Option("--law/--practice", help="Set by law, or by our own practice.")
    ] = None,
    limit: Most = 200,
) -> Shown:
    """List running time limits of all cases, those due first."""
    query = {"before": before, "owner": owner, "law": None if law is None else str(law).lower()}
    rows = list(islice(call.house.pages("/clocks", **query), limit))
    return Shown(rows, show_matters.clocks(rows))


def holders(call: Call, ref: Ref) -> Shown:
    """Show who held a case from when until when, in both houses, and what was not taken in time."""
    told = call.house.get(case_path(ref, "holders"))
    return Shown(told, show_matters.holders(told))


def transfers(call: Call, ref: Ref) -> Shown:
    """Show every letter that left a case, to whom, on which ground, and who looked at the case."""
    told = call.house.get(case_path(ref, "transfers"))
    return Shown(told, show_matters.transfers(told))
