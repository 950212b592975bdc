"""Does a house serve where it says, take another port when its own is busy, and stop in order?"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from desk.house import new_house
from desk.serve import HANDS, address_of, listen, more_hands
from tests.patience import PATIENCE

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts `python -m desk.serve` for the house in a folder; whatever still runs is ended."""
    running: list[subprocess.Popen[str]] = []

    def begin(home: Path) -> subprocess.Popen[str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("ROGATORY_")}
        env["ROGATORY_HOME"] = str(home)
        process = subprocess.Popen(
            [sys.executable, "-m", "desk.serve"],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=PATIENCE)


def said(process: subprocess.Popen[str], wanted: str) -> list[str]:
    """The lines printed up to one that holds `wanted`: the process itself tells when it is ready."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if wanted in line:
            return lines
    raise AssertionError(f"ended with {process.wait(PATIENCE)} after: {''.join(lines)}")


def busy_port() -> socket.socket:
    taken, _ = listen("127.0.0.1", 0)
    return taken


def free_port() -> int:
    with busy_port() as taken:
        return int(taken.getsockname()[1])


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_house_serves_and_stops_in_order(tmp_path: Path, start: Start, stop: signal.Signals) -> None:
    port = free_port()
    new_house(tmp_path / "de", "de-test", "DE", "Test house", "Europe/Berlin", port=port)
    process = start(tmp_path / "de")
    said(process, f"Test house serves at http://127.0.0.1:{port}")
    mark = tmp_path / "de" / "run" / "api.json"
    told = json.loads(mark.read_text())
    assert told == {"url": f"http://127.0.0.1:{port}", "pid": process.pid}
    health = httpx.get(told["url"] + "/health", trust_env=False)
    assert (health.status_code, health.json()["house"]) == (200, "de-test")
    process.send_signal(stop)
    assert process.wait(PATIENCE) == 0
    assert process.stdout is not None
    assert process.stdout.read() == ""
    assert not mark.exists()


def test_a_busy_port_is_no_error(tmp_path: Path, start: Start) -> None:
    with busy_port() as taken:
        port = int(taken.getsockname()[1])
        new_house(tmp_path / "de", "de-test", "DE", "Test house", "Europe/Berlin", port=port)
        process = start(tmp_path / "de")
        lines = said(process, "Test house serves at")
        url = json.loads((tmp_path / "de" / "run" / "api.json").read_text())["url"]
        assert f"Port {port} is busy; de-test serves at {url} instead." in lines[0]
        assert httpx.get(url + "/health", trust_env=False).status_code == 200


def test_a_folder_that_is_no_house_says_so(tmp_path: Path, start: Start) -> None:
    process = start(tmp_path / "nowhere")
    out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "house.toml is missing" in out
    assert "Traceback" not in out


def test_an_address_may_be_of_either_kind() -> None:
    door, asked_for = listen("127.0.0.1", 0)
    with door:
        assert asked_for
        assert address_of(door).startswith("http://127.0.0.1:")
    try:
        door, _ = listen("::1", 0)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with door:
        assert address_of(door).startswith("http://[::1]:")


async def test_moves_that_wait_hold_up_no_other() -> None:
    """As many as wait for documents that are slow to read: the next one has its turn."""
    more_hands()
    until, busy = threading.Event(), HANDS - 1
    waiting = [asyncio.create_task(asyncio.to_thread(until.wait, PATIENCE)) for _ in range(busy)]
    try:
        assert await asyncio.wait_for(asyncio.to_thread(lambda: "done"), PATIENCE / 2) == "done"
        assert not any(each.done() for each in waiting)
    finally:
        until.set()
        await asyncio.gather(*waiting)
