"""What does one parser do with one input: take it, refuse it in our words, or something it must not?

Bounded in time (processor seconds, so that a busy machine changes nothing) and in memory. What a parser does
beyond that is told as a fault, never hidden.
"""

from __future__ import annotations

import logging
import resource
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from schemas.errors import RogatoryError

SECONDS = 2.0
MEMORY = 256 * 1024 * 1024
"""More than this beyond what the process needs anyway is a fault."""
GUARD = 1024 * 1024 * 1024
"""Beyond this the system gives no more, so that one input cannot take the machine."""

_HERE = str(Path(__file__).parent)

TAKEN, REFUSED, FAULT = "taken", "refused", "fault"


class TooLong(BaseException):
    """The time is over. Not an Exception: a parser that catches those must not swallow it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`kind` of what happened; `sign` tells one fault from another; `told` is for a person."""

    kind: str
    seconds: float
    sign: str = ""
    told: str = ""


def quiet() -> None:
    """No grumbling of the libraries about what they read: it is not what is judged here."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)


def bound() -> None:
    """For a process that does nothing but try inputs: quiet, and with no more memory than it can need."""
    quiet()
    if sys.platform == "linux":
        size = _size() + GUARD
        resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))


class Trial:
    """Tries inputs in this process. Where the system cannot forget a peak of memory (it can on Linux), one in
    the past hides a lower one, never one far beyond."""

    def __init__(self) -> None:
        signal.signal(signal.SIGPROF, _over)

    def __call__(self, run: Callable[[bytes], object], content: bytes) -> Outcome:
        """The outcome of `run` on `content`."""
        _forget_peak()
        before = _peak()
        start = time.process_time()
        kind, sign, told = TAKEN, "", ""
        signal.setitimer(signal.ITIMER_PROF, 5 * SECONDS)
        try:
            run(content)
        except RogatoryError as error:
            kind = REFUSED
            if not error.what or not error.code:
                kind, sign, told = FAULT, "says nothing", repr(error)
        except (Exception, TooLong) as error:
            kind, sign, told = FAULT, _sign(error), traceback.format_exc(limit=-6)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        seconds = time.process_time() - start
        if kind != FAULT and seconds > SECONDS:
            kind, sign, told = FAULT, "slow", f"it took {seconds:.1f} processor seconds"
        peak = _peak()
        if peak > before + MEMORY:
            more = (peak - before) // (1024 * 1024)
            if kind != FAULT:
                kind, sign, told = FAULT, "memory", f"it took {more} MB more"
        return Outcome(kind, seconds, sign, told)


def _over(number: int, frame: FrameType | None) -> None:
    raise TooLong


def _sign(error: BaseException) -> str:
    """The kind of the error and the last line of ours that it came through."""
    last = ""
    for step in traceback.extract_tb(error.__traceback__):
        name = step.filename
        if "site-packages" not in name and "lib/python" not in name and not name.startswith(_HERE):
            last = f"{name.rpartition('/')[2]}:{step.name}"
    return f"{type(error).__name__} {last}"


def _forget_peak() -> None:
    with suppress(OSError), open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def _peak() -> int:
    """Bytes. On Linux `getrusage` is no use: a process begins with the peak of the one that began it."""
    if sys.platform != "linux":
        told = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return told if sys.platform == "darwin" else told * 1024
    with open("/proc/self/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) * 1024


def _size() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
