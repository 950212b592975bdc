"""Does a day that one of our people gives lie where it must? A slip of the year alarms, or helps nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel

from schemas.errors import BadInput
from schemas.moves import Competing

LIMITS = {
    "question": "answer_by",
    "ask-assurance": "answer_by",
    "postpone": "until_estimate",
    "prolong": "until_estimate",
}
"""Which field of which move is a limit to come; the rules of a case look at the others themselves."""
SKEW = timedelta(minutes=5)


def check_to_come(body: BaseModel, event: str, now: datetime) -> None:
    """Raises BadInput (`in-the-past`) where the limit was over when it was set. A word that came by post is
    looked at as of its own day."""
    name = LIMITS.get(event)
    limit: datetime | None = getattr(body, name) if name else None
    since: datetime = getattr(body, "happened_at", None) or now
    if limit is not None and limit < since - SKEW:
        raise BadInput(
            "This limit would be over at once.",
            where=name or "",
            next_step="give a later moment",
            code="in-the-past",
        )


def check_competing(body: BaseModel, ref: str, now: datetime) -> None:
    """A request that competes with that of case `ref` is another one, and was received already. Raises
    BadInput."""
    if not isinstance(body, Competing):
        return
    if body.ref == ref:
        raise BadInput("That is this case itself.", where="ref", next_step="name the other case")
    # the day begins in the east before it does in universal time
    if body.received > (now + timedelta(hours=14)).date():
        raise BadInput(
            "It cannot have been received in the future.",
            where="received",
            next_step="check the year",
            code="in-the-future",
        )
