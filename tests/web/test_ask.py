"""Does the page that asks the law answer with the verdict first, and say of everything where it stands?"""

from __future__ import annotations

import json
from datetime import date

import pytest

from desk.web import cited
from desk.web.answer import answer_of
from desk.web.cited import Voice
from schemas.reasoning import Question
from schemas.vocabulary import Kind, Measure
from tests.desk.conftest import PEOPLE
from tests.web.conftest import Screen
from treaties.answer_json import as_json
from treaties.basis import find_bases
from treaties.registry import Registry
from treaties.tongue import tongue

CONTENT = "/desk/ask?from=DE&to=US&measure=stored-content&on=2026-11-22"
SURRENDER = "/desk/ask?from=DE&to=GB&kind=extradition&on=2026-11-22"
FRENCH = "/desk/ask?from=FR&to=DE&measure=bank-records&measure=stored-content&offence=fraud&on=2026-11-22"
TODAY = date(2026, 11, 22)


@pytest.fixture
def officer(screen: Screen) -> Screen:
    return screen.signed_in("officer")


@pytest.mark.parametrize("who", sorted(PEOPLE))
async def test_everybody_of_the_house_may_ask(screen: Screen, who: str) -> None:
    visitor = screen.signed_in(who)
    answer = await visitor.get(CONTENT)
    assert answer.status_code == 200
    assert visitor.text(".lead-text") == "Yes. Legal basis: Budapest Convention."


async def test_the_empty_form_asks_for_what_the_house_may_want(officer: Screen) -> None:
    answer = await officer.get("/desk/ask")
    assert answer.status_code == 200
    assert officer.tree.cssselect("#f-from option[selected]")[0].get("value") == "DE"
    assert officer.text("h1") == "Ask the law"


async def test_the_chosen_basis_says_why_and_cites_with_the_age_of_its_source(officer: Screen) -> None:
    await officer.get(CONTENT)
    chosen = officer.text(".chosen")
    assert "Germany has been bound by it since 1 July 2009." in chosen
    assert "Article 25(4)" in chosen
    assert "years ago" in officer.text(".chosen .cites")
    assert "Recalled" in chosen
    first = officer.tree.cssselect(".chosen .reasons > li > details")[0]
    assert first.get("open") is not None
    number = officer.tree.cssselect(".chosen .cites a.note")[0].get("href")
    assert officer.tree.cssselect(f"ol.sources li{number}")


async def test_every_other_basis_says_why_it_comes_after(officer: Screen) -> None:
    await officer.get(CONTENT)
    cards = officer.tree.cssselect("section[aria-labelledby=others] article")
    assert len(cards) > 3
    assert all("Budapest Convention" in card.text_content() for card in cards)
    rejected = officer.text("section[aria-labelledby=rejected]")
    assert "First Protocol to the Budapest Convention" in rejected
    assert "not among its parties" in rejected


async def test_the_reasons_of_another_candidate_are_shown_on_request(officer: Screen) -> None:
    await officer.get(CONTENT)
    link = officer.tree.cssselect("#basis-coe-mla-1959 a[href*='why=']")[0].get("href")
    answer = await officer.get(link)
    assert officer.text("#basis") == "European MLA Convention"
    assert "Why not this one" in officer.text()
    assert officer.tree.cssselect(".chosen .reasons details")
    assert len(answer.content) < 100_000


async def test_open_questions_are_answered_in_place_and_then_are_open_no_more(officer: Screen) -> None:
    await officer.get(SURRENDER)
    form = officer.tree.cssselect(".open-questions form")[0]
    names = {each.get("name") for each in form.cssselect("input, select")}
    assert {"offence", "max_from", "max_to", "nationality", "age"} <= names
    carried = {each.get("name"): each.get("value") for each in form.cssselect("input[type=hidden]")}
    assert (carried["from"], carried["to"], carried["kind"]) == ("DE", "GB", "extradition")
    await officer.get(
        SURRENDER, params={**carried, "offence": "fraud", "max_from": "10y", "max_to": "10y", "age": "30"}
    )
    assert "maximum penalty reaches the threshold" in officer.text(".chosen")
    still = {each.get("name") for each in officer.tree.cssselect(".open-questions [id^=f-]")}
    assert not {"max_from", "age"} & still


async def test_what_extradition_asks_for_need_not_be_ticked(officer: Screen) -> None:
    await officer.get(SURRENDER)
    assert "surrender" in officer.text("h1").lower()


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ("from=DE&measure=stored-content", "to", "Choose the State that is asked."),
        ("from=DE&to=DE&measure=stored-content", "to", "two different States"),
        ("from=DE&to=US", "measure", "at least one thing"),
        ("from=DE&to=QQ&measure=stored-content", "to", "of the list"),
        ("from=DE&to=US&measure=stored-content&on=soon", "on", "year, month and day"),
        ("from=DE&to=US&measure=stored-content&on=2026-02-30", "on", "year, month and day"),
        ("from=DE&to=US&measure=stored-content&age=old", "age", "full years"),
        ("from=DE&to=US&measure=stored-content&offence=fraud&max_to=much", "max_to", "10y"),
        ("from=DE&to=US&measure=stored-content&max_to=10y", "offence", "Choose the offence"),
        ("from=DE&to=US&measure=stored-content&offence=no-such", "offence", "no-such"),
        ("from=DE&to=US&measure=stored-content&provider=no-such", "provider", "no-such"),
        ("from=DE&to=US&measure=stored-content&kind=no-such", "kind", "no-such"),
        ("from=DE&to=US&measure=stored-content&on=1700-01-01", "on", "the registry knows neither"),
    ],
)
async def test_bad_input_is_named_with_its_field_and_kept(
    officer: Screen, query: str, field: str, says: str
) -> None:
    answer = await officer.get(f"/desk/ask?{query}")
    assert answer.status_code == 422
    link = officer.tree.cssselect(".wrong-summary a")[0]
    assert (link.get("href"), says in link.text_content()) == (f"#f-{field}", True), link.text_content()
    assert officer.tree.cssselect("#f-from option[selected]")[0].get("value") == "DE"


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\"'><img src=x>", "\u202eDE", "A" * 5000])
@pytest.mark.parametrize("field", ["from", "on", "max_from", "provider", "measure", "why", "kind"])
async def test_hostile_input_is_shown_as_text(officer: Screen, field: str, hostile: str) -> None:
    pairs = {"from": "DE", "to": "US", "measure": "stored-content", "offence": "fraud", field: hostile}
    answer = await officer.get("/desk/ask", params=pairs)
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text


async def test_french_speaks_french_law_and_says_that_it_is_a_draft(screen: Screen) -> None:
    visitor = screen.signed_in("officer", "fr")
    await visitor.get(CONTENT)
    assert "Convention de Budapest" in visitor.text(".lead-text")
    assert "Traduction provisoire" in visitor.text(".notice")


async def test_arabic_speaks_arabic_law_with_english_titles_kept_apart(screen: Screen) -> None:
    visitor = screen.signed_in("officer", "ar")
    await visitor.get(CONTENT)
    reasons = visitor.text(".chosen .reasons")
    assert "الدولة ملزمة به منذ" in reasons
    assert "\u2068Budapest Convention\u2069" in reasons
    assert "ترجمة أولية" in visitor.text(".notice")


async def test_a_language_the_law_does_not_speak_shows_it_in_english_marked(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cited, "tongue", lambda registry, _: tongue(registry, "en"))
    visitor = screen.signed_in("officer", "ar")
    await visitor.get(CONTENT)
    said = visitor.tree.cssselect(".chosen .reasons [lang=en]")
    assert said
    assert {each.get("dir") for each in said} == {"ltr"}
    assert visitor.tree.cssselect(".notice")


async def test_a_page_stays_light(officer: Screen) -> None:
    for path in (CONTENT, SURRENDER, f"{CONTENT}&why=cat&why=uncac", FRENCH):
        answer = await officer.get(path)
        assert len(answer.content) < 100_000, path


async def test_nothing_known_is_said_as_plainly(officer: Screen) -> None:
    await officer.get("/desk/ask?from=DE&to=US&measure=stored-content&known_on=2020-01-01")
    assert "Not certain" in officer.text(".lead-text")
    assert "nothing was recorded yet" in officer.text()


def test_an_answer_recorded_in_english_is_said_in_the_visitors_language(registry: Registry) -> None:
    question = Question("DE", "US", Kind.MLA, (Measure.STORED_CONTENT,), TODAY)
    recorded = json.loads(json.dumps(as_json(find_bases(registry, question), registry)))
    fresh = as_json(find_bases(registry, question), registry, "fr")
    said = answer_of(recorded, Voice(registry, "fr", TODAY), chosen="de-us-mla")
    meant = answer_of(fresh, Voice(registry, "fr", TODAY), chosen="de-us-mla")
    assert said == meant
    assert said.chosen is not None
    assert said.chosen.key == "de-us-mla"


def test_older_answers_that_tell_less_can_still_be_shown(registry: Registry) -> None:
    question = Question("DE", "US", Kind.MLA, (Measure.STORED_CONTENT,), TODAY)
    told = as_json(find_bases(registry, question), registry)
    for name in ("gates", "notice", "language"):
        told.pop(name)
    for one in told["candidates"]:
        for name in ("because", "duties", "issuers", "provider", "binding", "addressee"):
            one.pop(name, None)
    shown = answer_of(told, Voice(registry, "en", TODAY))
    assert shown.chosen is not None
    assert shown.chosen.because


@pytest.mark.parametrize(
    ("text", "way"),
    [("Article 25", "ltr"), ("\u2068Budapest\u2069: نافذ", "rtl"), ("25(1)", "ltr"), ("", "ltr")],
)
def test_a_text_runs_from_the_right_as_soon_as_a_letter_of_it_does(text: str, way: str) -> None:
    assert cited.direction_of(text) == way
