"""Which rules did the readers of the texts write down, and to which requests does each apply?"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from schemas.ids import bilateral_key
from tools.facts import clocks
from tools.facts.cite import MEMORY, Sources, key_of
from tools.facts.instruments import ordered
from tools.facts.places import held_by_hand, key_of_row, place, refused
from tools.facts.table import Account, FactRow, rows
from treaties.text import read

US_PRACTICE = "us-mlat-content"
US_TREATIES = tuple(
    bilateral_key(state, "US", "mla") for state in ("AU", "BR", "CA", "CH", "DE", "FR", "GB", "JP", "NL")
)
TABLES = {
    "procedure/deadlines.csv": "deadlines",
    "procedure/refusal_grounds.csv": "grounds",
    "procedure/not_refusal_grounds.csv": "not_grounds",
    "procedure/request_contents.csv": "contents",
}
BY_HAND = ("procedure/channels.csv", "procedure/thresholds.csv")
NO_TREATY = {"test": "none-in-force", "values": ["mla-treaty"]}
FALLBACK = {
    "budapest": {**NO_TREATY, "values": ["mla-treaty", "reciprocal-legislation"], "article": "27(1)"},
    "untoc": {**NO_TREATY, "article": "18(7)"},
    "uncac": {**NO_TREATY, "article": "46(7)"},
}
PART_1 = {"test": "designated", "values": ["part-1"], "article": "Part 1"}
PART_2 = {"test": "designated", "values": ["part-2"], "article": "Part 2"}
OF_PART_1 = frozenset({"6(2)-(3C), (8A)", "8(4)", "35(3), 38(3), 47(3)"})
"""Sections of the Extradition Act 2003 whose periods run in Part 1; the others read run in Part 2."""
Scope = dict[str, Any]
APPLIES: dict[str, Scope] = {
    "mla": {"kinds": ["mla"]},
    "mla without treaty": {"kinds": ["mla"]},
    "preservation": {"kinds": ["preservation"]},
    "production": {"kinds": ["production"]},
    "extradition": {"kinds": ["extradition"]},
    "traffic data disclosure": {"kinds": ["mla", "preservation"], "measures": ["traffic-data"]},
    "search and seizure": {"kinds": ["mla"], "measures": ["search-and-seizure"]},
    "transfer of detained witness": {"kinds": ["mla"], "measures": ["transfer-of-detained-witness"]},
    "transfer of personal data": {"kinds": ["mla"]},
    "direct subscriber order": {"kinds": ["production"], "measures": ["subscriber-data"]},
    "giving effect to order": {"kinds": ["production"]},
    "emergency disclosure": {"kinds": ["production"], "when": [{"test": "emergency", "article": "9"}]},
    "eio": {"kinds": ["mla", "preservation"]},
    "surrender": {"kinds": ["extradition"]},
    "emergency": {"kinds": ["production"], "when": [{"test": "emergency"}]},
    "extradition (sentence)": {"kinds": ["extradition"]},
    "epoc (notified)": {"kinds": ["production"]},
    "epoc/epoc-pr (addressee)": {"kinds": ["production", "preservation"]},
    "us content": {"kinds": ["mla"], "measures": ["stored-content"]},
    "us mla": {"kinds": ["mla"]},
    "surrender (Part 1)": {"kinds": ["extradition"], "when": [PART_1]},
    "extradition (Part 2)": {"kinds": ["extradition"], "when": [PART_2]},
}
MEASURES_OF: dict[tuple[str, str, str], list[str]] = {
    ("budapest-2ap", "deadlines", "8(6)(a)(i)"): ["subscriber-data"],
    ("budapest-2ap", "deadlines", "8(6)(a)(ii)"): ["traffic-data"],
    ("budapest-2ap", "deadlines", "7(7)"): ["subscriber-data"],
    ("budapest-2ap", "contents", "6(3)"): ["subscriber-data"],
    ("budapest-2ap", "contents", "7(3)"): ["subscriber-data"],
    ("budapest-2ap", "contents", "7(4)"): ["subscriber-data"],
    ("coe-mla-1959", "deadlines", "7(3)"): ["service-of-documents"],
    ("coe-mla-1959", "deadlines", "12(3)"): ["testimony"],
    ("coe-mla-1959", "deadlines", "22(1)"): ["location-or-identification-records"],
    ("coe-mla-2001-ap2", "deadlines", "17(2)"): ["interception"],
    ("coe-mla-2001-ap2", "contents", "9(3) video"): ["video-hearing"],
    ("coe-mla-2001-ap2", "contents", "10(4) telephone"): ["testimony"],
    ("coe-mla-2001-ap2", "contents", "20(2) JIT"): ["joint-team"],
    ("coe-mla-2001-ap2", "contents", "15(4) service"): ["service-of-documents"],
    ("untoc", "deadlines", "18(27)"): ["testimony"],
    ("uncac", "deadlines", "46(27)"): ["testimony"],
    ("uncc", "deadlines", "40"): ["testimony"],
    ("nl-us-mla", "deadlines", "9(3)"): ["testimony"],
    ("ca-nl-mla", "deadlines", "13(3)"): ["testimony"],
    ("eu-eio", "deadlines", "31(3)"): ["interception"],
    ("eu-eio", "deadlines", "22(9)"): ["transfer-of-detained-witness"],
    ("eu-eevidence", "deadlines", "10(2)"): ["traffic-data", "stored-content"],
    ("eu-eevidence", "deadlines", "12(1)"): ["traffic-data", "stored-content"],
    ("eu-eevidence", "deadlines", "4(5)"): ["subscriber-data"],
    ("budapest", "contents", "T-CY template 31"): ["subscriber-data"],
}
CONTENT_SCOPE: dict[tuple[str, str], Scope] = {
    ("budapest", "29(2)"): {"kinds": ["preservation"]},
    ("budapest", "25(3)"): {"kinds": ["mla"], "when": [{"test": "urgent", "article": "25(3)"}]},
    ("budapest", "27(8)"): {"kinds": ["mla"], "when": [FALLBACK["budapest"]]},
    ("budapest", "31(3)"): {"kinds": ["mla"], "when": [{"test": "urgent", "article": "31(3)"}]},
    ("budapest", "T-CY(2018)11 template 29/30"): {"kinds": ["preservation"]},
    ("budapest", "T-CY template 31"): {"kinds": ["mla"]},
    ("uncc", "42(3)"): {"kinds": ["preservation"]},
    ("budapest-2ap", "9(3)"): {"kinds": ["production"], "when": [{"test": "emergency", "article": "9"}]},
    ("budapest-2ap", "10(1)"): {"kinds": ["mla"], "when": [{"test": "emergency", "article": "10"}]},
    ("untoc", "18(15)"): {"kinds": ["mla"], "when": [FALLBACK["untoc"]]},
    ("uncac", "46(15)"): {"kinds": ["mla"], "when": [FALLBACK["uncac"]]},
    ("eu-eio", "Annex A"): {"kinds": ["mla", "preservation"]},
}
"""Contents whose kinds or tests differ from the instrument's first kind."""


def add_sources(folder: Path, sources: Sources, account: Account) -> None:
    """The sources of the rulebook, under the keys their readers gave them."""
    for row in rows(folder, "procedure/sources.csv"):
        if row["key"] in (MEMORY, "design"):
            account.merged(row, row["key"], "not a source that was read")
            continue
        age = re.search(r"\d{4}-\d{2}-\d{2}|\d{4}-(?:0[1-9]|1[0-2])(?!\d)|\b\d{4}\b", row["as_of"])
        sources.add(
            row["key"],
            title=row["what"],
            as_of=age.group() if age else "",
            how=row["how_read"],
            note=row["note"],
        )
        account.taken(row, row["key"], f"sources/{row['key']}.yml")


def lay_over(
    laws: dict[str, dict[str, Any]], rules: Path, folder: Path, sources: Sources, account: Account
) -> None:
    """Put the rules written by hand, then the rows of the rulebook's tables, into the instruments."""
    for path in sorted(rules.glob("*.yml")):
        key, by_hand = path.stem, _by_hand(path, sources)
        if key not in laws and "title" not in by_hand:
            raise ValueError(f"{path}: no instrument has the key {key}; a new one needs a title")
        law = laws.get(key, {"key": key})
        laws[key] = ordered({**law, **_kept(law, by_hand)})
    for file, name in TABLES.items():
        for row in rows(folder, file):
            _take(row, name, laws, sources, account)
    _practice(laws, folder, sources, account)
    for file in BY_HAND:
        for row in rows(folder, file):
            place(row, laws, account)


def _kept(law: dict[str, Any], by_hand: dict[str, Any]) -> dict[str, Any]:
    """`by_hand`, and of `law` the rules of the EU-US agreement, unless the whole amended text was read."""
    if by_hand.get("text_read"):
        return by_hand
    return {
        name: [*rules, *(rule for rule in law.get(name, []) if rule["id"].startswith("eu-us-"))]
        if isinstance(rules, list) and rules and isinstance(rules[0], dict)
        else rules
        for name, rules in by_hand.items()
    }


def _by_hand(path: Path, sources: Sources) -> dict[str, Any]:
    """The rules of one file, its defaults put into every rule that lacks them."""
    content = read(path)
    if not isinstance(content, dict):
        raise ValueError(f"{path}: not a mapping")
    defaults = content.pop("defaults", {})
    made: dict[str, Any] = dict(content)
    if isinstance(made.get("entry"), dict):
        _complete(made["entry"], defaults)
        del made["entry"]["grade"]
    for rules in made.values():
        if isinstance(rules, list):
            for rule in rules:
                if isinstance(rule, dict):
                    _complete(rule, defaults)
                    sources.cite(MEMORY) if rule["source"] == MEMORY else None
    return made


def _complete(rule: dict[str, Any], defaults: Any) -> None:
    cut = next((name for name in rule if " " in name), None)
    if cut is not None:
        raise ValueError(f"{rule.get('id')}: a comma cut its text before {cut!r}; put quotes around it")
    if rule.get("source") == MEMORY or rule.get("confidence") == MEMORY:
        rule.setdefault("source", MEMORY)
        rule.setdefault("confidence", MEMORY)
        rule.setdefault("grade", "medium")
        rule.setdefault("checked", "")
    for name, value in defaults.items():
        rule.setdefault(name, value)


def _practice(laws: dict[str, dict[str, Any]], folder: Path, sources: Sources, account: Account) -> None:
    """What requests for content to the United States must show, in every treaty whose rules stand by hand."""
    for row in rows(folder, "procedure/request_contents.csv"):
        if row["instrument"] != US_PRACTICE:
            continue
        for key in US_TREATIES:
            made = laws[key].setdefault("contents", [])
            rule = {
                "id": _id(row, "contents", made),
                "article": row["article"],
                "kinds": ["mla"],
                "measures": ["stored-content"],
                "when": [{"test": "requested-is", "values": ["US"]}],
                "field": key_of(row["field"]),
                "required": row["required"],
                "note": row["note"],
            }
            made.append({**rule, **_cited(row, sources)})
            laws[key] = ordered(laws[key])
        account.taken(row, row["field"], "contents of the treaties of the United States written by hand")


def _take(
    row: FactRow, name: str, laws: dict[str, dict[str, Any]], sources: Sources, account: Account
) -> None:
    key = key_of_row(row)
    label = f"{key} {row['article']}"
    if row["instrument"] == US_PRACTICE or refused(row, account):
        return
    if key not in laws:
        account.refused(row, label, "unplaced", f"there is no instrument {key}")
        return
    if held_by_hand(row):
        place(row, laws, account)
        return
    makers = {"deadlines": _deadline, "grounds": _ground, "not_grounds": _not_ground, "contents": _content}
    rule = makers[name](row, key, laws[key])
    if rule is None:
        account.refused(row, label, "unplaced", f"it applies to {row['applies_to']!r}, whatever that is")
        return
    made: list[dict[str, Any]] = laws[key].setdefault(name, [])
    rule = {"id": _id(row, name, made), "article": _article(row), **rule, **_cited(row, sources)}
    made.append(rule)
    if name == "deadlines":
        made[-1:] = _clocked(rule, key)
    laws[key] = ordered(laws[key])
    account.taken(row, label, f"instruments/{key}.yml {rule['id']}")


def _article(row: FactRow) -> str:
    """The article; what stands in no text is practice."""
    return row["article"] if row["article"] != "-" else "practice"


_SUFFIX = {"deadlines": "deadline", "grounds": "ground", "not_grounds": "not-ground", "contents": "content"}


def _id(row: FactRow, name: str, made: list[dict[str, Any]]) -> str:
    """`29-2.content.custodian-or-location`: the article, what it is, which one; numbered if not alone."""
    word = row["ground"] or row["not_a_ground"] or row["field"]
    stem = ".".join(
        part for part in (key_of(_article(row)), _SUFFIX[name], key_of(word) if word else "") if part
    )
    taken = Counter(re.sub(r"~\d+$", "", rule["id"]) for rule in made)
    return stem if not taken[stem] else f"{stem}~{taken[stem] + 1}"


def _cited(row: FactRow, sources: Sources) -> dict[str, str]:
    source = re.split(r"[;,]\s*", row["source"])[0].strip() or MEMORY
    memory = source in (MEMORY, "design", "own")
    if memory:
        sources.cite(MEMORY)
    elif source not in sources.found:
        raise ValueError(f"{row.file}:{row.line}: unknown source {source!r}")
    grade = row["confidence"] if row["confidence"] in ("high", "medium", "low") else ""
    return {
        "source": MEMORY if memory else source,
        "checked": "" if memory else sources.found[source].get("as_of", ""),
        "confidence": MEMORY if memory else "read",
        "grade": grade or ("medium" if memory else "high"),
    }


def _deadline(row: FactRow, key: str, law: dict[str, Any]) -> dict[str, Any]:
    scope = APPLIES.get(
        row["request_kind"], {"kinds": [kind for kind in [row["request_kind"]] if kind in law["kinds"]]}
    )
    if key == "gb-extradition-act-2003":
        scope = {**scope, "when": [PART_1 if row["article"] in OF_PART_1 else PART_2]}
    return {
        **scope,
        "measures": MEASURES_OF.get((key, "deadlines", row["article"]), []),
        "event_from": row["event_from"],
        "event_to": row["event_to"],
        "amount": row["amount"],
        "unit": row["unit"] or "days",
        "extendable_by": row["extendable_by"],
        "consequence": row["consequence"],
    }


def _clocked(rule: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """A limit with what starts it in a case, and the one that prolongs it."""
    own = clocks.clocked(key, rule["id"])
    made = {**rule, **own, "when": [*rule.get("when", []), *own.get("when", [])]}
    more = clocks.prolonged(key, made)
    return [made] if more is None else [made, more]


def _scope(row: FactRow, key: str) -> Scope | None:
    words = row["applies_to"]
    scope = APPLIES.get(words)
    if scope is None:
        return None
    if words == "mla without treaty" and key in FALLBACK:
        return {**scope, "when": [FALLBACK[key]]}
    if key in FALLBACK and row["article"] == "18(9)":
        return {**scope, "when": [FALLBACK[key]]}
    return scope


def _ground(row: FactRow, key: str, law: dict[str, Any]) -> dict[str, Any] | None:
    scope = _scope(row, key)
    if scope is None:
        return None
    mandatory = row["mandatory"] if row["mandatory"] in ("yes", "no", "may-by-reservation") else "no"
    return {**scope, "ground": key_of(row["ground"]), "mandatory": mandatory, "note": row["note"]}


def _not_ground(row: FactRow, key: str, law: dict[str, Any]) -> dict[str, Any]:
    kinds = ["preservation"] if (key, row["article"]) == ("budapest", "29(3)") else []
    return {"kinds": kinds, "not_ground": key_of(row["not_a_ground"]), "note": row["note"]}


def _content(row: FactRow, key: str, law: dict[str, Any]) -> dict[str, Any]:
    scope = dict(CONTENT_SCOPE.get((key, row["article"]), {"kinds": law["kinds"][:1]}))
    if key == "budapest-2ap" and "kinds" in scope and (key, row["article"]) not in CONTENT_SCOPE:
        scope = {"kinds": ["production"]}
    measures = MEASURES_OF.get((key, "contents", row["article"]), [])
    if row["field"] in ("addressee-name-address", "person-to-be-served"):
        measures = ["service-of-documents"]
    required, note = row["required"], row["note"]
    if "template" in row["article"]:
        # A template is a help, not law: its fields must not hold up a request.
        required, note = (
            "no",
            "; ".join(part for part in (note, f"in the template: {row['required']}") if part),
        )
    return {**scope, "measures": measures, "field": key_of(row["field"]), "required": required, "note": note}
