"""Which statutes let a State act without a treaty, and what do they ask for?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.facts.cite import MEMORY, Sources, key_of
from tools.facts.instruments import ordered
from tools.facts.table import RECORDED, Account, FactRow, rows

FILE = "bilateral/domestic.csv"
NAMED = {
    ("DE", "mla"): "de-irg-59",
    ("DE", "extradition"): "de-irg-5",
    ("US", "18 U.S.C. 2523, 2713 (CLOUD Act)"): "us-18-usc-2523",
    ("US", "18 U.S.C. 3181(b) and 3184"): "us-18-usc-3181",
    ("US", "18 U.S.C. 2703(f)"): "us-18-usc-2703f",
    ("CH", "mla"): "ch-imac-8",
    ("CH", "extradition"): "ch-imac-part-2",
    ("GB", "Crime (International Co-operation) Act 2003"): "gb-cica-2003",
    ("GB", "Crime (Overseas Production Orders) Act 2019"): "gb-copoa-2019",
    ("GB", "extradition"): "gb-extradition-act-2003",
}
_NEEDS_TREATY = re.compile(
    r"(?<!no )treaty (?:always )?needed|needs a treaty|executive agreements only|outgoing orders"
)
_DESIGNATION = re.compile(
    r"designat|prescribed|extradition country under|order per country|by order to states"
)
_NO_STATUTE = re.compile(r"^(?:no general|reciprocity principle)")
FOREIGN_PRESERVATION = frozenset({"AU", "CA", "US"})
"""Statutes under which data can be preserved for a foreign State; others are domestic powers."""
_MAX_WORDS = 7


@dataclass(frozen=True)
class Later:
    """A statute newer than the table: its key, first day, the key it replaces, and the row it would have."""

    key: str
    since: str
    replaces: str
    cells: dict[str, str]


LATER = (
    Later(
        "vn-law-103-2025",
        "2026-07-01",
        "vn-law-on-mutual-legal-assistance-08-2007",
        {
            "state_iso2": "VN",
            "statute": "Law on Mutual Legal Assistance in Criminal Matters 103/2025/QH15",
            "purpose": "mla",
            "reciprocity_required": "unknown",
            "note": "the Supreme People's Procuracy is the central agency",
            "source": "laodong.vn 2025-11-26",
            "as_of": "2025-11-26",
            "confidence": "read",
        },
    ),
)


@dataclass(frozen=True)
class Statute:
    """One statute: the content of its instrument file and of its party file."""

    instrument: dict[str, Any]
    parties: dict[str, Any]


def statutes(folder: Path, sources: Sources, account: Account) -> dict[str, Statute]:
    """All statutes by key such as `us-18-usc-3512`."""
    found: dict[str, Statute] = {}
    for row in rows(folder, FILE):
        key = key_for(row)
        if key in found:
            key = f"{key}-{row['purpose']}"
        found[key] = Statute(_instrument(key, row, sources), _parties(key, row, sources))
        account.taken(row, key, f"instruments/{key}.yml")
    for later in LATER:
        _replace(found, later, sources)
    return found


def _replace(found: dict[str, Statute], later: Later, sources: Sources) -> None:
    """Add a statute that only the newest notes know, and end the one whose place it takes."""
    row = FactRow("latest.md", 0, later.cells)
    citation = sources.cite(later.cells["source"], later.cells["as_of"])
    statute = Statute(_instrument(later.key, row, sources), _parties(later.key, row, sources))
    state = row["state_iso2"]
    (act,) = statute.parties["states"][state]
    act |= {"on": later.since, "checked": later.cells["as_of"], "note": citation.note()}
    found[later.key] = statute
    recalled = {"source": MEMORY, "confidence": MEMORY, "note": f"its place was taken by {later.key}"}
    found[later.replaces].parties["states"][state].append({"act": "replaced", "on": later.since, **recalled})


def key_for(row: FactRow) -> str:
    """State and the first words of the statute's name."""
    state, statute = row["state_iso2"], row["statute"]
    named = NAMED.get((state, statute)) or NAMED.get((state, row["purpose"]))
    if named:
        return named
    if _NO_STATUTE.search(statute):
        return f"{state.lower()}-practice-{row['purpose']}"
    words = key_of(re.sub(r"\([^)]*\)", "", statute).replace("U.S.C.", "USC")).split("-")
    return "-".join([state.lower(), *words[:_MAX_WORDS]])


def _citation(row: FactRow, sources: Sources) -> dict[str, str]:
    citation = sources.cite(row["source"])
    memory = citation.key == MEMORY or row["confidence"] == MEMORY
    # The tables show no age for statutes: what was read is as old as the newest reading of that source,
    # what was recalled is as old as the day of recalling.
    checked = "" if memory else sources.found[citation.key].get("as_of", "")
    return {
        "source": MEMORY if memory else citation.key,
        "place": "" if memory else citation.place,
        "checked": checked or RECORDED,
        "confidence": MEMORY if memory else "read",
    }


def _parties(key: str, row: FactRow, sources: Sources) -> dict[str, Any]:
    act = {"act": "in-force", "on": "unknown", **_citation(row, sources)}
    act["note"] = "in force when the source was read; since when was not read"
    return {"instrument": key, "states": {row["state_iso2"]: [act]}}


def _instrument(key: str, row: FactRow, sources: Sources) -> dict[str, Any]:
    cited = _citation(row, sources)
    kind = row["purpose"]
    needs_treaty = bool(_NEEDS_TREATY.search(row["note"]))
    domestic_power = kind == "preservation" and row["state_iso2"] not in FOREIGN_PRESERVATION
    provision = {
        "id": f"title.{kind}",
        "article": "title",
        "kinds": [kind],
        "role": "procedure" if needs_treaty or domestic_power else "reach",
        "force": "option",
        **cited,
        "grade": "low",
        "note": "carries out a treaty, is no basis by itself" if needs_treaty else "presumed from the table",
    }
    if domestic_power:
        provision["note"] = "a power for domestic cases"
    return ordered(
        {
            "key": key,
            "title": row["statute"],
            "form": "practice" if _NO_STATUTE.search(row["statute"]) else "domestic",
            "kinds": [kind],
            "states": [row["state_iso2"]],
            "text_read": False,
            "note": row["note"],
            "provisions": [provision],
            "conditions": _conditions(kind, row, cited),
        }
    )


def _conditions(kind: str, row: FactRow, cited: dict[str, str]) -> list[dict[str, Any]]:
    asked = []
    if row["reciprocity_required"] == "yes":
        asked.append(("reciprocity", "an assurance of reciprocity where no treaty binds the two"))
    if _DESIGNATION.search(row["note"]):
        asked.append(("designation", "the requesting State must be designated under the statute"))
    if row["statute"] == "18 U.S.C. 2703(f)":
        asked.append(
            ("own-authority-asks", "only a governmental entity of the United States may ask the provider")
        )
    return [
        {
            "id": f"title.{condition}",
            "article": "title",
            "kinds": [kind],
            "condition": condition,
            "evaluates": "question",
            "text": text,
            **cited,
        }
        for condition, text in asked
    ]
