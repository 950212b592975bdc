"""Which cases are open, how does each stand, and as of which day is the law asked for it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from records.docket import Filter
from records.open import Records
from schemas.case import CaseState, DocketRow
from schemas.errors import RogatoryError
from schemas.lifecycle import UNSENT


def open_rows(records: Records) -> Iterator[DocketRow]:
    """Every open case of the house."""
    after: str | None = None
    while True:
        page = records.docket.find(Filter(open_only=True), limit=200, after=after)
        yield from page.rows
        after = page.next
        if after is None:
            return


def state_or_none(records: Records, ref: str) -> CaseState | None:
    """The last filed state; None for a case that was erased since the list was read."""
    try:
        return records.states.latest(ref)
    except RogatoryError:
        return None


def day_of(state: CaseState, today: date) -> date:
    """A request not yet sent is asked as of today, another as of the day of its recorded answer."""
    if state.request.on is not None:
        return state.request.on
    return today if state.status in UNSENT or state.law is None else state.law.on
