"""Which ordered pairs of States gain or lose which basis by a change of the law, and from which day?

Only pairs that the change can touch are asked, before and after it, on today and on every day the change
names; for most of them one look at the two States' bonds shows that nothing moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from schemas.law import Instrument, PartyAct, Provision, Rule, TreatyList
from schemas.reasoning import Question
from schemas.vocabulary import Kind, Measure, Verdict
from treaties.basis import standings
from treaties.difference import Difference
from treaties.force import linked
from treaties.registry import ONE_SIDED, Registry
from treaties.sweep import jurisdictions

MOST_DAYS = 12
"""Days that are looked at: those to come first, then the latest of those past."""

BY_RULES = frozenset({"not-applied", "condition"})
"""Effects of a declaration that can turn a verdict although both States stay bound."""

EFFECTS = ("gained", "lost", "changed")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Moved:
    """One basis of one ordered pair whose verdict differs from `on` on, the first such day looked at.

    `measure` None: for requests of the kind in general.
    """

    requesting: str
    requested: str
    kind: Kind
    measure: Measure | None
    instrument: str
    on: date
    before: Verdict
    after: Verdict

    @property
    def effect(self) -> str:
        """gained: `yes` where it was not; lost: no longer `yes`; changed: between `no` and `unknown`."""
        if self.after is Verdict.YES:
            return "gained"
        return "lost" if self.before is Verdict.YES else "changed"


@dataclass(frozen=True, slots=True)
class Impact:
    """What moves, in order of effect, instrument, kind and day; the `days` looked at; how many `pairs` were
    asked."""

    moved: tuple[Moved, ...]
    days: tuple[date, ...]
    pairs: int

    def count(self, effect: str) -> int:
        """How many bases of pairs were gained, lost or changed."""
        return sum(one.effect == effect for one in self.moved)


@dataclass(frozen=True, slots=True)
class _Touch:
    """What a change of one instrument can touch: these pairs, for these kinds. `surely`: a rule changed, so
    that equal bonds do not prove that nothing moved. `each`: a declaration may take out single measures, so
    that each of them has to be asked about."""

    instrument: str | None
    pairs: frozenset[Pair]
    kinds: frozenset[Kind]
    surely: bool = False
    each: bool = False


def impact(before: Registry, after: Registry, found: Sequence[Difference], today: date) -> Impact:
    """What the differences `found` between the two registries do to pairs of States, from `today` on and on
    earlier days that they name."""
    days = turning_days(found, today)
    asked: dict[tuple[Pair, Kind], set[date]] = {}
    each: set[Pair] = set()
    for touch in (_touch(before, after, one) for one in found):
        for pair in touch.pairs:
            moving = [day for day in days if _may_move(before, after, touch, pair, day)]
            for kind in touch.kinds if moving else ():
                asked.setdefault((pair, kind), set()).update(moving)
            if moving and touch.each:
                each.add(pair)
    named = _measures(found)
    moved: list[Moved] = []
    for (pair, kind), moving_days in sorted(asked.items()):
        if pair in each:
            moved += _measure_by_measure(before, after, pair, kind, sorted(moving_days))
        else:
            moved += _in_general(before, after, pair, kind, named, sorted(moving_days))
    moved.sort(key=_order)
    return Impact(tuple(moved), tuple(days), len({pair for pair, _ in asked}))


def _order(one: Moved) -> tuple[int, str, str, str, date, str, str]:
    measure = one.measure.value if one.measure else ""
    place = (one.instrument, one.kind.value, measure, one.on, one.requesting, one.requested)
    return (EFFECTS.index(one.effect), *place)


def turning_days(found: Iterable[Difference], today: date) -> list[date]:
    """Today and the days that the changed rows name, in order; at most MOST_DAYS."""
    named: set[date] = set()
    for one in found:
        for name in ("on", "until", "since", "opened", "adopted"):
            day = getattr(one.row, name, None)
            if isinstance(day, date):
                named.add(day)
        if isinstance(one.row, Instrument) and one.row.entry is not None and one.row.entry.on is not None:
            named.add(one.row.entry.on)
    coming = sorted(day for day in named if day > today)[: MOST_DAYS - 1]
    past = sorted((day for day in named if day < today), reverse=True)[: MOST_DAYS - 1 - len(coming)]
    return sorted([*past, today, *coming])


def told(found: Impact) -> dict[str, Any]:
    """The impact as plain data: `groups` of pairs that the same thing happens to, each pair as `IE>DE`."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for one in found.moved:
        measure = one.measure.value if one.measure else ""
        sort = (one.effect, one.instrument, one.kind.value, measure, one.on.isoformat())
        group = groups.setdefault((*sort, one.before.value, one.after.value), [])
        group.append(f"{one.requesting}>{one.requested}")
    names = ("effect", "instrument", "kind", "measure", "from", "before", "after")
    return {
        "days": [day.isoformat() for day in found.days],
        "pairs_asked": found.pairs,
        **{effect: found.count(effect) for effect in EFFECTS},
        "groups": [
            {**dict(zip(names, sort, strict=True)), "count": len(pairs), "pairs": pairs}
            for sort, pairs in groups.items()
        ],
    }


# --- what can be touched --------------------------------------------------------------------------------


def _touch(before: Registry, after: Registry, one: Difference) -> _Touch:
    row = one.row
    if isinstance(row, TreatyList):
        others = [state for state in jurisdictions(after) if state != one.state]
        return _Touch(None, _both_ways(one.state, others), frozenset({row.kind}), surely=True)
    if isinstance(row, PartyAct):
        kinds = frozenset(after.instruments[one.of].kinds)
        rules = any(effect.does in BY_RULES for effect in row.effects)
        return _Touch(one.of, _pairs_of_act(after, one.of, one.state, row), kinds, rules, rules)
    if isinstance(row, Rule) or one.sort in ("complete", "entry"):
        kinds = frozenset(after.instruments[one.of].kinds)
        return _Touch(one.of, _pairs_of_instrument(before, after, one.of), kinds, isinstance(row, Rule))
    if isinstance(row, Instrument):
        pairs = _pairs_of_instrument(before, after, row.key)
        return _Touch(row.key, pairs, frozenset(row.kinds))
    # Authorities, languages, sources and offences decide no verdict between two States.
    return _Touch(None, frozenset(), frozenset())


def _pairs_of_act(registry: Registry, key: str, state: str, row: PartyAct) -> frozenset[Pair]:
    instrument = registry.instruments[key]
    everyone = [other for other in jurisdictions(registry) if other != state]
    if instrument.form in ONE_SIDED:
        return frozenset((other, state) for other in everyone)
    if row.towards is not None:
        return _both_ways(state, [row.towards])
    if instrument.states and len(instrument.states) == 2:
        # A treaty of two may be recorded on one side only, and speaks for both.
        first, second = ([one, *_territories(registry, one)] for one in instrument.states)
        return frozenset().union(*(_both_ways(one, second) for one in first))
    others = [other for other in instrument.states if other != state] or everyone
    hanging = [state, *_territories(registry, state)]
    return frozenset().union(*(_both_ways(one, [o for o in others if o != one]) for one in hanging))


def _territories(registry: Registry, state: str) -> list[str]:
    """Territories of the State: where nothing was said of them their answer hangs on it."""
    return [code for code, one in registry.jurisdictions.items() if one.parent == state]


def _pairs_of_instrument(before: Registry, after: Registry, key: str) -> frozenset[Pair]:
    instrument = after.instruments[key]
    everyone = jurisdictions(after)
    if instrument.form in ONE_SIDED:
        return frozenset((one, other) for other in instrument.states for one in everyone if one != other)
    if instrument.states:
        joined = set(instrument.states)
        return frozenset((one, other) for one in joined for other in joined if one != other)
    parties = [registry.parties[key] for registry in (before, after) if key in registry.parties]
    joined = {state for each in parties for state in each.states}
    joined |= {territory for state in joined for territory in _territories(after, state)}
    return frozenset().union(
        *(_both_ways(state, [other for other in everyone if other != state]) for state in joined)
    )


def _both_ways(state: str, others: Iterable[str]) -> frozenset[Pair]:
    return frozenset(pair for other in others for pair in ((state, other), (other, state)))


def _may_move(before: Registry, after: Registry, touch: _Touch, pair: Pair, day: date) -> bool:
    """Does the bond of the two under the instrument differ, or does one remain whose rules do?"""
    if touch.instrument is None:
        return touch.surely
    old, new = (_bond(registry, touch.instrument, pair, day) for registry in (before, after))
    return old is not new or (touch.surely and new is not Verdict.NO)


def _bond(registry: Registry, key: str, pair: Pair, day: date) -> Verdict:
    if key not in registry.instruments or not _may_link(registry, key, pair):
        return Verdict.NO
    return linked(registry, key, *pair, day).verdict


def _may_link(registry: Registry, key: str, pair: Pair) -> bool:
    """As `Registry.candidates`, for one instrument."""
    memo: dict[Any, Any] = registry.memo
    found: frozenset[str] | None = memo.get(("candidates", pair))
    if found is None:
        found = memo["candidates", pair] = frozenset(registry.candidates(*pair))
    return key in found


def _measures(found: Iterable[Difference]) -> list[Measure]:
    """The measures that changed rules name: each may move apart from the rest of its kind."""
    named: set[Measure] = set()
    for one in found:
        if isinstance(one.row, Rule):
            named.update(one.row.measures)
        if isinstance(one.row, Provision):
            named.update(one.row.names)
    return sorted(named)


# --- what moves -----------------------------------------------------------------------------------------


def _in_general(
    before: Registry, after: Registry, pair: Pair, kind: Kind, named: Iterable[Measure], days: Sequence[date]
) -> Iterator[Moved]:
    """What moves for all requests of the kind, and for the measures `named` where they move apart."""
    known: set[tuple[object, ...]] = set()
    for one in _moved(before, after, pair, kind, None, days):
        known.add(_what(one))
        yield one
    for measure in named:
        yield from (
            one for one in _moved(before, after, pair, kind, measure, days) if _what(one) not in known
        )


def _measure_by_measure(
    before: Registry, after: Registry, pair: Pair, kind: Kind, days: Sequence[date]
) -> Iterator[Moved]:
    """What moves, asked about each measure; what moves for all of them is said once."""
    found = [one for measure in Measure for one in _moved(before, after, pair, kind, measure, days)]
    times = Counter(_what(one) for one in found)
    said: set[tuple[object, ...]] = set()
    for one in found:
        if times[_what(one)] < len(Measure):
            yield one
        elif _what(one) not in said:
            said.add(_what(one))
            yield replace(one, measure=None)


def _what(one: Moved) -> tuple[object, ...]:
    return one.instrument, one.on, one.before, one.after


def _moved(
    before: Registry, after: Registry, pair: Pair, kind: Kind, measure: Measure | None, days: Sequence[date]
) -> Iterator[Moved]:
    measures = () if measure is None else (measure,)
    series: dict[str, list[tuple[Verdict, Verdict]]] = {}
    for number, day in enumerate(days):
        question = Question(*pair, kind, measures, day)
        old = _verdicts(before, question)
        new = _verdicts(after, question)
        for key in {*old, *new, *series}:
            line = series.setdefault(key, [(Verdict.NO, Verdict.NO)] * number)
            line.append((old.get(key, Verdict.NO), new.get(key, Verdict.NO)))
    for key in sorted(series):
        line = [(Verdict.NO, Verdict.NO), *series[key]]
        for day, (last, (was, now)) in zip(days, pairwise(line), strict=True):
            if was is not now and (was, now) != last:
                yield Moved(*pair, kind, measure, key, day, was, now)


def _verdicts(registry: Registry, question: Question) -> dict[str, Verdict]:
    known = registry.jurisdictions
    if question.requesting not in known or question.requested not in known:
        return {}
    return {one.instrument: one.verdict for one in standings(registry, question)}
