"""Which invented person do the tests of surrender seek, and whose law counts the days?

Limits are counted by the real registry; questions of human rights and duties are as a test wants them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activities.limits import Limits
from schemas.case import CaseState
from schemas.deadline import ClockStatus, Deadline
from schemas.errors import RogatoryError
from schemas.facets import DutyAsked, GateAsked
from schemas.handoff import HandoffStatus
from schemas.moves import (
    AcceptHandoff,
    Acknowledge,
    Actor,
    Approve,
    Arrest,
    Court,
    Decide,
    FileRequest,
    FixSurrender,
    Move,
    MoveBody,
    Papers,
    Send,
    Surrendered,
)
from schemas.request import ExtraditionRequest, OffenceCharged, PersonSought, ProsecutionRequest
from schemas.vocabulary import Side, Verdict
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US, necessity
from tests.flow.lawful import LawfulHands
from tests.flow.paper import Pair, PaperHouse
from treaties.counting import Place
from treaties.load import shipped
from workflows.allowing import rule_for

SOUGHT = "person-1"
OPENED = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
ZONES = {
    "DE": "Europe/Berlin",
    "US": "America/New_York",
    "RS": "Europe/Belgrade",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
}
SUBMIT = DutyAsked(duty="submit-for-prosecution", article="6(2)", on_request=True)


def request(**changes: Any) -> ExtraditionRequest:
    """A request for surrender without gaps, from DE to US save for what `changes` says."""
    whole: dict[str, Any] = {
        "requesting": "DE",
        "requested": "US",
        "offences": (
            OffenceCharged(slug="csam-distribution", law="section 184b (invented)", max_penalty=120),
        ),
        "contents": {"requesting-authority": "as required", "object-and-reason": "as required"},
        "necessity": necessity(),
        "data_protection_ground": "section 1 (invented)",
        "person": PersonSought(id=SOUGHT, nationality=("DE",)),
    }
    return ExtraditionRequest(**(whole | changes))


def prosecution(**changes: Any) -> ProsecutionRequest:
    """A request to prosecute in the place of surrender."""
    whole: dict[str, Any] = {
        "requesting": "DE",
        "requested": "US",
        "contents": {"requesting-authority": "as required", "object-and-reason": "as required"},
        "data_protection_ground": "section 1 (invented)",
        "person": PersonSought(id=SOUGHT),
        "extradition": "DE-EXTRADITION-2026-00001",
        "article": "6(2)",
    }
    return ProsecutionRequest(**(whole | changes))


def hands(home: str, other: str | None, basis: str | None, **law: Any) -> LawfulHands:
    """Hands that count by the shipped law on `basis`, in the time of the authority's own place."""
    made = LawfulHands(home, other, basis, **law)
    made.limits = Limits(shipped(), Place(ZONES[home], home))
    return made


class Seeking(Pair):
    """Germany seeks a person in another State; both have a house, and the clock goes by itself."""

    def __init__(self, basis: str | None = "coe-ext-1957", there: str = "RS", **law: Any) -> None:
        super().__init__()
        self.us.home_state = there
        self.de.hands = hands("DE", "us", basis, **law)
        self.us.hands = hands(there, "de", basis, **law)
        for house in (self.de, self.us):
            house.now = OPENED
        self.there = there

    # --- what people do ---------------------------------------------------------------------------------

    def ours(self, *bodies: MoveBody) -> None:
        """Germany's officer makes moves, and the letters go over."""
        for body in bodies:
            self._made(self.de, OFFICER_DE, body)

    def theirs(self, *bodies: MoveBody) -> None:
        """The officer there makes moves, and the letters go over."""
        for body in bodies:
            self._made(self.us, OFFICER_US, body)

    def _made(self, house: PaperHouse, actor: Actor, body: MoveBody) -> None:
        """Makes a move, and sees that the other side is told what the table says, and takes it."""
        state = house.state
        rule = rule_for(state, Move(key="any", actor=actor, body=body))
        house.move(actor, body)
        told = len(house.state.outbox) - len(state.outbox)
        assert rule is None or told == int(rule.emits), f"{body.event} told the other side {told} times"
        self.carry_all()
        refused = [(item.event, item.problem) for item in house.state.outbox if item.status == "refused"]
        assert not refused, refused

    def pass_days(self, days: float) -> None:
        """Time passes, and the clock of each house strikes when it has to."""
        self.pass_time(days * DAY)
        for house in (self.de, self.us):
            if house.case is not None:
                house.strike()

    # --- how far it came --------------------------------------------------------------------------------

    def drafted(self, **changes: Any) -> Seeking:
        """Filed, and approved by a second person."""
        asked = request(requested=self.there, instrument=None, **changes)
        self.de.begin(OFFICER_DE, FileRequest(request=asked), Side.OUTGOING)
        self.de.move(APPROVER_DE, Approve())
        return self

    def sent(self, *, ahead: bool = False, **changes: Any) -> Seeking:
        """Sent with its papers, or ahead of them; they hold it."""
        self.drafted(**changes)
        self.ours(Send(papers_follow=ahead))
        self._accepted()
        return self

    def _accepted(self) -> None:
        offered = self.us.state.handoffs[-1]
        self.us.move(OFFICER_US, AcceptHandoff(id=offered.id))
        self.carry_all()
        assert self.us.state.handoffs[-1].status is HandoffStatus.CONFIRMED

    def arrested(self, **changes: Any) -> Seeking:
        """Sent ahead of its papers, and arrested there."""
        self.sent(ahead=True, **changes)
        self.theirs(Arrest(person=SOUGHT))
        return self

    def heard(self, **changes: Any) -> Seeking:
        """Arrested, the papers there, found lawful by the court."""
        self.arrested(**changes)
        self.ours(Papers())
        self.theirs(Acknowledge(), Court(stage="committed", authority="High Court (invented)"))
        return self

    def granted(self, **changes: Any) -> Seeking:
        """Surrender is granted."""
        self.heard(**changes)
        self.theirs(Decide(decision="accepted"))
        return self

    def fixed(self, days: float = 5, **changes: Any) -> Seeking:
        """A day of surrender is appointed."""
        self.granted(**changes)
        self.theirs(FixSurrender(on=self.us.now + days * DAY, place="airport (invented)"))
        return self

    def handed_over(self, **changes: Any) -> Seeking:
        """Handed over on the day."""
        self.fixed(**changes)
        self.pass_days(5)
        self.theirs(surrendered(self.us.state, self.us.now))
        return self


def surrendered(state: CaseState, now: datetime, **changes: Any) -> Surrendered:
    """Handed over now, with the days of custody as they were."""
    arrested = state.person.detentions[-1].arrested if state.person and state.person.detentions else now
    days = -(-(now - arrested) // DAY)
    whole: dict[str, Any] = {"place": "airport (invented)", "custody_days": days}
    return Surrendered(**(whole | changes))


def clocks(house: PaperHouse) -> dict[str, Deadline]:
    """What runs in that house now, by clock."""
    return {one.clock: one for one in house.state.deadlines if one.status is ClockStatus.RUNNING}


def ended(house: PaperHouse, clock: str) -> ClockStatus:
    """How the last limit of that clock stands."""
    return [one for one in house.state.deadlines if one.clock == clock][-1].status


def gate(verdict: Verdict = Verdict.UNKNOWN, *, mandatory: bool = True) -> GateAsked:
    """A question of human rights."""
    return GateAsked(verdict=verdict, mandatory=mandatory)


def code(house: PaperHouse, body: MoveBody) -> str:
    """The code with which the officer of that house is refused."""
    with pytest.raises(RogatoryError) as caught:
        house.move(OFFICER_DE if house.house == "de" else OFFICER_US, body)
    return caught.value.code
