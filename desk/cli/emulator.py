"""Commands about providers: `provider add|list`, and `provider-emulator`, a provider that is none."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from desk.cli.frame import JsonOption, Shown, command
from desk.cli.visit import home_of
from desk.screen import Screen
from schemas.errors import BadInput, Conflict
from schemas.settings import Settings, settings_of

Home = Annotated[str, typer.Option("--home", help="Home folder of the house, or its name under var.")]


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    provider = typer.Typer(help="Providers this house writes to directly (ETSI TS 103 120).")
    command(provider, "add", local=True)(add_provider)
    command(provider, "list", local=True)(list_providers)
    app.add_typer(provider, name="provider")
    command(app, "provider-emulator", local=True)(emulator)


def add_provider(
    key: Annotated[str, typer.Argument(help="Key of the provider, as requests name it.")],
    name: Annotated[str, typer.Option("--name", help="What it is called.")],
    country: Annotated[str, typer.Option("--country", help="Its country in message headers.")],
    url: Annotated[str, typer.Option("--url", help="https://..., or http:// on this machine.")],
    identifier: Annotated[str, typer.Option("--identifier", help="Its identifier in message headers.")],
    our_identifier: Annotated[str, typer.Option("--our-identifier", help="How it knows us.")],
    source: Annotated[str, typer.Option("--source", help="Where all this was told to us.")],
    our_country: Annotated[str | None, typer.Option("--our-country", help="Ours if not said.")] = None,
    token_file: Annotated[Path | None, typer.Option("--token-file", help="File with a bearer token.")] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", help="Client certificate, PEM.")
    ] = None,
    certificate_key: Annotated[Path | None, typer.Option("--certificate-key", help="Its key, PEM.")] = None,
    authority: Annotated[
        Path | None, typer.Option("--authority", help="Certificate that the provider's is checked against.")
    ] = None,
    public_key: Annotated[
        str | None, typer.Option("--public-key", help="Ed25519 key (x of the JWK).")
    ] = None,
    invented: Annotated[bool, typer.Option("--invented", help="It is the emulator, no real one.")] = False,
    home: Home = "de",
) -> Shown:
    """Enter a provider in the address book of a house, in the place of what was there under its key."""
    from desk.providers import enter

    settings = _settings(home)
    told: dict[str, Any] = {
        "key": key,
        "name": name,
        "country": country,
        "url": url,
        "identifier": identifier,
        "our_country": our_country or settings.state,
        "our_identifier": our_identifier,
        "token_file": _whole(token_file),
        "certificate": _whole(certificate),
        "certificate_key": _whole(certificate_key),
        "authority": _whole(authority),
        "public_key": {"x": public_key} if public_key else None,
        "source": source,
        "invented": invented,
    }
    entered = enter(settings, told)
    return Shown(entered, lambda console: console.print(f"{key}: {entered['url']}, entered."))


def list_providers(home: Home = "de") -> Shown:
    """List the providers in the address book of a house."""
    from desk.providers import entered

    rows = entered(_settings(home))

    def draw(console: Console) -> None:
        for row in rows:
            mark = " (invented)" if row["invented"] else ""
            console.print(f"{row['key']}{mark}: {row['name']}, {row['url']}; source: {row['source']}")
        if not rows:
            console.print("No provider is entered: `rogatory provider add`.")

    return Shown({"providers": rows}, draw)


def emulator(
    port: Annotated[int, typer.Option("--port", help="Where it serves; 0: any free port.")] = 8090,
    state: Annotated[Path, typer.Option("--state", help="Its own file.")] = Path("var/emulator.sqlite"),
    behave: Annotated[
        list[str] | None,
        typer.Option("--behave", help="NAME[=VALUE][*TIMES][@ACCOUNT], repeated for several."),
    ] = None,
    identifier: Annotated[
        str, typer.Option("--identifier", help="Its identifier in message headers.")
    ] = "ROGATORY-EMULATOR",
    token_file: Annotated[
        Path | None, typer.Option("--token-file", help="Ask callers for this bearer token.")
    ] = None,
    as_json: JsonOption = False,
) -> Shown:
    """Run an invented provider until Ctrl-C: it answers, delays, refuses, loses or contradicts as told."""
    from desk.emulator.provider import Emulator
    from desk.emulator.server import serving
    from desk.emulator.store import Store

    if "EMULATOR" not in identifier.upper():
        raise BadInput(
            "The emulator says in its name what it is.",
            where="--identifier",
            next_step="choose an identifier with EMULATOR in it",
        )
    token = token_file.read_text("ascii").strip() if token_file is not None else None
    state.parent.mkdir(parents=True, exist_ok=True)
    store = Store(state)
    provider = Emulator(store, behave or (), identifier=identifier, token=token)
    console = Screen(errors=as_json)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        with serving(provider, port) as url:
            console.print(f"Provider emulator (no real data) at {url}, steered at {url}/control.")
            console.print("Ctrl-C ends it.")
            ended.wait()
    except OSError as error:
        raise Conflict(
            f"Port {port} cannot be used: {error.strerror}.", where="--port", next_step="choose another port"
        ) from None
    finally:
        store.close()
    return Shown(provider.identifier, lambda screen: screen.print("The emulator has ended."))


def _whole(path: Path | None) -> str | None:
    return str(path.absolute()) if path is not None else None


def _settings(home: str) -> Settings:
    folder = Path(home)
    return settings_of(folder if (folder / "house.toml").is_file() else home_of(home))
