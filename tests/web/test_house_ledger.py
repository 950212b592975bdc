"""Does the auditor see what happened, who looked, and whether the ledger is whole, and nobody else more?"""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from desk.web.house_ledger import PROBLEMS
from records import audit, verify
from records.references import HOUSE
from schemas.moves import Actor
from schemas.vocabulary import Role
from tests.patience import turns
from tests.web.conftest import Screen

ANNA = Actor(id="anna", house="de", roles=(Role.OFFICER,))
MOMENT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def noted(screen: Screen) -> Screen:
    """Two cases that somebody looked at."""
    for ref in ("DE-MLA-2026-00001", "DE-MLA-2026-00002"):
        screen.records.keys.create(ref)
        screen.records.ledger.note(ref, ANNA, "viewed", {"what": "case (full)"}, MOMENT)
    screen.records.ledger.note(HOUSE, ANNA, "law-proposed", {"proposal": 1}, MOMENT)
    return screen


async def ended(screen: Screen) -> None:
    """The check that was begun is over."""
    apart = screen.app.state.house.apart
    async for _ in turns("the end of the check"):
        if apart.running("check of the ledger") is None:
            return


async def test_the_newest_entry_comes_first(noted: Screen) -> None:
    auditor = noted.signed_in("auditor")
    assert (await auditor.get("/desk/ledger")).status_code == 200
    rows = auditor.tree.cssselect("tbody tr")
    assert "Nobody has checked" in auditor.text()
    assert "The house itself" in rows[0].text_content()
    assert "DE-MLA-2026-00002" in rows[1].text_content()


async def test_filters_leave_the_rest_out(noted: Screen) -> None:
    auditor = noted.signed_in("auditor")
    await auditor.get("/desk/ledger?ref=DE-MLA-2026-00001")
    assert "DE-MLA-2026-00001" in auditor.text("tbody")
    assert "DE-MLA-2026-00002" not in auditor.text("tbody")
    await auditor.get("/desk/ledger?event=law-proposed&since=2026-11-20&until=2026-11-20")
    assert len(auditor.tree.cssselect("tbody tr")) == 1
    await auditor.get("/desk/ledger?actor=anna&until=2026-11-19")
    assert "There is no entry like this" in auditor.text()


async def test_a_day_that_is_none_is_told_at_its_field(noted: Screen) -> None:
    auditor = noted.signed_in("auditor")
    answer = await auditor.get("/desk/ledger?since=19.11.2026&actor=anna")
    assert answer.status_code == 422
    assert "not a day" in auditor.text(".wrong-summary")
    assert auditor.tree.cssselect("#f-since")[0].get("value") == "19.11.2026"
    assert auditor.tree.cssselect("#f-actor")[0].get("value") == "anna"


async def test_many_entries_come_page_by_page(noted: Screen) -> None:
    for number in range(60):
        noted.records.ledger.note(HOUSE, ANNA, "watch", {"n": number}, MOMENT)
    auditor = noted.signed_in("auditor")
    await auditor.get("/desk/ledger?event=watch")
    assert len(auditor.tree.cssselect("tbody tr")) == 50
    onward = auditor.tree.cssselect("nav.more a")[0].get("href")
    await auditor.get(onward)
    assert len(auditor.tree.cssselect("tbody tr")) == 10


async def test_who_saw_what_by_case_and_by_person(noted: Screen) -> None:
    auditor = noted.signed_in("auditor")
    # Before anything is asked: the last looks of all.
    await auditor.get("/desk/ledger/views")
    assert {"DE-MLA-2026-00001", "DE-MLA-2026-00002"} <= set(auditor.text("tbody").split())
    await auditor.get("/desk/ledger/views?ref=DE-MLA-2026-00001")
    assert "anna" in auditor.text("tbody")
    assert "case (full)" in auditor.text("tbody")
    await auditor.get("/desk/ledger/views?actor=anna")
    assert "DE-MLA-2026-00002" in auditor.text("tbody")
    # The auditor's own look stands there as well.
    await auditor.get("/desk/ledger/views?actor=auditor")
    assert "views" in auditor.text("tbody")
    missing = await auditor.get("/desk/ledger/views?ref=DE-MLA-2026-99999")
    assert missing.status_code == 422
    assert "No case has this reference" in auditor.text(".wrong-summary")


async def test_an_officer_learns_whether_it_is_whole_and_reads_no_entry(noted: Screen) -> None:
    officer = noted.signed_in("court-officer")
    await officer.get("/desk/ledger")
    assert "for auditors" in officer.text()
    assert "DE-MLA-2026-00001" not in officer.text()
    for path in ("views?actor=anna", "export"):
        assert (await officer.get(f"/desk/ledger/{path}")).status_code == 403
    assert (await noted.signed_in("liaison").get("/desk/ledger")).status_code == 403


async def test_a_check_runs_apart_and_its_result_stands_in_the_ledger(noted: Screen) -> None:
    auditor = noted.signed_in("auditor")
    answer = await auditor.post("/desk/ledger/verify", {"head": ""})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/ledger/verify")
    await ended(noted)
    await auditor.get("/desk/ledger/verify")
    assert "The ledger is whole" in auditor.text()
    assert "by auditor" in auditor.text()
    last = noted.records.ledger.entries(HOUSE)[-1]
    assert (last.event, last.actor) == ("ledger-verified", "auditor")


async def test_an_altered_entry_is_told_with_its_place(noted: Screen) -> None:
    with noted.records.database.engine.begin() as connection:
        for row in connection.execute(text("select name from sqlite_master where type='trigger'")).all():
            connection.execute(text(f"drop trigger {row.name}"))
        connection.execute(text("update ledger set actor='<script>x</script>' where seq=1"))
    auditor = noted.signed_in("auditor")
    await auditor.post("/desk/ledger/verify", {"head": ""})
    await ended(noted)
    answer = await auditor.get("/desk/ledger/verify")
    assert "The ledger is not whole" in auditor.text()
    assert "DE-MLA-2026-00001" in auditor.text("tbody")
    await auditor.get("/desk/ledger")
    assert auditor.last is not None
    assert "<script>x" not in answer.text + auditor.last.text
    assert "&lt;script&gt;x" in auditor.last.text


async def test_a_head_of_ours_is_compared_and_nonsense_is_not(noted: Screen) -> None:
    auditor = noted.signed_in("auditor")
    refused = await auditor.post("/desk/ledger/verify", {"head": "nonsense"})
    assert refused.status_code == 422
    assert "no signed head" in auditor.text(".wrong-summary")
    assert "nonsense" in auditor.text("textarea")
    head = (await auditor.get("/desk/ledger/head")).text
    await auditor.post("/desk/ledger/verify", {"head": head})
    await ended(noted)
    await auditor.get("/desk/ledger/verify")
    assert "compared with a signed head" in auditor.text()
    assert "The ledger is whole" in auditor.text()


async def test_the_export_can_be_checked_by_anyone(noted: Screen) -> None:
    from records.verify import verify_bytes

    auditor = noted.signed_in("auditor")
    answer = await auditor.get("/desk/ledger/export")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert verify_bytes(answer.content) == []


def test_every_problem_has_its_words() -> None:
    found = set()
    for module in (verify, audit):
        found |= set(re.findall(r'Problem\(\s*"([a-z-]+)"', inspect.getsource(module)))
    assert found == set(PROBLEMS)
