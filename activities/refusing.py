"""How does an activity tell a workflow what went wrong: for good, or worth another try?"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import ParamSpec, TypeVar

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from schemas.errors import RogatoryError, Throttled

P = ParamSpec("P")
R = TypeVar("R")


def told(method: Callable[P, R]) -> Callable[P, R]:
    """Errors raised on purpose cross the engine as plain data: type is the code, the detail is `told()`.

    Only those that say that trying again can help are tried again. The text carries no name of a person.
    """

    @functools.wraps(method)
    def telling(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except RogatoryError as error:
            # told to whoever asked: no news for the log, which would print the words that were wrong
            raise ApplicationError(
                error.what,
                error.told(),
                type=error.code,
                non_retryable=not error.retry,
                category=ApplicationErrorCategory.BENIGN,
                next_retry_delay=timedelta(seconds=error.after) if isinstance(error, Throttled) else None,
            ) from None

    return telling
