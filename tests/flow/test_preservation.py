"""Are data kept until the right moment, whoever told it, and does every warning come in time?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas.deadline import ClockStatus
from schemas.errors import WrongMove
from schemas.moves import Preserved, Renew, Renewed
from schemas.vocabulary import Verdict
from tests.flow.invented import OFFICER_DE, START
from tests.flow.keeping import SECOND, by_provider, by_state, kept
from tests.flow.lawful import PROVIDER, days, desk, refused, to_keep
from workflows.row import aliases

# --- confirmed -------------------------------------------------------------------------------------------


def test_an_end_that_was_told_is_the_end_and_a_longer_floor_does_not_run() -> None:
    house = by_state()
    assert house.keeping().protection == "none"
    end = START + days(90)
    assert house.made(OFFICER_DE, kept(end, provider_ref="EC-77")) == "preserved"
    assert house.runs("preserve").due == end
    (period,) = house.keeping().periods
    assert (period.end, period.from_law) == (end, False)
    assert house.keeping().protection == "protected"
    assert house.keeping().provider_ref == "EC-77"
    (floor,) = house.clocks("preserve", ClockStatus.DROPPED)
    assert floor.nature == "floor", "what the law counted stays to be seen"


def test_an_end_that_nobody_told_is_the_earliest_lawful_one() -> None:
    house = by_state()
    house.made(OFFICER_DE, kept())
    entry = house.runs("preserve")
    assert (entry.nature, entry.article, entry.amount) == ("floor", "29(7)", 60)
    (period,) = house.keeping().periods
    assert (period.end, period.from_law) == (entry.due, True)


def test_an_end_before_the_floor_counts_and_shows() -> None:
    house = by_state()
    house.made(OFFICER_DE, kept(START + days(30)))
    assert house.runs("preserve").due == START + days(30)
    assert house.shows("shorter-than-law")


@pytest.mark.parametrize(("instrument", "binding"), [("voluntary-request", "option"), (None, "duty")])
def test_a_letter_that_binds_nobody_protects_nothing_and_has_no_end(
    instrument: str | None, binding: str
) -> None:
    house = by_provider(instrument, binding)
    assert house.keeping().protection == "unprotected"
    assert house.shows("unprotected")
    assert house.clocks("preserve") == []
    house.made(PROVIDER, Preserved(start=START))
    assert house.keeping().protection == "told"
    assert house.shows("voluntary")
    assert not house.shows("unprotected")
    assert house.clocks("preserve") == []
    assert house.keeping().periods[0].end is None


def test_the_word_of_a_willing_provider_has_the_end_it_tells() -> None:
    house = by_provider()
    house.made(PROVIDER, Preserved(start=START, end=START + days(90), provider_ref="X-1"))
    assert house.runs("preserve").due == START + days(90)
    assert not house.runs("preserve").law


def test_a_doubtful_duty_of_a_provider_protects_nothing() -> None:
    house = desk(to_keep(direct=True), "eu-eevidence", "duty", verdict=Verdict.UNKNOWN)
    assert house.keeping().protection == "unprotected"


def test_a_binding_order_to_a_provider_runs_from_its_receipt() -> None:
    house = desk(to_keep(direct=True, requested="IE"), "eu-eevidence", "duty")
    assert house.keeping().protection == "protected"
    entry = house.runs("preserve")
    assert (entry.article, entry.amount) == ("11(1)", 60)
    house.made(PROVIDER, Preserved(start=START))
    assert [known.id for known in house.clocks("preserve")] == [entry.id]
    assert house.keeping().periods[0].end == entry.due


def test_another_word_stands_beside_the_first_and_the_earlier_end_counts() -> None:
    house = by_provider()
    house.made(PROVIDER, Preserved(start=START, end=START + days(90)))
    house.made(PROVIDER, Preserved(start=START, end=START + days(120)))
    assert house.shows("contradiction:2")
    assert house.runs("preserve").due == START + days(90)
    house.made(PROVIDER, Preserved(start=START, end=START + days(40)))
    assert house.shows("contradiction:3")
    assert house.runs("preserve").due == START + days(40)
    assert [period.end for period in house.keeping().periods] == [START + days(n) for n in (90, 120, 40)]
    assert [period.contradicts for period in house.keeping().periods] == [False, True, True]


def test_the_same_word_again_is_no_contradiction_and_an_end_told_later_none_either() -> None:
    house = by_state()
    house.made(OFFICER_DE, kept())
    house.made(OFFICER_DE, kept())
    house.made(OFFICER_DE, kept(START + days(80)))
    assert not any(code.startswith("contradiction") for code in house.state.attention)
    assert house.runs("preserve").due == START + days(80)
    assert len(house.keeping().periods) == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (Preserved(start=START + days(1), by_post=True), "in-the-future"),
        (Preserved(start=START, end=START, by_post=True), "end-before-start"),
        (Preserved(start=START, happened_at=START + days(1), by_post=True), "in-the-future"),
    ],
)
def test_a_keeping_that_cannot_be_is_refused(body: Preserved, code: str) -> None:
    refused(by_state(), code, body)


def test_both_references_of_a_provider_are_found_and_the_first_one_stays() -> None:
    house = by_provider()
    house.made(PROVIDER, Preserved(start=START, provider_ref="A-1"))
    house.made(PROVIDER, Preserved(start=START, provider_ref="B-2"))
    assert house.shows("contradiction:2")
    assert house.keeping().provider_ref == "A-1"
    assert aliases(house.state) == ("A-1", "B-2")


def test_a_state_that_keeps_the_data_has_taken_the_request() -> None:
    house = by_state()
    assert house.state.holder.house == "de"
    house.made(OFFICER_DE, kept())
    assert house.state.holder.house == "state-us"


def test_a_part_that_is_not_kept_shows() -> None:
    house = by_state()
    house.made(OFFICER_DE, kept(partial="the messages were gone"))
    assert house.shows("partly-kept")


# --- warned, lapsed --------------------------------------------------------------------------------------


def test_every_warning_comes_at_its_moment_and_the_end_just_after_its_last() -> None:
    house = by_provider()
    end = START + days(40)
    house.made(PROVIDER, Preserved(start=START, end=end))
    moments = {
        "50%": START + days(20),
        "75%": START + days(30),
        "7-days": end - days(7),
        "1-day": end - days(1),
        "1-hour": end - timedelta(hours=1),
    }
    for word, moment in moments.items():
        house.until(moment - SECOND)
        assert word not in house.runs("preserve").warned
        house.until(moment)
        assert house.runs("preserve").warned[-1] == word
        assert house.shows(f"due-soon:preserve:{word}")
    house.until(end - SECOND)
    assert house.state.status == "preserved"
    house.until(end)
    assert house.state.status == "lapsed"
    assert house.shows("lapsed", "missed:preserve")
    assert house.keeping().protection == "ended"
    told = {notice.code for notice in house.state.notices if notice.clock == "preserve"}
    assert told == {"due-soon", "missed"}
    assert all(notice.loud for notice in house.state.notices), "a child is at risk"


def test_past_the_earliest_lawful_end_the_data_may_be_gone_and_may_not() -> None:
    house = by_state()
    house.made(OFFICER_DE, kept())
    due = house.runs("preserve").due
    assert due == datetime(2027, 1, 21, 5, tzinfo=UTC), "sixty days, as they end in the United States"
    house.until(due - SECOND)
    assert not house.shows("may-have-lapsed")
    house.until(due)
    assert house.state.status == "preserved"
    assert house.shows("may-have-lapsed")
    refused(house, "after-the-end", Renew(reason="more time"))
    house.made(OFFICER_DE, kept(house.now + days(30)))
    assert not house.shows("may-have-lapsed")
    assert not any(code.startswith("contradiction") for code in house.state.attention)


def test_lapsed_data_that_were_kept_after_all_are_kept() -> None:
    house = by_provider()
    house.made(PROVIDER, Preserved(start=START, end=START + days(10)))
    house.until(START + days(11))
    assert house.state.status == "lapsed"
    error = refused(house, "wrong-move", Renew(reason="more time"), WrongMove)
    assert "new request" in str(error)
    assert house.made(PROVIDER, Renewed(start=START + days(10), end=START + days(50))) == "preserved"
    assert not house.shows("lapsed")
    assert house.runs("preserve").due == START + days(50)
