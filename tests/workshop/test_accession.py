"""Does a trial accession list the right pairs and the right open cases, and does accepting it tell them?"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemas.moves import LawMoved
from schemas.vocabulary import Verdict
from tests.workshop.conftest import Desk, ireland

FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts" / "coe" / "ets185.csv"
FORCE = "2027-03-01"

DECLARED = {"DE", "US", "FR", "JP", "BR", "AU", "CA", "NG", "TO"}
"""Some parties to the Convention, read off the chart of the Treaty Office; the facts folder has them all."""
OUTSIDE = {"RU", "CN", "IN", "ZA", "KR", "MX"}
"""States that were no parties to it on the day: two of them signed, one was invited."""


def parties() -> set[str]:
    """States in force under the Convention according to the facts, which the program did not write."""
    with FACTS.open(encoding="utf-8", newline="") as file:
        return {row["state_iso2"] for row in csv.DictReader(file) if row["in_force"] and not row["ended"]}


def group(impact: dict[str, Any], kind: str) -> dict[str, Any]:
    found = [one for one in impact["groups"] if (one["effect"], one["kind"]) == ("gained", kind)]
    assert len(found) == 1
    return dict(found[0])


async def test_the_pairs_that_gain_are_ireland_with_every_party_both_ways_from_the_day(desk: Desk) -> None:
    number = await desk.proposed(**ireland())
    impact = await desk.got("desk", f"/registry/proposals/{number}/impact")
    for kind in ("mla", "preservation"):
        gained = group(impact, kind)
        assert (gained["instrument"], gained["from"]) == ("budapest", FORCE)
        assert (gained["before"], gained["after"]) == ("no", "yes")
        there = {pair.removeprefix("IE>") for pair in gained["pairs"] if pair.startswith("IE>")}
        back = {pair.removesuffix(">IE") for pair in gained["pairs"] if pair.endswith(">IE")}
        assert there == back
        assert there >= DECLARED
        assert there.isdisjoint(OUTSIDE | {"IE"})
        assert len(gained["pairs"]) == 2 * len(there)
        if FACTS.is_file():
            assert there >= parties() - {"IE"}
            # Territories to which a party has extended it come on top of the parties of the chart.
            assert len(there - parties()) <= 5
    assert impact["lost"] == 0


async def test_open_cases_with_ireland_are_listed_and_no_others(desk: Desk) -> None:
    ours = await desk.filed("IE")
    others = [await desk.filed(state) for state in ("US", "FR", "GB")]
    closed = await desk.filed("IE")
    assert (await desk.move("officer", closed, event="withdraw", reason="invented")).status_code == 200
    outcome = {"result": "withdrawn"}
    assert (await desk.move("officer", closed, event="close", outcome=outcome)).status_code == 200
    number = await desk.proposed(**ireland())
    assert (await desk.got("desk", f"/registry/proposals/{number}/impact"))["cases_total"] == 1
    impact = await desk.got("officer", f"/registry/proposals/{number}/impact")
    assert [case["ref"] for case in impact["cases"]] == [ours]
    case = impact["cases"][0]
    assert case["counterpart_state"] == "IE"
    assert case["good_until_changes"] is True
    assert f"budapest:IE.in-force.{FORCE}" in case["facts"]
    assert not {*others, closed} & {one["ref"] for one in impact["cases"]}
    # Nothing counts before it is accepted.
    assert desk.state(ours).attention == []


async def test_accepted_it_counts_at_once_everywhere_and_the_case_is_told(desk: Desk) -> None:
    ref, other = await desk.filed("IE"), await desk.filed("US")
    law = desk.state(ref).law
    assert law is not None
    number = await desk.proposed(**ireland())
    before = (await desk.got("officer", "/registry/history"))["edition"]
    done = await desk.accepted(number)
    assert done["status"] == "accepted"
    history = await desk.got("officer", "/registry/history")
    assert history["edition"] == done["edition"] != before
    assert [one["edition"] for one in history["editions"]][:2] == [done["edition"], before]

    state = desk.state(ref)
    assert state.attention == [f"law-moved:{number}"]
    assert state.law is not None
    assert state.law.edition == done["edition"] != law.edition
    assert state.law.good_until == date(2027, 3, 1)
    assert state.law.candidates["budapest"] is Verdict.NO
    row = desk.records.docket.row(ref)
    assert (row.attention, row.edition) == ((f"law-moved:{number}",), done["edition"])
    entry = desk.records.ledger.entries(ref)[-1]
    assert (entry.event, entry.actor) == ("law-moved", "second")
    body = LawMoved.model_validate_json(entry.detail or "")
    assert f"budapest:IE.in-force.{FORCE}" in body.facts
    assert body.proposals == (number,)
    assert desk.state(other).attention == []

    question = {"requesting": "DE", "requested": "IE", "measures": ["subscriber-data"], "on": FORCE}
    answer = await desk("officer", "POST", "/assess", json=question)
    found = {one["instrument"]: one["verdict"] for one in answer.json()["candidates"]}
    assert found["budapest"] == "yes"


async def test_what_was_believed_before_stays_to_be_asked(desk: Desk) -> None:
    await desk.accepted(await desk.proposed(**ireland()))
    today = desk.office.today()
    known = await desk.got("desk", "/registry/export", known_on=today.isoformat())
    acts = known["parties"]["budapest"]["states"]["IE"]
    assert [act["act"] for act in acts] == ["signed", "ratified", "in-force"]
    assert {act["recorded"] for act in acts[1:]} == {today.isoformat()}
    if today > date(2026, 11, 21):
        earlier = await desk.got("desk", "/registry/export", known_on="2026-11-21")
        assert len(earlier["parties"]["budapest"]["states"]["IE"]) == 1


async def test_a_case_that_cannot_be_reached_is_told_later(desk: Desk) -> None:
    ref = await desk.filed("IE")
    desk.office.down = frozenset({ref})
    number = await desk.proposed(**ireland())
    await desk.accepted(number)
    assert desk.state(ref).attention == []
    assert (await desk.watch()).unreached == {ref: "unavailable"}
    assert [one.number for one in desk.records.proposals.unwatched()] == [number]
    desk.office.down = frozenset()
    assert (await desk.watch()).cases == (ref,)
    assert desk.state(ref).attention == [f"law-moved:{number}"]
    moves = desk.state(ref).move
    assert (await desk.watch()).cases == ()
    assert desk.state(ref).move == moves


async def test_the_watch_ends_once_no_answer_of_the_old_edition_can_still_come(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from desk import watch

    number = await desk.proposed(**ireland())
    await desk.accepted(number)
    assert (await desk.watch()).settled == ()
    monkeypatch.setattr(watch, "SETTLING", timedelta(0))
    assert (await desk.watch()).settled == (number,)
    assert desk.records.proposals.unwatched() == []


async def test_several_changes_are_told_once_and_a_case_filed_after_them_not_at_all(desk: Desk) -> None:
    ref = await desk.filed("IE")
    desk.office.down = frozenset({ref})
    first = await desk.proposed(**ireland())
    await desk.accepted(first)
    second = await desk.proposed(
        title="Ireland names another authority",
        defaults={"source": "depositary-2026-11", "confidence": "read"},
        authorities=[{"state": "IE", "id": "mla-in-2026", "function": "mla-in", "name": "Invented Office"}],
        retract=[{"fact": "IE:mla-in", "reason": "the office moved (invented)"}],
    )
    await desk.accepted(second)
    later = await desk.filed("IE")
    desk.office.down = frozenset()
    assert (await desk.watch()).cases == (ref,)
    state = desk.state(ref)
    assert state.attention == [f"law-moved:{second}"]
    assert LawMoved.model_validate_json(desk.records.ledger.entries(ref)[-1].detail or "").proposals == (
        first,
        second,
    )
    assert state.law is not None
    assert state.law.authority == "Invented Office"
    assert desk.state(later).attention == []
