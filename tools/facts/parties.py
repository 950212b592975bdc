"""Who is bound by the multilateral instruments, and is the list whole?"""

from __future__ import annotations

from typing import Any

from tools.facts.acts import UNKNOWN, Act, RowActs
from tools.facts.cite import Sources
from tools.facts.instruments import PENDING
from tools.facts.keys import Table
from tools.facts.table import RECORDED, Account, rows

CLOSED = {
    "schengen-cisa-48-53": "members of the Union and associated States",
    "benelux-1962": "Belgium, Luxembourg and the Netherlands",
    "nordic-arrest-warrant": "the five Nordic States",
    "eu-eaw": "members of the Union",
    "eu-eevidence": "members of the Union save Denmark",
    "eu-eevidence-dir": "members of the Union",
    "eu-freezing-2018-1805": "members of the Union save Denmark and Ireland",
    "eu-is-no-surrender": "members of the Union, Iceland and Norway",
    "uk-eu-tca": "members of the Union and the United Kingdom",
}
"""Instruments that only the States named may join: recalled, as their texts were not read for it."""

COMPLETE: dict[str, dict[str, str]] = {
    "budapest": {
        "as_of": "2025-10-28",
        "source": "post-quoting-the-coe-chart-2025-10-28",
        "confidence": "read",
        "note": "81 parties and two signatories counted on that day; this list holds exactly those",
    },
    "budapest-2ap": {
        "as_of": "2026-02",
        "source": "verdragenbank-overheid-nl-en-treaty-details-013833-p",
        "confidence": "read",
        "note": "list of 52 signatories with three ratifications; a fourth was reported later",
    },
    "coe-mla-2001-ap2": {
        "as_of": "2022",
        "source": "inview-nl-document-idfc71ffdf43edc83f241b28ac7d5dbaf4",
        "confidence": "read",
        "note": "whole party list of 2022 or later, and Montenegro, which that list leaves out",
    },
    "untoc": {
        "as_of": "2024-05-04",
        "source": "treaties-un-org-showmtdsgdetails-xviii-12",
        "confidence": "read",
        "note": "192 parties counted on that day; this list holds those and Iran, which came in August 2025",
    },
    "opsc": {
        "as_of": "2025-12-04",
        "source": "verdragen-nl-treaty-details-009290-w",
        "confidence": "read",
        "note": "whole list of January 2015 and the log of changes up to the day shown",
    },
    "coe-mla-1959": {
        "as_of": "2024",
        "source": "memory",
        "confidence": "memory",
        "note": "50 parties are listed here; that the chart of the Treaty Office counts 50 is recalled",
    },
    "lanzarote": {
        "as_of": "2024",
        "source": "memory",
        "confidence": "memory",
        "note": "48 parties are listed here, with Russia and Tunisia; that the chart counts 48 is recalled",
    },
    "eu-eio": {
        "as_of": "2026-11",
        "source": "memory",
        "confidence": "memory",
        "note": "closed by the Directive itself: all members of the Union save Denmark and Ireland",
    },
    "budapest-1ap": {
        "as_of": "2025-06-05",
        "source": "mattdotvu-blog",
        "confidence": "read",
        "note": "38 parties counted on that day; this list holds exactly those",
    },
    "uncac": {
        "as_of": "2024-04-20",
        "source": "treaties-un-org-showmtdsgdetails-xviii-14",
        "confidence": "read",
        "note": "190 parties counted on that day; this list holds those and one that came in August 2024",
    },
    "drugs1988": {
        "as_of": "2024-04-25",
        "source": "treaties-un-org-showmtdsgdetails-vi-19",
        "confidence": "read",
        "note": "192 parties counted on that day; this list holds exactly those",
    },
    "apostille": {
        "as_of": "2024-07-29",
        "source": "hcch-net-status-table-cid-41",
        "confidence": "read",
        "note": "127 parties in the status table of that day; this list holds exactly those",
    },
    "asean-mlat-2004": {
        "as_of": "2024",
        "source": "memory",
        "confidence": "memory",
        "note": "the ten members of that time; whether Timor-Leste joined later is not known",
    },
    "eu-mla-2000": {
        "as_of": "2026-11",
        "source": "memory",
        "confidence": "memory",
        "note": "closed by its own text: members of the Union only",
    },
    "eu-is-no-mla-2003": {
        "as_of": "2026-11",
        "source": "memory",
        "confidence": "memory",
        "note": "closed by its own text: members of the Union, Iceland and Norway",
    },
    "oas-a55": {
        "as_of": "2021-02",
        "source": "oas-org-juridico-english-sigs-a-55",
        "confidence": "read",
        "note": "table read whole, with States that took no action; only the line of Uruguay was cut off",
    },
    **{
        key: {
            "as_of": "2026-11",
            "source": "memory",
            "confidence": "memory",
            "note": f"closed by its own text: {whom}",
        }
        for key, whom in CLOSED.items()
    },
}


def party_files(
    folder: Any, tables: list[Table], sources: Sources, account: Account
) -> dict[str, dict[str, list[Act]]]:
    """Acts by instrument key and State, in order of time within each State."""
    found: dict[str, dict[str, list[Act]]] = {}
    for table in tables:
        states = found.setdefault(table.key, {})
        for row in rows(folder, table.file):
            state = row["state_iso2"]
            acts = RowActs(row, sources, computed=table.computed, entered=table.key not in PENDING).all()
            if not acts:
                account.refused(row, state, "holds neither a date nor a status")
                continue
            states.setdefault(state, []).extend(acts)
            account.taken(row, state, f"parties/{table.key}.yml")
    return found


def content(key: str, states: dict[str, list[Act]], sources: Sources) -> dict[str, Any]:
    """The content of parties/<key>.yml."""
    ordered = {state: sorted_acts(states[state]) for state in sorted(states)}
    made: dict[str, Any] = {"instrument": key}
    if key in COMPLETE:
        made["complete"] = {"recorded": RECORDED, **COMPLETE[key]}
        source = COMPLETE[key]["source"]
        sources.add(source, title=source.replace("-", " "), how="read; no address kept")
    made["states"] = ordered
    return made


ORDER = ("signed", "ratified", "accepted", "approved", "acceded", "succeeded", "extended", "in-force")


def sorted_acts(acts: list[Act]) -> list[Act]:
    """Acts in the order in which they happen: signature, consent, force, then what followed, by day."""

    def rank(act: Act) -> tuple[int, str, str]:
        place = ORDER.index(act["act"]) if act["act"] in ORDER else len(ORDER)
        return place, "" if act["on"] == UNKNOWN else str(act["on"]), str(act["act"])

    return sorted(acts, key=rank)


def both_since(content: dict[str, Any], pair: tuple[str, str]) -> str:
    """First day on which both States of `pair` are in force in a party file; empty if that is not known."""
    days = []
    for state in pair:
        known = [str(act["on"]) for act in content["states"].get(state, []) if act["act"] == "in-force"]
        days.append(known[0] if known and known[0] != UNKNOWN else "")
    return max(days) if all(days) else ""
