"""What does the registry look like on a terminal: who is bound by an instrument, and one entry of it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from desk.show_parts import table, verdict

Json = Mapping[str, Any]


def parties(told: Sequence[Json], instrument: str, on: str) -> Callable[[Console], None]:
    """Who is bound on a day."""

    def draw(console: Console) -> None:
        bound = sum(row["verdict"] == "yes" for row in told)
        console.print(f"{instrument} on {on}: {bound} bound, of {len(told)} that did anything to it")
        made = table("State", "bound", "since", "ended")
        for row in told:
            made.add_row(
                row["state"], verdict(row["verdict"]), row.get("in_force") or "", row.get("ended") or ""
            )
        console.print(made)

    return draw


def entry(told: Json) -> Callable[[Console], None]:
    """An entry of the registry, field by field."""

    def draw(console: Console) -> None:
        root = Tree(
            Text(
                str(told.get("title") or told.get("name") or told.get("key") or told.get("code")),
                style="bold",
            )
        )
        _fields(root, told)
        console.print(root)

    return draw


def _fields(tree: Tree, told: Any) -> None:
    if isinstance(told, Mapping):
        for name, value in told.items():
            if isinstance(value, Mapping) or (
                isinstance(value, list) and any(isinstance(one, Mapping) for one in value)
            ):
                _fields(tree.add(Text(str(name), style="dim")), value)
            else:
                words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
                tree.add(Text.assemble((f"{name}: ", "dim"), words))
    else:
        for one in told:
            label = Text(str(one.get("id") or one.get("article") or one.get("name") or "·"))
            _fields(tree.add(label), {name: value for name, value in one.items() if name != "id"})
