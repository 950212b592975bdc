"""Which reservations and declarations did States make, and what do they change?"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from tools.facts import keys
from tools.facts.acts import UNKNOWN, Act
from tools.facts.cite import MEMORY, Sources, partial
from tools.facts.languages import codes
from tools.facts.parties import sorted_acts
from tools.facts.table import Account, FactRow, rows

FILES = ("coe/declarations.csv", "un/declarations.csv")
RESERVATIONS = frozenset({"reservation", "opt-out"})
MADE_WITH_CONSENT = (*keys.COE.values(), "untoc")
"""Treaties whose reservations and declarations are made with the instrument of consent: where the table
shows no day, they count from the entry into force for the State."""
COERCIVE = ["search-and-seizure", "freezing", "bank-records", "interception"]
TERRITORIES = {"Isle of Man": "IM", "Gibraltar": "GI", "Guernsey": "GG", "Jersey": "JE", "Aruba": "AW"}
Effect = dict[str, Any]
NOTE: list[Effect] = [{"does": "note"}]


def effects_of(key: str, row: FactRow) -> list[Effect]:
    """What the declaration does to the rules; only what is clear from the row has a machine effect."""
    article, kind, text = row["article"], row["kind"], row["effect"]
    if (key, article) in CLEAR:
        return [{**effect, "articles": [article]} for effect in CLEAR[key, article]]
    if (key, row["state_iso2"], article) in OF_ONE_STATE:
        return [{"articles": [article], **effect} for effect in OF_ONE_STATE[key, row["state_iso2"], article]]
    if kind == "central-authority" or kind == "contact-24-7":
        return _authority(article, kind, text)
    if kind == "language":
        found = codes_in(text)
        return [{"does": "languages", "articles": [article], "languages": list(found)}] if found else NOTE
    if key == "coe-mla-1959" and article == "5(1)":
        measures = COERCIVE if "coercive" in text else ["search-and-seizure"]
        condition = {"does": "condition", "condition": "dual-criminality", "measures": measures}
        ground = {"does": "ground", "ground": "dual-criminality-absent"}
        return [{**effect, "articles": ["5(1)(a)"]} for effect in (condition, ground)]
    if (
        key == "coe-ext-1957"
        and article in ("6(1)(a)", "6", "6; 21")
        and re.search(r"own national|refus", text, re.I)
    ):
        return [{"does": "ground", "ground": "nationality", "articles": ["6(1)(a)"]}]
    if kind == "extradition-basis" and re.search(
        r"does NOT take|not accepted as legal basis|not bound by", text
    ):
        return [{"does": "not-applied", "articles": [BASIS_ARTICLES.get(key, article)]}]
    return NOTE


_PRESERVATION: list[Effect] = [
    {"does": "condition", "condition": "dual-criminality", "measures": ["preservation"]},
    {"does": "ground", "ground": "dual-criminality-absent"},
]
CLEAR: dict[tuple[str, str], list[Effect]] = {
    ("budapest", "29(4)"): _PRESERVATION,
    ("budapest", "27(9)(e)"): [
        {
            "does": "channel",
            "channel": "central-authority",
            "urgent": True,
            "channel_excluded": "judicial-direct",
        }
    ],
    ("budapest", "27(9)"): [
        {
            "does": "channel",
            "channel": "central-authority",
            "urgent": True,
            "channel_excluded": "judicial-direct",
        }
    ],
}
OF_ONE_STATE: dict[tuple[str, str, str], list[Effect]] = {
    ("budapest-2ap", "JP", "7(9)(a)"): [{"does": "not-applied", "articles": ["7"]}],
    ("budapest-2ap", "JP", "8"): [{"does": "not-applied", "articles": ["8"], "measures": ["traffic-data"]}],
    ("coe-mla-1959", "GR", "4; 11"): [
        {"does": "not-applied", "articles": ["11"], "measures": ["transfer-of-detained-witness"]}
    ],
    ("coe-mla-1959", "BG", "15"): [{"does": "channel", "channel": "ministry-of-justice"}],
    ("coe-mla-2001-ap2", "PL", "33(2) on 17"): [{"does": "not-applied", "articles": ["17"]}],
    ("coe-mla-2001-ap2", "LV", "33(2) on 17"): [{"does": "not-applied", "articles": ["17"]}],
    ("coe-mla-2001-ap2", "LU", "33(2) on 16"): [{"does": "not-applied", "articles": ["16"]}],
    ("untoc", "PA", "16; 18"): [
        {"does": "condition", "condition": "dual-criminality", "articles": ["18(9)"]},
        {"does": "ground", "ground": "dual-criminality-absent", "articles": ["18(9)"]},
    ],
    ("coe-ext-1978-ap2", "BE", "9(2)"): [{"does": "not-applied", "articles": ["5"]}],
    ("coe-ext-1957", "IT", "11"): [{"does": "ground", "ground": "death-penalty", "articles": ["11"]}],
}
NOT_BETWEEN: dict[tuple[str, str, str], tuple[str, ...]] = {
    ("coe-ext-1957", "NO", "28"): ("DK", "FI", "SE"),
    ("coe-ext-1957", "DK", "28(3)"): ("NO", "SE"),
    ("lanzarote", "AZ", ""): ("AM",),
}
"""Declarations by which a State does not apply the treaty with some others."""
BASIS_ARTICLES = {
    "untoc": "16(4)-(5)",
    "opsc": "5(2)",
    "uncac": "44(5)-(6)",
    "drugs1988": "6(3)",
    "icsft": "11(2)",
}
_FUNCTIONS = {
    "24(7)": "extradition-in",
    "27(2)": "mla-in",
    "35": "contact-24-7",
    "18(13)": "mla-in",
    "46(13)": "mla-in",
}


def _authority(article: str, kind: str, text: str) -> list[Effect]:
    functions = ["contact-24-7"] if kind == "contact-24-7" else []
    functions += [name for part, name in _FUNCTIONS.items() if part in article and name not in functions]
    if not functions or "cut off in the copy" in text:
        return NOTE
    return [
        {"does": "authority", "articles": [article], "function": function, "authority": text}
        for function in functions
    ]


def codes_in(text: str) -> tuple[str, ...]:
    """Language codes of the languages named anywhere in a sentence, in order."""
    found: list[str] = []
    for word in re.findall(r"[A-Z][a-z]+", text):
        for code in codes(word):
            if code not in found:
                found.append(code)
    return tuple(found)


# --- acts ---------------------------------------------------------------------------------------------


def add(folder: Path, parties: dict[str, dict[str, Any]], sources: Sources, account: Account) -> None:
    """Put the declarations of the tables into the party files (`parties`: content by instrument key)."""
    touched: dict[tuple[str, str], bool] = defaultdict(bool)
    for file in FILES:
        for row in rows(folder, file):
            key = keys.of_fact(row["instrument"])
            label = f"{key} {row['state_iso2']} {row['article']}"
            if key not in parties:
                account.refused(row, label, "unplaced", "no such party file")
                continue
            states = parties[key]["states"]
            for state, act in _acts(key, row, states, sources):
                states.setdefault(state, []).append(act)
                touched[key, state] = True
            account.taken(row, label, f"parties/{key}.yml")
    for key, state in touched:
        parties[key]["states"][state] = sorted_acts(parties[key]["states"][state])
    for content in parties.values():
        content["states"] = dict(sorted(content["states"].items()))


def _acts(key: str, row: FactRow, states: dict[str, list[Act]], sources: Sources) -> list[tuple[str, Act]]:
    state = row["state_iso2"]
    place = next((code for name, code in TERRITORIES.items() if name in row["effect"] and code == state), "")
    if row["kind"] == "territorial" and place and "ecorded" in row["effect"]:
        return [(place, {"act": "extended", "on": UNKNOWN, **_cited(row, sources), "note": row["effect"]})]
    if (key, state, row["article"]) in NOT_BETWEEN:
        excluded = {"act": "relations-excluded", "on": row["since"], "article": row["article"]}
        return [
            (state, excluded | {"towards": other, "text": row["effect"], **_cited(row, sources)})
            for other in NOT_BETWEEN[key, state, row["article"]]
        ]
    name = "reservation" if row["kind"] in RESERVATIONS else "declaration"
    act: Act = {"act": name, **_day(key, row, states.get(state, []))}
    withdrawn = re.search(r"WITHDRAWN (\d{4}-\d{2}-\d{2})", row["effect"])
    if withdrawn:
        act["until"] = withdrawn.group(1)
    text = re.sub(r"^WITHDRAWN [\d-]+: ", "", row["effect"])
    act |= {"article": row["article"], "text": text, "effects": effects_of(key, row)}
    cited = _cited(row, sources)
    return [(state, act | {**cited, "checked": act.pop("seen", "") or cited["checked"]})]


def _day(key: str, row: FactRow, acts: list[Act]) -> dict[str, str]:
    since = row["since"]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", since):
        return {"on": since}
    if since:
        return {"on": UNKNOWN, "seen": partial(since)}
    force = [str(act["on"]) for act in acts if act["act"] == "in-force" and act["on"] != UNKNOWN]
    if force and key in MADE_WITH_CONSENT:
        return {"on": force[0], "dated_by": "rule"}
    return {"on": UNKNOWN}


def _cited(row: FactRow, sources: Sources) -> dict[str, str]:
    said = re.search(r"as of ([\d-]+)|^.*\b(20[012]\d-\d{2}-\d{2})\)", row["source"])
    as_of = partial((said.group(1) or said.group(2)) if said else "")
    citation = sources.cite(row["source"], as_of)
    memory = row["confidence"] == MEMORY or citation.key == MEMORY
    return {
        "source": MEMORY if memory else citation.key,
        "place": "" if memory else citation.place,
        "checked": "" if memory else as_of,
        "confidence": MEMORY if memory else "read",
        "note": "" if memory else citation.note(),
    }
