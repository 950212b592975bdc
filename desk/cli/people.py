"""Commands about people and old registers: `people add|invite|token|absent|leave|…`, `me`, `import`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from desk import show_parts
from desk.cli.frame import REFUSED, Call, Shown, command
from desk.cli.given import content_of
from schemas.errors import BadInput
from schemas.vocabulary import Role, word

MEDIA = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    people = typer.Typer(help="People and machines of the house.")
    command(people, "list", usually="operator")(list_people)
    command(people, "add", usually="operator")(add_user)
    command(people, "roles", usually="operator")(roles)
    command(people, "close", usually="operator")(close)
    command(people, "operator", local=True)(operator)
    command(people, "invite", usually="operator")(invite)
    command(people, "reset", usually="operator")(reset)
    command(people, "access", usually="operator")(access)
    command(people, "sign-out", usually="operator")(sign_out)
    command(people, "token", usually="operator")(token)
    command(people, "revoke", usually="operator")(revoke)
    command(people, "email", usually="operator")(email)
    command(people, "absent", usually="approver")(absent)
    command(people, "absences")(absences)
    command(people, "back", usually="approver")(back)
    command(people, "leave", usually="approver")(leave)
    app.add_typer(people, name="people")
    command(app, "me")(me)
    command(app, "import")(take_over)


def list_people(call: Call) -> Shown:
    """Every account of the house, closed ones too."""
    told = call.house.get("/users")

    def draw(console: Console) -> None:
        table = show_parts.table("account", "roles", "agency", "e-mail", "")
        for each in told["items"]:
            marks = [word for word in ("quiet", "closed") if each[word]]
            roles = ", ".join(each["roles"])
            table.add_row(each["id"], roles, each["agency"], each["email"] or "", ", ".join(marks))
        console.print(table)

    return Shown(told, draw)


def add_user(
    call: Call,
    id: Annotated[str, typer.Argument(help="Account; no name of a third person.")],
    role: Annotated[list[str], typer.Option("--role", help="Repeat for several.")],
    agency: Annotated[str, typer.Option("--agency", help="Where they work.")] = "central-authority",
    email: Annotated[str | None, typer.Option("--email", help="Where to remind them.")] = None,
) -> Shown:
    """Add an account with its roles."""
    roles = [word(Role, each, "--role").value for each in role]
    body = {"id": id, "roles": roles, "agency": agency, "email": email}
    told = call.house.post("/users", body, key=call.key)
    return Shown(told, lambda console: console.print(f"{id}: {', '.join(roles)}, {agency}"))


def roles(
    call: Call,
    id: Annotated[str, typer.Argument(help="The account.")],
    role: Annotated[list[str], typer.Option("--role", help="Repeat for several; all it has from now on.")],
) -> Shown:
    """Give an account these roles instead of those it has."""
    wanted = [word(Role, each, "--role").value for each in role]
    told = call.house.post(f"/users/{id}/roles", {"roles": wanted}, key=call.key)
    return Shown(told, lambda console: console.print(f"{id}: {', '.join(told['roles'])}"))


def close(call: Call, id: Annotated[str, typer.Argument(help="The account.")]) -> Shown:
    """Close an account with its sessions, tokens and ways to sign in. If it holds cases: `people leave`."""
    told = call.house.post(f"/users/{id}/close", key=call.key)
    return Shown(told, lambda console: console.print(f"{id}: closed."))


def operator(
    id: Annotated[str, typer.Argument(help="The account; made if it is not there.")],
    home: Annotated[str, typer.Option("--home", help="Home folder of the house, or its name under var.")],
) -> Shown:
    """Let the first operator of a house in, or one who cannot sign in any more. On the machine itself."""
    from desk.cli.installation import settings_at
    from desk.first import let_operator_in

    told = let_operator_in(settings_at(home), id)
    return Shown(told, lambda console: _link(console, told))


def invite(call: Call, id: Annotated[str, typer.Argument(help="The account.")]) -> Shown:
    """Make a link by which the account's owner chooses how to sign in: once, within 72 hours."""
    told = call.house.post(f"/users/{id}/invitation", key=call.key)
    return Shown(told, lambda console: _link(console, told))


def reset(call: Call, id: Annotated[str, typer.Argument(help="The account.")]) -> Shown:
    """End an account's sessions and ways to sign in, and invite its owner anew."""
    told = call.house.post(f"/users/{id}/reset", key=call.key)
    return Shown(told, lambda console: _link(console, told))


def access(call: Call, id: Annotated[str, typer.Argument(help="The account.")]) -> Shown:
    """Show what opens an account: ways to sign in, sessions, tokens. No secrets."""
    told = call.house.get(f"/users/{id}/access")

    def draw(console: Console) -> None:
        table = show_parts.table("what", "", "made", "used or ends")
        for way in told["ways"]:
            table.add_row(way["kind"], way["label"], _minute(way["made"]), _minute(way["used"]))
        for each in told["sessions"]:
            table.add_row("session", each["means"], _minute(each["made"]), _minute(each["seen"]))
        for each in told["tokens"]:
            what = "calendar" if each["calendar"] else "token"
            table.add_row(what, each["number"], _minute(each["made"]), _minute(each["expires"]))
        console.print(table)

    return Shown(told, draw)


def sign_out(call: Call, id: Annotated[str, typer.Argument(help="The account.")]) -> Shown:
    """End every session of an account."""
    told = call.house.post(f"/users/{id}/sessions/end", key=call.key)
    return Shown(told, lambda console: console.print(f"{id}: sessions ended: {told['ended']}"))


def revoke(
    call: Call,
    id: Annotated[str, typer.Argument(help="The account.")],
    number: Annotated[str, typer.Argument(help="Number of the token, as `people access` shows it.")],
) -> Shown:
    """End a token now."""
    told = call.house.post(f"/users/{id}/tokens/{number}/revoke", key=call.key)
    return Shown(told, lambda console: console.print(f"{id}: the token {number} opens nothing any more."))


def token(
    call: Call,
    id: Annotated[str, typer.Argument(help="The account.")],
    scope: Annotated[
        list[str] | None, typer.Option("--scope", help="Fewer roles than the account has.")
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=3660, help="Ends after so many days.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write it to, for its owner only.")
    ] = None,
) -> Shown:
    """Make a token; it is shown once and kept only as a hash."""
    scopes = [word(Role, each, "--scope").value for each in scope] if scope else None
    expires = (datetime.now(UTC) + timedelta(days=days)).isoformat() if days else None
    body = {name: value for name, value in (("scopes", scopes), ("expires", expires)) if value is not None}
    told = call.house.post(f"/users/{id}/tokens", body, key=call.key)
    if out is not None:
        out.touch(mode=0o600)
        out.write_text(told["token"] + "\n", "ascii")

    def draw(console: Console) -> None:
        console.print(f"Written to {out}." if out else told["token"], soft_wrap=True)

    return Shown(told, draw)


def email(
    call: Call,
    id: Annotated[str, typer.Argument(help="The account.")],
    address: Annotated[str | None, typer.Argument(help="Where to remind them; nowhere if not said.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Only of what is urgent.")] = False,
) -> Shown:
    """Say where somebody is reminded, or that they are not."""
    told = call.house.post(f"/users/{id}/reminders", {"email": address, "quiet": quiet}, key=call.key)
    what = f"reminded at {address}" if address else "not reminded"
    return Shown(told, lambda console: console.print(f"{id}: {what}{', only of what is urgent' * quiet}"))


def absent(
    call: Call,
    id: Annotated[str, typer.Argument(help="Who is away.")],
    deputy: Annotated[str, typer.Option("--deputy", help="Who stands in, with their own roles.")],
    since: Annotated[str, typer.Option("--from", help="First day away.")],
    until: Annotated[str | None, typer.Option("--until", help="First day back, if known.")] = None,
) -> Shown:
    """Record that somebody is away and who stands in: then the deputy may do what concerns them."""
    body = {"account": id, "deputy": deputy, "since": since, "until": until}
    told = call.house.post("/absences", body, key=call.key)
    return Shown(told, lambda console: console.print(_absence(told)))


def absences(call: Call) -> Shown:
    """Who is away now or will be, and who stands in."""
    told = call.house.get("/absences")

    def draw(console: Console) -> None:
        for each in told["items"]:
            console.print(_absence(each))
        if not told["items"]:
            console.print("Nobody is away.")

    return Shown(told, draw)


def back(
    call: Call,
    number: Annotated[int, typer.Argument(help="Number of the absence, as `people absences` shows it.")],
) -> Shown:
    """End an absence today."""
    told = call.house.post(f"/absences/{number}/end", key=call.key)
    return Shown(told, lambda console: console.print(f"{told['account']} is back on {told['ended']}."))


def leave(
    call: Call,
    id: Annotated[str, typer.Argument(help="Who leaves.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays on the cases.")],
    to: Annotated[str | None, typer.Option("--to", help="Who takes over; the function if not said.")] = None,
) -> Shown:
    """Give all that a leaver holds or was offered to another, and close the account; again goes on."""
    told = call.house.post(f"/users/{id}/leave", {"to": to, "reason": reason}, key=call.key)

    def draw(console: Console) -> None:
        for ref in told["moved"]:
            console.print(f"{ref}: now with {to or 'the function'}")
        for each in told["stuck"]:
            console.print(Text.assemble((f"{each['ref']}: still with {id}. ", "red"), each["what"]))
        console.print(f"{id}: the account is closed. Moved: {len(told['moved'])}.")
        if told["deputy_for"]:
            console.print(f"Name another deputy for: {', '.join(told['deputy_for'])}.")

    return Shown(told, draw, REFUSED if told["stuck"] else 0)


def _link(console: Console, told: dict[str, Any]) -> None:
    console.print(told["address"], soft_wrap=True)
    console.print(f"For {told['id']} alone, once, until {_minute(told['ends'])}. It is shown only now.")


def _minute(moment: str | None) -> str:
    return moment[:16].replace("T", " ") + " UTC" if moment else ""


def _absence(told: dict[str, Any]) -> str:
    until = f"until {told['until']}" if told["until"] else "until further notice"
    return f"{told['number']}: {told['account']} from {told['since']} {until}; {told['deputy']} stands in"


def me(call: Call) -> Shown:
    """Tell as whom we speak, and with which roles."""
    told = call.house.get("/me")
    pairs = [
        (name, ", ".join(value) if isinstance(value, list) else str(value)) for name, value in told.items()
    ]
    return Shown(told, lambda console: console.print(show_parts.facts(pairs)))


def take_over(
    call: Call,
    register: Annotated[Path, typer.Argument(help="CASES.csv or CASES.xlsx")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check every row.")] = False,
) -> Shown:
    """Take open cases over from an office's old register; their history is marked as taken over."""
    media = MEDIA.get(register.suffix.lower())
    if media is None:
        raise BadInput(
            "Neither CSV nor XLSX.", where=str(register), next_step="save the register as one of them"
        )
    only_check = "true" if dry_run else None
    told = call.house.send("/imports", content_of(register), media, key=call.key, dry_run=only_check)
    refused = told.get("refused") or []

    def draw(console: Console) -> None:
        if dry_run:
            console.print(f"Ready to be taken over: {told['ready']}. Nothing was taken.")
        else:
            console.print(f"Taken over: {len(told['taken'])}.")
        for entry in refused:
            console.print(
                Text.assemble((f"{entry.get('where', '')}: ", "dim"), str(entry.get("what", entry)))
            )

    return Shown(told, draw, REFUSED if refused else 0)
