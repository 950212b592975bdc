"""Does a limit that one of our people sets still lie ahead? What is over at once would only raise alarms."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel

from schemas.errors import BadInput

LIMITS = {
    "question": "answer_by",
    "ask-assurance": "answer_by",
    "postpone": "until_estimate",
    "prolong": "until_estimate",
}
"""Which field of which move is such a limit; the rules of a case look at the others themselves."""
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
