"""How does the way of a letter look on a terminal: stages, carrier and reason, and the steps for a person?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
