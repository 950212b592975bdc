"""Commands about people and old registers: `user add|token`, `me`, `import`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from desk import show
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
    user = typer.Typer(help="People and machines of the house.")
    command(user, "add", usually="operator")(add_user)
    command(user, "token", usually="operator")(token)
    app.add_typer(user, name="user")
    command(app, "me")(me)
    command(app, "import")(take_over)


def add_user(
    call: Call,
    id: Annotated[str, typer.Argument(help="Account; no name of a third person.")],
    role: Annotated[list[str], typer.Option("--role", help="Repeat for several.")],
    agency: Annotated[str, typer.Option("--agency", help="Where they work.")] = "central-authority",
) -> Shown:
    """Add an account with its roles."""
    roles = [word(Role, each, "--role").value for each in role]
    told = call.house.post("/users", {"id": id, "roles": roles, "agency": agency}, key=call.key)
    return Shown(told, lambda console: console.print(f"{id}: {', '.join(roles)}, {agency}"))


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


def me(call: Call) -> Shown:
    """Tell as whom we speak, and with which roles."""
    told = call.house.get("/me")
    pairs = [
        (name, ", ".join(value) if isinstance(value, list) else str(value)) for name, value in told.items()
    ]
    return Shown(told, lambda console: console.print(show.facts(pairs)))


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
