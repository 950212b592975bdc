"""At which points of its work can a part of a house be held, so that it is killed there and nowhere else?

Only processes that a kill test starts have such points (`tests.whole.held`); the product has none. A point
is armed from outside by a file; the first thread that comes there says so and waits.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

LOOK_EVERY = 0.01
LONGEST = 120.0
"""Seconds after which a part goes on by itself: a test that forgot it must not hang for ever."""


@dataclass(frozen=True, slots=True)
class Point:
    """One moment in the work of one part: `worker-de`, `seal`, `before` or `after`."""

    part: str
    boundary: str
    when: str

    def __str__(self) -> str:
        return f"{self.part} {self.boundary} ({self.when})"

    @property
    def name(self) -> str:
        """As a file is called."""
        return f"{self.part}.{self.boundary}.{self.when}"


class Holds:
    """The points of one installation, in a folder of files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    # --- in the part ----------------------------------------------------------------------------------

    def come(self, point: Point) -> None:
        """Waits here if the point is armed and nobody waits there yet."""
        held = self._held(point)
        try:
            self._armed(point).rename(held)
        except FileNotFoundError:
            return
        held.write_text(str(os.getpid()), "ascii")
        end = time.monotonic() + LONGEST
        while held.exists() and time.monotonic() < end:
            time.sleep(LOOK_EVERY)

    # --- in the test ----------------------------------------------------------------------------------

    def arm(self, point: Point) -> None:
        """The next one to come there waits."""
        self._armed(point).touch()

    def holder(self, point: Point) -> int | None:
        """The process that waits there, once one does."""
        try:
            return int(self._held(point).read_text("ascii") or 0) or None
        except FileNotFoundError:
            return None

    def let_go(self, point: Point) -> None:
        """Whoever waits there goes on, and the next ones pass."""
        self._armed(point).unlink(missing_ok=True)
        self._held(point).unlink(missing_ok=True)

    def _armed(self, point: Point) -> Path:
        return self.folder / f"{point.name}.armed"

    def _held(self, point: Point) -> Path:
        return self.folder / f"{point.name}.held"
