"""Do processes start together, come back when they fall, and leave none behind?"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.children import RESTARTS, Child, Children, free_port
from schemas.errors import Unavailable
from tests.patience import PATIENCE, until
from tests.whole.play import alive

STAYS = "import pathlib,sys,time; pathlib.Path(sys.argv[1]).write_text('up'); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + STAYS


def child(folder: Path, name: str, code: str = STAYS) -> Child:
    mark = folder / f"{name}.mark"
    command = [sys.executable, "-c", code, str(mark)]
    return Child(name, command, folder / f"{name}.log", dict(os.environ), mark.is_file)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def children(said: list[str]) -> Iterator[Children]:
    made = Children(said.append)
    yield made
    made.stop_all()


def test_all_get_ready_and_all_end(children: Children, tmp_path: Path) -> None:
    started = [children.add(child(tmp_path, name)) for name in ("server", "worker")]
    children.wait_ready(PATIENCE)
    pids = [each.process.pid for each in started if each.process]
    assert all(alive(pid) for pid in pids)
    children.stop_all()
    assert not any(alive(pid) for pid in pids)
    assert [each.ended for each in started] == [-signal.SIGTERM] * 2


def test_one_that_will_not_end_is_killed(children: Children, tmp_path: Path) -> None:
    stubborn = children.add(child(tmp_path, "stubborn", STUBBORN))
    children.wait_ready(PATIENCE)
    stubborn.ask_to_end()
    stubborn.end(seconds=0.2)
    assert stubborn.ended == -signal.SIGKILL


def test_one_that_falls_is_started_again_and_told(
    children: Children, tmp_path: Path, said: list[str]
) -> None:
    fallen = children.add(child(tmp_path, "worker"))
    children.wait_ready(PATIENCE)
    before = fallen.process
    assert before is not None
    before.kill()
    until(lambda: fallen.ended is not None, "the end")
    children.look()
    assert fallen.process is not before
    assert fallen.ended is None
    assert said == [f"worker ended (exit status {-signal.SIGKILL}); starting it again"]


def test_one_that_keeps_falling_is_given_up_with_the_end_of_its_log(
    children: Children, tmp_path: Path
) -> None:
    code = "import sys; print('no key here'); sys.exit(3)"
    children.add(child(tmp_path, "worker", code))

    def look_again_and_again() -> None:
        for _ in range(RESTARTS + 2):
            until(lambda: children.all[0].ended is not None, "the end")
            children.look()

    with pytest.raises(Unavailable) as told:
        look_again_and_again()
    assert "keeps ending (exit status 3)" in told.value.what
    assert "no key here" in told.value.next_step


def test_one_that_ends_at_its_start_is_told_at_once(children: Children, tmp_path: Path) -> None:
    children.add(child(tmp_path, "worker", "import sys; sys.exit(4)"))
    with pytest.raises(Unavailable) as told:
        children.wait_ready(PATIENCE)
    assert "exit status 4" in told.value.what


def test_none_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, sys, time, pathlib\n"
        "from desk.children import Child, Children\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "mark = folder / 'up.mark'\n"
        f"command = [sys.executable, '-c', {STUBBORN!r}, str(mark)]\n"
        "child = Child('c', command, folder / 'c.log', dict(os.environ), mark.is_file)\n"
        "all = Children(print)\n"
        "all.add(child)\n"
        "all.wait_ready(20)\n"
        "(folder / 'pid').write_text(str(child.process.pid))\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    try:
        until(lambda: (tmp_path / "pid").is_file() and (tmp_path / "pid").read_text() != "", "the child")
        pid = int((tmp_path / "pid").read_text())
        assert alive(pid)
    finally:
        parent.kill()
        parent.wait()
    until(lambda: not alive(pid), "the end of the child")


def test_a_busy_port_gives_way_to_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]
        assert free_port(busy) != busy
        other = free_port(busy)
        assert free_port(busy, taken=[other]) not in (busy, other)
