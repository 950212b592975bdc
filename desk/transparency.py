"""What may a house publish about its requests without anybody learning of a single case?

The rule: a number from 1 to 4 is not published. So that it cannot be computed from a total, the two
smallest other numbers of the same table are left out with it. Where that does not help (there are no two,
or what is left out can still be only one thing), the whole table is left out; so is one whose total is from
1 to 4. How much is left out hangs on nothing that is left out, so it tells nothing either. A time is
published only where at least five cases went into it, never with their number; one with a single State only
where the number of its requests is published. Grounds are published only where the number of refusals is. A
report is of one year; there is none over several, as a difference of two would tell what each hides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desk.figures import Collected, Line, Spread, Told, Wanted, summary_of, summed

LEAST = 5
"""The smallest number that is published, save 0."""

BESIDE = 2
"""Other numbers of a table that are left out with a small one."""

REFUSED = "refused"
SIDES = ("outgoing", "incoming")


@dataclass(frozen=True, slots=True)
class Published:
    """One table of numbers that make up a total; None: not published."""

    total: int | None
    cells: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Block:
    """What is published of one side: its requests by kind, State, result and ground of refusal; the median
    days to an answer in all, by kind of stage, and by State."""

    side: str
    kinds: Published
    partners: Published
    results: Published
    grounds: Published
    answer: float | None
    stages: Mapping[str, float]
    answers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Report:
    """What is published of one year. Outcomes: the sum, or None where it is not published."""

    year: int
    over: bool
    blocks: tuple[Block, ...]
    outcomes: Mapping[str, int | None]


def published(cells: Mapping[str, int]) -> Published:
    """The cells of a table whose total is known, with what must not be told left out. They stand in the order
    of their keys: one by size would tell which of the hidden ones is larger."""
    cells = dict(sorted(cells.items()))
    total = sum(cells.values())
    small = {key for key, value in cells.items() if 0 < value < LEAST}
    if 0 < total < LEAST:
        return Published(None, dict.fromkeys(cells))
    if not small:
        return Published(total, dict(cells))
    others = sorted((key for key in cells if cells[key] >= LEAST), key=lambda key: (cells[key], key))
    beside, shown = others[:BESIDE], others[BESIDE:]
    if len(beside) < BESIDE or not _open(cells, small, beside, shown):
        return Published(total, dict.fromkeys(cells))
    hidden = {*small, *beside}
    return Published(total, {key: None if key in hidden else value for key, value in cells.items()})


def _open(cells: Mapping[str, int], small: set[str], beside: list[str], shown: list[str]) -> bool:
    """Do at least two answers stay possible for every small cell, even for one who knows which are small?"""
    rest = sum(cells[key] for key in (*small, *beside))
    # What is left out beside them was chosen as the smallest: whoever sees the next knows a bound.
    most = sum(min((cells[key] - (key < one) for key in shown), default=rest) for one in beside)
    low = max(1, rest - (LEAST - 1) * (len(small) - 1) - most)
    high = min(LEAST - 1, rest - (len(small) - 1) - LEAST * len(beside))
    return high > low


def report_of(collected: Collected, year: int, this_year: int) -> Report:
    """What may be published of the requests opened in `year`. What never left the house is none."""
    every = [line for line in collected.lines.values() if line.year == year and line.sent]
    blocks = tuple(_block(side, [line for line in every if line.side == side]) for side in SIDES)
    found = summary_of(collected, Wanted(year))
    outcomes = {"victims": found.victims, "arrests": found.arrests, "convictions": found.convictions}
    return Report(year, year < this_year, blocks, {name: _sum(told) for name, told in outcomes.items()})


def _block(side: str, lines: list[Line]) -> Block:
    found = summed(lines)
    partners = published({one.state: one.cases for one in found.partners})
    results, grounds = published(_count(line.result for line in lines)), published(dict(found.grounds))
    if found.refused and results.cells.get(REFUSED) is None:
        # Grounds are told by what was refused: they would tell a number that the results hide.
        grounds = Published(None, dict.fromkeys(grounds.cells))
    return Block(
        side=side,
        kinds=published(_count(line.kind for line in lines)),
        partners=partners,
        results=results,
        grounds=grounds,
        answer=_time(found.answer),
        stages={one.of: one.middle for one in found.stays if one.n >= LEAST},
        answers={
            one.state: one.answer.middle
            for one in sorted(found.partners, key=lambda one: one.state)
            if one.answer is not None and one.answer.n >= LEAST and partners.cells[one.state] is not None
        },
    )


def _count(words: Iterable[str]) -> dict[str, int]:
    return dict(Counter(words).most_common())


def _time(found: Spread | None) -> float | None:
    return found.middle if found is not None and found.n >= LEAST else None


def _sum(told: Told) -> int | None:
    return told.total if told.cases >= LEAST and (told.total == 0 or told.total >= LEAST) else None
