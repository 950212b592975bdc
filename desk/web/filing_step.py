"""What is one question of a new request: its fields, and when is it asked?

A field names its place in the request (`path`, as in schemas.request); a path that begins with `!` stands
beside the request, in the move that files it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desk.web.forms import Typed
from schemas.vocabulary import COERCIVE, COMMUNICATIONS_DATA, Measure

Asked = Callable[[Typed], bool]

MOST_OFFENCES = 10
FIRST = ":first"
"""Stands for the first basis that can be used, whichever that is when the request is filed."""
SIDE, KIND, BASE, SEEN = "_side", "_kind", "_base", "_seen"
"""What a draft holds beside the answers: the side, the file it began with, and the pages already seen."""


def always(typed: Typed) -> bool:
    """Every request is asked this."""
    return True


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `widget`: text, area, lines, day, moment, penalty, select, one, several, tick, children,
    adults, pairs, reports, papers; `options`: which list it chooses from; `need`: what to say of none."""

    name: str
    path: str
    label: str
    widget: str = "text"
    hint: str = ""
    options: str = ""
    need: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One page: its question, its fields, and whether it is asked at all."""

    name: str
    title: str
    fields: tuple[Field, ...]
    hint: str = ""
    when: Asked = always
    title_given: bool = False


def incoming(typed: Typed) -> bool:
    """Is it a request that came to us?"""
    return typed.get(SIDE) == "incoming"


def outgoing(typed: Typed) -> bool:
    """Is it ours?"""
    return not incoming(typed)


def is_kind(*kinds: str) -> Asked:
    """Is it of one of these kinds?"""
    return lambda typed: typed.get(KIND) in kinds


def both(*conditions: Asked) -> Asked:
    """Do all of these hold?"""
    return lambda typed: all(condition(typed) for condition in conditions)


def needs_test(typed: Typed) -> bool:
    """Is the recorded test of ICCPR 17 asked? As `needs_necessity` of the requests."""
    if typed.get(KIND) in ("production", "extradition"):
        return True
    asked = set(typed.all("measures"))
    return typed.get(KIND) == "mla" and bool(asked & {one.value for one in COERCIVE | COMMUNICATIONS_DATA})


def may_vanish(typed: Typed) -> bool:
    """Are data asked for that may be gone before the request is granted?"""
    at_rest = {Measure.SUBSCRIBER_DATA.value, Measure.TRAFFIC_DATA.value, Measure.STORED_CONTENT.value}
    return bool(set(typed.all("measures")) & at_rest)
