"""Does a name that is markup stay a name, wherever it is shown?"""

from __future__ import annotations

import pytest

from tests.browser.site import Browsers, sound

HOSTILE = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">"\'><b>Xenia</b> {{7*7}}'
CHANGED = ("urgency", "offence-1", "contents-purpose", "necessity", "identifiers", "victims", "form")
PARTS = (
    *("", "/history", "/people", "/law", "/letters", "/documents", "/evidence", "/custody"),
    *(f"/change/{question}" for question in CHANGED),
)


def hostile_request() -> dict[str, object]:
    """A request whose every free text is markup."""
    tests = ("legality", "legitimate_aim", "necessity", "proportionality", "non_discrimination")
    return {
        "kind": "mla",
        "requesting": "DE",
        "requested": "US",
        "measures": ["subscriber-data"],
        "urgent": True,
        "urgency_reason": HOSTILE,
        "offences": [{"slug": "csam-distribution", "law": HOSTILE, "max_penalty": 120}],
        "contents": {"summary-of-facts": HOSTILE, "provider": HOSTILE, "purpose": HOSTILE},
        "necessity": dict.fromkeys(tests, HOSTILE)
        | {"authorised_by": HOSTILE, "authorised_on": "2026-11-01"},
        "victims": [{"pseudonym": HOSTILE, "child": True}],
        "identifiers": {"account": HOSTILE},
        "data_protection_ground": HOSTILE,
        "no_preservation": HOSTILE,
    }


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_script_runs_and_no_markup_comes_through(browsers: Browsers, language: str) -> None:
    desk = browsers.site.desks["de"]
    ref = desk.officer.post("/cases", hostile_request(), matter=HOSTILE)["ref"]
    page = browsers.screen("officer", language=language)
    shown = 0
    paths = [f"/desk/case/{ref}{part}" for part in PARTS]
    for path in [*paths, "/desk/", "/desk/cases", "/desk/matters", f"/desk/find?q={ref}"]:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        sound(page)
        html = page.content()
        assert "<b>Xenia" not in html, path
        assert page.evaluate("() => window.hacked") is None, path
        assert page.locator("img[src=x], main script").count() == 0, path
        shown += page.get_by_text("<b>Xenia</b> {{7*7}}").count()
    assert shown > 5
