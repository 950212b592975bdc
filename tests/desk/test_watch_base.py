"""When the program comes with other law data, are the cases told whose answer it changes, and no others?"""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from desk import watch
from records.watching import Watching
from schemas.moves import Approve, LawMoved, Send
from schemas.vocabulary import Verdict
from tests.desk.watched import FACT, START, Stopped, Watched, overlay
from tests.workshop.small import act, draft, layer
from treaties.draft import draft_json
from treaties.load import PACKAGED, load_registry
from treaties.registry import Registry

RATIFIED = {
    "instrument": "pact",
    "states": {
        "IE": [
            {"act": "ratified", "on": "2026-06-01", **FACT},
            {"act": "in-force", "on": "2026-09-01", **FACT},
        ]
    },
}
OUTSIDE = {"sources/memo.yml": {"key": "memo", "title": "A memo, invented"}}
"""Makes another edition, and changes no answer."""


@pytest.fixture
def law() -> Registry:
    return load_registry([layer()])


@pytest.fixture
def newer(tmp_path: Path) -> Registry:
    """The next program knows that Ireland is bound."""
    return overlay(tmp_path / "newer", {"parties/pact.yml": RATIFIED}, layer())


@pytest.fixture
async def house(tmp_path: Path, law: Registry) -> AsyncIterator[Watched]:
    house = await Watched.new(tmp_path / "de", law).start()
    yield house
    house.records.close()


def moves_told(house: Watched, ref: str) -> list[LawMoved]:
    return [LawMoved.model_validate_json(one) for one in house.told(ref, "law-moved")]


async def test_the_shipped_law_with_another_overlay_tells_the_cases_it_changes(tmp_path: Path) -> None:
    ireland = {
        "instrument": "budapest",
        "states": {"IE": [{"act": "in-force", "on": "2026-11-01", **FACT, "source": "memo"}]},
    }
    first = overlay(tmp_path / "one", OUTSIDE, PACKAGED)
    second = overlay(tmp_path / "two", {**OUTSIDE, "parties/budapest.yml": ireland}, PACKAGED)
    house = await Watched.new(tmp_path / "de", first).start()
    refs = {state: await house.filed(state) for state in ("IE", "US", "FR")}
    assert (await house.watch()).cases == ()
    await house.again(second)
    assert (await house.watch()).cases == (refs["IE"],)
    law = house.state(refs["IE"]).law
    assert law is not None
    assert (law.edition, law.candidates["budapest"]) == (second.edition, Verdict.YES)
    (body,) = moves_told(house, refs["IE"])
    assert (body.edition, body.proposals) == (second.edition, ())
    assert body.reason == "the program ships other law data"
    assert "budapest" in body.instruments
    assert "budapest:IE.in-force.2026-11-01" in body.facts
    assert house.state(refs["IE"]).attention == ["law-moved"]
    entry = house.records.ledger.entries(refs["IE"])[-1]
    assert (entry.event, entry.actor) == ("law-moved", "watch")
    house.records.close()


async def test_nobody_is_told_twice_however_often_the_house_is_started(
    house: Watched, newer: Registry
) -> None:
    ref, other = await house.filed("IE"), await house.filed("US")
    await house.watch()
    await house.again(newer)
    assert (await house.watch()).cases == (ref,)
    for days in (0, 0, 1, 2):
        house.moment = START + timedelta(days=days)
        await house.again()
        assert (await house.watch()).cases == ()
    assert len(moves_told(house, ref)) == 1
    assert house.state(other).move == 1


@pytest.mark.parametrize("point", ["set_mark", "deliver"])
async def test_a_stop_at_any_point_tells_nobody_twice_and_misses_nobody(
    house: Watched, newer: Registry, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    refs = [await house.filed("IE") for _ in range(4)]
    await house.watch()
    await house.again(newer)
    left = 2
    real = house.office.deliver

    def stop(self: Watching, *given: object) -> None:
        raise Stopped

    async def stopping(*given: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise Stopped
        return await real(*given)

    with monkeypatch.context() as stopped:
        if point == "set_mark":
            stopped.setattr(Watching, point, stop)
        else:
            stopped.setattr(house.office, point, stopping)
        with pytest.raises(Stopped):
            await house.watch()
    await house.again()
    await house.watch()
    assert [len(moves_told(house, ref)) for ref in refs] == [1, 1, 1, 1]


async def test_who_cannot_be_reached_is_told_later(house: Watched, newer: Registry) -> None:
    ref = await house.filed("IE")
    await house.watch()
    house.down = frozenset({ref})
    await house.again(newer)
    assert (await house.watch()).unreached == {ref: "unavailable"}
    await house.again()
    house.down = frozenset()
    assert (await house.watch()).cases == (ref,)


async def test_a_case_that_a_worker_of_before_filed_late_is_found_too(
    house: Watched, law: Registry, newer: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.watch()
    house.counted_by = law
    await house.again(newer)
    assert (await house.watch()).cases == ()
    ref = await house.filed("IE")
    house.counted_by = None
    await house.again()
    assert (await house.watch()).cases == (), "it was looked at, and will be once more"
    monkeypatch.setattr(watch, "SETTLING", timedelta(0))
    assert (await house.watch()).cases == (ref,)
    assert (await house.watch()).cases == ()
    mark = house.records.watching.mark("base")
    assert mark is not None
    assert mark.settled == mark.coming == newer.edition


async def test_a_case_asked_again_by_a_worker_of_before_is_told_anew_the_next_day(
    house: Watched, law: Registry, newer: Registry
) -> None:
    ref = await house.filed("IE")
    await house.watch()
    house.counted_by = law
    await house.again(newer)
    assert (await house.watch()).cases == (ref,)
    state = house.state(ref)
    assert state.law is not None
    assert state.law.edition == law.edition, "the worker answered by what it had"
    house.counted_by = None
    await house.again()
    ripe = house.records.watching.mark("base")
    assert ripe is not None
    house.records.watching.set_mark("base", replace(ripe, since=ripe.since - timedelta(days=1)))
    house.moment += timedelta(days=1)
    assert (await house.watch()).cases == (ref,)
    assert house.state(ref).attention == ["law-moved"]


async def test_other_words_and_newer_sources_of_the_same_law_tell_nobody(
    house: Watched, law: Registry
) -> None:
    ref = await house.filed("US")
    await house.watch()
    reworded = copy.deepcopy(layer())
    reworded["parties/pact.yml"]["complete"]["as_of"] = "2026-11-01"
    for row in reworded["parties/pact.yml"]["states"]["DE"]:
        row.update(confidence="memory", checked="2026-11-20", place="page 4")
    newer = load_registry([reworded])
    assert newer.edition != law.edition
    await house.again(newer)
    assert (await house.watch()).cases == ()
    assert house.state(ref).move == 1


async def test_the_authority_and_what_the_request_must_contain_are_told(house: Watched) -> None:
    ref = await house.filed("IE")
    fr = await house.filed("FR")
    await house.watch()
    changed = copy.deepcopy(layer())
    wanted = {"id": "5.content", "article": "5", "field": "facts", "required": "yes", **FACT}
    changed["instruments/fr-law.yml"]["contents"] = [wanted]
    await house.again(load_registry([changed]))
    assert (await house.watch()).cases == (fr,)
    state = house.state(fr)
    assert state.law is not None
    assert state.law.contents_required == ("facts",)
    assert house.state(ref).attention == []


async def test_without_its_whole_answer_a_case_is_compared_with_what_it_remembers(
    house: Watched, newer: Registry
) -> None:
    ref, other = await house.filed("IE"), await house.filed("US")
    await house.watch()
    for one in (ref, other):
        law = house.state(one).law
        assert law is not None
        house.records.vault._path(one, law.assessment).unlink()
    await house.again(newer)
    assert (await house.watch()).cases == (ref,)


async def test_a_law_that_no_longer_knows_the_question_makes_somebody_look(
    house: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await house.filed("FR")
    await house.watch()
    gone = {
        name: one for name, one in layer().items() if name not in ("states/FR.yml", "instruments/fr-law.yml")
    }
    await house.again(load_registry([gone]))
    assert (await house.watch()).cases == (ref,)
    assert house.state(ref).attention == ["law-moved", "law-not-answered"]
    moves = house.state(ref).move
    monkeypatch.setattr(watch, "SETTLING", timedelta(0))
    house.moment += timedelta(days=1)
    await house.again()
    assert (await house.watch()).cases == ()
    assert house.state(ref).move == moves
    mark = house.records.watching.mark("base")
    assert mark is not None
    assert mark.settled == mark.coming


async def test_what_is_abroad_is_compared_by_the_law_of_its_day(house: Watched, newer: Registry) -> None:
    ref = await house.filed("IE")
    await house.move(ref, Approve(override="they agreed to help (invented)"), house.approver)
    await house.move(ref, Send())
    await house.watch()
    later = copy.deepcopy(layer())
    later["parties/pact.yml"]["states"]["IE"].append({"act": "in-force", "on": "2026-11-20", **FACT})
    house.moment = START + timedelta(days=40)
    await house.again(load_registry([later]))
    assert (await house.watch()).cases == (ref,)
    law = house.state(ref).law
    assert law is not None
    assert law.on == START.date()


async def test_proposals_that_were_accepted_before_do_not_hide_what_the_program_brings(
    house: Watched, newer: Registry
) -> None:
    proposals = house.records.proposals
    desk = house.officer.model_copy(update={"id": "desk"})
    content = json.dumps(draft_json(draft(acts=[act("FR", "signed", "2026-11-01")])))
    number = proposals.add(desk, "France signs", content, START).number
    edition = "sha256:" + "0" * 64
    second = desk.model_copy(update={"id": "second"})
    proposals.accept(number, second, at=START, day=START.date(), place=1, edition=edition)
    ref = await house.filed("IE")
    await house.watch()
    await house.again(newer)
    assert (await house.watch()).cases == (ref,)
    history = [one.edition for one in proposals.editions()]
    assert newer.edition not in history, "it never counted without what was accepted"


async def test_two_houses_share_nothing(tmp_path: Path, law: Registry, newer: Registry) -> None:
    houses = [
        await Watched.new(tmp_path / name, law, f"{name}-test", name.upper()).start() for name in ("de", "us")
    ]
    refs = [await house.filed("IE") for house in houses]
    for house in houses:
        await house.watch()
    de, us = houses
    await de.again(newer)
    assert (await de.watch()).cases == (refs[0],)
    assert (await us.watch()).cases == ()
    assert us.state(refs[1]).move == 1
    await us.again(newer)
    assert (await us.watch()).cases == (refs[1],)
    for house in houses:
        house.records.close()
