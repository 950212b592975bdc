"""Does a case keep its promises whatever is tried on it, in whatever order, by whomever, on both sides?

Two houses without an engine, for each kind of request. Moves are made, refused, recorded by post; letters are
late, twice, early, old, after closing; parts of a house break; time passes. After every step all holds.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pydantic import ValidationError

from schemas.case import LARGEST_STATE, CaseState, OutStatus
from schemas.deadline import ClockStatus, Deadline
from schemas.errors import Conflict, RogatoryError
from schemas.handoff import OPEN, HandoffStatus
from schemas.lifecycle import OVER
from schemas.moves import (
    AcceptHandoff,
    Actor,
    Approve,
    Decide,
    Delivered,
    FileRequest,
    Preserved,
    Renew,
    Send,
)
from schemas.vocabulary import Role, Side
from tests.flow.bodies import EVENTS, body_for
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US
from tests.flow.lives import EXTRADITION, LIVES, PRESERVATION, Life
from tests.flow.paper import Pair, PaperHouse
from workflows import allowing, baton, clock
from workflows.making import KEYS_KEPT
from workflows.reminding import KEPT
from workflows.row import row_of

HOUSES = st.sampled_from(["de", "us"])
NUMBERS = st.integers(0, 11)
ROLES = ((Role.OFFICER, Role.APPROVER), (Role.OFFICER, Role.ISSUING_AUTHORITY), (Role.LIAISON,), ())
EXAMPLES, STEPS = 60, 50
"""Plays of each kind in a hundred examples of the profile (`tests/conftest.py`), and steps in each."""
CODE = re.compile(r"[a-z][a-z0-9-]*(:[^\s].*)?")
_COUNTED = ("id", "clock", "rule", "started", "due", "due_day", "event")


class Played(RuleBasedStateMachine):
    """Both houses of one case; `life` says which kind."""

    life: Life

    def __init__(self) -> None:
        super().__init__()
        self.pair = Pair()
        self.clocks: dict[str, list[Deadline]] = {}
        self.carried: list[tuple[PaperHouse, OutStatus]] = []
        self.seen: dict[str, CaseState] = {}

    @property
    def changed(self) -> list[PaperHouse]:
        """Houses whose case is not as it was when all was last seen to hold."""
        return [house for house in self.begun if house.state is not self.seen.get(house.house)]

    @property
    def begun(self) -> list[PaperHouse]:
        return [house for house in (self.pair.de, self.pair.us) if house.case is not None]

    def named(self, name: str) -> PaperHouse:
        return self.pair.de if name == "de" else self.pair.us

    @initialize(sent=st.booleans(), taken=st.booleans())
    def file(self, sent: bool, taken: bool) -> None:
        """Germany files; in half of the plays the request is on its way already."""
        self.pair.de.begin(OFFICER_DE, FileRequest(request=self.life.asked), Side.OUTGOING)
        if sent or taken:
            self.pair.de.move(APPROVER_DE, Approve(override="so"))
            self.pair.de.move(OFFICER_DE, Send())
        if taken:
            self.pair.carry_all()

    # --- what people do -----------------------------------------------------------------------------------

    @rule(name=HOUSES, choice=st.integers(0, 60), number=NUMBERS, who=st.integers(0, 3))
    def possible(self, name: str, choice: int, number: int, who: int) -> None:
        """Somebody makes a move that the case says is possible."""
        house = self.named(name)
        if house.case is not None:
            events = allowing.possible(house.state)
            self._try(house, events[choice % len(events)] if events else "close", number, who)

    @rule(name=HOUSES, event=st.sampled_from(EVENTS), number=NUMBERS, who=st.integers(0, 7))
    def anything(self, name: str, event: str, number: int, who: int) -> None:
        """Anybody tries anything, also people of a house that has no part in it."""
        house = self.named(name)
        if house.case is not None:
            self._try(house, event, number, who)

    @rule(name=HOUSES, event=st.sampled_from(EVENTS), number=NUMBERS)
    def recorded(self, name: str, event: str, number: int) -> None:
        """An officer records what came by post."""
        house = self.named(name)
        if house.case is not None:
            self._try(house, event, number, 0, by_post=True)

    @rule(name=HOUSES, part=st.sampled_from(["assess", "count", "seal", "file"]), choice=st.integers(0, 60))
    def broken(self, name: str, part: str, choice: int) -> None:
        """A part of the house does not work: the move is not made, or made without it."""
        house = self.named(name)
        house.hands.broken = part
        self.possible(name, choice, 1, 0)
        house.hands.broken = ""

    def _try(self, house: PaperHouse, event: str, number: int, who: int, *, by_post: bool = False) -> None:
        before = house.state
        text, letters = before.model_dump_json(), len(house.hands.filed)
        try:
            body = body_for(event, before, number)
            if by_post and "by_post" in type(body).model_fields:
                body = body.model_copy(update={"by_post": True})
            agency = before.holder.function if number % 2 else "court"
            home = house.house if who < 6 else "fr"
            actor = Actor(id=f"person-{who}", house=home, roles=ROLES[who % 4], agency=agency)
            house.move(actor, body)
        except (RogatoryError, ValidationError):
            assert house.state is before
            assert len(house.hands.filed) == letters, "a refused move was filed"
        assert before.model_dump_json() == text, "a filed state was changed in place"

    # --- what the road does -------------------------------------------------------------------------------

    @rule(name=HOUSES, twice=st.booleans())
    def carry(self, name: str, twice: bool) -> None:
        """The carrier brings the next letter, once or twice, and hears what became of it."""
        house = self.named(name)
        letter = house.next_letter()
        if letter is None:
            return
        code = self._bring(house, letter)
        there = self.pair.other(house)
        if twice and not code:
            before = there.case
            assert self._bring(house, letter) == ""
            assert there.case is before, "a letter that came twice changed something"
        self.carried.append((house, letter))
        house.settle(letter, code, None if code or there.case is None else there.state.ref)

    @precondition(lambda self: self.carried)
    @rule(choice=st.integers(0, 60))
    def old(self, choice: int) -> None:
        """A letter of long ago comes once more."""
        house, letter = self.carried[choice % len(self.carried)]
        there = self.pair.other(house)
        taken = there.case is not None and letter.id in there.state.keys
        before = there.case
        self._bring(house, letter)
        if taken:
            assert there.case is before, "an old letter changed something"

    @rule(name=HOUSES)
    def early(self, name: str) -> None:
        """The newest letter overtakes the others, and comes again in its turn."""
        house = self.named(name)
        waiting = [each for each in house.case.outbox if each.status == "queued"] if house.case else []
        if len(waiting) > 1:
            self._bring(house, waiting[-1])

    def _bring(self, house: PaperHouse, letter: OutStatus) -> str:
        there = self.pair.other(house)
        if there.case is None and letter.event != "arrive":
            return "unknown-case"
        return there.receive(house.hands.letters[letter.id], letter.sealed, house.house)

    @rule(hours=st.sampled_from([1, 25, 24 * 8, 24 * 45, 24 * 400]))
    def wait(self, hours: int) -> None:
        """Time passes; the clocks strike, as the engine has them do."""
        self.pair.pass_time(timedelta(hours=hours))
        for house in self.begun:
            for _ in range(40):
                if not house.strike():
                    break
            following = clock.next_moment(house.state)
            assert following is None or following > house.now, "a clock that is due did not strike"

    # --- what holds -----------------------------------------------------------------------------------------

    @invariant()
    def all_holds(self) -> None:
        """Looked at after every step that changed something."""
        for house in self.changed:
            self._handoffs_are_whole(house.state)
            self._no_clock_is_lost(house)
            self._docket_is_state(house)
            self._every_letter_once(house)
            well_formed(house.state)
            self.seen[house.house] = house.state
        holding = [house.house for house in self.begun if house.state.holder.house == house.house]
        assert len(holding) <= 1, "two houses hold it"

    def _handoffs_are_whole(self, state: CaseState) -> None:
        """At most one passing under way; what was confirmed between houses is signed three times."""
        assert sum(each.status in OPEN for each in state.handoffs) <= 1
        for each in state.handoffs:
            if each.triple is not None and each.status is HandoffStatus.CONFIRMED:
                assert None not in (each.triple.offer, each.triple.acceptance, each.triple.confirmation)

    def _no_clock_is_lost(self, house: PaperHouse) -> None:
        """Every limit ever counted stands there as it was counted, running or ended, and stays ended."""
        state, before = house.state, self.clocks.get(house.house, [])
        assert len(state.deadlines) >= len(before)
        for old, new in zip(before, state.deadlines, strict=False):
            same_limit(old, new)
        assert len({entry.id for entry in state.deadlines}) == len(state.deadlines)
        if state.status in OVER[state.kind]:
            held = state.person is not None and state.person.detained and state.status != "closed"
            running = [
                each.clock
                for each in clock.running(state)
                if not (held and "release-person" in each.closes_on)
            ]
            assert not running, f"{running} in a case that is {state.status}"
        self.clocks[house.house] = list(state.deadlines)

    def _docket_is_state(self, house: PaperHouse) -> None:
        """What was filed last is the state, with its line; the moves are numbered without a gap."""
        last = house.hands.filed[-1]
        assert last.state == house.state
        assert last.row == row_of(house.state)
        assert [work.move for work in house.hands.filed] == list(range(1, house.state.move + 1))

    def _every_letter_once(self, house: PaperHouse) -> None:
        """Each letter was sealed under its own id, and made at most one move on the other side."""
        sent = {item.id for item in house.state.outbox}
        assert len(sent) == len(house.state.outbox)
        assert sent <= set(house.hands.letters)
        came = Counter(work.message for work in house.hands.filed if work.actor.house != house.house)
        assert not [message for message, times in came.items() if times > 1]

    def teardown(self) -> None:
        """With everything brought over, both houses agree on who holds it, and nothing is left on its way."""
        if self.pair.de.case is None:
            return
        self.pair.carry_all()
        self.all_holds()
        for house in self.begun:
            assert house.next_letter() is None
        if self.pair.us.case is not None:
            agree(self.pair.de.state, self.pair.us.state)


def well_formed(state: CaseState) -> None:
    """It is the same after writing and reading, its codes are codes, and it stays small."""
    text = state.model_dump_json()
    assert CaseState.model_validate_json(text) == state
    assert len(text) < LARGEST_STATE
    assert len(state.keys) <= KEYS_KEPT
    assert len([each for each in state.notices if each.status != "queued"]) <= KEPT
    assert len(set(state.attention)) == len(state.attention)
    codes = [*state.attention, *(gap.code for gap in state.gaps)]
    assert not [code for code in codes if not CODE.fullmatch(code)]


def same_limit(old: Deadline, new: Deadline) -> None:
    """Counted once, and ended once."""
    assert [getattr(old, name) for name in _COUNTED] == [getattr(new, name) for name in _COUNTED]
    if old.status not in (ClockStatus.RUNNING, ClockStatus.MISSED):
        assert new == old
    if old.status is ClockStatus.MISSED:
        assert new.status is ClockStatus.MISSED


def agree(ours: CaseState, theirs: CaseState) -> None:
    """Both say the same of what passed between them."""
    assert ours.holder.house == theirs.holder.house
    passed: list[Any] = [
        [
            (each.id, each.triple)
            for each in state.handoffs
            if baton.between(each) and each.status is HandoffStatus.CONFIRMED
        ]
        for state in (ours, theirs)
    ]
    assert passed[0] == passed[1]


def plays(examples: int, steps: int) -> settings:
    """So many plays, and more where the profile asks for more examples."""
    many = examples * settings().max_examples // 100
    return settings(max_examples=many, stateful_step_count=steps)


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.kind.value)
def test_whatever_is_tried(life: Life) -> None:
    class PlayedHere(Played):
        pass

    PlayedHere.life = life
    run_state_machine_as_test(PlayedHere, settings=plays(EXAMPLES, STEPS))


def test_a_letter_that_has_not_left_was_not_delivered() -> None:
    """Found by these plays: called delivered by post, a confirmation never left, and nobody held the case."""
    pair = Pair()
    pair.be_sent()
    pair.us.move(OFFICER_US, AcceptHandoff(id=pair.us.state.handoffs[0].id))
    pair.carry_one(pair.us)
    confirmation = pair.de.state.outbox[-1].id
    with pytest.raises(Conflict) as told:
        pair.de.move(OFFICER_DE, Delivered(message=confirmation, by_post=True))
    assert told.value.code == "not-sent-yet"
    pair.carry_all()
    assert pair.us.state.holder.house == pair.de.state.holder.house == "us"


def test_what_comes_late_to_a_case_that_is_over_starts_no_clock() -> None:
    """Found by these plays: refused by post, and then the receipt came, from which an answer was awaited."""
    pair = Pair()
    pair.de.begin(OFFICER_DE, FileRequest(request=EXTRADITION.asked), Side.OUTGOING)
    pair.de.move(APPROVER_DE, Approve(override="so"))
    pair.de.move(OFFICER_DE, Send())
    pair.de.move(OFFICER_DE, Decide(decision="refused", reasons="no", by_post=True))
    pair.carry_all()
    assert pair.de.state.outbox[0].status == "delivered"
    assert clock.running(pair.de.state) == []


def test_a_lapse_makes_moot_what_ended_with_it() -> None:
    """Found by these plays: nobody looked until both were over, and the case could not go on."""
    pair = Pair()
    pair.de.begin(OFFICER_DE, FileRequest(request=PRESERVATION.asked), Side.OUTGOING)
    pair.de.move(APPROVER_DE, Approve(override="so"))
    pair.de.move(OFFICER_DE, Send())
    pair.carry_all()
    end = pair.de.now + timedelta(days=5)
    pair.de.move(OFFICER_DE, Preserved(start=pair.de.now, end=end, provider_ref="EC-7", by_post=True))
    pair.de.move(OFFICER_DE, Renew(reason="the request is being translated"))
    pair.pass_time(timedelta(days=400))
    assert pair.de.strike()
    assert pair.de.state.status == "lapsed"
    (asked,) = [entry for entry in pair.de.state.deadlines if entry.clock == "renewal-answer"]
    assert asked.status is ClockStatus.DROPPED
