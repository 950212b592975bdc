"""How does a child process end when its parent is gone? `python -m desk.leash PARENT COMMAND...`

Linux asks the kernel and becomes the command; elsewhere this process stays beside the command and looks.
Either way the command is killed outright: every part of a house is built to be killed at any moment, and a
part that waits politely for a server that died with the parent would hold its port for nothing.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import subprocess
import sys
import time
from types import FrameType

PR_SET_PDEATHSIG = 1
LOOK_EVERY = 0.5
GONE = 1


def main(arguments: list[str]) -> int:
    """Runs COMMAND on the leash of process PARENT; the exit status of the command."""
    parent, command = int(arguments[0]), arguments[1:]
    if platform.system() == "Linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            return GONE
        os.execvp(command[0], command)  # noqa: S606  # becoming the command is what a leash is for
    return _stay_beside(parent, command)


def _stay_beside(parent: int, command: list[str]) -> int:
    child = subprocess.Popen(command)  # noqa: S603  # our own parts, started by desk.children

    def hand_on(number: int, _: FrameType | None) -> None:
        child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, hand_on)
    while child.poll() is None:
        if os.getppid() != parent:
            child.kill()
            child.wait()
            return GONE
        time.sleep(LOOK_EVERY)
    return child.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
