"""Does a surrender go its straight way, and are the papers awaited from the arrest until their receipt?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from schemas.deadline import ClockStatus
from schemas.errors import BadInput, Conflict
from schemas.moves import (
    Acknowledge,
    Alert,
    Answer,
    Arrest,
    Ask,
    Consent,
    Court,
    Decide,
    Delivered,
    Located,
    Papers,
    Posted,
    Prolong,
    ReleasePerson,
    Send,
    ToMinister,
)
from tests.flow.invented import OFFICER_DE, OFFICER_US
from tests.flow.paper import PaperHouse
from tests.flow.wanted import DAY, MINUTE, OPENED, SOUGHT, Seeking, clocks, code, ended
from workflows.custody import wanted
from workflows.row import row_of

ALERT = Alert(source="interpol-red-notice", reference="A-1/1-2026 (invented)")
TO_PAPERS = ("arrest-to-papers-may", "arrest-to-papers")


def waives(house: PaperHouse) -> bool:
    """Did the person renounce the rule of speciality?"""
    said = wanted(house.state).consent
    return said is not None and said.waives_speciality


# --- the straight way --------------------------------------------------------------------------


def test_from_provisional_arrest_to_the_end_both_sides_go_together() -> None:
    both = Seeking().drafted()
    both.ours(ALERT, Send(papers_follow=True))
    assert (both.de.state.status, both.us.state.status) == ("arrest-asked", "received")
    both._accepted()
    both.theirs(Located(note="in their capital"), Arrest(person=SOUGHT, authority="police (invented)"))
    assert both.de.state.status == both.us.state.status == "arrested"
    both.ours(Papers(note="by courier"))
    assert both.de.state.status == both.us.state.status == "received"
    both.theirs(Acknowledge(), Court(stage="opened", authority="court"), ToMinister(authority="minister"))
    assert both.de.state.status == both.us.state.status == "executive"
    both.theirs(Decide(decision="accepted"))
    assert both.de.state.status == both.us.state.status == "accepted"
    assert both.us.state.person == wanted(both.de.state).model_copy(update={"alerts": []})


def test_with_its_papers_nobody_is_arrested_provisionally() -> None:
    both = Seeking().sent()
    both.theirs(Arrest(person=SOUGHT))
    assert both.us.state.status == "received"
    assert [one.provisional for one in wanted(both.us.state).detentions] == [False]
    for house in (both.de, both.us):
        assert wanted(house.state).papers_received == OPENED
        assert not set(TO_PAPERS) & clocks(house).keys()
        assert "papers" not in clocks(house)
    assert code(both.us, Papers(by_post=True)) == "no-papers-awaited"


def test_an_alert_is_a_reference_starts_nothing_and_is_no_arrest() -> None:
    both = Seeking().drafted()
    before = clocks(both.de)
    both.ours(ALERT)
    assert clocks(both.de) == before
    assert not wanted(both.de.state).detained
    assert both.de.hands.counted == []
    assert row_of(both.de.state).aliases == ("A-1/1-2026 (invented)",)
    assert code(both.de, ALERT) == "alert-known"
    late = Alert(source="sis-alert", reference="S-1", issued_on=(OPENED + 3 * DAY).date())
    assert code(both.de, late) == "in-the-future"


# --- arrest ------------------------------------------------------------------------------------


def test_an_arrest_names_the_person_of_this_request() -> None:
    with pytest.raises(ValidationError, match="person"):
        Arrest.model_validate({"event": "arrest"})
    both = Seeking().sent(ahead=True)
    with pytest.raises(BadInput) as caught:
        both.us.move(OFFICER_US, Arrest(person="person-2"))
    assert caught.value.code == "other-person"
    assert SOUGHT in caught.value.next_step
    assert code(both.de, Arrest(person="person-2", by_post=True)) == "other-person"
    tomorrow = Arrest(person=SOUGHT, happened_at=OPENED + DAY)
    assert code(both.us, tomorrow) == "in-the-future"
    both.theirs(Arrest(person=SOUGHT))
    with pytest.raises(Conflict, match="in custody since"):
        both.us.move(OFFICER_US, Arrest(person=SOUGHT))


def test_the_time_to_the_papers_runs_from_the_arrest_not_from_the_word_of_it() -> None:
    both = Seeking().sent(ahead=True)
    both.pass_days(3)
    both.theirs(Arrest(person=SOUGHT, happened_at=OPENED + DAY))
    for house in (both.de, both.us):
        assert [clocks(house)[name].due_day.isoformat() for name in TO_PAPERS] == ["2026-12-10", "2027-01-01"]
        assert wanted(house.state).detentions[0].arrested == OPENED + DAY


def test_a_letter_that_takes_three_days_moves_no_clock() -> None:
    both = Seeking().sent(ahead=True)
    both.us.move(OFFICER_US, Arrest(person=SOUGHT))
    both.pass_days(3)
    both.carry_all()
    assert wanted(both.de.state).detentions[0].arrested == OPENED
    assert clocks(both.de)["arrest-to-papers"].due == clocks(both.us)["arrest-to-papers"].due
    both.de.move(OFFICER_DE, Papers(happened_at=OPENED + 2 * DAY, note="posted two days after the arrest"))
    both.pass_days(4)
    both.carry_all()
    for house in (both.de, both.us):
        assert wanted(house.state).papers_received == OPENED + 7 * DAY, "they count when they are there"


def test_posted_papers_meet_nothing_until_they_are_proven_received() -> None:
    """A State that runs no house: a person posts, and a person records what came back."""
    both = Seeking()
    both.de.hands.house = None
    both.drafted()
    house = both.de
    house.move(OFFICER_DE, Send(papers_follow=True))
    house.move(OFFICER_DE, Posted(message=house.state.outbox[0].id, happened_at=OPENED, proof="receipt"))
    house.move(OFFICER_DE, Delivered(message=house.state.outbox[0].id, by_post=True))
    assert house.state.status == "arrest-asked"
    assert "acknowledge" in clocks(house)
    house.move(OFFICER_DE, Arrest(person=SOUGHT, by_post=True))
    due = clocks(house)["arrest-to-papers"].due
    house.now = OPENED + 10 * DAY
    house.move(OFFICER_DE, Papers())
    assert house.state.status == "sent"
    assert ended(house, "papers") is ended(house, "papers-follow") is ClockStatus.MET
    assert set(TO_PAPERS) <= clocks(house).keys(), "posting is not receipt"
    house.now = due + DAY
    assert house.strike()
    arrived = due - MINUTE
    house.move(OFFICER_DE, Delivered(by_post=True, happened_at=arrived))
    assert house.state.status == "received"
    assert wanted(house.state).papers_received == arrived
    assert ended(house, "arrest-to-papers") is ClockStatus.MISSED, "a missed limit is shown as missed"
    assert "missed:arrest-to-papers" not in house.state.attention
    assert all(item.status == "delivered" for item in house.state.outbox)


def test_only_the_receipt_of_the_papers_makes_the_request_received() -> None:
    both = Seeking().arrested()
    held = both.de.state.outbox[0].model_copy(update={"status": "by-hand"})
    both.de.state.outbox[0] = held
    both.de.move(OFFICER_DE, Papers())
    both.de.move(OFFICER_DE, Delivered(message=held.id, by_post=True))
    assert both.de.state.status == "sent", "that was the receipt of the letter before"
    both.carry_all()
    assert both.de.state.status == "received"


@pytest.mark.parametrize(("late", "how"), [(-MINUTE, ClockStatus.MET), (MINUTE, ClockStatus.MISSED)])
@pytest.mark.parametrize("clock", TO_PAPERS)
def test_papers_just_before_and_just_after(clock: str, late: timedelta, how: ClockStatus) -> None:
    both = Seeking().arrested()
    due = clocks(both.us)[clock].due
    both.pass_days((due + late - OPENED) / DAY)
    shown = f"missed:{clock}" in both.us.state.attention
    assert shown is (how is ClockStatus.MISSED)
    both.ours(Papers())
    for house in (both.de, both.us):
        assert ended(house, clock) is how


def test_a_release_ends_the_wait_and_a_new_arrest_begins_another() -> None:
    both = Seeking().arrested()
    both.pass_days(40)
    assert "missed:arrest-to-papers-may" in both.us.state.attention
    both.theirs(ReleasePerson(reason="the papers did not come"))
    assert (both.de.state.status, both.us.state.status) == ("arrest-asked", "received")
    assert not row_of(both.us.state).detained
    assert not {*TO_PAPERS, "custody-review"} & clocks(both.us).keys()
    assert code(both.us, ReleasePerson(reason="again")) == "not-detained"
    before = Arrest(person=SOUGHT, happened_at=OPENED + 39 * DAY)
    assert code(both.us, before) == "before-the-release"
    both.pass_days(10)
    both.theirs(Arrest(person=SOUGHT))
    for house in (both.de, both.us):
        assert house.state.status == "arrested"
        assert clocks(house)["arrest-to-papers"].started == house.now
        assert [one.released is None for one in wanted(house.state).detentions] == [False, True]


def test_papers_before_the_arrest_leave_nothing_to_wait_for() -> None:
    both = Seeking().sent(ahead=True)
    both.ours(Papers())
    assert both.de.state.status == both.us.state.status == "received"
    both.theirs(Arrest(person=SOUGHT))
    assert not set(TO_PAPERS) & clocks(both.de).keys()
    assert wanted(both.us.state).detentions[0].provisional is False


def test_whom_an_alert_had_arrested_before_the_request_was_written() -> None:
    both = Seeking().drafted()
    told = Arrest(person=SOUGHT, by_post=True, happened_at=OPENED - 5 * DAY)
    both.de.move(OFFICER_DE, told)
    assert both.de.state.status == "approved"
    assert clocks(both.de)["arrest-to-papers"].due_day.isoformat() == "2026-12-26"
    both.de.move(OFFICER_DE, Send())
    assert set(TO_PAPERS) <= clocks(both.de).keys(), "sent is not received"
    both.carry_all()
    assert both.de.state.status == "received"
    assert ended(both.de, "arrest-to-papers") is ClockStatus.MET
    other = Seeking().drafted()
    other.de.move(OFFICER_DE, told)
    other.de.move(OFFICER_DE, Send(papers_follow=True))
    assert other.de.state.status == "arrested"


# --- completeness, court, consent --------------------------------------------------------------


def test_a_question_stops_the_decision_and_never_the_time_after_an_arrest() -> None:
    both = Seeking().arrested()
    both.theirs(Acknowledge(), Ask(id="warrant", text="Which judge issued it?"))
    for house in (both.de, both.us):
        assert house.state.status == "supplementing"
        assert set(TO_PAPERS) <= clocks(house).keys()
        assert "decide" not in clocks(house)
    both.ours(Papers(), Answer(question="warrant", text="The one named in the papers."))
    assert (both.de.state.status, both.us.state.status) == ("received", "received")
    assert "decide" in clocks(both.us)


def test_a_question_is_put_aside_by_an_arrest_meanwhile() -> None:
    both = Seeking().sent(ahead=True)
    both.theirs(Ask(id="photo", text="Is there a photograph?"), Arrest(person=SOUGHT))
    both.ours(Answer(question="photo", text="It is with the papers."))
    assert both.de.state.status == both.us.state.status == "arrested"
    both.theirs(Ask(id="other", text="And fingerprints?"), ReleasePerson(reason="conditions met"))
    both.ours(Answer(question="other", text="Yes."))
    assert (both.de.state.status, both.us.state.status) == ("arrest-asked", "received")


def test_consent_brings_ten_days_in_the_place_of_sixty_and_is_not_taken_back() -> None:
    both = Seeking("eu-eaw", "FR").sent()
    both.theirs(Arrest(person=SOUGHT, provisional=False))
    assert clocks(both.us)["decide"].article == "17(3)"
    both.theirs(Consent(given=False, before="judge"))
    assert clocks(both.us)["decide"].article == "17(3)", "who declines shortens nothing"
    both.theirs(Consent(given=True, before="judge", waives_speciality=True))
    for house in (both.de, both.us):
        assert clocks(house)["decide"].article == "17(2)"
        assert waives(house)
    assert code(both.us, Consent(given=False, before="judge")) == "irrevocable"
    both.theirs(Decide(decision="accepted"))
    assert ended(both.us, "decide") is ClockStatus.MET
    assert clocks(both.us)["surrender"].article == "23(2)"


def test_consent_that_may_be_taken_back_lets_the_sixty_days_run_on() -> None:
    both = Seeking("eu-eaw", "FR").sent()
    both.theirs(Arrest(person=SOUGHT, provisional=False))
    whole = clocks(both.us)["decide"].due
    both.theirs(Consent(given=True, before="judge", revocable=True))
    both.pass_days(2)
    both.theirs(Consent(given=False, before="judge"))
    for house in (both.de, both.us):
        assert clocks(house)["decide"].due == whole
        assert "consent-taken-back" in house.state.attention


@pytest.mark.parametrize(("late", "how"), [(-MINUTE, ClockStatus.MET), (MINUTE, ClockStatus.MISSED)])
@pytest.mark.parametrize("consents", [True, False])
def test_a_decision_just_before_and_just_after(consents: bool, late: timedelta, how: ClockStatus) -> None:
    both = Seeking("eu-eaw", "FR").sent()
    both.theirs(Acknowledge(), Arrest(person=SOUGHT, provisional=False))
    if consents:
        both.theirs(Consent(given=True, before="judge"))
    due = clocks(both.us)["decide"].due
    both.pass_days((due + late - both.us.now) / DAY)
    both.theirs(Decide(decision="accepted"))
    assert ended(both.us, "decide") is ended(both.de, "decide") is how


def test_every_step_in_court_looks_at_the_custody_again() -> None:
    both = Seeking().arrested()
    first = clocks(both.us)["custody-review"].due
    both.pass_days(10)
    both.theirs(Court(stage="opened", authority="court"))
    second = clocks(both.us)["custody-review"].due
    both.pass_days(10)
    both.theirs(Court(stage="adjourned", authority="court"))
    third = clocks(both.us)["custody-review"].due
    assert first < second < third
    both.pass_days(29)
    assert "missed:custody-review" in both.us.state.attention
    both.theirs(ReleasePerson(reason="bail"), Court(stage="adjourned", authority="court"))
    assert "custody-review" not in clocks(both.us)


def test_the_statute_of_the_state_that_holds_the_person_counts_too() -> None:
    both = Seeking("uk-eu-tca", "GB").sent()
    both.theirs(Arrest(person=SOUGHT, provisional=False), Court(stage="opened", authority="court"))
    hearing = [one for one in clocks(both.us).values() if one.clock == "hearing"]
    both.theirs(Court(stage="hearing", authority="court"))
    assert hearing
    assert "hearing" not in clocks(both.us)


def test_the_decision_is_prolonged_once_as_the_text_allows() -> None:
    both = Seeking("eu-eaw", "FR").sent()
    both.theirs(Acknowledge(), Arrest(person=SOUGHT, provisional=False))
    first = clocks(both.us)["decide"].due_day
    both.theirs(Prolong(clock="decide", reasons="an expert is heard"))
    for house in (both.de, both.us):
        entry = clocks(house)["decide"]
        assert entry.article == "17(4)"
        assert entry.due_day - first == timedelta(days=30)
