"""Is every page sound for those who cannot see it, read another language, use the dark, or a telephone?

axe-core looks at every page that the router knows, with no rule switched off, and one more switched on: the
size of what is pressed (WCAG 2.2, 2.5.8).
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.pages import LOOKS, Look, looks, routes
from tests.browser.site import LANGUAGES, Browsers, sound
from tests.browser.tasks import begin, told_change

OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
FILE_SIZE = 100_000
NARROWEST = (320, 640)
"""Reflow (WCAG 1.4.10); wide screens are those that axe sees, telephones those of the tasks."""
AXE = Axe()

LIGHTS = [(language, False) for language in LANGUAGES] + [("en", True)]


@pytest.fixture(scope="module")
def prepared(browser_of_all: Browsers) -> list[Look]:
    """Every page; with a draft half asked, and a change of the law that waits for its decision."""
    officer = browser_of_all.screen("officer")
    asked = begin(officer)
    desk = browser_of_all.screen("treaty-desk")
    change = told_change(desk)
    browser_of_all.close_screens()
    return looks(browser_of_all.site, asked, change)


def test_no_page_is_forgotten() -> None:
    assert routes() == set(LOOKS)


@pytest.mark.slow
@pytest.mark.parametrize(("language", "dark"), LIGHTS)
def test_axe_finds_nothing(browsers: Browsers, prepared: list[Look], language: str, dark: bool) -> None:
    found: list[str] = []
    screens: dict[str | None, Page] = {}
    seen: set[str] = set()
    for look in prepared:
        # The same page for another role differs in its parts, not in its words or colours.
        if (language, dark) != ("en", False) and look.route in seen:
            continue
        seen.add(look.route)
        page = screens.get(look.who) or browsers.screen(look.who, language=language, dark=dark)
        screens[look.who] = page
        answer = page.goto(look.path)
        assert answer is not None
        assert answer.status == look.status, (look, answer.status)
        assert page.locator("html").get_attribute("lang") == language
        assert len(answer.body()) < FILE_SIZE, (look, len(answer.body()))
        sound(page)
        found += _told(look, AXE.run(page, options=OPTIONS).response["violations"])
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_no_page_is_wider_than_the_narrowest_screen(browsers: Browsers, prepared: list[Look]) -> None:
    screens: dict[str | None, Page] = {}
    for look in prepared:
        page = screens.get(look.who) or browsers.screen(look.who, size=NARROWEST)
        screens[look.who] = page
        page.goto(look.path)
        sound(page)


def _told(look: Look, violations: list[dict[str, Any]]) -> list[str]:
    return [
        f"{look.path} as {look.who}: {each['id']}: {each['help']}: "
        + "; ".join(node["html"][:200] for node in each["nodes"][:3])
        for each in violations
    ]
