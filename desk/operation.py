"""Is the house well? Database, engine, workers, carriers, clocks, letters, backups, disk and releases.

What cannot be found out is None, and is shown as unknown: it is never taken for good.
"""

from __future__ import annotations

import platform
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

from desk.apart import Piece
from desk.api.doors import House
from desk.opened import state_or_none
from records import standing
from records.backup import last_backup
from records.open import Records
from records.standing import Health, Overdue
from schemas.case import CaseState, OutStatus

NAME = "operation"
REFRESHED = timedelta(minutes=1)
LATELY = timedelta(days=30)
"""How far back carriers are looked at."""
MOST_CASES = 1_500
"""Cases whose letters are looked at: those that changed last."""
MOST_REFS = 20

BACKUP_AGE = timedelta(days=2)
"""A backup older than this is late."""
DISK_LEAST = 0.1
"""Less of the disk free than this is too little."""
WORKER_SILENCE = timedelta(minutes=2)

LETTERS = ("outcome-unknown", "not-relayed", "refused", "post-by-hand", "errand-failed")
"""Attention that says a letter did not get there, or nobody knows."""


@dataclass(slots=True)
class Road:
    """What went to one counterpart lately: when a letter last arrived or was last taken, when one last
    failed and why (a code), and how many are on their way or stuck."""

    name: str
    state: str
    good: datetime | None = None
    bad: datetime | None = None
    problem: str = ""
    ways: set[str] = field(default_factory=set)
    waiting: int = 0
    stuck: int = 0


@dataclass(frozen=True, slots=True)
class Stuck:
    """Cases with one sort of letter trouble: how many, and some of them."""

    code: str
    count: int
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What takes long to find out: carriers, stuck letters, and all attention by code."""

    at: datetime
    roads: tuple[Road, ...]
    whole: bool
    stuck: tuple[Stuck, ...]
    attention: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk of the home folder, in bytes."""

    total: int
    free: int

    @property
    def low(self) -> bool:
        """Is too little free?"""
        return self.free < self.total * DISK_LEAST


@dataclass(frozen=True, slots=True)
class Standing:
    """What is found out at once. None: not known."""

    now: datetime
    database: Health | None
    overdue: tuple[Overdue, ...]
    backup: datetime | None
    disk: Disk | None
    program: str | None
    python: str

    @property
    def backup_late(self) -> bool:
        """Is there no backup of late?"""
        return self.backup is None or self.now - self.backup > BACKUP_AGE


def stand(house: House) -> Standing:
    """How the house stands now. Raises Unavailable if the database does not answer."""
    records, now = house.records, datetime.now(UTC)
    return Standing(
        now=now,
        database=standing.health(records.database),
        overdue=tuple(standing.overdue(records.database, now)),
        backup=last_backup(records.database),
        disk=_disk(records),
        program=_version(),
        python=platform.python_version(),
    )


def survey(house: House, wait: float = 0.02) -> Piece:
    """Carriers and attention, no older than REFRESHED; `value` is a Surveyed once it is there."""
    return house.apart.fresh(NAME, lambda: surveyed(house.records, datetime.now(UTC)), REFRESHED, wait)


def surveyed(records: Records, now: datetime) -> Surveyed:
    """Looks through the cases for it."""
    refs = standing.changed_since(records.database, now - LATELY, MOST_CASES)
    roads: dict[str, Road] = {}
    for ref in refs:
        state = state_or_none(records, ref)
        if state is not None:
            _add(roads, state, now)
    attention: Counter[str] = Counter()
    letters: dict[str, list[str]] = {}
    for one in standing.waiting(records.database):
        heads = {code.partition(":")[0] for code in one.codes}
        attention.update(heads)
        for head in heads.intersection(LETTERS):
            letters.setdefault(head, []).append(one.ref)
    return Surveyed(
        at=now,
        roads=tuple(sorted(roads.values(), key=lambda road: (-road.stuck, road.name))),
        whole=len(refs) < MOST_CASES,
        stuck=tuple(
            Stuck(code, len(letters[code]), tuple(letters[code][:MOST_REFS]))
            for code in LETTERS
            if code in letters
        ),
        attention=dict(attention.most_common()),
    )


def _add(roads: dict[str, Road], state: CaseState, now: datetime) -> None:
    other = state.counterpart
    name = other.house or other.provider or ""
    if not state.outbox:
        return
    road = roads.setdefault(name or f"{other.state}:", Road(name, other.state))
    for letter in state.outbox:
        _count(road, letter, now)


def _count(road: Road, letter: OutStatus, now: datetime) -> None:
    if letter.way:
        road.ways.add(letter.way)
    arrived = letter.settled if letter.status == "delivered" else letter.relayed
    if arrived is not None and now - arrived <= LATELY:
        road.good = max(arrived, road.good or arrived)
    if letter.status in ("queued", "relayed", "by-hand"):
        road.waiting += 1
    if letter.status in ("refused", "uncertain") or (letter.status == "queued" and letter.problem):
        if letter.status != "refused":
            road.stuck += 1
        failed = letter.settled or letter.due or letter.queued
        if road.bad is None or failed >= road.bad:
            road.bad, road.problem = failed, letter.problem or letter.status


def _disk(records: Records) -> Disk | None:
    try:
        found = shutil.disk_usage(records.settings.home)
    except OSError:
        return None
    return Disk(found.total, found.free)


def _version() -> str | None:
    try:
        return version("rogatory")
    except PackageNotFoundError:
        return None
