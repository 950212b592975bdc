"""From when until when? The only place where days are compared: from included, until excluded."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_PARTIAL = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")


@lru_cache(maxsize=4096)
def _in_the_calendar(partial: str) -> str:
    """Raises ValueError for a month or a day that no calendar has."""
    first_day(partial)
    return partial


PartialDate = Annotated[
    str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$"), AfterValidator(_in_the_calendar)
]
"""A day known to the year, the month or the day: `2013`, `2026-02`, `2015-12-03`."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` (included; None: since ever) until `until` (excluded; None: open)."""

    start: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.until is not None and self.until <= self.start:
            raise ValueError(f"span ends ({self.until}) on or before the day it starts ({self.start})")

    def holds(self, day: date) -> bool:
        """Is `day` inside?"""
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)

    def overlaps(self, other: Span) -> bool:
        """Do the two share a day?"""
        return (self.until is None or other.start is None or other.start < self.until) and (
            other.until is None or self.start is None or self.start < other.until
        )


def first_day(partial: str) -> date:
    """First day a partial date can mean."""
    year, month, day = _parts(partial)
    return date(year, 1 if month is None else month, 1 if day is None else day)


def last_day(partial: str) -> date:
    """Last day a partial date can mean: what was seen `in 2013` is certain only when 2013 is over."""
    year, month, day = _parts(partial)
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def next_change(day: date, boundaries: Iterable[date | None]) -> date | None:
    """Earliest boundary after `day`: the first day on which an answer given for `day` may differ."""
    later = [b for b in boundaries if b is not None and b > day]
    return min(later, default=None)


def _parts(partial: str) -> tuple[int, int | None, int | None]:
    found = _PARTIAL.match(partial)
    if found is None:
        raise ValueError(f"{partial!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = found.groups()
    return int(year), int(month) if month else None, int(day) if day else None
