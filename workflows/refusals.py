"""How is a refused move told across the engine, and how is a refusal of an activity heard?

One shape both ways: an ApplicationError with the code as type and `RogatoryError.told()` as its one detail.
"""

from __future__ import annotations

from typing import Any

from temporalio.exceptions import ActivityError, ApplicationError, FailureError

from schemas.errors import RogatoryError, Unavailable


class Heard(RogatoryError):
    """An error told by an activity, with the moves it named as allowed."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(
            str(told.get("what", "")),
            where=str(told.get("where", "")),
            next_step=str(told.get("next", "")),
            code=str(told.get("code", "error")),
        )
        self.status = int(told.get("status", self.status))
        self.allowed = [str(move) for move in told.get("allowed", ())]


def refusal(error: RogatoryError) -> ApplicationError:
    """The refusal as the caller of an update receives it: final, nothing changed."""
    return ApplicationError(error.what, error.told(), type=error.code, non_retryable=True)


def heard(error: FailureError, what: str) -> RogatoryError:
    """What an activity refused; or, where it gave no reason of ours, that `what` does not answer now."""
    cause = error.cause if isinstance(error, ActivityError) else error
    if isinstance(cause, ApplicationError) and cause.details and isinstance(cause.details[0], dict):
        told = cause.details[0]
        return Unavailable(_said(told), code=str(told["code"])) if not cause.non_retryable else Heard(told)
    kind = cause.type if isinstance(cause, ApplicationError) else type(cause).__name__
    return Unavailable(
        f"{what} does not answer ({kind}).",
        next_step="try again; if it lasts, ask the operator to look at the worker's log",
    )


def _said(told: dict[str, Any]) -> str:
    return str(told.get("what", "A part of the house does not answer now."))
