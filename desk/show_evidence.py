"""What do the items of evidence of a case look like on a terminal?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.text import Text

from desk.show_parts import block, lines, moment, short, table, verdict

Json = Mapping[str, Any]

WARNINGS = {
    "beyond": "used beyond the limit, on a consent that was recorded",
    "declined": "used although the limit was declined",
    "unanswered": "the limit was not answered yet",
    "return-overdue": "it should be back by now",
    "destroy-overdue": "it should be destroyed by now",
}


def items(told: Json) -> Callable[[Console], None]:
    """Every item: what it is, where its bytes are, under which limits, and who had it in hand."""

    def draw(console: Console) -> None:
        if not told["items"]:
            console.print("No evidence was declared in this case.")
            return
        lines(console, [block(f"{each['id']}: {each['kind']}", _item(each)) for each in told["items"]])

    return draw


def limits(item: Json) -> Callable[[Console], None]:
    """The limits that bind whoever uses the item."""

    def draw(console: Console) -> None:
        for each in item["limits"]:
            console.print(Text.assemble(("limit ", "yellow"), f"{each['id']}: {each['text']}"))

    return draw


def _item(item: Json) -> RenderableType:
    size = f"{item['size']:,} bytes" if item["size"] is not None else "size not told"
    parts: list[RenderableType] = [
        Text(f"{short(item['sha256'])}  {size}  custodian: {item['custodian']}"),
        _where(item),
    ]
    parts += [Text(f"limit {each['id']}: {each['text']}", style="yellow") for each in item["limits"]]
    parts += [Text(f"use: {each['purpose']}") for each in item["uses"]]
    parts += [Text(f"to {what} by {day}") for what, day in item["due"].items()]
    parts += [Text(_warning(code), style="bold red") for code in item["warnings"]]
    if item["manifest"]:
        parts.append(_manifest(item["manifest"]))
        parts.append(Text.assemble("every entry genuine, none missing: ", verdict(item["verdict"])))
    return Group(*parts)


def _where(item: Json) -> Text:
    if item["custody_only"]:
        return Text("custody only: its bytes are never taken in", style="bold")
    held = item["held"]
    if held["state"] == "none":
        return Text("its bytes are not in this house", style="dim")
    if held["state"] == "part":
        return Text(f"in part here: {held['have']:,} of {held['size']:,} bytes", style="yellow")
    return Text("its bytes are here, sealed", style="green")


def _warning(code: str) -> str:
    word, _, which = code.partition(":")
    return f"{which}: {WARNINGS.get(word, word)}" if which else WARNINGS.get(word, word)


def _manifest(entries: list[Json]) -> RenderableType:
    made = table("!when (UTC)", "!house", "!what", "who", "from", "to", "where, why, how")
    for each in entries:
        words = "; ".join(str(each[name]) for name in ("where", "why", "how") if each.get(name))
        made.add_row(
            moment(each["at"]),
            each["house"],
            each["event"],
            each["who"],
            each.get("received_from", ""),
            each.get("handed_to", ""),
            words,
        )
    return made
