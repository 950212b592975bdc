"""The command about how requests fare: `figures`, and the transparency report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import typer
from rich.console import Console

from desk import show_figures
from desk.cli.frame import Call, Shown, command
from schemas.errors import BadInput

FORMATS = ("csv", "pdf", "json")


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    command(app, "figures", usually="auditor")(figures)


def figures(
    call: Call,
    year: Annotated[int | None, typer.Option("--year", help="Requests opened in this year only.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Of this kind only.")] = None,
    side: Annotated[str | None, typer.Option("--side", help="outgoing or incoming only.")] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="Write what may be published of --year to this .csv, .pdf or .json."),
    ] = None,
    language: Annotated[str, typer.Option("--language", help="Of the report.")] = "en",
) -> Shown:
    """How long requests take, with whom, what stops them and what comes of them."""
    if report is None:
        asked = {"year": year, "kind": kind, "side": side}
        told = call.house.get("/figures", **{name: value for name, value in asked.items() if value})
        return Shown(told, show_figures.figures(told))
    format = report.suffix.removeprefix(".").lower()
    if year is None or format not in FORMATS:
        raise BadInput(
            "A report is of one year, as CSV, PDF or JSON.",
            where="--report",
            next_step="rogatory figures --year 2025 --report report.pdf",
        )
    asked_for = urlencode({"year": year, "format": format, "language": language})
    size = call.house.save("GET", f"/figures/report?{asked_for}", report)

    def draw(console: Console) -> None:
        console.print(f"Written to {report}: {size} bytes.")

    return Shown({"file": str(report), "year": year, "bytes": size}, draw)
