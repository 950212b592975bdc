"""Is there exactly one holder, and is no clock and no reply lost, after any sequence of messages?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.case import CaseState
from schemas.deadline import ClockStatus, Deadline
from schemas.errors import RogatoryError
from schemas.handoff import OPEN, HandoffStatus, Holder
from schemas.moves import (
    AcceptHandoff,
    Acknowledge,
    Actor,
    Answer,
    Approve,
    Ask,
    Close,
    Decide,
    Evidence,
    MoveBody,
    OfferHandoff,
    Postpone,
    ReturnHandoff,
    Send,
    Withdraw,
    WithdrawHandoff,
)
from tests.flow.invented import (
    APPROVER_DE,
    COURT_US,
    JUDGE_DE,
    OFFICER_DE,
    OFFICER_US,
    item,
    outcome,
)
from tests.flow.paper import Pair, PaperHouse
from workflows import baton

PEOPLE = {"de": (OFFICER_DE, JUDGE_DE, APPROVER_DE), "us": (OFFICER_US, COURT_US)}
ACTIONS = (
    "offer-across",
    "offer-inside",
    "accept",
    "return",
    "withdraw-offer",
    "acknowledge",
    "question",
    "answer",
    "decide",
    "postpone",
    "evidence",
    "withdraw",
    "close",
    "strike",
)

_BATON = ("offer-across", "offer-inside", "accept", "return", "withdraw-offer")
step = st.one_of(
    st.tuples(st.just("act"), st.sampled_from(["de", "us"]), st.sampled_from(_BATON), st.integers(0, 1)),
    st.tuples(st.just("act"), st.sampled_from(["de", "us"]), st.sampled_from(ACTIONS), st.integers(0, 3)),
    st.tuples(
        st.just("carry"),
        st.sampled_from(["de", "us"]),
        st.sampled_from(["once", "twice", "lost"]),
        st.just(0),
    ),
    st.tuples(st.just("wait"), st.just(""), st.just(""), st.integers(1, 40)),
)


def body_of(action: str, house: PaperHouse, number: int) -> MoveBody | None:
    """A move of that sort that makes sense for the state of the case, as far as there is one."""
    state = house.state
    last = state.handoffs[-1].id if state.handoffs else "none"
    asked = next((question.id for question in state.questions if question.answered is None), "none")
    name = f"{house.house}-h{len(state.handoffs) + 1}"
    court = Holder(house=house.house, function="court" if number % 2 else "central-authority")
    bodies: dict[str, MoveBody] = {
        "offer-across": OfferHandoff(id=name, receiver=baton.there(state), why="yours"),
        "offer-inside": OfferHandoff(id=name, receiver=court, why="yours"),
        "accept": AcceptHandoff(id=last),
        "return": ReturnHandoff(id=last, reason="not ours"),
        "withdraw-offer": WithdrawHandoff(id=last, reason="in error"),
        "acknowledge": Acknowledge(),
        "question": Ask(id=f"q{len(state.questions)}", text="Which?"),
        "answer": Answer(question=asked, text="This."),
        "decide": Decide(decision="accepted" if number else "refused", reasons="so"),
        "postpone": Postpone(reasons="later"),
        "evidence": Evidence(complete=bool(number % 2), items=(item(f"i{len(state.evidence)}"),)),
        "withdraw": Withdraw(reason="solved"),
        "close": Close(outcome=outcome()),
    }
    return bodies.get(action)


def act(pair: Pair, house: PaperHouse, action: str, number: int) -> None:
    """Somebody of the house tries; what is refused leaves everything as it was."""
    if action == "strike":
        house.strike()
        return
    body = body_of(action, house, number)
    people = PEOPLE[house.house]
    actor: Actor = people[number % len(people)]
    if body is None:
        return
    before = house.state
    copy = before.model_dump_json()
    try:
        house.move(actor, body)
    except RogatoryError:
        assert house.state is before
    assert before.model_dump_json() == copy, "a filed state was changed in place"


def carry(pair: Pair, house: PaperHouse, how: str) -> None:
    """The carrier brings the next letter, once or twice; or it is lost, and waits for the next attempt."""
    letter = house.next_letter()
    if letter is None or how == "lost":
        return
    there = pair.other(house)
    code = there.receive(house.hands.letters[letter.id], letter.sealed, house.house)
    if how == "twice":
        before = there.case
        again = there.receive(house.hands.letters[letter.id], letter.sealed, house.house)
        if not code:
            assert there.case is before, "a letter that came twice changed something"
            assert again == ""
    house.settle(letter, code, None if code or there.case is None else there.state.ref)


def check_one_holder(pair: Pair) -> None:
    """No two houses hold; in a house at most one passing is under way."""
    holding = [
        house for house in (pair.de, pair.us) if house.case and house.state.holder.house == house.house
    ]
    assert len(holding) <= 1
    for house in (pair.de, pair.us):
        if house.case:
            assert sum(passing.status in OPEN for passing in house.state.handoffs) <= 1


def check_clocks(before: list[Deadline], state: CaseState) -> None:
    """Every entry is still there, counted as it was; what is over stays over."""
    assert len(state.deadlines) >= len(before)
    for old, new in zip(before, state.deadlines, strict=False):
        kept = ("id", "clock", "rule", "started", "due", "due_day")
        assert [getattr(old, name) for name in kept] == [getattr(new, name) for name in kept]
        if old.status not in (ClockStatus.RUNNING, ClockStatus.MISSED):
            assert new == old
        if old.status is ClockStatus.MISSED:
            assert new.status is ClockStatus.MISSED
    running = [entry.clock for entry in state.deadlines if entry.status is ClockStatus.RUNNING]
    assert len(running) == len(set(running))
    if state.status in ("closed", "refused", "withdrawn", "executed"):
        assert not running


def check_agreement(pair: Pair) -> None:
    """With nothing on its way, both houses say the same of the baton and of every passing between them."""
    if pair.us.case is None:
        assert pair.de.state.holder.house == "de"
        return
    assert pair.de.state.holder.house == pair.us.state.holder.house
    ours, theirs = (
        [
            (passing.id, passing.status is HandoffStatus.CONFIRMED, passing.triple)
            for passing in house.state.handoffs
            if baton.between(passing) and passing.status is HandoffStatus.CONFIRMED
        ]
        for house in (pair.de, pair.us)
    )
    assert ours == theirs


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["filed", "sent", "taken"]), st.lists(step, min_size=15, max_size=80))
def test_one_holder_no_lost_clock_and_agreement(begun: str, steps: list[tuple[str, str, str, Any]]) -> None:
    pair = Pair()
    pair.filed()
    if begun != "filed":
        pair.de.move(APPROVER_DE, Approve())
        pair.de.move(OFFICER_DE, Send())
    if begun == "taken":
        pair.carry_all()
        pair.us.move(OFFICER_US, AcceptHandoff(id=pair.us.state.handoffs[0].id))
    for what, where, how, number in steps:
        house = pair.de if where == "de" else pair.us
        clocks = {name: list(side.state.deadlines) for name, side in _begun(pair)}
        if what == "wait":
            pair.pass_time(timedelta(days=number))
        elif house.case is not None:
            act(pair, house, how, number) if what == "act" else carry(pair, house, how)
        check_one_holder(pair)
        for name, side in _begun(pair):
            check_clocks(clocks.get(name, []), side.state)
    pair.carry_all()
    check_one_holder(pair)
    check_agreement(pair)


def _begun(pair: Pair) -> list[tuple[str, PaperHouse]]:
    return [(house.house, house) for house in (pair.de, pair.us) if house.case is not None]
