"""What stands on the page of a case, for whom, and what never does?"""

from __future__ import annotations

from tests.web.conftest import Screen
from tests.web.samples import Samples

EVERY = ("", "/history", "/people", "/law", "/evidence", "/custody")


def path(ref: str, part: str = "") -> str:
    return f"/desk/case/{ref}{part}"


async def test_every_sample_has_all_its_pages(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    for ref in samples.all():
        for part in EVERY:
            answer = await officer.get(path(ref, part))
            assert answer.status_code == 200, (ref, part, officer.text())
            assert len(answer.content) < 100_000, (ref, part, len(answer.content))
            assert len(officer.tree.cssselect("h1")) == 1
