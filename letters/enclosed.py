"""What stands in documents from anywhere, read where neither a bomb nor an endless loop can do harm?

Each document is read by a process of its own (`letters.inside_files`) with bounds on time and memory. A
process that ends badly, or not in time, is itself an answer: the document could not be looked through.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from letters.inside import WHY, Inside, Why

SECONDS = 15.0
"""For one document."""
IN_TIME = 0.7
"""Of that, after how much a reader that still can stops by itself and tells what it read so far."""
WHOLE_SECONDS = 45.0
"""For all that leaves at once: a person waits."""
MEMORY = 1024 * 1024 * 1024
LARGEST = 64 * 1024 * 1024
"""Bytes of a document that is read at all."""
AT_ONCE = 2

_ROOT = Path(__file__).resolve().parent.parent
_CODE = """
import sys
sys.path.insert(0, sys.argv[1])
try:
    import resource
    for what, most in (("RLIMIT_AS", int(sys.argv[2])), ("RLIMIT_CPU", int(sys.argv[3])), ("RLIMIT_CORE", 0)):
        try:
            resource.setrlimit(getattr(resource, what), (most, most))
        except (OSError, ValueError):
            pass
except ImportError:
    pass
from letters.inside_files import main
main()
"""
"""The bounds hold before the first library is loaded. Where the system knows none (Windows; macOS for memory)
the time is still bounded."""
_STOPPED = (signal.SIGKILL, signal.SIGXCPU) if os.name == "posix" else ()
"""How the system ends what uses up its processor time."""
_TURN = threading.BoundedSemaphore(AT_ONCE)


def looked_into(documents: Iterable[tuple[str, Callable[[], bytes]]]) -> Iterator[tuple[str, Inside]]:
    """What stands in each of the documents (place, and how to get the bytes): one after the other, so that
    what is told of one can be forgotten before the next. What is done between two counts in the time for all.
    Raises what a reading of bytes raises, and OSError where no process can be started."""
    end = time.monotonic() + WHOLE_SECONDS
    for place, content in documents:
        yield place, read_apart(content(), min(SECONDS, end - time.monotonic()))


def read_apart(content: bytes, seconds: float = SECONDS) -> Inside:
    """What stands in one document; `broken` where the reader itself ended badly."""
    found = Inside()
    if len(content) > LARGEST:
        found.miss("", "large")
        return found
    if seconds <= 0:
        found.miss("", "time")
        return found
    bounds = (str(MEMORY), str(int(SECONDS) + 1), str(seconds * IN_TIME))
    try:
        with _TURN:
            done = subprocess.run(  # noqa: S603  # our own part
                [sys.executable, "-I", "-c", _CODE, str(_ROOT), *bounds],
                input=content,
                capture_output=True,
                timeout=seconds,
                env=_surroundings(),
            )
    except subprocess.TimeoutExpired:
        found.miss("", "time")
        return found
    if done.returncode != 0:
        found.miss("", "time" if -done.returncode in _STOPPED else "broken")
        return found
    told = json.loads(done.stdout)
    found.texts = told["texts"]
    found.unread = [(place, _why(why)) for place, why in told["unread"]]
    return found


def _surroundings() -> dict[str, str]:
    """Nothing of ours: what reads foreign bytes knows no secret."""
    kept = ("PATH", "SYSTEMROOT", "TMPDIR", "LANG")
    return {name: os.environ[name] for name in kept if name in os.environ}


def _why(word: str) -> Why:
    return next((each for each in WHY if each == word), "broken")
