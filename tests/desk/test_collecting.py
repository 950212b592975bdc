"""Do the words of a provider reach their case once, whatever breaks off, and is nothing of them dropped?

The records, the carrier, the emulator and the net are real; the engine alone is played.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desk.collecting import Round, collect, keep_collecting, way_of
from desk.emulator.provider import Emulator
from desk.emulator.server import serving
from desk.emulator.store import Store
from desk.house import new_house
from letters.carriers.provider import ProviderCarrier
from letters.providers import PROVIDERS, ProviderBook
from letters.ts103120.reading import Heard
from records.open import Records, open_records
from records.references import HOUSE
from schemas.case import CaseState, Counterpart, DocketRow
from schemas.errors import RogatoryError, Unavailable, WrongMove
from schemas.facets import Keeping, Period
from schemas.handoff import Holder
from schemas.ids import digest
from schemas.moves import Actor, FileRequest, Move, MoveReply, Preserved, Renew, Renewed
from schemas.request import Request
from schemas.settings import Settings
from schemas.vocabulary import Kind, Side
from schemas.work import FileWork
from tests.letters.provider_cases import (
    GIVE_REF,
    KEEP_REF,
    asked_to_give,
    asked_to_keep,
    give,
    keep,
    provider,
    written,
)

OFFICER = Actor(id="officer", house="de")


class FakeOffice:
    """The door of one house with real records, and no engine: `refuse` is what each move meets."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.records: Records = open_records(settings)
        self.refuse: RogatoryError | None = None
        self.moves: list[tuple[str, Move]] = []

    def open(self, ref: str, request: Request, key: str | None = "invented-mail") -> None:
        """File a case that was sent to the provider `key`."""
        self.records.references.reserve(ref)
        self.records.keys.create(ref)
        now = datetime.now(UTC)
        state = CaseState(
            version=2,
            ref=ref,
            house="de",
            state="DE",
            kind=Kind(request.kind),
            side=Side.OUTGOING,
            status="sent",
            opened=now,
            updated=now,
            filed_by="officer",
            last_author="officer",
            counterpart=Counterpart(state="US", provider=key),
            holder=Holder(house="de", function="central-authority"),
            held_since=now,
            request=request,
            keeping=Keeping() if request.kind == "preservation" else None,
        )
        self._file(state, Move(key=f"file {ref}", actor=OFFICER, body=FileRequest(request=request)))

    async def deliver(self, ref: str, move: Move) -> MoveReply:
        self.moves.append((ref, move))
        if self.refuse is not None:
            raise self.refuse
        state = self.records.states.latest(ref)
        if move.key in state.keys:
            return state.keys[move.key]
        if isinstance(move.body, Preserved | Renewed) and state.keeping is not None:
            told = Period(start=move.body.start, end=move.body.end, told=datetime.now(UTC))
            state.keeping.periods.append(told)
        return self._file(state, move)

    async def register_refusal(self, ref: str, move: Move, error: RogatoryError) -> None:
        detail = {"code": error.code, "message": move.message}
        self.records.ledger.note(ref, move.actor, "refused", detail, datetime.now(UTC))

    def _file(self, state: CaseState, move: Move) -> MoveReply:
        number = state.move + 1
        reply = MoveReply(
            ref=state.ref, move=number, event=move.body.event, status=state.status, holder=state.holder
        )
        filed = state.model_copy(update={"move": number, "keys": {**state.keys, move.key: reply}})
        row = DocketRow(
            ref=state.ref,
            house=state.house,
            kind=state.kind,
            side=state.side,
            status=state.status,
            counterpart_state="US",
            holder_house="de",
            holder_function="central-authority",
            held_since=state.held_since,
            move=number,
            opened=state.opened,
            updated=state.updated,
            provider=getattr(state.request, "provider", None),
        )
        self.records.file(
            FileWork(
                ref=state.ref,
                move=number,
                at=datetime.now(UTC),
                actor=move.actor,
                event=move.body.event,
                key=move.key,
                detail=move.body.model_dump_json(),
                state=filed,
                row=row,
                message=move.message,
                sealed=move.sealed,
            )
        )
        return reply


class Place:
    """An office, an emulator, and the way between them."""

    def __init__(self, office: FakeOffice, emulator: Emulator, url: str) -> None:
        self.office, self.emulator = office, emulator
        self.provider = provider(url)
        ProviderBook([self.provider]).save(office.settings.keys / PROVIDERS)
        self.way: ProviderCarrier = way_of(office.settings)

    def send(self, message: Any) -> None:
        receipt = self.way.send(self.provider, message)
        assert self.way.outcome(self.provider, message, receipt).delivered

    async def round(self) -> Round:
        return await collect(self.office, self.way)

    def start_again(self) -> None:
        """As if the process had ended: what the way remembered is gone."""
        self.way.close()
        self.way = way_of(self.office.settings)

    @property
    def events(self) -> list[str]:
        return [move.body.event for _, move in self.office.moves]

    def notes(self, ref: str) -> list[dict[str, Any]]:
        entries = self.office.records.ledger.entries(ref)
        return [json.loads(one.detail or "{}") for one in entries if one.event == "refused"]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    office = FakeOffice(new_house(tmp_path / "de", "de", "DE", "Germany"))
    store = Store(tmp_path / "emulator.sqlite")
    emulator = Emulator(store)
    with serving(emulator) as url:
        made = Place(office, emulator, url)
        yield made
        made.way.close()
    store.close()
    office.records.close()


async def test_a_word_becomes_a_move_of_the_provider(place: Place) -> None:
    place.office.open(KEEP_REF, keep())
    place.send(asked_to_keep())
    done = await place.round()
    assert (len(done.made), done.refused, done.waiting) == (1, (), ())
    [(ref, move)] = place.office.moves
    assert ref == KEEP_REF
    assert move.actor == Actor(id="invented-mail", house="invented-mail", agency="provider")
    assert move.key == f"provider:{move.message}"
    assert isinstance(move.body, Preserved)
    kept = place.office.records.vault.get(KEEP_REF, move.sealed or "")
    assert digest(kept) == move.sealed
    assert b"LPTask" in kept


async def test_the_same_word_makes_one_move_also_after_a_new_start(place: Place) -> None:
    place.office.open(GIVE_REF, give())
    place.send(asked_to_give())
    assert len((await place.round()).made) == 2
    for _ in range(3):
        place.start_again()
        again = await place.round()
        assert again.made == ()
        assert again.refused == ()
    assert place.events == ["evidence", "evidence"]


async def test_a_word_we_stumble_over_waits_and_keeps_no_other_back(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    place.office.open(GIVE_REF, give())
    place.send(asked_to_give())
    put = place.office.records.vault.put
    stumbled: list[str] = []

    def stumbling(ref: str, content: bytes) -> str:
        if not stumbled:
            stumbled.append(ref)
            raise RuntimeError("Child A")
        return put(ref, content)

    monkeypatch.setattr(place.office.records.vault, "put", stumbling)
    done = await place.round()
    assert (len(done.made), len(done.waiting)) == (1, 1)
    assert "Child A" not in caplog.text
    monkeypatch.undo()
    assert len((await place.round()).made) == 1


@pytest.mark.parametrize("step", ["begin", "put", "deliver", "finish", "settle"])
async def test_a_round_broken_off_anywhere_is_done_by_the_next_and_nothing_twice(
    place: Place, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.office.open(GIVE_REF, give(measures=("traffic-data",)))
    place.send(asked_to_give(measures=("traffic-data",)))
    records = place.office.records
    target: Any = {
        "begin": records.attempts,
        "put": records.vault,
        "finish": records.attempts,
        "deliver": place.office,
        "settle": place.way,
    }[step]

    def killed(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(target, step, killed)
        with pytest.raises(KeyboardInterrupt):
            await place.round()
    place.start_again()
    await place.round()
    await place.round()
    moves = [entry for entry in records.ledger.entries(GIVE_REF) if entry.move is not None]
    assert [entry.event for entry in moves] == ["file", "evidence"]


async def test_when_the_engine_is_away_the_word_waits(place: Place) -> None:
    place.office.open(KEEP_REF, keep())
    place.send(asked_to_keep())
    place.office.refuse = Unavailable("The engine is down.")
    assert len((await place.round()).waiting) == 1
    assert place.notes(KEEP_REF) == []
    place.office.refuse = None
    assert len((await place.round()).made) == 1


async def test_a_word_that_is_not_possible_now_is_registered_once(place: Place) -> None:
    place.office.open(KEEP_REF, keep())
    place.send(asked_to_keep())
    place.office.refuse = WrongMove("not now", allowed=["close"])
    assert len((await place.round()).refused) == 1
    place.start_again()
    assert (await place.round()).refused == ()
    assert [note["code"] for note in place.notes(KEEP_REF)] == ["wrong-move"]


async def test_a_word_for_a_case_that_went_elsewhere_is_registered_with_the_house(place: Place) -> None:
    place.office.open(KEEP_REF, keep(), key=None)
    place.send(asked_to_keep())
    place.send(asked_to_give())
    assert len((await place.round()).refused) == 3
    assert place.office.moves == []
    assert {note["code"] for note in place.notes(HOUSE)} == {"unknown-case"}
    assert place.notes(KEEP_REF) == []
    place.start_again()
    assert (await place.round()).refused == ()


async def test_what_cannot_be_read_is_registered_with_its_reason(place: Place) -> None:
    place.office.open(KEEP_REF, keep())
    place.send(asked_to_keep())
    [task, *_] = [one for one in place.emulator.store.all() if one.kind == "LPTask"]
    broken = {**task.value, "task:PreservationExpiration": "some day"}
    place.emulator.store._connection.execute("DELETE FROM words")
    place.emulator.store.put(task.id, task.kind, broken)
    await place.round()
    [note] = place.notes(HOUSE)
    assert note["code"] == "provider-malformed"
    assert note["reason"]
    assert "some day" not in json.dumps(note)


async def test_a_second_word_that_differs_is_brought_as_well(place: Place) -> None:
    place.emulator.behave(["contradict"])
    place.office.open(KEEP_REF, keep(accounts=("a-one",)))
    place.send(asked_to_keep(accounts=("a-one",)))
    await place.round()
    await place.round()
    assert place.events == ["preserved", "preserved"]
    ends = [move.body.end for _, move in place.office.moves if isinstance(move.body, Preserved)]
    assert len(set(ends)) == 2


async def test_the_same_state_after_a_message_of_ours_says_nothing_new(place: Place) -> None:
    place.emulator.behave(["silent"])
    request = keep(accounts=("a-one",))
    place.office.open(KEEP_REF, request)
    place.send(asked_to_keep(accounts=("a-one",)))
    [task] = [one for one in place.emulator.store.all() if one.kind == "LPTask"]
    place.emulator.deeds._status(task, "AwaitingPreservation")
    await place.round()
    [task] = [one for one in place.emulator.store.all() if one.kind == "LPTask"]
    place.emulator.store.put(task.id, task.kind, task.value)
    assert (await place.round()).made == ()
    assert place.events == ["acknowledge"]


async def test_data_kept_longer_after_we_asked_were_renewed(place: Place) -> None:
    request = keep(accounts=("a-one",))
    place.office.open(KEEP_REF, request)
    place.send(asked_to_keep(accounts=("a-one",)))
    await place.round()
    state = place.office.records.states.latest(KEEP_REF)
    assert state.keeping is not None
    state.keeping.renewals_asked.append(datetime.now(UTC))
    renew = Renew(until=datetime(2027, 11, 21, tzinfo=UTC), reason="the request follows")
    place.office._file(state, Move(key="renew", actor=OFFICER, body=renew))
    place.send(written(renew, request, KEEP_REF, 2))
    await place.round()
    assert place.events == ["preserved", "renewed"]
    last = place.office.moves[-1][1].body
    assert isinstance(last, Renewed)
    assert last.end == renew.until


class FakeWay:
    """A way whose words cannot be collected."""

    def __init__(self) -> None:
        self.rounds = 0

    def send(self, recipient: object, parcel: object, /) -> str:
        raise AssertionError("nothing is sent")

    def collect(self) -> Sequence[Heard]:
        self.rounds += 1
        raise (Unavailable("no") if self.rounds % 2 else ValueError("names of persons"))

    def settle(self, word: Heard) -> None:
        raise AssertionError("nothing is settled")


async def test_the_loop_goes_on_whatever_happens(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    way = FakeWay()
    loop = asyncio.create_task(keep_collecting(place.office, way, pause=0.001))
    while way.rounds < 5:  # noqa: ASYNC110  # what is waited for is that it goes on
        await asyncio.sleep(0.005)
    loop.cancel()
    with suppress(asyncio.CancelledError):
        await loop
    assert "names of persons" not in caplog.text


async def test_a_house_without_providers_collects_nothing(tmp_path: Path) -> None:
    office = FakeOffice(new_house(tmp_path / "fr", "fr", "FR", "France"))
    way = way_of(office.settings)
    assert await collect(office, way) == Round()
    way.close()
    office.records.close()
