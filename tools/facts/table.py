"""Which rows does a facts folder hold, and what became of each of them?"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Fate = Literal["taken", "merged", "refused"]
FATES: tuple[Fate, ...] = ("taken", "merged", "refused")
RECORDED = "2026-11-21"
"""The day on which these facts entered the registry."""

REFUSALS: dict[str, str] = {
    "carrier": "a network or register that carries requests: no legal basis, and no rule of one",
    "domestic": "a figure of a purely domestic power, not one of co-operation",
    "empty": "holds neither a day nor a status nor a name",
    "model": "a model, a form or a drafting aid: binds nobody",
    "no-jurisdiction": "names a territory that the table of jurisdictions does not hold",
    "not-criminal": "not about criminal matters",
    "not-found": "a search without result: says nothing about the law",
    "not-yet-law": "a bill, an invitation, a negotiation or a report on readiness: binds nobody yet",
    "replaced": "replaced between all who could be bound by it",
    "unplaced": "nobody has given it a place yet",
    "usage": "a word to use or to avoid, not law",
}
"""Every reason for which a row may be left out. A row that is `unplaced` is a defect: the tests say so."""


@dataclass(frozen=True)
class FactRow:
    """One line of one table: `file` relative to the folder, `line` from 1 (1 is the head)."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass
class Account:
    """What became of every row: (file, line, name of the row, fate, why), in the order of reading."""

    entries: list[tuple[str, int, str, Fate, str]] = field(default_factory=list)

    def put(self, row: FactRow, name: str, fate: Fate, why: str) -> None:
        """Note the fate of `row`."""
        self.entries.append((row.file, row.line, name, fate, why))

    def taken(self, row: FactRow, name: str, why: str) -> None:
        """The row stands in a law file now."""
        self.put(row, name, "taken", why)

    def merged(self, row: FactRow, name: str, why: str) -> None:
        """The row stands inside a fact that another row brought."""
        self.put(row, name, "merged", why)

    def refused(self, row: FactRow, name: str, reason: str, detail: str = "") -> None:
        """The row was left out, for one of `REFUSALS`; `detail` says more where that is not enough.

        Raises ValueError for a reason that is not in the list.
        """
        if reason not in REFUSALS:
            raise ValueError(f"{reason!r} is no reason to refuse {row.file}:{row.line}; add it to REFUSALS")
        self.put(row, name, "refused", f"[{reason}] {detail or REFUSALS[reason]}")

    def lines(self) -> Iterator[str]:
        """The account as text, one line per row."""
        for file, line, name, fate, why in sorted(self.entries):
            yield f"{fate:8}{file}:{line}  {name}  {why}"

    def fates(self) -> dict[str, Counter[Fate]]:
        """How many rows of each table met which fate; a row told twice counts once, as its best fate."""
        best: dict[tuple[str, int], Fate] = {}
        for file, line, _, fate, _ in self.entries:
            known = best.get((file, line), fate)
            best[file, line] = min(fate, known, key=FATES.index)
        counts: dict[str, Counter[Fate]] = {}
        for (file, _), fate in sorted(best.items()):
            counts.setdefault(file, Counter())[fate] += 1
        return counts

    def summary(self) -> Iterator[str]:
        """Counts per table, and of all tables; then how often each reason to refuse was given."""
        total: Counter[Fate] = Counter()
        for file, counts in self.fates().items():
            total += counts
            yield f"{file}: " + ", ".join(f"{counts[fate]} {fate}" for fate in FATES)
        told = ", ".join(f"{total[fate]} {fate}" for fate in FATES)
        yield f"all {total.total()} rows: {told}"
        reasons = Counter(why[1:].partition("]")[0] for *_, fate, why in self.entries if fate == "refused")
        for reason, times in sorted(reasons.items()):
            yield f"refused as {reason}: {times} ({REFUSALS[reason]})"


def rows(folder: Path, name: str) -> list[FactRow]:
    """The rows of table `name` (a path inside `folder`); none if the table is not there."""
    path = folder / name
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        return [
            FactRow(name, reader.line_num, {column: (cell or "").strip() for column, cell in cells.items()})
            for cells in reader
        ]
