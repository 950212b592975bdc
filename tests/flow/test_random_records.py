"""Do real records follow whatever is tried on a case: ledger whole, docket as state, and as made anew?"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis.stateful import run_state_machine_as_test

from desk.house import new_house
from records.open import Records, open_records
from schemas.vocabulary import Kind
from schemas.work import FileDone, FileWork, SealDone, SealWork
from tests.flow.lives import LIVES, Life
from tests.flow.paper import FakeHands
from tests.flow.test_random import Played, plays
from workflows.row import row_of

EXAMPLES, STEPS = 10, 40


class KeptHands(FakeHands):
    """Hands that file in real records; the rest is fake. `sealed`: every letter of both houses."""

    def __init__(self, house: str | None, records: Records, sealed: dict[str, bytes]) -> None:
        super().__init__(house)
        self.records = records
        self.sealed = sealed

    async def seal(self, work: SealWork) -> SealDone:
        done = await super().seal(work)
        self.sealed[done.sealed] = work.model_dump_json().encode()
        return done

    async def file(self, work: FileWork) -> FileDone:
        self._fail("file")
        if work.move == 1:
            self.records.keys.create(work.ref)
        if work.sealed is not None:
            self.records.vault.put(work.ref, self.sealed[work.sealed])
        done = self.records.file(work)
        self.filed.append(work)
        assert self.records.file(work).repeated, "the same move was filed twice"
        return done


class Kept(Played):
    """Both houses keep their case in a database of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        folder = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        self.records: dict[str, Records] = {}
        sealed: dict[str, bytes] = {}
        for house, there in ((self.pair.de, "us"), (self.pair.us, "de")):
            made = new_house(folder / house.house, house.house, house.home_state, "Invented")
            kept = self.records[house.house] = open_records(made)
            self.open.callback(kept.close)
            house.hands = KeptHands(there, kept, sealed)

    def teardown(self) -> None:
        """Everything is brought over; then the records of both are looked at."""
        with self.open:
            super().teardown()
            for house in self.begun:
                records, state = self.records[house.house], house.state
                assert records.verify() == []
                assert records.states.latest(state.ref) == state
                line = records.docket.row(state.ref)
                assert line == row_of(state)
                assert records.docket.rebuild() == 1
                assert records.docket.row(state.ref) == line


@pytest.mark.parametrize(
    "life",
    [life for life in LIVES if life.kind in (Kind.MLA, Kind.EXTRADITION)],
    ids=lambda life: life.kind.value,
)
def test_records_follow_whatever_is_tried(life: Life) -> None:
    class KeptHere(Kept):
        pass

    KeptHere.life = life
    run_state_machine_as_test(KeptHere, settings=plays(EXAMPLES, STEPS))
