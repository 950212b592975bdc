"""What do tests in a real browser share? One site and one Chromium for all, and screens to look at."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.site import OURS, Browsers, Site, chromium, site


@pytest.fixture(scope="package")
def house_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two houses at work, for all tests here."""
    if chromium() is None:
        reason = "Chromium is not installed: no chromium on the path"
        if "chromium" in os.environ.get("ROGATORY_REQUIRE", "").split(","):
            pytest.fail(reason)
        pytest.skip(reason)
    with site(tmp_path_factory.mktemp("site") / "var") as made:
        yield made


@pytest.fixture(scope="package")
def browser_of_all(house_site: Site) -> Iterator[Browsers]:
    """One Chromium for all tests here."""
    with sync_playwright() as play:
        made = Browsers(play, house_site)
        yield made
        made.close()


@pytest.fixture
def browsers(browser_of_all: Browsers) -> Iterator[Browsers]:
    """Opens screens; they are closed after the test, and no request may have left the machine."""
    yield browser_of_all
    browser_of_all.close_screens()
    assert browser_of_all.asked <= set(OURS), f"asked for elsewhere: {browser_of_all.asked}"
