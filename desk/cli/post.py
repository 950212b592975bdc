"""Commands about how letters and notices travel: post, notification, received, resend; and `house mail`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from desk import show_post
from desk.cli.cases import Ref, attached
from desk.cli.frame import Call, Shown, command
from desk.cli.given import case_path, moment_of
from desk.cli.installation import Home, settings_at
from desk.cli.moves import make

Message = Annotated[str, typer.Argument(help="The message, as `post` names it.")]


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`; `mail` into the group `house` that is there."""
    command(app, "post", usually="officer")(post)
    command(app, "notification", usually="officer")(notification)
    command(app, "received", usually="officer")(received)
    command(app, "resend", usually="officer")(resend)
    house = next(group.typer_instance for group in app.registered_groups if group.name == "house")
    if house is None:
        raise LookupError("the group `house` is made before this one")
    command(house, "mail", local=True)(mail)


def post(
    call: Call,
    ref: Ref,
    message: Annotated[str | None, typer.Argument(help="Only this message.")] = None,
) -> Shown:
    """Show how the letters of a case travel, and step by step what to do for those carried by hand."""
    told = call.house.get(case_path(ref, "post"), message=message)
    return Shown(told["items"], show_post.letters(told["items"]))


def notification(call: Call, ref: Ref) -> Shown:
    """Show which authority to tell of an order on a provider, how, and until when the data wait for it."""
    told = call.house.get(case_path(ref, "notification"))
    return Shown(told, show_post.notification(told, ref))


def received(
    call: Call,
    ref: Ref,
    message: Message,
    proof: Annotated[str, typer.Option("--proof", help="How we know.")],
    on: Annotated[str, typer.Option("--on", help="Day or time it happened.")],
    document: Annotated[
        Path | None, typer.Option("--document", help="The proof itself; it is kept with the case.")
    ] = None,
) -> Shown:
    """Record that they received a message, with what proves it."""
    fields: dict[str, Any] = {"note": proof, "happened_at": moment_of(on), "by_post": True}
    return make(call, ref, "delivered", message=message, receipt=_digest(call, ref, document), **fields)


def resend(
    call: Call,
    ref: Ref,
    message: Message,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays on the case.")],
) -> Shown:
    """Have a carrier bring a message once more, also one that was refused, under its old id."""
    now = datetime.now(UTC).isoformat()
    return make(call, ref, "posted", message=message, proof=reason, happened_at=now, result="again")


def mail(
    address: Annotated[str, typer.Argument(help="Where letters of other houses shall come.")],
    home: Home = "de",
) -> Shown:
    """Let a house exchange letters by mail too: a key and certificate for it, told in its trust entry."""
    from desk.mailkey import take_mail

    settings = settings_at(home)
    entry = take_mail(settings, address)
    fingerprint = entry.certificates[-1].fingerprint
    told = {"house": entry.id, "email": address, "certificate": fingerprint}
    lines = [
        f"Letters for {entry.id} may come to {address}; certificate for mail {fingerprint}.",
        "Next: set exchange_mail, smtp_host and imap_host in house.toml, and introduce the house again.",
    ]
    return Shown(told, lambda console: console.print("\n".join(lines)))


def _digest(call: Call, ref: str, document: Path | None) -> str | None:
    return None if document is None else str(attached(call, ref, document)["digest"])
