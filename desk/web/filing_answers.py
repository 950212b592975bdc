"""How do the answers to the questions become a request, and a request the answers again?

`request_of` lays the answers over the file a draft began with, if it did: what no question asks stays as it
was. `answers_of` goes the other way. `faults` says of what the border refused at which field it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from desk import border
from desk.web.filing_questions import every_step
from desk.web.filing_step import BASE, FIRST, KIND, SIDE, Field, Step, incoming
from desk.web.forms import Typed
from desk.web.frame import Visitor
from desk.web.words import N_
from schemas.errors import BadInput, RogatoryError
from schemas.ids import WRITTEN
from schemas.moves import Amend, Arrive, FileRequest
from schemas.reasoning import LIFE
from schemas.request import Necessity, Request, months
from schemas.vocabulary import Side

Json = dict[str, Any]
M = TypeVar("M", FileRequest, Arrive, Amend)

NOT_A_DAY = N_("Write the day as year-month-day, such as 2026-11-30.")
NOT_A_MOMENT = N_("Write day and time, such as 2026-11-30T14:30.")
NOT_A_PENALTY = N_("Write the penalty as 10y, 18m, 1y6m or life.")
NOT_A_PAIR = N_("Write each identifier as name: value, with a name of small letters, digits and hyphens.")
NOT_OF_LIST = N_("Choose one of the list.")
INVISIBLE = N_("This holds invisible signs that change how text reads. Write it without them.")
TOO_LONG = N_("This is too long. Shorten it, or put it into a document and name that.")
BEGUN = N_("%(name)s: fill this in too, or empty everything that belongs to it.")
_WHOLE = {
    "offences": ("slug", "law"),
    "warrant": ("reference", "authority", "issued_on"),
    "emergency": ("facts", "certified_by", "certified_at"),
    "necessity": tuple(Necessity.model_fields),
}
"""Of some parts of a request everything that is said here must be there, or nothing of it."""
LONGEST_LINE, LONGEST_PASSAGE = 500, 20_000
_LONG = frozenset({"area", "lines", "children", "adults", "pairs", "reports"})
_TEXT = re.compile(WRITTEN)


def request_of(typed: Typed, steps: Iterable[Step], home: str, zone: ZoneInfo) -> Json:
    """The request and what stands beside it, as JSON for the border: `{"request": ..., "matter": ...}`.

    Raises ValueError only for what `refuse_wrong` refuses.
    """
    request: Json = json.loads(typed.get(BASE) or "{}")
    beside: Json = {}
    fields = [field for step in steps for field in step.fields]
    for field in fields:
        if field.path.startswith("!"):
            _put(beside, field.path[1:], value_of(field, typed, zone))
    ours = "requested" if incoming(typed) else "requesting"
    made = laid_over(request, [field for field in fields if not field.path.startswith("!")], typed, zone)
    return {**beside, "request": {**made, "kind": typed.get(KIND), ours: home}}


def laid_over(request: Json, fields: Iterable[Field], typed: Typed, zone: ZoneInfo) -> Json:
    """A request with what stands in these fields in its places; what they do not ask stays as it was.

    Raises ValueError only for what `refuse_wrong` refuses.
    """
    for field in fields:
        if field.path:
            value = _known_before(request, field, value_of(field, typed, zone))
            _put(request, field.path, value, joined=field.widget == "adults")
    made: Json = _whole(request)
    return made


def move_of(typed: Typed, steps: Iterable[Step], home: str, zone: ZoneInfo) -> FileRequest | Arrive:
    """The move that files it, checked as anything that comes over the border. Raises as the border does."""
    told = request_of(typed, steps, home, zone)
    if incoming(typed):
        return move_as(Arrive, {"event": "arrive", "by_post": True, **told})
    return move_as(FileRequest, {"event": "file", **told})


def value_of(field: Field, typed: Typed, zone: ZoneInfo) -> Any:
    """What stands in the field, as it stands in a request; None where it is empty. Raises ValueError."""
    if field.widget in ("several", "papers"):
        return typed.all(field.name) or None
    text = typed.get(field.name)
    if not text:
        return None
    if field.options == "bases" and text == FIRST:
        return None
    if field.options in _EITHER:
        return text == _EITHER[field.options][0]
    if field.path == "!happened_at":
        return datetime.combine(date.fromisoformat(text), time(), zone).isoformat()
    return _READ.get(field.widget, _as_written)(text, zone)


def refuse_wrong(typed: Typed, step: Step, visitor: Visitor, zone: ZoneInfo) -> None:
    """Refuses what is missing from a page or cannot be read, at its field, in the visitor's language."""
    said = {"day": NOT_A_DAY, "moment": NOT_A_MOMENT, "penalty": NOT_A_PENALTY, "pairs": NOT_A_PAIR}
    for field in step.fields:
        if problem := _unwritten(field, typed):
            typed.refuse(field.name, visitor.say(problem))
            continue
        try:
            value = value_of(field, typed, zone)
        except (ValueError, OverflowError, BadInput):
            typed.refuse(field.name, visitor.say(said.get(field.widget, NOT_OF_LIST)))
            continue
        if value is None and field.need:
            typed.refuse(field.name, visitor.say(field.need))


def missing_of(typed: Typed, steps: Iterable[Step], visitor: Visitor) -> dict[str, str]:
    """What is still needed before it can be filed: by the field what to say. A part of the request that was
    begun has to be whole."""
    made: dict[str, str] = {}
    fields = [field for step in steps for field in step.fields]
    filled = {field.path.rpartition(".")[0] for field in fields if typed.get(field.name)}
    for field in fields:
        if typed.get(field.name):
            continue
        part, _, last = field.path.rpartition(".")
        if field.need:
            made[field.name] = visitor.say(field.need)
        elif part in filled and last in _WHOLE.get(part.partition(".")[0], ()):
            made[field.name] = visitor.say(BEGUN, name=visitor.say(field.label))
    return made


def refuse_faults(typed: Typed, error: RogatoryError, steps: Iterable[Step], visitor: Visitor) -> None:
    """Puts what another room refused at the fields where it stands; what stands at none, at the top."""
    fields = [field for step in steps for field in step.fields if field.path]
    for part in faults(error):
        place = part["where"].removeprefix("body.").removeprefix("request.")
        name = _field_at(fields, place)
        text = visitor.say(part["what"])
        if part["next"]:
            text = f"{text.rstrip('.')}: {visitor.say(part['next'])}"
        if (name, text) not in {(each.field, each.text) for each in typed.wrong}:
            typed.refuse(name, text)


def faults(error: RogatoryError) -> list[Mapping[str, str]]:
    """Every part of an error: `{where, what, next}`."""
    several: list[Mapping[str, str]] | None = getattr(error, "faults", None)
    return several or [{"where": error.where, "what": error.what, "next": error.next_step}]


def answers_of(request: Request, side: Side, zone: ZoneInfo) -> Typed:
    """What a request says, as texts in the fields of every page there is for it."""
    whole: Json = json.loads(request.model_dump_json(exclude_none=True))
    made = Typed({KIND: [request.kind], SIDE: [side.value]})
    for number in range(len(request.offences) - 1):
        made.values[f"offence-{number + 1}-more"] = ["yes"]
    for step in every_step(len(request.offences), request.contents):
        for field in step.fields:
            value = _found(whole, field.path) if field.path and not field.path.startswith("!") else None
            texts = _texts(field, value, zone)
            if any(texts):
                made.values[field.name] = texts
    return made


def _texts(field: Field, value: Any, zone: ZoneInfo) -> list[str]:
    if field.options in _EITHER and isinstance(value, bool):
        return [_EITHER[field.options][0 if value else 1]]
    if value is None or value is False:
        return []
    if field.widget == "several":
        return [str(each) for each in value]
    if field.widget == "papers":
        return [str(each["digest"]) for each in value]
    write = _WRITE.get(field.widget)
    return [str(value) if write is None else write(value, zone)]


def _unwritten(field: Field, typed: Typed) -> str:
    """What keeps the texts of a field from being kept; empty if nothing does."""
    most = LONGEST_PASSAGE if field.widget in _LONG else LONGEST_LINE
    texts = typed.all(field.name)
    if any(_TEXT.search(text) is None for text in texts):
        return INVISIBLE
    return TOO_LONG if any(len(text) > most for text in texts) else ""


def _pair(line: str) -> tuple[str, str]:
    name, colon, text = line.partition(":")
    key = name.strip().lower().replace(" ", "-")
    if not colon or not text.strip() or not key.replace("-", "").isalnum() or not key.isascii():
        raise ValueError(line)
    return key, text.strip()


def _known_before(request: Json, field: Field, value: Any) -> Any:
    """Of a report only its number is asked; what the file said of it besides stays."""
    if field.widget != "reports" or value is None:
        return value
    before = {each["id"]: each for each in request.get("reports", [])}
    return [before.get(each["id"], each) for each in value]


def _field_at(fields: Iterable[Field], place: str) -> str:
    """The field whose path is the longest that leads to `place`; none: empty."""
    best, length = "", 0
    for field in fields:
        path = field.path.removeprefix("!")
        if (place == path or place.startswith(f"{path}.")) and len(path) > length:
            best, length = field.name, len(path)
    return best


class _Numbered(dict[str, Any]):
    """A list on its way through: its items by their numbers."""


def _put(into: Json, path: str, value: Any, joined: bool = False) -> None:
    """Puts `value` at a dotted path; None takes away what stands there. `joined`: added to a list there."""
    *way, last = path.split(".")
    place = into
    for step, after in zip(way, [*way, last][1:], strict=True):
        if value is None and step not in place:
            return
        found = place.get(step)
        if isinstance(found, list):
            place[step] = _Numbered({str(number): each for number, each in enumerate(found)})
        elif found is None:
            place[step] = _Numbered() if after.isdigit() else {}
        place = place[step]
    if joined:
        value = [*(place.get(last) or []), *(value or [])] or None
    if value is None:
        place.pop(last, None)
    else:
        place[last] = value


def _whole(value: Any) -> Any:
    """What was numbered becomes a list again; what holds nothing goes."""
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if not isinstance(value, dict):
        return value
    made = {name: _whole(each) for name, each in value.items()}
    kept = {name: each for name, each in made.items() if each not in ({}, [], None, "")}
    return [kept[name] for name in sorted(kept, key=int)] if isinstance(value, _Numbered) else kept


def _found(value: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(value, list) and step.isdigit():
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def move_as(kind: type[M], told: Json) -> M:
    """A move of this sort, checked as anything that comes over the border. Raises as the border does."""
    made = border.move_from_json(told)
    if not isinstance(made, kind):
        raise BadInput("This files no request.", where="event", next_step="begin a new request")
    return made


def _as_written(text: str, zone: ZoneInfo) -> Any:
    return text


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _harmed(child: bool) -> tuple[Callable[[str, ZoneInfo], Any], Callable[[Any, ZoneInfo], str]]:
    def read(text: str, zone: ZoneInfo) -> Any:
        return [{"pseudonym": line, "child": child} for line in _lines(text)]

    def write(value: Any, zone: ZoneInfo) -> str:
        return "\n".join(each["pseudonym"] for each in value if each.get("child", True) is child)

    return read, write


def _penalty(value: Any, zone: ZoneInfo) -> str:
    if value == LIFE:
        return "life"
    years, left = divmod(int(value), 12)
    return f"{years}y" if years and not left else f"{value}m"


def _moment(value: Any, zone: ZoneInfo) -> str:
    told = datetime.fromisoformat(value)
    try:
        told = told.astimezone(zone)
    except OverflowError:
        # the first and the last day there are lie beyond them in another zone
        told = told.replace(tzinfo=zone)
    return told.replace(tzinfo=None).isoformat(timespec="minutes")


_EITHER = {"ways": ("provider", "state"), "secrecy": ("confidential", "open"), "either": ("yes", "no")}
"""Choices between yes and no that a request keeps as such: the word for yes, and the one for no."""
_READ: dict[str, Callable[[str, ZoneInfo], Any]] = {
    "tick": lambda text, zone: True,
    "day": lambda text, zone: date.fromisoformat(text).isoformat(),
    "moment": lambda text, zone: datetime.fromisoformat(text).replace(tzinfo=zone).isoformat(),
    "penalty": lambda text, zone: months(text),
    "lines": lambda text, zone: _lines(text),
    "children": _harmed(True)[0],
    "adults": _harmed(False)[0],
    "reports": lambda text, zone: [{"id": line} for line in _lines(text)],
    "pairs": lambda text, zone: dict(_pair(line) for line in _lines(text)),
}
_WRITE: dict[str, Callable[[Any, ZoneInfo], str]] = {
    "tick": lambda value, zone: "yes",
    "moment": _moment,
    "penalty": _penalty,
    "lines": lambda value, zone: "\n".join(map(str, value)),
    "children": _harmed(True)[1],
    "adults": _harmed(False)[1],
    "reports": lambda value, zone: "\n".join(each["id"] for each in value),
    "pairs": lambda value, zone: "\n".join(f"{name}: {text}" for name, text in value.items()),
}
