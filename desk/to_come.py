"""Does a day that one of our people gives lie where it must? A slip of the year alarms, or helps nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

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
FIRST_YEAR, LAST_YEAR = 2, 9990
"""Years that every zone and every count of days can reach."""


def check_to_come(body: BaseModel, now: datetime) -> None:
    """Raises BadInput (`in-the-past`) where the limit was over when it was set. A word that came by post is
    looked at as of its own day."""
    name = LIMITS.get(getattr(body, "event", ""))
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


def check_calendar(body: BaseModel) -> None:
    """Raises BadInput naming the field, whoever said it, also another house: nothing can be counted from
    a day at the end of all days, and no other zone shows it. Pages of a case that held it did not open."""
    for place, moment in _moments(body, ""):
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise BadInput(
                "No calendar reaches this day.",
                where=place,
                next_step="check the year",
                code="beyond-the-calendar",
            )


def _moments(value: object, place: str) -> Iterator[tuple[str, date]]:
    if isinstance(value, date):
        yield place, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _moments(getattr(value, name), f"{place}.{name}".lstrip("."))
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from _moments(one, f"{place}.{number}")
