"""Does the list of cases show what was asked for, to whom it may, and leave as tables that do no harm?"""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterable
from typing import Any

from openpyxl import load_workbook

from desk.web.docket_sheets import COLUMNS, csv_of, xlsx_of
from schemas.moves import Actor, FileRequest
from schemas.request import MlaRequest
from schemas.vocabulary import Role
from tests.desk.conftest import request_json
from tests.web.conftest import Screen

HOSTILE = '"><script>alert(1)</script>\u202e'


async def filed(screen: Screen, who: str = "officer", matter: str | None = None, **changes: Any) -> str:
    """A case of `who` on the docket; its reference."""
    actor = Actor(id=who, house="de", roles=(Role.OFFICER,), agency="central-authority")
    request = MlaRequest.model_validate(request_json(**changes))
    count = screen.records.docket.find().rows
    reply = await screen.office.file(actor, FileRequest(request=request, matter=matter), f"k{len(count)}")
    return reply.ref


def listed(screen: Screen) -> list[str]:
    return [each.text_content().strip() for each in screen.tree.cssselect("table.cases th a")]


async def test_an_officer_sees_the_cases_and_narrows_them(screen: Screen) -> None:
    first, second = await filed(screen), await filed(screen, requested="FR", matter="Op. Invented")
    officer = screen.signed_in("officer")
    assert (await officer.get("/desk/cases")).status_code == 200
    assert sorted(listed(officer)) == sorted([first, second])
    await officer.get("/desk/cases?state=FR&open=yes")
    assert listed(officer) == [second]
    assert [each.get("value") for each in officer.tree.cssselect("#f-state option[selected]")] == ["FR"]
    await officer.get("/desk/cases?matter=op.+invented")
    assert listed(officer) == [second]
    await officer.get("/desk/cases?status=closed")
    assert "fits this filter" in officer.text()


async def test_a_filter_that_cannot_be_is_told_at_its_field(screen: Screen) -> None:
    officer = screen.signed_in("officer", "en")
    answer = await officer.get("/desk/cases?due=tomorrow&state=ZZ&side=up&cursor=x")
    assert answer.status_code == 422
    links = [each.get("href") for each in officer.tree.cssselect(".wrong-summary a")]
    assert set(links) >= {"#f-due", "#f-state", "#f-side"}
    assert officer.tree.cssselect("#f-due")[0].get("value") == "tomorrow"


async def test_pages_follow_each_other(screen: Screen, monkeypatch: Any) -> None:
    monkeypatch.setattr("desk.web.docket.ON_A_PAGE", 2)
    refs = {await filed(screen) for _ in range(5)}
    officer, seen, address = screen.signed_in("officer"), [], "/desk/cases?side=outgoing"
    while address:
        await officer.get(address)
        seen += listed(officer)
        more = officer.tree.cssselect(".more a")
        address = more[0].get("href") if more else ""
    assert len(seen) == 5
    assert set(seen) == refs


async def test_others_see_only_what_concerns_them(screen: Screen) -> None:
    ref = await filed(screen)
    for who, sees in (("court-officer", False), ("liaison", False), ("judge", True), ("auditor", True)):
        other = screen.signed_in(who)
        await other.get("/desk/cases")
        assert (ref in listed(other)) is sees, who
    for who in ("treaty-desk", "operator"):
        assert (await screen.signed_in(who).get("/desk/cases")).status_code == 403
    assert (await screen.get("/desk/cases")).status_code == 303


async def test_a_reference_leads_straight_to_its_case(screen: Screen) -> None:
    ref = await filed(screen, reports=[{"id": "CT 4711"}])
    for who, q in (("officer", ref.lower()), ("liaison", ref)):
        answer = await screen.signed_in(who).get("/desk/find", params={"q": f" {q} "})
        assert answer.headers["location"] == f"/desk/case/{ref}"
    second = await filed(screen, reports=[{"id": "CT 4711"}])
    officer = screen.signed_in("officer")
    await officer.get("/desk/find", params={"q": "ct4711"})
    assert sorted(listed(officer)) == sorted([ref, second])
    await officer.get("/desk/find", params={"q": HOSTILE})
    assert "No case that you may see" in officer.text()
    assert not officer.tree.cssselect("main script")


async def test_views_are_kept_and_forgotten(screen: Screen) -> None:
    officer = screen.signed_in("officer")
    answer = await officer.post("/desk/cases", {"act": "keep", "view": HOSTILE, "state": "US", "open": "yes"})
    assert answer.headers["location"] == "/desk/cases?state=US&open=yes"
    await officer.get("/desk/cases")
    link = officer.tree.cssselect(".saved-views a")[0]
    assert link.text_content() == HOSTILE
    assert link.get("href") == "/desk/cases?state=US&open=yes"
    await screen.signed_in("approver").get("/desk/cases")
    assert not screen.signed_in("approver").records.saved_views.of("approver")
    refused = await officer.post("/desk/cases", {"act": "keep", "view": "", "state": "US"})
    assert refused.status_code == 422
    assert officer.tree.cssselect(".wrong-summary a")[0].get("href") == "#f-view"
    await officer.post("/desk/cases", {"act": "forget", "view": HOSTILE})
    await officer.get("/desk/cases")
    assert not officer.tree.cssselect(".saved-views a")


async def test_tables_hold_what_the_list_shows(screen: Screen) -> None:
    refs = {await filed(screen, matter="=1+1"), await filed(screen, requested="FR")}
    officer = screen.signed_in("officer")
    text = (await officer.get("/desk/cases.csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["ref"] for row in rows} == refs
    assert "'=1+1" in {row["matter"] for row in rows}
    answer = await officer.get("/desk/cases.xlsx?state=FR")
    assert answer.headers["content-disposition"] == 'attachment; filename="cases.xlsx"'
    cells = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert cells[0] == COLUMNS
    assert len(cells) == 2
    assert (await officer.get("/desk/cases.csv?due=never")).status_code == 422
    liaison = screen.signed_in("liaison")
    assert len((await liaison.get("/desk/cases.csv")).text.splitlines()) == 1


def test_no_cell_becomes_a_formula() -> None:
    row = {"ref": "=cmd|' /C calc'!A0", "matter": "@SUM(1)", "their_ref": "-2+3", "provider": "+1"}
    told = next(csv.DictReader(io.StringIO(b"".join(csv_of([row])).decode("utf-8-sig"))))
    assert all(told[name].startswith("'") for name in row)
    sheet = load_workbook(io.BytesIO(b"".join(xlsx_of([row])))).active
    assert sheet is not None
    assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value} == {"s"}


def sheets_of(book: Iterable[bytes]) -> dict[str, list[tuple[Any, ...]]]:
    """The sheets of a workbook with their rows, as a spreadsheet program reads them."""
    read = load_workbook(io.BytesIO(b"".join(book)), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in read.worksheets}


def test_what_one_sheet_does_not_take_stands_on_the_next(monkeypatch: Any) -> None:
    monkeypatch.setattr("desk.web.docket_sheets.MOST_ON_A_SHEET", 4)
    refs = [f"A-{number}" for number in range(7)]
    found = sheets_of(xlsx_of({"ref": ref} for ref in refs))
    assert list(found) == ["cases", "cases 2", "cases 3"]
    assert [line[0] for lines in found.values() for line in lines[1:]] == refs
    assert {lines[0] for lines in found.values()} == {COLUMNS}
    assert sheets_of(xlsx_of([])) == {"cases": [COLUMNS]}
    exactly = sheets_of(xlsx_of({"ref": ref} for ref in refs[:3]))
    assert [len(lines) for lines in exactly.values()] == [4]


def test_any_text_comes_back_from_a_workbook_as_it_was() -> None:
    hostile = ["=1+1", "<row>&amp;</row>", "  two  blanks  ", "قضية", "line\nline", "\x00\x07bell\ud800"]
    found = sheets_of(xlsx_of({"matter": text} for text in hostile))["cases"]
    place = COLUMNS.index("matter")
    assert [line[place] for line in found[1:]] == [*hostile[:5], "bell"]


def test_a_workbook_of_many_cases_takes_little_memory() -> None:
    rows = (
        {"ref": f"DE-MLA-2026-{number:06}", "matter": f"Operation {number} {'x' * 400}"}
        for number in range(1_500)
    )
    tracemalloc.start()
    sizes = [len(piece) for piece in xlsx_of(rows)]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1_000_000
    assert len(sizes) > 1
    assert max(sizes) <= 64 * 1024
