"""How does the whole registry leave the house: as one JSON document, or as a table with one fact a row?"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from schemas.law import Fact
from treaties.registry import Registry

COLUMNS = (
    "fact", "kind", "day", "until", "article", "text", "source", "place", "recorded", "checked", "confidence",
    "grade", "note", "retracted_on", "retracted_because",
)  # fmt: skip
LINES_AT_ONCE = 500
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_SAID_APART = frozenset(
    {
        "source", "place", "recorded", "checked", "confidence", "grade", "note", "retracted",
        "on", "since", "until", "article", "act", "id",
    }
)  # fmt: skip


def as_json(registry: Registry) -> dict[str, Any]:
    """Everything the registry holds, section by section and by key; absent fields are left out."""
    return {
        "edition": registry.edition,
        "sources": _section(registry.sources),
        "states": _section(registry.jurisdictions),
        "instruments": {
            key: {**told, "entries": [_told(row) for row in registry.entries.get(key, ())]}
            for key, told in _section(registry.instruments).items()
        },
        "parties": {
            key: {**told, "completeness": [_told(row) for row in registry.completeness.get(key, ())]}
            for key, told in _section(registry.parties).items()
        },
        "offences": _section(registry.offences),
        "gates": _section(registry.gates),
        "providers": _section(registry.providers),
    }


def as_csv(registry: Registry) -> Iterator[str]:
    """The table in pieces of some hundred lines, the heading first; also the rows that were retracted.

    Text that a spreadsheet would take for a formula is written behind an apostrophe.
    """
    piece = io.StringIO()
    writer = csv.writer(piece, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, (fact, row) in enumerate(registry.facts(), start=1):
        writer.writerow([_safe(value) for value in _cells(fact, row)])
        if number % LINES_AT_ONCE == 0:
            yield piece.getvalue()
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue()


def _section(rows: Any) -> dict[str, Any]:
    return {key: _told(row) for key, row in sorted(rows.items())}


def _told(row: Any) -> dict[str, Any]:
    told: dict[str, Any] = row.model_dump(mode="json", exclude_defaults=True)
    return told


def _cells(fact: str, row: Fact) -> list[str]:
    told = _told(row)
    rest = {name: value for name, value in told.items() if name not in _SAID_APART}
    day = told.get("on", told.get("since", ""))
    withdrawn = told.get("retracted") or {}
    return [
        fact,
        str(told.get("act") or type(row).__name__.lower()),
        "" if day is None else str(day),
        str(told.get("until") or ""),
        str(told.get("article") or ""),
        json.dumps(rest, ensure_ascii=False, sort_keys=True) if rest else "",
        *(str(told.get(name) or "") for name in ("source", "place", "recorded", "checked", "confidence")),
        *(str(told.get(name) or "") for name in ("grade", "note")),
        str(withdrawn.get("on") or ""),
        str(withdrawn.get("reason") or ""),
    ]


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
