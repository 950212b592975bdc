"""What does a person read when a word of a law file is not known, or a row is not well formed?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from schemas.errors import BadData, UnknownWord
from treaties.registry import Registry


def told(error: Mapping[str, Any], place: tuple[str, ...], where: str) -> BadData | UnknownWord:
    """One error of a row's type, in our words; `place` is the path of keys to it."""
    field = ".".join(place)
    given = error.get("input")
    if error["type"] in {"enum", "literal_error"} and isinstance(given, str):
        known = re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
        return UnknownWord(_kind(place), given, known, where=where)
    if error["type"] == "missing":
        return BadData(f"{field} is missing.", where=where, next_step="add it to the row, or to `defaults`")
    if error["type"] == "extra_forbidden":
        return BadData(
            f"{field} is not a field of such a row.",
            where=where,
            next_step="mend the field's name, or remove it",
        )
    return BadData(f"{field}: {error['msg']}.", where=where, next_step=f"mend the value {given!r}")


@dataclass(frozen=True, slots=True)
class Named:
    """A name that a law file uses: of what `kind`, at which `place` of the file of `key`."""

    key: str
    place: tuple[str, ...]
    kind: str
    word: str


def unknown_names(
    registry: Registry, within: Registry | None = None
) -> Iterator[tuple[Named, Mapping[str, Any]]]:
    """States and instruments that a file names and no file describes, each with those that are known.

    `within`: what is known, where `registry` holds only a part of it.
    """
    whole = registry if within is None else within
    known: dict[str, Mapping[str, Any]] = {
        "instrument": whole.instruments,
        "state": whole.jurisdictions,
    }
    for named in chain(
        _in_parties(registry),
        _in_instruments(registry),
        _in_offences(registry),
        _in_gates(registry),
        _in_providers(registry),
    ):
        if named.word not in known[named.kind]:
            yield named, known[named.kind]


def _in_parties(registry: Registry) -> Iterator[Named]:
    for key, parties in registry.parties.items():
        yield Named(f"parties/{key}", ("instrument",), "instrument", key)
        for state in parties.complete.only if parties.complete else ():
            yield Named(f"parties/{key}", ("complete",), "state", state)
        for state, rows in parties.states.items():
            yield Named(f"parties/{key}", ("states", state), "state", state)
            for index, row in enumerate(rows):
                if row.towards is not None:
                    yield Named(f"parties/{key}", ("states", state, str(index)), "state", row.towards)
                for territory in (code for effect in row.effects for code in effect.territories):
                    yield Named(f"parties/{key}", ("states", state, str(index)), "state", territory)


def _in_instruments(registry: Registry) -> Iterator[Named]:
    for key, instrument in registry.instruments.items():
        file = f"instruments/{key}"
        yield from (Named(file, ("states",), "state", state) for state in instrument.states)
        yield from (Named(file, ("requires",), "instrument", other) for other in instrument.requires)
        yield from (Named(file, ("amends",), "instrument", other) for other in instrument.amends)
        for index, rule in enumerate(instrument.precedence):
            place = ("precedence", str(index))
            yield from (Named(file, place, "instrument", other) for other in rule.over)


def _in_offences(registry: Registry) -> Iterator[Named]:
    for slug, offence in registry.offences.items():
        for article in offence.articles:
            yield Named(f"offences/{slug}", ("offences",), "instrument", article.instrument)


def _in_gates(registry: Registry) -> Iterator[Named]:
    for slug, gate in registry.gates.items():
        for authority in gate.authorities:
            if not authority.title:
                yield Named(f"gates/{slug}", ("gates",), "instrument", authority.instrument)


def _in_providers(registry: Registry) -> Iterator[Named]:
    for key, provider in registry.providers.items():
        yield Named(f"providers/{key}", ("state",), "state", provider.state)


def _kind(place: tuple[str, ...]) -> str:
    """The name of the field the word stands in: `measures.0` is a word of `measures`."""
    return next((part for part in reversed(place) if not part.isdigit()), "word")
