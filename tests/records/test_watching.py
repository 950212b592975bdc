"""Do the records remember up to what open cases were looked at, and which of them were told?"""

from __future__ import annotations

from datetime import date, timedelta

from records.open import Records, open_records
from records.watching import Answer, Mark
from tests.records.papers import START, closed, filed

DAY = date(2026, 12, 15)


def test_a_mark_stays_as_it_was_set_also_after_a_restart(records: Records) -> None:
    watching = records.watching
    assert watching.mark("base") is None
    first = Mark("", "sha256:one", START)
    second = Mark("sha256:one", "sha256:two", START + timedelta(microseconds=1), swept=True)
    for mark in (first, second):
        watching.set_mark("base", mark)
        assert watching.mark("base") == mark
    assert watching.mark("clocks") is None
    again = open_records(records.settings)
    assert again.watching.mark("base") == second
    again.close()


def test_open_cases_are_read_once_for_each_move(records: Records) -> None:
    ref, other = filed(records), filed(records, moves=2)
    closed(records)
    assert sorted(records.watching.unread()) == [ref, other]
    records.watching.note([Answer(ref, 1, DAY), Answer(other, 1, None)])
    assert records.watching.unread() == [other]
    records.watching.note([Answer(other, 2, None)])
    assert records.watching.unread() == []


def test_a_case_is_told_once_of_each_day(records: Records) -> None:
    ref, other, gone = filed(records), filed(records), closed(records)
    watching = records.watching
    watching.note([Answer(ref, 1, DAY), Answer(other, 1, None), Answer(gone, 2, DAY)])
    assert watching.over(DAY - timedelta(days=1)) == []
    assert watching.over(DAY) == watching.over(DAY + timedelta(days=9)) == [(ref, DAY)]
    watching.told(ref, DAY)
    assert watching.over(DAY) == []
    watching.note([Answer(ref, 2, DAY)])
    assert watching.over(DAY) == [], "it moved, and knows of the day"
    later = DAY + timedelta(days=30)
    watching.note([Answer(ref, 3, later)])
    assert watching.over(DAY) == []
    assert watching.over(later) == [(ref, later)]
