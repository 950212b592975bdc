"""Do the pages of the law show what the registry holds, on any day, with where it stands?"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from desk.web import law_pair, law_words
from desk.web.cited import Voice
from schemas.vocabulary import Act, Verdict
from tests.desk.conftest import PEOPLE
from tests.web.conftest import Screen
from treaties.force import linked
from treaties.held import RULE_LISTS
from treaties.registry import Registry

TODAY = date(2026, 11, 22)
PAGES = (
    "/desk/law",
    "/desk/law?q=german",
    "/desk/law/pair",
    "/desk/law/state/DE",
    "/desk/law/state/US",
    "/desk/law/state/HK",
    "/desk/law/instrument/budapest",
    "/desk/law/instrument/untoc",
    "/desk/law/instrument/budapest/parties",
    "/desk/law/pair/DE/US",
    "/desk/law/pair/FR/IT?on=1950-01-01",
)


@pytest.fixture
def officer(screen: Screen) -> Screen:
    return screen.signed_in("officer")


@pytest.mark.parametrize("who", sorted(PEOPLE))
async def test_everybody_of_the_house_may_read_the_law(screen: Screen, who: str) -> None:
    visitor = screen.signed_in(who)
    assert (await visitor.get("/desk/law/state/DE")).status_code == 200


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("path", PAGES)
async def test_pages_are_light_and_have_one_heading(screen: Screen, path: str, language: str) -> None:
    visitor = screen.signed_in("treaty-desk", language)
    answer = await visitor.get(path)
    assert answer.status_code == 200
    assert len(answer.content) < 100_000
    assert len(visitor.tree.cssselect("h1")) == 1
    assert not visitor.tree.cssselect("[style]")
    ids = [each.get("id") for each in visitor.tree.cssselect("[id]")]
    assert len(ids) == len(set(ids))


async def test_a_word_finds_states_and_instruments(officer: Screen) -> None:
    await officer.get("/desk/law?q=lanzarote")
    assert officer.tree.cssselect("a[href='/desk/law/instrument/lanzarote']")
    await officer.get("/desk/law?q=cote d")
    assert "Côte d’Ivoire" in officer.text("ul.list-links")
    await officer.get("/desk/law?q=zzzz")
    assert "Nothing has this in its name" in officer.text()


async def test_a_state_tells_what_binds_it_since_when_and_who_acts(officer: Screen) -> None:
    await officer.get("/desk/law/state/DE?on=2026-11-22")
    text = officer.text()
    assert "Germany has been bound by it since 1 July 2009." in text
    assert "Federal" in text
    assert "Council of Europe" in text
    assert "years ago" in officer.text(".cites")
    await officer.get("/desk/law/state/DE?on=2005-01-01")
    assert "Germany becomes bound by it only on 1 July 2009." in officer.text()


async def test_treaties_of_two_are_paged_and_none_is_lost(officer: Screen, registry: Registry) -> None:
    known = {
        key
        for key, row in registry.instruments.items()
        if len(row.states) == 2
        and "US" in row.states
        and row.form.value in ("bilateral", "executive-agreement")
    }
    path, found, pages = "/desk/law/state/US", set[str](), 0
    while path:
        await officer.get(path)
        pages += 1
        links = officer.tree.cssselect("[aria-labelledby=two] th a[href^='/desk/law/instrument/']")
        found |= {each.get("href").rpartition("/")[2] for each in links}
        more = officer.tree.cssselect("nav.more a")
        path = more[0].get("href").partition("#")[0] if more else ""
        assert pages < 20
    assert known <= found


async def test_an_instrument_tells_its_rules_with_their_places(officer: Screen) -> None:
    await officer.get("/desk/law/instrument/budapest?on=2026-11-22")
    assert officer.text("h1") == "Budapest Convention"
    assert "Article 25(1)" in officer.text("section")
    assert "are bound by it on 22 November 2026" in officer.text()


async def test_parties_are_told_as_known_and_on_a_day(officer: Screen) -> None:
    path, codes = "/desk/law/instrument/budapest/parties?on=2026-11-22", set[str]()
    while path:
        await officer.get(path)
        codes |= {each.get("href")[-2:] for each in officer.tree.cssselect("tbody th a")}
        more = officer.tree.cssselect("nav.more a")
        path = more[0].get("href") if more else ""
    assert {"DE", "US", "JP", "BR"} <= codes


async def test_a_pair_has_the_days_of_change_and_marks_the_chosen_one(officer: Screen) -> None:
    await officer.get("/desk/law/pair/DE/US?on=2009-11-01")
    current = officer.tree.cssselect(".time-days [aria-current=date]")
    assert [each.get("href") for each in current] == ["/desk/law/pair/DE/US?on=2009-10-18"]
    assert "comes into force between them" in officer.text()
    titles = officer.text("table")
    assert "Budapest Convention" in titles
    await officer.get("/desk/law/pair/DE/US?on=2008-01-01")
    assert "Budapest Convention" not in officer.text("table")


async def test_the_slider_is_there_for_script_and_hidden_without(officer: Screen) -> None:
    await officer.get("/desk/law/pair/DE/US?on=2009-11-01")
    slider = officer.tree.cssselect("[data-range]")[0]
    assert slider.get("hidden") is not None
    number = int(slider.cssselect("input[type=range]")[0].get("value"))
    days = officer.tree.cssselect(".time-days a")
    assert days[number].get("aria-current") == "date"


async def test_both_directions_have_their_own_law(officer: Screen) -> None:
    await officer.get("/desk/law/pair/DE/US?on=2026-11-22")
    cards = [each.text_content() for each in officer.tree.cssselect("article.card")]
    assert "28 U.S.C. 1782" in cards[0]
    assert "28 U.S.C. 1782" not in cards[1]
    assert officer.tree.cssselect("article a[href*='from=US&to=DE']")


async def test_choosing_a_pair_leads_to_it_or_says_what_is_wrong(officer: Screen) -> None:
    answer = await officer.get("/desk/law/pair?one=de&other=US&on=2020-01-01")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/law/pair/DE/US?on=2020-01-01")
    answer = await officer.get("/desk/law/pair?one=DE&other=DE")
    assert answer.status_code == 422
    assert officer.tree.cssselect(".wrong-summary a")[0].get("href") == "#f-other"
    answer = await officer.get("/desk/law/pair/DE/DE")
    assert answer.headers["location"] == "/desk/law/state/DE"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/desk/law/state/QQ", 422),
        ("/desk/law/state/%3Cscript%3E", 422),
        ("/desk/law/instrument/no-such", 422),
        ("/desk/law/instrument/no-such/parties", 422),
        ("/desk/law/pair/DE/QQ", 422),
        ("/desk/law/state/DE?known_on=2001-01-01", 404),
    ],
)
async def test_what_is_not_known_is_said_with_what_to_do(officer: Screen, path: str, status: int) -> None:
    answer = await officer.get(path)
    assert answer.status_code == status
    assert "What next" in officer.text()
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", ["/desk/law/state/DE", "/desk/law/pair/DE/US", "/desk/law/instrument/untoc"])
async def test_a_day_that_is_none_is_named_and_kept(officer: Screen, path: str) -> None:
    await officer.get(f"{path}?on=%22%3E%3Cb%3Enever")
    assert officer.tree.cssselect(".wrong-summary a")[0].get("href") == "#f-on"
    assert officer.tree.cssselect("#f-on")[0].get("value") == '"><b>never'


@pytest.mark.parametrize(("one", "other"), [("DE", "US"), ("FR", "IT"), ("HK", "GB"), ("KR", "JP")])
def test_between_two_days_of_change_nothing_changes(registry: Registry, one: str, other: str) -> None:
    """The verdict of every instrument is the same on the first and on the last day of each period."""
    voice = Voice(registry, "en", TODAY)
    days = [date.fromisoformat(each.on) for each in law_pair.days(voice, one, other)]
    for key in law_pair.candidates(registry, one, other):
        for start, end in pairwise(days):
            last = date.fromordinal(end.toordinal() - 1)
            for asking, asked in ((one, other), (other, one)):
                before = linked(registry, key, asking, asked, start).verdict
                after = linked(registry, key, asking, asked, last).verdict
                own = registry.instruments[key].states
                if len(own) == 1 and asked not in own:
                    continue
                assert before is after, (key, start, last)


def test_every_code_of_the_law_files_has_a_name_on_the_pages(registry: Registry) -> None:
    states = registry.jurisdictions.values()
    assert {one.legal_tradition for one in states} - law_words.TRADITIONS.keys() == {""}
    assert {one.death_penalty for one in states} - law_words.DEATH_PENALTY.keys() == {None}
    assert {row.organisation for one in states for row in one.memberships} <= law_words.ORGANISATIONS.keys()
    assert {row.function for one in states for row in one.authorities} <= law_words.FUNCTIONS.keys()
    assert {one.value for one in Act} == law_words.ACTS.keys()
    assert set(RULE_LISTS) == law_words.RULES.keys()


def test_links_hold_all_that_is_not_excluded(registry: Registry) -> None:
    voice = Voice(registry, "en", TODAY)
    found = {each.key for each in law_pair.links(voice, "DE", "US", TODAY)}
    for key in registry.candidates("DE", "US"):
        if not registry.of_nobody(key) and linked(registry, key, "DE", "US", TODAY).verdict is Verdict.YES:
            assert key in found
