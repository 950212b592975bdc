"""Do the words hold together: closed lists, spans, dates known in part, penalties, published schemas?"""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas import publish
from schemas.errors import BadInput, UnknownWord
from schemas.ids import bilateral_key, digest
from schemas.request import months
from schemas.span import Span, first_day, last_day, next_change
from schemas.vocabulary import Kind, Measure, word

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def test_an_unknown_measure_is_told_with_the_nearest_known_word() -> None:
    with pytest.raises(UnknownWord) as caught:
        word(Measure, "subscriber-dta")
    assert caught.value.nearest[0] == "subscriber-data"
    assert "subscriber-data" in str(caught.value)


def test_a_word_is_taken_in_any_case() -> None:
    assert word(Kind, " MLA ") is Kind.MLA


@given(days, st.integers(1, 400), st.integers(-500, 900))
def test_a_span_holds_its_first_day_and_not_its_last(start: date, length: int, offset: int) -> None:
    span = Span(start, start + timedelta(days=length))
    day = start + timedelta(days=offset)
    assert span.holds(day) == (0 <= offset < length)


@given(days, st.integers(1, 400), days, st.integers(1, 400))
def test_overlap_means_a_shared_day(a: date, a_length: int, b: date, b_length: int) -> None:
    one, two = Span(a, a + timedelta(days=a_length)), Span(b, b + timedelta(days=b_length))
    shared = any(two.holds(a + timedelta(days=n)) for n in range(a_length))
    assert one.overlaps(two) == two.overlaps(one) == shared


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends"):
        Span(date(2020, 1, 2), date(2020, 1, 2))


@pytest.mark.parametrize(
    ("partial", "first", "last"),
    [
        ("2013", date(2013, 1, 1), date(2013, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2015-12-03", date(2015, 12, 3), date(2015, 12, 3)),
    ],
)
def test_a_day_known_in_part_has_a_first_and_a_last_meaning(partial: str, first: date, last: date) -> None:
    assert (first_day(partial), last_day(partial)) == (first, last)


def test_the_next_change_is_the_earliest_later_boundary() -> None:
    day = date(2020, 5, 5)
    assert next_change(day, [None, day, date(2021, 1, 1), date(2020, 5, 6)]) == date(2020, 5, 6)
    assert next_change(day, [day, None]) is None


@pytest.mark.parametrize(
    ("text", "value"), [("10y", 120), ("18 m", 18), ("life", 12_000), (7, 7), (None, None)]
)
def test_a_penalty_is_read_in_months(text: str | int | None, value: int | None) -> None:
    assert months(text) == value


def test_a_penalty_that_is_none_is_refused_with_the_way_to_write_it() -> None:
    with pytest.raises(BadInput, match="10y"):
        months("ten")


def test_a_bilateral_key_does_not_depend_on_the_order_of_the_states() -> None:
    assert bilateral_key("US", "DE", "mla") == bilateral_key("DE", "US", "mla") == "de-us-mla"


def test_a_digest_names_its_algorithm() -> None:
    assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_every_published_schema_is_valid_and_current() -> None:
    assert publish.differing() == []
    for name in publish.PUBLISHED:
        Draft202012Validator.check_schema(json.loads((publish.FOLDER / f"{name}.json").read_text("utf-8")))
