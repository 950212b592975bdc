"""Is a longer time asked for and told, and does it count from the right end?"""

from __future__ import annotations

from schemas.moves import Ask, Preserved, Renew, Renewed
from tests.flow.invented import OFFICER_DE, START
from tests.flow.keeping import SECOND, by_provider, by_state, kept
from tests.flow.lawful import LIAISON_DE, PROVIDER, days, desk, refused, to_keep


def test_a_longer_time_is_asked_for_before_the_end_and_counts_once_it_is_told() -> None:
    house = by_provider()
    end = START + days(40)
    house.made(PROVIDER, Preserved(start=START, end=end))
    house.until(end - SECOND)
    house.made(LIAISON_DE, Renew(reason="the request is on its way"))
    house.made(PROVIDER, Renewed(start=end, end=end + days(90)))
    assert house.runs("preserve").due == end + days(90)
    assert house.clocks("renewal-answer") == []
    assert [period.renewal for period in house.keeping().periods] == [False, True]


def test_at_the_end_it_is_too_late_to_renew() -> None:
    house = by_provider()
    house.made(PROVIDER, Preserved(start=START, end=START + days(40)))
    house.now = START + days(40)
    error = refused(house, "after-the-end", Renew(reason="too late"))
    assert "new request" in error.next_step


def test_what_nobody_keeps_is_not_renewed_and_no_longer_time_ends_before_the_present_one() -> None:
    house = by_provider()
    house.made(PROVIDER, Ask(id="which", text="Which account?"))
    refused(house, "not-kept-yet", Renew(reason="more"))
    house.made(PROVIDER, Preserved(start=START, end=START + days(40)))
    refused(house, "end-before-start", Renew(reason="more", until=START + days(40)))


def test_the_statute_of_the_united_states_names_one_extension_and_more_is_goodwill() -> None:
    house = by_state("us-18-usc-2703f", "option")
    house.made(OFFICER_DE, kept())
    first = house.runs("preserve")
    assert (first.article, first.amount, first.nature) == ("2703(f)(2)", 90, "ends")
    house.until(first.due - days(3))
    house.made(OFFICER_DE, Renew(reason="not yet ready"))
    house.made(OFFICER_DE, Renewed(start=first.due, by_post=True))
    second = house.runs("preserve")
    assert (second.due_day - first.due_day).days == 90
    assert not house.shows("goodwill")
    house.until(second.due - days(3))
    house.made(OFFICER_DE, Renew(reason="not yet ready"))
    house.made(OFFICER_DE, Renewed(start=second.due, end=second.due + days(90), by_post=True))
    assert house.shows("goodwill")
    house.until(second.due + SECOND)
    assert house.state.status == "preserved"
    house.until(second.due + days(90))
    assert house.state.status == "lapsed"


def test_a_renewal_asked_in_time_leaves_the_end_of_the_law_in_doubt() -> None:
    house = desk(to_keep(direct=True, requested="IE"), "eu-eevidence", "duty")
    house.made(PROVIDER, Preserved(start=START))
    due = house.runs("preserve").due
    house.until(due - days(1))
    house.made(OFFICER_DE, Renew(reason="Annex VI"))
    house.until(due)
    assert house.state.status == "preserved"
    assert house.shows("may-have-lapsed")


def test_an_order_that_binds_is_renewed_though_the_provider_said_nothing() -> None:
    house = desk(to_keep(direct=True, requested="IE"), "eu-eevidence", "duty")
    first = house.runs("preserve")
    house.made(OFFICER_DE, Renew(reason="Annex VI"))
    assert house.made(PROVIDER, Renewed(start=first.due)) == "preserved"
    assert (house.runs("preserve").due_day - first.due_day).days == 30


def test_the_second_term_of_an_order_follows_on_the_last_day_of_the_first() -> None:
    house = desk(to_keep(direct=True, requested="IE"), "eu-eevidence", "duty")
    house.made(PROVIDER, Preserved(start=START))
    first = house.runs("preserve")
    house.made(OFFICER_DE, Renew(reason="Annex VI"))
    house.made(PROVIDER, Renewed(start=first.due))
    second = house.runs("preserve")
    assert (second.amount, (second.due_day - first.due_day).days) == (30, 30)


def test_kept_on_without_an_end_is_kept_at_least_as_long_as_was_told_before() -> None:
    house = by_provider()
    house.made(PROVIDER, Preserved(start=START, end=START + days(40)))
    house.made(PROVIDER, Renewed(start=START + days(40)))
    assert house.runs("preserve").due == START + days(40)
    house.until(START + days(40))
    assert house.state.status == "preserved"
    assert house.shows("may-have-lapsed")


def test_a_gap_between_two_times_shows() -> None:
    house = by_provider()
    house.made(PROVIDER, Preserved(start=START, end=START + days(40)))
    house.made(PROVIDER, Renewed(start=START + days(41), end=START + days(80)))
    assert house.shows("gap-in-keeping")
