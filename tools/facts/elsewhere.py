"""Which acts do the facts tell outside the column where such acts stand?

A note, a table of instruments or the list of newest changes says them; here each stands as an act of its own.
"""

from __future__ import annotations

from typing import Any

from tools.facts.acts import UNKNOWN, Act
from tools.facts.cite import MEMORY, Sources
from tools.facts.parties import sorted_acts

PROVISIONAL = {"uk-eu-tca": ("2021-05-01", "2021-01-01")}
"""Entry into force, and since when the agreement was applied provisionally by all who were bound then."""

IN_FORCE_AMONG = {"mercosur-mla-1996": ("AR", "BR", "PY", "UY")}
"""Said in the table of instruments to be in force among these: on which day for each was not read."""

NATIONALS = {
    "DE": "",
    "GR": "",
    "FR": "also those who were French when the act was done",
    "HR": "",
    "LV": "",
    "SI": "",
    "SK": "",
    "FI": "",
    "SE": "",
}
"""Notified under Article 603(2) of the agreement with the United Kingdom: no surrender of own nationals."""
NATIONALS_OF_2021 = {"PL": "own nationals are not surrendered"}
WITH_CONSENT = {"AT": "own nationals only with their consent", "CZ": "own nationals only with their consent"}
"""As a letter of 2021 tells; the notice of 2025 was cut off before it could confirm these."""


def add(parties: dict[str, dict[str, Any]], sources: Sources) -> None:
    """Put these acts into the party files (`parties`: content by instrument key)."""
    for key, (entry, applied) in PROVISIONAL.items():
        for rows in parties[key]["states"].values():
            if any(row["act"] == "in-force" and row["on"] == entry for row in rows):
                rows.append(_recalled(sources, "provisionally-applied", applied))
    for key, among in IN_FORCE_AMONG.items():
        for state in among:
            note = "in force among the four, as a Brazilian document says; the day was not read"
            parties[key]["states"][state].append(_recalled(sources, "in-force", UNKNOWN, note=note))
    _minsk(parties["cis-minsk-1993"]["states"])
    _nationals(parties["uk-eu-tca"]["states"], sources)
    _tehran(parties["icsft"]["states"]["IR"])
    for key in (*PROVISIONAL, *IN_FORCE_AMONG, "cis-minsk-1993"):
        states = parties[key]["states"]
        parties[key]["states"] = {state: sorted_acts(rows) for state, rows in states.items()}


def _recalled(sources: Sources, act: str, on: str, **more: Any) -> Act:
    sources.cite(MEMORY)
    return {"act": act, "on": on, **more, "source": MEMORY, "confidence": MEMORY}


def _minsk(states: dict[str, list[Act]]) -> None:
    """Law 2783-IX of Ukraine: suspended towards two, and left altogether on a day that was not read."""
    law = {"source": "zakon-rada-gov-ua", "confidence": "read"}
    text = "Law 2783-IX suspends the Convention towards this State"
    for other in ("BY", "RU"):
        excluded = {"act": "relations-excluded", "on": "2022-12-01", "towards": other, "text": text}
        states["UA"].append(excluded | law)
    note = "withdrawal ordered by Law 2783-IX of 2022-12-01; the day of its effect was not read"
    states["UA"].append({"act": "withdrawn", "on": UNKNOWN, "earliest": "2022-12-01", "note": note} | law)


def _nationals(states: dict[str, list[Act]], sources: Sources) -> None:
    for state, note in NATIONALS.items():
        text = "; ".join(part for part in ("own nationals are not surrendered", note) if part)
        states[state].append(_notified(text, "oj2025-6451", "2025-12-02"))
    letter = sources.add(
        "petersandpeters-home-office-letter-2021",
        title="Letter of the Home Office on own nationals under the agreement with the Union, copy",
        publisher="petersandpeters",
        as_of="2021",
        how="read; no address kept",
    )
    for state, text in (NATIONALS_OF_2021 | WITH_CONSENT).items():
        states[state].append(_notified(text, letter, "2021"))


def _notified(text: str, source: str, checked: str) -> Act:
    effect = {"does": "ground", "ground": "nationality", "articles": ["603(2)"]}
    said: Act = {"act": "declaration", "on": "2021-01-01", "dated_by": "rule", "article": "603(2)"}
    cited = {"source": source, "checked": checked, "confidence": "read"}
    return said | {"text": text, "effects": [effect], **cited}


def _tehran(rows: list[Act]) -> None:
    """A deposit by 4 November 2025 brings the convention into force thirty days later at the latest."""
    for row in rows:
        if row["act"] == "in-force" and row["on"] == UNKNOWN:
            row |= {"latest": "2025-12-04"}
