"""Two real houses on this machine, walked by the steps of the demo, and ways to stop parts of them dead."""

from __future__ import annotations

import io
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from desk.children import Child
from desk.cli.given import case_path
from desk.screen import Screen
from desk.story import Desk, Story, desk_of
from desk.up import Running, running
from tests.patience import PATIENCE


@dataclass
class Play:
    """Both houses at work, with the case that goes through them."""

    started: Running
    asking: Desk
    asked: Desk
    story: Story
    told: io.StringIO

    def part(self, name: str) -> Child:
        """The process of that name: temporal, api-de, worker-us ..."""
        return next(child for child in self.started.children.all if child.name == name)

    def kill(self, name: str) -> None:
        """Ends a process without a word of warning."""
        process = self.part(name).process
        assert process is not None
        process.kill()
        process.wait()

    def mend(self) -> None:
        """Starts again what was killed, and waits until it works."""
        fallen = [child for child in self.started.children.all if child.ended is not None]
        self.started.children.look()
        for child in fallen:
            child.wait_ready(time.monotonic() + PATIENCE)

    def close(self) -> None:
        self.asking.close()
        self.asked.close()


@contextmanager
def play(var: Path, of: Play | None = None) -> Iterator[Play]:
    """Starts the houses under `var`; `of` an earlier play, the case of that one goes on."""
    told = io.StringIO()
    story = Story(Screen(file=told, width=100))
    with running(var, lambda line: None) as started:
        made = Play(started, desk_of(started, "de", story), desk_of(started, "us", story), story, told)
        if of is not None:
            made.asking.ref, made.asked.ref = of.asking.ref, of.asked.ref
        try:
            yield made
        finally:
            made.close()


def alive(pid: int) -> bool:
    """Is there such a process, and not merely what is left of one?"""
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(told.stdout.strip()) and not told.stdout.startswith("Z")


def moves(desk: Desk) -> list[str]:
    """The events of the case in order. Their numbers have no gap and no double."""
    entries = desk.officer.get(case_path(desk.ref, "timeline"))["items"]
    made = [entry for entry in entries if entry["move"] is not None]
    assert [entry["move"] for entry in made] == list(range(1, len(made) + 1))
    return [entry["event"] for entry in made]
