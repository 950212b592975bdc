"""Is anybody using the records of this house now? A restore wants to be alone with them.

A lock on a file in the home folder, which the system lifts when a process ends, however it ends. It speaks
for one machine: where a house runs on several, its operator sees that all are stopped.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from schemas.errors import Conflict, Unavailable

LOCK_FILE = "records.lock"


def shared(home: Path) -> IO[bytes]:
    """The claim of one who reads and writes, beside others; closing it ends it. Raises Unavailable while the
    house is being restored."""
    claim = _file(home)
    try:
        fcntl.flock(claim, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        claim.close()
        raise Unavailable(
            "The house is being restored from a backup.", where=str(home), next_step="wait until that is done"
        ) from None
    return claim


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Nobody else has the records open meanwhile. Raises Conflict (`running`) if somebody has."""
    with _file(home) as claim:
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                "The house is running: what it does meanwhile would be lost.",
                where=str(home),
                next_step="stop its API and its workers first",
                code="running",
            ) from None
        yield


def _file(home: Path) -> IO[bytes]:
    handle = os.open(home / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return os.fdopen(handle, "r+b", buffering=0)
