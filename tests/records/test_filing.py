"""Is a move filed whole or not at all, once, and for good?"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from records.open import Records, open_records
from records.tables import DOCKET, LEDGER, STATES
from schemas.errors import BadInput, Conflict, NotFound
from tests.records.papers import BEN, SECRET, filed, moment, row_of, state_of, work_of

ENDLESS_CLERK = """
import sys
from pathlib import Path
from records.open import open_records
from schemas.settings import Settings
from tests.records.papers import filed, state_of, work_of
records = open_records(Settings(home=Path(sys.argv[1]), house=sys.argv[2], database_url=sys.argv[3]))
ref, move = filed(records, 1), 1
while True:
    print(ref, move, flush=True)
    move += 1
    records.file(work_of(state_of(ref, move)))
"""


def counts(records: Records) -> tuple[int, ...]:
    """Rows of ledger, states and docket."""
    with records.database.read() as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (LEDGER, STATES, DOCKET)
        )


def test_a_move_is_in_ledger_state_and_docket(records: Records) -> None:
    ref = filed(records, 3)
    assert records.states.latest(ref) == state_of(ref, 3)
    assert records.docket.row(ref) == row_of(state_of(ref, 3))
    moves = records.states.moves(ref)
    assert [(one.move, one.event, one.key, one.actor) for one in moves] == [
        (1, "file", "key-1", "anna"),
        (2, "amend", "key-2", "anna"),
        (3, "amend", "key-3", "anna"),
    ]
    assert [one.at for one in moves] == [moment(1), moment(2), moment(3)]
    assert SECRET in (moves[0].detail or "")
    assert records.verify() == []


def test_nothing_readable_lies_in_the_database(records: Records) -> None:
    ref = filed(records)
    with records.database.read() as connection:
        for table in (LEDGER, STATES, DOCKET):
            for row in connection.execute(select(table)):
                assert all(b"Mustermann" not in str(value).encode() for value in row), table.name
                assert all(b"Mustermann" not in value for value in row if isinstance(value, bytes))
    assert "Mustermann" in records.states.latest(ref).request.contents["facts"]


def test_the_same_move_again_returns_its_entry(records: Records) -> None:
    ref = filed(records, 1)
    work = work_of(state_of(ref, 2))
    first = records.file(work)
    again = records.file(work)
    assert (first.repeated, again.repeated, again.state) == (False, True, None)
    assert first.entry == again.entry != ""
    assert counts(records) == (2, 1, 1)


def test_the_same_move_made_anew_gets_the_state_that_was_filed(records: Records) -> None:
    ref = filed(records, 1)
    records.file(work_of(state_of(ref, 2)))
    later = state_of(ref, 2, updated=moment(50))
    done = records.file(work_of(later))
    assert done.repeated
    assert done.entry == ""
    assert done.state == state_of(ref, 2)
    assert counts(records) == (2, 1, 1)


def test_another_move_in_its_place_gets_the_last_filed_state(records: Records) -> None:
    ref = filed(records, 4)
    for change in (
        {"key": "other"},
        {"actor": BEN},
        {"event": "issue"},
        {"detail": "{}"},
        {"message": "us.1"},
    ):
        done = records.file(work_of(state_of(ref, 3), **change))
        assert not done.repeated
        assert done.state == state_of(ref, 4)
    assert counts(records) == (4, 1, 1)


def test_a_gap_is_refused(records: Records) -> None:
    ref = filed(records, 1)
    with pytest.raises(Conflict) as refused:
        records.file(work_of(state_of(ref, 3)))
    assert refused.value.code == "records-behind"
    assert counts(records) == (1, 1, 1)


def test_a_case_without_a_key_is_refused(records: Records) -> None:
    with pytest.raises(NotFound):
        records.file(work_of(state_of("DE-1")))
    assert counts(records) == (0, 0, 0)


@pytest.mark.parametrize("wrong", ["state", "row", "state-move", "row-move"])
def test_papers_of_another_case_are_refused(records: Records, wrong: str) -> None:
    ref = filed(records, 1)
    right, other = state_of(ref, 2), state_of("DE-OTHER", 2)
    works = {
        "state": work_of(right, row=row_of(right)).model_copy(update={"state": other}),
        "row": work_of(right, row=row_of(other)),
        "state-move": work_of(right).model_copy(update={"state": state_of(ref, 3)}),
        "row-move": work_of(right, row=row_of(right, move=1)),
    }
    with pytest.raises(BadInput):
        records.file(works[wrong])
    assert counts(records) == (1, 1, 1)


@pytest.mark.parametrize("table", ["ledger", "states", "docket", "cases"])
def test_a_filing_that_breaks_anywhere_leaves_nothing(records: Records, table: str) -> None:
    ref = filed(records, 1)
    broken = threading.Event()

    def break_it(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        words = statement.split()
        if words[0] in ("INSERT", "UPDATE") and table in words[:3]:
            broken.set()
            raise RuntimeError("the machine stops here")

    event.listen(records.database.engine, "before_cursor_execute", break_it)
    try:
        with pytest.raises(RuntimeError):
            records.file(work_of(state_of(ref, 2, status="closed")))
    finally:
        event.remove(records.database.engine, "before_cursor_execute", break_it)
    assert broken.is_set()
    assert counts(records) == (1, 1, 1)
    assert records.states.latest(ref) == state_of(ref, 1)
    assert records.verify() == []
    records.file(work_of(state_of(ref, 2)))


def test_many_threads_file_many_cases(records: Records) -> None:
    refs = [filed(records, 1) for _ in range(8)]

    def run(ref: str) -> None:
        for move in range(2, 12):
            records.file(work_of(state_of(ref, move)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, refs))
    assert counts(records) == (88, 8, 8)
    assert records.verify() == []


def test_two_processes_worth_of_records_file_into_one_database(records: Records) -> None:
    other = open_records(records.settings)
    try:
        refs = [filed(records, 1), filed(other, 1)]

        def run(pair: tuple[Records, str]) -> None:
            for move in range(2, 20):
                pair[0].file(work_of(state_of(pair[1], move)))

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(run, zip((records, other), refs, strict=True)))
    finally:
        other.close()
    assert counts(records) == (38, 2, 2)
    assert records.verify() == []


def test_the_same_move_from_two_threads_is_one_entry(records: Records) -> None:
    ref = filed(records, 1)
    work = work_of(state_of(ref, 2))
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(records.file, [work] * 6))
    assert len({one.entry for one in done}) == 1
    assert sorted(one.repeated for one in done) == [False] + [True] * 5


@pytest.mark.kill
def test_after_a_kill_every_move_that_was_confirmed_is_filed_whole(records: Records) -> None:
    at = records.settings
    clerks = [
        subprocess.Popen(
            [sys.executable, "-c", ENDLESS_CLERK, str(at.home), at.house, at.database],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told: list[list[str]] = []
    for clerk in clerks:
        assert clerk.stdout is not None
        told += [clerk.stdout.readline().split() for _ in range(25)]
    for clerk in clerks:
        clerk.send_signal(signal.SIGKILL)
    for clerk in clerks:
        assert clerk.stdout is not None
        told += [line.split() for line in clerk.stdout.read().splitlines()]
        clerk.stdout.close()
        clerk.wait(10)
    last = {ref: max(int(move) for one, move in told if one == ref) for ref, _ in told}
    assert len(last) == 2
    for ref, move in last.items():
        # the move in progress may be filed or not, but never in part
        assert records.states.latest(ref).move in (move, move + 1)
        assert len(records.states.moves(ref)) == records.states.latest(ref).move
    assert records.verify() == []
