"""Are data kept until the right moment, renewed in time, held for the request that follows, and let go?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas.deadline import ClockStatus
from schemas.errors import BadInput, Conflict, NotFound, RogatoryError, WrongMove
from schemas.moves import (
    Acknowledge,
    Amend,
    Answer,
    Ask,
    Close,
    Decide,
    Evidence,
    FileRequest,
    FollowUp,
    FollowUpDecided,
    Harm,
    Inform,
    MoveBody,
    Preserved,
    ReleaseData,
    Renew,
    Renewed,
    Withdraw,
)
from schemas.request import Report
from schemas.vocabulary import Side, Verdict
from tests.flow.invented import OFFICER_DE, START, item, outcome, request
from tests.flow.lawful import LIAISON_DE, PROVIDER, Desk, LawfulHands, days, desk, to_keep
from workflows.row import aliases

SECOND = timedelta(seconds=1)


def kept(end: datetime | None = None, **changes: object) -> Preserved:
    """Their word, as an officer records it."""
    return Preserved.model_validate({"start": START, "end": end, "by_post": True} | changes)


def by_state(instrument: str = "budapest", binding: str = "duty") -> Desk:
    """Asked of the United States through the 24/7 point, which runs no house."""
    return desk(to_keep(), instrument, binding)  # type: ignore[arg-type]


def by_provider(instrument: str | None = "voluntary-request", binding: str = "option") -> Desk:
    """Asked of the provider itself."""
    return desk(to_keep(direct=True), instrument, binding)  # type: ignore[arg-type]


def refused(house: Desk, code: str, body: MoveBody, error: type[RogatoryError] = BadInput) -> RogatoryError:
    """The refusal, which leaves everything as it was."""
    before = house.state
    with pytest.raises(error) as caught:
        house.move(OFFICER_DE, body)
    assert caught.value.code == code
    assert caught.value.next_step
    assert house.state is before
    return caught.value


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


# --- renewed ---------------------------------------------------------------------------------------------


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


# --- followed --------------------------------------------------------------------------------------------


def test_while_no_request_follows_somebody_is_reminded() -> None:
    house = by_state()
    house.made(OFFICER_DE, kept(START + days(90)))
    entry = house.runs("follow-up")
    assert entry.amount == 30
    house.until(entry.due)
    assert house.shows("missed:follow-up")
    assert house.made(OFFICER_DE, FollowUp(ref="DE-MLA-2026-00009", kind="mla")) == "held"
    assert not house.shows("missed:follow-up")


def test_the_floor_of_the_convention_runs_on_while_the_request_that_followed_is_undecided() -> None:
    house = by_state()
    house.made(OFFICER_DE, kept())
    due = house.runs("preserve").due
    house.made(OFFICER_DE, FollowUp(ref="DE-MLA-2026-00009", kind="mla"))
    assert house.clocks("preserve") == []
    house.until(due + days(300))
    assert house.state.status == "held"
    assert not house.shows("may-have-lapsed")
    assert house.made(OFFICER_DE, FollowUpDecided(ref="DE-MLA-2026-00009", result="refused")) == "preserved"
    assert house.shows("may-have-lapsed")


def test_a_refused_request_leaves_what_is_left_of_the_floor() -> None:
    house = by_state()
    house.made(OFFICER_DE, kept())
    due = house.runs("preserve").due
    house.made(OFFICER_DE, FollowUp(ref="DE-MLA-2026-00009", kind="mla"))
    house.until(START + days(10))
    house.made(OFFICER_DE, FollowUpDecided(ref="DE-MLA-2026-00009", result="withdrawn"))
    assert house.runs("preserve").due == due
    assert not house.shows("may-have-lapsed")


def test_an_end_that_a_provider_told_does_not_move_because_a_request_followed() -> None:
    house = by_state("us-18-usc-2703f", "option")
    house.made(OFFICER_DE, kept(START + days(90)))
    house.made(OFFICER_DE, FollowUp(ref="DE-MLA-2026-00009", kind="mla"))
    assert house.runs("preserve").due == START + days(90)
    house.until(START + days(83))
    assert house.shows("due-soon:preserve:7-days")
    house.until(START + days(90))
    assert house.state.status == "lapsed"


def test_an_order_goes_on_once_production_is_confirmed_whatever_end_was_told() -> None:
    house = desk(to_keep(direct=True, requested="IE"), "eu-eevidence", "duty")
    house.made(PROVIDER, Preserved(start=START, end=START + days(50)))
    house.made(OFFICER_DE, FollowUp(ref="DE-PRODUCTION-2026-00002", kind="production"))
    house.until(START + days(51))
    assert house.state.status == "held"
    assert house.shows("may-have-lapsed")


def test_data_are_held_from_the_start_where_the_request_was_named_before_they_were_confirmed() -> None:
    house = by_state()
    house.made(OFFICER_DE, FollowUp(ref="DE-MLA-2026-00009", kind="mla"))
    assert house.made(OFFICER_DE, kept()) == "held"
    assert house.clocks("preserve") == []
    assert house.clocks("follow-up") == []


def test_they_are_held_until_the_last_request_is_decided() -> None:
    house = by_state()
    house.made(OFFICER_DE, kept(START + days(90)))
    house.made(OFFICER_DE, FollowUp(ref="DE-MLA-1", kind="mla"))
    house.made(OFFICER_DE, FollowUp(ref="DE-MLA-2", kind="mla"))
    refused(house, "unknown-follow-up", FollowUpDecided(ref="DE-MLA-3", result="disclosed"), NotFound)
    assert house.made(OFFICER_DE, FollowUpDecided(ref="DE-MLA-1", result="refused")) == "held"
    assert house.made(OFFICER_DE, FollowUpDecided(ref="DE-MLA-2", result="disclosed")) == "disclosed"
    assert house.clocks("preserve") == []
    house.until(START + days(91))
    assert house.state.status == "disclosed"
    assert house.made(OFFICER_DE, ReleaseData(reason="in the file")) == "released"


def test_a_request_that_was_decided_holds_nothing_when_it_is_named_again() -> None:
    house = by_state()
    house.made(OFFICER_DE, kept(START + days(90)))
    house.made(OFFICER_DE, FollowUp(ref="DE-MLA-1", kind="mla"))
    house.made(OFFICER_DE, FollowUpDecided(ref="DE-MLA-1", result="refused"))
    refused(house, "decided-already", FollowUp(ref="DE-MLA-1", kind="mla"), Conflict)


def test_a_question_in_between_does_not_lose_the_request_that_followed() -> None:
    house = by_state()
    house.made(OFFICER_DE, kept(START + days(90)))
    house.move(OFFICER_DE, Ask(id="which", text="Which account?", by_post=True))
    assert house.state.status == "supplementing"
    house.made(OFFICER_DE, FollowUp(ref="DE-MLA-1", kind="mla"))
    house.move(OFFICER_DE, Answer(question="which", text="The one named."))
    assert house.state.status == "held"


def test_the_request_itself_does_not_follow_itself() -> None:
    house = by_state()
    house.made(OFFICER_DE, kept())
    refused(house, "bad-input", FollowUp(ref=house.state.ref, kind="mla"))


# --- ended, and beside ------------------------------------------------------------------------------------


def test_let_go_by_us_or_by_them() -> None:
    ours, theirs = by_provider(), by_provider()
    for house in (ours, theirs):
        house.made(PROVIDER, Preserved(start=START, end=START + days(40)))
    assert ours.made(OFFICER_DE, ReleaseData(reason="no longer needed")) == "released"
    assert theirs.made(PROVIDER, ReleaseData(reason="the user deleted it")) == "released"
    assert theirs.shows("released-by-them")
    for house in (ours, theirs):
        assert house.clocks("preserve") == []
        assert house.keeping().protection == "ended"
        assert house.made(OFFICER_DE, Close(outcome=outcome("lapsed"))) == "closed"


def test_withdrawn_or_refused_nothing_is_protected() -> None:
    house = by_provider()
    house.made(PROVIDER, Decide(decision="refused"))
    assert house.keeping().protection == "none"
    assert not house.shows("unprotected")
    other = by_state()
    other.made(OFFICER_DE, kept(START + days(40)))
    assert other.made(OFFICER_DE, Withdraw(reason="mistaken")) == "withdrawn"
    assert other.keeping().protection == "ended"
    assert other.clocks("preserve") == []


def test_a_warning_that_keeping_does_harm_waits_for_our_word() -> None:
    house = by_state()
    house.made(OFFICER_DE, Harm(text="the user would be told", by_post=True))
    assert house.shows("harm")
    house.made(OFFICER_DE, Inform(text="keep it all the same"))
    assert not house.shows("harm")


def test_traffic_data_that_show_another_provider_change_no_status() -> None:
    house = by_state()
    house.made(OFFICER_DE, Acknowledge(by_post=True))
    house.made(OFFICER_DE, kept())
    assert house.made(OFFICER_DE, Evidence(complete=False, items=(item(),), by_post=True)) == "preserved"
    assert len(house.state.evidence) == 1


def test_a_provider_does_not_decide_about_the_request_that_followed() -> None:
    house = by_provider()
    house.made(PROVIDER, Preserved(start=START))
    house.made(OFFICER_DE, FollowUp(ref="DE-MLA-1", kind="mla"))
    with pytest.raises(BadInput) as caught:
        house.move(PROVIDER, FollowUpDecided(ref="DE-MLA-1", result="disclosed"))
    assert caught.value.code == "not-theirs-to-say"


# --- reports of a provider ---------------------------------------------------------------------------------


def reported(*reports: Report) -> Desk:
    """A request for mutual assistance that names reports."""
    house = Desk("de", "DE", None)
    house.hands = LawfulHands("DE", None, "de-us-mla")
    house.begin(OFFICER_DE, FileRequest(request=request(reports=reports)), Side.OUTGOING)
    return house


def test_each_report_has_a_year_of_its_own_in_a_case_of_any_kind() -> None:
    first, second = START - days(100), START - days(30)
    house = reported(Report(id="R-1", submitted=first), Report(id="R-2", submitted=second), Report(id="R-3"))
    entries = house.clocks("report-preserve")
    assert [entry.started for entry in entries] == [first, second]
    assert {entry.amount for entry in entries} == {12}
    assert {entry.article for entry in entries} == {"2258A(h)(1)-(2), (5)"}
    assert "reasonably accessible" in entries[0].consequence
    house.until(entries[0].due)
    assert house.shows("missed:report-preserve")
    assert house.state.status == "draft"


def test_a_report_named_later_counts_then_and_one_with_another_day_counts_anew() -> None:
    house = reported(Report(id="R-1", submitted=START - days(100)))
    corrected = (Report(id="R-1", submitted=START - days(90)), Report(id="R-2", submitted=START - days(1)))
    house.made(OFFICER_DE, Amend(request=request(reports=corrected)))
    assert [entry.started for entry in house.clocks("report-preserve")] == [
        START - days(90),
        START - days(1),
    ]
    house.made(OFFICER_DE, Amend(request=request(reports=corrected, language="de")))
    assert len(house.clocks("report-preserve")) == 2


def test_a_report_of_tomorrow_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        reported(Report(id="R-1", submitted=START + days(1)))
    assert caught.value.code == "in-the-future"


def test_a_report_does_not_keep_what_was_asked_for_and_the_other_way_round() -> None:
    house = desk(
        to_keep(direct=True, reports=(Report(id="R-1", submitted=START - days(100)),)),
        "voluntary-request",
        "option",
    )
    house.made(PROVIDER, Preserved(start=START, end=START + days(40)))
    house.until(START + days(40))
    assert house.state.status == "lapsed"
