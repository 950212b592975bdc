"""Does a depositary's table become acts, and is every cell that cannot be used named by its place?"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from desk import register
from desk.depositary import COLUMNS, Sheet, draft_of
from desk.problems import SeveralFaults, TooLarge, WrongForm
from schemas.errors import BadInput, RogatoryError, UnknownWord
from tests.workshop.small import registry
from treaties.draft import Draft
from treaties.load import shipped
from treaties.proposal import considered
from treaties.registry import Registry

DAY = date(2026, 11, 22)
HEAD = [name for name in COLUMNS if name != "ended_by"]
FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts" / "coe" / "ets185.csv"

IRELAND = [
    "IE",
    "Ireland",
    "2002-02-28",
    "2026-11-16",
    "ratification",
    "2027-03-01",
    "",
    "",
    "chart",
    "2026-11",
]
FRANCE = ["FR", "France", "", "2026-10-01", "accession", "2027-01-01", "", "", "chart", "2026-11"]


@pytest.fixture(scope="module")
def law() -> Registry:
    return registry()


def csv_of(*rows: Sequence[Any], head: Sequence[str] = HEAD) -> bytes:
    return "\n".join(",".join(str(cell) for cell in row) for row in (head, *rows)).encode()


def xlsx_of(*rows: Sequence[Any], head: Sequence[Any] = HEAD, merged: str = "") -> bytes:
    book = Workbook()
    sheet: Any = book.active
    for row in (head, *rows):
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(law: Registry, content: bytes, media: str = register.CSV, **more: Any) -> Draft:
    return draft_of(Sheet(content, media, "pact", **more), law, "a table")


def refused(law: Registry, content: bytes, media: str = register.CSV, **more: Any) -> RogatoryError:
    with pytest.raises(RogatoryError) as caught:
        read(law, content, media, **more)
    return caught.value


def acts(draft: Draft) -> list[tuple[str, str, str]]:
    return [(one.named("state"), one.named("act"), one.named("on")) for one in draft.changes]


@pytest.mark.parametrize("media", [register.CSV, register.XLSX])
def test_a_row_becomes_signature_consent_and_entry_into_force(law: Registry, media: str) -> None:
    content = csv_of(IRELAND, FRANCE) if media == register.CSV else xlsx_of(IRELAND, FRANCE)
    draft = read(law, content, media)
    assert acts(draft) == [
        ("IE", "signed", "2002-02-28"),
        ("IE", "ratified", "2026-11-16"),
        ("IE", "in-force", "2027-03-01"),
        ("FR", "acceded", "2026-10-01"),
        ("FR", "in-force", "2027-01-01"),
    ]
    assert {(one.named("source"), one.named("checked")) for one in draft.changes} == {("chart", "2026-11")}
    assert [one.where for one in draft.changes] == ["C2", "D2", "F2", "D3", "F3"]
    found = considered(law, draft, DAY, skip_known=True)
    assert found.faults == ()
    assert found.known == ("C2",), "the signature is recorded already"
    assert len(found.differences) == 4


def test_days_that_a_spreadsheet_keeps_as_days_are_days(law: Registry) -> None:
    row: list[Any] = [*IRELAND]
    row[3], row[5] = datetime(2026, 11, 16), date(2027, 3, 1)  # noqa: DTZ001  # a cell has no zone
    assert acts(read(law, xlsx_of(row), register.XLSX))[1:] == [
        ("IE", "ratified", "2026-11-16"),
        ("IE", "in-force", "2027-03-01"),
    ]


@pytest.mark.parametrize(
    ("column", "value", "cell"),
    [
        ("in_force", "01.03.2027", "F2"),
        ("in_force", "03/01/2027", "F2"),
        ("in_force", "1 March 2027", "F2"),
        ("in_force", "2027-3-1", "F2"),
        ("in_force", "2027-02-30", "F2"),
        ("in_force", "46082", "F2"),
        ("signed", "2002", "C2"),
        ("ended", "end of 2027", "G2"),
        ("state_iso2", "ZZ", "A2"),
        ("state_iso2", "Ireland", "A2"),
        ("mode", "ratificaton", "E2"),
        ("mode", "", "E2"),
        ("source", "somewhere", "I2"),
        ("source", "", "I2"),
        ("as_of", "last week", "J2"),
        ("confidence", "sure", "K2"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(law: Registry, column: str, value: str, cell: str) -> None:
    row = dict(zip(HEAD, [*IRELAND, "read"], strict=True)) | {column: value}
    error = refused(law, csv_of([row[name] for name in HEAD]))
    assert isinstance(error, SeveralFaults)
    assert cell in [fault["where"] for fault in error.faults]


@pytest.mark.parametrize(
    ("age", "told"), [("2026-11-20", True), ("2026-10", True), ("2026", False), ("", False)]
)
def test_nothing_was_done_after_the_table_was_read(law: Registry, age: str, told: bool) -> None:
    """A slip of the year made a State sign in another century; the entry into force may well lie ahead."""
    head = ("state_iso2", "signed", "in_force", "source")
    content = csv_of(("IE", "2026-11-21", "2098-03-01", "a"), head=head)
    places: list[str] = []
    try:
        read(law, content, checked=age)
    except SeveralFaults as error:
        places = [fault["where"] for fault in error.faults if "was read" in fault["what"]]
    assert places == (["B2"] if told else [])


def test_what_was_recalled_may_be_younger_than_the_source_beside_it(law: Registry) -> None:
    head = ("state_iso2", "signed", "in_force", "source", "confidence")
    content = csv_of(("IE", "2026-11-21", "", "", "memory"), head=head)
    draft = read(law, content, source="chart-2026", title="Chart of 2026", checked="2026-11-20")
    assert draft.changes


def test_a_column_that_the_table_lacks_is_named(law: Registry) -> None:
    """It has no letter: `?2` told nobody what to add."""
    head = ("state_iso2", "ratified_or_acceded", "source")
    error = refused(law, csv_of(("IE", "2026-11-16", "read"), head=head))
    assert isinstance(error, SeveralFaults)
    assert "mode, row 2" in [fault["where"] for fault in error.faults]


def test_every_cell_is_named_and_not_only_the_first(law: Registry) -> None:
    first, second = [*IRELAND], [*FRANCE]
    first[5], second[0], second[3] = "soon", "XX", "16/11/2026"
    error = refused(law, csv_of(first, second))
    assert isinstance(error, SeveralFaults)
    assert [fault["where"] for fault in error.faults] == ["F2", "A3", "D3"]


def test_a_state_stands_in_one_row_only(law: Registry) -> None:
    error = refused(law, csv_of(IRELAND, IRELAND))
    assert isinstance(error, SeveralFaults)
    assert error.faults[0]["where"] == "A3"
    assert "row 2" in error.faults[0]["what"]


@pytest.mark.parametrize("media", [register.CSV, register.XLSX])
def test_a_formula_is_refused_with_its_cell(law: Registry, media: str) -> None:
    row = [*IRELAND]
    row[5] = "=DATE(2027;3;1)"
    content = csv_of(row) if media == register.CSV else xlsx_of(row)
    error = refused(law, content, media)
    assert (error.code, error.where) == ("formula", "F2")


@pytest.mark.parametrize("merged", ["C1:D1", "A2:A3"])
def test_merged_cells_are_refused_with_their_range(law: Registry, merged: str) -> None:
    error = refused(law, xlsx_of(IRELAND, FRANCE, merged=merged), register.XLSX)
    # A merged head leaves the second of its columns without a name, which is said first.
    assert error.where in (merged, "D1")


def test_a_time_of_day_is_no_day(law: Registry) -> None:
    row: list[Any] = [*IRELAND]
    row[5] = datetime(2027, 3, 1, 14, 30)  # noqa: DTZ001  # a cell has no zone
    assert refused(law, xlsx_of(row), register.XLSX).where == "F2"


@pytest.mark.parametrize(
    ("head", "kind", "where"),
    [
        (["state_iso2", "sined"], UnknownWord, "B1"),
        (["state", "signed"], UnknownWord, "A1"),
        (["signed"], BadInput, "A1"),
        (["state_iso2", "signed", "signed"], BadInput, "C1"),
        (["state_iso2", "", "signed"], BadInput, "B1"),
    ],
)
def test_a_heading_that_is_not_known_is_named(
    law: Registry, head: list[str], kind: type[RogatoryError], where: str
) -> None:
    error = refused(law, csv_of(["IE", "2002-02-28", "x"][: len(head)], head=head))
    assert isinstance(error, kind)
    assert error.where == where


def test_what_is_no_table_is_refused(law: Registry) -> None:
    assert isinstance(refused(law, b"x", "text/html"), WrongForm)
    assert isinstance(refused(law, b"not a zip", register.XLSX), BadInput)
    assert isinstance(refused(law, csv_of()), BadInput)
    assert isinstance(refused(law, b"\xff\xfe", register.CSV), BadInput)
    assert isinstance(refused(law, csv_of(["IE", "x" * 5000, *[""] * 9])), TooLarge)
    with pytest.raises(UnknownWord):
        draft_of(Sheet(csv_of(IRELAND), register.CSV, "pakt"), law, "a table")


def test_one_source_for_the_whole_table_is_declared_with_it(law: Registry) -> None:
    row = [*IRELAND[:8], "page 3", "2026-11"]
    assert isinstance(refused(law, csv_of(row), source="chart-2026"), SeveralFaults)
    draft = read(law, csv_of(row), source="chart-2026", title="Chart of 2026", checked="2026-11-20")
    assert draft.changes[0].row["key"] == "chart-2026"
    assert {(one.named("source"), one.named("place")) for one in draft.changes[1:]} == {
        ("chart-2026", "page 3")
    }
    found = considered(law, draft, DAY, skip_known=True)
    assert found.faults == ()
    assert found.after.sources["chart-2026"].title == "Chart of 2026"


def test_a_source_may_be_named_by_its_address(law: Registry) -> None:
    row = [*IRELAND[:8], "https://chart.example", "2026-11"]
    assert {one.named("source") for one in read(law, csv_of(row)).changes} == {"chart"}


def test_another_day_contradicts_unless_it_is_to_correct(law: Registry) -> None:
    row = ["DE", "Germany", "", "", "", "2009-07-02", "", "", "chart", "2026-11"]
    plain = considered(law, read(law, csv_of(row)), DAY, skip_known=True)
    assert "F2" in plain.faults[0].where
    assert "contradicts pact:DE.in-force.2009-07-01" in plain.faults[0].what
    draft = read(law, csv_of(row), correct=True)
    corrected = considered(law, draft, DAY, skip_known=True)
    assert corrected.faults == ()
    assert {(one.change, one.fact) for one in corrected.differences} == {
        ("retracted", "pact:DE.in-force.2009-07-01"),
        ("added", "pact:DE.in-force.2009-07-02"),
    }


def test_signature_only_and_ending(law: Registry) -> None:
    head = [*HEAD, "ended_by"]
    rows = [
        ["FR", "", "2002-05-05", "", "signature-only", "", "", "", "chart", "", "", ""],
        ["US", "", "", "", "", "", "2027-06-30", "told by note", "chart", "", "memory", "denounced"],
    ]
    draft = read(law, csv_of(*rows, head=head))
    assert acts(draft) == [("FR", "signed", "2002-05-05"), ("US", "denounced", "2027-06-30")]
    assert draft.changes[1].named("note") == "told by note"
    assert draft.changes[1].named("confidence") == "memory"
    assert considered(law, draft, DAY).faults == ()
    error = refused(law, csv_of([*rows[1][:11], "left"], head=head))
    assert isinstance(error, SeveralFaults)
    assert error.faults[0]["where"] == "L2"


@pytest.mark.skipif(not FACTS.is_file(), reason="the facts folder is not beside the project")
def test_the_chart_from_which_the_registry_was_made_holds_nothing_new() -> None:
    assert FACTS.read_text("utf-8").splitlines()[0].split(",") == HEAD
    law = shipped()
    sheet = Sheet(FACTS.read_bytes(), register.CSV, "budapest", source="again", title="The same chart")
    found = considered(law, draft_of(sheet, law, "the chart again"), DAY, skip_known=True)
    assert found.faults == ()
    # Curaçao stands in the chart by an extension, which only its note says: a person has to look at it.
    assert [one.fact for one in found.differences if one.sort == "act"] == ["budapest:CW.acceded.unknown"]
    assert len(found.known) > 200
