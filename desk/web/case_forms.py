"""How is a body of the schemas asked for on a page, and shown again as typed?

A field is named by its place in the body (`outcome.arrests`, `items.0.kind`); `~time` behind it is the hour
of a moment, `~file` a document that goes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from desk.web.case_shapes import Shape
from desk.web.forms import Typed

Option = tuple[str, str]
Options = Callable[[str], Sequence[Option] | None]
Words = Callable[[str], tuple[str, str]]

MOST_ROWS = 60
_CHOOSERS = frozenset({"one", "several", "paper", "papers", "lines", "line"})


@dataclass(slots=True)
class Box:
    """One field on a page. `kind` as in Shape, or hidden; `inner`: of a group; `rows`: of several groups."""

    name: str
    kind: str
    shape: Shape
    label: str = ""
    hint: str = ""
    required: bool = False
    options: Sequence[Option] = ()
    inner: list[Box] = field(default_factory=list)
    rows: list[list[Box]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the fields: `options` of a place (None: free text), `words` for it (label and hint),
    what a word of a closed list is `called`, `hidden` values that the page knows itself, and places that are
    left out."""

    zone: ZoneInfo
    options: Options
    words: Words
    called: Callable[[str], str]
    hidden: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()


# --- what stands on the page ----------------------------------------------------------------------------


def boxes(shapes: Iterable[Shape], typed: Typed, frame: Frame, before: str = "") -> list[Box]:
    """The fields of a form, with as many rows as were typed or asked for."""
    made = []
    for shape in shapes:
        name = f"{before}{shape.name}"
        place = place_of(name)
        if place in frame.without:
            continue
        if place in frame.hidden:
            made.append(Box(name, "hidden", shape, required=shape.required))
            continue
        label, hint = frame.words(place)
        made.append(_box(name, shape, typed, frame, Box(name, shape.kind, shape, label, hint)))
    return made


def _box(name: str, shape: Shape, typed: Typed, frame: Frame, box: Box) -> Box:
    box.required = shape.required
    found = frame.options(place_of(name))
    if shape.kind == "group":
        box.inner = boxes(shape.inner, typed, frame, f"{name}.")
    elif shape.kind == "groups":
        numbers = _rows(name, typed) or ([0] if shape.required else [])
        box.rows = [boxes(shape.inner, typed, frame, f"{name}.{number}.") for number in numbers]
    elif shape.words and found is None:
        box.options = [(word, frame.called(word)) for word in shape.words]
    elif found is not None and shape.kind in _CHOOSERS:
        box.options = found
        box.kind = {"line": "one", "lines": "several"}.get(shape.kind, shape.kind)
    return box


def _rows(name: str, typed: Typed) -> list[int]:
    found = set()
    for each in typed.values:
        if each.startswith(f"{name}."):
            number = each[len(name) + 1 :].partition(".")[0]
            if number.isdecimal() and len(number) < 4:
                found.add(int(number))
    return sorted(found)[:MOST_ROWS]


def place_of(name: str) -> str:
    """A field's place without the numbers of rows."""
    return ".".join(part for part in name.split(".") if not part.isdecimal())


def names_of(fields: Iterable[Box]) -> list[str]:
    """Every field that can be named in an error."""
    found = []
    for box in fields:
        found += [box.name, *names_of(box.inner)]
        for row in box.rows:
            found += names_of(row)
    return found


def one_more(name: str, shapes: Iterable[Shape], typed: Typed) -> None:
    """Room for another row of `name`."""
    number = max(_rows(name, typed), default=-1) + 1
    shape = _shape_at(shapes, place_of(name))
    if shape is None or shape.kind != "groups" or number >= MOST_ROWS:
        return
    # a row that is required is there before anything was typed
    number = max(number, 1) if shape.required else number
    typed.values[f"{name}.{number}"] = ["row"]
    typed.values |= started(shape.inner, f"{name}.{number}.")


def _shape_at(shapes: Iterable[Shape], place: str) -> Shape | None:
    first, _, rest = place.partition(".")
    found = next((shape for shape in shapes if shape.name == first), None)
    return found if found is None or not rest else _shape_at(found.inner, rest)


def started(shapes: Iterable[Shape], before: str = "") -> dict[str, list[str]]:
    """What stands in an empty form."""
    found: dict[str, list[str]] = {}
    for shape in shapes:
        name = f"{before}{shape.name}"
        if shape.kind == "tick" and shape.default:
            found[name] = ["yes"]
        elif isinstance(shape.default, tuple):
            found[name] = list(shape.default)
        elif shape.default is not None and shape.kind != "tick":
            found[name] = [str(shape.default)]
        if shape.kind == "group":
            found |= started(shape.inner, f"{name}.")
    return found
