"""What are the multilateral instruments, and what can be presumed of those whose text was not read?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from schemas.law import Instrument
from tools.facts import keys
from tools.facts.cite import MEMORY, Sources, partial
from tools.facts.table import Account, FactRow, rows

SCHEMES = frozenset({"harare", "london-scheme", "pif-honiara-1992"})
"""Policies that bind nobody: kept so that a search finds them, and never a basis by themselves."""

KINDS: dict[str, tuple[str, ...]] = {
    "budapest": ("mla", "extradition", "preservation"),
    "budapest-1ap": ("mla", "extradition", "preservation"),
    "budapest-2ap": ("mla", "production"),
    "lanzarote": ("mla", "extradition"),
    "coe-trafficking-2005": (),
    "coe-laundering-2005": ("mla",),
    "coe-laundering-1990": ("mla",),
    "coe-transfer-1983": (),
    "coe-proceedings-1972": (),
    "coe-mla-2001-ap2": ("mla", "preservation"),
    "untoc": ("mla", "extradition"),
    "untoc-trafficking": ("mla", "extradition"),
    "uncac": ("mla", "extradition"),
    "drugs1988": ("mla", "extradition"),
    "opsc": ("mla", "extradition"),
    "cat": ("mla", "extradition"),
    "icsft": ("mla", "extradition"),
    "uncc": ("mla", "extradition", "preservation"),
    "eu-eio": ("mla", "preservation"),
    "eu-eevidence": ("production", "preservation"),
    "eu-eevidence-dir": (),
    "medellin-2019": (),
}
"""Kinds of request an instrument may carry; where none, it is kept for its parties and its safeguards."""

REQUIRES: dict[str, tuple[str, ...]] = {
    "budapest-1ap": ("budapest",),
    "budapest-2ap": ("budapest",),
    "coe-mla-1978-ap1": ("coe-mla-1959",),
    "coe-mla-2001-ap2": ("coe-mla-1959",),
    "coe-mla-2025-ap3": ("coe-mla-1959",),
    "coe-ext-1975-ap1": ("coe-ext-1957",),
    "coe-ext-1978-ap2": ("coe-ext-1957",),
    "coe-ext-2010-ap3": ("coe-ext-1957",),
    "coe-ext-2012-ap4": ("coe-ext-1957",),
    "untoc-trafficking": ("untoc",),
    "eu-mla-2000-protocol-2001": ("eu-mla-2000",),
    "oas-a59": ("oas-a55",),
}
PARTIAL: dict[str, tuple[str, ...]] = {
    "coe-laundering-2005": ("freezing", "confiscation", "bank-records", "search-and-seizure"),
    "coe-laundering-1990": ("freezing", "confiscation", "bank-records", "search-and-seizure"),
    "eu-freezing-2018-1805": ("freezing", "confiscation"),
    "eu-mla-2000-protocol-2001": ("bank-records",),
}
"""Instruments that reach some measures only, as their titles say."""

PENDING = frozenset({"budapest-2ap", "coe-mla-2025-ap3", "uncc"})
"""Instruments that their newest sources show as not in force: consent alone binds nobody there."""

AMENDING = frozenset(
    {
        "coe-ext-1975-ap1",
        "coe-ext-1978-ap2",
        "coe-ext-2010-ap3",
        "coe-ext-2012-ap4",
        "coe-mla-1978-ap1",
        "coe-mla-2025-ap3",
        "oas-a59",
    }
)
"""Protocols that change or add to their convention: no basis by themselves."""
SCOPE: dict[str, str] = {
    "budapest-1ap": "offence-scope",
    "untoc-trafficking": "offence-scope",
    "drugs1988": "offence-scope",
    "cat": "offence-scope",
    "icsft": "offence-scope",
    "uncac": "offence-scope",
    "coe-laundering-1990": "offence-scope",
    "coe-laundering-2005": "offence-scope",
    "uncc": "electronic-evidence",
    "au-malabo-2014": "electronic-evidence",
    "arab-cybercrime-2010": "electronic-evidence",
}
"""Conventions on particular offences: what they cover is a condition, though their text was not read."""
WITH_A_BLOC: dict[str, tuple[str, ...]] = {
    "uk-eu-tca": ("GB",),
    "eu-is-no-mla-2003": ("IS", "NO"),
    "eu-is-no-surrender": ("IS", "NO"),
}
"""Agreements between the Union and others, with those others."""

AS_ITS_CONVENTION: dict[tuple[str, str], dict[str, Any]] = {
    ("untoc-trafficking", "extradition"): {
        "force": "option",
        "when": [{"test": "none-in-force", "values": ["extradition-treaty"], "article": "UNTOC 16(4)"}],
        "note": "as far as its convention goes, whose articles apply to it (recalled); the text was not read",
    }
}
"""Protocols without a rule of their own: they reach no further than the convention that they belong to."""

SHORT: dict[str, str] = {
    "budapest": "Budapest Convention",
    "budapest-1ap": "First Protocol to the Budapest Convention",
    "budapest-2ap": "Second Protocol to the Budapest Convention",
    "lanzarote": "Lanzarote Convention",
    "coe-mla-1959": "European MLA Convention",
    "coe-mla-2001-ap2": "Second Protocol to the European MLA Convention",
    "coe-ext-1957": "European Extradition Convention",
    "untoc": "Palermo Convention",
    "uncac": "Merida Convention",
    "opsc": "Optional Protocol on the sale of children",
    "eu-eio": "European Investigation Order",
    "eu-eaw": "European arrest warrant",
    "eu-eevidence": "e-Evidence Regulation",
    "uk-eu-tca": "Trade and Cooperation Agreement",
    "harare": "Harare Scheme",
    "london-scheme": "London Scheme",
}


def multilateral(folder: Path, sources: Sources, account: Account) -> dict[str, dict[str, Any]]:
    """Instrument files by key, with presumed reach; rules that were read are laid over them later."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows(folder, "coe/treaties.csv"):
        found[keys.of_fact(row["id"])] = _coe(row, sources)
    for row in rows(folder, "un/instruments.csv"):
        found[row["id"]] = _un(row, sources)
    for row in rows(folder, "regional/instruments.csv"):
        found[keys.of_fact(row["id"])] = _regional(row, sources)
    for name in ("coe/treaties.csv", "un/instruments.csv", "regional/instruments.csv"):
        for row in rows(folder, name):
            account.taken(row, row["id"], f"instruments/{keys.of_fact(row['id'])}.yml")
    return found


def _coe(row: FactRow, sources: Sources) -> dict[str, Any]:
    key = keys.of_fact(row["id"])
    extradition = key.startswith("coe-ext")
    kinds = KINDS.get(key, ("extradition",) if extradition else ("mla",))
    entry = _entry(key, row, sources, row["in_force"], row["condition"], row["new_party_rule"])
    made = _instrument(key, row["title"], "multilateral", kinds, entry, row["note"])
    made["opened"] = row["opened"]
    return _ordered(made)


def _un(row: FactRow, sources: Sources) -> dict[str, Any]:
    key = row["id"]
    entry = _entry(
        key, row, sources, row["entered_into_force"], row["eif_condition"], row["eif_rule_for_later_party"]
    )
    made = _instrument(key, row["title"], "multilateral", KINDS.get(key, ()), entry, "")
    made |= {"adopted": row["adopted"], "opened": row["opened"]}
    return _ordered(made)


def _regional(row: FactRow, sources: Sources) -> dict[str, Any]:
    key = keys.of_fact(row["id"])
    words = [part.strip() for part in row["kind"].split(";")]
    stated = tuple(kind for kind in ("mla", "extradition", "preservation", "production") if kind in words)
    kinds = KINDS.get(
        key, stated or (("mla",) if {"confiscation", "cybercrime", "mla (policy)"} & set(words) else ())
    )
    form = "multilateral"
    if key in SCHEMES:
        form = "scheme"
    elif key.startswith("eu-") and "Agreement" not in row["title"] and "Convention" not in row["title"]:
        form = "eu-act"
    entry = _entry(key, row, sources, row["in_force"], row["bound_rule"], "")
    made = _instrument(key, row["title"], form, kinds, entry, row["note"])
    made["adopted"] = row["adopted"]
    return _ordered(made)


def _entry(key: str, row: FactRow, sources: Sources, on: str, condition: str, later: str) -> dict[str, Any]:
    citation = sources.cite(row["source"], row["as_of"])
    return {
        "on": on or "unknown",
        "pending": key in PENDING,
        "condition": condition,
        "later_parties": later,
        "source": citation.key,
        "place": citation.place,
        "checked": "" if row["confidence"] == MEMORY else partial(row["as_of"]),
        "confidence": "memory" if row["confidence"] == MEMORY or citation.key == MEMORY else "read",
        "note": citation.note(),
    }


def _instrument(
    key: str, title: str, form: str, kinds: tuple[str, ...], entry: dict[str, Any], note: str
) -> dict[str, Any]:
    mla_treaty = "mla" in kinds and form == "multilateral" and "mla" in key.split("-")
    extradition_treaty = "extradition" in kinds and ("ext" in key.split("-") or "extradition" in key)
    both = key in {"benelux-1962", "riyadh-1983", "cis-minsk-1993", "cis-chisinau-2002", "tananarive-1961"}
    counts = [
        *(["mla-treaty"] if (mla_treaty or both or key in {"oas-a55", "asean-mlat-2004"}) else []),
        *(["extradition-treaty"] if (extradition_treaty or both or key in {"oas-b47"}) else []),
    ]
    if key in REQUIRES:
        counts = []
    return {
        "key": key,
        "title": title,
        "short": SHORT.get(key, ""),
        "form": form,
        "kinds": list(kinds),
        "entry": entry,
        "counts_as": counts,
        "requires": list(REQUIRES.get(key, ())),
        "text_read": False,
        "note": note,
        "provisions": [] if key in SCHEMES else [_presumed_between(key, kind) for kind in kinds],
        "conditions": _scope(key, kinds),
    }


def _scope(key: str, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    if key not in SCOPE:
        return []
    made = {"id": f"title.{SCOPE[key]}", "article": "title", "kinds": list(kinds), "condition": SCOPE[key]}
    return [made | {"evaluates": SCOPE[key], "source": MEMORY, "confidence": MEMORY, "grade": "medium"}]


def _presumed_between(key: str, kind: str) -> dict[str, Any]:
    """An agreement of the Union with others links no two of its members; a protocol is no basis alone."""
    rule = presumed(kind, PARTIAL.get(key, ()))
    if key in AMENDING:
        note = "changes its convention, is no basis by itself; the text was not read"
        rule |= {"role": "procedure", "note": note}
    if key in WITH_A_BLOC:
        rule["when"] = [{"test": "one-side-is", "values": list(WITH_A_BLOC[key])}]
    return rule | AS_ITS_CONVENTION.get((key, kind), {})


def presumed(kind: str, measures: tuple[str, ...] = ()) -> dict[str, Any]:
    """The reach one may presume from the title alone, and say so."""
    return {
        "id": f"title.{kind}",
        "article": "title",
        "kinds": [kind],
        "measures": list(measures),
        "role": "reach",
        "force": "duty",
        "source": MEMORY,
        "confidence": MEMORY,
        "grade": "low",
        "note": "presumed from the title; the text was not read",
    }


ORDER = tuple(Instrument.model_fields)


def _ordered(made: dict[str, Any]) -> dict[str, Any]:
    """`made` with its fields in the order of the schema."""
    return {name: made[name] for name in ORDER if name in made}


ordered = _ordered
