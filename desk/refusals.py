"""In which words does the desk pass on a refusal of a case, or the silence of the engine?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.errors import BadInput, Conflict, NotAllowed, NotFound, RogatoryError, Unavailable, WrongMove

_KINDS: dict[int, type[RogatoryError]] = {
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    422: BadInput,
    503: Unavailable,
}


def refusal(told: Mapping[str, Any], ref: str) -> RogatoryError:
    """A case's refusal as one of our errors. `told`: code, what, where, next, status, allowed."""
    code, what = str(told.get("code") or "refused"), str(told.get("what") or "The case refused the move.")
    where, next_step = str(told.get("where") or ref), str(told.get("next") or "")
    allowed = [str(each) for each in told.get("allowed") or ()]
    kind = _KINDS.get(int(told.get("status") or 0))
    if kind is None or allowed or code == WrongMove.code:
        wrong = WrongMove(what, allowed=allowed, where=where, code=code)
        wrong.next_step = next_step or wrong.next_step
        return wrong
    return kind(what, where=where, next_step=next_step, code=code)


def unseen(ref: str) -> NotFound:
    """The one answer for a case that is not there and for one the actor may not see."""
    return NotFound(
        "There is no such case.",
        where=ref,
        next_step="look it up in the list of cases: it shows those you may see",
    )


def not_running(ref: str) -> Unavailable:
    """The case is in the records but the engine does not know it."""
    return Unavailable(
        "The case is filed but not running.",
        where=ref,
        next_step=f"an officer or operator runs `rogatory case revive {ref}`; then send it again",
        code="not-running",
    )


def gave_up(ref: str) -> Unavailable:
    """A part the case needed did not do its work: nothing was filed."""
    return Unavailable(
        "The move could not be made now; the case is as it was.",
        where=ref,
        next_step="try again; if it stays so, tell the operator",
    )


def engine_down(ref: str) -> Unavailable:
    """The Temporal server does not answer."""
    return Unavailable(
        "The engine does not answer now.",
        where=ref,
        next_step="send it again, unchanged: it is made once (programs: with the same Idempotency-Key). "
        "The operator sees to the Temporal server",
    )


def slow(ref: str, seconds: float) -> Unavailable:
    """The move was handed over, and no answer came in time."""
    return Unavailable(
        f"The case did not answer within {seconds:.0f} seconds; the move may still be made.",
        where=ref,
        next_step="send it again, unchanged: it is made once (programs: with the same Idempotency-Key). "
        "If it stays so, tell the operator: the worker may not be running, or have no room on its disk",
    )
