"""Does material of the list show on its case, and is the head of the office told until a person takes
it over?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk import alarms as alarms_module
from desk import evidence
from desk.alarms import Alarms, alarms_of
from desk.evidence import person_notes
from desk.refused_hashes import refused_hash
from records.references import HOUSE
from schemas.errors import Unavailable
from schemas.evidence import ALARM, Noted
from schemas.moves import Actor, Alarmed, Close, Move, Withdraw
from schemas.work import NotifyWork
from tests.desk.evidence_houses import (
    DE_REF,
    OFFICER,
    US_REF,
    Houses,
    content_of,
    file_case,
    item_of,
    two_houses,
)
from tests.flow.invented import OFFICER_DE, outcome
from tests.flow.paper import Pair

ITEMS = [item_of(content_of(1000)), item_of(content_of(1001), id="image-2")]


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[Houses]:
    with two_houses(tmp_path) as found:
        found.declare(*ITEMS)
        yield found


class Told:
    """Stands in for the mail server and for the case: what reached them."""

    def __init__(self, houses: Houses, monkeypatch: pytest.MonkeyPatch) -> None:
        self.houses = houses
        self.notices: list[NotifyWork] = []
        self.moves: list[Alarmed] = []
        self.down = False
        self.today = datetime.now(UTC)
        for module in (evidence, alarms_module):
            monkeypatch.setattr(module, "tell", self.tell)
        monkeypatch.setattr(houses.de, "deliver", self.deliver)

    def tell(self, settings: Any, records: Any, key: Any, work: NotifyWork) -> bool:
        if work.notice not in {known.notice for known in self.notices}:
            self.notices.append(work)
        return True

    async def deliver(self, ref: str, move: Move) -> None:
        if self.down:
            raise Unavailable("The engine is down.", where=ref)
        assert isinstance(move.body, Alarmed)
        self.moves.append(move.body)
        state = self.houses.de.records.states.latest(ref)
        attention = [] if move.body.over else [ALARM]
        file_case(self.houses.de, ref, state.counterpart, state.side, ITEMS, attention=attention)

    def find(self, number: int = 0) -> None:
        state = self.houses.de.records.states.latest(DE_REF)
        item = ITEMS[number]
        evidence.found_on_list(self.houses.de, OFFICER, state, item, refused_hash(item.id))

    def note(self, event: str, number: int = 0) -> None:
        told = Noted.model_validate({"event": event, "where": "here", "why": "looked at", "how": "by hand"})
        state = self.houses.de.records.states.latest(DE_REF)
        person_notes(self.houses.de, OFFICER, state, ITEMS[number].id, told)

    def attention(self) -> list[str]:
        return self.houses.de.records.states.latest(DE_REF).attention


@pytest.fixture
def told(houses: Houses, monkeypatch: pytest.MonkeyPatch) -> Told:
    return Told(houses, monkeypatch)


async def test_it_shows_and_is_told_every_day_until_a_person_has_it_over(
    houses: Houses, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms = Alarms(houses.de)
    assert await alarms.round() == []
    told.find()
    assert len(told.notices) == 1
    for _ in range(2):
        assert await alarms.round() == [DE_REF]
    assert told.attention() == [ALARM]
    assert len(told.moves) == len(told.notices) == 1, "once a day, and once on the case"
    later(monkeypatch, 1)
    assert await Alarms(houses.de).round() == [DE_REF], "also after a stop"
    assert len(told.notices) == 2
    assert {(work.to, work.code, work.loud) for work in told.notices} == {(("head-of-office",), ALARM, True)}
    assert "image" not in "".join(work.model_dump_json() for work in told.notices)
    told.note("examined")
    assert await alarms.round() == [DE_REF], "what is only looked at is not over"
    told.note("custody-only")
    assert await alarms.round() == []
    assert told.attention() == []
    later(monkeypatch, 2)
    assert await alarms.round() == []
    assert len(told.notices) == 2


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(days=days)

    notice = evidence.alarm_notice

    def on_that_day(*given: Any) -> NotifyWork:
        with monkeypatch.context() as patch:
            patch.setattr(evidence, "datetime", Later)
            return notice(*given)

    monkeypatch.setattr(evidence, "alarm_notice", on_that_day)


async def test_each_item_counts_for_itself_and_a_new_find_begins_anew(houses: Houses, told: Told) -> None:
    alarms = Alarms(houses.de)
    told.find(0)
    told.find(1)
    told.note("handed-over", 0)
    assert await alarms.round() == [DE_REF]
    assert [(one.item, one.over) for one in alarms_of(houses.de, DE_REF)] == [
        ("image-1", True),
        ("image-2", False),
    ]
    told.note("handed-over", 1)
    assert await alarms.round() == []
    told.find(0)
    assert await alarms.round() == [DE_REF]
    assert [move.over for move in told.moves] == [False, True, False]


async def test_a_case_that_cannot_be_told_now_is_told_later(houses: Houses, told: Told) -> None:
    alarms = Alarms(houses.de)
    told.find()
    told.down = True
    await alarms.round()
    assert told.moves == []
    told.down = False
    await alarms.round()
    assert told.attention() == [ALARM]


async def test_refusals_of_other_kinds_and_of_other_houses_raise_none(houses: Houses, told: Told) -> None:
    now = datetime.now(UTC)
    ledger = houses.de.records.ledger
    ledger.note(DE_REF, OFFICER, "refused", {"code": "wrong-piece", "item": "image-1"}, now)
    assert await Alarms(houses.de).round() == []
    assert told.notices == []
    detail = {"code": "refused-hash", "message": "us.m1", "sender": "us"}
    ledger.note(HOUSE, Actor(id="house", house="de"), "refused", detail, now)
    assert await Alarms(houses.de).round() == []
    assert [(work.ref, work.to) for work in told.notices] == [(HOUSE, ("head-of-office",))]
    ledger.note(DE_REF, OFFICER, "refused", {"code": "refused-hash", "content": "sha256:0"}, now)
    alarms = Alarms(houses.de)
    for _ in range(2):
        assert await alarms.round() == [], "a document that was refused is told of once, and is no item"
    assert [work.ref for work in told.notices] == [HOUSE, DE_REF]
    assert alarms_of(houses.us, US_REF) == []


def test_the_case_shows_it_until_it_is_over_and_nobody_makes_it_by_hand() -> None:
    pair = Pair()
    pair.filed()
    shown = pair.de.move(OFFICER_DE, Alarmed(item="image-1"))
    assert pair.de.state.attention == [ALARM]
    assert pair.de.hands.filed[-1].row.attention == (ALARM,)
    assert "alarmed" not in shown.allowed
    pair.de.move(OFFICER_DE, Alarmed(item="image-1", over=True))
    assert pair.de.state.attention == []


def test_a_closed_case_shows_it_as_well_and_closing_takes_nothing_away() -> None:
    pair = Pair()
    pair.be_sent()
    pair.de.move(OFFICER_DE, Alarmed(item="image-1"))
    pair.de.move(OFFICER_DE, Withdraw(reason="solved"))
    pair.de.move(OFFICER_DE, Close(outcome=outcome("withdrawn")))
    assert (pair.de.state.status, pair.de.state.attention) == ("closed", [ALARM])
    pair.de.move(OFFICER_DE, Alarmed(item="image-1", over=True))
    assert pair.de.state.attention == []
    pair.de.move(OFFICER_DE, Alarmed(item="image-2"))
    assert pair.de.hands.filed[-1].row.attention == (ALARM,)
    assert pair.de.state.status == "closed"


async def test_the_house_tells_a_closed_case_too(houses: Houses, told: Told) -> None:
    told.find()
    state = houses.de.records.states.latest(DE_REF)
    file_case(houses.de, DE_REF, state.counterpart, state.side, ITEMS, status="closed")
    assert await Alarms(houses.de).round() == [DE_REF]
    assert [move.over for move in told.moves] == [False]
