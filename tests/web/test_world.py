"""Does the map of the world say the same as the law, in shapes as well as in words?"""

from __future__ import annotations

from datetime import date

import pytest

from desk.web import world
from schemas.vocabulary import Kind, Measure
from tests.web.conftest import Screen
from treaties import sweep
from treaties.registry import Registry
from treaties.standing import bound

TODAY = date(2026, 11, 22)
NOT_DRAWN = frozenset({"BQ", "CC", "CX", "GF", "GP", "MQ", "RE", "SJ", "TK", "YT", "EU"})
"""Drawn by the source as part of another, or not at all: they stand in the table only."""


@pytest.fixture
def officer(screen: Screen) -> Screen:
    return screen.signed_in("officer")


def test_every_place_of_the_registry_is_drawn_or_known_not_to_be(registry: Registry) -> None:
    drawn = world.outlines()
    assert set(registry.jurisdictions) - drawn.paths.keys() - drawn.dots.keys() == NOT_DRAWN


def test_outlines_lie_where_they_should() -> None:
    drawn = world.outlines()
    assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in drawn.dots.values())
    starts = {
        code: tuple(map(int, path[1:].partition("l")[0].split(",")))
        for code, path in drawn.paths.items()
        if "," in path[1:].partition("l")[0]
    }
    assert starts["NZ"][0] > starts["AU"][0] > starts["ZA"][0] > starts["BR"][0]
    assert starts["NO"][1] < starts["IT"][1] < starts["ZA"][1]


async def test_the_map_of_an_instrument_has_a_twin_in_words(officer: Screen, registry: Registry) -> None:
    answer = await officer.get("/desk/law/world?instrument=budapest&on=2026-11-22")
    assert answer.status_code == 200
    picture = officer.tree.cssselect("svg[role=img]")[0]
    assert picture.get("aria-labelledby")
    titles = {each.text_content() for each in picture.cssselect("path title, circle title")}
    assert {"Germany: Yes", "Brazil: Yes", "India: No"} <= titles
    counted = [int(each.text_content()) for each in officer.tree.cssselect("td.figure")]
    known = [bound(registry, "budapest", code, TODAY).verdict.value for code in sweep.jurisdictions(registry)]
    assert counted == [known.count(verdict) for verdict in ("yes", "unknown", "no")]
    assert len(answer.content) < 100_000


async def test_the_map_of_a_measure_says_when_it_was_worked_out(officer: Screen) -> None:
    path = "/desk/law/world?state=MT&measure=testimony&kind=mla&on=2026-11-20"
    await officer.get(path)
    assert "worked out just now" in officer.text()
    await officer.get(path)
    assert "worked out just now" not in officer.text()
    assert "Malta: The State itself" in officer.text("svg title")


@pytest.mark.parametrize("incoming", [False, True])
def test_a_row_of_the_world_is_the_row_of_the_sweep(registry: Registry, incoming: bool) -> None:
    row = world.Rows().of(
        registry, "MT", sweep.Asked(Kind.MLA, (Measure.TESTIMONY,), TODAY), incoming=incoming
    )
    assert len(row.verdicts) == len(sweep.jurisdictions(registry)) - 1
    for other in ("DE", "KP", "GL"):
        asking, asked = (other, "MT") if incoming else ("MT", other)
        pair = sweep.pair(registry, sweep.Asked(Kind.MLA, (Measure.TESTIMONY,), TODAY), asking, asked)
        said = "yes" if row.verdicts[other] == "law" else row.verdicts[other]
        assert said == pair.verdict
        assert (row.verdicts[other] == "law") == (pair.verdict == "yes" and pair.treaty_verdict != "yes")


def test_rows_are_kept_but_not_without_end(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "_worked_out", lambda *_: {"DE": "yes"})
    rows = world.Rows()
    asked = [sweep.Asked(Kind.MLA, (Measure.TESTIMONY,), date(2000, 1, 1 + day)) for day in range(28)]
    for one in asked:
        for state in ("MT", "FR"):
            assert rows.of(registry, state, one, incoming=False).cold
    assert not rows.of(registry, "FR", asked[-1], incoming=False).cold
    assert rows.of(registry, "MT", asked[0], incoming=False).cold


async def test_the_matrix_says_it_in_words_and_goes_on(officer: Screen) -> None:
    path, names = "/desk/law/matrix?instrument=budapest&instrument=untoc&on=2026-11-22", list[str]()
    while path:
        await officer.get(path)
        names += [each.text_content() for each in officer.tree.cssselect("tbody th")]
        assert officer.tree.cssselect("tbody td")[0].text_content().strip()[2:] in ("Yes", "No", "Not known")
        more = officer.tree.cssselect("nav.more a")
        path = more[0].get("href") if more else ""
    assert len(names) == len(set(names)) == 243


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/desk/law/world?instrument=no-such", "instrument"),
        ("/desk/law/world?state=QQ", "state"),
        ("/desk/law/world?state=DE&measure=%3Cscript%3E", "measure"),
        ("/desk/law/world?state=DE&kind=no-such", "kind"),
        ("/desk/law/world?instrument=untoc&on=today", "on"),
        ("/desk/law/matrix?instrument=no-such", "instrument"),
        ("/desk/law/what-if?state=KR&instrument=budapest", "on"),
        ("/desk/law/what-if?instrument=budapest&on=2027-01-01", "state"),
        ("/desk/law/what-if?drop=no-such-fact", "drop"),
    ],
)
async def test_bad_input_is_named_with_its_field(officer: Screen, path: str, field: str) -> None:
    answer = await officer.get(path)
    assert answer.status_code == 422
    assert f"#f-{field}" in {each.get("href") for each in officer.tree.cssselect(".wrong-summary a")}
    assert "<script>" not in officer.text()


async def test_supposing_an_accession_shows_who_gains_and_changes_nothing(
    officer: Screen, registry: Registry
) -> None:
    path = "/desk/law/what-if?state=KR&instrument=budapest&act=in-force&on=2027-01-01"
    await officer.get(path)
    lead = officer.text(".lead-text")
    assert "Lost: 0." in lead
    assert "Gained: 0." not in lead
    assert officer.tree.cssselect("article a[href^='/desk/law/pair/']")
    edition = officer.text("bdi.id")
    assert registry.edition[:19] in edition


async def test_supposing_a_denunciation_shows_who_loses(officer: Screen) -> None:
    await officer.get("/desk/law/what-if?state=TO&instrument=budapest&act=denounced&on=2027-01-01")
    assert "Gained: 0." in officer.text(".lead-text")
    assert "Lost: 0." not in officer.text(".lead-text")
