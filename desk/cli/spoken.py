"""Commands for every move that has none of its own: made of its body, so that none is ever missing.

The fields of the body become options; what each means is said where the body is defined.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import typer
from pydantic.fields import FieldInfo

from desk.cli.cases import Ref
from desk.cli.frame import Call, Shown, command
from desk.cli.given import moment_of, pairs_of
from desk.cli.moves import make
from schemas.lifecycle import BATON, LIFECYCLES, TOLD
from schemas.moves import MoveBody
from schemas.moves.base import Happened
from schemas.request import Body
from schemas.vocabulary import Role

_NOT_BY_HAND = frozenset({"file", "arrive", "delivered", *BATON, *TOLD})
_OF_POST = frozenset({"event", "happened_at", "by_post", "attachments"})
"""Set by `record`, or by commands of their own."""
_NEEDED = inspect.Parameter.empty
_DAYS = (date, datetime)
_FIELD = "field_"
"""Before a field's name among the parameters: a body has a `ref` of its own beside the case's."""


def add(app: typer.Typer) -> None:
    """Puts a command into `app` for each move that it has none for."""
    there = {command.name for command in app.registered_commands}
    for event, body in bodies():
        if event not in there and event not in _NOT_BY_HAND:
            command(app, event, usually=usually(event))(_command(event, body))


def bodies() -> Iterator[tuple[str, type[Body]]]:
    """Every event with the body it carries."""
    for body in get_args(get_args(MoveBody)[0]):
        yield body.model_fields["event"].default, body


def usually(event: str) -> str:
    """Whose token of the demo such a move takes when nobody is named."""
    roles = {
        role for rules in LIFECYCLES.values() for rule in rules if rule.event == event for role in rule.roles
    }
    if Role.OFFICER in roles or not roles:
        return "approver" if event == "reassign" else Role.OFFICER.value
    return min(role.value for role in roles)


def _command(event: str, body: type[Body]) -> Callable[..., Shown]:
    fields = {name: field for name, field in body.model_fields.items() if name not in _OF_POST}

    def made(call: Call, ref: str, **given: Any) -> Shown:
        told = {name: _said(field, given[f"{_FIELD}{name}"]) for name, field in fields.items()}
        if issubclass(body, Happened) and given.get("on_day"):
            told["happened_at"] = moment_of(given["on_day"])
        return make(call, ref, event, **told)

    options = [_option(name, field) for name, field in fields.items()]
    if issubclass(body, Happened):
        told_on = Annotated[str | None, typer.Option("--happened", help="Day or time; now if not said.")]
        options.append(_parameter("on_day", told_on, None))
    made.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # the frame reads it
        [
            _parameter("call", Call, inspect.Parameter.empty),
            _parameter("ref", Ref, inspect.Parameter.empty),
            *options,
        ]
    )
    made.__doc__ = " ".join((body.__doc__ or event).split("\n\n")[0].split())
    return made


def _option(name: str, field: FieldInfo) -> inspect.Parameter:
    kind, many = _plain(field.annotation)
    flag = f"--{name.replace('_', '-')}"
    default = _NEEDED if field.is_required() else None
    shown: Any
    if kind is bool:
        shown = Annotated[bool | None, typer.Option(f"{flag}/--no-{flag[2:]}")]
        return _parameter(f"{_FIELD}{name}", shown, default)
    words = _words(field.annotation)
    told = f"one of: {', '.join(words)}" if words else "a day or a time" if kind in _DAYS else None
    if many:
        shown = Annotated[list[str] | None, typer.Option(flag, help=told)]
        return _parameter(f"{_FIELD}{name}", shown, None)
    shown = Annotated[int | None if kind is int else str | None, typer.Option(flag, help=told)]
    return _parameter(f"{_FIELD}{name}", shown, default)


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _said(field: FieldInfo, value: Any) -> Any:
    """The value as the body takes it: moments with their zone, `a=b` words as a mapping."""
    kind, many = _plain(field.annotation)
    if value is None or value == []:
        return None
    if kind is datetime:
        return moment_of(value)
    if isinstance(kind, type) and issubclass(kind, Body):
        return pairs_of(value if many else [value])
    return value


def _plain(annotation: Any) -> tuple[Any, bool]:
    """The type beneath, and whether there may be several."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _plain(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        inner = [one for one in get_args(annotation) if one is not type(None)]
        return _plain(inner[0])
    if origin in (tuple, list):
        return _plain(get_args(annotation)[0])[0], True
    return annotation, False


def _words(annotation: Any) -> tuple[str, ...]:
    kind, _ = _plain(annotation)
    return tuple(str(word) for word in get_args(kind)) if get_origin(kind) is Literal else ()
