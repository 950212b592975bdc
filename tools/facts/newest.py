"""Where does each row of the newest notes stand, and what do they say that no table says?

The tables were brought up to the notes as these were written. So most rows only need to be found again: here
stands for each which fact of the registry holds it, and the tests look whether that fact is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.facts.acts import UNKNOWN, Act
from tools.facts.cite import Sources
from tools.facts.parties import sorted_acts
from tools.facts.table import Account, FactRow

FILE = "latest.md"

HELD: dict[str, tuple[str, ...]] = {
    "CETS 224 (Second": (
        "budapest-2ap:entry",
        "budapest-2ap:RS.ratified.2023-02-09",
        "budapest-2ap:JP.ratified.2023-08-10",
        "budapest-2ap:HU.ratified.2026-02-05",
        "budapest-2ap:CR.ratified.unknown",
    ),
    "ETS 185, new parties": (
        "budapest:RW.acceded.2025-01-10",
        "budapest:VU.acceded.2025-06-05",
        "budapest:ST.acceded.2025-06-05",
        "budapest:NZ.acceded.2025-08-28",
        "budapest:complete",
    ),
    "ETS 185, Ireland": ("budapest:IE.signed.2002-02-28",),
    "ETS 189": ("budapest-1ap:MT.ratified.2025-06-05", "budapest-1ap:complete"),
    "Art 24/27/35 authorities": ("NO:mla-in-budapest", "NO:contact-24-7-budapest", "EC:mla-in-budapest"),
    "CETS 227": ("coe-mla-2025-ap3:entry",),
    "UN Convention against Cybercrime": ("uncc:entry", "uncc:MU.signed.2025-11-19"),
    "same, ratifications": ("uncc:QA.ratified.unknown", "uncc:AZ.signed.2025-10-25"),
    "same, European Union": ("uncc:EU.signed.2025-10-25",),
    "Ljubljana": ("ljubljana-hague-2023:entry", "ljubljana-hague-2023:LV.ratified.2025-08-28"),
    "Medellin Treaty": (
        "medellin-2019:entry",
        "medellin-2019:UY.ratified.2022-11-23",
        "medellin-2019:PY.ratified.2023-02-02",
        "medellin-2019:CO.ratified.unknown",
    ),
    "Regulation (EU) 2023/1543": ("eu-eevidence:entry", "eu-eevidence:DE.in-force.2026-08-18"),
    "Directive (EU) 2023/1544": ("eu-eevidence-dir:entry", "eu-eevidence-dir:DE.in-force.2026-02-18"),
    "Finland, e-evidence": (
        "eu-eevidence:FI.declaration.2026-06-01",
        "FI:e-evidence-enforcing-eu-eevidence",
        "FI:e-evidence-enforcing-eu-eevidence-dir",
    ),
    "Regulation (EU) 2024/3011": ("eu-proceedings-2024-3011:entry",),
    "CLOUD Act agreements": (
        "gb-us-cloud-act:GB.in-force.2022-10-03",
        "au-us-cloud-act:AU.in-force.2024-01-31",
    ),
    "same, Canada": ("ca-us-cloud-act:complete",),
    "REPORT Act": ("us-18-usc-2258a:2258a-h.procedure",),
    "Switzerland-Panama": ("ch-pa-mla:CH.in-force.2024-12-31",),
    "Switzerland-Kosovo": ("ch-xk-mla:CH.in-force.2023-08-13",),
    "Viet Nam, Law 103": ("vn-law-103-2025:VN.in-force.2026-07-01",),
    "Peru, DS 015": ("PE:extradition-in",),
    "UK-EU TCA, own nationals": ("uk-eu-tca:603-2.ground.nationality",),
}
"""Facts of the registry that hold a row, by how its first cell begins."""

LEFT_OUT: dict[str, str] = {
    "ETS 185, after October 2025": "not-found",
    "ETS 185, South Korea": "not-yet-law",
    "ETS 185, invited": "not-yet-law",
    "UK and the Hague Judgments": "not-criminal",
    "same, IT system": "carrier",
    "same, readiness": "not-yet-law",
    "Ireland, e-evidence": "not-yet-law",
    "Germany, e-evidence": "not-yet-law",
    "Regulation (EU) 2023/2844": "carrier",
    "EU-US e-evidence": "not-found",
    "same, New Zealand": "not-found",
    "Germany-India": "not-found",
}

_CELL = re.compile(r"(?<!\\)\|")


def take(folder: Path, account: Account) -> None:
    """Note for every row of the newest notes which facts hold it, or why it is left out."""
    for row in notes(folder):
        name = row["item"]
        held = next((facts for words, facts in HELD.items() if name.startswith(words)), None)
        reason = next((why for words, why in LEFT_OUT.items() if name.startswith(words)), None)
        if held is not None:
            account.merged(row, name, "held by " + ", ".join(held))
        else:
            account.refused(row, name, reason or "unplaced")


def notes(folder: Path) -> Iterator[FactRow]:
    """The rows of the tables in the newest notes; none if there are no such notes."""
    path = folder / FILE
    head: list[str] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines() if path.exists() else (), start=1):
        cells = [cell.strip() for cell in _CELL.split(line.strip().strip("|"))]
        if not line.startswith("|") or set(line) <= set("|- "):
            head = head if line.startswith("|") else []
        elif not head:
            head = cells
        else:
            yield FactRow(FILE, number, dict(zip(head, cells, strict=True)))


def add(parties: dict[str, dict[str, Any]], sources: Sources) -> None:
    """Put the acts that only the newest notes tell into the party files (`parties`: content by key)."""
    parties["ljubljana-hague-2023"] = {
        "instrument": "ljubljana-hague-2023",
        "states": {"LV": [_read(sources, "ratified", "2025-08-28", "verdragen.nl 013717_p", "2025")]},
    }
    sources.cite("eucrim")
    finland = "national law on it (Acts 436/2026 and 437/2026) is in force"
    text = _read(sources, "declaration", "2026-06-01", "github legalize-dev/legalize-fi", "2026-08-17")
    parties["eu-eevidence"]["states"]["FI"].append({**text, "text": finland})
    colombia = _read(sources, "ratified", UNKNOWN, "tirant 2024-05-16", "2024-05-16")
    acts = parties["medellin-2019"]["states"]["CO"]
    note = "reported to have ratified by that day"
    parties["medellin-2019"]["states"]["CO"] = sorted_acts(
        [*acts, {**colombia, "latest": "2024-05-16", "note": note}]
    )


def _read(sources: Sources, act: str, on: str, source: str, as_of: str) -> Act:
    citation = sources.cite(source, as_of)
    return {
        "act": act,
        "on": on,
        "source": citation.key,
        "place": citation.place,
        "checked": as_of,
        "confidence": "read",
    }
