"""When calendars or figures change, are running limits counted again, and only where it matters?"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from desk import watch
from desk.opened import open_rows
from records.projection import _line
from records.states import States
from records.tables import ANSWERS, DOCKET, STATES
from records.watching import Watching
from schemas.deadline import ClockStatus
from schemas.moves import Acknowledge, Approve, Delivered, Hold, Recounted, Send
from tests.desk.watched import FACT, START, Stopped, Watched
from tests.records.papers import row_of, state_of
from tests.workshop.small import draft, layer
from treaties import counting
from treaties.draft import draft_json
from treaties.load import load_registry
from treaties.registry import Registry

DECREED = date(2026, 11, 25)
"""A Wednesday on which nobody works, says a new edition of the calendar."""


def limit(amount: str, **more: Any) -> dict[str, Any]:
    """How long Ireland has to answer under the pact."""
    return {
        "id": f"7.deadline-{amount}",
        "article": "7",
        "event_from": "receipt of the request",
        "event_to": "decision",
        "event": "delivered",
        "clock": "decide",
        "amount": amount,
        "unit": "days",
        "kinds": ["mla"],
        **FACT,
        **more,
    }


def bound(*limits: dict[str, Any]) -> dict[str, Any]:
    """The small law, in which Ireland is bound and has time limits."""
    made = copy.deepcopy(layer())
    made["parties/pact.yml"]["states"]["IE"].append({"act": "in-force", "on": "2020-01-01", **FACT})
    made["instruments/pact.yml"]["deadlines"] = list(limits)
    return made


@pytest.fixture
def law() -> Registry:
    return load_registry([bound(limit("30"))])


@pytest.fixture
async def house(tmp_path: Path, law: Registry) -> AsyncIterator[Watched]:
    house = await Watched.new(tmp_path / "de", law).start()
    yield house
    house.records.close()


@pytest.fixture
def edition_of_calendars(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Installs another edition of the holiday calendars: its version, and days off it adds in Germany."""
    real = counting._calendar

    def install(number: str, *days: date) -> None:
        def calendar(code: str) -> Any:
            known = copy.deepcopy(real(code))
            if code == "DE" and known is not None:
                known.update(dict.fromkeys(days, "decreed (invented)"))
            return known

        monkeypatch.setattr(counting, "version", lambda name: number)
        monkeypatch.setattr(counting, "_calendar", calendar)

    return install


async def sent(house: Watched) -> str:
    """A request that Ireland has."""
    ref = await house.filed("IE")
    await house.move(ref, Approve(override="invented"), house.approver)
    await house.move(ref, Send())
    await house.move(ref, Delivered(by_post=True, happened_at=house.moment))
    return ref


def recounts(house: Watched, ref: str) -> list[Recounted]:
    return [Recounted.model_validate_json(one) for one in house.told(ref, "recounted")]


def accepted(house: Watched, **content: Any) -> None:
    """A change of the law that two people of the treaty desk made."""
    proposals = house.records.proposals
    first = house.officer.model_copy(update={"id": "desk"})
    number = proposals.add(first, "a change", json.dumps(draft_json(draft(**content))), START).number
    second = first.model_copy(update={"id": "second"})
    place = proposals.count() + 1
    edition = f"sha256:{place:064}"
    proposals.accept(number, second, at=START, day=START.date(), place=place, edition=edition)


async def test_a_new_edition_of_the_calendars_alone_tells_nobody(
    house: Watched, edition_of_calendars: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = [await house.arrived("US"), await sent(house)]
    await house.watch()
    before = [house.state(ref) for ref in refs]
    edition_of_calendars("99.0")
    await house.again()
    assert (await house.watch()).cases == ()
    assert [house.state(ref) for ref in refs] == before
    monkeypatch.setattr(watch, "SETTLING", timedelta(0))
    await house.watch()
    mark = house.records.watching.mark("clocks")
    assert mark is not None
    assert mark.settled == mark.coming
    assert "holidays/99.0" in mark.settled


async def test_a_day_off_that_was_decreed_moves_the_limits_it_falls_into(
    house: Watched, edition_of_calendars: Callable[..., None]
) -> None:
    ref, ours = await house.arrived("US"), await sent(house)
    await house.watch()
    was = house.running(ref)["acknowledge"]
    assert (was.amount, was.unit, was.due_day) == (3, "working-days", date(2026, 11, 26))
    others = house.running(ours)
    edition_of_calendars("99.0", DECREED)
    house.moment += timedelta(hours=2)
    await house.again()
    assert (await house.watch()).cases == (ref,)
    state = house.state(ref)
    now = house.running(ref)["acknowledge"]
    assert (now.due_day, now.calendar, now.started) == (date(2026, 11, 27), "DE holidays/99.0", was.started)
    (old,) = [one for one in state.deadlines if one.id == was.id]
    assert (old.status, old.due) == (ClockStatus.DROPPED, was.due), "what it said stays as it was said"
    assert state.attention == ["recounted:acknowledge"]
    (body,) = recounts(house, ref)
    assert body.ids == (was.id,)
    assert body.reason == f"calendar {was.calendar}, now DE holidays/99.0"
    assert house.records.docket.row(ref).next_due == now.due
    await house.move(ref, Hold(on=True, reason="invented"))
    assert house.state(ref).attention == ["recounted:acknowledge"]
    assert house.running(ours) == others
    for days in (0, 1, 2):
        house.moment = START + timedelta(days=days, hours=3)
        await house.again()
        assert (await house.watch()).cases == ()
    assert len(recounts(house, ref)) == 1
    await house.move(ref, Acknowledge())
    shown = [code.partition(":")[0] for code in house.state(ref).attention]
    assert "recounted" not in shown, "somebody has looked at the case"


async def test_a_calendar_put_right_again_moves_them_back(
    house: Watched, edition_of_calendars: Callable[..., None]
) -> None:
    ref = await house.arrived("US")
    await house.watch()
    for number, days, due in (("99.0", (DECREED,), 27), ("99.1", (), 26), ("99.0", (DECREED,), 27)):
        edition_of_calendars(number, *days)
        await house.again()
        assert (await house.watch()).cases == (ref,)
        assert house.running(ref)["acknowledge"].due_day == date(2026, 11, due)


async def test_the_law_that_a_program_brings_is_counted_by(house: Watched) -> None:
    ref, paper = await sent(house), await house.arrived("US")
    await house.watch()
    was = house.running(ref)["decide"]
    assert (was.law, was.amount, was.acting) == (True, 30, "IE")
    gone = limit("30", retracted={"on": "2026-11-20", "reason": "misread"})
    await house.again(load_registry([bound(gone, limit("20"))]))
    assert ref in (await house.watch()).cases
    now = house.running(ref)["decide"]
    assert (now.due, counting.RULE_GONE in now.count) == (was.due, True), (
        "the date stays until a person decides"
    )
    assert "recounted:decide" in house.state(ref).attention
    (body,) = recounts(house, ref)
    assert body.reason == "law pact:7.deadline-30"
    assert recounts(house, paper) == []
    assert house.state(paper).attention == ["law-moved"], "its answer tells the limits of the pact, too"


async def test_an_accepted_change_is_counted_by_in_the_cases_it_is_about(
    house: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "SETTLING", timedelta(0))
    ref, paper = await sent(house), await house.arrived("US")
    await house.watch()
    accepted(house, retract=[{"fact": "pact:7.deadline-30", "reason": "misread"}])
    read: list[str] = []
    latest = States.latest

    def reading(self: States, ref: str) -> Any:
        read.append(ref)
        return latest(self, ref)

    monkeypatch.setattr(States, "latest", reading)
    assert ref in (await house.watch()).cases
    assert counting.RULE_GONE in house.running(ref)["decide"].count
    assert len(recounts(house, ref)) == 1
    read.clear()
    accepted(house, acts=[{"instrument": "pact", "state": "FR", "act": "signed", "on": "2026-11-01"}])
    accepted(house, sources=[{"key": "memo", "title": "Invented"}])
    await house.watch()
    assert recounts(house, paper) == []
    assert len(recounts(house, ref)) == 1


async def test_a_house_that_moves_to_another_zone_counts_by_it(house: Watched) -> None:
    ref = await house.arrived("US")
    await house.watch()
    was = house.running(ref)["acknowledge"]
    house.settings = house.settings.model_copy(update={"time_zone": "Europe/Lisbon"})
    await house.again()
    assert (await house.watch()).cases == (ref,)
    now = house.running(ref)["acknowledge"]
    assert (now.due - was.due, now.time_zone) == (timedelta(hours=1), "Europe/Lisbon")


async def test_a_limit_that_is_over_is_left_as_it_was(
    house: Watched, edition_of_calendars: Callable[..., None]
) -> None:
    ref = await house.arrived("US")
    await house.move(ref, Acknowledge())
    await house.watch()
    before = house.state(ref).deadlines
    edition_of_calendars("99.0", DECREED)
    await house.again()
    assert (await house.watch()).cases == ()
    assert house.state(ref).deadlines == before


@pytest.mark.parametrize("point", ["set_mark", "deliver"])
async def test_a_stop_at_any_point_tells_nobody_twice_and_misses_nobody(
    house: Watched,
    edition_of_calendars: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    point: str,
) -> None:
    refs = [await house.arrived("US") for _ in range(4)]
    await house.watch()
    edition_of_calendars("99.0", DECREED)
    await house.again()
    left, real, keep = 2, house.office.deliver, Watching.set_mark

    async def stopping(*given: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise Stopped
        return await real(*given)

    def stop(self: Watching, name: str, mark: Any) -> None:
        if mark.swept:
            raise Stopped
        keep(self, name, mark)

    with monkeypatch.context() as stopped:
        if point == "set_mark":
            stopped.setattr(Watching, point, stop)
        else:
            stopped.setattr(house.office, point, stopping)
        with pytest.raises(Stopped):
            await house.watch()
    assert sum(len(recounts(house, ref)) for ref in refs) == (4 if point == "set_mark" else 2)
    await house.again()
    await house.watch()
    assert [len(recounts(house, ref)) for ref in refs] == [1, 1, 1, 1]
    await house.again()
    assert (await house.watch()).cases == ()


async def test_who_cannot_be_reached_is_told_later(
    house: Watched, edition_of_calendars: Callable[..., None]
) -> None:
    ref = await house.arrived("US")
    await house.watch()
    edition_of_calendars("99.0", DECREED)
    house.down = frozenset({ref})
    await house.again()
    assert (await house.watch()).unreached == {ref: "unavailable"}
    house.down = frozenset()
    await house.again()
    assert (await house.watch()).cases == (ref,)


async def test_of_two_houses_each_tells_its_own(
    tmp_path: Path, law: Registry, edition_of_calendars: Callable[..., None]
) -> None:
    de = await Watched.new(tmp_path / "de", law).start()
    us = await Watched.new(tmp_path / "us", law, "us-test", "US").start()
    ours, theirs = await de.arrived("US"), await us.arrived("DE")
    for house in (de, us):
        await house.watch()
    edition_of_calendars("99.0", DECREED)
    assert (await de.watch()).cases == (ours,)
    assert (await us.watch()).cases == (), "nothing was decreed over there"
    assert us.state(theirs).move == 1
    for house in (de, us):
        house.records.close()


async def test_ten_thousand_open_cases_in_which_nothing_changed_take_no_time(
    house: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "SETTLING", timedelta(0))
    await house.watch()
    _fill(house, 10_000)
    assert len(list(open_rows(house.records))) == 10_000
    for days in (0, 1):
        house.moment = START + timedelta(days=days)
        await house.again()
        begun = time.perf_counter()
        told = await house.watch()
        spent = time.perf_counter() - begun
        assert (told.cases, dict(told.unreached)) == ((), {})
        assert spent < 0.5, f"{spent:.2f} s in the first round of day {days}"


def _fill(house: Watched, count: int) -> None:
    """So many open cases on the list, each looked at yesterday; a state that were read would not open."""
    refs = [f"DE-MLA-2026-{number:05}" for number in range(count)]
    lines = []
    for ref in refs:
        row = row_of(state_of(ref, 1), next_due=datetime(2027, 1, 1, tzinfo=UTC), next_clock="decide")
        lines.append((row, row.model_dump_json()))

    def work(connection: Connection) -> None:
        connection.execute(insert(DOCKET), [_line(row, text) for row, text in lines])
        sealed = {"body": b"", "digest": "sha256:0"}
        connection.execute(insert(STATES), [{"ref": ref, "move": 1, **sealed} for ref in refs])
        connection.execute(
            insert(ANSWERS),
            [{"ref": ref, "move": 1, "good_until": "2027-03-01", "told": None} for ref in refs],
        )

    house.records.database.write(work)
