"""Does a real browser make a passkey and sign in with it, and offer none where it cannot?"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from desk import membership
from desk.house import new_house
from desk.office import open_office
from records.open import Records, open_records
from schemas.moves import Actor
from schemas.vocabulary import Role
from tests.served import served

OPERATOR = Actor(id="operator", house="de", roles=(Role.OPERATOR,))
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    monkeypatch.setenv("ROGATORY_HOME", str(tmp_path / "de"))
    opened = open_records(new_house(tmp_path / "de", "de", "DE", "Germany", "Europe/Berlin"))
    opened.accounts.add("anna", [Role.LIAISON], "police")
    yield opened
    opened.close()


@pytest.fixture
def port(records: Records) -> Iterator[int]:
    """The house over HTTP; its engine is never reached."""
    with served(asyncio.run(open_office(records.settings, records))) as port:
        yield port


@pytest.fixture
def page(port: int) -> Iterator[Page]:
    """A browser. It has a loop of its own in this thread, so the house is up before it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        reason = "Chromium is not installed: no chromium on the path"
        if "chromium" in os.environ.get("ROGATORY_REQUIRE", "").split(","):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def plugged_in(page: Page, **changes: Any) -> Any:
    """A virtual authenticator in the browser: its devtools session and its id."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {**AUTHENTICATOR, **changes}
    found = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, found["authenticatorId"]


@pytest.mark.slow
def test_made_shown_and_named(page: Page, records: Records, port: int) -> None:
    plugged_in(page)
    base = f"http://localhost:{port}"
    page.goto(base + membership.PATH + membership.invite(records, OPERATOR, "anna"))
    page.fill("form[data-passkey] [name=label]", "blue key")
    page.click("form[data-passkey] button")
    page.wait_for_url(f"{base}/desk/")
    page.goto(f"{base}/desk/account")
    expect(page.locator("main")).to_contain_text("Passkey blue key")
    page.click(".top-own form[action='/desk/sign-out'] button")
    expect(page.locator("main")).to_contain_text("You have signed out.")
    page.goto(f"{base}/desk/sign-in?back=/desk/account")
    page.click("form[data-passkey] button")
    page.wait_for_url(f"{base}/desk/account")
    expect(page.locator("main")).to_contain_text("anna")


@pytest.mark.slow
def test_a_device_that_does_not_know_its_owner_is_told_of_and_can_be_tried_again(
    page: Page, records: Records, port: int
) -> None:
    devtools, authenticator = plugged_in(page, isUserVerified=False)
    base = f"http://localhost:{port}"
    page.goto(base + membership.PATH + membership.invite(records, OPERATOR, "anna"))
    failed = page.locator("[data-failed]")
    expect(failed).to_be_hidden()
    page.click("form[data-passkey] button")
    expect(failed).to_be_visible(timeout=90_000)
    assert records.credentials.of("anna") == []
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    page.click("form[data-passkey] button")
    page.wait_for_url(f"{base}/desk/")


@pytest.mark.slow
def test_at_a_bare_address_no_passkey_is_offered(page: Page, records: Records, port: int) -> None:
    page.goto(f"http://127.0.0.1:{port}/desk/sign-in")
    assert page.locator("form[data-passkey]").count() == 0
