"""Which open cases rely on a piece of the law, and which of them may this reader know by their references?

Everybody who weighs a change is told how many there are. References, and what a change does to the single
case, are for those who see in it what happened (`desk.who.sight`): the treaty desk needs no list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from desk import watch
from desk.api.doors import House
from treaties import stale
from treaties.stale import Due

Known = Collection[str] | None
"""References of open cases that a reader may know (`desk.reading.open_to`); None: of all."""


def impact_of(house: House, number: int) -> dict[str, Any]:
    """What a proposal does to pairs of States and to every open case. Not for a reader: see `impact_for`."""
    effect = house.workshop.effect(number)
    found = watch.touched(house.records, effect.before, effect.after, effect.differences, house.today())
    return {**house.workshop.impact(number), "cases": [watch.told(one) for one in found]}


def impact_for(impact: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The same for a reader: `cases` only those they may know, `cases_total` how many there are."""
    cases = impact["cases"]
    shown = [one for one in cases if known is None or one["ref"] in known]
    return {**impact, "cases": shown, "cases_total": len(cases)}


def due_for(one: Due, known: Known) -> dict[str, Any]:
    """A fact to look up, for a reader: `cases` only those they may know, `cases_total` how many there are."""
    return {**stale.told(one), "cases": among(one.cases, known), "cases_total": len(one.cases)}


def among(refs: Iterable[str], known: Known) -> list[str]:
    """Those of the references that may be told."""
    return [ref for ref in refs if known is None or ref in known]
