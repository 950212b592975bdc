"""Commands that move a case at any time: hold, posted, `move` for any event, `record` for post."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from desk.cli.cases import Ref, attached
from desk.cli.frame import Call, Shown, command
from desk.cli.given import case_path, moment_of, pairs_of, tree_of
from desk.cli.moves import Reason, make
from schemas.errors import BadInput, NotFound

BY_A_PERSON = ("by-hand", "uncertain")
"""Messages whose way only a person can tell."""


def only_message(call: Call, ref: str) -> str:
    """The one message that a person has to settle; spares typing its long name."""
    outbox = call.house.get(case_path(ref)).get("outbox") or ()
    waiting = [
        str(each["id"]) for each in outbox if each["status"] in BY_A_PERSON and not each.get("settled")
    ]
    if len(waiting) == 1:
        return waiting[0]
    if not waiting:
        raise NotFound("No message waits to be settled.", where=ref, next_step=f"see `rogatory show {ref}`")
    raise BadInput("Several wait: say which message.", where=ref, next_step=f"one of: {', '.join(waiting)}")


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    for name, function in (
        ("hold", hold),
        ("posted", posted),
        ("move", move),
        ("record", record),
    ):
        command(app, name, usually="officer")(function)


def hold(
    call: Call,
    ref: Ref,
    reason: Reason,
    on: Annotated[bool, typer.Option("--on/--off", help="Legal hold.")] = True,
) -> Shown:
    """Put a legal hold on a case, or lift it."""
    return make(call, ref, "hold", on=on, reason=reason)


def posted(
    call: Call,
    ref: Ref,
    proof: Annotated[str, typer.Option("--proof", help="How we know.")],
    on: Annotated[str, typer.Option("--on", help="Day or time it was posted.")],
    message: Annotated[
        str | None,
        typer.Argument(help="The message, as `show` names it; the only one that waits if not said."),
    ] = None,
    not_sent: Annotated[bool, typer.Option("--not-sent", help="It did not go after all.")] = False,
    document: Annotated[
        Path | None, typer.Option("--document", help="The proof itself; it is kept with the case.")
    ] = None,
) -> Shown:
    """Settle a message that travels by hand, or one whose outcome is unknown."""
    result = "not-sent" if not_sent else "posted"
    return make(
        call,
        ref,
        "posted",
        message=message or only_message(call, ref),
        proof=proof,
        happened_at=moment_of(on),
        result=result,
        document=attached(call, ref, document)["digest"] if document else None,
    )


Event = Annotated[str, typer.Argument(help="The event, as `show` lists them.")]
Set = Annotated[list[str] | None, typer.Option("--set", help="A field: name=value. Repeat as needed.")]
BodyFile = Annotated[Path | None, typer.Option("--body", help="Fields in a YAML or JSON file.")]


def move(call: Call, ref: Ref, event: Event, set: Set = None, body: BodyFile = None) -> Shown:
    """Make any move, by its event and fields."""
    return make(call, ref, event, **_fields(body, set))


def record(
    call: Call,
    ref: Ref,
    event: Event,
    on: Annotated[str, typer.Option("--on", help="Day or time it happened.")],
    set: Set = None,
    body: BodyFile = None,
) -> Shown:
    """Record what came from the other side by post, telephone or bag."""
    return make(call, ref, event, **{**_fields(body, set), "by_post": True, "happened_at": moment_of(on)})


def _fields(body: Path | None, words: list[str] | None) -> dict[str, Any]:
    told = tree_of(body) if body else {}
    if not isinstance(told, dict):
        raise BadInput("The file holds no fields.", where=str(body), next_step="write `name: value` lines")
    return {**told, **pairs_of(words or ())}
