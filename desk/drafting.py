"""What does a form for one change of the law come to, as a draft of the treaty desk?

One form for each sort of change that a treaty office hears of. A field of the form is the place at which a
fault of the draft is told, so that whoever filled it in is led back to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from desk import border
from treaties.draft import Draft, draft_of
from treaties.registry import Registry

_SLUG = re.compile(r"[^a-z0-9]+")

Given = Callable[[str], str]
"""What stands in a field of the form."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of change: the `fields` of its form, and those of them that must be filled."""

    fields: tuple[str, ...]
    needed: tuple[str, ...]


SORTS: dict[str, Sort] = {
    "accession": Sort(
        ("instrument", "state", "joining", "on", "force"), ("instrument", "state", "joining", "on")
    ),
    "declaration": Sort(
        ("instrument", "state", "saying", "on", "article", "text", "towards"),
        ("instrument", "state", "saying", "on", "text"),
    ),
    "denunciation": Sort(("instrument", "state", "leaving", "on"), ("instrument", "state", "leaving", "on")),
    "extension": Sort(("instrument", "state", "on"), ("instrument", "state", "on")),
    "authority": Sort(
        ("state", "function", "name", "unit", "instrument", "on", "replaces"), ("state", "function", "name")
    ),
    "language": Sort(("state", "codes", "instrument", "on", "replaces"), ("state", "codes")),
    "correction": Sort(("replaces", "why"), ("replaces", "why")),
}
"""The sorts of change that have a form; everything else comes as a file."""


def draft_of_form(sort: str, given: Given, registry: Registry) -> Draft:
    """The draft that the filled-in form of this sort comes to. Raises BadInput, UnknownWord with the name of
    the field as the place. Whether its rows mean anything is asked when it is proposed."""
    content: dict[str, Any] = {"title": given("title"), "reason": given("reason")}
    places: dict[tuple[str, ...], str] = {("title",): "title", ("reason",): "reason"}
    _MAKERS[sort](given, content, places)
    if sort != "correction":
        _add_source(given, content, places, registry)
    if sort in ("authority", "language") and given("replaces"):
        row = {"fact": given("replaces"), "reason": given("reason") or given("title")}
        content["retract"] = [row]
        places["retract", "0"] = places["retract", "0", "fact"] = "replaces"
    return draft_of(content, lambda path: places.get(path, ""))


def draft_of_file(content: bytes, name: str) -> Draft:
    """The draft in an uploaded file, YAML or JSON. Raises BadInput, UnknownWord with the line."""
    tree, lines = border.tree_from_yaml(content, name)
    return draft_of(tree, lambda path: f"{name}:{border.line_of(lines, path)}")


def _accession(given: Given, content: dict[str, Any], places: dict[tuple[str, ...], str]) -> None:
    party = {"instrument": given("instrument"), "state": given("state")}
    rows = [{**party, "act": given("joining"), "on": given("on")}]
    if given("force"):
        rows.append({**party, "act": "in-force", "on": given("force")})
    _acts(rows, content, places, {"on": "on", "act": "joining"})
    places["acts", "1", "on"] = places["acts", "1"] = places["acts", "1", "act"] = "force"


def _declaration(given: Given, content: dict[str, Any], places: dict[tuple[str, ...], str]) -> None:
    row = {
        "instrument": given("instrument"),
        "state": given("state"),
        "act": given("saying"),
        "on": given("on"),
        **_filled({"article": given("article"), "text": given("text"), "towards": given("towards")}),
    }
    _acts([row], content, places, {"act": "saying", "article": "article", "text": "text"})


def _denunciation(given: Given, content: dict[str, Any], places: dict[tuple[str, ...], str]) -> None:
    row = {"instrument": given("instrument"), "state": given("state"), "act": given("leaving")}
    _acts([{**row, "on": given("on")}], content, places, {"act": "leaving"})


def _extension(given: Given, content: dict[str, Any], places: dict[tuple[str, ...], str]) -> None:
    row = {"instrument": given("instrument"), "state": given("state"), "act": "extended", "on": given("on")}
    _acts([row], content, places, {})


def _authority(given: Given, content: dict[str, Any], places: dict[tuple[str, ...], str]) -> None:
    id = f"{given('function')}-{slug(given('name')) or 'authority'}"
    told = {"unit": given("unit"), "instrument": given("instrument"), "since": given("on")}
    row = {"state": given("state"), "id": id, "function": given("function"), "name": given("name")}
    content["authorities"] = [{**row, **_filled(told)}]
    _named("authorities", content["authorities"], places, {"id": "name", "since": "on"})


def _language(given: Given, content: dict[str, Any], places: dict[tuple[str, ...], str]) -> None:
    codes = [code.lower() for code in re.split(r"[\s,;]+", given("codes")) if code]
    id = "-".join(["requests", *(slug(code) for code in codes), *([given("on")] if given("on") else [])])
    told = {"instrument": given("instrument"), "since": given("on")}
    content["languages"] = [{"state": given("state"), "id": id, "codes": codes, **_filled(told)}]
    _named("languages", content["languages"], places, {"id": "codes", "since": "on"})


def _correction(given: Given, content: dict[str, Any], places: dict[tuple[str, ...], str]) -> None:
    content["retract"] = [{"fact": given("replaces"), "reason": given("why")}]
    places |= {
        ("retract", "0"): "replaces",
        ("retract", "0", "fact"): "replaces",
        ("retract", "0", "reason"): "why",
    }


_MAKERS: dict[str, Callable[[Given, dict[str, Any], dict[tuple[str, ...], str]], None]] = {
    "accession": _accession,
    "declaration": _declaration,
    "denunciation": _denunciation,
    "extension": _extension,
    "authority": _authority,
    "language": _language,
    "correction": _correction,
}


def _acts(
    rows: list[dict[str, str]],
    content: dict[str, Any],
    places: dict[tuple[str, ...], str],
    fields: Mapping[str, str],
) -> None:
    content["acts"] = rows
    _named("acts", rows, places, fields)


def _named(
    section: str,
    rows: list[dict[str, Any]],
    places: dict[tuple[str, ...], str],
    fields: Mapping[str, str],
) -> None:
    """Each field of the rows is told at the field of the form that it came from."""
    for number, row in enumerate(rows):
        at = (section, str(number))
        places[at] = "instrument" if section == "acts" else "state"
        for name in row:
            places[(*at, name)] = fields.get(name, name)


def _add_source(
    given: Given, content: dict[str, Any], places: dict[tuple[str, ...], str], registry: Registry
) -> None:
    """Every row of the draft names its source: one the registry has, or a new one with title and address."""
    read = given("read_on")
    key = given("source")
    if not key:
        key = _known(registry, given("source_address")) or _fresh(registry, given("source_title"), read)
        if key not in registry.sources:
            row = {"key": key, "title": given("source_title"), "how": "read"}
            content["sources"] = [row | _filled({"address": given("source_address"), "as_of": read})]
            at = ("sources", "0")
            places[at] = places[(*at, "title")] = places[(*at, "key")] = "source_title"
            places |= {(*at, "address"): "source_address", (*at, "as_of"): "read_on"}
    content["defaults"] = {"source": key, "confidence": given("confidence"), **_filled({"checked": read})}
    for name, field in (("source", "source"), ("confidence", "confidence"), ("checked", "read_on")):
        places["defaults", name] = field


def _known(registry: Registry, address: str) -> str | None:
    if not address:
        return None
    return next((key for key, source in registry.sources.items() if source.address == address), None)


def _fresh(registry: Registry, title: str, read: str) -> str:
    start = f"{slug(title)[:50].strip('-') or 'source'}-{read}"
    key, number = start, 1
    while key in registry.sources:
        number += 1
        key = f"{start}-{number}"
    return key


def slug(text: str) -> str:
    """The text as part of a key; empty where it has no Latin letter or digit."""
    return _SLUG.sub("-", text.lower()).strip("-")


def _filled(row: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if value}
