"""Which house does the command line speak to, and as whom?

In order: what the options say; ROGATORY_URL and ROGATORY_TOKEN; the houses of the running demo under
`var/` (ROGATORY_VAR), whose addresses and tokens lie there in files only their owner can read.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from desk.client import House
from schemas.errors import BadInput, NotFound, Unavailable

_TOKEN = re.compile(r"[\x21-\x7e]{1,512}")

USUAL_HOUSE = "de"
"""Folder of the demo's requesting house: the one meant when nothing else is said."""


@dataclass(frozen=True)
class Wish:
    """What the options say: `house` an address or a name, `user` whose token, `token_file` its file."""

    house: str | None = None
    user: str | None = None
    token_file: Path | None = None


def var_folder() -> Path:
    """Where the houses of this machine live."""
    return Path(os.environ.get("ROGATORY_VAR", "var"))


def homes(var: Path | None = None) -> dict[str, Path]:
    """Home folders under `var`, by folder name."""
    root = var or var_folder()
    return {path.parent.name: path.parent for path in sorted(root.glob("*/house.toml"))}


def home_of(name: str, var: Path | None = None) -> Path:
    """The home folder that `name` means: folder name, house id or State, in any case. Raises NotFound."""
    known = homes(var)
    wanted = name.lower()
    for folder, home in known.items():
        with (home / "house.toml").open("rb") as file:
            told = tomllib.load(file)
        if wanted in {folder.lower(), str(told.get("house", "")).lower(), str(told.get("state", "")).lower()}:
            return home
    raise NotFound(
        f"There is no house {name!r} here.",
        where=str(var or var_folder()),
        next_step=f"known: {', '.join(known)}"
        if known
        else "start the houses with `make demo` or `make run`",
    )


def address_of(home: Path) -> str:
    """The address at which the house of `home` serves now. Raises Unavailable when it is not running."""
    file = home / "run" / "api.json"
    try:
        return str(json.loads(file.read_text("utf-8"))["url"])
    except (OSError, ValueError, KeyError):
        raise Unavailable(
            f"The house {home.name} is not running.",
            where=str(home),
            next_step="start it with `make run`, or name another one with --house or ROGATORY_URL",
        ) from None


def visit(wish: Wish, usually: str = "officer") -> House:
    """The house to speak to. `usually`: whose token of the demo to take when nobody is named."""
    url = os.environ.get("ROGATORY_URL", "")
    if wish.house and "://" in wish.house:
        return House(wish.house, _given_token(wish))
    if url and not wish.house:
        return House(url, _given_token(wish))
    home = home_of(wish.house or USUAL_HOUSE)
    return House(address_of(home), _token_of(home, wish, usually))


def _given_token(wish: Wish) -> str:
    if wish.token_file is not None:
        return _read(wish.token_file)
    if token := os.environ.get("ROGATORY_TOKEN", "").strip():
        return _sound(token, "ROGATORY_TOKEN")
    raise BadInput("No token was given.", next_step="set ROGATORY_TOKEN, or name a file with --token-file")


def _token_of(home: Path, wish: Wish, usually: str) -> str:
    if wish.token_file is not None:
        return _read(wish.token_file)
    user = wish.user or os.environ.get("ROGATORY_AS", "")
    given = os.environ.get("ROGATORY_TOKEN", "").strip()
    if given and not user:
        return given
    folder = home / "tokens"
    file = folder / (user or usually)
    if file.name != (user or usually) or not file.is_file():
        known = sorted(path.name for path in folder.glob("*")) if folder.is_dir() else []
        raise BadInput(
            f"No token of {user or usually!r} lies here.",
            where=str(folder),
            next_step=f"--as one of: {', '.join(known)}" if known else "set ROGATORY_TOKEN",
        )
    return _read(file)


def _read(file: Path) -> str:
    try:
        return _sound(file.read_text("utf-8").strip(), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("The token cannot be read.", where=str(file), next_step=str(error)) from error


def _sound(token: str, where: str) -> str:
    """A token is one word; anything else could not even be sent."""
    if not _TOKEN.fullmatch(token):
        raise BadInput("This is no token.", where=where, next_step="ask the operator: rogatory people token")
    return token
