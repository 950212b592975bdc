"""Is anything lost, doubled, or at odds with itself in the records of two houses that were killed at will?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from desk.emulator.store import Store
from records.open import Records, open_records
from schemas.case import CaseState
from schemas.settings import settings_of
from workflows.row import row_of

Made = Mapping[str, list[str]]
"""What people of one house did, move by move, for each of their cases."""


@dataclass
class Count:
    """How much was looked at, so that a check of nothing shows as one."""

    cases: int = 0
    moves: int = 0
    letters: int = 0
    passings: int = 0

    def add(self, other: Count) -> None:
        self.cases += other.cases
        self.moves += other.moves
        self.letters += other.letters
        self.passings += other.passings

    def __str__(self) -> str:
        return f"{self.cases} cases, {self.moves} moves, {self.letters} letters, {self.passings} passings"


def check(var: Path, pairs: list[tuple[str, str]], made: Mapping[str, Made]) -> Count:
    """Looks at all under `var`, when nothing runs there. `pairs`: the case in `de` and that in `us`."""
    found = Count()
    with ExitStack() as stack:
        houses = {}
        for name in ("de", "us"):
            houses[name] = open_records(settings_of(var / name))
            stack.callback(houses[name].close)
        for name, records in houses.items():
            assert records.verify() == [], name
            for ref, events in made[name].items():
                _check_case(records, ref, name, events, found)
        for ours, theirs in pairs:
            _check_pair(houses["de"], ours, houses["us"], theirs, found)
        _check_provider(houses["de"], list(made["de"]), var / "emulator.sqlite", found)
    return found


def _check_case(records: Records, ref: str, house: str, events: list[str], found: Count) -> None:
    """Every move of its people once and in their order; numbers without gap; the docket as the state."""
    state = records.states.latest(ref)
    moves = [entry for entry in records.ledger.entries(ref) if entry.move is not None]
    assert [entry.move for entry in moves] == list(range(1, state.move + 1)), ref
    own = [entry.event for entry in moves if entry.house == house and entry.actor not in ("house", "errands")]
    assert own == events, f"{ref}: {own}"
    keys = Counter(entry.key for entry in moves)
    assert not [key for key, times in keys.items() if times > 1], ref
    line = records.docket.row(ref)
    assert line == row_of(state), f"{ref}: the docket says otherwise"
    records.docket.rebuild()
    assert records.docket.row(ref) == line, f"{ref}: made anew, the docket says otherwise"
    assert all(errand.done for errand in state.errands), ref
    found.cases += 1
    found.moves += state.move


def _check_pair(de: Records, ours: str, us: Records, theirs: str, found: Count) -> None:
    """Each letter of either case made one move in the other; one chain of custody, the same bytes."""
    one, other = de.states.latest(ours), us.states.latest(theirs)
    _check_letters(one, us, theirs, found)
    _check_letters(other, de, ours, found)
    passed = [_between(state) for state in (one, other)]
    assert passed[0] == passed[1], (ours, theirs)
    for triple in passed[0]:
        for part in triple:
            assert de.vault.get(ours, part) == us.vault.get(theirs, part), part
    found.passings += len(passed[0])


def _check_letters(sender: CaseState, receiver: Records, ref: str, found: Count) -> None:
    sent = {item.id: item.sealed for item in sender.outbox}
    assert {item.status for item in sender.outbox} <= {"delivered"}, sender.ref
    entries = [entry for entry in receiver.ledger.entries(ref) if entry.house == sender.house]
    taken = Counter(entry.message for entry in entries if entry.move is not None)
    assert taken == dict.fromkeys(sent, 1), f"{sender.ref}: sent {len(sent)}, taken in {taken}"
    assert not [entry.event for entry in entries if entry.move is None], f"{ref}: something was refused"
    for entry in entries:
        assert entry.sealed == sent[entry.message or ""], "other bytes than were sent"
    found.letters += len(sent)


def _check_provider(records: Records, refs: list[str], file: Path, found: Count) -> None:
    """The provider took in each letter once, however often it came."""
    states = [records.states.latest(ref) for ref in refs]
    sent = [item for state in states if state.counterpart.provider for item in state.outbox]
    assert {item.status for item in sent} <= {"delivered"}
    store = Store(file)
    try:
        assert store.counted("taken") == len(sent), "the provider did something twice, or never"
    finally:
        store.close()
    found.letters += len(sent)


def _between(state: CaseState) -> list[tuple[str, ...]]:
    found = []
    for passing in state.handoffs:
        triple = passing.triple
        if triple is not None and passing.status.value == "confirmed":
            parts = (triple.offer, triple.acceptance, triple.confirmation)
            assert None not in parts, passing.id
            found.append(tuple(str(part) for part in parts))
    return found
