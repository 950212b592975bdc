"""Is a day refused that lies where it cannot, and one taken that lies where it must?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from desk.to_come import LIMITS, check_calendar, check_competing, check_to_come
from schemas.errors import BadInput
from schemas.moves import Competing

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
REF = "US-EXT-2026-00001"


class Given(BaseModel):
    """A body with limits, as far as they are looked at."""

    event: str = ""
    answer_by: datetime | None = None
    until_estimate: datetime | None = None
    happened_at: datetime | None = None


class Outer(BaseModel):
    inner: tuple[Given, ...]


def given(**fields: Any) -> Given:
    return Given.model_validate(fields)


def competing(**more: Any) -> Competing:
    return Competing.model_validate({"id": "r1", "state": "FR", "received": date(2026, 11, 20), **more})


@pytest.mark.parametrize(("event", "name"), LIMITS.items())
def test_a_limit_lies_ahead_of_the_day_on_which_it_was_set(event: str, name: str) -> None:
    before, after = NOW - timedelta(days=300), NOW + timedelta(days=30)
    check_to_come(given(event=event, **{name: after}), NOW)
    check_to_come(given(event=event, **{name: None}), NOW)
    told = given(event=event, **{name: before + timedelta(days=9), "happened_at": before})
    check_to_come(told, NOW)
    with pytest.raises(BadInput) as caught:
        check_to_come(given(event=event, **{name: before}), NOW)
    assert (caught.value.code, caught.value.where) == ("in-the-past", name)


def test_a_request_competes_with_another_one_that_was_received() -> None:
    check_competing(competing(ref="US-EXT-2026-00002"), REF, NOW)
    check_competing(competing(received=NOW.date()), REF, NOW)
    with pytest.raises(BadInput, match="itself"):
        check_competing(competing(ref=REF), REF, NOW)
    with pytest.raises(BadInput, match="future"):
        check_competing(competing(received=date(2027, 11, 20)), REF, NOW)


def test_a_day_that_no_calendar_reaches_is_named_wherever_it_stands() -> None:
    """The other house put a request off until the last day of all, and our page of the case did not open."""
    check_calendar(given(answer_by=NOW))
    check_calendar(competing())
    for year in (1, 9999):
        far = datetime(year, 12, 31, 23, 59, tzinfo=UTC)
        with pytest.raises(BadInput) as caught:
            check_calendar(Outer(inner=(given(), given(until_estimate=far))))
        assert caught.value.where == "inner.1.until_estimate"
