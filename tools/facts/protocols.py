"""Which rules of a convention stand aside between parties of its protocols, and which take their place?

A protocol that only changes its convention is no basis by itself: nobody would see its rules. So they stand
in the convention, for two that are both bound by the protocol.
"""

from __future__ import annotations

from typing import Any

Law = dict[str, Any]
PROTOCOLS = {
    "coe-mla-1978-ap1": ("coe-mla-1959", "AP1"),
    "coe-ext-1975-ap1": ("coe-ext-1957", "AP1"),
    "coe-ext-1978-ap2": ("coe-ext-1957", "AP2"),
    "coe-ext-2010-ap3": ("coe-ext-1957", "AP3"),
    "coe-ext-2012-ap4": ("coe-ext-1957", "AP4"),
}
"""Protocol: its convention, and how its articles are cited there."""

LISTS = ("deadlines", "grounds", "not_grounds", "contents")
SET_ASIDE = {
    ("coe-mla-1959", "2-a.ground.fiscal-offence"): "coe-mla-1978-ap1",
    ("coe-ext-1957", "5.ground.fiscal-offence"): "coe-ext-1978-ap2",
    ("coe-ext-1957", "10.ground.lapse-of-time"): "coe-ext-2012-ap4",
    ("coe-ext-1957", "14-1-b.deadline"): "coe-ext-2012-ap4",
}
"""Rules of a convention that a protocol takes away or replaces between its parties."""

REPLACED = {("coe-ext-1957", "12-2.content."): "coe-ext-2012-ap4"}
"""The same for all rules whose id begins so."""

BROUGHT_IN = {("coe-ext-1957", "9-2.ground.ne-bis-in-idem-third-state"): "coe-ext-1975-ap1"}
"""Rules that the consolidated text shows in the convention though a protocol brought them."""

OF_SOME_REQUESTS = ("provisional arrest", "transit", "telephone")
"""Contents that only some requests under the instrument carry, as their article says."""
SIMPLIFIED = "coe-ext-2010-ap3"
"""Its contents are those of the simplified procedure, which needs the consent of the person."""


def lay_into(laws: dict[str, Law]) -> None:
    """Put the rules of the protocols into their conventions, under their provisos."""
    for law in laws.values():
        for rule in law.get("contents", []):
            if any(words in rule["article"] for words in OF_SOME_REQUESTS):
                rule["required"] = "conditional"
    for (key, rule_id), protocol in (SET_ASIDE | BROUGHT_IN).items():
        test = "not-both-bound" if (key, rule_id) in SET_ASIDE else "both-bound"
        _add(_rule(laws[key], rule_id), test, protocol)
    for (key, prefix), protocol in REPLACED.items():
        for rule in _all(laws[key]):
            if rule["id"].startswith(prefix):
                _add(rule, "not-both-bound", protocol)
    for protocol, (key, cited) in PROTOCOLS.items():
        for name in LISTS:
            rules = laws[key].setdefault(name, [])
            rules.extend(_brought(rule, protocol, cited) for rule in laws[protocol].get(name, []))


def _brought(rule: dict[str, Any], protocol: str, cited: str) -> dict[str, Any]:
    made = {**rule, "id": f"{cited.lower()}.{rule['id']}", "article": f"{cited} {rule['article']}"}
    if protocol == SIMPLIFIED and "required" in made:
        made["required"] = "conditional"
    made["kinds"] = rule.get("kinds") or (["extradition"] if protocol.startswith("coe-ext") else ["mla"])
    _add(made, "both-bound", protocol)
    return made


def _add(rule: dict[str, Any], test: str, protocol: str) -> None:
    rule["when"] = [*rule.get("when", []), {"test": test, "values": [protocol], "article": rule["article"]}]


def _all(law: Law) -> list[dict[str, Any]]:
    return [rule for name in LISTS for rule in law.get(name, [])]


def _rule(law: Law, rule_id: str) -> dict[str, Any]:
    found = [rule for rule in _all(law) if rule["id"] == rule_id]
    if not found:
        raise ValueError(f"{law['key']}: no rule {rule_id!r}")
    return found[0]
