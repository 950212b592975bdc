"""Is somebody reminded again of what was missed, as long as it can be made good, and no longer?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from schemas.deadline import ClockStatus
from schemas.facets import NoticeOut
from schemas.lifecycle import HEAD
from schemas.moves import Acknowledge, FixSurrender, MissSurrender, ReleasePerson
from tests.flow.invented import OFFICER_US
from tests.flow.paper import Pair, PaperHouse, law_limit
from tests.flow.wanted import DAY, Seeking
from workflows import clock, reminding
from workflows.step import altered, fresh


def reminders(house: PaperHouse, name: str) -> list[str]:
    """Ids of what people were reminded of about one clock, after it was missed."""
    return [one.id for one in house.state.notices if one.clock == name and one.code == "missed"]


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


def test_what_was_missed_is_brought_up_again_every_thirty_days(sent: Pair) -> None:
    us = sent.us
    (due,) = [entry.due for entry in us.state.deadlines if entry.clock == "acknowledge"]
    us.now = due
    us.strike()
    assert len(reminders(us, "acknowledge")) == 1
    us.now = due + 30 * DAY - timedelta(seconds=1)
    us.strike()
    assert len(reminders(us, "acknowledge")) == 1
    assert (clock.next_moment(us.state) or us.now) <= due + 30 * DAY
    us.now = due + 30 * DAY
    us.strike()
    assert len(reminders(us, "acknowledge")) == 2


def test_after_a_long_sleep_there_is_one_reminder_and_not_all_of_them(sent: Pair) -> None:
    us = sent.us
    (due,) = [entry.due for entry in us.state.deadlines if entry.clock == "acknowledge"]
    us.now = due + 100 * DAY
    us.strike()
    us.strike()
    assert len(reminders(us, "acknowledge")) == 2, "the one of the day, and one for all that followed"
    assert (clock.next_moment(us.state) or us.now) > us.now


def test_nobody_is_reminded_of_what_was_made_good(sent: Pair) -> None:
    us = sent.us
    (due,) = [entry.due for entry in us.state.deadlines if entry.clock == "acknowledge"]
    us.now = due + DAY
    us.strike()
    us.move(OFFICER_US, Acknowledge())
    us.now = due + 200 * DAY
    us.strike()
    assert len(reminders(us, "acknowledge")) == 1


def test_it_ends_after_a_year(sent: Pair) -> None:
    us = sent.us
    (due,) = [entry.due for entry in us.state.deadlines if entry.clock == "acknowledge"]
    for days in range(0, 1000, 10):
        us.now = due + days * DAY
        us.strike()
    (entry,) = [entry for entry in us.state.deadlines if entry.clock == "acknowledge"]
    assert entry.status is ClockStatus.MISSED
    assert [word for word in entry.warned if word.startswith("again-")] == ["again-12"], "the newest alone"
    assert clock.again(us.state) == {}


def test_while_a_person_is_held_it_is_every_day_also_after_the_request_is_over() -> None:
    seeking = Seeking().arrested()
    there = seeking.us
    (due,) = [entry.due for entry in there.state.deadlines if entry.clock == "arrest-to-papers"]
    there.now = due
    there.strike()
    before = len(reminders(there, "arrest-to-papers"))
    for days in (1, 2, 3):
        there.now = due + days * DAY
        there.strike()
    assert len(reminders(there, "arrest-to-papers")) == before + 3
    assert all(one.loud for one in there.state.notices if one.clock == "arrest-to-papers")
    assert all(HEAD in one.to for one in brought_up(there, "arrest-to-papers"))
    there.move(OFFICER_US, ReleasePerson(reason="The papers never came."))
    there.now = due + 10 * DAY
    there.strike()
    assert len(reminders(there, "arrest-to-papers")) == before + 3


def test_nobody_is_late_with_a_right_that_ended(sent: Pair) -> None:
    us = sent.us
    (entry,) = [entry for entry in us.state.deadlines if entry.clock == "acknowledge"]
    ends = entry.model_copy(update={"id": "d9", "clock": "object", "rule": "x:object", "nature": "ends"})
    us.case = us.state.model_copy(update={"deadlines": [*us.state.deadlines, ends]})
    us.now = entry.due + 40 * DAY
    us.strike()
    us.strike()
    assert len(reminders(us, "acknowledge")) == 2
    assert len(reminders(us, "object")) == 1


def test_how_each_limit_was_told_of_first_is_not_pushed_out() -> None:
    both = Seeking().arrested()
    days(both.us, "arrest-to-papers", 55)
    kept = [one.id for one in both.us.state.notices]
    for stage in ("50%", "75%", "1-day", "missed"):
        assert any(f".{_of(both.us, 'arrest-to-papers')}.{stage}." in name for name in kept), stage
    assert len(brought_up(both.us, "arrest-to-papers")) == 1, "only the newest of those again is remembered"


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


@pytest.mark.parametrize(
    ("acting", "owner", "told"),
    [
        ("own", "court", {"court", "central-authority"}),
        ("US", "court", {"central-authority"}),
        ("own", "provider", {"central-authority"}),
        ("", "executing-authority", {"executing-authority", "central-authority"}),
    ],
)
def test_who_has_to_act_is_reminded_where_that_is_somebody_of_ours(
    acting: str, owner: str, told: set[str]
) -> None:
    pair = Pair()
    pair.filed()
    house = pair.de
    state = altered(house.state, holder=altered(house.state.holder, function="prosecutor"))
    made = fresh(state)
    entry = law_limit("decide", house.now, timedelta(days=20), acting=acting, owner=owner)
    reminding.remind(made, entry, "7-days", house.now)
    assert set(made.notices[-1].to) == {"prosecutor", *told}
