"""How does the way of a letter look on a terminal: stages, carrier and reason, and the steps for a person?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.text import Text

from desk.show_parts import Json, block, facts, lines, moment, status


def letters(items: Sequence[Json]) -> Callable[[Console], None]:
    """Every letter that goes out, newest first."""

    def draw(console: Console) -> None:
        if not items:
            console.print("No letter of this case goes out.")
            return
        lines(console, [_letter(one) for one in items])

    return draw


def _letter(told: Json) -> RenderableType:
    stages = [_stage(one) for one in told["stages"] if one["at"] or one["failed"]]
    parts: list[RenderableType] = [
        facts(
            [
                ("brings", told["event"]),
                ("status", status(told["status"])),
                ("stages", Text(", ".join(stages))),
                ("goes by", told["way"]),
                ("because", told["why"]),
                ("problem", told.get("problem")),
                ("look by", moment(told.get("look_by"))),
                ("proof", told.get("proof")),
            ]
        )
    ]
    parts += [_by_hand(one) for one in told["by_hand"]]
    return block(told["message"], Group(*parts))


def _stage(told: Json) -> str:
    if told["failed"]:
        return f"not {told['stage']}"
    return f"{told['stage']} {moment(told['at'])}"


def _by_hand(told: Json) -> RenderableType:
    steps = Text("\n".join(told["steps"]))
    return block(f"By hand, {told['title']} ({told['why']})", steps)


def notification(told: Json, ref: str) -> Callable[[Console], None]:
    """The notice of an order to the authority that may object, and the window that it opens."""

    def draw(console: Console) -> None:
        names = "; ".join(one["name"] for one in told["authorities"]) or "not known here: ask that State"
        rows: list[tuple[str, Any]] = [
            ("authority", told["authority"] or names),
            ("languages", ", ".join(told["languages"])),
            ("told", moment(told["told"]) if told["told"] else "not yet"),
            ("data wait until", _until(told["waits"]) if told["suspends"] else "they do not: an emergency"),
            ("may object until", _until(told["objects"])),
            ("its answer", told["answer"]),
        ]
        lines(console, [facts([(name, value) for name, value in rows if value])])
        if told["due"]:
            numbered = [f"{number}. {text}" for number, text in enumerate(told["steps"], start=1)]
            numbered.append(f"   rogatory move {ref} notified --set authority=... --set proof=...")
            console.print("\n".join(numbered))

    return draw


def _until(limit: Json | None) -> str:
    return f"{limit['due_day']} ({limit['article']}, {limit['status']})" if limit else "not counted yet"
