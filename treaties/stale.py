"""Which facts should somebody look up again: those grown old, and those recalled that cases rely on?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from schemas.law import Fact
from schemas.span import last_day
from schemas.vocabulary import Confidence
from treaties.registry import Registry

OLD = timedelta(days=365)
"""A fact that nobody checked for longer than this is due."""


@dataclass(frozen=True, slots=True)
class Due:
    """A fact to look up. `old`: last seen on `seen`, more than a year before; `memory`: recalled, never read;
    `cases`: open cases whose recorded answer rests on it."""

    fact: str
    source: str
    seen: date
    days: int
    old: bool
    memory: bool
    cases: tuple[str, ...]


def due(registry: Registry, on: date, used: Mapping[str, Sequence[str]]) -> list[Due]:
    """Facts not checked for a year as of `on`, and recalled facts that open cases use (`used`: references by
    fact id). What cases rely on goes first, then the oldest. Retracted rows are left out."""
    found = []
    for fact, row in registry.facts():
        if row.retracted is not None or row.recorded > on:
            continue
        seen = last_seen(registry, row)
        cases = tuple(used.get(fact, ()))
        old = on - seen > OLD
        memory = row.confidence is Confidence.MEMORY
        if old or (memory and cases):
            found.append(Due(fact, row.source, seen, (on - seen).days, old, memory, cases))
    return sorted(found, key=lambda one: (-len(one.cases), -one.days, one.fact))


def last_seen(registry: Registry, row: Fact) -> date:
    """The last day on which the row was certainly held against its source; recorded, where none is known."""
    source = registry.sources.get(row.source)
    partial = row.checked or (source.as_of if source is not None else None)
    return min(last_day(partial), row.recorded) if partial else row.recorded


def by_source(found: Iterable[Due]) -> list[dict[str, Any]]:
    """The same work source by source, as one look into a source settles many facts: `{source, facts, cases,
    oldest}`, the most needed first."""
    groups: dict[str, list[Due]] = defaultdict(list)
    for one in found:
        groups[one.source].append(one)
    told: list[dict[str, Any]] = [
        {
            "source": source,
            "facts": len(rows),
            "cases": len({ref for row in rows for ref in row.cases}),
            "oldest": min(row.seen for row in rows).isoformat(),
        }
        for source, rows in groups.items()
    ]
    return sorted(told, key=lambda row: (-row["cases"], -row["facts"], row["source"]))


def told(one: Due) -> dict[str, Any]:
    """One fact of the list as plain data."""
    return {**asdict(one), "seen": one.seen.isoformat(), "cases": list(one.cases)}
