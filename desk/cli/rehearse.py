"""The command `rehearse`: what would be due when, if this request went out today? No house is needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from desk.ask import day
from desk.cli.frame import Shown, command
from desk.cli.given import request_of
from desk.rehearsal_plans import ASSUMPTIONS
from schemas.errors import BadInput
from treaties.load import OVERLAY


def add(app: typer.Typer) -> None:
    """Puts the command of this module into `app`."""
    command(app, "rehearse", local=True)(rehearse)


@contextmanager
def _law_beside(request: Path) -> Iterator[None]:
    beside = request.absolute().parent / "overlay"
    if os.environ.get(OVERLAY) or not beside.is_dir():
        yield
        return
    os.environ[OVERLAY] = str(beside)
    try:
        yield
    finally:
        del os.environ[OVERLAY]


def rehearse(
    request: Annotated[Path, typer.Argument(help="The request, as YAML or JSON.")],
    assume: Annotated[
        list[str] | None,
        typer.Option("--assume", help=f"What becomes of it; repeat for several: {', '.join(ASSUMPTIONS)}."),
    ] = None,
    begin: Annotated[
        str | None, typer.Option("--begin", help="Day on which it is filed and sent; today if not said.")
    ] = None,
    ics: Annotated[
        Path | None, typer.Option("--ics", help="Also write the dates as a calendar file.")
    ] = None,
    scratch: Annotated[
        Path | None, typer.Option("--scratch", help="Folder in which a house is made and removed again.")
    ] = None,
) -> Shown:
    """Run the case of a request to its end on skipped time, and print what would be due when, and from whom.

    Nothing is sent and nobody is reminded. A folder `overlay` beside the request adds to the law, unless
    another one is set: so the examples know their invented providers."""
    # What this needs is imported inside: it costs time that other commands need not pay.
    from desk import rehearsal, show_rehearsal

    with _law_beside(request):
        told = rehearsal.rehearse(request_of(request), assume or (), day(begin, "--begin"), scratch)
    if ics is not None:
        try:
            ics.write_bytes(show_rehearsal.events(told))
        except OSError as error:
            raise BadInput(
                "The calendar cannot be written.", where=str(ics), next_step=error.strerror or "name another"
            ) from error
    return Shown(told, show_rehearsal.rehearsed(told))
