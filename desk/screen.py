"""What may reach a person's terminal? Words only: what others wrote can neither colour nor steer it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import IO

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

# C0 and C1 controls but for tab and line feed, and the marks that turn the direction of writing around.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
REPLACED = "\ufffd"


def plain(text: str) -> str:
    """The text with every sign replaced that a terminal would obey and a reader would not see."""
    return _UNSEEN.sub(REPLACED, text)


class Screen(Console):
    """A console for texts of cases: no markup, no emoji codes, no control signs but our own colours."""

    def __init__(
        self, *, errors: bool = False, file: IO[str] | None = None, width: int | None = None
    ) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, stderr=errors, file=file, width=width)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Every piece of every drawing passes here."""
        for piece in super().render(renderable, options):
            yield piece if piece.control else piece._replace(text=plain(piece.text))
