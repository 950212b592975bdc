"""What was killed where, how often, and where should the next blow fall?"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.whole.holding import Point

IN_WORKER = ("assess", "count", "seal", "file", "post", "notify")
AT_DOOR = ("receive", "receive-store", "receive-answer")
AT_DESK = ("update", "errand", "collect")
ALL = (*IN_WORKER, *AT_DOOR, *AT_DESK)
USUAL = (*IN_WORKER[:-1], *AT_DOOR, AT_DESK[0])
"""Boundaries that most moves pass; the others are met now and then, and struck each time."""
WHEN = ("before", "after")


@dataclass(frozen=True, slots=True)
class Blow:
    """What was killed, and where which part was held at that moment."""

    victim: str
    point: Point


@dataclass
class Tally:
    """What was struck, over all lanes."""

    blows: list[Blow] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, blow: Blow) -> None:
        with self.lock:
            self.blows.append(blow)

    def wants(self, point: Point, chance: random.Random) -> bool:
        """Were blows at this boundary as rare as at any of the usual ones? Then the next one falls here."""
        with self.lock:
            struck = Counter((known.point.boundary, known.point.when) for known in self.blows)
            fewest = min(struck[boundary, when] for boundary in USUAL for when in WHEN)
            return struck[point.boundary, point.when] <= fewest + chance.randint(0, 1)

    def choose(
        self, among: Sequence[tuple[str, ...]], point: Point, chance: random.Random
    ) -> tuple[str, ...]:
        """Whom to kill there: whose sort was killed there least often."""
        with self.lock:
            struck = Counter((k.point.boundary, k.point.when, role(k.victim)) for k in self.blows)

        def often(victims: tuple[str, ...]) -> tuple[float, float]:
            counts = [struck[point.boundary, point.when, role(each)] for each in victims]
            return sum(counts) / len(counts), chance.random()

        return min(among, key=often)

    def table(self) -> list[str]:
        """The points hit: one line for each boundary, one column for each sort of victim."""
        columns = ("worker", "server", "desk", "emulator")
        lines = [f"{'boundary':<24}" + "".join(f"{name:>10}" for name in columns)]
        found = Counter((f"{b.point.boundary} ({b.point.when})", role(b.victim)) for b in self.blows)
        for boundary in sorted({name for name, _ in found}):
            counts = "".join(f"{found[boundary, name] or '-':>10}" for name in columns)
            lines.append(f"{boundary:<24}{counts}")
        total = Counter(role(blow.victim) for blow in self.blows)
        return [*lines, f"{'together':<24}" + "".join(f"{total[name]:>10}" for name in columns)]


def role(part: str) -> str:
    """`worker-de` is a worker, `temporal` the server, `api-us` a desk."""
    return {"temporal": "server", "api": "desk"}.get(part.split("-")[0], part.split("-")[0])
