"""Is a national who is not surrendered prosecuted there, and is that followed until the result is told?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from schemas.deadline import ClockStatus
from schemas.moves import (
    AcceptHandoff,
    Acknowledge,
    Approve,
    Close,
    Decide,
    ErrandDone,
    FileRequest,
    LinkCase,
    Proceedings,
    Send,
    Withdraw,
)
from schemas.request import ExtraditionRequest, Outcome, ProsecutionRequest
from schemas.vocabulary import Side
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US
from tests.flow.wanted import MINUTE, SUBMIT, Seeking, clocks, code, prosecution
from workflows.custody import wanted

REFUSED = Decide(decision="refused", reasons="a national", grounds=("nationality",), articles=("6(1)",))
CHILD = "DE-PROSECUTION-2026-00001"
DONE = Outcome(result="refused")
EXECUTED = Outcome(result="executed", convictions=1)


def refused(**law: Any) -> Seeking:
    """Refused because the person is a national."""
    both = Seeking(**law).sent()
    both.theirs(Acknowledge(), REFUSED)
    return both


# --- the refusal opens it ----------------------------------------------------------------------


def test_a_refusal_for_nationality_opens_a_draft_of_the_same_person_and_offences() -> None:
    both = refused(duties=(SUBMIT,))
    (errand,) = both.de.state.errands
    assert both.us.state.errands == [], "the State that refuses opens nothing by itself"
    filed = FileRequest.model_validate(errand.body)
    assert isinstance(filed.request, ProsecutionRequest)
    asked = both.de.state.request
    assert isinstance(asked, ExtraditionRequest)
    assert (filed.request.person, filed.request.offences) == (asked.person, asked.offences)
    assert (filed.request.instrument, filed.request.article) == ("coe-ext-1957", "6(2)")
    assert filed.request.extradition == both.de.state.ref
    assert "refused-for-nationality" in both.de.state.attention


def test_it_is_opened_and_said_where_the_duty_is_not_known() -> None:
    both = refused()
    assert "prosecution-duty-unknown" in both.de.state.attention
    (errand,) = both.de.state.errands
    assert errand.body["request"]["article"] is None


@pytest.mark.parametrize("grounds", [(), ("lapse-of-time",)])
def test_another_refusal_opens_nothing(grounds: tuple[str, ...]) -> None:
    both = Seeking(duties=(SUBMIT,)).sent()
    both.theirs(Acknowledge(), Decide(decision="refused", reasons="-", grounds=grounds))
    assert both.de.state.errands == []
    both.ours(Close(outcome=DONE))


def test_the_refused_case_is_not_closed_before_somebody_asked_or_said_why_not() -> None:
    both = refused(duties=(SUBMIT,))
    assert code(both.de, Close(outcome=DONE)) == "prosecution-not-followed"
    both.de.move(OFFICER_DE, ErrandDone(id="e1", ref=CHILD))
    assert [(one.ref, one.why) for one in both.de.state.links] == [(CHILD, "refused-for")]
    both.ours(Close(outcome=DONE))
    assert both.de.state.status == "closed"


def test_the_prosecution_may_be_waived_with_a_reason() -> None:
    both = refused(duties=(SUBMIT,))
    both.ours(Close(outcome=Outcome(result="refused", note="prosecuted here in his absence")))
    assert both.de.state.status == "closed"


def test_an_errand_that_failed_leaves_the_case_open_until_it_is_linked_by_hand() -> None:
    both = refused(duties=(SUBMIT,))
    both.de.move(OFFICER_DE, ErrandDone(id="e1", problem="unavailable"))
    assert code(both.de, Close(outcome=DONE)) == "prosecution-not-followed"
    both.ours(LinkCase(ref=CHILD, why="refused-for"), Close(outcome=DONE))
    assert both.de.state.status == "closed"


# --- the case of its own -----------------------------------------------------------------------


def asked() -> Seeking:
    """The request to prosecute is with them."""
    both = Seeking()
    both.de.begin(OFFICER_DE, FileRequest(request=prosecution(requested="RS")), Side.OUTGOING)
    both.de.move(APPROVER_DE, Approve())
    both.ours(Send())
    both.theirs(AcceptHandoff(id=both.us.state.handoffs[-1].id), Acknowledge())
    return both


def test_both_sides_link_it_to_the_extradition_that_was_refused() -> None:
    both = asked()
    for house in (both.de, both.us):
        assert [(one.ref, one.why) for one in house.state.links] == [
            ("DE-EXTRADITION-2026-00001", "prosecution-of")
        ]
    assert both.de.state.errands == []
    (told,) = both.us.state.errands
    assert (told.ref, told.body["ref"]) == ("DE-EXTRADITION-2026-00001", both.us.state.ref)
    assert LinkCase.model_validate(told.body).why == "refused-for"


def test_it_is_followed_step_by_step_until_its_result() -> None:
    both = asked()
    both.theirs(Decide(decision="accepted"))
    for stage in ("submitted", "opened", "judgment"):
        both.theirs(Proceedings(stage=stage, authority="prosecutor (invented)"))
        assert both.de.state.status == both.us.state.status == "accepted"
        assert f"proceedings:{stage}" in both.de.state.attention
        for house in (both.de, both.us):
            assert clocks(house)["proceedings"].started == house.now, "the next word is awaited"
        both.pass_days(30)
    both.theirs(Proceedings(stage="final", authority="court (invented)", text="two years"))
    assert both.de.state.status == both.us.state.status == "executed"
    assert clocks(both.de) == clocks(both.us) == {}
    assert [one.stage for one in wanted(both.de.state).proceedings][-1] == "final"
    assert code(both.us, Proceedings(stage="opened", authority="court")) == "wrong-move"
    both.theirs(Close(outcome=EXECUTED))
    both.ours(Close(outcome=EXECUTED))


@pytest.mark.parametrize("body", [Proceedings(stage="discontinued", authority="prosecutor"), None])
def test_it_ends_without_a_trial_or_is_declined(body: Proceedings | None) -> None:
    both = asked()
    both.theirs(body or Decide(decision="refused", reasons="no evidence"))
    assert both.de.state.status == ("executed" if body else "refused")
    assert clocks(both.de) == clocks(both.us) == {}


@pytest.mark.parametrize("when", ["draft", "sent"])
def test_it_is_withdrawn(when: str) -> None:
    both = asked() if when == "sent" else Seeking()
    if when == "draft":
        both.de.begin(OFFICER_DE, FileRequest(request=prosecution(requested="RS")), Side.OUTGOING)
    both.ours(Withdraw(reason="he died"))
    assert both.de.state.status == "withdrawn"


@pytest.mark.parametrize(("late", "how"), [(-MINUTE, ClockStatus.MET), (MINUTE, ClockStatus.MISSED)])
def test_word_of_it_just_before_and_just_after(late: timedelta, how: ClockStatus) -> None:
    both = asked()
    for house in (both.us, both.de):
        due = clocks(house)["proceedings"].due
        house.now = due + late
        house.strike()
        assert ("missed:proceedings" in house.state.attention) is (how is ClockStatus.MISSED)
        house.move(
            OFFICER_US if house is both.us else OFFICER_DE,
            Proceedings(stage="submitted", authority="prosecutor", by_post=house is both.de),
        )
        first = next(one for one in house.state.deadlines if one.clock == "proceedings")
        assert first.status is how


def test_nobody_is_arrested_or_handed_over_in_it() -> None:
    both = asked()
    assert wanted(both.us.state).detained is False
    assert code(both.us, Close(outcome=EXECUTED)) == "wrong-move"
    assert wanted(both.de.state).detentions == []
