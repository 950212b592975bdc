"""Does the list show what was asked for, page by page, and can it be made again?"""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update

from records.docket import Due, Filter
from records.open import Records
from records.tables import ALIASES, CLOCKS, DOCKET
from schemas.case import ClockRow, Counterpart, DocketRow
from schemas.errors import BadInput, NotFound
from schemas.handoff import Holder
from schemas.vocabulary import Kind, Side
from tests.records.papers import BEN, HOUSE, Signer, filed, moment, row_of, run, state_of, work_of


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


def line(records: Records, ref: str, move: int = 1, **row: object) -> None:
    """The next move of a case, with these fields of its row."""
    if move == 1:
        records.keys.create(ref)
    state = state_of(ref, move)
    records.file(work_of(state, row=row_of(state, **row)))


def clock(name: str, due: datetime, **values: object) -> ClockRow:
    """A time limit of law that began with the tests."""
    given: dict[str, object] = {"due_day": due.date(), "started": moment(0), "owner": "central-authority"}
    return ClockRow.model_validate({"clock": name, "due": due, **given, **values})


def told(found: list[Due]) -> list[tuple[str, str]]:
    return [(each.line.ref, each.clock.clock) for each in found]


def kept(records: Records) -> dict[str, int]:
    """How many rows each list has."""
    with records.database.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (DOCKET, ALIASES, CLOCKS)
        }


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


# --- other references ---------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["CT 1234-56", "ct  1234-56 ", "\tCT1234-56", "ct 12 34-56"])
def test_a_case_is_found_by_any_reference_in_any_capitals_and_spacing(records: Records, asked: str) -> None:
    line(records, "DE-1", aliases=("CT 1234-56", "PR/77"))
    line(records, "DE-2", aliases=("CT 1234-57",))
    line(records, "DE-3", their_ref="Ct1234-56")
    assert [row.ref for row in records.docket.by_reference(asked)] == ["DE-1", "DE-3"]
    assert listed(records, ref=asked) == ["DE-1", "DE-3"]
    assert [row.ref for row in records.docket.by_reference(asked, aliases=False)] == ["DE-3"]


def test_a_reference_that_a_case_no_longer_has_finds_it_no_more(records: Records) -> None:
    line(records, "DE-1", aliases=("A 1", "a1", " ", "B 2"))
    assert kept(records)["aliases"] == 2
    line(records, "DE-1", 2, aliases=("B 2",))
    assert listed(records, ref="a 1") == []
    assert listed(records, ref="b2") == ["DE-1"]
    line(records, "DE-1", 3)
    assert listed(records, ref="b2") == []
    assert records.verify() == []


# --- clocks -------------------------------------------------------------------------------------------


@pytest.fixture
def ticking(records: Records) -> Records:
    """Three cases with four clocks."""
    line(
        records,
        "DE-1",
        clocks=(
            clock("decide", moment(40), article="12(3)", instrument="eu-eio"),
            clock("renew", moment(10), law=False, owner="liaison", nature="ends"),
        ),
    )
    line(records, "DE-2", clocks=(clock("decide", moment(20), owner="court"),))
    line(records, "DE-3", clocks=(clock("decide", moment(20)),))
    line(records, "DE-4")
    return records


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [("DE-1", "renew"), ("DE-2", "decide"), ("DE-3", "decide"), ("DE-1", "decide")]),
        ({"before": moment(20)}, [("DE-1", "renew")]),
        ({"before": moment(21)}, [("DE-1", "renew"), ("DE-2", "decide"), ("DE-3", "decide")]),
        ({"owner": "central-authority"}, [("DE-3", "decide"), ("DE-1", "decide")]),
        ({"law": False}, [("DE-1", "renew")]),
        ({"law": True, "limit": 2}, [("DE-2", "decide"), ("DE-3", "decide")]),
    ],
)
def test_clocks_are_found_by_due_owner_and_law(
    ticking: Records, wanted: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    assert told(ticking.docket.due(**wanted)) == found


def test_a_clock_comes_back_as_it_was_filed(ticking: Records) -> None:
    rows = [each.clock for each in ticking.docket.due() if each.line.ref == "DE-1"]
    assert sorted(rows, key=lambda each: each.clock) == list(ticking.docket.row("DE-1").clocks)


def test_clocks_are_paged_without_gaps(ticking: Records) -> None:
    found: list[Due] = []
    while page := ticking.docket.due(limit=1, after=found[-1].position if found else None):
        found += page
    assert told(found) == told(ticking.docket.due())


def test_a_clock_that_stopped_is_gone(ticking: Records) -> None:
    line(ticking, "DE-2", 2)
    line(ticking, "DE-3", 2, clocks=(clock("decide", moment(99)),))
    assert told(ticking.docket.due()) == [("DE-1", "renew"), ("DE-1", "decide"), ("DE-3", "decide")]
    assert ticking.verify() == []


def test_a_line_of_an_older_program_still_has_its_next_clock(records: Records) -> None:
    late = datetime(2026, 12, 2, 7, 59, 59, tzinfo=UTC)  # the end of 1 December in California
    line(records, "DE-1", next_due=late, next_clock="acknowledge")
    (found,) = records.docket.due()
    assert (found.clock.clock, found.clock.due, found.clock.due_day) == (
        "acknowledge",
        late,
        date(2026, 12, 1),
    )


def test_an_erased_case_leaves_no_clock_and_no_reference(records: Records) -> None:
    records.keys.create("DE-1")
    state = state_of("DE-1", 1, status="closed")
    row = row_of(state, aliases=("CT 1",), clocks=(clock("renew", moment(10)),))
    records.file(work_of(state, row=row))
    records.cases.request_erasure("DE-1", BEN, "court order", moment(1))
    records.cases.confirm_erasure("DE-1", BEN.model_copy(update={"id": "zoe"}), Signer().sign, moment(2))
    assert kept(records) == {"docket": 0, "aliases": 0, "clocks": 0}
    assert records.docket.rebuild() == 0
    assert kept(records) == {"docket": 0, "aliases": 0, "clocks": 0}


# --- matters, offers and errands ----------------------------------------------------------------------


@pytest.fixture
def matters(records: Records) -> Records:
    """Two matters, and a case of none."""
    line(records, "DE-1", matter="Op Lantern", kind=Kind.PRESERVATION, provider="example-cloud")
    line(records, "DE-2", matter="op  lantern", errands=2, next_due=moment(9), offered_to="court")
    line(records, "DE-3", matter="Op Heron", errands=1, next_due=moment(5), offered_to="liaison/leo")
    line(records, "DE-4", offered_to="court-of-appeal/judge_1")
    return records


def test_a_matter_holds_its_cases_however_it_is_written(matters: Records) -> None:
    assert [row.ref for row in matters.docket.of_matter("OP LANTERN")] == ["DE-1", "DE-2"]
    assert matters.docket.of_matter("nothing") == []
    assert matters.docket.matters() == ["opheron", "oplantern"]
    assert matters.docket.matters(limit=1) == ["opheron"]
    assert matters.docket.matters(after="Op Heron") == ["oplantern"]
    assert [row.ref for row in matters.docket.of_matters(matters.docket.matters())] == [
        "DE-3",
        "DE-1",
        "DE-2",
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"matter": "Op Lantern"}, ["DE-2", "DE-1"]),
        ({"kind": Kind.PRESERVATION}, ["DE-1"]),
        ({"provider": "example-cloud"}, ["DE-1"]),
        ({"offered_to": "court"}, ["DE-2"]),
        ({"offered_to": "liaison"}, ["DE-3"]),
        ({"offered_to": "leo"}, ["DE-3"]),
        ({"offered_to": "judge%1"}, []),
        ({"offered_to": "judge_1"}, ["DE-4"]),
        ({"matter": "Op Lantern", "offered_to": "liaison"}, []),
    ],
)
def test_the_list_knows_matter_kind_provider_and_offer(
    matters: Records, wanted: dict[str, object], found: list[str]
) -> None:
    assert listed(matters, **wanted) == found


def test_errands_are_those_not_done(matters: Records) -> None:
    assert matters.docket.errands() == ["DE-3", "DE-2"]
    line(matters, "DE-3", 2)
    assert matters.docket.errands() == ["DE-2"]


def test_every_list_is_made_again_and_its_loss_is_found(records: Records) -> None:
    line(records, "DE-1", aliases=("A 1",), matter="M", clocks=(clock("decide", moment(3)),), errands=1)
    before = kept(records), records.docket.due(), records.docket.find()
    for change in (
        delete(ALIASES),
        delete(CLOCKS),
        update(CLOCKS).values(owner="nobody"),
        update(DOCKET).values(errands=0),
        text("INSERT INTO aliases (alias, ref) VALUES ('b2', 'DE-1')"),
    ):
        run(records.database, change)
        assert [one.code for one in records.verify()] == ["docket"]
        assert records.docket.rebuild() == 1
        assert records.verify() == []
        assert (kept(records), records.docket.due(), records.docket.find()) == before


def test_what_wants_attention_is_found_by_its_code(records: Records) -> None:
    for ref, codes in (
        ("DE-1", ("law-moved:7", "second-approval")),
        ("DE-2", ("law-moved-on",)),
        ("DE-3", ()),
    ):
        line(records, ref, attention=codes)
    found = records.docket.find(Filter(attention="law-moved")).rows
    assert [row.ref for row in found] == ["DE-1"]
    assert not records.docket.find(Filter(attention="%")).rows


def test_cases_are_counted_as_they_are_found(records: Records) -> None:
    for ref, status in (("DE-1", "sent"), ("DE-2", "sent"), ("DE-3", "draft"), ("DE-4", "closed")):
        line(records, ref, status=status)
    line(records, "DE-5", status="sent", next_due=moment(1))
    line(records, "DE-6", status="closed", next_due=moment(1))
    line(records, "DE-7", status="sent", next_due=moment(5), holder_house="us-office")
    for wanted, number in (
        (Filter(), 7),
        (Filter(status="sent"), 4),
        (Filter(open_only=True), 5),
        (Filter(open_only=True, due_before=moment(2)), 1),
        (Filter(open_only=True, due_from=moment(2), due_before=moment(9)), 1),
        (Filter(open_only=True, away_from=HOUSE), 1),
        (Filter(attention="law-moved"), 0),
    ):
        assert records.docket.count(wanted) == len(records.docket.find(wanted).rows) == number


def test_cases_that_others_hold_are_found(records: Records) -> None:
    line(records, "DE-1", holder_house="us-office")
    line(records, "DE-2")
    assert listed(records, away_from=HOUSE) == ["DE-1"]
