"""Which rich cases do the tests of the pages look at? Whole lives, played without an engine and filed in real
records, with letters sealed by the real key and time limits counted by the real law. All is invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from activities.legal import Legal
from activities.posting import Posting
from desk.house import introduce, new_house
from letters.compose import envelope
from letters.seal import SigningKey, load_key, seal
from letters.trust import TrustList
from records.open import Records
from schemas.case import CaseInput, CaseState
from schemas.ids import digest
from schemas.moves import (
    Actor,
    Arrive,
    FileRequest,
    Issue,
    Move,
    MoveBody,
    MoveReply,
    Preserved,
    Renewed,
)
from schemas.request import Request
from schemas.vocabulary import Kind, Role, Side
from schemas.work import AssessDone, AssessWork, FileDone, FileWork, SealDone, SealWork
from tests.desk.conftest import FakeEngineOffice
from tests.flow.invented import request
from tests.flow.lawful import LawfulHands
from tests.flow.lives import EXTRADITION, LIVES, MLA, PRESERVATION, Life, Turn, body_of
from tests.flow.paper import FakeHands, Pair, PaperHouse, run
from tests.flow.wanted import hands as lawful_hands
from treaties.counting import Place
from treaties.load import shipped
from treaties.registry import Registry
from workflows import allowing, making

EXAMPLES = Path(__file__).parents[2] / "examples"
STEP = timedelta(days=3)
MATTER = "Operation Lantern (invented)"
_ACCOUNTS = {"officer-de": "officer", "approver-de": "approver", "judge-de": "judge"}
_BASES = {
    Kind.MLA: "de-us-mla",
    Kind.PRESERVATION: "budapest",
    Kind.PRODUCTION: "budapest",
    Kind.EXTRADITION: "coe-ext-1957",
    Kind.PROSECUTION: "coe-ext-1957",
}


class SampleHands(LawfulHands):
    """Hands on the real records of the house under test. The answer of the law is the real one, kept whole;
    that a basis is sure, and nothing missing for it, is as the sample says (`complete`)."""

    def __init__(self, records: Records, registry: Registry, other: str | None, basis: str | None) -> None:
        super().__init__("DE", other, basis)
        settings, office = records.settings, FakeEngineOffice(records.settings, records, None)  # type: ignore[arg-type]  # no engine
        trust = TrustList.load(settings.keys / "trust.json")
        self.records = records
        self.limits = lawful_hands("DE", other, basis).limits
        self.legal = Legal(lambda: registry, records.vault, trust, Place("Europe/Berlin", "DE"))
        self.posting = Posting(records.vault, office.key, trust, None, settings.house, settings.state)  # type: ignore[arg-type]  # nothing is carried
        self.complete = True
        self.there: TheirHands | None = None

    async def assess(self, work: AssessWork) -> AssessDone:
        self.records.keys.create(work.ref)
        real = self.legal.assess(work)
        if not self.complete:
            return real
        said = await super().assess(work)
        law = real.law.model_copy(
            update={
                "issuers": (),
                "gates": {},
                "duties": (),
                "verdict": said.law.verdict,
                "instrument": said.law.instrument,
                "deadline_events": said.law.deadline_events,
            }
        )
        return AssessDone(law=law, gaps=[], house=self.house)

    async def seal(self, work: SealWork) -> SealDone:
        self.letters[work.message] = work
        return self.posting.seal(work)

    async def file(self, work: FileWork) -> FileDone:
        self.filed.append(work)
        if work.sealed is not None and self.there is not None:
            # what their letters brought is kept before it is filed
            for jws in self.there.sealed.values():
                self.records.vault.put(work.ref, jws)
            self.there.sealed.clear()
        return self.records.file(work)


class TheirHands(FakeHands):
    """Hands of the other house, which runs nowhere: only its letters are real, sealed by its own key."""

    def __init__(self, records: Records, key: SigningKey) -> None:
        super().__init__("de")
        self.records = records
        self.key = key
        self.sealed: dict[str, bytes] = {}

    async def seal(self, work: SealWork) -> SealDone:
        self.letters[work.message] = work
        jws = seal(envelope(work, "us", "US"), self.key).encode()
        self.sealed[digest(jws)] = jws
        return SealDone(message=work.message, sealed=digest(jws))


class SampleHouse(PaperHouse):
    """A house on paper whose case has the reference it is given, and whose clock begins in the past."""

    ref = ""

    def begin(self, actor: Actor, body: FileRequest | Arrive, side: Side, **brought: object) -> CaseState:
        kind = Kind(body.request.kind)
        ref = self.ref or f"{self.home_state}-{kind.value.upper()}-2026-80001"
        first = Move(key=brought.pop("key", f"{self.house}-{ref}-first"), actor=actor, body=body, **brought)  # type: ignore[arg-type]
        case = CaseInput(
            ref=ref, house=self.house, home_state=self.home_state, side=side, kind=kind, first=first
        )
        self.case = run(making.begin(case, self.hands, self.now))
        return self.case

    def move(self, actor: Actor, body: MoveBody, key: str | None = None, **brought: object) -> MoveReply:
        return super().move(actor, body, key or f"{self.house}-{self.ref}-{self.number}", **brought)


class PaperOffice(FakeEngineOffice):
    """The office with real moves, made by the pure steps of the cases instead of in an engine."""

    async def start(self, ref: str, side: Side, move: Move) -> MoveReply:
        body = move.body
        assert isinstance(body, FileRequest | Arrive)
        case = CaseInput(
            ref=ref,
            house=self.settings.house,
            home_state=self.settings.state,
            side=side,
            kind=Kind(body.request.kind),
            first=move,
        )
        made = run(making.begin(case, self._hands(body.request), datetime.now(UTC)))
        return made.keys[move.key]

    async def deliver(self, ref: str, move: Move) -> MoveReply:
        self._reachable(ref)
        state = self.records.states.latest(ref)
        if move.key in state.keys:
            return state.keys[move.key].model_copy(update={"repeated": True})
        now = datetime.now(UTC)
        allowing.check(state, move, now)
        return run(making.make(state, move, self._hands(state.request), now)).keys[move.key]

    def _hands(self, asked: Request) -> SampleHands:
        made = SampleHands(self.records, with_provider(), None, _BASES[Kind(asked.kind)])
        made.complete = False
        return made


@dataclass(frozen=True, slots=True)
class Samples:
    """References of the cases by what they show."""

    draft: str
    waiting: str
    sent: str
    closed: str
    incoming: str
    paper: str
    preservation: str
    production: str
    extradition: str
    prosecution: str

    def all(self) -> list[str]:
        """Every reference."""
        return [getattr(self, name) for name in self.__slots__]


def with_provider() -> Registry:
    """The shipped law with the invented provider of the examples."""
    return shipped(EXAMPLES / "overlay")


def file_samples(records: Records) -> Samples:
    """Files them all in the records of the house `de`."""
    folder = records.settings.home.parent / "us"
    there = new_house(folder, "us", "US", "Office of Invented Affairs", "America/New_York")
    introduce(records.settings.home, folder)
    made = _Making(records, with_provider(), load_key(there.keys / "signing.json"))
    others = {
        life.kind: life for life in LIVES if life.kind not in (Kind.MLA, Kind.PRESERVATION, Kind.EXTRADITION)
    }
    return Samples(
        draft=made.alone(request(contents={}), complete=False),
        waiting=made.life(MLA, turns=1),
        sent=made.life(MLA, turns=11),
        closed=made.life(MLA),
        incoming=made.incoming(MLA, turns=13),
        paper=made.on_paper(),
        preservation=made.life(PRESERVATION, turns=14),
        production=made.life(others[Kind.PRODUCTION], turns=14),
        extradition=made.life(EXTRADITION, turns=18),
        prosecution=made.life(others[Kind.PROSECUTION], turns=12),
    )


class _Making:
    def __init__(self, records: Records, registry: Registry, key: SigningKey) -> None:
        self.records = records
        self.registry = registry
        self.key = key
        self.number = 90000

    def life(self, life: Life, turns: int | None = None) -> str:
        """One of ours, as far as `turns` moves."""
        pair, ours = self._pair(life.kind)
        pair.de.begin(
            _actor(Role.OFFICER, "officer", "de"),
            FileRequest(request=life.asked, matter=MATTER),
            Side.OUTGOING,
        )
        self._played(pair, life.turns[:turns], lambda house: house)
        return ours.state.ref

    def incoming(self, life: Life, turns: int) -> str:
        """One of theirs to us: the same life with the houses exchanged."""
        ours, there = self._houses(life.kind)
        pair = Pair()
        pair.de, pair.us = there, ours
        self._begun(pair, life.turns[:turns])
        asked = life.asked.model_copy(update={"requesting": "US", "requested": "DE"})
        there.begin(_actor(Role.OFFICER, "officer-us", "us"), FileRequest(request=asked), Side.OUTGOING)
        self._played(pair, life.turns[:turns], lambda house: {"de": "us", "us": "de"}[house])
        return ours.state.ref

    def alone(self, asked: Request, *, complete: bool) -> str:
        """A draft that nobody has sent."""
        _, ours = self._pair(Kind(asked.kind))
        assert isinstance(ours.hands, SampleHands)
        ours.hands.complete = complete
        ours.now = datetime.now(UTC) - timedelta(hours=30)
        ours.begin(_actor(Role.OFFICER, "officer", "de"), FileRequest(request=asked), Side.OUTGOING)
        return ours.state.ref

    def on_paper(self) -> str:
        """One of ours to a State that runs no house."""
        _, ours = self._pair(Kind.MLA)
        ours.hands.house = None
        officer = _actor(Role.OFFICER, "officer", "de")
        ours.now = datetime.now(UTC) - timedelta(days=21)
        ours.begin(officer, FileRequest(request=request(), matter=MATTER), Side.OUTGOING)
        self._turns(ours, MLA.turns[:3])
        return ours.state.ref

    def _turns(self, ours: SampleHouse, turns: tuple[Turn, ...]) -> None:
        for turn in turns:
            ours.now += timedelta(days=1)
            ours.move(_ours(turn[1], "de"), _dated(body_of(turn, ours.state), ours.now))

    def _pair(self, kind: Kind) -> tuple[Pair, SampleHouse]:
        ours, there = self._houses(kind)
        pair = Pair()
        pair.de, pair.us = ours, there
        self._begun(pair, ())
        return pair, ours

    def _houses(self, kind: Kind) -> tuple[SampleHouse, SampleHouse]:
        self.number += 1
        ours, there = SampleHouse("de", "DE", "us"), SampleHouse("us", "US", "de")
        ours.ref = f"DE-{kind.value.upper()}-2026-{self.number}"
        hands = SampleHands(self.records, self.registry, "us", _BASES[kind])
        ours.hands, there.hands = hands, TheirHands(self.records, self.key)
        hands.there = there.hands
        return ours, there

    def _begun(self, pair: Pair, turns: tuple[Turn, ...]) -> None:
        for house in (pair.de, pair.us):
            house.now = datetime.now(UTC) - timedelta(days=80)

    def _played(self, pair: Pair, turns: tuple[Turn, ...], who: Callable[[str], str]) -> None:
        for turn in turns:
            pair.pass_time(STEP)
            house = pair.de if who(turn[0]) == pair.de.house else pair.us
            body = _dated(body_of(turn, house.state), house.now)
            house.move(_ours(turn[1], house.house), body)
            pair.carry_all()


def _ours(actor: Actor, house: str) -> Actor:
    """The same person as an account of the house under test."""
    plain = actor.id.rpartition("-")[0]
    return actor.model_copy(update={"id": plain if house == "de" else actor.id, "house": house})


def _dated(body: MoveBody, now: datetime) -> MoveBody:
    """The same move, with the days it tells near its own."""
    if isinstance(body, Issue):
        return body.model_copy(update={"signed_on": now})
    if isinstance(body, Preserved):
        return body.model_copy(update={"start": now, "end": now + timedelta(days=90)})
    if isinstance(body, Renewed):
        return body.model_copy(update={"start": now, "end": now + timedelta(days=120)})
    return body


def _actor(role: Role, id: str, house: str) -> Actor:
    return Actor(id=id, house=house, roles=(role,))
