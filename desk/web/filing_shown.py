"""How do the answers of a draft read on one page, each with its question?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from desk.web.filing_answers import value_of
from desk.web.filing_law import Found, options_of
from desk.web.filing_step import BASE, Field, Step
from desk.web.forms import Typed
from desk.web.frame import Visitor
from desk.web.look import Speaker
from desk.web.words import N_

YES = N_("Yes")
NAMED = frozenset({"offences"})
"""Lists of the law whose names are told where they are shown."""
WORDED = frozenset({"tick", "day", "moment", "penalty"})
"""Kinds of field whose answers are told in the page's words."""
NEVER_SHOWN = frozenset({"kind", "requesting", "requested"})


@dataclass(frozen=True, slots=True)
class Told:
    """One answer. `lines`: what stands there, empty for nothing; `codes`: they are codes of the law, whose
    names may stand in another language than the page; `typed`: they are somebody's own words."""

    step: str
    field: str
    label: str
    lines: tuple[str, ...]
    codes: bool = False
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One question, in the visitor's words, with its answers."""

    step: str
    title: str
    rows: list[Told]


def sections_of(visitor: Visitor, steps: Sequence[Step], typed: Typed, found: Found) -> list[Section]:
    """Every question that has a field of its own, in their order, each with its answers."""
    told = told_answers(visitor, steps, typed, found)
    made = []
    for step in steps:
        rows = [one for one in told if one.step == step.name]
        if rows:
            made.append(Section(step.name, step.title if step.title_given else visitor.say(step.title), rows))
    return made


def told_answers(visitor: Visitor, steps: Sequence[Step], typed: Typed, found: Found) -> list[Told]:
    """Every field of these pages with its answer, in the visitor's words."""
    made: dict[str, Told] = {}
    for step in steps:
        for field in step.fields:
            if field.path:
                label = field.label if step.title_given else visitor.say(field.label)
                codes = field.options in NAMED
                lines = typed.all(field.name) if codes else _lines(visitor, field, typed, found)
                own = not field.options and field.widget not in WORDED
                made.setdefault(field.name, Told(step.name, field.name, label, tuple(lines), codes, own))
    return list(made.values())


def unasked(typed: Typed, steps: Sequence[Step], visitor: Visitor) -> list[tuple[str, str]]:
    """What stood in the file the draft began with and no page asks for: it stays as it is."""
    base = json.loads(typed.get(BASE) or "{}")
    asked = {field.path.removeprefix("!").partition(".")[0] for step in steps for field in step.fields}
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in base.items()
        if name not in asked | NEVER_SHOWN
    ]


def _lines(visitor: Visitor, field: Field, typed: Typed, found: Found) -> list[str]:
    values = typed.all(field.name)
    if not values:
        return []
    if field.widget == "tick":
        return [visitor.say(YES)]
    if field.options:
        words = {option[0]: option[1] for option in options_of(visitor, field.options, typed, found)}
        return [words.get(value, value) for value in values]
    speak = Speaker(visitor.language)
    try:
        value = value_of(field, typed, visitor.house.office.zone)
        if field.widget == "penalty":
            return [speak.penalty(value)]
        if field.widget == "day":
            return [speak.day(date.fromisoformat(str(value)[:10]))]
        if field.widget == "moment":
            moment = datetime.fromisoformat(str(value))
            return [f"{speak.day(moment)}, {moment:%H:%M}"]
    except (ValueError, OverflowError):
        return values
    return [line for text in values for line in text.splitlines()]
