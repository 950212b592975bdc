"""What becomes of work that takes longer than a page may? It is done apart, and asked for again.

One piece of work by its name at a time; the last result stays until the next is there. Kept in memory only:
what must survive the process is written down by the work itself.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.errors import RogatoryError

MOST_KEPT = 32
"""Results kept; the oldest goes first."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Piece:
    """One piece of work. `ended` None: it runs. `value` is its result, `error` what stopped it (`failed`
    where that is not for people to read)."""

    begun: datetime
    ended: datetime | None = None
    value: Any = None
    error: RogatoryError | None = None
    failed: bool = False
    seconds: float = 0.0

    @property
    def running(self) -> bool:
        """Is it still being done?"""
        return self.ended is None

    @property
    def done(self) -> bool:
        """Did it end well?"""
        return self.ended is not None and self.error is None and not self.failed


class Apart:
    """The long work of one house in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[Hashable, Piece] = {}
        self._running: dict[Hashable, Piece] = {}

    def begin(self, name: Hashable, work: Callable[[], Any]) -> Piece:
        """Begins `work` in a thread, unless work of this name runs already."""
        with self._lock:
            running = self._running.get(name)
            if running is not None:
                return running
            piece = Piece(datetime.now(UTC))
            self._running[name] = piece
        threading.Thread(target=self._do, args=(name, piece, work), daemon=True).start()
        return piece

    def last(self, name: Hashable) -> Piece | None:
        """The last work of this name that ended."""
        return self._last.get(name)

    def running(self, name: Hashable) -> Piece | None:
        """The work of this name that runs now."""
        return self._running.get(name)

    def fresh(self, name: Hashable, work: Callable[[], Any], age: timedelta, wait: float = 0.0) -> Piece:
        """The last result if it is no older than `age`; else the work is begun (again) and the last result
        given all the same, or, where there is none, the work that runs, after waiting at most `wait` seconds
        for it."""
        last = self.last(name)
        if last is not None and last.ended is not None and datetime.now(UTC) - last.ended <= age:
            return last
        running = self.begin(name, work)
        if last is not None and last.done:
            return last
        until = time.monotonic() + wait
        while running.running and time.monotonic() < until:
            time.sleep(0.01)
        return running

    def forget(self, name: Hashable) -> None:
        """The next to ask has it done anew."""
        with self._lock:
            self._last.pop(name, None)

    def _do(self, name: Hashable, piece: Piece, work: Callable[[], Any]) -> None:
        began = time.monotonic()
        try:
            piece.value = work()
        except RogatoryError as error:
            piece.error = error
        except Exception as error:
            # The text of a foreign exception may carry what it was working on.
            _log.error("work apart failed: %s", type(error).__name__)
            piece.failed = True
        finally:
            piece.seconds = time.monotonic() - began
            piece.ended = datetime.now(UTC)
            with self._lock:
                self._running.pop(name, None)
                self._last.pop(name, None)
                self._last[name] = piece
                while len(self._last) > MOST_KEPT:
                    self._last.pop(next(iter(self._last)))
