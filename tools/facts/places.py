"""Into which instrument, and which rule of it, does a row of the rulebook's tables go?

Most rows become a rule of their own. Those on channels and thresholds were weighed by a person, who wrote the
rules under `rules/`: here stands which of those rules holds what the row says.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.facts.table import Account, FactRow

KEYS = {
    "us-nl-mlat": "nl-us-mla",
    "ca-nl-mlat": "ca-nl-mla",
    "us-nl-ext": "nl-us-ext",
    "ca-nl-ext": "ca-nl-ext",
    "cloud-act-uk-us": "gb-us-cloud-act",
    "us-2258a": "us-18-usc-2258a",
    "us-practice": "us-18-usc-3512",
    "us-sca": "us-18-usc-2702",
    "uk-copoa": "gb-copoa-2019",
    "uk-extradition-act": "gb-extradition-act-2003",
    "uk-mla-policy": "gb-cica-2003",
}
"""Names of the rulebook that are not the key of the instrument."""

SECTIONS = {
    ("us-sca", "2703(f)(2)"): "us-18-usc-2703f",
    ("us-sca", "2702(a), 2703(a)-(b)"): "us-18-usc-3512",
    ("us-ext-law", "18 USC 3188"): "us-18-usc-3181",
    ("us-ext-law", "18 USC 3184"): "us-18-usc-3181",
    ("us-ext-law", "18 USC 3512(a), (e)"): "us-18-usc-3512",
}
"""Sections of one code that stand as instruments of their own."""

NO_LAW = {
    "un-model-ext": "model",
    "un-model-mla": "model",
    "unodc-mla-tool": "model",
    "unodc-disclosure-framework": "model",
    "interpol": "carrier",
    "interpol-rpd": "carrier",
    "europol-siena": "carrier",
    "eu-support": "carrier",
    "g7-24-7": "carrier",
}
"""Names of the rulebook that stand for no instrument, and why their rows are left out."""

LEFT_OUT = {("budapest", "16(2)"): "domestic"}
HELD_BY_HAND = frozenset({("refusal_grounds", "coe-ext-2012-ap4", "5 (Art 21 as replaced)")})
"""Rows of other tables that a rule by hand holds: a ground against transit is none against extradition."""

PLACES: dict[tuple[str, str], tuple[str, ...]] = {
    ("budapest", "23, 25(1), 14(2)"): ("25-1.electronic-evidence",),
    ("budapest", "25(5)"): ("24-1.dual-criminality",),
    ("budapest", "29(3)-(4)"): ("29.preservation", "29-3.not-ground.dual-criminality-absent"),
    ("budapest", "33(2)"): ("33.reach",),
    ("budapest", "21, 34"): ("34.reach",),
    ("budapest", "26(1)"): ("26.procedure",),
    ("budapest-2ap", "6, 7"): ("6.reach", "7.channel"),
    ("budapest-2ap", "2, 7-8"): ("2.electronic-evidence",),
    ("budapest-2ap", "3(2)(c)"): ("9.reach", "10.reach"),
    ("coe-mla-1959", "15 original text"): ("15-1.channel-original",),
    ("coe-mla-1959", "15(2)"): ("15-2.channel",),
    ("coe-mla-1959", "15(5)"): ("15-5.channel",),
    ("coe-mla-1959", "15(7)"): ("15-7.channel",),
    ("coe-mla-1959", "15(9)"): ("15-9.channel",),
    ("coe-mla-1959", "16"): ("16.language",),
    ("coe-mla-1959", "5(1)"): ("5.reach",),
    ("coe-mla-2001-ap2", "17(1),(6)"): ("17.procedure",),
    ("coe-mla-2001-ap2", "18(1)"): ("18.procedure",),
    ("coe-ext-1957", "12(1) as amended by AP2"): ("12-1.channel-ministry",),
    ("coe-ext-1957", "2(2)"): ("2-2.procedure",),
    ("untoc", "18(13)-(14)"): (
        "18-13.channel",
        "18-13.channel-interpol",
        "18-14.channel-oral",
        "18-14.language",
    ),
    ("untoc", "2(b), 3(1)"): ("18-1.transnational-organised", "16-1.transnational-organised"),
    ("uncac", "46(13)-(14)"): (
        "46-13.channel",
        "46-13.channel-interpol",
        "46-14.channel-oral",
        "46-14.language",
    ),
    ("opsc", "3(1), 5"): ("3-1.offence-scope", "5-1.extradition"),
    ("lanzarote", "25(4)"): ("25-4.procedure",),
    ("uncc", "40(13), 41"): ("40-13.channel", "41.channel"),
    ("uncc", "2(h), 35"): ("35.electronic-evidence", "2-h.serious-crime"),
    ("uncc", "37"): ("37.dual-criminality",),
    ("eu-eio", "11(1)(g), Annex D"): ("11-1-g.ground.dual-criminality-absent",),
    ("eu-eio", "10(2), 11(2)"): (
        "10.procedure",
        "11-2-with-10-2.not-ground.dual-criminality-absent",
    ),
    ("eu-eaw", "2(2)"): ("2-4.dual-criminality", "2-2.not-ground.dual-criminality-absent"),
    ("eu-eaw", "5(2)"): ("5-2.ground.life-sentence-no-review",),
    ("eu-eevidence", "5(3)"): ("5-3.procedure",),
    ("eu-eevidence", "5(4)(b)(ii)"): ("5-4.minimum-penalty",),
    ("eu-eevidence", "5(4)(b)(i), (iii)"): ("5-4.minimum-penalty",),
    ("eu-eevidence", "5(4)(c)-(d)"): ("5-4.minimum-penalty", "5-4-d.procedure"),
    ("eu-eevidence", "6(3)"): ("6.reach",),
    ("eu-eevidence", "4(1)"): ("4-1.procedure",),
    ("eu-eevidence", "4(2)"): ("4-2.procedure",),
    ("eu-eevidence", "8(1)-(2)"): ("8.procedure",),
    ("eu-eevidence", "12(1)(d)"): ("12-1-d.ground.dual-criminality-absent",),
    ("uk-eu-tca", "607-608, 633-635"): ("641.channel", "607.channel"),
    ("uk-eu-tca", "599"): ("599.minimum-penalty", "599.dual-criminality"),
    ("nl-us-ext", "9(1), 11(1)"): ("9-1.channel", "11-1.channel"),
    ("gb-us-cloud-act", "DAA"): ("daa.channel",),
    ("gb-us-cloud-act", "DAA 1, 4"): ("1.minimum-penalty", "4.targeting"),
    ("coe-ext-2010-ap3", "8"): ("8.channel", "8.channel-interpol"),
    ("coe-ext-2012-ap4", "6"): ("6.channel", "6.channel-interpol", "2.procedure"),
    ("gb-extradition-act-2003", "137-138 (Part 1: 64-65, not read)"): (
        "137.minimum-penalty",
        "137.dual-criminality",
    ),
    ("gb-extradition-act-2003", "71, 73, 84"): ("71.procedure",),
    ("gb-cica-2003", "guidance"): ("practice.channel",),
    ("gb-cica-2003", "guidelines"): ("policy.de-minimis",),
    ("gb-copoa-2019", "4(3)-(7)"): ("4.test",),
    ("us-18-usc-3512", "-"): ("practice.channel", "practice.channel-urgent"),
    ("us-18-usc-3512", "18 USC 3512(a), (e)"): ("3512-a.reach", "3512-e.minimum-penalty"),
    ("us-18-usc-3181", "18 USC 3184"): ("3184.evidence",),
    ("us-18-usc-2702", "2702(b)-(c)"): ("2702.channel", "2702.channel-urgent", "2702-b-9.procedure"),
    ("us-18-usc-2702", "2702(b)(8), (c)(4)"): ("2702-b-8.procedure",),
}
"""Rules written by hand that hold a row on channels or thresholds, by instrument and article as the row names
it, where the rule itself does not name the article in the same words."""


def key_of_row(row: FactRow) -> str:
    """The key of the instrument a row of the rulebook is about."""
    name = row["instrument"]
    return SECTIONS.get((name, row["article"])) or KEYS.get(name, name)


def refused(row: FactRow, account: Account) -> bool:
    """Is the row no law? Then its refusal is noted."""
    reason = NO_LAW.get(row["instrument"]) or LEFT_OUT.get((row["instrument"], row["article"]))
    if reason is not None:
        account.refused(row, f"{row['instrument']} {row['article']}", reason)
    return reason is not None


def held_by_hand(row: FactRow) -> bool:
    """Does a rule by hand hold a row of a table whose rows become rules of their own?"""
    return (Path(row.file).stem, row["instrument"], row["article"]) in HELD_BY_HAND


def place(row: FactRow, laws: dict[str, dict[str, Any]], account: Account) -> None:
    """Note which rule by hand holds a row on channels or thresholds.

    Raises ValueError where `PLACES` names a rule that is not there: then somebody took it away.
    """
    key = key_of_row(row)
    label = f"{key} {row['article']}"
    if refused(row, account):
        return
    rules = dict(_rules(laws.get(key, {})))
    found = PLACES.get((key, row["article"])) or tuple(
        rule for rule, article in rules.items() if article == row["article"]
    )
    missing = [rule for rule in found if rule not in rules]
    if missing:
        raise ValueError(f"{row.file}:{row.line}: {key} has no rule {', '.join(missing)}")
    if not found:
        account.refused(row, label, "unplaced", f"no rule by hand names {row['article']}")
        return
    account.merged(row, label, "held by " + ", ".join(f"{key}:{rule}" for rule in found))


def _rules(law: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Id and article of every rule of an instrument."""
    for rules in law.values():
        if isinstance(rules, list):
            for rule in rules:
                if isinstance(rule, dict) and "id" in rule and "article" in rule:
                    yield rule["id"], rule["article"]
