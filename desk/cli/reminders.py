"""Commands about reminders: `calendar`, `notice test`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from desk.cli.frame import REFUSED, Call, Shown, command
from desk.cli.installation import Home, settings_at


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    command(app, "calendar")(calendar)
    notice = typer.Typer(help="Reminders by mail and webhook.")
    command(notice, "test", local=True)(try_notice)
    app.add_typer(notice, name="notice")


def calendar(
    call: Call,
    mine: Annotated[bool, typer.Option("--mine", help="Only what concerns me.")] = False,
    revoke: Annotated[bool, typer.Option("--revoke", help="End all my addresses instead.")] = False,
) -> Shown:
    """Make an address at which a calendar program sees what is due. Whoever has the address sees it too."""
    if revoke:
        ended = call.house.post("/me/calendar/revoke", key=call.key)
        return Shown(ended, lambda console: console.print(f"Ended: {ended['revoked']}."))
    told = call.house.post("/me/calendar", key=call.key)
    address = (told["address"] or call.house.url + told["path"]) + ("?mine=true" if mine else "")
    return Shown({**told, "address": address}, lambda console: console.print(address, soft_wrap=True))


def try_notice(
    home: Home = "de",
    to: Annotated[str | None, typer.Option("--to", help="One address; all mailboxes if not said.")] = None,
) -> Shown:
    """Send one test notice by every way that the house has set up, and tell what came of it."""
    # Imported here: signing and mail cost time that no other command needs to pay.
    from desk.notices import try_out

    tried = try_out(settings_at(home), to)

    def draw(console: Console) -> None:
        for each in tried:
            console.print(
                f"{each.way}: {'taken' if each.taken else 'NOT taken'}{each.why and '. ' + each.why}"
            )
        if not tried:
            console.print("Neither mail nor webhook is set up, or no mailbox. See docs/reminders.md.")

    told = [{"way": each.way, "taken": each.taken, "why": each.why} for each in tried]
    return Shown(told, draw, 0 if tried and all(each.taken for each in tried) else REFUSED)
