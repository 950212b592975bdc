"""Which rows does a facts folder hold, and what became of each of them?"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Fate = Literal["taken", "merged", "refused"]
RECORDED = "2026-11-21"
"""The day on which these facts entered the registry."""


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

    def refused(self, row: FactRow, name: str, why: str) -> None:
        """The row was left out."""
        self.put(row, name, "refused", why)

    def lines(self) -> Iterator[str]:
        """The account as text, one line per row."""
        for file, line, name, fate, why in sorted(self.entries):
            yield f"{fate:8}{file}:{line}  {name}  {why}"

    def summary(self) -> Iterator[str]:
        """Counts per table."""
        counts: Counter[tuple[str, Fate]] = Counter((file, fate) for file, _, _, fate, _ in self.entries)
        for file in sorted({file for file, _ in counts}):
            fates: list[Fate] = ["taken", "merged", "refused"]
            yield f"{file}: " + ", ".join(f"{counts[file, fate]} {fate}" for fate in fates)


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
