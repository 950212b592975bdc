"""Who in the world is bound by an instrument, and with whom has a State a basis for a measure, on one day?

A row of the world for a measure takes a good part of a second and is kept, a few dozen of them; whoever asks
first is told so.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from desk.web import law_names
from desk.web.cited import MARKS
from schemas.vocabulary import Kind, Measure
from treaties import sweep
from treaties.registry import Registry
from treaties.standing import bound
from treaties.sweep import Asked

DATA = Path(__file__).parent / "data" / "outlines.json"
KEPT = 48
VERDICTS = ("yes", "law", "unknown", "no")
"""`law`: no treaty is certain, but the law of the State that is asked alone will do."""
SIGNS = {**MARKS, "law": "◐"}

Verdicts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Outlines:
    """The picture of the world: paths and dots by code; `nameless`: land of places without a code."""

    width: int
    height: int
    paths: dict[str, str]
    dots: dict[str, tuple[int, int]]
    nameless: str


@dataclass(frozen=True, slots=True)
class Place:
    """One State or territory on the map: `verdict` is one of VERDICTS, or `self`."""

    code: str
    name: str
    verdict: str
    path: str = ""
    dot: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """All with one verdict, by name: the text twin of the map."""

    verdict: str
    places: tuple[tuple[str, str], ...]

    @property
    def mark(self) -> str:
        """The sign of the verdict."""
        return SIGNS[self.verdict]


@dataclass(frozen=True, slots=True)
class Row:
    """A measure asked of (or by) all States: `cold` if it was worked out just now."""

    verdicts: Verdicts
    cold: bool


class Rows:
    """Rows of the world that were worked out, the latest at hand. Safe to use from many threads."""

    def __init__(self) -> None:
        self._rows: OrderedDict[tuple[object, ...], Verdicts] = OrderedDict()
        self._lock = Lock()

    def of(self, registry: Registry, state: str, asked: Asked, *, incoming: bool) -> Row:
        """With whom `state` has a basis when it asks (`incoming`: when it is asked)."""
        sign = (registry.edition, state, asked, incoming)
        with self._lock:
            found = self._rows.get(sign)
            if found is not None:
                self._rows.move_to_end(sign)
                return Row(found, False)
        made = _worked_out(registry, state, asked, incoming)
        with self._lock:
            self._rows[sign] = made
            while len(self._rows) > KEPT:
                self._rows.popitem(last=False)
        return Row(made, True)


ROWS = Rows()


def bound_by(registry: Registry, key: str, day: date) -> Verdicts:
    """Who is bound by an instrument on a day, by code."""
    return {code: bound(registry, key, code, day).verdict.value for code in sweep.jurisdictions(registry)}


def reached(
    registry: Registry, state: str, kind: Kind, measure: Measure, day: date, *, incoming: bool
) -> Row:
    """With whom `state` has a basis for a measure on a day, by code of the other."""
    return ROWS.of(registry, state, Asked(kind, (measure,), day), incoming=incoming)


def places(registry: Registry, verdicts: Verdicts, language: str, own: str = "") -> list[Place]:
    """What is drawn, in order of names; places without a verdict and the State itself (`own`) besides."""
    drawn = outlines()
    found = []
    for code, name in law_names.states(registry, language):
        verdict = "self" if code == own else verdicts.get(code, "")
        path, dot = drawn.paths.get(code, ""), drawn.dots.get(code)
        if path or dot:
            found.append(Place(code, name, verdict, path, dot))
    return found


def groups(registry: Registry, verdicts: Verdicts, language: str) -> list[Group]:
    """The same as text: who stands where."""
    named = law_names.states(registry, language)
    found = [
        Group(verdict, tuple((code, name) for code, name in named if verdicts.get(code) == verdict))
        for verdict in VERDICTS
    ]
    return [one for one in found if one.places or one.verdict != "law"]


@lru_cache(maxsize=1)
def outlines() -> Outlines:
    """The outlines that ship with the pages (tools/outlines.py says where they come from)."""
    told: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    dots = {code: (int(x), int(y)) for code, (x, y) in told["dots"].items()}
    return Outlines(told["width"], told["height"], told["paths"], dots, told["nameless"])


def _worked_out(registry: Registry, state: str, asked: Asked, incoming: bool) -> Verdicts:
    others = [code for code in sweep.jurisdictions(registry) if code != state]
    if incoming:
        return {other: _verdict(sweep.pair(registry, asked, other, state)) for other in others}
    return {one.requested: _verdict(one) for one in sweep.row(registry, asked, state, others)}


def _verdict(one: sweep.Pair) -> str:
    return "law" if one.verdict == "yes" and one.treaty_verdict != "yes" else one.verdict
