"""Commands that pass the case on: `handoff offer|accept|return|withdraw`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from desk.cli.cases import Ref
from desk.cli.frame import Call, Shown, command
from desk.cli.given import case_path, moment_of
from desk.cli.moves import Reason, make
from schemas.errors import BadInput, NotFound
from schemas.handoff import OPEN

Which = Annotated[str | None, typer.Argument(help="The handoff; the only open one if not named.")]


def add(app: typer.Typer) -> None:
    """Puts `handoff` into `app`."""
    inner = typer.Typer(help="Pass a case on: offered, accepted or returned; silence transfers nothing.")
    for name, function in (
        ("offer", offer),
        ("accept", accept),
        ("return", give_back),
        ("withdraw", withdraw),
    ):
        command(inner, name)(function)
    app.add_typer(inner, name="handoff")


def offer(
    call: Call,
    ref: Ref,
    to: Annotated[str, typer.Option("--to", help="FUNCTION, or HOUSE:FUNCTION, then /ACTOR for one person.")],
    why: Annotated[str, typer.Option("--why", help="What it is passed on for.")],
    due: Annotated[str | None, typer.Option("--due", help="Accept by this day.")] = None,
    document: Annotated[list[str] | None, typer.Option("--document", help="Digest that goes along.")] = None,
) -> Shown:
    """Offer the case to a function, a person, or the other house."""
    case = call.house.get(case_path(ref))
    number = len(case.get("handoffs") or ()) + 1
    receiver = _receiver(to, str(case["house"]))
    fields = {"why": why, "due": moment_of(due), "documents": document or None}
    return make(call, ref, "offer", id=f"{ref}.h{number}", receiver=receiver, **fields)


def accept(call: Call, ref: Ref, handoff: Which = None) -> Shown:
    """Accept a case that was offered."""
    return make(call, ref, "accept", id=handoff or _open(call, ref))


def give_back(call: Call, ref: Ref, reason: Reason, handoff: Which = None) -> Shown:
    """Return an offered case with a reason; it stays with the sender."""
    return make(call, ref, "return", id=handoff or _open(call, ref), reason=reason)


def withdraw(call: Call, ref: Ref, reason: Reason, handoff: Which = None) -> Shown:
    """Withdraw an offer that was not accepted yet."""
    return make(call, ref, "withdraw-offer", id=handoff or _open(call, ref), reason=reason)


def _receiver(text: str, house: str) -> dict[str, Any]:
    place, _, actor = text.partition("/")
    named, colon, function = place.rpartition(":")
    return {"house": named if colon else house, "function": function, "actor": actor or None}


def _open(call: Call, ref: str) -> str:
    handoffs = call.house.get(case_path(ref)).get("handoffs") or ()
    waiting = [str(entry["id"]) for entry in handoffs if entry["status"] in OPEN]
    if len(waiting) == 1:
        return waiting[0]
    if not waiting:
        raise NotFound("No handoff is open.", where=ref, next_step=f"see `rogatory show {ref}`")
    raise BadInput("Several are open: say which.", where=ref, next_step=f"one of: {', '.join(waiting)}")
