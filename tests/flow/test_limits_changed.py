"""Does a limit show that its calendar or its law changed?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from activities.limits import Limits
from schemas.deadline import ClockStatus, Deadline
from schemas.law import Retraction
from tests.flow.limits import (
    DE,
    EXTRADITION,
    LAST_DAYS,
    MLA,
    ON,
    US,
    ZONES,
    altered,
    counted,
    counting_of,
    eaw,
)
from treaties import counting, recounting
from treaties.counting import Place
from treaties.load import shipped
from treaties.registry import Registry


def again(entry: Deadline, law: Registry | None = None) -> Deadline | None:
    return Limits(law or shipped(), Place("Europe/Berlin", DE)).recounted(entry)


@pytest.mark.parametrize("row", LAST_DAYS)
def test_nothing_is_told_anew_where_nothing_changed(row: Any) -> None:
    work = counting_of(*row[:5], says=row[5])
    house = Limits(shipped(), Place(ZONES.get(work.home_state, ""), work.home_state))
    assert [house.recounted(entry) for entry in house.counted(work).deadlines] == [None] * len(
        house.counted(work).deadlines
    )


def test_a_new_calendar_and_a_moved_holiday_show(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = eaw()
    older = entry.model_copy(update={"calendar": "FR holidays/0.1"})
    newer = again(older)
    assert newer is not None
    assert (newer.calendar, newer.due) == (entry.calendar, entry.due)
    monkeypatch.setattr(recounting, "end_of", _with_a_holiday(date(2026, 12, 28)))
    moved = again(entry)
    assert moved is not None
    assert (moved.due_day, moved.id, moved.started) == (date(2026, 12, 29), entry.id, entry.started)


def _with_a_holiday(day: date) -> Any:
    def counted_so(*given: Any, **named: Any) -> counting.Counted:
        ends = counting.end_of(*given, **named)
        if ends.day != day:
            return ends
        next_day = timedelta(days=1)
        return counting.Counted(ends.due + next_day, ends.day + next_day, ends.zone, ends.how, ends.calendar)

    return counted_so


def test_a_law_that_changed_or_went_shows_and_keeps_the_date_it_gave() -> None:
    law = shipped().instruments["eu-eaw"]
    longer = tuple(
        rule.model_copy(update={"amount": 20}) if rule.id == "17-2.deadline" else rule
        for rule in law.deadlines
    )
    changed = again(eaw(), altered("eu-eaw", deadlines=longer))
    assert changed is not None
    assert (changed.amount, changed.due_day) == (20, date(2027, 1, 4))
    gone_rules = tuple(
        rule.model_copy(update={"retracted": Retraction(on=date(2026, 12, 1), reason="misread")})
        if rule.id == "17-2.deadline"
        else rule
        for rule in law.deadlines
    )
    without = altered("eu-eaw", deadlines=gone_rules)
    gone = again(eaw(), without)
    assert gone is not None
    assert (gone.due, gone.status) == (eaw().due, ClockStatus.RUNNING)
    assert counting.RULE_GONE in gone.count
    assert again(gone, without) is None, "told once"


def test_a_recount_is_part_of_the_answer_and_what_the_other_side_set_is_left_alone() -> None:
    older = eaw().model_copy(update={"calendar": "FR holidays/0.1"})
    work = counting_of(EXTRADITION, "eu-eaw", "recounted", ON, recount=[older, eaw()], first_id=9)
    found = Limits(shipped(), Place("Europe/Berlin", DE)).counted(work).deadlines
    assert [(entry.id, entry.due) for entry in found] == [("d9", older.due)]
    given = eaw().model_copy(update={"law": False, "rule": "given", "amount": 0, "unit": ""})
    assert again(given) is None


def test_our_own_practice_is_counted_again_with_its_own_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    work = counting_of(MLA, None, "arrive", "2026-12-14T10:00", "DE<US")
    house = Limits(shipped(), Place("Europe/Berlin", DE))
    (ours,) = [entry for entry in house.counted(work).deadlines if entry.rule == "practice:acknowledge"]
    assert (ours.amount, ours.unit, house.recounted(ours)) == (3, "working-days", None)
    monkeypatch.setattr(recounting, "end_of", _with_a_holiday(ours.due_day))
    moved = house.recounted(ours)
    assert moved is not None
    assert (moved.due_day - ours.due_day, moved.amount) == (timedelta(days=1), 3)


def test_a_limit_that_ends_at_another_moment_is_warned_of_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    warned = eaw().model_copy(update={"warned": ("7-days",)})
    assert again(warned) is None
    monkeypatch.setattr(recounting, "end_of", _with_a_holiday(warned.due_day))
    moved = again(warned)
    assert moved is not None
    assert moved.warned == ()


def test_a_new_edition_of_the_calendar_that_comes_to_the_same_is_no_change() -> None:
    older = eaw().model_copy(update={"calendar": "FR holidays/0.1", "consequence": "said otherwise"})
    home = Place("Europe/Berlin", DE)
    assert again(older) is not None
    assert not recounting.ends_otherwise(shipped(), home, older)
    assert recounting.ends_otherwise(shipped(), home, older.model_copy(update={"amount": 9}))


def test_an_entry_of_an_earlier_version_is_counted_where_it_was() -> None:
    old = eaw().model_copy(update={"acting": "", "requesting": "", "requested": ""})
    assert again(old) is None
    assert again(old.model_copy(update={"amount": 9, "due_day": date(2026, 12, 24)})) is not None


def test_a_new_declaration_shows() -> None:
    entry = counted(counting_of(EXTRADITION, None, "arrest", ON, "US>GB"))["arrest-to-papers"]
    house = Limits(shipped(), Place("America/New_York", US))
    assert house.recounted(entry) is None
    before = entry.model_copy(update={"amount": 45})
    changed = house.recounted(before)
    assert changed is not None
    assert (changed.amount, changed.due) == (65, entry.due)
