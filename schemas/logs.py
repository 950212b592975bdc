"""How does a process write down what went wrong, without telling what it was working on?

The text of a foreign exception may quote a name, an account or a whole request. Logs keep its type and the
places it came through; who needs more has the case itself.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

FRAMES = 6

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def place_of(error: BaseException) -> str:
    """The innermost places `error` came through, the first one being where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return " < ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames))


class TypeAndPlace(logging.Formatter):
    """Writes of an exception its type and places in one line, never its text."""

    def formatException(self, ei: Raised) -> str:
        """Of `ei` (as sys.exc_info gives it): type and places."""
        error = ei[1]
        return f"{type(error).__name__} in {place_of(error)}" if error is not None else ""


def keep_log(level: int) -> None:
    """Everything this process logs goes to standard error in that form."""
    handler = logging.StreamHandler()
    handler.setFormatter(TypeAndPlace("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
