"""Two real houses on this machine, walked by the steps of the demo, and ways to stop parts of them dead."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.children import Child
from desk.cli.given import case_path
from desk.screen import Screen
from desk.story import Desk, Story, desk_of
from desk.up import Running, running

PATIENCE = 150.0
"""Longer than the engine waits for an activity whose worker died (60 seconds) and the pause after it."""


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

    def freeze(self, name: str) -> None:
        """Stops a process in its tracks: what reaches it stays unanswered."""
        os.kill(self._pid(name), signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        os.kill(self._pid(name), signal.SIGCONT)

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

    def unanswered(self, house: str) -> int:
        """How many attempts of people stand in the records of `house` without an answer."""
        file = self.started.var / house / "records.sqlite"
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as records:
            query = "select count(*) from attempts where reply is null and error is null"
            return int(records.execute(query).fetchone()[0])

    def activities_in_flight(self, house: str, ref: str) -> int:
        """How many activities of the case the engine has given to a worker and has not heard of since."""
        told = self._engine("workflow", "describe", "--namespace", house, "--workflow-id", ref)
        pending = told.get("pendingActivities") or []
        return sum(str(each.get("state", "")).upper().endswith("STARTED") for each in pending)

    def close(self) -> None:
        self.asking.close()
        self.asked.close()

    def _pid(self, name: str) -> int:
        process = self.part(name).process
        assert process is not None
        return process.pid

    def _engine(self, *words: str) -> dict[str, Any]:
        binary = Path(sys.executable).with_name("temporal")
        command = [str(binary), *words, "--address", self.started.temporal, "--output", "json"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        told: dict[str, Any] = json.loads(done.stdout)
        return told


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


def until(true: Callable[[], bool], what: str) -> None:
    """Waits for `true`, not longer than PATIENCE."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.05)


def taken_in(desk: Desk) -> Counter[str]:
    """How often each message of the other house made a move on the case of this one."""
    own = desk.case()["house"]
    entries = desk.officer.get(case_path(desk.ref, "timeline"))["items"]
    made = [entry for entry in entries if entry["move"] is not None and entry["message"]]
    return Counter(entry["message"] for entry in made if entry["house"] != own)


def sent_out(desk: Desk) -> dict[str, str]:
    """Every message this house sent in the case, with what became of it."""
    return {entry["id"]: entry["status"] for entry in desk.case()["outbox"]}


def moves(desk: Desk) -> list[str]:
    """The events of the case in order. Their numbers have no gap and no double."""
    entries = desk.officer.get(case_path(desk.ref, "timeline"))["items"]
    made = [entry for entry in entries if entry["move"] is not None]
    assert [entry["move"] for entry in made] == list(range(1, len(made) + 1))
    return [entry["event"] for entry in made]
