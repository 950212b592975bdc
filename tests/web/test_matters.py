"""Does the page of a matter show every request and clock of it, and none of what is not the visitor's?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from desk.web.matters import MOST_DRAWN, ROW, line_of
from tests.web.conftest import Screen
from tests.web.samples import MATTER, Samples

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PATH = f"/desk/matter?name={quote(MATTER)}"


async def test_a_matter_is_one_view(full_screen: Screen, samples: Samples) -> None:
    officer = full_screen.signed_in("officer")
    await officer.get("/desk/matters")
    assert MATTER in officer.text("table")
    await officer.get(PATH)
    links = {each.get("href") for each in officer.tree.cssselect("td a")}
    assert {f"/desk/case/{samples.sent}", f"/desk/case/{samples.preservation}"} <= links
    assert f"/desk/case/{samples.incoming}" not in links
    drawn = [each.text_content() for each in officer.tree.cssselect("g.mark text")]
    rows = officer.tree.cssselect("table")[0].cssselect("tbody tr")
    assert sorted(map(int, drawn)) == list(range(1, len(rows) + 1))
    assert officer.text("#line-title")


async def test_who_sees_no_case_sees_no_matter(full_screen: Screen) -> None:
    liaison = full_screen.signed_in("liaison")
    assert (await liaison.get(PATH)).status_code == 404
    await liaison.get("/desk/matters")
    assert MATTER not in liaison.text()
    assert (await full_screen.signed_in("operator").get(PATH)).status_code == 403
    officer = full_screen.signed_in("officer")
    assert (await officer.get("/desk/matter?name=no+such")).status_code == 404
    assert (await officer.get("/desk/matters?cursor=%00")).status_code in (200, 422)


def clock(days: float) -> dict[str, str]:
    return {"due": (NOW + timedelta(days=days)).isoformat(), "clock": "decide"}


def test_no_line_without_clocks() -> None:
    assert line_of([], NOW) is None


def test_clocks_that_end_together_stand_below_each_other() -> None:
    line = line_of([clock(-1), clock(1), clock(1), clock(1.01), clock(200)], NOW)
    assert line is not None
    assert [dot.tone for dot in line.dots] == ["missed", "soon", "soon", "soon", "running"]
    for one in line.dots:
        for other in line.dots:
            assert one is other or one.row != other.row or abs(one.x - other.x) >= ROW


def test_a_crowd_is_drawn_in_part_and_says_so() -> None:
    line = line_of([clock(number) for number in range(MOST_DRAWN + 5)], NOW)
    assert line is not None
    assert (len(line.dots), line.left_out) == (MOST_DRAWN, 5)
