"""How long do requests take, with whom, what stops them, and what comes of them?

One line of figures a case, read from the ledger and from the last state of those that are over. It holds no
name and no content; a case that was erased is in no figure any more. Lines are kept in memory, and only cases
that changed are read again.
"""

from __future__ import annotations

import json
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from desk.apart import Piece
from desk.api.doors import House
from records import passages
from records.boxes import unpack
from records.moments import moment_of
from records.open import Records
from records.passages import Held, Passage
from schemas.errors import RogatoryError
from schemas.lifecycle import OVER, UNSENT
from schemas.vocabulary import Kind

NAME = "figures"
REFRESHED = timedelta(minutes=10)
NO_GROUND = "none-told"
OPEN = "open"
DAY = 86_400.0

ANSWERS: dict[str, frozenset[str]] = {
    Kind.PRESERVATION.value: frozenset({"preserved", "disclosed", "refused"}),
    Kind.EXTRADITION.value: frozenset({"surrendered", "refused"}),
}
"""Statuses with which the other side has answered, by kind; elsewhere _ANSWERS."""

ORDER = (
    "draft", "approved", "sent", "received", "acknowledged", "supplementing", "served", "notified", "cleared",
    "objected", "enforcing", "held", "preserved", "disclosed", "arrest-asked", "arrested", "court",
    "executive", "accepted", "postponed", "surrender-fixed", "surrendered", "partly-executed", "executed",
    "refused", "released", "lapsed", "withdrawn",
)  # fmt: skip
"""Statuses in the order of a case's life."""

_ANSWERS = frozenset({"executed", "partly-executed", "refused"})
_NEVER_SENT = frozenset({*UNSENT, "withdrawn", "closed"})
"""Statuses of a request of ours of which nobody but us ever heard, where it came into no other."""


class Line(NamedTuple):
    """The figures of one case. `stays`: days in each status it has left; `answer`: days from sending (or from
    arrival) to the answer, None while there is none; counts are None where nobody told them. `sent`: it left
    the house that asks."""

    kind: str
    side: str
    state: str
    year: int
    updated: str
    stays: tuple[tuple[str, float], ...]
    answer: float | None
    result: str
    refused: bool
    grounds: tuple[str, ...]
    victims: int | None
    arrests: int | None
    convictions: int | None
    sent: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases count: of a year (in which they were opened), kind and side; None: all."""

    year: int | None = None
    kind: str | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """How long `of` took: `n` cases, and the days that a quarter, half and three quarters of them took no
    longer than."""

    of: str
    n: int
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class With:
    """The requests with one State: how many, answered how fast, how many refused."""

    state: str
    cases: int
    refused: int
    answer: Spread | None


@dataclass(frozen=True, slots=True)
class Told:
    """A sum over the cases that told the figure, and how many these are."""

    total: int
    cases: int

    def and_of(self, figure: int | None) -> Told:
        """With that of one more case; None: it told none."""
        return self if figure is None else Told(self.total + figure, self.cases + 1)


@dataclass(frozen=True, slots=True)
class Summary:
    """All figures of one choice of cases."""

    cases: int
    volumes: tuple[tuple[int, int, int], ...]
    kinds: tuple[tuple[str, int, int], ...]
    stays: tuple[Spread, ...]
    answer: Spread | None
    partners: tuple[With, ...]
    results: tuple[tuple[str, int], ...]
    grounds: tuple[tuple[str, int], ...]
    refused: int
    victims: Told
    arrests: Told
    convictions: Told


class Lines(Mapping[str, Line]):
    """The line of each case, kept as a plain tuple: over a hundred thousand of anything else the collector
    of Python walks for a tenth of a second, in which the house answers nobody."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[Any, ...]] = {}

    def __getitem__(self, ref: str) -> Line:
        return Line._make(self._rows[ref])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def keep(self, ref: str, line: Line) -> None:
        """Take up the line of a case."""
        self._rows[ref] = tuple(line)


@dataclass(slots=True)
class Collected:
    """The lines of all cases as of a moment, and the summaries made of them."""

    at: datetime
    seconds: float
    lines: Mapping[str, Line]
    made: dict[Wanted, Summary] = field(default_factory=dict)

    @property
    def years(self) -> list[int]:
        """Years in which cases were opened, the latest first."""
        return sorted({line.year for line in self.lines.values()}, reverse=True)


@dataclass(slots=True)
class _Partner:
    """What is counted of one State's requests. `answers`: days."""

    cases: int = 0
    refused: int = 0
    answers: list[float] = field(default_factory=list)

    def add(self, line: Line) -> None:
        self.cases += 1
        self.refused += line.refused
        if line.answer is not None:
            self.answers.append(line.answer)


def figures(house: House, wait: float = 0.02) -> Piece:
    """The figures of the house, no older than REFRESHED; `value` is a Collected once they are there."""
    last = house.apart.last(NAME)
    before: Collected | None = last.value if last is not None and last.done else None
    return house.apart.fresh(NAME, lambda: collect(house.records, before), REFRESHED, wait)


def collect(records: Records, before: Collected | None = None) -> Collected:
    """The lines of every case; of those unchanged since `before` the same as there. With the summaries most
    asked for."""
    began = time.monotonic()
    marks = passages.marks(records.database)
    known = before.lines if before is not None else {}
    lines = Lines()
    for ref, line in known.items():
        if marks.get(ref) == line.updated:
            lines.keep(ref, line)
    fresh = [ref for ref in marks if ref not in lines]
    for start in range(0, len(fresh), passages.AT_ONCE):
        for ref, line in _read(records, fresh[start : start + passages.AT_ONCE]):
            lines.keep(ref, line)
    made = Collected(datetime.now(UTC), 0.0, lines)
    for wanted in _usual(made):
        summary_of(made, wanted)
    made.seconds = time.monotonic() - began
    return made


def summary_of(collected: Collected, wanted: Wanted) -> Summary:
    """The figures of the wanted cases; made once."""
    if wanted not in collected.made:
        collected.made[wanted] = summed(line for line in collected.lines.values() if _counts(line, wanted))
    return collected.made[wanted]


def summed(lines: Iterable[Line]) -> Summary:
    """The figures of these cases, of which each is looked at once and none is kept."""
    stays: dict[str, list[float]] = defaultdict(list)
    years, kinds, results, grounds = Counter[Any](), Counter[Any](), Counter[str](), Counter[str]()
    partners: dict[str, _Partner] = defaultdict(_Partner)
    told = _Partner()
    victims, arrests, convictions = Told(0, 0), Told(0, 0), Told(0, 0)
    for line in lines:
        years[line.year, line.side] += 1
        kinds[line.kind, line.side] += 1
        results[line.result] += 1
        grounds.update(line.grounds)
        told.add(line)
        partners[line.state].add(line)
        for status, days in line.stays:
            stays[status].append(days)
        victims, arrests = victims.and_of(line.victims), arrests.and_of(line.arrests)
        convictions = convictions.and_of(line.convictions)
    return Summary(
        cases=told.cases,
        volumes=_by_side(years),
        kinds=_by_side(kinds),
        stays=tuple(spread(status, stays[status]) for status in sorted(stays, key=_place)),
        answer=_answered("", told.answers),
        partners=_partners(partners),
        results=tuple(results.most_common()),
        grounds=tuple(grounds.most_common()),
        refused=told.refused,
        victims=victims,
        arrests=arrests,
        convictions=convictions,
    )


def spread(of: str, days: list[float]) -> Spread:
    """Quartiles of at least one figure. With one they are that one."""
    if len(days) == 1:
        return Spread(of, 1, days[0], days[0], days[0])
    low, middle, high = statistics.quantiles(days, n=4, method="inclusive")
    return Spread(of, len(days), low, middle, high)


def line_of(case: Held, way: list[Passage], state: Mapping[str, Any] | None) -> Line:
    """The figures of one case: `way` are the statuses it came into, `state` its last state where it is
    over (else None)."""
    opened = moment_of(way[0].at) if way else datetime.fromisoformat(json.loads(case.row)["opened"])
    times = [moment_of(one.at).timestamp() for one in way]
    stays: dict[str, float] = defaultdict(float)
    for one, begun, ended in zip(way, times, times[1:], strict=False):
        stays[one.status] += max(0.0, ended - begun) / DAY
    outcome = ((state.get("outcome") or state.get("their_outcome")) if state else None) or {}
    refused = any(one.status == "refused" for one in way)
    return Line(
        kind=case.kind,
        side=case.side,
        state=case.state,
        year=opened.year,
        updated=case.updated,
        stays=tuple(stays.items()),
        answer=_answer(case, way, times),
        result=outcome.get("result") or _result(case, way),
        refused=refused,
        grounds=_grounds(state, refused),
        victims=outcome.get("victims_identified"),
        arrests=outcome.get("arrests"),
        convictions=outcome.get("convictions"),
        sent=case.side == "incoming" or any(one.status not in _NEVER_SENT for one in way),
    )


def _read(records: Records, refs: list[str]) -> Iterator[tuple[str, Line]]:
    cases = {case.ref: case for case in passages.held(records.database, refs)}
    over = [ref for ref, case in cases.items() if case.status in OVER[Kind(case.kind)]]
    states = {ref: _state(records, ref, box) for ref, box in passages.boxes(records.database, over)}
    ways = dict(passages.passages(records.database, list(cases)))
    for ref, case in cases.items():
        yield ref, line_of(case, ways.get(ref, []), states.get(ref))


def _state(records: Records, ref: str, box: bytes) -> Mapping[str, Any] | None:
    """The state as plain data: most of it is not looked at. None if the case was erased meanwhile."""
    try:
        told: Mapping[str, Any] = json.loads(unpack(records.keys.decrypt(ref, box)))
    except RogatoryError:
        return None
    return told


def _answer(case: Held, way: list[Passage], times: list[float]) -> float | None:
    answers = ANSWERS.get(case.kind, _ANSWERS)
    moved = list(zip(way, times, strict=True))
    begun = next((at for one, at in moved if one.status not in UNSENT), None)
    ended = next((at for one, at in moved if one.status in answers), None)
    return None if begun is None or ended is None else max(0.0, ended - begun) / DAY


def _result(case: Held, way: list[Passage]) -> str:
    """How a case ended that told no outcome: by its last status before it was closed."""
    if case.status not in OVER[Kind(case.kind)]:
        return OPEN
    before = [one.status for one in way if one.status != "closed"]
    return before[-1] if case.status == "closed" and before else case.status


def _grounds(state: Mapping[str, Any] | None, refused: bool) -> tuple[str, ...]:
    decisions = state.get("decisions", ()) if state is not None else ()
    refusing = [one for one in decisions if one.get("decision") in ("refused", "partly-accepted")]
    found = {ground for one in refusing for ground in one.get("grounds", ())}
    return tuple(sorted(found)) or ((NO_GROUND,) if refused else ())


def _usual(collected: Collected) -> list[Wanted]:
    kinds = [None, *sorted({line.kind for line in collected.lines.values()})]
    return [Wanted(year, kind) for year in (None, *collected.years[:2]) for kind in kinds]


def _place(status: str) -> tuple[int, str]:
    return (ORDER.index(status) if status in ORDER else len(ORDER), status)


def _counts(line: Line, wanted: Wanted) -> bool:
    return (
        (wanted.year is None or line.year == wanted.year)
        and (wanted.kind is None or line.kind == wanted.kind)
        and (wanted.side is None or line.side == wanted.side)
    )


def _by_side(count: Counter[Any]) -> tuple[tuple[Any, int, int], ...]:
    """For each year or kind: outgoing, incoming."""
    keys = sorted({key for key, _ in count})
    return tuple((key, count[key, "outgoing"], count[key, "incoming"]) for key in keys)


def _answered(of: str, days: list[float]) -> Spread | None:
    return spread(of, days) if days else None


def _partners(partners: Mapping[str, _Partner]) -> tuple[With, ...]:
    found = [
        With(state, one.cases, one.refused, _answered(state, one.answers)) for state, one in partners.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.cases, one.state)))
