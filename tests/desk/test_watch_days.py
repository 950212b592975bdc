"""When the day comes until which an answer was good, is the case asked again and told, once?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from desk import sweeping
from records.watching import Watching
from schemas.moves import Approve, LawMoved, Send
from schemas.vocabulary import Verdict
from tests.desk.watched import FACT, START, Stopped, Watched, overlay
from tests.workshop.small import layer
from treaties.registry import Registry

COMES = date(2026, 12, 15)
NEXT = {"instrument": "pact", "states": {"IE": [{"act": "in-force", "on": COMES.isoformat(), **FACT}]}}
NIGHT = START.replace(hour=23, minute=30)
"""Half an hour past midnight where the house sits."""


@pytest.fixture
def law(tmp_path: Path) -> Registry:
    """On 15 December Ireland becomes bound."""
    return overlay(tmp_path / "law", {"parties/pact.yml": NEXT}, layer())


@pytest.fixture
async def house(tmp_path: Path, law: Registry) -> AsyncIterator[Watched]:
    house = await Watched.new(tmp_path / "de", law).start()
    yield house
    house.records.close()


async def test_on_the_day_a_draft_is_asked_by_the_law_of_the_day_and_told(house: Watched) -> None:
    ref, other = await house.filed("IE"), await house.filed("US")
    before = house.state(ref).law
    assert before is not None
    assert (before.good_until, before.candidates["pact"]) == (COMES, Verdict.NO)
    house.moment = START + timedelta(days=20)
    assert (await house.watch()).cases == ()
    house.moment = NIGHT.replace(month=12, day=14)
    assert house.moment.date() < COMES, "it is the day where the house sits, not yet in UTC"
    assert (await house.watch()).cases == (ref,)
    state = house.state(ref)
    assert state.law is not None
    assert (state.law.on, state.law.candidates["pact"]) == (COMES, Verdict.YES)
    assert state.attention == ["law-moved"]
    (body,) = [LawMoved.model_validate_json(one) for one in house.told(ref, "law-moved")]
    assert body.reason == "the answer was good until 2026-12-15"
    assert body.instruments == ("pact",)
    assert any(fact.startswith("pact:IE.") for fact in body.facts)
    assert house.state(other).attention == []


async def test_a_day_before_its_midnight_nobody_is_told(house: Watched) -> None:
    await house.filed("IE")
    house.moment = NIGHT.replace(month=12, day=14) - timedelta(minutes=31)
    assert (await house.watch()).cases == ()


async def test_what_is_abroad_is_told_once_and_stays_answered_by_the_law_of_its_day(house: Watched) -> None:
    ref = await house.filed("IE")
    await house.move(ref, Approve(override="they agreed to help (invented)"), house.approver)
    await house.move(ref, Send())
    house.moment = START + timedelta(days=30)
    assert (await house.watch()).cases == (ref,)
    state = house.state(ref)
    assert state.law is not None
    assert (state.law.on, state.law.good_until) == (START.date(), COMES)
    assert state.law.candidates["pact"] is Verdict.NO
    for days in (30, 31, 60):
        house.moment = START + timedelta(days=days)
        await house.again()
        assert (await house.watch()).cases == ()
    assert len(house.told(ref, "law-moved")) == 1


async def test_who_cannot_be_reached_is_told_in_a_later_round_also_after_a_restart(house: Watched) -> None:
    ref, near = await house.filed("IE"), await house.filed("IE")
    house.moment = START + timedelta(days=30)
    house.down = frozenset({ref})
    told = await house.watch()
    assert (told.cases, dict(told.unreached)) == ((near,), {ref: "unavailable"})
    await house.again()
    assert (await house.watch()).unreached == {ref: "unavailable"}
    house.down = frozenset()
    assert (await house.watch()).cases == (ref,)
    assert [len(house.told(one, "law-moved")) for one in (ref, near)] == [1, 1]


@pytest.mark.parametrize("point", ["note", "told", "set_mark"])
async def test_a_stop_at_any_point_tells_nobody_twice_and_misses_nobody(
    house: Watched, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    refs = [await house.filed("IE") for _ in range(3)]
    await house.watch()
    house.moment = START + timedelta(days=30)

    def stop(self: Watching, *given: object) -> None:
        raise Stopped

    with monkeypatch.context() as stopped:
        stopped.setattr(Watching, point, stop)
        if point == "note":
            # only cases that moved since are noted
            refs.append(await house.filed("IE"))
        with pytest.raises(Stopped):
            await house.watch()
    await house.again()
    await house.watch()
    assert [len(house.told(ref, "law-moved")) for ref in refs[:3]] == [1, 1, 1]
    await house.again()
    assert (await house.watch()).cases == ()


async def test_after_the_first_round_of_a_day_no_case_is_looked_at(
    house: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.filed("IE")
    await house.watch()
    monkeypatch.setattr(sweeping, "_note", None)
    assert (await house.watch()).cases == ()
    house.moment += timedelta(days=1)
    with pytest.raises(TypeError):
        await house.watch()
