"""Can the treaty desk change the law on the pages, see whom it touches, and nobody do it alone?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import NARROW, Browsers, sound
from tests.browser.tasks import fill, press, told_change
from tests.patience import tries

HEAD = "state_iso2,signed,ratified_or_acceded,mode,in_force"


def weighed(page: Page, path: str) -> None:
    """Looks again until the change is worked out."""
    for _ in tries("the change worked out", 0.5):
        page.goto(path)
        if not page.locator("main .notice.info[role=status]").count():
            return


@pytest.mark.slow
@pytest.mark.parametrize(("script", "state"), [(True, "MT"), (False, "CY")])
def test_a_change_is_proposed_weighed_and_accepted_by_another(
    browsers: Browsers, script: bool, state: str
) -> None:
    first = browsers.screen("treaty-desk", script=script)
    path = told_change(first, state)
    weighed(first, path)
    sound(first)
    expect(first.locator("main")).to_contain_text("you cannot accept it")
    second = browsers.screen("treaty-lawyer", script=script, size=NARROW)
    weighed(second, path)
    sound(second)
    fill(second, {"decision": "accept", "reason": "Read in the notification (invented)."})
    press(second, "form:has([name=decision]) .actions button")
    sound(second)
    expect(second.locator("main")).to_contain_text("Accepted")
    second.goto(f"/desk/law/state/{state}")
    sound(second)


@pytest.mark.slow
def test_a_table_is_looked_at_before_anything_is_kept(browsers: Browsers, tmp_path: Path) -> None:
    page = browsers.screen("treaty-desk")
    table = tmp_path / "parties.csv"
    told = {
        "instrument": "budapest",
        "source": "chart-invented",
        "source_title": "Chart of signatures (invented)",
        "read_on": "2026-11-20",
    }
    for rows, good in (
        ("IE,2002-02-28,2026-31-31,ratification,2027-03-01", False),
        ("IE,2002-02-28,2026-11-16,ratification,2027-03-01", True),
    ):
        table.write_text(f"{HEAD}\n{rows}\n")
        page.goto("/desk/workshop/import")
        page.set_input_files("[name=file]", table)
        fill(page, told)
        press(page, "form:has([name=csrf]) .actions button")
        sound(page)
        if not good:
            assert page.locator(".wrong-summary").count() == 1
    press(page, "form:has([name=token]) .actions button")
    assert re.search(r"/desk/workshop/\d+$", page.url), page.locator("main").inner_text()[:2000]


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False])
def test_the_law_is_browsed_by_state_instrument_pair_and_on_the_map(browsers: Browsers, script: bool) -> None:
    page = browsers.screen("treaty-desk", script=script)
    page.goto("/desk/law")
    for path in (
        "/desk/law/state/DE",
        "/desk/law/instrument/budapest",
        "/desk/law/world?instrument=budapest",
        "/desk/law/matrix",
        "/desk/law/what-if",
    ):
        page.goto(path)
        sound(page)
    page.goto("/desk/law/pair/DE/US?on=2026-11-20")
    sound(page)
    day = page.locator(".time-days a").first
    with page.expect_navigation():
        day.click()
    sound(page)
    assert "on=" in page.url


@pytest.mark.slow
def test_the_slider_goes_to_another_day(browsers: Browsers) -> None:
    page = browsers.screen("treaty-desk")
    page.goto("/desk/law/pair/DE/US?on=2026-11-20")
    before = page.url
    slider = page.locator("[data-range] input")
    slider.focus()
    with page.expect_navigation():
        slider.evaluate("it => { it.value = it.min; it.dispatchEvent(new Event('change')); }")
    assert page.url != before
    sound(page)
