"""Which cases were erased, told outside the database? A list beside the master key; no backup undoes it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from records.vault import write_whole

FILE = "erased.jsonl"


@dataclass(frozen=True, slots=True)
class Erased:
    """One erased case: when (as `records.moments`), and its certificate (compact JWS)."""

    ref: str
    at: str
    certificate: str


def read_erased(folder: Path) -> dict[str, Erased]:
    """All erased cases by reference; none if the list does not exist."""
    path = folder / FILE
    if not path.is_file():
        return {}
    lines = path.read_text("utf-8").splitlines()
    return {one.ref: one for one in (Erased(**json.loads(line)) for line in lines if line)}


def keep_erased(folder: Path, cases: list[Erased]) -> None:
    """Add those that the list lacks."""
    known = read_erased(folder)
    fresh = [case for case in cases if case.ref not in known]
    if not fresh:
        return
    everything = [*known.values(), *fresh]
    text = "".join(json.dumps(asdict(case)) + "\n" for case in everything)
    write_whole(folder / FILE, text.encode())
