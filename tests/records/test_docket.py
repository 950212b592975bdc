"""Does the list show what was asked for, page by page, and can it be made again?"""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from records.docket import Filter
from records.open import Records
from records.tables import DOCKET
from schemas.case import Counterpart, DocketRow
from schemas.errors import BadInput, NotFound
from schemas.handoff import Holder
from schemas.vocabulary import Side
from tests.records.papers import HOUSE, filed, moment, row_of, run, state_of, work_of


def listed(records: Records, **wanted: object) -> list[str]:
    """References that a filter finds."""
    return [row.ref for row in records.docket.find(Filter(**wanted)).rows]  # type: ignore[arg-type]  # any field


def put(
    records: Records, ref: str, *, due: datetime | None = None, law: str | None = None, **values: object
) -> None:
    """A case with this row on the docket."""
    records.keys.create(ref)
    state = state_of(ref, 1, **values)
    records.file(work_of(state, row=row_of(state, next_due=due, instrument=law)))


@pytest.fixture
def four(records: Records) -> Records:
    """Four cases that differ."""
    holder = Holder(house=HOUSE, function="court", actor="judge-1")
    abroad = Holder(house="us-office", function="central-authority")
    put(records, "DE-1", due=moment(30), law="budapest")
    put(records, "DE-2", due=moment(10), law="de-us-mla", holder=holder, status="approved")
    put(records, "DE-3", status="closed", side=Side.INCOMING)
    put(
        records,
        "DE-4",
        due=moment(20),
        law="budapest",
        holder=abroad,
        status="sent",
        counterpart=Counterpart(state="FR", house="fr-office", ref="Réf  2026/ 7"),
    )
    return records


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["DE-2", "DE-4", "DE-1", "DE-3"]),
        ({"holder": "court"}, ["DE-2"]),
        ({"holder": "judge-1"}, ["DE-2"]),
        ({"holder": "us-office"}, ["DE-4"]),
        ({"holder": HOUSE}, ["DE-2", "DE-1", "DE-3"]),
        ({"side": Side.INCOMING}, ["DE-3"]),
        ({"state": "fr"}, ["DE-4"]),
        ({"status": "approved"}, ["DE-2"]),
        ({"due_before": moment(20)}, ["DE-2"]),
        ({"due_before": moment(21)}, ["DE-2", "DE-4"]),
        ({"due_before": datetime(9999, 1, 1, tzinfo=UTC)}, ["DE-2", "DE-4", "DE-1"]),
        ({"instrument": "budapest"}, ["DE-4", "DE-1"]),
        ({"ref": "de-1"}, ["DE-1"]),
        ({"ref": " RÉF 2026/ 7 "}, ["DE-4"]),
        ({"open_only": True}, ["DE-2", "DE-4", "DE-1"]),
        ({"open_only": True, "state": "US", "holder": "central-authority"}, ["DE-1"]),
        ({"status": "' OR 1=1 --"}, []),
    ],
)
def test_a_filter_finds_what_it_names(four: Records, wanted: dict[str, object], found: list[str]) -> None:
    assert listed(four, **wanted) == found


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
def test_pages_follow_one_another(four: Records, limit: int) -> None:
    found: list[DocketRow] = []
    after = None
    while True:
        page = four.docket.find(limit=limit, after=after)
        assert len(page.rows) <= limit
        found += page.rows
        after = page.next
        if after is None:
            break
    assert [row.ref for row in found] == ["DE-2", "DE-4", "DE-1", "DE-3"]


def test_cases_due_at_the_same_moment_are_each_shown_once(records: Records) -> None:
    for number in range(7):
        put(records, f"DE-{number}", due=moment(5))
    first = records.docket.find(limit=4)
    second = records.docket.find(limit=4, after=first.next)
    assert [row.ref for row in first.rows + second.rows] == [f"DE-{number}" for number in range(7)]
    assert second.next is None


def test_a_cursor_serves_only_its_own_list(four: Records) -> None:
    cursor = four.docket.find(limit=1).next
    assert cursor is not None
    with pytest.raises(BadInput):
        four.docket.find(Filter(status="draft"), after=cursor)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cursor=st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_a_cursor_that_is_not_ours_is_told(records: Records, cursor: str) -> None:
    with pytest.raises(BadInput):
        records.docket.find(after=cursor)


def test_a_page_of_nothing_is_refused(records: Records) -> None:
    with pytest.raises(BadInput):
        records.docket.find(limit=0)


def test_a_foreign_reference_may_match_several(records: Records) -> None:
    for ref, state in (("DE-1", "FR"), ("DE-2", "NL"), ("DE-3", "NL")):
        theirs = "2026/17" if ref != "DE-3" else None
        put(records, ref, counterpart=Counterpart(state=state, ref=theirs))
    assert [row.ref for row in records.docket.by_reference("2026/17")] == ["DE-1", "DE-2"]
    assert [row.ref for row in records.docket.by_reference("de-3")] == ["DE-3"]
    assert records.docket.by_reference("2026") == []


def test_a_case_not_on_the_list_is_not_found(records: Records) -> None:
    with pytest.raises(NotFound):
        records.docket.row("DE-1")


def test_rebuilding_gives_the_same_list(four: Records) -> None:
    filed(four, 3, ref="DE-9")
    before = four.docket.find()
    run(four.database, delete(DOCKET).where(DOCKET.c.ref != "DE-4"))
    assert four.docket.rebuild() == 5
    assert four.docket.find() == before
    assert four.verify() == []
