"""When the law moves under a case, is it told, asked again as of the right day, and held back if need be?"""

from __future__ import annotations

import copy
from datetime import date, timedelta

import pytest

from activities.limits import Limits
from schemas.case import Gap
from schemas.deadline import ClockStatus
from schemas.errors import NotAllowed, WrongMove
from schemas.moves import (
    AcceptHandoff,
    Acknowledge,
    Actor,
    Approve,
    Arrive,
    Close,
    Decide,
    LawMoved,
    Move,
    Recounted,
    Reopen,
    Send,
    Withdraw,
)
from schemas.vocabulary import Role, Side, Verdict
from schemas.work import AssessDone, AssessWork, CountDone, CountWork
from tests.flow.engine import Refused, engine, until
from tests.flow.engine import pair as engine_pair
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US, fake_answer, outcome, request
from tests.flow.paper import Pair, PaperHouse
from treaties import counting
from treaties.counting import Place
from treaties.load import shipped

DESK_DE = Actor(id="desk-de", house="de", roles=(Role.TREATY_DESK,))
DESK_US = Actor(id="desk-us", house="us", roles=(Role.TREATY_DESK,))
MOVED = LawMoved(
    edition="sha256:later",
    proposals=(7,),
    facts=("budapest:US.denounced.2027-01-01",),
    instruments=("budapest",),
)


@pytest.fixture
def pair() -> Pair:
    """Germany has filed."""
    pair = Pair()
    pair.filed()
    return pair


def answer_with(
    house: PaperHouse, monkeypatch: pytest.MonkeyPatch, *gaps: Gap, verdict: Verdict = Verdict.YES
) -> list[AssessWork]:
    """Lets the law answer otherwise from now on; what it is asked."""
    asked: list[AssessWork] = []

    async def assess(work: AssessWork) -> AssessDone:
        asked.append(work)
        given = fake_answer(work.request, work.choose)
        law = given.law.model_copy(update={"edition": "sha256:later", "verdict": verdict})
        return AssessDone(law=law, gaps=list(gaps), house=given.house)

    monkeypatch.setattr(house.hands, "assess", assess)
    return asked


def test_the_draft_is_asked_again_as_of_today_and_its_holder_is_told(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer_with(pair.de, monkeypatch, Gap(code="basis", field="instrument"), verdict=Verdict.NO)
    before = pair.de.state
    reply = pair.de.move(DESK_DE, MOVED)
    state = pair.de.state
    assert state.law is not None
    assert (state.law.edition, state.law.verdict) == ("sha256:later", Verdict.NO)
    assert state.attention == ["law-moved:7"]
    assert [gap.code for gap in state.gaps if gap.blocking] == ["basis"]
    assert (asked[0].on, asked[0].choose) == (None, "de-us-mla")
    assert reply.status == before.status == "draft"
    assert state.holder == before.holder
    filed = pair.de.hands.filed[-1]
    assert (filed.event, filed.row.attention, filed.row.edition) == (
        "law-moved",
        ("law-moved:7",),
        "sha256:later",
    )


def test_what_is_abroad_is_answered_by_the_law_of_its_day(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.de.move(APPROVER_DE, Approve())
    pair.de.move(OFFICER_DE, Send())
    pair.carry_all()
    asked = answer_with(pair.us, monkeypatch)
    pair.us.move(DESK_US, MOVED)
    assert asked[0].on == date(2026, 11, 21)
    assert pair.us.state.attention == ["law-moved:7"]
    assert pair.us.state.status == "received"


def test_an_approved_request_that_lost_its_basis_is_not_sent_before_somebody_approves_it_anew(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.de.move(APPROVER_DE, Approve())
    answer_with(pair.de, monkeypatch, Gap(code="basis", field="instrument"), verdict=Verdict.NO)
    pair.de.move(DESK_DE, MOVED)
    with pytest.raises(WrongMove) as caught:
        pair.de.move(OFFICER_DE, Send())
    assert caught.value.code == "law-moved"
    assert "reopen" in caught.value.allowed
    pair.de.move(OFFICER_DE, Reopen(reason="the law moved"))
    assert pair.de.state.attention == []
    pair.de.move(APPROVER_DE, Approve(override="they agreed to help by note of today (invented)"))
    assert pair.de.move(OFFICER_DE, Send()).status == "sent"


def test_an_approved_request_whose_basis_still_holds_is_sent(pair: Pair) -> None:
    pair.de.move(APPROVER_DE, Approve())
    pair.de.move(DESK_DE, MOVED)
    assert pair.de.state.attention == ["law-moved:7"]
    assert pair.de.move(OFFICER_DE, Send()).status == "sent"
    assert pair.de.state.attention == []


def test_only_the_treaty_desk_of_the_own_house_tells_it(pair: Pair) -> None:
    with pytest.raises(NotAllowed):
        pair.de.move(OFFICER_DE, MOVED)
    pair.de.move(APPROVER_DE, Approve())
    pair.de.move(OFFICER_DE, Send())
    pair.carry_all()
    with pytest.raises(WrongMove):
        pair.de.move(Actor(id="machine", house="us"), MOVED)


def test_it_is_never_among_the_moves_that_people_can_make(pair: Pair) -> None:
    assert "law-moved" not in pair.de.move(DESK_DE, MOVED).allowed


def test_told_twice_under_one_key_is_told_once(pair: Pair) -> None:
    first = pair.de.move(DESK_DE, MOVED, key="law-moved:7")
    again = pair.de.move(DESK_DE, MOVED, key="law-moved:7")
    assert (again.repeated, again.move) == (True, first.move)


def test_a_decision_made_in_knowledge_of_it_settles_it(pair: Pair) -> None:
    pair.de.move(APPROVER_DE, Approve())
    pair.de.move(OFFICER_DE, Send())
    pair.carry_all()
    pair.us.move(OFFICER_US, Acknowledge())
    pair.us.move(DESK_US, MOVED)
    refused = Decide(decision="refused", reasons="no longer bound (invented)", grounds=("sovereignty",))
    pair.us.move(OFFICER_US, AcceptHandoff(id="DE-MLA-2026-00001.h1"))
    pair.carry_all()
    pair.us.move(OFFICER_US, refused)
    assert "law-moved:7" not in pair.us.state.attention


def test_a_law_that_cannot_answer_leaves_the_answer_it_gave_and_says_so(pair: Pair) -> None:
    before = pair.de.state.law
    pair.de.hands.broken = "assess"
    pair.de.move(DESK_DE, MOVED)
    assert pair.de.state.law == before
    assert pair.de.state.attention == ["law-moved:7", "law-not-answered"]


def test_a_closed_case_is_left_alone(pair: Pair) -> None:
    pair.de.move(OFFICER_DE, Withdraw(reason="no longer needed (invented)"))
    pair.de.move(OFFICER_DE, Close(outcome=outcome("withdrawn")))
    with pytest.raises(WrongMove):
        pair.de.move(DESK_DE, MOVED)


async def test_on_a_real_engine_the_case_is_told_once() -> None:
    de, us = engine_pair()
    async with engine(de, us):
        await de.file_request()
        ref = next(iter(de.states))
        first = await de.move(ref, DESK_DE, MOVED, key="law-moved:7")
        again = await de.move(ref, DESK_DE, MOVED, key="law-moved:7")
        assert (again.repeated, again.move) == (True, first.move)
        assert de.states[ref].attention == ["law-moved:7"]
        with pytest.raises(Refused) as caught:
            await de.move(ref, OFFICER_DE, MOVED)
        assert caught.value.code == "not-allowed"


async def test_on_a_real_engine_a_limit_counted_again_is_missed_when_the_new_one_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    de, us = engine_pair()
    house = Limits(shipped(), Place("America/New_York", "US"))

    async def count(work: CountWork) -> CountDone:
        return house.counted(work)

    monkeypatch.setattr(us.hands, "count", count)
    ref = "US-MLA-2026-00001"
    async with engine(de, us) as environment:
        began = await environment.get_current_time()
        arrive = Arrive(request=request(), foreign_ref="DE 7", by_post=True, happened_at=began)
        await us.start(ref, Side.INCOMING, Move(key="arrive", actor=OFFICER_US, body=arrive))
        (was,) = [one for one in us.states[ref].deadlines if one.clock == "acknowledge"]
        known = counting._calendar("US")
        assert known is not None
        decreed = copy.deepcopy(known)
        decreed.update({was.due_day: "decreed (invented)"})
        monkeypatch.setattr(counting, "_calendar", lambda code: decreed)
        told = Recounted(ids=(was.id,), reason="calendar US, put right")
        await us.move(ref, OFFICER_US, told, key="recounted")
        (old, new) = [one for one in us.states[ref].deadlines if one.clock == "acknowledge"]
        assert (old.status, old.due, new.status) == (ClockStatus.DROPPED, was.due, ClockStatus.RUNNING)
        assert new.due_day > was.due_day
        assert us.states[ref].attention == ["recounted:acknowledge"]
        late = await until(
            environment,
            lambda: us.states[ref].deadlines[-1].status is ClockStatus.MISSED,
            new.due - began + timedelta(days=1),
        )
        assert late >= new.due
        assert "missed:acknowledge" in us.states[ref].attention
