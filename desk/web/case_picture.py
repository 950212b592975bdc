"""What does the life of a case look like as a picture: two lanes, who held it when, pauses, time limits?

Geometry only; the template draws it. Moments that crowd are moved apart, so that every mark can be told from
the next; between them time runs evenly.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

Json = Mapping[str, Any]

WIDTH, LEFT, RIGHT = 980, 215, 40
OURS, THEIRS, AXIS = 46, 126, 176
ROW, APART = 24, 22
MOST_MARKS, MOST_LIMITS, MOST_TICKS = 34, 9, 5
WAITING = frozenset({"supplementing", "postponed"})
_BATON = frozenset({"accept", "confirm", "offer", "return", "withdraw-offer"})
_AHEAD = timedelta(days=3)
_AT_LEAST = timedelta(days=200)
"""What lies ahead is shown so far in any case: half a year is the usual time to carry a request out."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One move: its number in the table beside, when, and on whose lane."""

    x: float
    y: float
    number: int
    entry: Json


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasted: on a lane, or on a row of its own. `beyond`: it ends after the picture does."""

    x: float
    width: float
    y: float
    tone: str = ""
    about: Any = None
    beyond: bool = False


@dataclass(slots=True)
class Picture:
    """All that is drawn. `height` grows with the time limits."""

    height: int
    now: float
    marks: list[Mark] = field(default_factory=list)
    held: list[Span] = field(default_factory=list)
    passes: list[float] = field(default_factory=list)
    pauses: list[Span] = field(default_factory=list)
    limits: list[Span] = field(default_factory=list)
    ticks: list[tuple[float, datetime]] = field(default_factory=list)
    left_out: int = 0
    width: int = WIDTH
    left: int = LEFT
    ours: int = OURS
    theirs: int = THEIRS
    axis: int = AXIS
    right: int = WIDTH - RIGHT


class Scale:
    """Where on the picture is a moment? At least APART between the marks, as long as they fit."""

    def __init__(self, marks: Sequence[datetime], first: datetime, last: datetime) -> None:
        whole = max((last - first).total_seconds(), 1.0)
        room = WIDTH - RIGHT - LEFT
        self._moments = sorted({first, *marks, last})
        apart = min(APART, room / max(len(self._moments), 1))
        places: list[float] = []
        for moment in self._moments:
            even = LEFT + room * (moment - first).total_seconds() / whole
            places.append(max(even, places[-1] + apart) if places else even)
        for number in range(len(places) - 1, -1, -1):
            # what was moved beyond the edge is moved back, from the end
            edge = WIDTH - RIGHT - apart * (len(places) - 1 - number)
            places[number] = min(places[number], edge)
        self._places = places

    def at(self, moment: datetime) -> float:
        """The place of a moment, within the picture."""
        number = bisect_right(self._moments, moment)
        if number == 0:
            return self._places[0]
        if number == len(self._moments):
            return self._places[-1]
        before, after = self._moments[number - 1], self._moments[number]
        share = (moment - before) / (after - before)
        return self._places[number - 1] + share * (self._places[number] - self._places[number - 1])

    def ticks(self) -> list[tuple[float, datetime]]:
        """Moments at even places, first and last among them."""
        room = (self._places[-1] - self._places[0]) / MOST_TICKS
        return [
            (place, self._moment(place))
            for place in (self._places[0] + room * number for number in range(MOST_TICKS + 1))
        ]

    def _moment(self, place: float) -> datetime:
        number = min(max(bisect_right(self._places, place), 1), len(self._places) - 1)
        before, after = self._places[number - 1], self._places[number]
        share = (place - before) / (after - before) if after > before else 0.0
        return self._moments[number - 1] + share * (self._moments[number] - self._moments[number - 1])


def picture_of(
    house: str, entries: Sequence[Json], holders: Sequence[Json], deadlines: Sequence[Json], now: datetime
) -> Picture | None:
    """The picture of a case: its moves, who held it when, its time limits. None before its first move."""
    moves = [entry for entry in entries if entry["move"] is not None]
    if not moves:
        return None
    shown = chosen(moves)
    limits = _limits(deadlines)
    first = _moment(moves[0]["at"])
    last = max([now + _AHEAD, *(_moment(one["due"]) for one in limits), _moment(moves[-1]["at"])])
    # a limit of many years would press everything else into a corner
    last = min(last, max(now, _moment(moves[-1]["at"])) + max(_AT_LEAST, now - first))
    scale = Scale([_moment(entry["at"]) for entry in shown], first, last)
    made = Picture(AXIS + 34 + ROW * len(limits), scale.at(now), left_out=len(moves) - len(shown))
    made.marks = [
        Mark(scale.at(_moment(entry["at"])), _lane(entry["house"] == house), entry["move"], entry)
        for entry in shown
    ]
    for each in holders:
        since, until = _moment(each["since"]), _moment(each["until"]) if each["until"] else now
        made.held.append(_span(scale, since, until, _lane(each["ours"]), "", each))
    made.passes = [
        span.x for before, span in zip(made.held, made.held[1:], strict=False) if before.y != span.y
    ]
    made.pauses = [_span(scale, since, until, 0) for since, until in _pauses(moves, now)]
    for number, one in enumerate(limits):
        until = _moment(one["closed"] or one["due"])
        y = AXIS + 34 + ROW * number
        span = _span(scale, _moment(one["started"]), until, y, one["status"], one)
        made.limits.append(replace(span, beyond=until > last))
    made.ticks = scale.ticks()
    return made


def chosen(moves: Sequence[Json]) -> list[Json]:
    """The moves that are drawn: all of them while they are few, else those that changed the status or passed
    the case on, the newest where even these are too many."""
    if len(moves) <= MOST_MARKS:
        return list(moves)
    found, status = [], None
    for entry in moves:
        if entry.get("status") != status or entry["event"] in _BATON:
            found.append(entry)
        status = entry.get("status")
    return [found[0], *found[1:][-(MOST_MARKS - 1) :]]


def _limits(deadlines: Iterable[Json]) -> list[Json]:
    """The time limits that are drawn: those that run and those missed first."""
    order = {"running": 0, "missed": 1, "paused": 2, "met": 3, "dropped": 4}
    found = sorted(deadlines, key=lambda one: (order.get(one["status"], 5), one["due"]))[:MOST_LIMITS]
    return sorted(found, key=lambda one: one["started"])


def _pauses(moves: Sequence[Json], now: datetime) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    since: datetime | None = None
    for entry in moves:
        waits, at = entry.get("status") in WAITING, _moment(entry["at"])
        if waits and since is None:
            since = at
        elif not waits and since is not None:
            found.append((since, at))
            since = None
    return found if since is None else [*found, (since, now)]


def _span(
    scale: Scale, since: datetime, until: datetime, y: float, tone: str = "", about: Any = None
) -> Span:
    start, end = scale.at(since), scale.at(max(since, until))
    return Span(round(start, 1), round(max(end - start, 2.0), 1), y, tone, about)


def _lane(ours: bool) -> int:
    return OURS if ours else THEIRS


def _moment(told: str | datetime) -> datetime:
    return datetime.fromisoformat(told) if isinstance(told, str) else told
