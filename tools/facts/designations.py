"""Which territories did a State designate under its own statute, and with what?

A designation is an act of the State whose statute it is, but it says where the other State stands. So it is
kept in the party file of the statute under the State designated, and works where that State requests.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tools.facts.acts import UNKNOWN, Act
from tools.facts.cite import Sources, partial
from tools.facts.domestic import Statute
from tools.facts.table import RECORDED, Account, FactRow, rows

FILE = "bilateral/designations.csv"
STATUTES = {"GB": "gb-extradition-act-2003", "CA": "ca-extradition-act-s-c-1999-c-18"}
PARTS = {
    "1": ("part-1", "category 1 (Part 1, on a warrant)"),
    "2": ("part-2", "category 2 (Part 2, on a request)"),
    "d": ("", "the schedule"),
}
"""Category and how it is said, by the first character of the column."""

WHOLE = {"CA": {"latest": "2005-12-31"}}
"""The schedule of Canada was last amended by SOR/2005-227: all of it stood by the end of that year."""

STOOD = {
    "GB": {"earliest": "2003-01-01", "latest": "2005-03-01"},
    "CA": {"earliest": "1999-01-01", "latest": "2005-12-31"},
}
"""A statute is no older than its year, and stood when a designation under it took effect."""

_ORDER = re.compile(r"removed by the (\d{4}) Order")
_PAPERS = "74(10)-(11)"
_EVIDENCE = "71, 73, 84"


def designate(
    folder: Path, statutes: dict[str, Statute], known: set[str], sources: Sources, account: Account
) -> None:
    """Put the designations into the party files of the statutes. `known`: the codes of all jurisdictions."""
    for row in rows(folder, FILE):
        state, other = row["designating_iso2"], row["designated_iso2"]
        name = f"{state} {other}"
        if other not in known:
            account.refused(row, name, "no-jurisdiction", row["note"])
            continue
        key = STATUTES[state]
        content = statutes[key].parties
        content["states"].setdefault(other, []).extend(_acts(row, sources))
        account.taken(row, name, f"parties/{key}.yml")
        if state in WHOLE:
            content["complete"] = _complete(row, sources)
    for state, key in STATUTES.items():
        content = statutes[key].parties
        states = content.pop("states")
        (own,) = states[state]
        own |= STOOD[state]
        content["states"] = dict(sorted(states.items()))


def _acts(row: FactRow, sources: Sources) -> list[Act]:
    start: Act = {
        "act": "in-force",
        "on": row["from_date"] or UNKNOWN,
        **({} if row["from_date"] else WHOLE.get(row["designating_iso2"], {})),
        "text": "; ".join(part for part in (f"designated in {_part(row)[1]}", row["note"]) if part),
        "effects": _effects(row),
        **_cited(row, sources),
    }
    order = _ORDER.search(row["note"])
    if order is None:
        return [start]
    # That it was designated the older text shows; the newer one shows only that it no longer is.
    seen = {"source": start["source"], "checked": "2015-04-15"}
    end = {"act": "terminated", "on": UNKNOWN, "earliest": f"{order.group(1)}-01-01", **_ended(row, sources)}
    return [{**start, **seen}, end]


def _part(row: FactRow) -> tuple[str, str]:
    return PARTS[row["category"][0]]


def _effects(row: FactRow) -> list[dict[str, Any]]:
    part, _ = _part(row)
    effects: list[dict[str, Any]] = [{"does": "designation", "category": part}] if part else []
    if row["prima_facie_required"].startswith("yes"):
        condition = {"does": "condition", "condition": "prima-facie-case", "articles": [_EVIDENCE]}
        effects.append(condition)
    if row["time_limit_days"]:
        effects.append({"does": "deadline", "articles": [_PAPERS], "days": row["time_limit_days"]})
    return effects


def _cited(row: FactRow, sources: Sources) -> dict[str, str]:
    citation = sources.cite(row["source"], row["as_of"])
    return {
        "source": citation.key,
        "place": citation.place,
        "checked": partial(row["as_of"]),
        "confidence": row["confidence"],
        "note": citation.note(),
    }


def _ended(row: FactRow, sources: Sources) -> dict[str, str]:
    newest = row["source"].rpartition("; ")[2]
    citation = sources.cite(newest, row["as_of"])
    return {**_cited(row, sources), "source": citation.key}


def _complete(row: FactRow, sources: Sources) -> dict[str, str]:
    cited = _cited(row, sources)
    return {
        "recorded": RECORDED,
        "as_of": row["as_of"],
        "source": cited["source"],
        "confidence": cited["confidence"],
        "note": row["note"],
    }
