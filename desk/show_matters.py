"""What do a matter, its clocks, the holders and the transfers of a case look like on a terminal?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

from desk import show
from desk.show_parts import block, day, function, holder, moment, short, status, table
from schemas.lifecycle import PRACTICE_CLOCKS

Json = Mapping[str, Any]

HOUR, DAY = 3600, 86_400
_OWN_PRACTICE = frozenset(each.clock for clocks in PRACTICE_CLOCKS.values() for each in clocks)


def matters(rows: Sequence[Json]) -> Callable[[Console], None]:
    """The list of matters."""

    def draw(console: Console) -> None:
        if not rows:
            console.print("No matter holds a case that you may see.")
            return
        made = table("!matter", "!cases", "!open", "kinds", "next due", "attention")
        for row in rows:
            due = f"{day(row['next_due'])} {row['next_clock'] or ''}".strip()
            told = [word for word in ("detained", "child", "urgent") if row[word]]
            made.add_row(
                row["matter"],
                str(row["cases"]),
                str(row["open"]),
                ", ".join(row["kinds"]),
                due,
                ", ".join(told),
            )
        console.print(made)

    return draw


def matter(told: Json) -> Callable[[Console], None]:
    """One matter: its cases, and all its clocks in the order in which they end."""

    def draw(console: Console) -> None:
        console.print(Text(told["matter"], style="bold"))
        console.print()
        show.docket(told["items"])(console)
        console.print()
        console.print(block("Clocks", clock_table(told["clocks"])) if told["clocks"] else "No clock runs.")

    return draw


def clocks(rows: Sequence[Json]) -> Callable[[Console], None]:
    """Running time limits of several cases."""

    def draw(console: Console) -> None:
        console.print(clock_table(rows) if rows else "No clock answers to that.")

    return draw


def clock_table(rows: Sequence[Json]) -> RenderableType:
    """Each clock with its end, its case, its article, who must act and who holds the case since when."""
    made = table("!due (UTC)", "!case, clock", "set by; who must act", "held by, since")
    for row in rows:
        due = Text(moment(row["due"]), style="bold red" if row["missed"] else "")
        name = Text(f"{row['ref']}\n{row['clock']}")
        for flag in ("missed", "detained"):
            if row[flag]:
                name.append(f"\n{flag}", style="bold red")
        held = f"{holder(row['holder'])}\n{day(row['held_since'])}"
        made.add_row(due, name, f"{_set_by(row)}\n{function(row['owner'])}".strip(), held)
    return made


def _set_by(row: Json) -> str:
    """The article, our own practice, or the other side where we have no practice of our own."""
    if row["clock"] == "handoff":
        return "the offer"
    if row["law"]:
        return f"{row['instrument']} {row['article']}".strip()
    return "our own practice" if row["clock"] in _OWN_PRACTICE else "their word"


def holders(told: Json) -> Callable[[Console], None]:
    """Who held the case, in order, and for how long."""

    def draw(console: Console) -> None:
        made = table("held by", "!from (UTC)", "!until", "!for", "overdue")
        for each in told["items"]:
            until = moment(each["until"]) or "now"
            late = Text(", ".join(each["overdue"]), style="bold red")
            made.add_row(holder(each), moment(each["since"]), until, span(each["seconds"]), late)
        console.print(made)
        for offer in told["offers"]:
            console.print(_offer(offer))

    return draw


def _offer(offer: Json) -> RenderableType:
    by = f", to be taken by {moment(offer['due'])}" if offer["due"] else ""
    line = Text(f"{offer['id']}: offered to {holder(offer['receiver'])} on {moment(offer['offered'])}{by}")
    if offer["overdue"]:
        line.append(" overdue", style="bold red")
    return line


def span(seconds: int) -> str:
    """`3 d 4 h`, `4 h` or `12 min`: how long something lasted, without false precision."""
    if seconds < HOUR:
        return f"{seconds // 60} min"
    if seconds < DAY:
        return f"{seconds // HOUR} h"
    return f"{seconds // DAY} d {seconds % DAY // HOUR} h"


def transfers(told: Json) -> Callable[[Console], None]:
    """What left, and who looked."""

    def draw(console: Console) -> None:
        if told["items"]:
            made = table("!when (UTC)", "!what", "to", "!status", "!receipt", "ground")
            for each in told["items"]:
                ground = each.get("ground") or (
                    "told" if each["ground_told"] else Text("none", style="bold red")
                )
                made.add_row(
                    moment(each["queued"]),
                    each["event"],
                    _recipient(each["to"]),
                    status(each["status"]),
                    short(each["receipt"]),
                    ground,
                )
            console.print(block("Letters", made))
        else:
            console.print("Nothing left this case.")
        if told["accesses"]:
            looked = table("!when (UTC)", "!who", "what")
            for each in told["accesses"]:
                looked.add_row(moment(each["at"]), f"{each['house']}/{each['actor']}", each["what"] or "")
            console.print()
            console.print(block("Looked at by", looked))

    return draw


def _recipient(to: Json) -> str:
    return ", ".join(str(to[name]) for name in ("state", "house", "provider") if to.get(name))
