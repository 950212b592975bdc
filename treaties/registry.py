"""What does the registry hold, under which names, and what did it hold as known on an earlier day?

A registry never changes. It is built by `treaties.load` from base data, overlays and accepted proposals, and
it carries its `edition`: the digest of everything in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from schemas.gates import Gate
from schemas.ids import FactId
from schemas.law import (
    Completeness,
    Criminalised,
    Entry,
    Fact,
    Instrument,
    Jurisdiction,
    Offence,
    Parties,
    PartyAct,
    Provider,
    Row,
    Source,
)
from schemas.vocabulary import Act, Form
from treaties.held import PRACTICE_LISTS, RULE_LISTS, Held, Practice, Rulebook, newest_row
from treaties.naming import act_ids, cite, criminal_id, gate_id, provider_id

F = TypeVar("F", bound=Fact)

SAID_ONLY = frozenset(
    {
        Act.RESERVATION,
        Act.DECLARATION,
        Act.OBJECTION,
        Act.RELATIONS_EXCLUDED,
        Act.ACCESSION_ACCEPTED,
        Act.AMENDED,
    }
)
"""Acts by which a State takes no step towards being bound: alone they make no instrument a candidate."""

ONE_SIDED = frozenset({Form.DOMESTIC, Form.PRACTICE})
"""Law of the requested State alone: nobody else has to be bound by it."""


@dataclass(frozen=True)
class Registry:
    """All law known to the house, indexed. `entries` and `completeness` keep every row ever recorded for the
    one general entry into force and the one completeness of an instrument; the newest known one counts."""

    edition: str
    instruments: Mapping[str, Instrument]
    parties: Mapping[str, Parties]
    jurisdictions: Mapping[str, Jurisdiction]
    offences: Mapping[str, Offence]
    sources: Mapping[str, Source]
    entries: Mapping[str, Sequence[Entry]]
    completeness: Mapping[str, Sequence[Completeness]]
    gates: Mapping[str, Gate] = field(default_factory=dict)
    providers: Mapping[str, Provider] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What pure functions already worked out about this registry; never part of what it holds."""

    # --- by name ---------------------------------------------------------------------------------------

    def facts(self) -> Iterator[tuple[FactId, Fact]]:
        """Every fact row with its id, also the retracted ones."""
        for key, parties in self.parties.items():
            for state, rows in parties.states.items():
                yield from zip(act_ids(key, state, rows), rows, strict=True)
            yield from ((f"{key}:complete", row) for row in self.completeness.get(key, ()))
        for key, instrument in self.instruments.items():
            yield from ((f"{key}:entry", row) for row in self.entries.get(key, ()))
            for name in RULE_LISTS:
                yield from ((f"{key}:{row.id}", row) for row in getattr(instrument, name))
        for code, jurisdiction in self.jurisdictions.items():
            for name in PRACTICE_LISTS:
                yield from ((f"{code}:{row.id}", row) for row in getattr(jurisdiction, name))
        for slug, offence in self.offences.items():
            yield from ((criminal_id(slug, row), row) for row in offence.articles)
        for slug, gate in self.gates.items():
            yield from ((gate_id(slug, row), row) for row in gate.authorities)
        yield from ((provider_id(key), row) for key, row in self.providers.items())

    def rulebook(self, key: str) -> Rulebook:
        """The rules of instrument `key`, without retracted rows."""
        return self._rulebooks[key]

    def practice(self, state: str) -> Practice:
        """The practice of `state`; empty where the registry holds none."""
        return self._practices.get(state, Practice((), (), ()))

    def acts(self, key: str, state: str) -> tuple[Held[PartyAct], ...]:
        """What `state` did to instrument `key`, in order of days, without retracted rows."""
        return self._acts.get(key, {}).get(state, ())

    def complete(self, key: str) -> Held[Completeness] | None:
        """The row that says the party list of `key` is whole, or None."""
        return self._complete.get(key)

    def acceptance(self, key: str) -> Held[PartyAct] | None:
        """An act by which a State accepted another's accession to `key`: such instruments work pairwise."""
        return self._acceptances.get(key)

    def works_pairwise(self, key: str) -> bool:
        """Has any party of `key` excluded relations with another, or accepted another's accession?"""
        return key in self._pairwise

    def criminalised(self, slug: str) -> tuple[Held[Criminalised], ...]:
        """The articles that oblige their parties to make offence `slug` a crime."""
        return self._criminal.get(slug, ())

    # --- by use ----------------------------------------------------------------------------------------

    def candidates(self, requesting: str, requested: str) -> list[str]:
        """Keys of the instruments that may link the two, sorted: what either joined, what both made, the law
        of the requested State, and what is done everywhere. What the State of a territory joined or made
        with the other side may extend to the territory."""
        sides = self._with_parent(requesting), self._with_parent(requested)
        found = {*self._joined.get(requesting, ()), *self._joined.get(requested, ())}
        if len(sides[0]) + len(sides[1]) > 2:
            first, second = ({k for one in side for k in self._joined.get(one, ())} for side in sides)
            found |= first & second
        for one in sides[0]:
            for other in sides[1]:
                found.update(self._closed.get(frozenset((one, other)), ()))
        found |= self._schemes.get(requesting, frozenset()) & self._schemes.get(requested, frozenset())
        return sorted(found.union(self._own.get(requested, ()), self._everywhere))

    def _with_parent(self, state: str) -> tuple[str, ...]:
        jurisdiction = self.jurisdictions.get(state)
        parent = None if jurisdiction is None else jurisdiction.parent
        return (state,) if parent is None else (state, parent)

    def of_nobody(self, key: str) -> bool:
        """Is it a practice of no State in particular, such as a letter to a provider? It obliges nobody."""
        return key in self._everywhere

    def counting_as(self, value: str) -> frozenset[str]:
        """Keys of the instruments that count as `value` for fallback clauses, such as `mla-treaty`."""
        return self._counting.get(value, frozenset())

    @cached_property
    def recorded_days(self) -> list[date]:
        """Days on which anything was recorded or retracted, in order: what we believed changed only then."""
        rows = [row for _, row in self.facts()]
        return sorted({row.recorded for row in rows} | {row.retracted.on for row in rows if row.retracted})

    @property
    def first_recorded(self) -> date | None:
        """The day of the first record; before it the registry knew nothing. None: it holds no fact."""
        return self.recorded_days[0] if self.recorded_days else None

    @cached_property
    def titles_outside(self) -> dict[str, str]:
        """Titles of texts that gates cite and that are no instruments of the registry, by key."""
        rows = [row for gate in self.gates.values() for row in gate.authorities]
        return {row.instrument: row.title for row in rows if row.title}

    def known_on(self, day: date) -> Registry:
        """What the registry held at the end of `day`: rows recorded by then and not retracted by then."""
        step = bisect_right(self.recorded_days, day)
        if ("known", step) not in self.memo:
            self.memo["known", step] = _as_known(self, day)
        found: Registry = self.memo["known", step]
        return found

    # --- indexes ---------------------------------------------------------------------------------------

    @cached_property
    def _acts(self) -> dict[str, dict[str, tuple[Held[PartyAct], ...]]]:
        found: dict[str, dict[str, tuple[Held[PartyAct], ...]]] = {}
        for key, parties in self.parties.items():
            found[key] = {}
            for state, rows in parties.states.items():
                held = [
                    Held(fact, row, cite(key, row, row.article))
                    for fact, row in zip(act_ids(key, state, rows), rows, strict=True)
                    if row.retracted is None
                ]
                if held:
                    found[key][state] = tuple(sorted(held, key=_order_of_acts))
        return found

    @cached_property
    def _complete(self) -> dict[str, Held[Completeness]]:
        newest = {key: newest_row(rows) for key, rows in self.completeness.items()}
        return {
            key: Held(f"{key}:complete", row, cite(key, row, checked=row.as_of))
            for key, row in newest.items()
            if row is not None
        }

    @cached_property
    def _acceptances(self) -> dict[str, Held[PartyAct]]:
        found: dict[str, Held[PartyAct]] = {}
        for key, states in self._acts.items():
            for state in sorted(states):
                for held in states[state]:
                    if held.row.act is Act.ACCESSION_ACCEPTED:
                        found.setdefault(key, held)
        return found

    @cached_property
    def _pairwise(self) -> frozenset[str]:
        acts = {Act.ACCESSION_ACCEPTED, Act.RELATIONS_EXCLUDED}
        return frozenset(
            key
            for key, states in self._acts.items()
            if any(held.row.act in acts for rows in states.values() for held in rows)
        )

    @cached_property
    def _rulebooks(self) -> dict[str, Rulebook]:
        return {key: self._rulebook(instrument) for key, instrument in self.instruments.items()}

    def _rulebook(self, instrument: Instrument) -> Rulebook:
        key = instrument.key
        entry = newest_row(self.entries.get(key, ()))
        rules = {
            name: tuple(
                Held(f"{key}:{row.id}", row, cite(key, row, row.article))
                for row in sorted(getattr(instrument, name), key=lambda row: row.id)
                if row.retracted is None
            )
            for name in RULE_LISTS
        }
        return Rulebook(
            instrument, None if entry is None else Held(f"{key}:entry", entry, cite(key, entry)), **rules
        )

    @cached_property
    def _practices(self) -> dict[str, Practice]:
        found: dict[str, Practice] = {}
        for code, jurisdiction in self.jurisdictions.items():
            rows = {
                name: tuple(
                    Held(f"{code}:{row.id}", row, cite("", row))
                    for row in sorted(getattr(jurisdiction, name), key=lambda row: row.id)
                    if row.retracted is None
                )
                for name in ("authorities", "languages", "treaty_lists")
            }
            found[code] = Practice(**rows)
        return found

    @cached_property
    def _criminal(self) -> dict[str, tuple[Held[Criminalised], ...]]:
        return {
            slug: tuple(
                Held(criminal_id(slug, row), row, cite(row.instrument, row, row.article))
                for row in sorted(offence.articles, key=lambda row: (row.instrument, row.article))
                if row.retracted is None
            )
            for slug, offence in self.offences.items()
        }

    @cached_property
    def _joined(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key, states in self._acts.items():
            if key in self.instruments and not self.instruments[key].states:
                for state, acts in states.items():
                    if any(held.row.act not in SAID_ONLY for held in acts):
                        found[state].append(key)
        return {state: tuple(keys) for state, keys in found.items()}

    @cached_property
    def _schemes(self) -> dict[str, frozenset[str]]:
        """Schemes by State: they bind nobody, and two of their members should be told so."""
        found: dict[str, set[str]] = defaultdict(set)
        for key, states in self._acts.items():
            if key in self.instruments and self.instruments[key].form is Form.SCHEME:
                for state in states:
                    found[state].add(key)
        return {state: frozenset(keys) for state, keys in found.items()}

    @cached_property
    def _closed(self) -> dict[frozenset[str], tuple[str, ...]]:
        """Instruments made by a named pair (or few) of States, by pair."""
        found: dict[frozenset[str], list[str]] = defaultdict(list)
        for key, instrument in self.instruments.items():
            if instrument.form not in ONE_SIDED:
                for index, first in enumerate(instrument.states):
                    for second in instrument.states[index + 1 :]:
                        found[frozenset((first, second))].append(key)
        return {pair: tuple(keys) for pair, keys in found.items()}

    @cached_property
    def _own(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key, instrument in self.instruments.items():
            if instrument.form in ONE_SIDED:
                for state in instrument.states:
                    found[state].append(key)
        return {state: tuple(keys) for state, keys in found.items()}

    @cached_property
    def _everywhere(self) -> frozenset[str]:
        return frozenset(
            key
            for key, instrument in self.instruments.items()
            if instrument.form is Form.PRACTICE and not instrument.states
        )

    @cached_property
    def _counting(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for key, instrument in self.instruments.items():
            for value in instrument.counts_as:
                found[value].add(key)
        return {value: frozenset(keys) for value, keys in found.items()}


# --- order -----------------------------------------------------------------------------------------------


def _order_of_acts(held: Held[PartyAct]) -> tuple[date, int, str]:
    return held.row.on or date.max, _RANK[held.row.act], held.fact


_RANK = {act: rank for rank, act in enumerate(Act)}
"""On one and the same day acts count in the order of the vocabulary, so that an ending prevails."""


# --- what was known -----------------------------------------------------------------------------------


def _as_known(registry: Registry, day: date) -> Registry:
    def kept(rows: Iterable[F]) -> tuple[F, ...]:
        return tuple(_as_believed(row) for row in rows if _was_known(row, day))

    def trimmed(model: Row, names: Iterable[str]) -> Any:
        return model.model_copy(update={name: kept(getattr(model, name)) for name in names})

    return Registry(
        edition=registry.edition,
        instruments={key: trimmed(row, RULE_LISTS) for key, row in registry.instruments.items()},
        parties={
            key: row.model_copy(update={"states": {state: kept(acts) for state, acts in row.states.items()}})
            for key, row in registry.parties.items()
        },
        jurisdictions={key: trimmed(row, PRACTICE_LISTS) for key, row in registry.jurisdictions.items()},
        offences={key: trimmed(row, ("articles",)) for key, row in registry.offences.items()},
        sources=registry.sources,
        entries={key: kept(rows) for key, rows in registry.entries.items()},
        completeness={key: kept(rows) for key, rows in registry.completeness.items()},
        gates={key: trimmed(row, ("authorities",)) for key, row in registry.gates.items()},
        providers={key: _as_believed(row) for key, row in registry.providers.items() if _was_known(row, day)},
    )


def _was_known(row: Fact, day: date) -> bool:
    return row.recorded <= day and (row.retracted is None or row.retracted.on > day)


def _as_believed(row: F) -> F:
    """A row retracted only later was still believed."""
    return row if row.retracted is None else row.model_copy(update={"retracted": None})
