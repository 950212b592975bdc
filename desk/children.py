"""How do the processes of a house start together, stay up, and end together without leaving any behind?"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schemas.errors import Unavailable

Say = Callable[[str], None]

STOP_SECONDS = 10.0
LOOK_EVERY = 0.05
WATCH_EVERY = 0.25
RESTARTS = 5
RESTARTS_WITHIN = 60.0
TAIL_LINES = 12


def free_port(wanted: int, host: str = "127.0.0.1", taken: Sequence[int] = ()) -> int:
    """`wanted` if it is free, else the next free one after it."""
    for port in range(wanted, min(wanted + 200, 65_536)):
        if port not in taken and not _busy(host, port):
            return port
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def answers(host: str, port: int) -> bool:
    """Does anything accept a connection there?"""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def _busy(host: str, port: int) -> bool:
    with socket.socket() as probe:
        # Without this a port just left by an ended process counts as busy for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return answers(host, port)


@dataclass
class Child:
    """One process. `ready`: does it do its work already? `log`: file that takes what it prints."""

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str]
    ready: Callable[[], bool]
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)
    log_start: int = 0

    def start(self) -> None:
        """Starts it on a leash: it ends when this process ends, however that comes about."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        leash = [sys.executable, "-m", "desk.leash", str(os.getpid()), *self.command]
        with self.log.open("ab") as log:
            self.log_start = log.tell()
            # A session of its own: Ctrl-C in the terminal reaches only us, and we end the parts in order.
            self.process = subprocess.Popen(  # noqa: S603  # our own parts
                leash,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.starts.append(time.monotonic())

    def said(self, words: str) -> bool:
        """Has it printed these words since it was started last?"""
        with self.log.open("rb") as log:
            log.seek(self.log_start)
            return words.encode() in log.read()

    @property
    def ended(self) -> int | None:
        """Its exit status if it has ended (negative: the signal that ended it)."""
        return self.process.poll() if self.process is not None else None

    @property
    def restless(self) -> bool:
        """Did it have to be started again too often lately?"""
        since = time.monotonic() - RESTARTS_WITHIN
        return len([start for start in self.starts if start > since]) > RESTARTS

    def wait_ready(self, end: float) -> None:
        """Waits until it works. Raises Unavailable when it ends instead, or at `end` (monotonic)."""
        while not self.ready():
            if (code := self.ended) is not None:
                raise self.trouble(f"{self.name} ended at its start (exit status {code}).")
            if time.monotonic() > end:
                raise self.trouble(f"{self.name} did not get ready in time.")
            time.sleep(LOOK_EVERY)

    def trouble(self, what: str) -> Unavailable:
        """The error for `what`, with the last lines of the log."""
        return Unavailable(what, where=str(self.log), next_step=f"see the log; its end:\n{self.tail()}")

    def tail(self) -> str:
        """The last lines of its log."""
        try:
            lines = self.log.read_text("utf-8", "replace").splitlines()
        except OSError:
            return ""
        return "\n".join(lines[-TAIL_LINES:])

    def ask_to_end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)

    def end(self, seconds: float = STOP_SECONDS) -> None:
        """Waits for its end, and kills it when it takes too long. Always leaves it reaped."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Children:
    """The processes of an installation, in order of need: those that need others come later.

    The first is the server that all the others talk to. `look` starts again what ended by itself.
    """

    def __init__(self, say: Say) -> None:
        self.say = say
        self.all: list[Child] = []

    def add(self, child: Child) -> Child:
        self.all.append(child)
        child.start()
        return child

    def wait_ready(self, seconds: float) -> None:
        """Waits until all work. Raises Unavailable."""
        end = time.monotonic() + seconds
        for child in self.all:
            child.wait_ready(end)

    def look(self) -> None:
        """Starts again what ended by itself. Raises Unavailable when one will not stay up."""
        for child in self.all:
            code = child.ended
            if code is None:
                continue
            if child.restless:
                raise child.trouble(f"{child.name} keeps ending (exit status {code}).")
            self.say(f"{child.name} ended (exit status {code}); starting it again")
            child.start()

    def watch(self, also: Callable[[], None]) -> None:
        """Looks after them for ever, and after what `also` looks after. Raises Unavailable as `look`."""
        while True:
            time.sleep(WATCH_EVERY)
            self.look()
            also()

    def stop_all(self) -> None:
        """Ends all and reaps them; the first, the server, last: the others finish their words with it."""
        if not self.all:
            return
        first, *others = self.all
        for child in reversed(others):
            child.ask_to_end()
        for child in reversed(others):
            child.end()
        first.ask_to_end()
        first.end()
        self.all.clear()
