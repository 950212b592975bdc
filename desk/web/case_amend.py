"""How is a draft amended on a page, and what if somebody else saved it meanwhile?

The form holds the digest of the draft it began with. Where the draft is another one by now, both texts are
shown field by field, and what was typed stays in the form. The case itself looks once more when it takes the
move, for a draft that is saved between the look and the move.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from desk.web.case_shapes import Shape, shapes_of
from desk.web.forms import Typed
from desk.web.move_words import words_of
from schemas.case import CaseState
from schemas.request import draft_digest


def shapes(state: CaseState) -> tuple[Shape, ...]:
    """The fields of the request of this case."""
    inner = shapes_of(type(state.request))
    return (Shape("request", "group", True, inner=inner),)


def base_of(state: CaseState) -> str:
    """Names the draft as it stands now."""
    return draft_digest(state.request)


def over(state: CaseState, typed: Typed) -> str:
    """The draft that what was typed is to replace: the present one, which `meanwhile` compared. A form that
    comes a second time says the same as the first time."""
    return typed.get("base") or base_of(state) if typed.get("key") in state.keys else base_of(state)


def meanwhile(state: CaseState, typed: Typed, told: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Where what was typed differs from what somebody saved since the form was opened: the field, ours,
    theirs. Empty if nobody saved anything."""
    if typed.get("base") in ("", base_of(state)):
        return []
    theirs = _flat(state.request.model_dump(mode="json", exclude_none=True))
    mine = _flat(told["request"])
    places = [place for place in (theirs | mine) if theirs.get(place, "") != mine.get(place, "")]
    return [(_name(place), mine.get(place, ""), theirs.get(place, "")) for place in places if place != "kind"]


def _name(place: str) -> str:
    plain = ".".join(part for part in place.split(".") if not part.isdecimal())
    return words_of("amend", f"request.{plain}")[0]


def _flat(value: Any, place: str = "") -> dict[str, str]:
    """Every single value by its place; what is not set, and what is empty, is left out."""
    if isinstance(value, Mapping):
        parts = [_flat(inner, f"{place}.{name}" if place else name) for name, inner in value.items()]
    elif isinstance(value, list | tuple):
        parts = [_flat(inner, f"{place}.{number}") for number, inner in enumerate(value)]
    else:
        text = value if isinstance(value, str) else json.dumps(value)
        return {place: text} if value not in (None, "", False) else {}
    return {name: text for part in parts for name, text in part.items()}
