"""What is wrong with something that came in, where, and what to write instead? The value is never quoted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, get_args

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError as Deviation
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from desk.problems import SeveralFaults
from schemas.errors import UnknownWord
from schemas.moves import MoveBody
from schemas.vocabulary import Kind

MAX_FAULTS = 20

NO_SUCH_WORD = "This word is not one of those allowed."
IN_WORDS = {
    "^[A-Z]{2}$": "two capital letters, such as DE",
    "^[a-z]{2}$": "two small letters, such as en",
    "^[a-z0-9]+(-[a-z0-9]+)*$": "small letters and digits, joined by hyphens",
    "^sha256:[0-9a-f]{64}$": "sha256: and 64 hexadecimal digits",
}
"""What the patterns of the schemas mean to somebody who writes."""
_QUOTED = re.compile(r"'([^']+)'")
_KINDS = frozenset(kind.value for kind in Kind)
_EVENTS = frozenset(body.model_fields["event"].default for body in get_args(get_args(MoveBody)[0]))


def of_schema(validator: Draft202012Validator, value: Any, where: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for deviation in validator.iter_errors(value):
        found.append(_fault(_inmost(deviation), where))
        if len(found) == MAX_FAULTS:
            break
    return sorted(found, key=lambda fault: fault["where"])


def _inmost(deviation: Deviation) -> Deviation:
    """Of a value that may be this or nothing, the fault of `this` is the one worth telling."""
    inner = [
        each for each in deviation.context or () if each.validator != "type" or each.validator_value != "null"
    ]
    if len(inner) == 1:
        return _inmost(inner[0])
    meant = _meant(deviation)
    return _inmost(meant) if meant is not None else deviation


def _meant(deviation: Deviation) -> Deviation | None:
    """Of a choice of bodies told apart by a word, the fault of the one that the word means."""
    choice = _choice(deviation)
    if choice is None or not isinstance(deviation.instance, dict):
        return None
    name, bodies = choice
    target = bodies.get(str(deviation.instance.get(name)))
    several: Any = deviation.validator_value
    branches = [each.get("$ref") for each in several]
    if target not in branches:
        return None
    number = branches.index(target)
    return next((each for each in deviation.context or () if each.schema_path[0] == number), None)


def _choice(deviation: Deviation) -> tuple[str, dict[str, str]] | None:
    """The member whose word tells the bodies of a choice apart, and the body of each word."""
    schema: Any = deviation.schema
    if deviation.validator != "oneOf" or not isinstance(schema, dict) or "discriminator" not in schema:
        return None
    return schema["discriminator"]["propertyName"], schema["discriminator"]["mapping"]


def _fault(deviation: Deviation, where: str) -> dict[str, str]:
    place = ".".join([where, *(str(part) for part in deviation.absolute_path)])
    told = {"where": place, "what": "", "next": ""}
    # The library's own sentences quote the value, which may be a name; ours name the rule and the place.
    rule: str = str(deviation.validator)
    limit: Any = deviation.validator_value
    if rule == "required" and isinstance(deviation.instance, dict):
        missing = [name for name in limit if name not in deviation.instance]
        told.update(what=f"{', '.join(missing)} is missing.", next="add it")
    elif rule == "additionalProperties" and isinstance(deviation.instance, dict):
        known = sorted(deviation.schema.get("properties", {})) if isinstance(deviation.schema, dict) else []
        extra = sorted(str(name)[:80] for name in set(deviation.instance) - set(known))
        told.update(what=f"{', '.join(extra)} is not known here.", next=f"known: {', '.join(known)}")
    elif rule in ("enum", "const"):
        words = limit if isinstance(limit, list) else [limit]
        told.update(what=NO_SUCH_WORD, next=_nearest(deviation.instance, map(str, words)))
    elif rule == "oneOf" and (choice := _choice(deviation)):
        name, bodies = choice
        given = deviation.instance.get(name) if isinstance(deviation.instance, dict) else None
        told.update(where=f"{place}.{name}", what=NO_SUCH_WORD, next=_nearest(given, bodies))
    elif rule == "pattern" and limit in IN_WORDS:
        told.update(what="It is not written as it must be.", next=f"write {IN_WORDS[limit]}")
    else:
        told.update(what=f"This breaks the rule {rule!r}.", next=f"{rule}: {json.dumps(limit)[:200]}")
    return told


def of_types(
    error: ValidationError, where: str, lines: dict[tuple[str, ...], int] | None = None
) -> SeveralFaults:
    faults = []
    inside = {fault["loc"][:-1] for fault in error.errors(include_url=False)}
    for each in error.errors(include_url=False)[:MAX_FAULTS]:
        if each["type"] == "too_short" and each["loc"] in inside:
            continue  # only because what stood in it was wrong, which is told
        place = _place(each["loc"])
        spot = ".".join((where, *place))
        if lines is not None:
            spot = f"{where}:{line_in(lines, place)} {'.'.join(place)}"
        faults.append({"where": spot, **_said(each)})
    return SeveralFaults(faults[0]["what"], faults)


def _place(loc: Sequence[int | str]) -> tuple[str, ...]:
    """Where it stands in what was written: the kind of a request, the event of a move name no field there."""
    return tuple(
        str(part)
        for number, part in enumerate(loc)
        if not (part in _KINDS and (number == 0 or loc[number - 1] == "request"))
        and not (part in _EVENTS and number == 0 and len(loc) > 1)
    )


def _said(fault: ErrorDetails) -> dict[str, str]:
    """What is wrong and what to write. The value itself is never quoted: it may be a name."""
    context = fault.get("ctx") or {}
    if fault["type"] in ("enum", "literal_error"):
        words = _QUOTED.findall(str(context.get("expected", "")))
        return {"what": NO_SUCH_WORD, "next": _nearest(fault["input"], words)}
    if fault["type"] == "string_pattern_mismatch" and context.get("pattern") in IN_WORDS:
        return {
            "what": "It is not written as it must be.",
            "next": f"write {IN_WORDS[context['pattern']]}",
        }
    if fault["type"] == "union_tag_invalid":
        words = _QUOTED.findall(str(context.get("expected_tags", "")))
        given = fault["input"] if isinstance(fault["input"], dict) else {}
        name = str(context.get("discriminator", "")).strip("'")
        return {"what": NO_SUCH_WORD, "next": _nearest(given.get(name), words)}
    if fault["type"] == "missing":
        return {"what": f"{fault['loc'][-1]} is missing.", "next": "add it"}
    if fault["type"] == "extra_forbidden":
        return {"what": f"{str(fault['loc'][-1])[:80]} is not known here.", "next": "take it out"}
    if fault["type"] in ("model_type", "model_attributes_type", "dict_type"):
        return {"what": "These are no fields.", "next": "write `name: value` lines"}
    # of a rule of our own the words alone: the library puts "Value error" before them
    text = str(context["error"]) if fault["type"] == "value_error" else fault["msg"]
    return {"what": f"{text[:1].upper()}{text[1:].rstrip('.')}.", "next": ""}


def _nearest(found: Any, words: Iterable[str]) -> str:
    """Which of `words` to write instead: those nearest to what was found, else those there are."""
    return UnknownWord("word", found if isinstance(found, str) else "", words).next_step


def line_in(lines: dict[tuple[str, ...], int], place: tuple[str, ...]) -> int:
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)
