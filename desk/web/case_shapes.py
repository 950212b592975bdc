"""Which fields has the form of a move? Made of the body's own type, so that none is ever missing."""

from __future__ import annotations

import types
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from schemas.moves import MoveBody
from schemas.request import Attachment, Body

LONG = 10_000
"""Longest text from which on it gets several lines."""
NOT_ASKED = frozenset({"event", "by_post", "from_case"})
"""Set by the page, or by the house itself."""
DIGEST = "^sha256:"


@dataclass(frozen=True, slots=True)
class Shape:
    """One field of a form. `kind`: line, text, day, moment, number, tick, yes-no, maybe, one, several,
    lines, paper, papers, group or groups. `inner`: the fields of a group."""

    name: str
    kind: str
    required: bool
    default: Any = None
    words: tuple[str, ...] = ()
    inner: tuple[Shape, ...] = ()
    longest: int = 0
    least: int | None = None
    most: int | None = None
    pattern: str = ""


@lru_cache(maxsize=1)
def bodies() -> dict[str, type[Body]]:
    """The body of every event."""
    return {body.model_fields["event"].default: body for body in get_args(get_args(MoveBody)[0])}


@lru_cache(maxsize=256)
def shapes_of(model: type[BaseModel]) -> tuple[Shape, ...]:
    """The fields of a model in their order, without those that the page sets."""
    return tuple(
        _shape(name, field)
        for name, field in model.model_fields.items()
        if name not in NOT_ASKED and not _settled(field)
    )


def _settled(field: FieldInfo) -> bool:
    """Has it only one possible word, as the kind of a request has?"""
    return get_origin(field.annotation) is Literal and len(get_args(field.annotation)) == 1


@dataclass(slots=True)
class _Plain:
    """A type without its wrappings: what may be None, its limits, whether there may be several."""

    type: Any
    optional: bool = False
    many: bool = False
    longest: int = 0
    least: int | None = None
    most: int | None = None
    pattern: str = ""

    def limit(self, metadata: Iterable[Any]) -> None:
        for one in metadata:
            if isinstance(one, FieldInfo):
                self.limit(one.metadata)
            longest = getattr(one, "max_length", None)
            if longest is not None and not self.many:
                self.longest = longest
            self.least = getattr(one, "ge", None) if getattr(one, "ge", None) is not None else self.least
            self.most = getattr(one, "le", None) if getattr(one, "le", None) is not None else self.most
            self.pattern = getattr(one, "pattern", None) or self.pattern


def _shape(name: str, field: FieldInfo) -> Shape:
    plain = _Plain(field.annotation)
    plain.many = _is_many(field.annotation)
    plain.limit(field.metadata)
    _unwrap(plain)
    default = None if field.default in (PydanticUndefined, None, (), "") else field.default
    required = field.is_required()
    return Shape(
        name,
        _kind(plain, required, default),
        required,
        tuple(str(one) for one in default) if isinstance(default, tuple) else default,
        _words(plain.type),
        shapes_of(plain.type) if _is_model(plain.type) and plain.type is not Attachment else (),
        plain.longest,
        plain.least,
        plain.most,
        plain.pattern,
    )


def _is_many(annotation: Any) -> bool:
    found = annotation
    while get_origin(found) is Annotated:
        found = get_args(found)[0]
    return get_origin(found) in (tuple, list)


def _unwrap(plain: _Plain) -> None:
    origin = get_origin(plain.type)
    while origin in (Annotated, Union, types.UnionType, tuple, list):
        if origin is Annotated:
            inner, *metadata = get_args(plain.type)
            plain.limit(metadata) if not plain.many or not _is_many(inner) else None
            plain.type = inner
        elif origin in (tuple, list):
            plain.many = False  # from here on the limits are those of one of them
            plain.type = get_args(plain.type)[0]
            _unwrap(plain)
            plain.many = True
            return
        else:
            plain.optional = True
            plain.type = next(one for one in get_args(plain.type) if one is not type(None))
        origin = get_origin(plain.type)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _words(kind: Any) -> tuple[str, ...]:
    if get_origin(kind) is Literal:
        return tuple(str(word) for word in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return tuple(word.value for word in kind)
    return ()


def _kind(plain: _Plain, required: bool, default: Any) -> str:
    if plain.type is Attachment:
        return "papers"
    if _is_model(plain.type):
        return "groups" if plain.many else "group"
    if plain.type is bool:
        return "yes-no" if required else "maybe" if default is None else "tick"
    if plain.type is int:
        return "number"
    if plain.type in (date, datetime):
        return "day" if plain.type is date else "moment"
    if plain.pattern.startswith(DIGEST) and plain.many:
        return "several"
    if _words(plain.type):
        return "several" if plain.many else "one"
    if plain.many:
        return "lines"
    return "text" if plain.longest >= LONG else "line"
