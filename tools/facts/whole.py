"""Did every row of a facts folder meet its fate?"""

from __future__ import annotations

from pathlib import Path

from tools.facts import newest
from tools.facts.table import Account, rows


def missing(folder: Path, account: Account) -> list[str]:
    """`file:line` of every row nobody looked at, or for which nobody has found a place; empty: none is lost.

    Every CSV file below the folder counts, also one no importer knows, and the tables of the newest notes.
    """
    tables = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.csv"))]
    places = [(row.file, row.line) for name in tables for row in rows(folder, name)]
    places += [(row.file, row.line) for row in newest.notes(folder)]
    told = {(file, line) for file, line, *_ in account.entries}
    unseen = [f"{file}:{line} nobody looked at it" for file, line in places if (file, line) not in told]
    unplaced = [
        f"{file}:{line} {name} {why}"
        for file, line, name, fate, why in account.entries
        if fate == "refused" and why.startswith("[unplaced]")
    ]
    return [*unseen, *unplaced]
