"""Is what was missed brought up again and again, oftener while a person is held, until it is made good?"""

from __future__ import annotations

from datetime import timedelta

from schemas.facets import NoticeOut
from schemas.lifecycle import HEAD
from schemas.moves import Acknowledge, FixSurrender, MissSurrender, ReleasePerson
from tests.flow.invented import OFFICER_DE
from tests.flow.paper import Pair, PaperHouse
from tests.flow.wanted import DAY, Seeking
from workflows import clock, reminding

MOMENT = timedelta(minutes=1)


def brought_up(house: PaperHouse, limit: str) -> list[NoticeOut]:
    """What was told again of a limit, in order."""
    return [one for one in house.state.notices if one.clock == limit and "-again-" in one.id]


def days(house: PaperHouse, limit: str, count: int) -> int:
    """How many times a limit that was missed is brought up in so many days, each told at once."""
    seen: list[str] = []
    for _ in range(count):
        house.now += DAY
        house.strike()
        for one in [one for one in house.state.notices if one.status == "queued"]:
            seen.append(one.id)
            reminding.told(house.state, one.id, True)
    missed = _of(house, limit)
    return sum(f".{missed}.missed-again-" in name for name in seen)


def _of(house: PaperHouse, limit: str) -> str:
    return [one.id for one in house.state.deadlines if one.clock == limit and one.status == "missed"][-1]


def test_every_day_while_a_person_is_held_and_no_more_once_they_are_free() -> None:
    both = Seeking().arrested()
    house = both.us
    house.now = next(one.due for one in house.state.deadlines if one.clock == "arrest-to-papers") + MOMENT
    house.strike()
    assert "missed:arrest-to-papers" in house.state.attention
    assert not brought_up(house, "arrest-to-papers"), "told for the first time"
    assert days(house, "arrest-to-papers", 3) == 3
    last = brought_up(house, "arrest-to-papers")[-1]
    assert (last.code, last.loud, HEAD in last.to) == ("missed", True, True)
    both.de.now = house.now
    both.theirs(ReleasePerson(reason="forty days are over"))
    assert days(house, "arrest-to-papers", 3) == 0


def test_how_each_limit_was_told_of_first_is_not_pushed_out() -> None:
    both = Seeking().arrested()
    days(both.us, "arrest-to-papers", 55)
    kept = [one.id for one in both.us.state.notices]
    for stage in ("50%", "75%", "1-day", "missed"):
        assert any(f".{_of(both.us, 'arrest-to-papers')}.{stage}." in name for name in kept), stage
    assert len(brought_up(both.us, "arrest-to-papers")) == 1, "only the newest of those again is remembered"


def test_it_ends_some_day() -> None:
    both = Seeking().arrested()
    times = days(both.us, "arrest-to-papers", 40 + 2 * clock.AGAIN_IN_CUSTODY[1])
    assert times == clock.AGAIN_IN_CUSTODY[1]


def test_each_month_where_nobody_is_held_until_it_is_made_good(sent: Pair) -> None:
    house = sent.de
    house.now = next(one.due for one in house.state.deadlines if one.clock == "acknowledge") + MOMENT
    house.strike()
    assert days(house, "acknowledge", 95) == 3
    house.move(OFFICER_DE, Acknowledge(by_post=True))
    assert days(house, "acknowledge", 95) == 0


def test_an_earlier_day_of_surrender_is_let_be_once_another_is_appointed() -> None:
    both = Seeking().fixed()
    both.pass_days(6)
    both.theirs(MissSurrender(reason="a storm", force_majeure=True))
    assert days(both.us, "surrender", 31) == 1
    both.de.now = both.us.now
    both.theirs(FixSurrender(on=both.us.now + 40 * DAY, place="airport (invented)"))
    assert days(both.us, "surrender", 31) == 0


def test_a_case_of_the_first_rules_is_reminded_of_nothing(sent: Pair) -> None:
    house = sent.de
    house.case = house.state.model_copy(update={"version": 1})
    for _ in range(130):
        house.now += DAY
        house.strike()
    assert "missed:acknowledge" in house.state.attention
    assert not house.state.notices
