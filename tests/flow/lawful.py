"""How do cases about data go on paper, with time limits counted by the real registry? All is invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from activities.limits import Limits
from schemas.case import LawRecorded
from schemas.deadline import ClockStatus, Deadline
from schemas.errors import BadInput, RogatoryError
from schemas.facets import Keeping, Producing
from schemas.ids import digest
from schemas.lifecycle import rules_for
from schemas.moves import Actor, Approve, Arrive, FileRequest, Move, MoveBody, Send
from schemas.request import MlaRequest, PreservationRequest, ProductionRequest
from schemas.vocabulary import Kind, Measure, Role, Side, Verdict
from schemas.work import AssessDone, AssessWork, CountDone, CountWork
from tests.flow import paper
from tests.flow.invented import APPROVER_DE, OFFICER_DE, START, necessity, request
from tests.flow.paper import FakeHands, Pair, PaperHouse
from treaties.counting import Place
from treaties.duties import starting
from treaties.load import shipped
from workflows import clock
from workflows.step import made_by

Body = MlaRequest | PreservationRequest | ProductionRequest

CLOUD = "example-cloud"
PROVIDER = Actor(id=CLOUD, house=CLOUD, agency="provider")
LIAISON_DE = Actor(id="liaison-de", house="de", roles=(Role.LIAISON,), agency="24-7-point")
ZONES = {"DE": "Europe/Berlin", "US": "America/New_York", "IE": "Europe/Dublin"}


class LawfulHands(FakeHands):
    """Hands that count by the shipped law. The basis itself is what a test says it is."""

    def __init__(self, home: str, other: str | None, instrument: str | None, **said: Any) -> None:
        super().__init__(other)
        self.limits = Limits(shipped(), Place(ZONES.get(home, ""), home))
        self.instrument = instrument
        self.said = said

    async def assess(self, work: AssessWork) -> AssessDone:
        self._fail("assess")
        asked, key = work.request, self.instrument
        law = LawRecorded(
            edition="edition-of-the-test",
            on=START.date(),
            assessment=digest(b"assessment"),
            instrument=key,
            title=key or "",
            verdict=Verdict.YES if key else Verdict.UNKNOWN,
            deadline_events=starting(shipped(), key, asked_kind(work), asked.requested),
            addressee="provider" if getattr(asked, "direct", False) else "state",
        )
        return AssessDone(law=law.model_copy(update=self.said), house=self.house)

    async def count(self, work: CountWork) -> CountDone:
        self._fail("count")
        self.counted.append(work)
        return self.limits.counted(work)


def asked_kind(work: AssessWork) -> Kind:
    """The kind of the request."""
    return Kind(work.request.kind)


def to_keep(**changes: Any) -> PreservationRequest:
    """Germany asks that data be kept in the United States."""
    whole: dict[str, Any] = {
        "requesting": "DE",
        "requested": "US",
        "offences": request().offences,
        "provider": CLOUD,
        "accounts": ("account-0001 (invented)",),
        "child_at_risk": True,
        "data_protection_ground": "invented ground",
    }
    return PreservationRequest(**(whole | changes))


def to_produce(**changes: Any) -> ProductionRequest:
    """Germany orders a provider in Ireland to hand over data."""
    whole: dict[str, Any] = {
        "requesting": "DE",
        "requested": "IE",
        "measures": (Measure.TRAFFIC_DATA,),
        "offences": request().offences,
        "provider": CLOUD,
        "accounts": ("account-0001 (invented)",),
        "necessity": necessity(),
        "child_at_risk": True,
        "data_protection_ground": "invented ground",
    }
    return ProductionRequest(**(whole | changes))


def to_intercept(**changes: Any) -> MlaRequest:
    """Germany intercepts a line that is used in France, and asks for nothing, or for more beside it."""
    whole: dict[str, Any] = {
        "requested": "FR",
        "measures": (Measure.INTERCEPTION,),
        "contents": {},
        "data_protection_ground": "invented ground",
    }
    return request(**(whole | changes))


class Desk(PaperHouse):
    """A paper house that sees that our own moves tell the other side what the table says."""

    def made(self, actor: Actor, body: MoveBody) -> str:
        """Makes a move; returns the status after it."""
        state = self.state
        before = len(state.outbox)
        self.move(actor, body)
        by = made_by(self.house, _as_move(actor, body))
        rule = rules_for(state.kind, state.side, state.status, body.event, by)
        told = len(self.state.outbox) - before
        assert rule is None or told == int(rule.emits), f"{body.event} told the other side {told} times"
        return self.state.status

    def until(self, moment: datetime) -> None:
        """Lets time pass, with the clock striking whenever it has something to say."""
        while (coming := clock.next_moment(self.state)) is not None and coming <= moment:
            self.now = max(self.now, coming)
            if not self.strike():
                break
        self.now = moment

    def clocks(self, name: str, status: ClockStatus = ClockStatus.RUNNING) -> list[Deadline]:
        """Entries of one clock."""
        return [entry for entry in self.state.deadlines if (entry.clock, entry.status) == (name, status)]

    def keeping(self) -> Keeping:
        """How the data are kept."""
        assert self.state.keeping is not None
        return self.state.keeping

    def producing(self) -> Producing:
        """How the order stands."""
        assert self.state.producing is not None
        return self.state.producing

    def runs(self, name: str) -> Deadline:
        """The one entry of a clock that runs."""
        (entry,) = self.clocks(name)
        return entry

    def shows(self, *codes: str) -> bool:
        """Are these codes among what a person should look at?"""
        return set(codes) <= set(self.state.attention)

    def deliver(self) -> None:
        """Everything queued reaches who it is for."""
        while (letter := self.next_letter()) is not None:
            self.settle(letter, "", None)


def _as_move(actor: Actor, body: MoveBody) -> Move:
    return Move(key="any", actor=actor, body=body)


def desk(
    body: Body,
    instrument: str | None,
    binding: Literal["duty", "option"] = "duty",
    **said: Any,
) -> Desk:
    """Germany has sent `body`, on `instrument`, to a provider or to a State that runs no house."""
    house = Desk("de", "DE", None)
    house.hands = LawfulHands("DE", None, instrument, binding=binding, **said)
    house.begin(OFFICER_DE, FileRequest(request=body), Side.OUTGOING)
    house.made(APPROVER_DE, Approve())
    house.made(OFFICER_DE, Send())
    if house.state.counterpart.provider is not None:
        house.deliver()
    return house


def asked(body: Body, instrument: str | None, **said: Any) -> Desk:
    """The State that is asked has received `body` on paper."""
    house = Desk(body.requested.lower(), body.requested, None)
    house.hands = LawfulHands(body.requested, None, instrument, **said)
    officer = Actor(id="officer", house=house.house, roles=(Role.OFFICER,))
    house.begin(officer, Arrive(request=body, foreign_ref="DE-0001 (invented)"), Side.INCOMING)
    return house


def both(body: Body, instrument: str) -> tuple[Pair, Desk, Desk]:
    """Two houses: Germany has sent it, the other State has received it."""
    pair = Pair()
    de, other = Desk("de", "DE", body.requested.lower()), Desk(body.requested.lower(), body.requested, "de")
    de.hands = LawfulHands("DE", other.house, instrument)
    other.hands = LawfulHands(body.requested, "de", instrument)
    pair.de, pair.us = de, other
    de.begin(OFFICER_DE, FileRequest(request=body), Side.OUTGOING)
    de.made(APPROVER_DE, Approve())
    de.made(OFFICER_DE, Send())
    pair.carry_all()
    return pair, de, other


def days(count: float) -> timedelta:
    """So many days."""
    return timedelta(days=count)


def sent_alone(body: Body, instrument: str, **said: Any) -> Desk:
    """Germany has sent it in an emergency, before anybody approved it."""
    house = Desk("de", "DE", None)
    house.hands = LawfulHands("DE", None, instrument, **said)
    house.begin(OFFICER_DE, FileRequest(request=body), Side.OUTGOING)
    house.made(OFFICER_DE, Send(emergency=True, reason="it cannot wait"))
    house.deliver()
    return house


def refused(
    house: Desk, code: str, body: MoveBody, error: type[RogatoryError] = BadInput, actor: Actor = OFFICER_DE
) -> RogatoryError:
    """The refusal of a move, which leaves everything as it was and says what is next."""
    told = paper.refused(house, error, code, actor, body)
    assert told.next_step
    return told
