"""Is the way of those who issue and validate short, and only theirs?"""

from __future__ import annotations

import pytest

from tests.web.changing import fields
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


async def test_what_is_not_signed_goes_back_with_a_reason(full_screen: Screen, samples: Samples) -> None:
    """Nobody has to hand the case over first; the office sees the reason where it looks in the morning."""
    judge = full_screen.signed_in("judge")
    await judge.get(f"/desk/issue/{samples.draft}")
    ways = {each.text_content().strip(): each.get("href") for each in judge.tree.cssselect(".actions a")}
    back = ways["Return it with a reason"]
    await judge.get(back)
    assert (await judge.post(back, {**fields(judge), "reason": ""})).status_code == 422
    assert judge.tree.cssselect(".wrong-summary a")[0].get("href") == "#f-reason"
    reason = "The facts do not carry the measure <b>yet</b>."
    answer = await judge.post(back, {**fields(judge), "reason": reason})
    assert answer.status_code == 303, judge.text()
    await judge.get(f"/desk/issue/{samples.draft}")
    assert reason in judge.text()
    officer = full_screen.signed_in("officer")
    await officer.get("/desk/")
    assert "Sent back by the issuing authority" in officer.text()
    await officer.get(f"/desk/case/{samples.draft}")
    assert "The issuing authority sent it back with a reason" in officer.text("#live .notice")
    assert reason in officer.text()
    await officer.get(f"/desk/case/{samples.draft}/do/send-back")
    assert officer.last is not None
    assert officer.last.status_code == 403


async def test_what_was_handed_over_is_returned_to_its_holder(full_screen: Screen, samples: Samples) -> None:
    officer, judge = full_screen.signed_in("officer"), full_screen.signed_in("judge")
    await officer.get(f"/desk/case/{samples.draft}/do/offer")
    to = {"receiver.function": "district-court", "receiver.actor": "judge", "why": "to sign"}
    answer = await officer.post(f"/desk/case/{samples.draft}/do/offer", {**fields(officer), **to})
    assert answer.status_code == 303, officer.text()
    await judge.get(f"/desk/issue/{samples.draft}")
    ways = {each.text_content().strip(): each.get("href") for each in judge.tree.cssselect(".actions a")}
    back = ways["Return it with a reason"]
    assert back.endswith("/do/return")
    await judge.get(back)
    answer = await judge.post(back, {**fields(judge), "reason": "Not for this court."})
    assert answer.status_code == 303, judge.text()
    (passing,) = full_screen.records.states.latest(samples.draft).handoffs
    assert (passing.status.value, passing.reason) == ("returned", "Not for this court.")
