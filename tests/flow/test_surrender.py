"""Is the person handed over on a day, or free in time; and is what follows the surrender watched?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from schemas.deadline import ClockStatus
from schemas.moves import (
    AnswerConsent,
    Arrest,
    AskConsent,
    Close,
    Consent,
    Decide,
    Discharged,
    FixSurrender,
    MissSurrender,
    Postpone,
    ReleasePerson,
    ReturnedPerson,
    Surrendered,
)
from schemas.request import Outcome
from tests.flow.wanted import DAY, MINUTE, SOUGHT, Seeking, clocks, code, ended, surrendered
from workflows.custody import wanted

WINDOW = ("surrender-may", "surrender-must")
EXECUTED = Outcome(result="executed", arrests=1)


def day(both: Seeking, days: float) -> FixSurrender:
    """A day of surrender, so far ahead."""
    return FixSurrender(on=both.us.now + days * DAY, place="airport (invented)")


# --- the day -----------------------------------------------------------------------------------


def test_handed_over_on_the_day_with_the_days_of_custody() -> None:
    both = Seeking().handed_over()
    for house in (both.de, both.us):
        assert house.state.status == "surrendered"
        person = wanted(house.state)
        assert not person.detained
        assert person.custody_days == person.surrenders[0].custody_days == 5
        assert person.days[0].done == house.now
        assert not {*WINDOW, "surrender", "custody-review"} & clocks(house).keys()
        assert not any(told.startswith("custody-days") for told in house.state.attention)


def test_custody_days_that_do_not_fit_are_shown_and_taken() -> None:
    both = Seeking().fixed()
    both.pass_days(5)
    both.theirs(surrendered(both.us.state, both.us.now, custody_days=1))
    assert "custody-days:5" in both.de.state.attention


def test_the_day_lies_ahead_and_is_not_missed_before_it_comes() -> None:
    both = Seeking().granted()
    assert code(both.us, day(both, -2)) == "in-the-past"
    both.theirs(day(both, 5))
    assert code(both.us, MissSurrender(reason="no escort")) == "not-yet"
    assert code(both.de, MissSurrender(reason="no escort")) == "not-yet"


@pytest.mark.parametrize(("late", "how"), [(-MINUTE, ClockStatus.MET), (MINUTE, ClockStatus.MISSED)])
@pytest.mark.parametrize("clock", WINDOW)
def test_taken_over_just_before_and_just_after(clock: str, late: timedelta, how: ClockStatus) -> None:
    both = Seeking().fixed()
    entry = clocks(both.us)[clock]
    assert entry.started == both.us.now + 5 * DAY, "it runs from the appointed day"
    assert (entry.due_day - entry.started.date()).days == (15 if clock == "surrender-may" else 30)
    both.pass_days((entry.due + late - both.us.now) / DAY)
    assert (f"missed:{clock}" in both.us.state.attention) is (how is ClockStatus.MISSED)
    both.theirs(surrendered(both.us.state, both.us.now))
    assert ended(both.us, clock) is ended(both.de, clock) is how


def test_a_day_missed_without_force_majeure_keeps_its_window() -> None:
    both = Seeking().fixed()
    before = {name: clocks(both.us)[name].due for name in WINDOW}
    both.pass_days(6)
    both.ours(MissSurrender(reason="no escort"))
    assert both.de.state.status == both.us.state.status == "accepted"
    both.theirs(day(both, 20))
    for house in (both.de, both.us):
        assert {name: clocks(house)[name].due for name in WINDOW} == before
        assert [one.missed is None for one in wanted(house.state).days] == [False, True]
    both.pass_days(30)
    assert "missed:surrender-must" in both.us.state.attention
    both.theirs(ReleasePerson(reason="thirty days are over"))
    assert "missed:surrender-must" not in both.us.state.attention
    both.theirs(MissSurrender(reason="released"), Decide(decision="refused", reasons="18(4)"))


def test_a_day_missed_for_force_majeure_gets_a_new_window_with_the_new_day() -> None:
    both = Seeking().fixed()
    both.pass_days(6)
    both.theirs(MissSurrender(reason="a storm", force_majeure=True))
    assert set(WINDOW) <= clocks(both.us).keys(), "until then the old one goes on"
    both.theirs(day(both, 3))
    for house in (both.de, both.us):
        assert all(clocks(house)[name].started == house.now + 3 * DAY for name in WINDOW)
        assert "surrender-missed" not in house.state.attention


def test_another_day_agreed_before_the_first_moves_the_window() -> None:
    both = Seeking().fixed()
    both.pass_days(1)
    both.theirs(day(both, 10))
    assert clocks(both.us)["surrender-must"].started == both.us.now + 10 * DAY


def test_who_did_not_consent_is_not_without_any_time_for_surrender() -> None:
    both = Seeking().granted()
    entry = clocks(both.us)["surrender"]
    assert (entry.law, entry.amount) == (False, 30), "the ten days of the Third Protocol are for who consents"
    told = Seeking().heard()
    told.theirs(Consent(given=True, before="judge"), Decide(decision="accepted"))
    assert clocks(told.us)["surrender"].article == "AP3 9"


def test_postponed_surrender_waits_and_is_taken_up_again() -> None:
    both = Seeking("nl-us-ext", "US").granted()
    assert clocks(both.us)["surrender"].law is False
    both.theirs(Postpone(reasons="a trial of their own"))
    assert both.de.state.status == both.us.state.status == "postponed"
    assert ended(both.us, "surrender") is ClockStatus.PAUSED
    both.theirs(day(both, 5))
    assert both.de.state.status == both.us.state.status == "surrender-fixed"
    both.pass_days(5)
    both.theirs(surrendered(both.us.state, both.us.now))


def test_a_warrant_postponed_is_no_limit_missed_and_counts_from_its_new_day() -> None:
    both = Seeking("eu-eaw", "FR").granted()
    entry = clocks(both.us)["surrender"]
    assert (entry.law, entry.amount) == (True, 10)
    both.theirs(Postpone(reasons="a trial of their own (24(1))"))
    both.pass_days(40)
    for house in (both.de, both.us):
        assert ended(house, "surrender") is ClockStatus.PAUSED
        assert "missed:surrender" not in house.state.attention
    assert "missed:custody-review" in both.us.state.attention, "who is held meanwhile is not forgotten"
    both.theirs(day(both, 5))
    for house in (both.de, both.us):
        must = clocks(house)["surrender-must"]
        assert must.started == house.now + 5 * DAY
        assert must.amount == 10
        assert [one.due for one in house.state.deadlines if one.clock == "surrender"][-1] == must.started


def test_a_postponement_stops_the_treaty_s_limit_and_not_the_statute_s() -> None:
    both = Seeking("uk-eu-tca", "GB").granted()
    both.theirs(Postpone(reasons="a trial of their own"))
    found = {one.instrument: one.status for one in both.us.state.deadlines if one.clock == "surrender"}
    assert found["uk-eu-tca"] is ClockStatus.PAUSED
    assert found["gb-extradition-act-2003"] is ClockStatus.RUNNING, "nobody has read that it stops"


def test_a_postponement_takes_the_appointed_day_back() -> None:
    both = Seeking("eu-eaw", "FR").fixed()
    both.theirs(Postpone(reasons="a trial of their own (24(1))"))
    assert "surrender" not in clocks(both.us)
    assert "surrender-must" in clocks(both.us), "the law's own limit is not lifted by our word"
    both.pass_days(8)
    assert "missed:surrender" not in both.us.state.attention


def test_a_warrant_excused_counts_from_the_new_day_only() -> None:
    both = Seeking("eu-eaw", "FR").fixed()
    both.pass_days(5)
    both.theirs(MissSurrender(reason="a storm", force_majeure=True))
    assert clocks(both.us)["surrender"].article == "23(2)", "until a new day is agreed"
    both.theirs(day(both, 15))
    for house in (both.de, both.us):
        assert clocks(house)["surrender"].rule == "given"
        assert clocks(house)["surrender-must"].started == house.now + 15 * DAY


def test_a_warrant_missed_without_excuse_keeps_its_ten_days() -> None:
    both = Seeking("eu-eaw", "FR").fixed()
    both.pass_days(6)
    both.ours(MissSurrender(reason="no escort"))
    both.theirs(day(both, 2))
    assert "23(2)" in {one.article for one in both.us.state.deadlines if one.status is ClockStatus.RUNNING}


# --- for a time --------------------------------------------------------------------------------


def test_who_is_lent_comes_back_and_is_handed_over_for_good_later() -> None:
    both = Seeking().fixed()
    both.pass_days(5)
    assert code(both.us, _handed(both, temporary=True)) == "return-day"
    assert code(both.us, _handed(both, return_by=both.us.now + DAY)) == "return-day"
    assert code(both.us, _handed(both, temporary=True, return_by=both.us.now)) == "bad-input"
    both.theirs(_handed(both, temporary=True, return_by=both.us.now + 60 * DAY))
    for house in (both.de, both.us):
        assert clocks(house)["return-person"].due == house.now + 60 * DAY
        assert code(house, Close(outcome=EXECUTED)) == "person-not-returned"
    both.pass_days(61)
    assert "missed:return-person" in both.de.state.attention
    both.ours(ReturnedPerson())
    assert both.de.state.status == both.us.state.status == "accepted"
    assert "missed:return-person" not in both.de.state.attention
    both.theirs(Arrest(person=SOUGHT), day(both, 5))
    both.pass_days(5)
    both.theirs(_handed(both))
    assert [one.temporary for one in wanted(both.de.state).surrenders] == [True, False]
    assert code(both.de, ReturnedPerson()) == "not-temporary"


def _handed(both: Seeking, **changes: Any) -> Surrendered:
    return surrendered(both.us.state, both.us.now, **changes)


# --- afterwards --------------------------------------------------------------------------------


def test_speciality_protects_for_a_time_after_discharge() -> None:
    both = Seeking().handed_over()
    assert "speciality-check" in clocks(both.de)
    both.pass_days(100)
    early = Discharged(happened_at=both.de.now - 101 * DAY)
    assert code(both.de, early) == "before-the-surrender"
    both.ours(Discharged())
    for house in (both.de, both.us):
        entry = clocks(house)["speciality"]
        assert (entry.nature, entry.instrument) == ("ends", "coe-ext-1957")
        assert (entry.due_day - entry.started.date()).days in (30, 45)
    assert code(both.de, Discharged()) == "conflict"
    due = clocks(both.de)["speciality"].due
    both.pass_days((due - MINUTE - both.de.now) / DAY)
    assert "speciality" in clocks(both.de)
    both.pass_days(2 * MINUTE / DAY)
    assert "speciality" not in clocks(both.de)
    both.ours(Close(outcome=EXECUTED))
    assert both.us.state.status == "closed"


def test_consent_to_another_trial_and_to_passing_on_have_a_clock_each() -> None:
    both = Seeking("eu-eaw", "FR").handed_over()
    other = AskConsent(
        id="fraud", purpose="other-offence", offence="computer-related-fraud", text="Also this."
    )
    onward = AskConsent(id="to-us", purpose="onward", to="US", text="They want him too.")
    assert code(both.de, other.model_copy(update={"offence": None})) == "bad-input"
    assert code(both.de, onward.model_copy(update={"to": None})) == "bad-input"
    both.ours(other, onward)
    assert code(both.de, other) == "conflict"
    for house in (both.de, both.us):
        assert {"consent-answer", "onward-answer"} <= clocks(house).keys()
    assert {"consent-asked:fraud", "consent-asked:to-us"} <= set(both.us.state.attention)
    assert code(both.us, AnswerConsent(id="fraud", given=False)) == "reasons-missing"
    assert code(both.us, AnswerConsent(id="other", given=True)) == "unknown-consent"
    both.theirs(AnswerConsent(id="fraud", given=True))
    for house in (both.de, both.us):
        assert "consent-answer" not in clocks(house)
        assert "onward-answer" in clocks(house), "the other question is still open"
    both.theirs(AnswerConsent(id="to-us", given=False, reasons="the death penalty"))
    assert {"consent-given:fraud", "consent-declined:to-us"} <= set(both.de.state.attention)
    assert [one.given for one in wanted(both.de.state).consents] == [True, False]
    assert not {"consent-answer", "onward-answer"} & clocks(both.de).keys()


def test_of_two_questions_of_one_sort_the_time_runs_on_for_the_other() -> None:
    both = Seeking("eu-eaw", "FR").handed_over()
    first = AskConsent(id="a", purpose="other-offence", offence="fraud", text="This.")
    both.ours(first, first.model_copy(update={"id": "b"}))
    both.theirs(AnswerConsent(id="a", given=True))
    assert "consent-answer" in clocks(both.de)
    both.theirs(AnswerConsent(id="b", given=True))
    assert "consent-answer" not in clocks(both.de)


def test_where_no_law_sets_a_time_for_passing_on_our_practice_does() -> None:
    both = Seeking("nl-us-ext", "US").handed_over()
    both.ours(AskConsent(id="on", purpose="onward", to="CA", text="They want him too."))
    assert clocks(both.de)["onward-answer"].law is False


@pytest.mark.parametrize("waives", [True, False])
def test_who_renounced_speciality_is_shown(waives: bool) -> None:
    both = Seeking().heard()
    both.theirs(Consent(given=True, before="judge", waives_speciality=waives))
    both.theirs(Decide(decision="accepted"), day(both, 5))
    both.pass_days(5)
    both.theirs(surrendered(both.us.state, both.us.now))
    for house in (both.de, both.us):
        assert ("speciality-waived" in house.state.attention) is waives
