"""What stands on the page of a case, for whom, and what never does?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from desk.web import case_view, case_way
from desk.web.case_picture import APART, MOST_MARKS, picture_of
from desk.web.case_view import next_limit, seen_of
from desk.who import Sight
from schemas.case import Gap
from schemas.facets import SurrenderMade
from schemas.moves import Actor
from schemas.vocabulary import Role
from tests.desk.conftest import MARK, request_json
from tests.web.conftest import Screen
from tests.web.samples import MATTER, Samples

EVERY = ("", "/history", "/people", "/law", "/evidence", "/custody", "/letters", "/documents", "/record")
HOSTILE = "<script>window.hacked = 1</script>\"'><img src=x>\u05d0"


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
            assert not officer.tree.cssselect("[style], main script, [onclick]")


async def test_what_matters_comes_first(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get(path(samples.sent))
    assert officer.text("h1") == samples.sent
    standing = officer.text(".standing")
    for word in ("Acknowledged", "The other side", "Decide on the request", "US-MLA-2026-80001", MATTER):
        assert word in standing, word
    headings = [each.text_content() for each in officer.tree.cssselect("h2")]
    assert headings.index("How it stands") < headings.index("Timeline") < headings.index("Time limits")


async def test_a_draft_says_what_comes_before_it_leaves_and_who_does_it(
    full_screen: Screen, samples: Samples
) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get(path(samples.draft))
    steps = officer.tree.cssselect(".way-steps > li")
    assert len(steps) == 4
    (now,) = [number for number, each in enumerate(steps) if each.get("aria-current") == "step"]
    assert now == 2
    # What is surely refused is not offered, and what the judge may do holds nothing up.
    assert officer.text(".standing a.button:not(.second)") == "Amend the request"
    assert not officer.tree.cssselect(".standing a[href$='/do/send']")
    await officer.get(path(samples.sent))
    assert not officer.tree.cssselect(".way-steps")
    auditor = full_screen.signed_in("auditor")
    await auditor.get(path(samples.draft))
    assert not auditor.tree.cssselect(".way-steps")


async def test_where_the_case_is_on_offer_stands_above(full_screen: Screen, samples: Samples) -> None:
    records, shown = full_screen.records, 0
    officer = full_screen.signed_in("officer")
    for ref in samples.all():
        state = records.states.latest(ref)
        offered = any(each.status == "offered" for each in state.handoffs)
        await officer.get(path(ref))
        assert ("to be accepted by" in officer.text(".standing")) is offered, ref
        shown += offered
    assert shown


async def test_what_stops_a_draft_leads_to_the_field_that_mends_it(
    full_screen: Screen, samples: Samples
) -> None:
    records = full_screen.records
    state = records.states.latest(samples.draft)
    codes = {"necessity": "necessity", "content": "facts", "urgency-reason": "urgency_reason"}
    gaps = [Gap(code=code, field=field) for code, field in codes.items()]
    state = state.model_copy(update={"gaps": [*gaps, Gap(code="basis"), Gap(code="issuance")]})
    officer = full_screen.signed_in("officer")
    actor = Actor(id="officer", house=state.house, roles=(Role.OFFICER,), agency="central-authority")
    visitor: Any = SimpleNamespace(who=actor, say=lambda text, **_: text)
    steps = case_way.way_of(visitor, state, Sight.FULL)
    assert [(step.done, step.next) for step in steps] == [(False, True), *[(False, False)] * 3]
    assert [one.code for one in steps[0].missing] == [*codes, "basis"]
    for one in steps[0].missing:
        address, _, place = one.address.partition("#")
        assert (await officer.get(address)).status_code == 200, one
        assert not place or officer.tree.xpath("//*[@id=$id]", id=place), one
        assert one.code == "basis" or len(officer.tree.cssselect("main form")) == 1
    assert case_way.lead(state) == "amend"


async def test_the_picture_has_a_title_and_tables_that_say_the_same(
    full_screen: Screen, samples: Samples
) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get(path(samples.sent))
    (picture,) = officer.tree.cssselect("svg.picture")
    assert picture.get("role") == "img"
    assert samples.sent in officer.text("#life-title")
    drawn = {each.text_content() for each in officer.tree.cssselect("g.mark text")}
    await officer.get(path(samples.sent, "/history"))
    told = {row.cssselect("td")[0].text_content() for row in officer.tree.cssselect("tbody tr")}
    assert drawn <= told
    assert len(drawn) == 14


async def test_a_liaison_sees_where_it_stands_and_no_more(full_screen: Screen, samples: Samples) -> None:
    liaison = full_screen.signed_in("liaison")
    answer = await liaison.get(path(samples.sent))
    assert answer.status_code == 200
    assert "Acknowledged" in liaison.text()
    for hidden in (MATTER, "For which period?", "csam", "Court (invented)", "subscriber"):
        assert hidden not in answer.text, hidden
    for part in ("/history", "/people", "/law", "/evidence", "/custody", "/letters"):
        assert (await liaison.get(path(samples.sent, part))).status_code == 403, part


async def test_an_auditor_sees_the_record_without_words(full_screen: Screen, samples: Samples) -> None:
    auditor = full_screen.signed_in("auditor")
    answer = await auditor.get(path(samples.sent))
    assert answer.status_code == 200
    assert "More information asked for" in auditor.text()
    for hidden in ("For which period?", "From 2 August", "as required (invented)", "no milder means"):
        assert hidden not in answer.text, hidden
    assert not auditor.tree.cssselect(".buttons a")
    for part, status in (
        ("/history", 200),
        ("/people", 200),
        ("/custody", 200),
        ("/law", 403),
        ("/letters", 403),
    ):
        assert (await auditor.get(path(samples.sent, part))).status_code == status, part


@pytest.mark.parametrize("who", ["court-officer", "treaty-desk", "operator"])
async def test_others_are_not_told_that_it_is_there(who: str, full_screen: Screen, samples: Samples) -> None:
    visitor = full_screen.signed_in(who)
    answer = await visitor.get(path(samples.sent))
    assert answer.status_code in (403, 404)
    assert "Acknowledged" not in answer.text


async def test_looking_is_noted_and_shown(full_screen: Screen, samples: Samples) -> None:
    approver, officer = full_screen.signed_in("approver"), full_screen.signed_in("officer")
    await approver.get(path(samples.sent))
    await officer.get(path(samples.sent, "/people"))
    rows = [row.text_content() for row in officer.tree.cssselect("tbody tr")]
    assert any("approver" in row and "case (full)" in row for row in rows)
    assert any("liaison" in row and "Where it stands" in row for row in rows)


async def test_an_unknown_case_is_not_found(full_screen: Screen) -> None:
    officer = full_screen.signed_in("officer")
    for ref in ("DE-MLA-2026-99999", "no/such/case", "..%2f..%2fetc"):
        assert (await officer.get(path(ref))).status_code == 404, ref
    assert (await officer.get(path("DE-MLA-2026-99999", "/history?from=-1"))).status_code == 422


async def test_only_what_the_role_may_do_is_offered(full_screen: Screen, samples: Samples) -> None:
    wanted = {"officer": "#request", "approver": "/do/approve", "judge": "/do/issue"}
    for who, move in wanted.items():
        visitor = full_screen.signed_in(who)
        await visitor.get(path(samples.waiting))
        links = [each.get("href").partition("?")[0] for each in visitor.tree.cssselect(".standing a")]
        assert path(samples.waiting, move) in links, who
        for other in set(wanted.values()) - {move, "#request"}:
            assert path(samples.waiting, other) not in links, (who, other)


async def test_what_came_by_post_is_two_clicks_away(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get(path(samples.paper))
    first = next(a for a in officer.tree.cssselect(".buttons a") if a.text_content() == "Record what came")
    await officer.get(first.get("href"))
    second = {each.text_content(): each.get("href") for each in officer.tree.cssselect("ul.ways a")}
    assert second["They confirmed receipt"] == path(samples.paper, "/do/acknowledge?by_post=1")
    answer = await officer.get(second["They confirmed receipt"])
    assert answer.status_code == 200
    names = {each.get("name") for each in officer.tree.cssselect("main form [name]")}
    assert {"happened_at", "their_ref", "scan~file", "key", "csrf"} <= names


async def test_hostile_texts_stay_texts(full_screen: Screen) -> None:
    office = full_screen.office
    body = request_json(contents={"requesting-authority": HOSTILE}, urgency_reason=HOSTILE, urgent=True)
    from desk.border import request_from_json
    from schemas.moves import Actor, FileRequest
    from schemas.vocabulary import Role

    actor = Actor(id="officer", house="de", roles=(Role.OFFICER,))
    filed = FileRequest(request=request_from_json(body), matter=HOSTILE.replace("\u05d0", ""))
    reply = await office.file(actor, filed, "hostile-case-0001")
    officer = full_screen.signed_in("officer")
    for part in (*EVERY, "/change/urgency", "/change/contents-requesting-authority"):
        answer = await officer.get(path(reply.ref, part))
        assert "<script>window" not in answer.text, part
        assert "<img src=x>" not in answer.text, part
    await officer.get(path(reply.ref))
    assert HOSTILE in officer.text()
    answer = await officer.get("/desk/matters")
    assert "<script>window" not in answer.text
    assert MARK not in officer.text("title")


async def test_what_would_be_refused_for_sure_is_not_offered(full_screen: Screen, samples: Samples) -> None:
    """Nobody is arrested who is in custody, nor released who is not."""
    held = full_screen.records.states.latest(samples.extradition)
    assert held.person is not None
    officer = Actor(id="officer", house="de", roles=(Role.OFFICER,))
    for detained in (True, False):
        over = None if detained else held.updated
        terms = [term.model_copy(update={"released": over}) for term in held.person.detentions]
        assert terms
        state = held.model_copy(update={"person": held.person.model_copy(update={"detentions": terms})})
        assert case_view.fits(officer, state, "release-person") is detained
        assert case_view.fits(officer, state, "arrest") is not detained


async def test_what_the_case_waits_for_comes_first(full_screen: Screen, samples: Samples) -> None:
    """Not what it would bear as well: weighing what was weighed, granting what was granted."""
    case = full_screen.records.states.latest(samples.extradition)
    assert case.person is not None
    [food] = case.person.assurances

    def first(status: str, **person: object) -> set[str]:
        wanted = case.person.model_copy(update=person) if case.person else None
        return set(case_view.first_of(case.model_copy(update={"status": status, "person": wanted})))

    asked = food.model_copy(update={"given": None, "checked": None})
    given = food.model_copy(update={"given": case.updated, "checked": None})
    weighed = food.model_copy(update={"given": case.opened, "checked": case.updated})
    about = {"assurance", "check-assurance"}
    assert first("court", assurances=[asked]) & about == {"assurance"}
    assert first("court", assurances=[given]) & about == {"check-assurance"}
    assert first("court", assurances=[weighed]) & about == set()
    assert {"court", "decide"} <= first("court")
    assert not {"court", "decide"} & first("surrender-fixed")
    lent = SurrenderMade(at=case.updated, place="airport (invented)", custody_days=1, temporary=True)
    back = lent.model_copy(update={"returned": case.updated})
    ends = {"returned-person", "discharged"}
    assert first("surrendered", surrenders=[lent]) & ends == {"returned-person"}
    assert first("surrendered", surrenders=[back]) & ends == {"discharged"}


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
async def test_the_page_speaks_each_language(language: str, full_screen: Screen, samples: Samples) -> None:
    visitor = full_screen.signed_in("officer", language)
    answer = await visitor.get(path(samples.extradition))
    assert answer.status_code == 200
    assert visitor.tree.get("lang") == language
    assert visitor.tree.cssselect("bdi[dir=ltr].id")


# --- the picture ----------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def moved(number: int, event: str, house: str = "de", status: str = "sent") -> dict[str, object]:
    at = (NOW - timedelta(days=100 - number)).isoformat()
    return {"move": number, "event": event, "house": house, "status": status, "at": at}


def test_no_picture_before_the_first_move() -> None:
    assert picture_of("de", [], [], [], NOW) is None


def test_marks_never_cover_each_other() -> None:
    at_once = [{**moved(1, "send"), "move": number} for number in range(1, 20)]
    picture = picture_of("de", [*at_once, moved(90, "close")], [], [], NOW)
    assert picture is not None
    places = sorted(mark.x for mark in picture.marks[-2:])
    assert places[1] - places[0] >= APART
    assert all(picture.left <= mark.x <= picture.right for mark in picture.marks)


def test_a_long_life_is_drawn_by_what_changed_it() -> None:
    moves = [moved(number, "inform") for number in range(1, 90)] + [moved(90, "close", status="closed")]
    picture = picture_of("de", moves, [], [], NOW)
    assert picture is not None
    assert [mark.number for mark in picture.marks] == [1, 90]
    assert picture.left_out == 88
    busy = [moved(number, "send", status=f"s{number}") for number in range(1, 90)]
    picture = picture_of("de", busy, [], [], NOW)
    assert picture is not None
    assert len(picture.marks) == MOST_MARKS


def test_waiting_is_shaded_until_the_answer() -> None:
    moves = [moved(1, "send"), moved(10, "question", "us", "supplementing"), moved(20, "answer")]
    picture = picture_of("de", moves, [], [], NOW)
    assert picture is not None
    (pause,) = picture.pauses
    assert pause.width > 0
    assert picture.marks[1].x == pytest.approx(pause.x, abs=0.1)


def test_a_limit_that_ends_after_the_picture_is_not_drawn_as_ending_in_it() -> None:
    dues = [NOW + timedelta(days=days) for days in (180, 3650)]
    running = [{**limit(due=due.isoformat()), "started": NOW.isoformat(), "closed": None} for due in dues]
    picture = picture_of("de", [moved(90, "send")], [], running, NOW)
    assert picture is not None
    assert [span.beyond for span in picture.limits] == [False, True]
    assert picture.limits[0].x + picture.limits[0].width < picture.right


def limit(**changes: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "status": "running",
        "due": NOW.isoformat(),
        "nature": "must",
        "clock": "decide",
    }
    return whole | changes


def test_what_comes_next_is_what_somebody_must_do() -> None:
    ends = limit(nature="ends", clock="preserve", due=(NOW + timedelta(days=1)).isoformat())
    must = limit(due=(NOW + timedelta(days=9)).isoformat())
    found = next_limit([ends, must], NOW)
    assert found is not None
    assert (found["clock"], found["tone"]) == ("decide", "plain")
    assert next_limit([limit(status="met")], NOW) is None
    late = next_limit([limit(due=(NOW - timedelta(hours=1)).isoformat())], NOW)
    assert late is not None
    assert late["tone"] == "late"


def test_what_may_not_be_seen_is_as_what_is_not_there() -> None:
    seen = seen_of({"a": [{"b": 1}]})
    assert seen["a"][0]["b"] == 1
    assert seen["c"] is None
    assert seen["a"][0]["c"] is None


async def test_the_short_path_is_in_the_menu_of_those_who_issue(
    full_screen: Screen, samples: Samples
) -> None:
    for who, there in (("judge", True), ("officer", False)):
        visitor = full_screen.signed_in(who)
        await visitor.get("/desk/matters")
        links = [each.get("href") for each in visitor.tree.cssselect("nav.rooms a")]
        assert ("/desk/issue" in links) is there, who


async def test_names_of_the_law_are_told_or_marked_as_english(full_screen: Screen, samples: Samples) -> None:
    """Whoever reads aloud has to know in which language a name stands (WCAG 3.1.2)."""
    names = "//h2[@id='law']/following-sibling::dl[1]/div[1]/dd/bdi | //*[@id='f-offence-1-slug']//bdi"
    found = {}
    for language in ("en", "fr", "ar"):
        officer = full_screen.signed_in("officer", language)
        await officer.get(path(samples.waiting))
        found[language] = [(each.text_content(), each.get("lang")) for each in officer.tree.xpath(names)]
    english = [name for name, _ in found["en"]]
    assert len(english) == 2
    assert not any(lang for _, lang in found["en"])
    for language in ("fr", "ar"):
        assert all((name not in english) is (lang is None) for name, lang in found[language]), found[language]
