"""Is the house's health told as it is, and is what nobody knows told as unknown?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.engine import Engine, Queue
from desk.operation import surveyed
from records.backup import backup
from schemas.case import OutStatus
from schemas.deadline import Deadline
from schemas.ids import digest
from tests.desk.test_figures import lived
from tests.patience import turns
from tests.web.conftest import Screen

OPERATION = "/desk/operation"
NOW = datetime.now(UTC)
SEALED = digest(b"letter")


def letter(status: Any, **more: Any) -> OutStatus:
    return OutStatus(id=f"m-{status}", event="send", sealed=SEALED, status=status, queued=NOW, **more)


def limit() -> Deadline:
    return Deadline(
        id="d1", clock="decide", rule="x", instrument="budapest", article="25", law=True, event="delivered",
        started=NOW - timedelta(days=40), due=NOW - timedelta(days=3), due_day=NOW.date(), amount=30,
        unit="days", time_zone="UTC", count="",
    )  # fmt: skip


async def told(person: Screen) -> str:
    """The page once everything on it was looked through."""
    async for _ in turns("all was looked through"):
        answer = await person.get(OPERATION)
        assert answer.status_code == 200, person.text()
        if "being looked through" not in person.text():
            break
    return person.text()


def state_of(person: Screen, name: str) -> str:
    rows = person.tree.cssselect("table")[0].cssselect("tbody tr")
    found = {row.cssselect("th")[0].text_content(): row.cssselect("td")[0].text_content() for row in rows}
    return str(found[name])


async def test_an_engine_that_is_away_and_a_backup_nobody_made(screen: Screen) -> None:
    operator = screen.signed_in("operator")
    await told(operator)
    assert state_of(operator, "Engine") == "Does not answer"
    assert state_of(operator, "Workers") == "Unknown"
    assert state_of(operator, "Backup") == "Unknown"
    assert state_of(operator, "Database") == "In order"
    assert state_of(operator, "Time limits") == "In order"


async def test_a_backup_is_remembered_with_its_age(
    screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(screen.records, tmp_path / "backup.tar.gz")
    operator = screen.signed_in("operator")
    await told(operator)
    assert state_of(operator, "Backup") == "In order"
    monkeypatch.setattr("desk.operation.BACKUP_AGE", timedelta(0))
    await told(operator)
    assert state_of(operator, "Backup") == "Late"


@pytest.mark.parametrize(
    ("workers", "state"),
    [
        (None, "Unknown"),
        ({}, "None"),
        ({"a": 0}, "In order"),
        ({"a": 1}, "All silent"),
        ({"a": 0, "b": 1}, "Some silent"),
    ],
)
async def test_workers_are_told_by_when_they_were_heard(
    screen: Screen, monkeypatch: pytest.MonkeyPatch, workers: dict[str, int] | None, state: str
) -> None:
    """`workers`: how many hours ago each was heard."""
    now = datetime.now(UTC)
    heard = None
    if workers is not None:
        heard = {name: now - timedelta(hours=hours) for name, hours in workers.items()}

    async def engine() -> Engine:
        return Engine(True, "1.0-invented", heard)

    monkeypatch.setattr(screen.office, "engine", engine)
    operator = screen.signed_in("operator")
    text = await told(operator)
    assert state_of(operator, "Engine") == "In order"
    assert state_of(operator, "Workers") == state
    assert "1.0-invented" in text


@pytest.mark.parametrize(
    ("queue", "state", "said"),
    [
        (None, "Unknown", "does not tell what waits"),
        (Queue(0, timedelta()), "In order", "Nothing waits"),
        (Queue(1, timedelta(seconds=2)), "In order", "for 2 seconds"),
        (
            Queue(1200, timedelta(minutes=5)),
            "Slow",
            "1,200 tasks wait for a worker, the oldest for 300 seconds",
        ),
    ],
)
async def test_what_waits_for_a_worker_is_told(
    screen: Screen, monkeypatch: pytest.MonkeyPatch, queue: Queue | None, state: str, said: str
) -> None:
    async def engine() -> Engine:
        return Engine(True, "1.0-invented", {}, queue)

    monkeypatch.setattr(screen.office, "engine", engine)
    operator = screen.signed_in("operator")
    assert said in await told(operator)
    assert state_of(operator, "Queue") == state


async def test_letters_clocks_and_carriers(screen: Screen) -> None:
    records = screen.records
    arrived = letter("delivered", settled=NOW - timedelta(hours=2), way="http")
    lived(records, "A-1", [("draft", 0), ("sent", 1)], outbox=[arrived], start=NOW - timedelta(days=2))
    lost = letter("uncertain", due=NOW - timedelta(hours=1), problem="not-delivered")
    attention = ["outcome-unknown:m-uncertain"]
    start = NOW - timedelta(days=2)
    lived(
        records, "A-2", [("sent", 0)], other="FR", outbox=[lost], attention=attention, start=start,
        deadlines=[limit()],
    )  # fmt: skip
    operator = screen.signed_in("operator")
    text = await told(operator)
    assert state_of(operator, "Letters") == "Some need a person"
    assert state_of(operator, "Time limits") == "Some are over"
    assert "not-delivered" in text
    assert "A-2" in text
    # An operator sees no case: the reference is no link.
    assert not operator.tree.cssselect("a[href*='/desk/case/']")
    auditor = screen.signed_in("auditor")
    await told(auditor)
    assert auditor.tree.cssselect("a[href='/desk/case/A-2']")
    found = surveyed(records, datetime.now(UTC))
    roads = {road.state: road for road in found.roads}
    assert (roads["US"].good, roads["US"].bad, roads["US"].ways) == (arrived.settled, None, {"http"})
    assert (roads["FR"].good, roads["FR"].stuck) == (None, 1)
    assert dict(found.attention) == {"outcome-unknown": 1}


@pytest.mark.parametrize("who", ["officer", "liaison", "judge", "treaty-desk", "approver"])
async def test_others_do_not_see_it(screen: Screen, who: str) -> None:
    assert (await screen.signed_in(who).get(OPERATION)).status_code == 403
