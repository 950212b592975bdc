"""Do those who may see the figures see them, with how much they rest on, and only what may be published?"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from schemas.request import Outcome
from schemas.vocabulary import Side
from tests.desk.test_figures import lived, refusal
from tests.patience import turns
from tests.web.conftest import Screen

FIGURES = "/desk/figures"
END = [("draft", 0), ("sent", 2), ("executed", 22)]


@pytest.fixture
def busy(screen: Screen) -> Screen:
    """A year with seven requests to the United States, one to Ireland, and one from France, refused."""
    for number in range(7):
        outcome = Outcome(result="executed", victims_identified=1)
        lived(screen.records, f"DE-MLA-2025-0000{number}", END, outcome=outcome)
    lived(screen.records, "DE-MLA-2025-00010", END, other="IE")
    way = [("received", 0), ("refused", 3)]
    lived(screen.records, "DE-MLA-2025-00011", way, side=Side.INCOMING, other="FR", decisions=refusal("<b>"))
    return screen


async def collected(person: Screen, path: str = FIGURES) -> str:
    """The page once the figures are there."""
    async for _ in turns("the figures"):
        answer = await person.get(path)
        assert answer.status_code == 200, person.text()
        if "being collected" not in person.text():
            break
    return person.text()


async def test_times_come_with_their_sample(busy: Screen) -> None:
    officer = busy.signed_in("officer")
    await collected(officer)
    rows = {
        row.cssselect("th")[0].text_content(): [cell.text_content() for cell in row.cssselect("td")]
        for row in officer.tree.cssselect("tbody tr")
    }
    assert rows["United States"][:4] == ["7", "0", "7", "20"]
    assert rows["Ireland"][2] == "1 few"
    assert "told by 7 cases" in officer.text()
    assert "not known: no case has told it" in officer.text()
    assert "One case was refused" in officer.text()
    assert officer.last is not None
    assert "<b>" not in officer.last.text.replace("<body>", "")


async def test_a_choice_narrows_them(busy: Screen) -> None:
    officer = busy.signed_in("officer")
    await collected(officer)
    text = await collected(officer, f"{FIGURES}?year=2025&side=incoming")
    assert "France" in text
    assert "United States" not in text
    assert "There is no such case" in await collected(officer, f"{FIGURES}?kind=extradition")
    for query in ("year=soon", "kind=nonsense", "side=inside"):
        refused = await officer.get(f"{FIGURES}?{query}")
        assert refused.status_code == 422
        assert officer.tree.cssselect(f".wrong-summary a[href='#f-{query.partition('=')[0]}']")


async def test_an_empty_house_has_no_figures_and_says_so(screen: Screen) -> None:
    assert "There is no such case" in await collected(screen.signed_in("auditor"))


async def test_the_report_hides_what_is_small(busy: Screen) -> None:
    auditor = busy.signed_in("auditor")
    await collected(auditor)
    text = await collected(auditor, f"{FIGURES}/report?year=2025")
    assert "not published" in text
    answer = await auditor.get(f"{FIGURES}/report/2025.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = {(table, item): figure for table, item, figure in rows}
    assert told["Requests sent, by kind", "All"] == "8"
    # Ireland's one would be what remains of eight: the seven are left out as well.
    assert told["Requests sent, by requested State", "Ireland"] == ""
    assert told["Requests sent, by requested State", "United States"] == ""
    assert told["Requests received, by kind", "All"] == ""
    assert told["Outcomes", "Victims identified"] == "7"
    assert told["Outcomes", "Arrests"] == ""
    assert not [figure for figure in told.values() if figure in ("1", "2", "3", "4")]


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
async def test_the_report_is_a_page_to_keep(busy: Screen, language: str) -> None:
    auditor = busy.signed_in("auditor", language)
    await auditor.get(FIGURES)
    answer = await auditor.get(f"{FIGURES}/report/2025.pdf")
    assert answer.status_code == 200, auditor.text()
    assert answer.content.startswith(b"%PDF-1.7")
    assert b"pdfaid" in answer.content
    assert b"pdfuaid" in answer.content
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="transparency-de-2025-{language}.pdf"'
    )


async def test_a_year_that_goes_on_is_not_to_be_published(busy: Screen) -> None:
    now = datetime.now(UTC)
    lived(busy.records, "DE-MLA-NOW-1", [("sent", 0)], start=now)
    officer = busy.signed_in("officer")
    await collected(officer)
    assert "The year is not over" in await collected(officer, f"{FIGURES}/report?year={now.year}")
    assert (await officer.get(f"{FIGURES}/report?year=1066")).status_code == 422


@pytest.mark.parametrize("who", ["liaison", "judge", "treaty-desk"])
async def test_others_see_no_figures(busy: Screen, who: str) -> None:
    person = busy.signed_in(who)
    for path in ("", "/report?year=2025", "/report/2025.csv"):
        assert (await person.get(f"{FIGURES}{path}")).status_code == 403
