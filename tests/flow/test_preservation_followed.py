"""What becomes of kept data once a request follows, is decided, or the keeping ends?"""

from __future__ import annotations

import pytest

from schemas.errors import BadInput, Conflict, NotFound
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
    Preserved,
    ReleaseData,
    Withdraw,
)
from schemas.request import Report
from schemas.vocabulary import Side
from tests.flow.invented import OFFICER_DE, START, item, outcome, request
from tests.flow.keeping import by_provider, by_state, kept
from tests.flow.lawful import PROVIDER, Desk, LawfulHands, days, desk, refused, to_keep

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
