"""Which pairs of States have which basis for a measure on a day, and which have none at all?

One question for each ordered pair of the States and territories of the registry, about sixty thousand. The
work is shared among processes by requesting State; the table comes out in one order however many there are.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from multiprocessing import get_context
from typing import TextIO

from schemas.errors import BadInput
from schemas.reasoning import OffenceAsked, Question, Reason
from schemas.vocabulary import Confidence, Kind, Measure, Verdict
from treaties.basis import Standing, standings
from treaties.logic import walk
from treaties.registry import ONE_SIDED, Registry

NOT_A_STATE = frozenset({"EU"})
"""Codes of the registry that are parties to treaties and send no requests."""

GAPS = ("no-basis", "basis-unknown", "no-treaty", "treaty-unknown")
"""What can be wanting between two States, worst first: nothing known links them; perhaps something does; only
the law or practice of the requested State; of treaties only ones that are not certain."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One ordered pair. `verdict` and `basis` of the best candidate, `treaty_verdict` and `treaty` of the
    best that is not merely the requested State's own law; empty where there is none.

    `yes` and `unknown` count candidates; `gap` is one of GAPS, or empty; `memory`: the best rests on a fact
    that was recalled and not read.
    """

    requesting: str
    requested: str
    verdict: str
    basis: str
    form: str
    channel: str
    treaty_verdict: str
    treaty: str
    yes: int
    unknown: int
    gap: str
    memory: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What every pair is asked."""

    kind: Kind
    measures: tuple[Measure, ...]
    on: date
    known_on: date | None = None
    offences: tuple[str, ...] = ()


def jurisdictions(registry: Registry) -> list[str]:
    """The States and territories that are swept, by code."""
    return sorted(registry.jurisdictions.keys() - NOT_A_STATE)


def sweep(
    registry: Registry,
    asked: Asked,
    *,
    requesting: Sequence[str] | None = None,
    requested: Sequence[str] | None = None,
    processes: int = 1,
) -> Iterator[Pair]:
    """The table, by requesting and then requested State; all of them unless named.

    `processes` 0: one for each core. More than one makes each of them hold a registry of its own.
    Raises BadInput for fewer than none.
    """
    if processes < 0:
        raise BadInput(
            "A sweep needs a process.", where="processes", next_step="give 1 or more, or 0 for all"
        )
    known = jurisdictions(registry)
    froms, tos = list(requesting or known), tuple(requested or known)
    many = min(processes or os.cpu_count() or 1, len(froms))
    if many <= 1:
        for state in froms:
            yield from row(registry, asked, state, tos)
        return
    bare = replace(registry, memo={})
    # Started anew and not forked: whoever sweeps may hold threads, which do not survive a fork.
    with ProcessPoolExecutor(
        many, mp_context=get_context("spawn"), initializer=_take, initargs=(bare, asked, tos)
    ) as pool:
        for pairs in pool.map(_row, froms):
            yield from pairs


def row(registry: Registry, asked: Asked, requesting: str, requested: Iterable[str]) -> list[Pair]:
    """One requesting State against each of `requested` other than itself."""
    return [pair(registry, asked, requesting, other) for other in requested if other != requesting]


def pair(registry: Registry, asked: Asked, requesting: str, requested: str) -> Pair:
    """The best basis between two States, and what is wanting."""
    offences = tuple(OffenceAsked(slug) for slug in asked.offences)
    question = Question(requesting, requested, asked.kind, asked.measures, asked.on, asked.known_on, offences)
    # A letter can be written to anybody, and closes no gap.
    found = [one for one in standings(registry, question) if not registry.of_nobody(one.instrument)]
    best = found[0] if found else None
    treaty = next((one for one in found if registry.instruments[one.instrument].form not in ONE_SIDED), None)
    return Pair(
        requesting=requesting,
        requested=requested,
        verdict=best.verdict.value if best else Verdict.NO.value,
        basis=best.instrument if best else "",
        form=registry.instruments[best.instrument].form.value if best else "",
        channel=best.channel.value if best and best.channel else "",
        treaty_verdict=treaty.verdict.value if treaty else Verdict.NO.value,
        treaty=treaty.instrument if treaty else "",
        yes=sum(one.verdict is Verdict.YES for one in found),
        unknown=sum(one.verdict is Verdict.UNKNOWN for one in found),
        gap=_gap(best, treaty),
        memory=best is not None and _recalled(best.reason),
    )


def as_csv(pairs: Iterable[Pair], out: TextIO) -> int:
    """Writes the table with its heading; the number of pairs."""
    writer = csv.writer(out, lineterminator="\n")
    names = [field.name for field in fields(Pair)]
    writer.writerow(names)
    number = 0
    for one in pairs:
        writer.writerow([_cell(getattr(one, name)) for name in names])
        number += 1
    return number


def as_json(pairs: Iterable[Pair], out: TextIO, registry: Registry, asked: Asked) -> int:
    """Writes one object with what was asked and the list `pairs`; the number of pairs."""
    head = {
        "edition": registry.edition,
        "kind": asked.kind.value,
        "measures": [measure.value for measure in asked.measures],
        "offences": list(asked.offences),
        "on": asked.on.isoformat(),
        "known_on": asked.known_on.isoformat() if asked.known_on else None,
    }
    out.write(json.dumps(head, indent=2)[:-2] + ',\n  "pairs": [')
    number = 0
    for one in pairs:
        out.write(("," if number else "") + "\n    " + json.dumps(asdict(one)))
        number += 1
    out.write("\n  ]\n}\n")
    return number


def _gap(best: Standing | None, treaty: Standing | None) -> str:
    if best is None:
        return "no-basis"
    if best.verdict is Verdict.UNKNOWN:
        return "basis-unknown"
    if treaty is None:
        return "no-treaty"
    return "" if treaty.verdict is Verdict.YES else "treaty-unknown"


def _recalled(reason: Reason) -> bool:
    memory = Confidence.MEMORY.value
    return any(cited.confidence == memory for one in walk(reason) for cited in one.citations)


def _cell(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


# --- in a process of its own ----------------------------------------------------------------------------

_HELD: list[tuple[Registry, Asked, tuple[str, ...]]] = []


def _take(registry: Registry, asked: Asked, requested: tuple[str, ...]) -> None:
    _HELD[:] = [(registry, asked, requested)]


def _row(requesting: str) -> list[Pair]:
    registry, asked, requested = _HELD[0]
    return row(registry, asked, requesting, requested)
