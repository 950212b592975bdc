"""How do changes become a layer of law files, and which of them does the registry hold already?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from schemas.law import Fact, PartyAct, Row
from treaties.draft import SECTIONS, Change, text_of
from treaties.held import PRACTICE_LISTS, RULE_LISTS, newest_row
from treaties.load import DEFAULTED
from treaties.naming import act_ids, criminal_id, gate_id
from treaties.registry import Registry
from treaties.text import Content

Layer = dict[str, Content]
Located = tuple[str, tuple[str, ...], Fact]
"""A fact row, the file it belongs to, and the path of keys to its list in there; no path: it is the file."""

PROVIDERS = "providers"
"""Each is a fact itself, and has a file of its own."""

_SINGLE = {"complete": ("parties", "complete"), "entries": ("instruments", "entry")}
"""Sections whose rows stand alone: of these an instrument has one at a time."""

_LISTED = {
    "criminalised": ("offences", "offence"),
    "gate_authorities": ("gates", "gate"),
}
"""Sections whose rows stand inside the things of one file: the file, and what a row calls its thing."""

KEYS = {
    "sources": "key",
    "states": "code",
    "instruments": "key",
    "offences": "slug",
    "gates": "gate",
    "providers": "key",
}
"""What a whole thing is known by."""


def layers_of(registry: Registry, changes: Iterable[Change], day: date) -> list[Layer]:
    """The layers that fold `changes` onto `registry`, recorded on `day`: first what is withdrawn, so that a
    row may be retracted and put right in one draft."""
    withdrawn: Layer = {}
    added: Layer = {}
    for change in changes:
        if change.section == "retract":
            _withdraw(registry, withdrawn, change, day)
        elif SECTIONS[change.section].whole:
            _whole(added, change, day)
        else:
            _add(registry, added, change, day)
    return [layer for layer in (withdrawn, added) if layer]


def standing(registry: Registry, change: Change) -> str | None:
    """The id under which the registry holds what the change says already; None: it is new.

    Of a retraction: whether the fact is gone. Rows with ids of their own are known by them, acts by who did
    what, when and under which article.
    """
    section = change.section
    if section == "retract":
        row = retracted_row(registry, change.named("fact"))
        return change.named("fact") if row is None or row.retracted is not None else None
    if SECTIONS[section].whole:
        return _standing_thing(registry, change)
    if section == "acts":
        return _standing_act(registry, change)
    if section in _LISTED:
        return _standing_listed(registry, change)
    if section in _SINGLE:
        return _standing_single(registry, change)
    file, path = _address(change)
    of = file.rpartition("/")[2]
    holder = registry.jurisdictions.get(of) if section != "rules" else registry.instruments.get(of)
    for known in getattr(holder, path[-1], ()):
        if known.id == change.named("id"):
            return f"{of}:{known.id}"
    return None


def retracted_row(registry: Registry, fact: str) -> Fact | None:
    """The row of `fact` in the registry, retracted or not; None where there is none."""
    found = locate(registry, fact)
    return None if found is None else found[2]


def locate(registry: Registry, fact: str) -> Located | None:
    """Where the row of a fact belongs."""
    of, _, name = fact.partition(":")
    if of in ("offences", "gates"):
        return _in_listed(registry, of, fact)
    if of == PROVIDERS:
        provider = registry.providers.get(name)
        return None if provider is None else (f"{PROVIDERS}/{name}", (), provider)
    if of in registry.jurisdictions:
        for section in PRACTICE_LISTS:
            for row in getattr(registry.jurisdictions[of], section):
                if row.id == name:
                    return f"states/{of}", (section,), row
        return None
    if name in ("complete", "entry"):
        return _single(registry, of, name)
    return _in_instrument(registry, of, fact) or _in_parties(registry, of, fact)


# --- where a row stands -------------------------------------------------------------------------------


def _in_listed(registry: Registry, file: str, fact: str) -> Located | None:
    for slug, offence in registry.offences.items() if file == "offences" else ():
        for row in offence.articles:
            if criminal_id(slug, row) == fact:
                return file, (slug,), row
    for key, gate in registry.gates.items() if file == "gates" else ():
        for authority in gate.authorities:
            if gate_id(key, authority) == fact:
                return file, (key,), authority
    return None


def _single(registry: Registry, of: str, name: str) -> Located | None:
    complete = name == "complete"
    rows = (registry.completeness if complete else registry.entries).get(of, ())
    row: Fact | None = newest_row(rows) or (rows[-1] if rows else None)
    return None if row is None else (f"{'parties' if complete else 'instruments'}/{of}", (name,), row)


def _in_instrument(registry: Registry, of: str, fact: str) -> Located | None:
    for section in RULE_LISTS:
        for row in getattr(registry.instruments.get(of), section, ()):
            if f"{of}:{row.id}" == fact:
                return f"instruments/{of}", (section,), row
    return None


def _in_parties(registry: Registry, of: str, fact: str) -> Located | None:
    parties = registry.parties.get(of)
    if parties is None:
        return None
    state = fact.partition(":")[2][:2]
    rows = parties.states.get(state, ())
    for known, row in zip(act_ids(of, state, rows), rows, strict=True):
        if known == fact:
            return f"parties/{of}", ("states", state), row
    return None


# --- what stands already ------------------------------------------------------------------------------


def _standing_thing(registry: Registry, change: Change) -> str | None:
    known: Mapping[str, Mapping[str, Row]] = {
        "sources": registry.sources,
        "states": registry.jurisdictions,
        "instruments": registry.instruments,
        "offences": registry.offences,
        "gates": registry.gates,
        "providers": registry.providers,
    }
    key = change.named(KEYS[change.section])
    return f"{change.section}/{key}" if key in known[change.section] else None


def _standing_act(registry: Registry, change: Change) -> str | None:
    of, state = change.named("instrument"), change.named("state")
    parties = registry.parties.get(of)
    rows = parties.states.get(state, ()) if parties is not None else ()
    for fact, row in zip(act_ids(of, state, rows), rows, strict=True):
        if row.retracted is None and _same_act(row, change):
            return fact
    return None


def _same_act(row: PartyAct, change: Change) -> bool:
    known = {
        "act": row.act.value,
        "on": row.on.isoformat() if row.on else "unknown",
        "until": row.until.isoformat() if row.until else "",
        "towards": row.towards or "",
        "article": row.article,
        "text": row.text,
    }
    return all(change.named(name) == value for name, value in known.items())


def _standing_listed(registry: Registry, change: Change) -> str | None:
    file, of = _LISTED[change.section]
    place = f"{change.named('instrument')}.{change.named('article').replace(' ', '_')}"
    found = _in_listed(registry, file, f"{file}:{change.named(of)}.{place}")
    return f"{file}:{change.named(of)}.{place}" if found is not None and found[2].retracted is None else None


def _standing_single(registry: Registry, change: Change) -> str | None:
    folder, name = _SINGLE[change.section]
    of = change.named("instrument")
    rows: Iterable[Any] = (registry.completeness if folder == "parties" else registry.entries).get(of, ())
    field = "as_of" if name == "complete" else "on"
    for row in rows:
        value = getattr(row, field)
        if row.retracted is None and str(value or "unknown") == change.named(field):
            return f"{of}:{name}"
    return None


# --- layers -------------------------------------------------------------------------------------------


def _withdraw(registry: Registry, layer: Layer, change: Change, day: date) -> None:
    found = locate(registry, change.named("fact"))
    if found is None:
        return
    file, path, row = found
    told = text_of(row.model_dump(mode="json", exclude_defaults=True))
    if isinstance(told, dict):
        for name in ("on",):
            if name in type(row).model_fields and getattr(row, name) is None:
                told[name] = "unknown"
        told["retracted"] = {"on": day.isoformat(), "reason": change.named("reason")}
        if not path:
            # Its file is the row.
            layer[file] = told
            return
        _put(registry, layer, file, path, told)


def _whole(layer: Layer, change: Change, day: date) -> None:
    row = dict(change.row)
    given = row.pop("defaults", {})
    kept = (
        {name: value for name, value in given.items() if name in DEFAULTED} if isinstance(given, dict) else {}
    )
    dated = {**kept, "recorded": day.isoformat()}
    if change.section in ("offences", "gates"):
        name = "articles" if change.section == "offences" else "authorities"
        inner = row.get(name, [])
        if isinstance(inner, list):
            row[name] = [{**dated, **one} if isinstance(one, dict) else one for one in inner]
        _listed(layer, change.section).append(row)
    elif change.section == "sources":
        layer[f"sources/{change.named('key')}"] = row
    elif change.section == PROVIDERS:
        layer[f"{PROVIDERS}/{change.named('key')}"] = {**dated, **row}
    else:
        key = change.named(KEYS[change.section])
        layer[f"{change.section}/{key}"] = {"defaults": dated, **row}


def _add(registry: Registry, layer: Layer, change: Change, day: date) -> None:
    names = SECTIONS[change.section].names
    row = {name: value for name, value in change.row.items() if name not in names}
    file, path = _address(change)
    _put(registry, layer, file, path, {**row, "recorded": day.isoformat()})


def _address(change: Change) -> tuple[str, tuple[str, ...]]:
    section = change.section
    if section == "acts":
        return f"parties/{change.named('instrument')}", ("states", change.named("state"))
    if section in _SINGLE:
        folder, name = _SINGLE[section]
        return f"{folder}/{change.named('instrument')}", (name,)
    if section == "rules":
        return f"instruments/{change.named('instrument')}", (change.named("list"),)
    if section in _LISTED:
        file, of = _LISTED[section]
        return file, (change.named(of),)
    return f"states/{change.named('state')}", (section,)


def _put(registry: Registry, layer: Layer, file: str, path: tuple[str, ...], row: Content) -> None:
    if file in ("offences", "gates"):
        _put_listed(registry, layer, file, path[0], row)
        return
    folder, _, of = file.partition("/")
    start: dict[str, Content] = {"instrument": of} if folder == "parties" else {}
    content = layer.setdefault(file, start)
    if not isinstance(content, dict):
        raise TypeError(f"{file} is no mapping")
    if folder == "parties":
        content.setdefault("states", {})
    if path in (("complete",), ("entry",)):
        content[path[0]] = row
        return
    inner = content
    for name in path[:-1]:
        below = inner.setdefault(name, {})
        if isinstance(below, dict):
            inner = below
    rows = inner.setdefault(path[-1], [])
    if isinstance(rows, list):
        rows.append(row)


def _put_listed(registry: Registry, layer: Layer, file: str, of: str, row: Content) -> None:
    """An offence or a gate is repeated with its new row: what is said once of it must be said the same."""
    name = "articles" if file == "offences" else "authorities"
    for known in _listed(layer, file):
        if isinstance(known, dict) and known.get(KEYS[file]) == of:
            rows = known.setdefault(name, [])
            if isinstance(rows, list):
                rows.append(row)
            return
    thing: Row | None = registry.offences.get(of) if file == "offences" else registry.gates.get(of)
    if thing is not None:
        told = text_of(thing.model_dump(mode="json", exclude={name}, exclude_defaults=True))
        if isinstance(told, dict):
            _listed(layer, file).append({**told, name: [row]})


def _listed(layer: Layer, file: str) -> list[Content]:
    content = layer.setdefault(file, {file: []})
    rows = content[file] if isinstance(content, dict) else []
    if not isinstance(rows, list):
        raise TypeError(f"{file} are no list")
    return rows
