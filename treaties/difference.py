"""What does one edition of the registry hold that another does not? Fact by fact, and whole things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from schemas.law import Fact, Row
from treaties.held import PRACTICE_LISTS, RULE_LISTS
from treaties.naming import act_ids, criminal_id, gate_id, provider_id
from treaties.registry import Registry

Sort = Literal["act", "complete", "entry", "rule", "practice", "criminalised", "gate", "thing"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that came (`added`) or was withdrawn (`retracted`), or a whole thing that is `new`.

    `fact`: its id, or for a thing its file (`sources/untc-2027`). `of`: the instrument, State or offence the
    row belongs to; `state`: whose act it is; `list`: in which list of an instrument or State it stands.
    """

    change: Literal["added", "retracted", "new"]
    sort: Sort
    fact: str
    of: str
    row: Row
    state: str = ""
    list: str = ""


def differences(before: Registry, after: Registry) -> list[Difference]:
    """Everything that `after` holds and `before` does not, in order of files and rows.

    `after` is an extension of `before`, or what was known later: rows are added and retracted, never lost.
    """
    return [
        *_things(before, after),
        *_in_parties(before, after),
        *_in_instruments(before, after),
        *_in_states(before, after),
        *_in_offences(before, after),
        *_in_gates(before, after),
        *_in_providers(before, after),
    ]


def told(difference: Difference) -> dict[str, Any]:
    """The difference as plain data."""
    return {
        "change": difference.change,
        "sort": difference.sort,
        "fact": difference.fact,
        "of": difference.of,
        "state": difference.state,
        "list": difference.list,
        "row": difference.row.model_dump(mode="json", exclude_defaults=True),
    }


def _things(before: Registry, after: Registry) -> Iterator[Difference]:
    sections: tuple[tuple[str, Mapping[str, Row], Mapping[str, Row]], ...] = (
        ("sources", before.sources, after.sources),
        ("states", before.jurisdictions, after.jurisdictions),
        ("instruments", before.instruments, after.instruments),
        ("offences", before.offences, after.offences),
        ("gates", before.gates, after.gates),
        ("providers", before.providers, after.providers),
    )
    for folder, old, new in sections:
        for key in sorted(new.keys() - old.keys()):
            yield Difference("new", "thing", f"{folder}/{key}", key, new[key])


def _in_parties(before: Registry, after: Registry) -> Iterator[Difference]:
    for key, parties in sorted(after.parties.items()):
        old = before.parties.get(key)
        if old is parties and before.completeness.get(key) == after.completeness.get(key):
            continue
        for state, rows in sorted(parties.states.items()):
            known = old.states.get(state, ()) if old is not None else ()
            if known != rows:
                named = dict(zip(act_ids(key, state, rows), rows, strict=True))
                yield from _rows(
                    dict(zip(act_ids(key, state, known), known, strict=True)), named, "act", key, state
                )
        yield from _unnamed(before.completeness, after.completeness, key, "complete")


def _in_instruments(before: Registry, after: Registry) -> Iterator[Difference]:
    for key, instrument in sorted(after.instruments.items()):
        old = before.instruments.get(key)
        if old is not instrument:
            for name in RULE_LISTS:
                known = {f"{key}:{row.id}": row for row in getattr(old, name, ())}
                found = {f"{key}:{row.id}": row for row in getattr(instrument, name)}
                yield from _rows(known, found, "rule", key, "", name)
        yield from _unnamed(before.entries, after.entries, key, "entry")


def _in_states(before: Registry, after: Registry) -> Iterator[Difference]:
    for code, state in sorted(after.jurisdictions.items()):
        old = before.jurisdictions.get(code)
        if old is not state:
            for name in PRACTICE_LISTS:
                known = {f"{code}:{row.id}": row for row in getattr(old, name, ())}
                found = {f"{code}:{row.id}": row for row in getattr(state, name)}
                yield from _rows(known, found, "practice", code, code, name)


def _in_offences(before: Registry, after: Registry) -> Iterator[Difference]:
    for slug, offence in sorted(after.offences.items()):
        old = before.offences.get(slug)
        if old is not offence:
            known = {criminal_id(slug, row): row for row in (old.articles if old is not None else ())}
            found = {criminal_id(slug, row): row for row in offence.articles}
            yield from _rows(known, found, "criminalised", slug)


def _in_gates(before: Registry, after: Registry) -> Iterator[Difference]:
    for key, gate in sorted(after.gates.items()):
        old = before.gates.get(key)
        if old is not gate:
            known = {gate_id(key, row): row for row in (old.authorities if old is not None else ())}
            found = {gate_id(key, row): row for row in gate.authorities}
            yield from _rows(known, found, "gate", key)


def _in_providers(before: Registry, after: Registry) -> Iterator[Difference]:
    """Those that were known already: a new one is a thing. They count to the practice of their State."""
    for key, provider in sorted(after.providers.items()):
        old = before.providers.get(key)
        if old is not None:
            fact, state = provider_id(key), provider.state
            yield from _rows({fact: old}, {fact: provider}, "practice", state, state, "providers")


def _rows(
    known: Mapping[str, Fact], found: Mapping[str, Fact], sort: Sort, of: str, state: str = "", name: str = ""
) -> Iterator[Difference]:
    for fact, row in found.items():
        old = known.get(fact)
        if row == old:
            continue
        withdrawn = row.retracted is not None and (old is None or old.retracted is None)
        yield Difference("retracted" if withdrawn else "added", sort, fact, of, row, state, name)


def _unnamed(
    before: Mapping[str, Any], after: Mapping[str, Any], key: str, sort: Literal["complete", "entry"]
) -> Iterator[Difference]:
    """Rows of which an instrument has one at a time, all under one name."""
    known = list(before.get(key, ()))
    for row in after.get(key, ()):
        if row in known:
            known.remove(row)
        else:
            change: Literal["added", "retracted"] = "added" if row.retracted is None else "retracted"
            yield Difference(change, sort, f"{key}:{sort}", key, row)
