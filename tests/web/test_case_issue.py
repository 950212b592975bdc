"""Is the way of those who issue and validate short, and only theirs?"""

from __future__ import annotations

import pytest

from tests.web.conftest import Screen
from tests.web.samples import Samples


async def test_what_waits_is_listed_and_read_as_a_letter(full_screen: Screen, samples: Samples) -> None:
    judge = full_screen.signed_in("judge")
    await judge.get("/desk/issue")
    links = [each.get("href") for each in judge.tree.cssselect("td a")]
    assert f"/desk/issue/{samples.draft}" in links
    assert f"/desk/issue/{samples.sent}" not in links
    await judge.get(f"/desk/issue/{samples.draft}")
    letter = judge.text("article.letter")
    assert "Request for mutual legal assistance" in letter
    assert "no milder means is at hand" in letter


async def test_it_is_issued_in_two_steps(full_screen: Screen, samples: Samples) -> None:
    judge = full_screen.signed_in("judge")
    await judge.get(f"/desk/issue/{samples.draft}")
    (issue,) = {a.get("href") for a in judge.tree.cssselect(".actions a") if a.text_content() == "Issue it"}
    await judge.get(issue)
    assert judge.tree.cssselect("input[name=capacity][value=issued][checked]")
    answer = await judge.post(
        issue,
        {
            "capacity": "issued",
            "authority": "Local Court (invented)",
            "function": "judge",
            "signed_on": "2026-11-21",
            "key": "a-key-of-the-test-0001",
        },
    )
    assert answer.status_code == 303, judge.text()
    signed = full_screen.records.states.latest(samples.draft).signed
    assert [(one.capacity, one.actor) for one in signed] == [("issued", "judge")]


@pytest.mark.parametrize("who", ["officer", "liaison", "auditor", "operator"])
async def test_others_have_no_such_page(who: str, full_screen: Screen, samples: Samples) -> None:
    visitor = full_screen.signed_in(who)
    assert (await visitor.get("/desk/issue")).status_code == 403
    assert (await visitor.get(f"/desk/issue/{samples.draft}")).status_code == 403


async def test_a_sent_request_is_no_longer_theirs_to_read(full_screen: Screen, samples: Samples) -> None:
    judge = full_screen.signed_in("judge")
    assert (await judge.get(f"/desk/issue/{samples.incoming}")).status_code == 404
