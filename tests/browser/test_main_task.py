"""Can people do the main task on the pages alone: file, read the law, issue, approve, send, find? In every
language, with script and without, on a wide screen and on a telephone."""

from __future__ import annotations

import pytest

from tests.browser.site import NARROW, WIDE, Browsers, sound
from tests.browser.tasks import file_guided, found_by, issue, move, told_request

SCREENS = [
    ("en", True, WIDE),
    ("fr", False, NARROW),
    ("es", False, WIDE),
    ("ar", True, NARROW),
]
"""Every language once, and script with each size of screen once with and once without."""


@pytest.mark.slow
@pytest.mark.parametrize(("language", "script", "size"), SCREENS)
def test_a_request_from_the_first_question_to_the_other_house(
    browsers: Browsers, language: str, script: bool, size: tuple[int, int]
) -> None:
    look = {"language": language, "script": script, "size": size}
    officer = browsers.screen("officer", **look)  # type: ignore[arg-type]  # the same look for everybody
    ref = file_guided(officer, told_request())
    assert officer.locator("html").get_attribute("lang") == language
    assert officer.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    officer.goto(f"/desk/case/{ref}/law")
    sound(officer)
    issue(browsers.screen("issuing-authority", **look), ref)  # type: ignore[arg-type]
    move(browsers.screen("approver", **look), ref, "approve")  # type: ignore[arg-type]
    move(officer, ref, "send")
    found_by(browsers.screen("liaison", **look), ref)  # type: ignore[arg-type]
    there = browsers.screen("liaison", "us", **look)  # type: ignore[arg-type]
    browsers.site.desks["us"].finds(ref)
    found_by(there, ref)
