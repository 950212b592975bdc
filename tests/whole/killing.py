"""What is left when parts of two houses are killed, again and again, each time in the middle of something?

A lane is one installation: the real server and both houses, started as in production save that worker and
desk can be held at their boundaries. It plays lives of cases. Every blow waits until a part is held at a
named boundary (so that a move is unanswered, or an activity in flight), and then kills.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from desk import providers, up
from desk.children import Child, answers, free_port
from desk.cli.given import body_of, case_path
from desk.client import House
from schemas.settings import settings_of
from tests.patience import PATIENCE, tries
from tests.whole.holding import Holds, Point
from tests.whole.lives import Json, Life, Turn
from tests.whole.tally import ALL, AT_DESK, AT_DOOR, IN_WORKER, WHEN, Blow, Tally

OTHER = {"de": "us", "us": "de"}
WAITS = 'history.defaultWorkflowTaskTimeout="4s"'
"""How long the server waits for a worker that died with a case in its hands; by default it is ten seconds."""

EMULATOR, PROVIDER = "emulator", "example-mail"

SPARED = 0.5
"""Half of those who come by are let go, lest all blows fall on the first steps of a move."""


class HeldChild(Child):
    """A part of an installation, started so that it can be held."""

    holds: Holds

    def start(self) -> None:
        """As ever, with other words."""
        if self.name != "temporal":
            what = "worker" if self.name.startswith("worker") else "desk"
            folder = str(self.holds.folder)
            self.command = [self.command[0], "-m", "tests.whole.held", what, self.name, folder]
        elif WAITS not in self.command:
            self.command = [*self.command, "--dynamic-config-value", WAITS]
        super().start()


class Side:
    """One house, as its people see it: what they did there, and the case they are at."""

    def __init__(self, name: str, url: str, folder: Path) -> None:
        self.name = name
        self.people = {
            file.name: House(url, file.read_text("ascii").strip(), patience=PATIENCE)
            for file in (folder / "tokens").iterdir()
            if file.suffix == ""
        }
        self.ref = ""
        self.made: dict[str, list[str]] = {}

    def case(self) -> Json:
        told: Json = self.people["officer"].get(case_path(self.ref))
        return told

    def find(self, their_ref: str) -> bool:
        """Is a request with that reference here?"""
        rows = self.people["officer"].get("/cases", ref=their_ref)["items"]
        self.ref = rows[0]["ref"] if rows else ""
        return bool(rows)

    def file(self, request: Json) -> str:
        self.ref = self.people["officer"].post("/cases", request)["ref"]
        self.made[self.ref] = ["file"]
        return self.ref

    def move(self, turn: Turn) -> Json:
        fields = turn.fields(self.case())
        reply: Json = self.people[turn.by].post(case_path(self.ref, "moves"), body_of(turn.event, fields))
        return reply

    def close(self) -> None:
        for house in self.people.values():
            house.close()


class Lane:
    """One installation under blows."""

    def __init__(self, started: up.Running, holds: Holds, tally: Tally, seed: int) -> None:
        self.started = started
        self.holds = holds
        self.tally = tally
        self.chance = random.Random(seed)
        self.sides = {name: Side(name, started.urls[name], started.var / name) for name in ("de", "us")}
        self.threads = ThreadPoolExecutor(4)
        self.pairs: list[tuple[str, str]] = []
        self.alone = False

    # --- playing --------------------------------------------------------------------------------------

    def live(self, life: Life, blows: int, wanted: Callable[[], bool] = lambda: True) -> None:
        """Plays one life with up to `blows` blows in each turn, while they are `wanted`."""
        de, us = self.sides["de"], self.sides["us"]
        us.ref, before, self.alone = "", de.ref, life.alone
        filing = Turn("de", "file")
        self._under_blows(life.name, filing, lambda: de.file(life.request(before)), blows if wanted() else 0)
        for turn in life.turns:
            side = self.sides[turn.house]
            many = blows if wanted() else 0
            self._under_blows(life.name, turn, partial(side.move, turn), many)
            side.made.setdefault(side.ref, []).append(turn.event)
        assert de.case()["status"] == life.status, f"{life.name} ended as {de.case()['status']}"
        if not life.alone:
            assert us.case()["status"] == life.status, f"{life.name} ended as {us.case()['status']}"
            assert custody_of(de) == custody_of(us), "two chains of custody"
            us.made.setdefault(us.ref, [])
            self.pairs.append((de.ref, us.ref))

    def settle(self) -> None:
        """Waits until nothing of any case is on its way."""
        for side in self.sides.values():
            for ref in side.made:
                side.ref = ref
                for _ in tries(f"nothing of {ref} is on its way", 0.1):
                    if not waiting_in(side.case()):
                        break

    def made(self) -> dict[str, dict[str, list[str]]]:
        """What people did in each house."""
        return {side.name: side.made for side in self.sides.values()}

    def _under_blows(self, name: str, turn: Turn, act: Callable[[], Any], many: int) -> None:
        """One turn with blows, until it is answered and everything that follows from it is settled."""
        armed = (
            [point for point in points(turn.house, self.alone) if point.boundary in (turn.only or ALL)]
            if many
            else []
        )
        for point in armed:
            self.holds.arm(point)
        answer = self.threads.submit(act)
        settled: Future[bool] | None = None
        end = time.monotonic() + PATIENCE * 2
        while settled is None or not (settled.done() and settled.result()):
            for point in armed:
                if self.holds.holder(point) == self._pid(point.part):
                    many -= self._met(point, many)
                    settled = None
            if answer.done():
                answer.result()
                if settled is None or settled.done():
                    settled = self.threads.submit(self._settled, turn)
            assert time.monotonic() < end, f"waited in vain: {name}, {turn.event}"
            time.sleep(0.01)
        for point in armed:
            self.holds.let_go(point)

    def _met(self, point: Point, many: int) -> int:
        """Somebody is held there: struck, if blows are left and others were struck there more seldom than
        elsewhere; else let go. How many were killed."""
        if many and self.chance.random() < SPARED and self.tally.wants(point, self.chance):
            victims = self.tally.choose(victims_at(point, self.alone), point, self.chance)
            self._strike(point, victims)
            return 1
        self.holds.let_go(point)
        self.holds.arm(point)
        return 0

    def _strike(self, point: Point, victims: tuple[str, ...]) -> None:
        """Kills while the part is held, and starts again what was killed."""
        assert self.holds.holder(point) == self._pid(point.part), "held by a process of the past"
        for name in victims:
            process = process_of(self._part(name))
            process.kill()
            process.wait()
            self.tally.add(Blow(name, point))
        first = self.chance.random() < 0.5
        if first:
            self.holds.let_go(point)
        for name in victims:
            child = self._part(name)
            child.starts.clear()
            child.start()
        for name in victims:
            self._part(name).wait_ready(time.monotonic() + PATIENCE)
        if not first:
            self.holds.let_go(point)

    def _part(self, name: str) -> Child:
        return next(child for child in self.started.children.all if child.name == name)

    def _pid(self, name: str) -> int:
        return process_of(self._part(name)).pid

    # --- looking --------------------------------------------------------------------------------------

    def _settled(self, turn: Turn) -> bool:
        """Is everything that follows from the last move done in both houses, and stays so?"""
        before, after = self._look(), self._look()
        return before == after and None not in after and turn.awaits(self.sides[turn.house].case())

    def _look(self) -> list[tuple[str, int] | None]:
        sides = [self.sides["de"]] if self.alone else list(self.sides.values())
        return [self._quiet(side) for side in sides]

    def _quiet(self, side: Side) -> tuple[str, int] | None:
        other = self.sides[OTHER[side.name]]
        if not side.ref and not (other.ref and side.find(other.ref)):
            sent = bool(other.case()["outbox"]) if other.ref else True
            return None if sent else ("", 0)
        case = side.case()
        return None if waiting_in(case) else (case["ref"], case["move"])

    def close(self) -> None:
        for side in self.sides.values():
            side.close()
        self.threads.shutdown()


def process_of(child: Child) -> subprocess.Popen[bytes]:
    """The process in which it runs now."""
    assert child.process is not None
    return child.process


def custody_of(side: Side) -> list[Json]:
    """The signed triples by which the case passed between the houses, verified."""
    told = side.people["officer"].get(case_path(side.ref, "custody"), verify="true")
    assert told["verification"]["verdict"] == "yes", side.ref
    kept: list[Json] = told["items"]
    return kept


def waiting_in(case: Json) -> list[Json]:
    """What the house still has to do for the case by itself."""
    found = [each for each in case["outbox"] if each["status"] == "queued"]
    found += [each for each in case["errands"] if each["done"] is None]
    return found + [each for each in case["notices"] if each["status"] == "queued"]


def points(house: str, alone: bool) -> Iterator[Point]:
    """Where parts can be held after a move by `house`; `alone`: the other side is a provider."""
    other = OTHER[house]
    for when in WHEN:
        for boundary in IN_WORKER:
            yield Point(f"worker-{house}", boundary, when)
        for boundary in AT_DESK:
            yield Point(f"api-{house}", boundary, when)
        if alone:
            continue
        for boundary in ("count", "seal", "file", "post"):
            yield Point(f"worker-{other}", boundary, when)
        for boundary in AT_DOOR:
            yield Point(f"api-{other}", boundary, when)
            yield Point(f"api-{house}", boundary, when)


def victims_at(point: Point, alone: bool) -> list[tuple[str, ...]]:
    """Who may be killed while a part is held there: itself, and whoever waits for it."""
    what, house = point.part.split("-")
    there = EMULATOR if alone else f"api-{OTHER[house]}"
    found: list[tuple[str, ...]] = [(point.part,), ("temporal",), (point.part, "temporal")]
    beside: tuple[str, ...] = ()
    if point.boundary in AT_DOOR:
        beside = (f"worker-{OTHER[house]}",)
    elif point.boundary == "post":
        beside = (there,)
    elif point.boundary == "collect":
        beside = (EMULATOR, f"worker-{house}")
    elif what == "api":
        beside = (f"worker-{house}",)
    elif point.boundary != "notify":
        beside = (f"api-{house}",)
    for each in beside:
        found += [(each,), (point.part, each)]
    return found


_STARTING = threading.Lock()
"""One installation is started at a time: what is patched is the same for all."""


@contextmanager
def ports_from(first: int | None) -> Iterator[None]:
    """The parts would like to serve there. Below 32,768, where no outgoing connection takes a port away."""
    if first is None:
        yield
        return
    with ExitStack() as stack:
        for number, name in enumerate(("TEMPORAL_PORT", "UI_PORT", "API_PORT")):
            stack.enter_context(patch.object(up, name, first + 10 * number))
        yield


def add_provider(started: up.Running) -> None:
    """The provider of the examples, played by the emulator, entered in the asking house."""
    port = free_port(up.TEMPORAL_PORT + 30)
    command = [sys.executable, "-m", "desk", "provider-emulator", "--port", str(port)]
    command += ["--state", str(started.var / "emulator.sqlite")]
    log = started.var / "log" / "emulator.log"
    child = Child(EMULATOR, command, log, dict(os.environ), lambda: answers(up.HOST, port))
    started.children.add(child).wait_ready(time.monotonic() + PATIENCE)
    told = {
        "key": PROVIDER,
        "name": "Example Mail (an emulator)",
        "country": "XX",
        "url": f"http://{up.HOST}:{port}",
        "identifier": "ROGATORY-EMULATOR",
        "our_country": "DE",
        "our_identifier": "DE-KILLS",
        "source": "invented for the tests",
        "invented": True,
    }
    providers.enter(settings_of(started.homes["de"]), told)


@contextmanager
def lane(var: Path, tally: Tally, seed: int, port: int | None = None) -> Iterator[Lane]:
    """Starts an installation under `var`, with ports from `port` on."""
    holds = Holds(var / "holds")

    class HeldHere(HeldChild):
        pass

    HeldHere.holds = holds
    with ExitStack() as stack:
        with _STARTING, patch.object(up, "Child", HeldHere), ports_from(port):
            started = stack.enter_context(up.running(var, lambda line: None))
            add_provider(started)
        made = Lane(started, holds, tally, seed)
        try:
            yield made
        finally:
            made.close()
