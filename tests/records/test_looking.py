"""Do both databases answer those who look at the house: entries, looks, ways of cases, what is overdue?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from records import browsing, passages, standing
from records.browsing import Browsing, Looked
from records.open import Records
from records.references import HOUSE as OWN
from schemas.case import ClockRow
from tests.records.papers import ANNA, BEN, START, moment, row_of, state_of, work_of


def lived(records: Records, ref: str, statuses: tuple[str, ...], **values: Any) -> None:
    """A case that came into each status in turn; `values`: of its line in the list."""
    records.keys.create(ref)
    for number, status in enumerate(statuses, start=1):
        state = state_of(ref, number, status=status)
        records.file(work_of(state, row=row_of(state, **values)))


@pytest.fixture
def busy(records: Records) -> Records:
    """Two cases with looks at them; one has a time limit that is over and shows something."""
    lived(records, "DE-1", ("draft", "sent", "sent", "executed"))
    late = ClockRow(clock="decide", due=moment(5), due_day=moment(5).date(), started=START)
    lived(records, "DE-2", ("draft",), clocks=(late,), attention=("outcome-unknown:x",))
    for number in range(3):
        records.ledger.note("DE-1", BEN, "viewed", {"what": f"part {number}"}, moment(20 + number))
    records.ledger.note(OWN, ANNA, "ledger-verified", {"entries": 8}, moment(30))
    return records


def test_entries_by_case_person_event_and_day(busy: Records) -> None:
    look = Browsing(busy.database, busy.ledger)
    assert look.count() == 9
    everything = look.lines(Looked())
    assert [line.seq for line in everything.rows] == list(range(9, 0, -1))
    assert everything.next is None
    assert {line.ref for line in look.lines(Looked(ref="DE-2")).rows} == {"DE-2"}
    assert len(look.lines(Looked(actor="ben")).rows) == 3
    assert len(look.lines(Looked(event="viewed", since=moment(21), until=moment(22))).rows) == 1
    assert look.lines(Looked(actor="nobody")).rows == []


def test_pages_follow_one_another(busy: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    look = Browsing(busy.database, busy.ledger)
    first = look.lines(Looked(), limit=4)
    second = look.lines(Looked(), before=first.next, limit=9)
    assert [line.seq for line in (*first.rows, *second.rows)] == list(range(9, 0, -1))
    # One page looks no further back than it may, and says where the next begins.
    monkeypatch.setattr(browsing, "LOOKED_THROUGH", 3)
    page, found = look.lines(Looked(event="file")), 0
    while page.next is not None:
        found += len(page.rows)
        page = look.lines(Looked(event="file"), before=page.next)
    assert found + len(page.rows) == 2


def test_who_saw_what(busy: Records) -> None:
    look = Browsing(busy.database, busy.ledger)
    views, after = look.views("DE-1", None, limit=2)
    assert [(view.actor, view.what) for view in views] == [("ben", "part 2"), ("ben", "part 1")]
    rest, _ = look.views(None, "ben", before=after)
    assert [view.what for view in rest] == ["part 0"]
    checked = look.verified()
    assert checked is not None
    assert checked.actor == "anna"
    assert look.knows("DE-1")
    assert not look.knows("DE-9")


def test_the_way_of_a_case(busy: Records) -> None:
    found = dict(passages.passages(busy.database, ["DE-1", "DE-2", "DE-9"]))
    assert [one.status for one in found["DE-1"]] == ["draft", "sent", "executed"]
    assert set(found) == {"DE-1", "DE-2"}
    assert set(passages.marks(busy.database)) == {"DE-1", "DE-2"}
    assert {case.ref: case.status for case in passages.held(busy.database, ["DE-1"])} == {"DE-1": "executed"}
    assert [ref for ref, _ in passages.boxes(busy.database, ["DE-1", "DE-9"])] == ["DE-1"]


def test_how_the_records_stand(busy: Records) -> None:
    health = standing.health(busy.database)
    assert (health.entries, health.cases) == (9, 2)
    assert health.program.startswith(("SQLite", "PostgreSQL"))
    assert health.bytes
    (late,) = standing.overdue(busy.database, moment(6))
    assert (late.clock, late.count, late.oldest) == ("decide", 1, moment(5))
    assert standing.overdue(busy.database, moment(4)) == []
    (shown,) = standing.waiting(busy.database)
    assert (shown.ref, shown.codes) == ("DE-2", ("outcome-unknown:x",))
    since = START - timedelta(days=1)
    assert set(standing.changed_since(busy.database, since, 10)) == {"DE-1", "DE-2"}
    assert len(standing.changed_since(busy.database, since, 1)) == 1
