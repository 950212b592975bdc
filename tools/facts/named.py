"""Which treaties of two States does only the table of authorities name?

That a treaty of such a year names an authority proves that it was made; whether and since when it is in force
was not read there. So each becomes a treaty whose entry into force stays an open question.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tools.facts.acts import UNKNOWN
from tools.facts.bilateral import KIND, Treaty, act
from tools.facts.cite import Sources
from tools.facts.states import instrument_keys
from tools.facts.table import FactRow, rows

FILE = "authorities.csv"
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_PROVISIONAL = "applied provisionally from signature"
_TITLES = {"mla": "Treaty on mutual legal assistance", "extradition": "Extradition treaty"}
_OTHER_TITLES = {"ar-uy-mla": "Agreement on letters rogatory, Argentina - Uruguay (Argentine Law 22.410)"}


def treaties(folder: Path, known: dict[str, Treaty]) -> dict[str, Treaty]:
    """The treaties named in authorities.csv that are not among `known`, by key."""
    names = {row["iso2"]: row["name_en"] for row in rows(folder, "jurisdictions.csv")}
    found: dict[str, Treaty] = {}
    for row in rows(folder, FILE):
        if row["instrument"].startswith("bilateral "):
            for key in instrument_keys(row["instrument"], row["function"]):
                if key not in known:
                    found.setdefault(key, Treaty(_as_treaty(key, row, names)))
    return found


def _as_treaty(key: str, row: FactRow, names: dict[str, str]) -> FactRow:
    """The row as the table of treaties would have it."""
    first, second, slug = key.upper().split("-", 2)
    kind = next(kind for kind, short in KIND.items() if short == slug.lower())
    year = _YEAR.search(row["instrument"])
    title = f"{_TITLES[kind]}, {names[first]} - {names[second]}" + (f" ({year.group()})" if year else "")
    said = f"named with its authority for {names[row['state_iso2']]} only; its own dates were not read"
    cells = {
        "kind": kind,
        "party_a_iso2": first,
        "party_b_iso2": second,
        "title": _OTHER_TITLES.get(key, title),
        "note": said,
        "source": row["source"],
        "as_of": row["as_of"],
        "confidence": row["confidence"],
        "status": "unknown",
        "year": year.group() if year else "",
        "applied": row["since"] if _PROVISIONAL in row["formalities"] else "",
    }
    return FactRow(row.file, row.line, cells)


def complete(content: dict[str, Any], treaty: Treaty, sources: Sources) -> dict[str, Any]:
    """The party file with what the name of the treaty tells: the year, and that it is applied already."""
    row = treaty.base
    if row.file != FILE:
        return content
    for acts in content["states"].values():
        for one in acts:
            if one["act"] == "signed" and one["on"] == UNKNOWN and row["year"]:
                one |= {"earliest": f"{row['year']}-01-01", "latest": f"{row['year']}-12-31"}
        if row["applied"]:
            acts.append(act(row, "provisionally-applied", row["applied"], "", sources))
    return content
