"""The command line: what can a person type? `rogatory --help`"""

from __future__ import annotations

import os
import sys

import typer

from desk.cli import (
    cases,
    emulator,
    evidence,
    figures,
    handoffs,
    installation,
    keys,
    law,
    ledger,
    letters,
    matters,
    moves,
    moves_any,
    people,
    post,
    rehearse,
    reminders,
    spoken,
    verify,
)
from desk.cli.frame import run


def made() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(
        name="rogatory",
        help="Routes cross-border requests in criminal matters and always knows who holds them.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    for module in (
        law,
        rehearse,
        cases,
        evidence,
        matters,
        moves,
        moves_any,
        handoffs,
        letters,
        ledger,
        figures,
        people,
        reminders,
        emulator,
        installation,
        post,
        keys,
        verify,
    ):
        module.add(app)
    # last, since it gives a command to whatever has none yet
    spoken.add(app)
    return app


def main() -> None:
    """Entry point: runs the command line and ends the process with its exit status."""
    code = run(made(), sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # A process that ever touched the engine's library may be torn down badly by the interpreter; nothing of
    # ours is left to do here, so it ends at once.
    os._exit(code)
