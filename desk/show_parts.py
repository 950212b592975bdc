"""What are the pieces of everything that is shown on a terminal: words in colour, moments, tables, blocks?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

Json = Mapping[str, Any]

SET_BY_THEM = "set-by-the-other-side"
"""Among the codes of how a limit was counted: the other side named the moment."""

VERDICT_STYLE = {"yes": "green", "no": "red", "unknown": "yellow"}
STATUS_STYLE = {
    "draft": "yellow",
    "approved": "cyan",
    "sent": "cyan",
    "received": "cyan",
    "accepted": "green",
    "executed": "green",
    "partly-executed": "green",
    "refused": "red",
    "withdrawn": "red",
    "closed": "dim",
    "running": "cyan",
    "met": "green",
    "missed": "bold red",
    "confirmed": "green",
    "offered": "yellow",
    "overdue": "bold red",
    "delivered": "green",
    "queued": "yellow",
    "relayed": "cyan",
    "by-hand": "yellow",
    "uncertain": "bold red",
}


def verdict(word: str) -> Text:
    """A verdict in its colour; the word itself says it too."""
    return Text(word, style=VERDICT_STYLE.get(word, ""))


def status(word: str) -> Text:
    return Text(word, style=STATUS_STYLE.get(word, ""))


def moment(text: str | None) -> str:
    """`2026-11-21 18:04` (UTC) from an ISO time; the empty string from none."""
    if not text:
        return ""
    try:
        return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return text


def day(text: str | None) -> str:
    return moment(text)[:10]


def short(digest: str | None) -> str:
    """The beginning of a digest, enough for the eye; `--json` has all of it."""
    return digest.removeprefix("sha256:")[:8] + "…" if digest else ""


def function(name: object) -> str:
    """`central authority`, `24/7 point`: how people say the name of a function."""
    return str(name or "").replace("24-7-point", "24/7 point").replace("-", " ")


def holder(told: Json) -> str:
    """`de, central authority` or `us, court (judge)`."""
    actor = f" ({told['actor']})" if told.get("actor") else ""
    return f"{told['house']}, {function(told['function'])}{actor}"


def rests_on(entry: Json) -> str:
    """What a time limit rests on: its article, the word of the other side, or our own practice."""
    if entry["law"]:
        return f"{entry['instrument']} {entry['article']}".strip()
    return "their word" if SET_BY_THEM in str(entry.get("count") or "") else "our own practice"


def table(*columns: str) -> Table:
    """A plain table: words wrap, lines are few, nothing is cut off. A `!name` stays on one line."""
    made = Table(box=None, pad_edge=False)
    for column in columns:
        name = column.removeprefix("!")
        made.add_column(name, header_style="dim", overflow="fold", no_wrap=name != column)
    return made


def facts(pairs: Iterable[tuple[str, RenderableType | None]]) -> Table:
    """Names on the left, what is known on the right; what is not known is left out."""
    made = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    made.add_column(style="dim", no_wrap=True)
    made.add_column(overflow="fold")
    for name, value in pairs:
        if value is not None and str(value) != "":
            made.add_row(name, value)
    return made


def block(title: str, inside: RenderableType) -> RenderableType:
    return Group(Text(title, style="bold"), Padding(inside, (0, 0, 0, 2)))


def lines(console: Console, parts: Iterable[RenderableType]) -> None:
    """Prints the parts with an empty line between."""
    for number, part in enumerate(parts):
        if number:
            console.print()
        console.print(part)
