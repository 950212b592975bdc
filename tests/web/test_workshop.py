"""Can the treaty desk change the law in a browser, and can nobody do it alone?"""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from desk.web import workshop_due
from schemas.vocabulary import Role
from tests.patience import turns
from tests.web.conftest import Screen
from tests.workshop import small
from treaties import stale
from treaties.registry import Registry

WORKSHOP = "/desk/workshop"
HOSTILE = "<script>alert(1)</script> \u202eevil\" 'x'"


@pytest.fixture(scope="session")
def registry() -> Registry:
    """A small one, invented: what is weighed here is weighed at once."""
    return small.registry()


@pytest.fixture
def desk(screen: Screen) -> Screen:
    """A house with a second person at the treaty desk."""
    screen.records.accounts.add("second", (Role.TREATY_DESK,), "central-authority")
    return screen


def accession(**changes: str) -> dict[str, str]:
    return {
        "sort": "accession",
        "title": "Ireland ratifies the Convention on Cybercrime",
        "instrument": "pact",
        "state": "IE",
        "joining": "ratified",
        "on": "2026-11-16",
        "force": "2027-03-01",
        "source_title": "Notification JJ, invented",
        "read_on": "2026-11-20",
        "confidence": "read",
        **changes,
    }


async def proposed(person: Screen, **changes: str) -> str:
    """The path of a change that was just proposed."""
    answer = await person.post(f"{WORKSHOP}/new", accession(**changes))
    assert answer.status_code == 303, person.text()
    return str(answer.headers["location"])


async def seen(person: Screen, path: str) -> str:
    """The page once everything on it is worked out."""
    async for _ in turns("all is worked out"):
        await person.get(path)
        if "being worked out" not in person.text():
            break
    return person.text()


async def test_a_form_for_each_sort_of_change(desk: Screen) -> None:
    person = desk.signed_in("treaty-desk")
    await person.get(f"{WORKSHOP}/new")
    sorts = [one.get("value") for one in person.tree.cssselect("input[name=sort]")]
    assert len(sorts) == 8
    for sort in sorts:
        answer = await person.get(f"{WORKSHOP}/new?sort={sort}")
        assert answer.status_code == 200
        assert len(answer.content) < 100_000
        refused = await person.post(f"{WORKSHOP}/new", {"sort": sort})
        assert refused.status_code == 422
        for link in person.tree.cssselect(".wrong-summary a"):
            assert person.tree.cssselect(link.get("href")), link.get("href")


async def test_an_accession_is_proposed_weighed_and_accepted_by_another(desk: Screen) -> None:
    first, second = desk.signed_in("treaty-desk"), desk.signed_in("second")
    path = await proposed(first)
    text = await seen(first, path)
    assert "Ireland" in text
    assert "Gained" in text
    assert first.tree.cssselect("a[href='/desk/law/instrument/pact']")
    assert "cannot accept it" in text
    alone = await first.post(path, {"decision": "accept"})
    assert alone.status_code == 422
    assert "Who proposed a change of the law does not accept it" in first.text(".wrong-summary")
    before = desk.app.state.house.registry.edition
    await seen(second, path)
    done = await second.post(path, {"decision": "accept", "key": "once"})
    assert (done.status_code, done.headers["location"]) == (303, path)
    again = await second.post(path, {"decision": "accept", "key": "once"})
    assert again.status_code == 303
    assert desk.app.state.house.registry.edition != before
    assert "Accepted" in await seen(second, path)
    assert second.tree.cssselect("a[href='/desk/law/state/IE']")
    await second.get(WORKSHOP)
    assert "Ireland ratifies" in second.text()


async def test_a_refusal_needs_a_reason_and_ones_own_is_withdrawn(desk: Screen) -> None:
    first, second = desk.signed_in("treaty-desk"), desk.signed_in("second")
    path = await proposed(first)
    refused = await second.post(path, {"decision": "refuse", "reason": " "})
    assert refused.status_code == 422
    assert "Write why" in second.text(".wrong-summary")
    assert (await second.post(path, {})).status_code == 422
    withdrawn = await first.post(path, {"decision": "refuse", "reason": "typed the wrong State"})
    assert withdrawn.status_code == 303
    assert "typed the wrong State" in await seen(second, path)
    late = await second.post(path, {"decision": "accept"})
    assert late.status_code == 422
    assert "was refused by treaty-desk" in second.text(".wrong-summary")


async def test_a_double_press_makes_one_proposal(desk: Screen) -> None:
    first = desk.signed_in("treaty-desk")
    assert await proposed(first, key="one-press") == await proposed(first, key="one-press")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("instrument", "pakt", "pact"),
        ("state", "XX", "XX"),
        ("on", "16.11.2026", "not a day"),
        ("force", "soon", "not a day"),
        ("title", "", "one line"),
        ("joining", "", "agreed to be bound"),
        ("source_title", "", "Name the source"),
        ("on", "1899-01-01", ""),
    ],
)
async def test_a_slip_is_told_at_its_field_and_nothing_is_lost(
    desk: Screen, field: str, value: str, told: str
) -> None:
    person = desk.signed_in("treaty-desk", "fr")
    answer = await person.post(f"{WORKSHOP}/new", accession(**{field: value}))
    assert answer.status_code == 422
    summary = person.tree.cssselect(".wrong-summary a, .wrong-summary li")
    assert summary
    text = person.text(".wrong-summary")
    if told and person.language == "en":
        assert told in text
    assert person.tree.cssselect(".wrong-summary")[0].get("role") == "alert"
    typed = {each.get("name"): each.get("value") for each in person.tree.cssselect("input[type=text]")}
    assert typed["source_title"] == ("" if field == "source_title" else "Notification JJ, invented")
    if field in ("instrument", "on", "force", "title"):
        assert typed[field] == value
    if told:
        hrefs = [link.get("href") for link in person.tree.cssselect(".wrong-summary a")]
        assert f"#f-{field}" in hrefs


async def test_what_was_refused_is_mended_and_proposed(desk: Screen) -> None:
    person = desk.signed_in("treaty-desk")
    refused = await person.post(f"{WORKSHOP}/new", accession(instrument="pakt", key="first-attempt"))
    assert refused.status_code == 422
    form = person.tree.cssselect("main form[method=post]")[0]
    mended = accession(instrument="packt", key=form.fields["key"])
    assert (await person.post(f"{WORKSHOP}/new", mended)).status_code == 422
    form = person.tree.cssselect("main form[method=post]")[0]
    name = desk.app.state.house.registry.instruments["pact"].title
    told = await person.post(f"{WORKSHOP}/new", accession(instrument=name.upper(), key=form.fields["key"]))
    assert told.status_code == 303, person.text(".wrong-summary")


async def test_slips_are_told_in_the_order_of_the_fields(desk: Screen) -> None:
    person = desk.signed_in("treaty-desk")
    await person.post(f"{WORKSHOP}/new", accession(title="", joining="", on="soon", read_on=""))
    found = [link.get("href") for link in person.tree.cssselect(".wrong-summary a")]
    assert found == ["#f-title", "#f-joining", "#f-on", "#f-read_on"]


async def test_hostile_text_is_shown_and_does_nothing(desk: Screen) -> None:
    first = desk.signed_in("treaty-desk")
    path = await proposed(first, title=HOSTILE, source_title=HOSTILE, reason=HOSTILE)
    await seen(first, path)
    assert first.last is not None
    assert "<script>alert" not in first.last.text
    assert "&lt;script&gt;alert" in first.last.text
    await first.get(WORKSHOP)
    assert "<script>alert" not in first.last.text


@pytest.mark.parametrize(
    ("sort", "fields"),
    [
        ("declaration", {"instrument": "pact", "state": "IE", "saying": "declaration", "text": "x"}),
        ("denunciation", {"instrument": "pact", "state": "DE", "leaving": "denounced"}),
        ("extension", {"instrument": "pact", "state": "US"}),
        ("authority", {"state": "FR", "function": "mla-in", "name": "Bureau inventé"}),
        ("language", {"state": "FR", "codes": "fr, en"}),
    ],
)
async def test_each_sort_of_change_can_be_proposed(desk: Screen, sort: str, fields: dict[str, str]) -> None:
    first = desk.signed_in("treaty-desk")
    rest = {"title": "a change", "on": "2027-06-01", "source_title": "Invented", "read_on": "2026-11-20"}
    answer = await first.post(f"{WORKSHOP}/new", {"sort": sort, "confidence": "read", **rest, **fields})
    assert answer.status_code == 303, first.text(".wrong-summary")
    text = await seen(first, answer.headers["location"])
    assert "Added" in text


async def test_a_wrong_fact_is_withdrawn(desk: Screen) -> None:
    first = desk.signed_in("treaty-desk")
    registry = desk.app.state.house.registry
    fact = next(id for id, row in registry.facts() if id.startswith("IE:") and row.retracted is None)
    body = {"sort": "correction", "title": "It was wrong", "replaces": fact, "why": "read again"}
    answer = await first.post(f"{WORKSHOP}/new", body)
    assert answer.status_code == 303, first.text(".wrong-summary")
    assert "Withdrawn" in await seen(first, answer.headers["location"])
    body["replaces"] = f"{fact}x"
    assert (await first.post(f"{WORKSHOP}/new", body)).status_code == 422
    assert fact in first.text(".wrong-summary")


async def test_a_file_is_told_by_line(desk: Screen) -> None:
    first = desk.signed_in("treaty-desk")
    act = "{instrument: pakt, state: IE, act: ratified, on: 2026-11-16}"
    text = f"title: x\ndefaults: {{source: chart, confidence: memory}}\nacts:\n  - {act}\n"
    files = {"file": ("ireland.yml", text.encode(), "application/yaml")}
    refused = await first.post(f"{WORKSHOP}/new", {"sort": "file"}, files=files)
    assert refused.status_code == 422
    assert "ireland.yml:4" in first.text(".wrong-summary")
    files = {"file": ("ireland.yml", text.replace("pakt", "pact").encode(), "application/yaml")}
    taken = await first.post(f"{WORKSHOP}/new", {"sort": "file"}, files=files)
    assert taken.status_code == 303, first.text(".wrong-summary")
    none = await first.post(f"{WORKSHOP}/new", {"sort": "file"})
    assert none.status_code == 422


def table(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(("state_iso2", "signed", "ratified_or_acceded", "mode", "in_force"))
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


IRELAND = ("IE", "2002-02-28", "2026-11-16", "ratification", "2027-03-01")
SHEET = {"instrument": "pact", "source": "chart-2026", "source_title": "Chart, invented"}


async def test_a_table_is_looked_at_before_anything_is_kept(desk: Screen) -> None:
    first = desk.signed_in("treaty-desk")
    files = {"file": ("chart.xlsx", table(IRELAND), "application/octet-stream")}
    answer = await first.post(f"{WORKSHOP}/import", SHEET, files=files)
    assert answer.status_code == 200
    assert "1 rows were read" in first.text()
    assert "Nothing has been kept yet" in first.text()
    assert desk.records.proposals.find() == []
    token = first.tree.cssselect("input[name=token]")[0].get("value")
    # Another person cannot confirm what they did not see.
    other = desk.signed_in("second")
    assert (await other.post(f"{WORKSHOP}/import", {"token": token})).status_code == 422
    done = await first.post(f"{WORKSHOP}/import", {"token": token})
    assert done.status_code == 303
    assert (await first.post(f"{WORKSHOP}/import", {"token": token})).headers["location"] == done.headers[
        "location"
    ]
    assert len(desk.records.proposals.find()) == 1


async def test_cells_that_cannot_be_used_are_named(desk: Screen) -> None:
    first = desk.signed_in("treaty-desk")
    rows = (("IE", "28.2.2002", "", "", ""), ("QQ", "", "2026-11-16", "baptism", ""))
    files = {"file": ("chart.xlsx", table(*rows), "application/octet-stream")}
    answer = await first.post(f"{WORKSHOP}/import", SHEET, files=files)
    assert answer.status_code == 422
    places = [cell.text_content() for cell in first.tree.cssselect("tbody td:first-child")]
    assert "B2" in places
    assert "A3" in places
    assert first.tree.cssselect("#f-instrument")[0].get("value") == "pact"


@pytest.mark.parametrize("name", ["chart.pdf", "chart", ""])
async def test_what_is_no_table_explains_itself(desk: Screen, name: str) -> None:
    first = desk.signed_in("treaty-desk")
    files = {"file": (name, b"%PDF", "application/pdf")} if name else None
    answer = await first.post(f"{WORKSHOP}/import", SHEET, files=files)
    assert answer.status_code == 422
    assert re.search("Choose the table|neither CSV nor XLSX", first.text(".wrong-summary"))


async def test_a_table_with_nothing_new_proposes_nothing(desk: Screen) -> None:
    first = desk.signed_in("treaty-desk")
    files = {"file": ("chart.csv", b"state_iso2,in_force\nDE,2009-07-01\n", "text/csv")}
    await first.post(f"{WORKSHOP}/import", {"instrument": "pact", "source": "chart"}, files=files)
    assert "There is nothing to propose" in first.text()


async def test_looking_back(desk: Screen) -> None:
    viewer = desk.signed_in("auditor")
    text = await seen(viewer, f"{WORKSHOP}/learned?known_on=2026-11-20")
    assert "One fact is new or withdrawn since then" in text or "facts are new" in text
    bad = await viewer.get(f"{WORKSHOP}/learned?known_on=yesterday")
    assert bad.status_code == 422
    assert viewer.tree.cssselect("#f-known_on")[0].get("value") == "yesterday"
    for form in ("csv", "json"):
        answer = await viewer.get(f"{WORKSHOP}/export?format={form}")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "pact" in answer.text


async def test_the_work_list(desk: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stale, "OLD", timedelta(days=1))
    monkeypatch.setattr(workshop_due, "ROWS", 3)
    person = desk.signed_in("treaty-desk")
    async for _ in turns("the work list"):
        await person.get(f"{WORKSHOP}/due")
        if "being made" not in person.text():
            break
    assert len(person.tree.cssselect("table")[0].cssselect("tbody tr")) == 3
    onward = person.tree.cssselect("nav.more a")[0].get("href")
    assert (await person.get(onward)).status_code == 200
    await person.get(f"{WORKSHOP}/due?fact=pact&why=old")
    facts = person.tree.cssselect("table")[0].cssselect("tbody td:first-child")
    assert facts
    assert all("pact" in fact.text_content() for fact in facts)
    await person.get(f"{WORKSHOP}/due?in_use=yes")
    assert "Nothing like this" in person.text()


@pytest.mark.parametrize(
    ("who", "sees", "weighs", "proposes"),
    [
        ("officer", 200, 200, 403),
        ("treaty-desk", 200, 200, 200),
        ("auditor", 200, 200, 403),
        ("operator", 200, 403, 403),
        ("liaison", 403, 403, 403),
        ("judge", 403, 403, 403),
    ],
)
async def test_who_may_do_what(desk: Screen, who: str, sees: int, weighs: int, proposes: int) -> None:
    path = await proposed(desk.signed_in("treaty-desk"))
    person = desk.signed_in(who)
    assert (await person.get(WORKSHOP)).status_code == sees
    assert (await person.get(path)).status_code == sees
    assert ("Whom it touches" in person.text()) == (weighs == 200)
    assert (await person.get(f"{WORKSHOP}/due")).status_code == weighs
    for name in ("new", "import"):
        assert (await person.get(f"{WORKSHOP}/{name}")).status_code == proposes
    if who != "treaty-desk":
        assert (await person.post(path, {"decision": "accept"})).status_code == 403
        assert (await person.post(f"{WORKSHOP}/new", accession())).status_code == 403


async def test_what_is_not_there(desk: Screen) -> None:
    person = desk.signed_in("treaty-desk")
    assert (await person.get(f"{WORKSHOP}/99")).status_code == 404
    assert (await person.post(f"{WORKSHOP}/99", {"decision": "accept"})).status_code == 404
