"""Does a liaison find a status at once, have data kept in two minutes without a mouse, and pass a case on?"""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import Keys
from tests.browser.site import NARROW, WIDE, Browsers, sound
from tests.browser.tasks import fill, press

URGENT = {
    "accounts": "user-4712@mail.example",
    "authority": "Police Headquarters Musterstadt (invented), 999 Js 2/26",
    "facts": "Files showing the abuse of a child were shared in a closed group.",
    "link": "The account shared them.",
    "need": "The provider erases connection data after some weeks.",
    "urgency_reason": "The abuse goes on, and the child is not found yet.",
    "certified_by": "Head of unit (invented)",
}
MOST_SECONDS = 120
MOST_STEPS = 14
MOST_HEADER, LEAST_TARGET = {True: 200, False: 240}, 44
"""Pixels: what the head of a page takes of a telephone (without script it has a button more), and the size of
what a finger presses."""


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_status_by_either_sides_reference(
    browsers: Browsers, script: bool, size: tuple[int, int]
) -> None:
    site = browsers.site
    page = browsers.screen("liaison", size=size, script=script)
    for sought in (site.cases["executing"], site.theirs["executing"].lower()):
        page.goto("/desk/status")
        page.fill("main [name=ref]", sought)
        press(page, "form button")
        sound(page)
        expect(page.locator("main")).to_contain_text(site.cases["executing"])
        expect(page.locator("main")).not_to_contain_text("user-4711")


@pytest.mark.slow
def test_urgent_preservation_in_two_minutes_by_keyboard_alone(browsers: Browsers) -> None:
    page = browsers.screen()
    keys = Keys(page)
    begun = time.monotonic()
    page.goto("/desk/urgent")
    keys.write("account", "liaison")
    keys.write("password", browsers.site.password)
    keys.press("main form button")
    assert page.url.endswith("/desk/urgent")
    keys.write("accounts", URGENT["accounts"])
    keys.choose("requested", "US")
    for name in ("authority", "facts", "link", "need", "urgency_reason"):
        keys.write(name, URGENT[name])
    keys.tick("child_at_risk", "yes")
    keys.write("certified_by", URGENT["certified_by"])
    certified = datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(hours=1)
    keys.moment("certified_at", certified.strftime("%m%d%Y"), certified.strftime("%I%M%p"))
    keys.press("button[value=send]")
    took = time.monotonic() - begun
    sound(page)
    assert "/desk/urgent/done" in page.url, page.locator("main").inner_text()[:2000]
    assert keys.steps <= MOST_STEPS
    assert took < MOST_SECONDS
    ref = page.locator("main .id").first.inner_text()
    browsers.site.desks["us"].finds(ref)


@pytest.mark.slow
def test_urgent_preservation_on_a_telephone_without_script(browsers: Browsers) -> None:
    page = browsers.screen("liaison", size=NARROW, script=False)
    page.goto("/desk/urgent")
    press(page, "button[value=send]")
    sound(page)
    assert page.locator(".wrong-summary li").count() >= 5
    certified = datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(hours=1)
    fill(page, {**URGENT, "requested": "US", "certified_at": certified.strftime("%Y-%m-%dT%H:%M")})
    press(page, "button[value=send]")
    sound(page)
    assert "/desk/urgent/done" in page.url, page.locator("main").inner_text()[:2000]


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False])
def test_on_a_telephone_the_menu_opens_over_the_page_and_leaves_it_alone(
    browsers: Browsers, script: bool
) -> None:
    page = browsers.screen("liaison", size=NARROW, script=script)
    page.goto("/desk/")
    header = page.locator("header.top").bounding_box()
    assert header is not None
    assert header["height"] < MOST_HEADER[script]
    expect(page.locator("#rooms")).to_be_hidden()
    page.locator("nav.rooms > button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#rooms")).to_be_visible()
    for link in page.locator("#rooms a").all():
        box = link.bounding_box()
        assert box is not None
        assert min(box["height"], box["width"]) >= LEAST_TARGET
    sound(page)
    page.keyboard.press("Escape")
    expect(page.locator("#rooms")).to_be_hidden()
    page.locator("nav.rooms > button").click()
    page.locator('#rooms a[href="/desk/urgent"]').click()
    expect(page.locator("h1")).to_have_text("Urgent preservation")
    wide = browsers.screen("liaison", size=WIDE, script=script)
    wide.goto("/desk/")
    expect(wide.locator('#rooms a[href="/desk/urgent"]')).to_be_visible()
    expect(wide.locator("nav.rooms > button")).to_be_hidden()


@pytest.mark.slow
@pytest.mark.parametrize("act", ["accept", "return"])
def test_a_case_on_offer_is_accepted_or_returned(browsers: Browsers, act: str) -> None:
    officer = browsers.site.desks["de"].officer
    filed = officer.post("/cases", {"kind": "mla", "requesting": "DE", "requested": "US",
                                    "measures": ["subscriber-data"]})  # fmt: skip
    ref = filed["ref"]
    offer = {
        "event": "offer",
        "id": f"{ref}.h1",
        "receiver": {"house": "de", "function": "police"},
        "why": "to find the place (invented)",
    }
    officer.post(f"/cases/{ref}/moves", offer)
    page = browsers.screen("liaison", script=act == "accept")
    page.goto(f"/desk/status?ref={ref}")
    sound(page)
    if act == "return":
        page.locator("main details summary").click()
        page.fill("main [name=reason]", "The place is known already (invented).")
    press(page, f"button[value={act}]")
    sound(page)
    expect(page.locator("main .notice.done")).to_be_visible()
    held = officer.get(f"/cases/{ref}")["holder"]["function"]
    assert re.fullmatch("police" if act == "accept" else "central-authority", held)
