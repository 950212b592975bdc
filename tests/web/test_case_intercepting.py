"""Does the page of a case lead to the notice of an interception, and show what became of it?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.web import case_view
from schemas.moves import Acknowledge, Actor, AnswerNotice, Notified
from schemas.request import notice_only
from schemas.vocabulary import Measure, Role
from tests.flow.invented import OFFICER_DE, START
from tests.flow.lawful import Desk, asked, desk, to_intercept
from tests.web.changing import changed, latest
from tests.web.changing import filed as drafted
from tests.web.conftest import Screen
from tests.web.test_case_by_hand import filed
from tests.web.test_filing import begun, fields_of, say
from workflows.step import altered

EIO = "eu-eio"
TOLD = Notified(authority="Court in Lille (invented)", proof="receipt of the court")
PLACE = "section:has(> #interceptions)"


def links(screen: Screen) -> list[str]:
    return [each.get("href") for each in screen.tree.cssselect("main a")]


async def page_of(screen: Screen, house: Desk, language: str = "en") -> tuple[Screen, str]:
    """The page of the case as an officer sees it, and its address."""
    # the letters of a paper house lie in no vault
    house.case = altered(house.state, outbox=[])
    path = f"/desk/case/{filed(screen, house)}"
    officer = screen.signed_in("officer", language)
    answer = await officer.get(path)
    assert answer.status_code == 200, officer.text()
    return officer, path


async def test_notice_is_recorded_where_something_is_intercepted(full_screen: Screen) -> None:
    officer, path = await page_of(full_screen, desk(to_intercept(), EIO))
    assert f"{path}/do/notified" in links(officer)
    assert f"{path}/do/answer-notice" not in links(officer)
    form = await officer.get(f"{path}/do/notified")
    assert form.status_code == 200
    assert {"authority", "proof"} <= fields_of(officer).keys()
    assert "When was it received there?" in officer.text()


async def test_no_notice_is_offered_where_nothing_is_intercepted(full_screen: Screen) -> None:
    officer, path = await page_of(full_screen, desk(to_intercept(measures=(Measure.TESTIMONY,)), EIO))
    assert f"{path}/do/notified" not in links(officer)


@pytest.mark.parametrize(
    ("after", "answer", "says"),
    [
        (timedelta(), None, "None yet"),
        (timedelta(hours=96), None, "What silence means, the source does not say."),
        (timedelta(), AnswerNotice(answer="lets-run", by_post=True), "It may run"),
        (
            timedelta(),
            AnswerNotice(answer="objects", product="conditions", reasons="Only there.", by_post=True),
            "Objection: it stops or does not start",
        ),
    ],
    ids=["waits", "silence", "lets-run", "objects"],
)
async def test_what_became_of_the_notice_stands_on_the_page(
    full_screen: Screen, after: timedelta, answer: AnswerNotice | None, says: str
) -> None:
    house = desk(to_intercept(), EIO)
    house.made(OFFICER_DE, TOLD)
    house.until(START + after)
    if answer is not None:
        house.made(OFFICER_DE, answer)
    officer, path = await page_of(full_screen, house)
    told = officer.text(PLACE)
    assert TOLD.authority in told
    assert says in told
    if answer is None:
        assert (await officer.get(f"{path}/do/answer-notice?by_post=1")).status_code == 200
        assert "It may run" in officer.text()
    elif answer.reasons:
        assert answer.reasons in told


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("fr", "Notification d’une interception"),
        ("es", "Notificación de una interceptación"),
        ("ar", "إشعار باعتراض الاتصالات"),
    ],
)
async def test_a_notice_that_came_is_answered_and_never_decided(
    full_screen: Screen, language: str, says: str
) -> None:
    house = asked(to_intercept(requesting="FR", requested="DE", notice_only=True), EIO)
    own = Actor(id="officer", house="de", roles=(Role.OFFICER,))
    house.made(own, Acknowledge())
    officer, path = await page_of(full_screen, house, language)
    assert f"{path}/do/answer-notice" in links(officer)
    assert f"{path}/do/decide" not in links(officer)
    assert f"{path}/do/close" not in links(officer), "an objection may come"
    house.made(own, AnswerNotice(answer="lets-run"))
    assert case_view.fits(own, house.state, "close")
    assert says in officer.text(PLACE)


async def test_a_notice_alone_is_filed_without_the_contents_of_a_request(screen: Screen) -> None:
    officer = screen.signed_in("officer")
    page = (await officer.get(await begun(officer))).headers["location"]
    page = await say(officer, page, requested="FR")
    page = await say(officer, page, measures=["interception"])
    assert page.endswith("/notice")
    page = await say(officer, page, notice_only=["yes"])
    seen = [page]
    while not page.endswith("/check"):
        page = await say(officer, page)
        seen.append(page)
    assert not [each for each in seen if "/contents-" in each]
    await officer.get(page)
    assert "Is it only notice of an interception? Yes" in officer.text()


async def test_what_became_a_request_after_all_is_asked_for_its_contents(screen: Screen) -> None:
    officer = screen.signed_in("officer")
    page = (await officer.get(await begun(officer))).headers["location"]
    measures = await say(officer, page, requested="FR")
    await say(officer, await say(officer, measures, measures=["interception"]), notice_only=["yes"])
    page = await say(officer, measures, measures=["testimony"])
    seen = [page]
    while not page.endswith("/check"):
        page = await say(officer, page)
        seen.append(page)
    assert [each for each in seen if "/contents-" in each]


async def test_a_draft_that_asks_for_something_else_is_no_mere_notice(screen: Screen) -> None:
    officer = screen.signed_in("officer")
    ref = await drafted(screen, to_intercept(requesting="DE", requested="FR", notice_only=True))
    await officer.get(f"/desk/case/{ref}")
    assert not [each for each in links(officer) if "/contents-" in each], (
        "nothing is asked that would want them"
    )
    await changed(officer, ref, "measures", measures=["testimony"])
    now = latest(screen, ref).request
    assert now.measures == (Measure.TESTIMONY,)
    assert not notice_only(now)
    await officer.get(f"/desk/case/{ref}")
    assert [each for each in links(officer) if "/contents-" in each]
