"""Commands that run on the machine itself: `up`, `demo`, `backup`, `restore`, `house new|introduce`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from desk import show_parts
from desk.cli.frame import JsonOption, Shown, command
from desk.cli.visit import home_of, var_folder
from desk.screen import Screen
from schemas.errors import BadInput
from schemas.settings import Settings, settings_of

Var = Annotated[
    Path | None, typer.Option("--var", help="Folder of the houses; ROGATORY_VAR or var if not said.")
]
Once = Annotated[
    bool, typer.Option("--once", help="End when it is done, with exit status 0 if all went well.")
]
Home = Annotated[str, typer.Option("--home", help="Home folder of the house, or its name under var.")]
TemporalFile = Annotated[
    Path | None,
    typer.Option("--temporal-db", help="SQLite file of the embedded Temporal server, if it is to go along."),
]


def add(app: typer.Typer) -> None:
    """Puts the commands of this module into `app`."""
    command(app, "up", local=True)(up)
    command(app, "demo", local=True)(demo)
    command(app, "backup", local=True)(backup)
    command(app, "restore", local=True)(restore)
    house = typer.Typer(help="Make houses and make them known to each other.")
    command(house, "new", local=True)(new)
    command(house, "introduce", local=True)(introduce)
    app.add_typer(house, name="house")


# What these commands need is imported inside: it costs time that `ask` need not pay.


def up(var: Var = None, once: Once = False, as_json: JsonOption = False) -> Shown:
    """Start the embedded server and the houses, and stay up until Ctrl-C."""
    from desk import up as starting

    return starting.stay(var or var_folder(), once=once, screen=Screen(errors=as_json))


def demo(var: Var = None, once: Once = False, as_json: JsonOption = False) -> Shown:
    """Show one case from the question to its closing, between two houses; then stay up until Ctrl-C."""
    from desk import demo as walking

    return walking.show_it(var or var_folder(), once=once, console=Screen(errors=as_json))


def backup(
    archive: Annotated[Path, typer.Argument(help="File to write (tar.gz).")],
    home: Home = "de",
    temporal_db: TemporalFile = None,
) -> Shown:
    """Back up a house, also while it runs. Never inside: the master key, the signing key, the trust list."""
    from records.backup import backup as write
    from records.open import open_records

    records = open_records(settings_at(home))
    try:
        counts = write(records, archive, temporal_db)
    finally:
        records.close()
    return _counted({"archive": str(archive), "counts": counts}, f"{archive} is written.")


def restore(
    archive: Annotated[Path, typer.Argument(help="A backup.")],
    home: Home = "de",
    temporal_db: TemporalFile = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace what the house holds now.")] = False,
) -> Shown:
    """Fill a house from a backup; the house is stopped, has its keys, and is empty unless --replace."""
    from records.backup import restore as read

    settings = settings_at(home)
    counts = read(settings, archive, temporal_db, replace=replace)
    told = "Restored. Start the house, then let its cases go on from it: rogatory case revive --force"
    return _counted({"home": str(settings.home), "counts": counts}, told)


def new(
    home: Annotated[Path, typer.Argument(help="Its home folder, still empty.")],
    house: Annotated[str, typer.Option("--id", help="Its name among houses, short and stable.")],
    state: Annotated[str, typer.Option("--state", help="Its State.")],
    name: Annotated[str, typer.Option("--name", help="What people call it.")],
    time_zone: Annotated[str, typer.Option("--time-zone", help="Such as Europe/Berlin.")] = "UTC",
    port: Annotated[int, typer.Option("--port", help="Where its API serves.")] = 8080,
) -> Shown:
    """Make a new house: its folder, keys and database."""
    from desk.ask import state as known_state
    from desk.house import new_house
    from treaties.load import shipped

    state = known_state(shipped(), state, "--state")
    new_house(home, house, state, name, time_zone, port)
    told = {"home": str(home), "house": house, "state": state}
    return Shown(
        told, lambda console: console.print(f"Made: {home}. Its keys lie in {home / 'keys'}; keep a copy.")
    )


def introduce(
    one: Annotated[Path, typer.Argument(help="Home folder of the one.")],
    other: Annotated[Path, typer.Argument(help="Home folder of the other.")],
) -> Shown:
    """Make two houses of this machine known to each other."""
    from desk.house import introduce as make_known

    make_known(one, other)
    told = {"introduced": [str(one), str(other)]}
    return Shown(told, lambda console: console.print("They know each other's keys and addresses now."))


def settings_at(home: str) -> Settings:
    folder = Path(home)
    if not (folder / "house.toml").is_file():
        if folder.is_absolute() or len(folder.parts) > 1:
            raise BadInput("That is no house.", where=home, next_step="name a folder that holds a house.toml")
        folder = home_of(home)
    return settings_of(folder)


def _counted(data: dict[str, Any], told: str) -> Shown:
    def draw(console: Console) -> None:
        console.print(told)
        console.print(show_parts.facts((name, f"{count:,}") for name, count in data["counts"].items()))

    return Shown(data, draw)
