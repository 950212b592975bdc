"""Do open cases of an old register come over whole, once, and is nothing taken from a faulty one?"""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from desk import register
from desk.known import Known
from desk.takeover import COLUMNS, REQUIRED
from schemas.errors import BadInput
from tests.desk.conftest import Caller

HEAD = "ref,their_ref,side,counterpart,status,opened,measures,urgent,holder,due,due_what,instrument"
ROWS = (
    "II-B4/17/2024,CRM-182-1,outgoing,us,acknowledged,2024-03-05,subscriber-data; traffic-data,yes,abroad,"
    "2026-12-31,decide,budapest",
    ",CRM-9,incoming,FR,received,2026-10-01,testimony,,,,,",
)


KNOWN = Known(frozenset({"DE", "US", "FR"}), frozenset({"budapest"}), {}, frozenset({"central-authority"}))


def table(*rows: str) -> bytes:
    return "\r\n".join((HEAD, *rows)).encode()


async def sent(call: Caller, content: bytes, media: str = register.CSV, **options: Any) -> Any:
    headers = {"Content-Type": media}
    return await call("officer", "POST", "/imports", content=content, headers=headers, **options)


async def test_cases_come_over_with_their_status_and_due_date(call: Caller) -> None:
    answer = await sent(call, table(*ROWS))
    told = answer.json()
    assert answer.status_code == 200, answer.text
    assert [each["row"] for each in told["taken"]] == [2, 3]
    first = call.records.states.latest("II-B4/17/2024")
    assert (first.status, first.counterpart.ref, first.taken_over) == ("acknowledged", "CRM-182-1", True)
    assert first.holder.house == "state-us"
    assert first.request.instrument == "budapest"
    due = first.deadlines[0]
    assert (due.due_day.isoformat(), due.clock, due.due.isoformat()) == (
        "2026-12-31",
        "decide",
        "2026-12-31T22:59:59+00:00",
    )
    second = call.records.states.latest(told["taken"][1]["ref"])
    assert (second.side, second.holder.house, second.deadlines) == ("incoming", "de-test", [])
    entries = call.records.ledger.entries("II-B4/17/2024")
    assert [entry.event for entry in entries] == ["taken-over"]
    rows = (await call("officer", "GET", "/cases")).json()["items"]
    assert {row["ref"] for row in rows} == {each["ref"] for each in told["taken"]}


async def test_the_same_key_takes_nothing_twice(call: Caller) -> None:
    one = await sent(call, table(*ROWS), key="i-1")
    two = await sent(call, table(*ROWS), key="i-1")
    assert one.json() == two.json()
    other = await sent(call, table(*ROWS), key="i-2")
    assert [each["where"] for each in other.json()["refused"]] == ["B2", "B3"]
    assert "is a case here already: II-B4/17/2024" in other.json()["refused"][0]["what"]
    dry = await sent(call, table(*ROWS), params={"dry_run": "true"})
    assert (len(dry.json()["refused"]), dry.json()["ready"]) == (2, 0)


async def test_a_reference_of_ours_that_is_in_use_is_refused_on_its_row(call: Caller) -> None:
    await sent(call, table(*ROWS))
    other = await sent(call, table(ROWS[0].replace("CRM-182-1", "CRM-other"), ROWS[1].replace("9", "10")))
    assert [each["where"] for each in other.json()["refused"]] == ["A2"]
    assert [each["row"] for each in other.json()["taken"]] == [3]


async def test_nothing_is_taken_from_a_register_with_a_fault(call: Caller) -> None:
    bad = (
        ",,sideways,US,sent,2026-01-01,testimony,,,,,",
        ",,outgoing,DE,sent,2026-01-01,testimony,,,,,",
        ",,outgoing,US,closed,2026-01-01,testimony,,,,,",
        ",,outgoing,US,sent,01.02.2026,testimony,,,,,",
        ",,outgoing,US,sent,2099-01-01,testimony,,,,,",
        ",,outgoing,US,sent,2026-01-01,gossip,,,,,",
        ",,outgoing,US,sent,2026-01-01,testimony,maybe,,,,",
        ",,outgoing,US,,2026-01-01,testimony,,,,,",
        "II-B4/17/2024,,outgoing,US,sent,2026-01-01,testimony,,,,,",
        ",,outgoing,US,sent,2026-01-01,testimony,,,soon,,No Key",
        ",,outgoing,ZZ,sent,2026-01-01,testimony,,,,,",
        ",,outgoing,US,sent,1500-01-01,testimony,,,,,",
        ",,outgoing,US,sent,2026-01-01,testimony,,nobody,,,",
        f",{'x' * 501},outgoing,US,sent,2026-01-01,testimony,,,,,",
    )
    answer = await sent(call, table(*ROWS, *bad))
    assert answer.status_code == 422
    assert [fault["where"] for fault in answer.json()["faults"]] == [
        "C4", "D5", "E6", "F7", "F8", "G9", "H10", "E11", "A12", "L13", "J13", "D14", "F15", "I16", "B17",
    ]  # fmt: skip
    assert all(fault["next"] for fault in answer.json()["faults"])
    assert (await call("officer", "GET", "/cases")).json()["items"] == []


async def test_a_dry_run_takes_nothing(call: Caller) -> None:
    answer = await sent(call, table(*ROWS), params={"dry_run": "true"})
    assert answer.json() == {"taken": [], "refused": [], "ready": 2}
    assert (await call("officer", "GET", "/cases")).json()["items"] == []


@pytest.mark.parametrize("cell", ["=1+1", '=HYPERLINK("http://x")', "+1", "@SUM(A1)", "-2", "\t=1"])
async def test_a_formula_is_refused_with_its_cell(call: Caller, cell: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    answer = await sent(call, table(f",{quoted},incoming,FR,received,2026-10-01,testimony,,,,,"))
    assert (answer.status_code, answer.json()["code"], answer.json()["where"]) == (422, "formula", "B2")


def book(rows: list[list[Any]]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


async def test_a_spreadsheet_comes_over_too(call: Caller) -> None:
    head = ["Ref", "Side", "Counterpart", "Status", "Opened", "Measures", "Urgent"]
    row = ["A-1", "incoming", "FR", "received", date(2026, 10, 1), "testimony", True]
    answer = await sent(call, book([head, row]), register.XLSX)
    assert answer.json()["taken"] == [{"row": 2, "ref": "A-1"}], answer.text
    state = call.records.states.latest("A-1")
    assert state.request.urgent is True
    assert state.opened.isoformat() == "2026-10-01T10:00:00+00:00"


async def test_a_formula_in_a_spreadsheet_is_refused_with_its_cell(call: Caller) -> None:
    head = list(REQUIRED)
    row = ["incoming", "FR", "received", "=TODAY()", "testimony"]
    answer = await sent(call, book([head, row]), register.XLSX)
    assert (answer.json()["code"], answer.json()["where"]) == ("formula", "D2")


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"", "A2"),
        (HEAD.encode(), "A2"),
        (b"side,side\nx,y", "B1"),
        (b"side,colour\nx,y", "B1"),
        (b"side\nincoming", "A1"),
        (b"side\nincoming,FR", "B2"),
        ("side\n\xe4".encode("latin-1"), "byte 5"),
    ],
)
async def test_a_table_that_is_none_is_refused(call: Caller, content: bytes, where: str) -> None:
    answer = await sent(call, content)
    assert answer.status_code == 422
    assert answer.json()["where"] == where


async def test_other_media_are_refused(call: Caller) -> None:
    assert (await sent(call, b"x", "application/pdf")).status_code == 415
    assert (await sent(call, b"x", register.XLSX)).status_code == 422
    assert (await sent(call, b"PK\x03\x04 broken", register.XLSX)).status_code == 422


def test_a_small_archive_that_unpacks_to_something_huge_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (register.MAX_UNPACKED + 1))
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(BadInput) as caught:
        register.from_xlsx(out.getvalue())
    assert caught.value.code == "too-large"


def test_every_needed_column_is_a_column() -> None:
    assert set(REQUIRED) <= set(COLUMNS)
