"""How do two houses deal with each other without an engine? Pure steps, driven by hand, letter by letter."""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

from schemas.case import CaseInput, CaseState, OutStatus
from schemas.deadline import CLOCKS, ClockStatus, Deadline
from schemas.errors import RogatoryError
from schemas.ids import digest
from schemas.lifecycle import OWN, PRACTICE_CLOCKS
from schemas.moves import (
    AcceptHandoff,
    Acknowledge,
    Actor,
    Approve,
    Arrive,
    Delivered,
    FileRequest,
    Move,
    MoveBody,
    MoveReply,
    Send,
)
from schemas.vocabulary import Kind, Side
from schemas.work import (
    AssessDone,
    AssessWork,
    CountDone,
    CountWork,
    FileDone,
    FileWork,
    SealDone,
    SealWork,
)
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US, START, fake_answer, request
from workflows import allowing, baton, clock, making, outbox
from workflows.step import HOUSE_ACTOR, altered, fresh, made_by

T = TypeVar("T")
_UNITS = {
    "days": timedelta(days=1),
    "working-days": timedelta(days=1),
    "hours": timedelta(hours=1),
    "months": timedelta(days=30),
}


class FakeHands:
    """Activities without anything behind them: they answer at once and remember what they were given."""

    def __init__(self, house: str | None = "us") -> None:
        self.house = house
        self.letters: dict[str, SealWork] = {}
        self.filed: list[FileWork] = []
        self.counted: list[CountWork] = []
        self.broken = ""
        self.law: dict[str, Any] = {}
        """What this law says beside what the fake answer does: fields of `LawRecorded`."""
        self.longer: dict[str, timedelta] = {}
        """Clocks that the text allows to be prolonged, and for how long."""
        self.begins: dict[str, tuple[str, timedelta]] = {}
        """Events from which this law counts a protection: its clock, and how long it lasts."""

    async def assess(self, work: AssessWork) -> AssessDone:
        self._fail("assess")
        answer = fake_answer(work.request, work.choose, self.house)
        return altered(answer, law=altered(answer.law, **self.law))

    async def count(self, work: CountWork) -> CountDone:
        self._fail("count")
        self.counted.append(work)
        found = [
            altered(entry, status=ClockStatus.RUNNING, closed=None, started=work.now, left_seconds=None)
            for entry in work.resume
        ]
        found = [
            altered(entry, due=work.now + timedelta(seconds=old.left_seconds or 0))
            for entry, old in zip(found, work.resume, strict=True)
        ]
        for known in PRACTICE_CLOCKS[work.kind, work.side]:
            if known.says and known.says not in work.says:
                continue
            if known.event == work.event:
                found.append(_counted(known, work))
        if work.given is not None:
            found = [entry for entry in found if entry.clock != work.given_clock]
            found.append(_given(work, work.given))
        if work.event == "prolong" and work.given_clock in self.longer:
            found.append(_longer(work, self.longer[work.given_clock]))
        if work.event in self.begins:
            name, span = self.begins[work.event]
            found.append(law_limit(name, work.at, span, event=work.event, nature="ends"))
        due = None if work.offer_days is None else work.now + timedelta(days=work.offer_days)
        return CountDone(deadlines=found, offer_due=due)

    async def seal(self, work: SealWork) -> SealDone:
        self._fail("seal")
        self.letters[work.message] = work
        return SealDone(message=work.message, sealed=digest(work.model_dump_json().encode()))

    async def file(self, work: FileWork) -> FileDone:
        self._fail("file")
        self.filed.append(work)
        return FileDone(entry=str(len(self.filed)))

    def _fail(self, what: str) -> None:
        if self.broken == what:
            raise RogatoryError(f"{what} is broken", code="broken")


def _counted(known: Any, work: CountWork) -> Deadline:
    due = work.at + known.amount * _UNITS[known.unit]
    return Deadline(
        id="d0",
        clock=known.clock,
        rule=f"practice:{known.clock}",
        instrument="",
        article="",
        law=False,
        event=work.event,
        started=work.at,
        due=due,
        due_day=due.date(),
        amount=known.amount,
        unit=known.unit,
        time_zone="UTC",
        count="fake",
        owner=known.owner,
        closes_on=known.closes_on,
        pauses_on=known.pauses_on,
        resumes_on=known.resumes_on,
    )


def _given(work: CountWork, due: datetime) -> Deadline:
    """A limit that the other side named."""
    return Deadline(
        id="d0",
        clock=work.given_clock,
        rule="given",
        instrument="",
        article="",
        law=False,
        event=work.event,
        started=work.at,
        due=due,
        due_day=due.date(),
        amount=0,
        unit="",
        time_zone="UTC",
        count="fake",
        closes_on=CLOCKS[work.given_clock].closes_on,
    )


def law_limit(clock: str, started: datetime, span: timedelta, **more: Any) -> Deadline:
    """A limit as an invented law might set it."""
    whole: dict[str, Any] = {
        "id": "d0",
        "clock": clock,
        "rule": f"fake:{clock}",
        "instrument": "fake-law",
        "article": "12",
        "law": True,
        "event": "acknowledge",
        "started": started,
        "due": started + span,
        "due_day": (started + span).date(),
        "amount": span.days,
        "unit": "days",
        "time_zone": "UTC",
        "count": "fake",
        "closes_on": CLOCKS[clock].closes_on,
    }
    return Deadline(**(whole | more))


def _longer(work: CountWork, span: timedelta) -> Deadline:
    return law_limit(work.given_clock, work.at, span, event="prolong", rule=f"fake:{work.given_clock}.longer")


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never really waits."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("a pure step waited for something")


class PaperHouse:
    """One house with one case, its hands, its own clock and its outbox."""

    def __init__(self, house: str, state: str, other: str | None) -> None:
        self.house = house
        self.home_state = state
        self.hands = FakeHands(other)
        self.case: CaseState | None = None
        self.now = START
        self.number = 0

    @property
    def state(self) -> CaseState:
        assert self.case is not None, "the case has not begun"
        return self.case

    def begin(self, actor: Actor, body: FileRequest | Arrive, side: Side, **brought: Any) -> CaseState:
        """Begins the case with its first move."""
        kind = Kind(body.request.kind)
        ref = f"{self.home_state}-{kind.value.upper()}-2026-00001"
        first = Move(key=brought.pop("key", f"{self.house}-first"), actor=actor, body=body, **brought)
        case = CaseInput(
            ref=ref, house=self.house, home_state=self.home_state, side=side, kind=kind, first=first
        )
        self.case = run(making.begin(case, self.hands, self.now))
        return self.case

    def move(self, actor: Actor, body: MoveBody, key: str | None = None, **brought: Any) -> MoveReply:
        """Checks and makes a move, as the workflow does; the same key gets the same reply."""
        self.number += 1
        move = Move(key=key or f"{self.house}-{self.number}", actor=actor, body=body, **brought)
        known = self.state.keys.get(move.key)
        if known is not None:
            return altered(known, repeated=True)
        before = self.state
        allowing.check(before, move, self.now)
        self.case = run(making.make(before, move, self.hands, self.now))
        self._told_as_the_table_says(before, move)
        return self.case.keys[move.key]

    def _told_as_the_table_says(self, before: CaseState, move: Move) -> None:
        rule = allowing.rule_for(before, move)
        if rule is None or made_by(before.house, move) != OWN:
            return
        wrote = len(self.state.outbox) > len(before.outbox)
        first = isinstance(move.body, Send)
        assert wrote is (rule.emits and (first or baton.known_there(before))), (move.body.event, rule)

    def strike(self) -> bool:
        """Lets the clock say what is due."""
        made = fresh(self.state)
        struck = clock.strike(made, self.now)
        if struck:
            self.case = run(making.by_itself(made, "clock", self.hands, self.now))
        return struck

    # --- letters --------------------------------------------------------------------------------------

    def next_letter(self) -> OutStatus | None:
        """What the carrier would take next."""
        return outbox.next_letter(self.case) if self.case else None

    def settle(self, letter: OutStatus, code: str, ref: str | None = None) -> None:
        """What became of a letter: `code` empty means delivered."""
        if not outbox.still_queued(self.state, letter.id):
            return
        if code:
            made = fresh(self.state)
            outbox.refused(made, letter.id, code, self.now)
            self.case = run(making.by_itself(made, "refused", self.hands, self.now))
            return
        receipt = Move(
            key=f"house:delivered:{letter.id}",
            actor=Actor(id=HOUSE_ACTOR, house=self.house),
            body=Delivered(message=letter.id, receipt=digest(b"receipt")),
        )
        self.case = run(making.make(self.state, receipt, self.hands, self.now, ref))

    def receive(self, letter: SealWork, sealed: str, sender: str) -> str:
        """Takes in a letter of the other house: empty if delivered, else the code of the refusal."""
        machine = Actor(id="machine", house=sender)
        brought = {"message": letter.message, "sealed": sealed, "offer": letter.offer, "about": letter.about}
        try:
            if self.case is None and isinstance(letter.body, Arrive):
                self.begin(machine, letter.body, Side.INCOMING, key=letter.message, **brought)
            else:
                self.move(machine, letter.body, key=letter.message, **brought)
        except RogatoryError as error:
            return error.code
        return ""


class Pair:
    """Two houses with a road between them: Germany asks, the United States are asked."""

    def __init__(self) -> None:
        self.de = PaperHouse("de", "DE", "us")
        self.us = PaperHouse("us", "US", "de")

    def other(self, house: PaperHouse) -> PaperHouse:
        return self.us if house is self.de else self.de

    def pass_time(self, span: timedelta) -> None:
        for house in (self.de, self.us):
            house.now += span

    def carry_one(self, house: PaperHouse) -> bool:
        """Brings the next letter of `house` over; False if none waits."""
        letter = house.next_letter()
        if letter is None:
            return False
        there = self.other(house)
        code = there.receive(house.hands.letters[letter.id], letter.sealed, house.house)
        house.settle(letter, code, None if code else there.state.ref)
        return True

    def carry_all(self) -> None:
        """Brings everything over, also what the other side answers by itself."""
        while self.carry_one(self.de) or self.carry_one(self.us):
            pass

    def filed(self, **changes: Any) -> None:
        """Germany files a request."""
        self.de.begin(OFFICER_DE, FileRequest(request=request(**changes)), Side.OUTGOING)

    def be_sent(self, **changes: Any) -> None:
        """Germany files, approves and sends; it arrives."""
        self.filed(**changes)
        self.de.move(APPROVER_DE, Approve())
        self.de.move(OFFICER_DE, Send())
        self.carry_all()

    def be_taken(self, **changes: Any) -> None:
        """And the United States acknowledge it and take the baton."""
        self.be_sent(**changes)
        self.us.move(OFFICER_US, Acknowledge())
        self.us.move(OFFICER_US, AcceptHandoff(id="DE-MLA-2026-00001.h1"))
        self.carry_all()


def refused(
    house: PaperHouse, error: type[RogatoryError], code: str, actor: Actor, body: MoveBody
) -> RogatoryError:
    """The refusal of a move, which must leave the state as it was."""
    before = house.state
    with pytest.raises(error) as caught:
        house.move(actor, body)
    assert caught.value.code == code
    assert house.state is before
    return caught.value
