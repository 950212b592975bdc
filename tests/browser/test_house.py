"""Do auditors and operators find on the pages what is theirs to do, and is nothing lost that was typed?"""

from __future__ import annotations

import sqlite3

import pytest
from playwright.sync_api import expect

from tests.browser.site import NARROW, Browsers, Site, sound
from tests.browser.tasks import fill, press
from tests.patience import tries


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False])
def test_an_auditor_verifies_the_ledger_and_sees_who_saw_what(browsers: Browsers, script: bool) -> None:
    page = browsers.screen("auditor", script=script)
    page.goto("/desk/ledger/verify")
    press(page, "form:has([name=csrf]) .actions button")
    for _ in tries("the end of the check", 0.5):
        sound(page)
        if not page.locator("main").get_by_text("Look again").count():
            break
        page.goto("/desk/ledger/verify")
    expect(page.locator("main .notice.done")).to_be_visible()
    page.goto(f"/desk/ledger/views?ref={browsers.site.cases['executing']}")
    sound(page)
    expect(page.locator("main")).to_contain_text("officer")
    page.goto("/desk/figures")
    sound(page)
    page.goto("/desk/figures/report")
    sound(page)


@pytest.mark.slow
def test_an_operator_sees_the_house_and_makes_an_account(browsers: Browsers) -> None:
    page = browsers.screen("operator", script=False)
    page.goto("/desk/operation")
    sound(page)
    page.goto("/desk/add-account")
    press(page, "form:has([name=csrf]) .actions button")
    assert page.locator(".wrong-summary li").count() >= 2
    fill(page, {"id": "new-officer", "roles": ["officer"], "agency": "central-authority"})
    press(page, "form:has([name=csrf]) .actions button")
    sound(page)
    assert page.url.endswith("/desk/accounts/new-officer"), page.locator("main").inner_text()[:2000]
    refused = page.goto("/desk/cases")
    assert refused is not None
    assert refused.status == 403
    sound(page)


@pytest.mark.slow
def test_the_language_is_changed_and_the_page_stays(browsers: Browsers) -> None:
    for script in (True, False):
        page = browsers.screen(script=script)
        page.goto("/desk/sign-in?back=%2Fdesk%2Fcases")
        with page.expect_navigation():
            page.select_option("#language", "ar")
            if not script:
                page.locator(".tongue button").click()
        assert page.url.endswith("/desk/sign-in?back=%2Fdesk%2Fcases")
        assert page.locator("html").get_attribute("dir") == "rtl"


def let_lapse(site: Site, who: str) -> None:
    """As if all screens of `who` had been left alone for long."""
    with sqlite3.connect(site.started.homes["de"] / "records.sqlite", timeout=30) as database:
        # The same form of a moment, years ago.
        database.execute("update sessions set seen = '2020' || substr(seen, 5) where account = ?", (who,))
    database.close()


@pytest.mark.slow
def test_a_session_that_ended_keeps_what_was_typed(browsers: Browsers) -> None:
    page = browsers.screen("approver", fresh=True)
    page.goto("/desk/new")
    fill(page, {"kind": "mla", "side": "outgoing"})
    press(page, "form[action='/desk/new'] .actions button")
    fill(page, {"requested": "FR"})
    let_lapse(browsers.site, "approver")
    browsers.forget("approver")
    press(page, "button[value=next]")
    assert "/desk/sign-in" in page.url
    page.fill("[name=account]", "approver")
    page.fill("[name=password]", browsers.site.password)
    with page.expect_navigation():
        page.locator("main form:has([name=account]) button").click()
    sound(page)
    assert page.locator("[name=requested]").input_value() == "FR"


@pytest.mark.slow
def test_what_came_by_post_is_recorded_in_two_clicks(browsers: Browsers) -> None:
    site = browsers.site
    page = browsers.screen("officer", size=NARROW, script=False)
    page.goto(f"/desk/case/{site.cases['sent']}")
    clicks = 0
    for css in ("a[href$='/record']", "ul.ways a"):
        hidden = page.locator(f"details:not([open]):has({css}) > summary")
        for each in hidden.all():
            each.click()
        press(page, css)
        clicks += 1
    assert clicks == 2
    sound(page)
    assert page.locator("main form [name=csrf]").count() == 1
