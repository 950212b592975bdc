"""Where do the outlines on the map of the world come from? `python -m tools.outlines FOLDER`

FOLDER is the unpacked npm package `world-atlas` 2.0.2 (`npm pack world-atlas`; ISC licence), which holds the
boundaries of Natural Earth (public domain). Its outlines at 1:110m are projected (Equal Earth), rounded to
whole units of a picture WIDTH wide and written once to desk/web/data/outlines.json; what is too small to be
seen or missing there becomes a dot, placed by the outlines at 1:10m. Numeric codes become ours by the aliases
of the CLDR; where the outline of one place has no code its name says which.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.core import get_global

OUT = Path(__file__).parent.parent / "desk" / "web" / "data" / "outlines.json"
WIDTH = 1000
LEFT_OUT = frozenset({"AQ", "TF"})
"""Nobody there can be asked for anything."""
NAMED = {"Kosovo": "XK"}
"""Outlines that the source gives no code."""
SMALLEST = 14.0
"""Square units below which an outline is not seen and gets a dot besides."""
NEAREST = 0.7
"""Points closer than this to the line between their neighbours say nothing."""

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
"""Coefficients of the Equal Earth projection (Savric, Patterson and Jenny, 2018)."""

Point = tuple[float, float]


def equal_earth(longitude: float, latitude: float) -> Point:
    """Degrees to a plane in which equal areas are equal; y grows to the north."""
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    sixth = theta**6
    bottom = 3 * (9 * A4 * theta**2 * sixth + 7 * A3 * sixth + 3 * A2 * theta**2 + A1)
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(theta) / bottom
    return x, theta * (A1 + A2 * theta**2 + sixth * (A3 + A4 * theta**2))


EDGE = equal_earth(180, 0)[0]
NORTH, SOUTH = equal_earth(0, 84)[1], equal_earth(0, -57)[1]
SCALE = WIDTH / (2 * EDGE)
HEIGHT = round((NORTH - SOUTH) * SCALE)


def placed(point: Point) -> Point:
    """Degrees to units of the picture; y grows downwards."""
    x, y = equal_earth(*point)
    return (x + EDGE) * SCALE, (NORTH - y) * SCALE


class Atlas:
    """One file of the package: TopoJSON with arcs as differences of whole numbers."""

    def __init__(self, path: Path) -> None:
        told = json.loads(path.read_text(encoding="utf-8"))
        (width, height), (left, bottom) = told["transform"]["scale"], told["transform"]["translate"]
        self.arcs: list[list[Point]] = []
        for arc in told["arcs"]:
            x = y = 0
            line = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                line.append((x * width + left, y * height + bottom))
            self.arcs.append(line)
        self.places: list[dict[str, Any]] = told["objects"]["countries"]["geometries"]

    def rings(self, place: dict[str, Any]) -> Iterator[list[Point]]:
        """Every ring of a place, in degrees."""
        polygons = place["arcs"] if place["type"] == "MultiPolygon" else [place["arcs"]]
        for polygon in polygons:
            for ring in polygon:
                yield self._joined(ring)

    def _joined(self, numbers: Iterable[int]) -> list[Point]:
        line: list[Point] = []
        for number in numbers:
            arc = self.arcs[number] if number >= 0 else self.arcs[~number][::-1]
            line.extend(arc[1:] if line else arc)
        return line


def code_of(place: dict[str, Any]) -> str:
    """Our code of a place; empty where it has none."""
    numeric = get_global("territory_aliases")
    found = numeric.get(place.get("id", ""), [NAMED.get(place["properties"]["name"], "")])
    return str(found[0])


def cut(ring: list[Point]) -> list[list[Point]]:
    """A ring that crosses the 180th meridian in its two parts, one on each edge of the map."""
    line = [ring[0]]
    for longitude, latitude in ring[1:]:
        turns = round((line[-1][0] - longitude) / 360)
        line.append((longitude + 360 * turns, latitude))
    parts = []
    for turn in (-360, 0, 360):
        moved = [(x + turn, y) for x, y in line]
        part = _clipped(_clipped(moved, -180, 1), 180, -1)
        if len(part) > 2:
            parts.append(part)
    return parts


def _clipped(ring: list[Point], edge: float, side: int) -> list[Point]:
    """What of a ring lies on one side of a meridian."""
    found: list[Point] = []
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        inside, then = (x1 - edge) * side >= 0, (x2 - edge) * side >= 0
        if inside:
            found.append((x1, y1))
        if inside is not then:
            found.append((edge, y1 + (y2 - y1) * (edge - x1) / (x2 - x1)))
    return found


def thinned(line: list[Point]) -> list[Point]:
    """The line without points that nobody would miss (Douglas and Peucker)."""
    if len(line) < 3:
        return line
    (x1, y1), (x2, y2) = line[0], line[-1]
    length = math.hypot(x2 - x1, y2 - y1)
    far, place = 0.0, 0
    for number, (x, y) in enumerate(line[1:-1], start=1):
        if length:
            away = abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length
        else:
            away = math.hypot(x - x1, y - y1)
        if away > far:
            far, place = away, number
    if far < NEAREST:
        return [line[0], line[-1]]
    return [*thinned(line[: place + 1])[:-1], *thinned(line[place:])]


def area(ring: list[Point]) -> float:
    """Area of a ring in the picture."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def middle(ring: list[Point]) -> tuple[int, int]:
    """About the middle of a ring."""
    return round(sum(x for x, _ in ring) / len(ring)), round(sum(y for _, y in ring) / len(ring))


def drawn(rings: list[list[Point]]) -> str:
    """The rings as a path of an SVG picture, in steps of whole units."""
    told = []
    for ring in rings:
        points = [(round(x), round(y)) for x, y in thinned([*ring, ring[0]])]
        points = [one for one, before in zip(points, [None, *points], strict=False) if one != before]
        if len(points) < 4:
            continue
        steps = [
            f"{x - before_x},{y - before_y}"
            for (x, y), (before_x, before_y) in zip(points[1:-1], points, strict=False)
        ]
        told.append(
            f"M{points[0][0]},{points[0][1]}l{' '.join(steps)}z".replace(",-", "-").replace(" -", "-")
        )
    return "".join(told)


def outlines(folder: Path) -> dict[str, Any]:
    """What is written: paths and dots by code, and the outlines of places without one."""
    coarse, fine = Atlas(folder / "countries-110m.json"), Atlas(folder / "countries-10m.json")
    paths: dict[str, str] = {}
    seen: set[str] = set()
    nameless = ""
    for place in coarse.places:
        code = code_of(place)
        if code in LEFT_OUT:
            continue
        rings = [[placed(point) for point in part] for ring in coarse.rings(place) for part in cut(ring)]
        if not code:
            nameless += drawn(rings)
            continue
        paths[code] = drawn(rings)
        if max(map(area, rings)) >= SMALLEST:
            seen.add(code)
    dots = {}
    for place in fine.places:
        code = code_of(place)
        if code and code not in seen | LEFT_OUT:
            parts = [[placed(point) for point in part] for ring in fine.rings(place) for part in cut(ring)]
            dots[code] = middle(max(parts, key=area))
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "paths": {code: path for code, path in sorted(paths.items()) if path},
        "dots": dict(sorted(dots.items())),
        "nameless": nameless,
    }


def main(arguments: list[str] | None = None) -> int:
    """Writes the file. The folder of the package is the only argument."""
    told = sys.argv[1:] if arguments is None else arguments
    if len(told) != 1:
        sys.stderr.write("usage: python -m tools.outlines FOLDER\n")
        return 2
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(outlines(Path(told[0])), separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
