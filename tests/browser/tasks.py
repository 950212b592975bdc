"""How does a person do the main tasks on the pages, whatever their language, and with script or without?

Fields are found by their names and buttons by what they send, so that one walk serves every language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from desk.story import request
from tests.browser.site import sound

MOST_QUESTIONS = 40
REF = re.compile(r"/desk/case/([A-Z]{2}-[A-Z]+-\d{4}-\d+)")
Fill = Callable[[Page, Mapping[str, str | list[str]]], None]
Press = Callable[[Page, str], None]


def told_request() -> dict[str, str | list[str]]:
    """The request of the examples, as the fields of the questions."""
    made: dict[str, Any] = request("request-mended.yml")
    offence: dict[str, Any] = made["offences"][0]
    told: dict[str, str | list[str]] = {f"offence-1-{name}": str(said) for name, said in offence.items()}
    told |= {f"contents-{code}": text for code, text in made["contents"].items()}
    told |= {f"necessity-{name}": text for name, text in made["necessity"].items()}
    told |= {"offence-1-max_penalty": "10y", "offence-1-max_penalty_requested": "20y"}
    told |= {
        "requested": made["requested"],
        "measures": made["measures"],
        "instrument": "de-us-mla",
        "identifiers": "\n".join(f"{name}: {said}" for name, said in made["identifiers"].items()),
        "child_at_risk": "yes",
        "victims-children": "Child A (invented)",
        "no_preservation": made["no_preservation"],
        "data_protection_ground": made["data_protection_ground"],
        "language": "en",
        "matter": "Lantern 2",
    }
    return told


def fill(page: Page, told: Mapping[str, str | list[str]]) -> None:
    """Answers what is asked here and is known; by whatever each field is."""
    names = page.locator("main form[method=post] :is(input, select, textarea):not([type=hidden])")
    for name in dict.fromkeys(names.evaluate_all("all => all.map(each => each.name)")):
        if name in told:
            _answer(page, name, told[name])


def _answer(page: Page, name: str, said: str | list[str]) -> None:
    field = page.locator(f'main [name="{name}"]')
    kind = field.first.evaluate("it => it.tagName == 'INPUT' ? it.type : it.tagName")
    if kind in ("checkbox", "radio"):
        for value in [said] if isinstance(said, str) else said:
            field.and_(page.locator(f'[value="{value}"]')).check()
    elif kind == "SELECT":
        field.select_option(said)
    else:
        assert isinstance(said, str)
        field.fill(said)


def press(page: Page, button: str) -> None:
    """Presses what `button` (CSS) names in the main part, and waits for the page that answers."""
    with page.expect_navigation():
        page.locator(f"main {button}").first.click()


def begin(page: Page, fill: Fill = fill, press: Press = press) -> str:
    """Begins a request by its questions; the path of what is asked."""
    page.goto("/desk/new")
    sound(page)
    fill(page, {"kind": "mla", "side": "outgoing"})
    press(page, "form[action='/desk/new'] .actions button")
    return urlsplit(page.url).path.rpartition("/")[0]


def told_change(page: Page, state: str = "IE") -> str:
    """Proposes a change of the law (invented); the path of its page."""
    page.goto("/desk/workshop/new?sort=language")
    fill(
        page,
        {
            "title": f"Languages of {state} (invented)",
            "state": state,
            "codes": "en, fr",
            "on": "2026-11-16",
            "source_title": "Notification JJ (invented)",
            "read_on": "2026-11-20",
            "confidence": "read",
        },
    )
    press(page, "form:has([name=csrf]) .actions button")
    assert re.search(r"/desk/workshop/\d+$", page.url), page.locator("main").inner_text()[:2000]
    return urlsplit(page.url).path


def file_guided(
    page: Page, told: Mapping[str, str | list[str]], fill: Fill = fill, press: Press = press
) -> str:
    """Files a request, one question a page; its reference."""
    begin(page, fill, press)
    for _ in range(MOST_QUESTIONS):
        sound(page)
        if page.url.endswith("/check"):
            break
        fill(page, told)
        asked = page.url
        press(page, "button[value=next]")
        assert page.url != asked, page.locator("main").inner_text()[:2000]
    assert page.url.endswith("/check"), page.url
    press(page, "form[action$='/check'] button")
    return ref_of(page)


def ref_of(page: Page) -> str:
    """Reference of the case whose page this is."""
    found = REF.search(page.url)
    assert found, (page.url, page.locator("main").inner_text()[:2000])
    return found[1]


def move(page: Page, ref: str, event: str, told: Mapping[str, str | list[str]] | None = None) -> None:
    """One move by its form, which the case page links."""
    page.goto(f"/desk/case/{ref}")
    sound(page)
    link = f":is(a[href$='/do/{event}'], a[href*='/do/{event}?'])"
    hidden = page.locator(f"details:not([open]):has({link}) > summary")
    for each in hidden.all():
        each.click()
    press(page, link)
    sound(page)
    fill(page, told or {})
    press(page, "form:has([name=csrf]) .actions button")
    assert "/do/" not in page.url, (page.url, page.locator("main").inner_text()[:2000])
    sound(page)


def issue(page: Page, ref: str) -> None:
    """The judge issues it."""
    authority = "Amtsgericht Musterstadt (invented), investigating judge"
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    told = {"capacity": "issued", "authority": authority, "signed_on": yesterday, "signed_on~time": "10:00"}
    move(page, ref, "issue", told)


def found_by(page: Page, ref: str) -> None:
    """Finds a case by a reference in the one field that is on every page."""
    page.goto("/desk/")
    page.fill("#find", ref)
    with page.expect_navigation():
        page.locator("form.find button").click()
    expect(page.locator("main")).to_contain_text(ref)
