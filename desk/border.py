"""Is what came in well formed? JSON and YAML are bounded, checked by the published schemas, then typed."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import BaseModel, TypeAdapter, ValidationError

from desk import faults
from desk.problems import SeveralFaults, TooLarge
from schemas.errors import BadData, BadInput, UnknownWord
from schemas.moves import LARGEST_MOVE, MoveBody
from schemas.request import Request
from schemas.vocabulary import Kind
from treaties import text as law_text

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

MAX_DEPTH = 32
MAX_YAML_BYTES = 1024 * 1024
MAX_YAML_NODES = 20_000

_MOVE: TypeAdapter[MoveBody] = TypeAdapter(MoveBody)
_REQUEST: TypeAdapter[Request] = TypeAdapter(Request)


def json_of(content: bytes, where: str = "body") -> Any:
    """The JSON value in `content`. Raises BadInput for what is not UTF-8 or not JSON, names a member twice,
    holds a number JSON does not know or of thousands of digits, or nests deeper than MAX_DEPTH."""
    try:
        found = json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BadInput(
            "The body is not UTF-8 text.", where=f"{where}, byte {error.start}", next_step="send UTF-8"
        ) from None
    except json.JSONDecodeError as error:
        place = f"{where}, line {error.lineno}, column {error.colno}"
        raise BadInput(f"This is not JSON: {error.msg}.", where=place, next_step="mend it there") from None
    except RecursionError:
        raise _too_deep(where) from None
    except BadInput as error:
        raise BadInput(error.what, where=where, next_step=error.next_step) from None
    except ValueError:
        # Python reads no number of thousands of digits.
        raise BadInput(
            "A number has too many digits.", where=where, next_step="write it as text, or leave it out"
        ) from None
    _bounded(found, where)
    return found


def check(schema: dict[str, Any], value: Any, where: str = "body") -> None:
    """Raises SeveralFaults (or UnknownWord for an unknown discriminator) if `value` breaks `schema`."""
    found = faults.of_schema(_validator(json.dumps(schema, sort_keys=True)), value, where)
    if found:
        raise SeveralFaults(found[0]["what"], found)


def check_published(name: str, value: Any, where: str = "body") -> None:
    """As `check`, against schemas/json/<name>.json. A choice of bodies is judged by its discriminator, so
    that the faults told are those of the body that was meant."""
    choices = _choices(name)
    if choices is None:
        found = faults.of_schema(_published(name), value, where)
    else:
        member, known = choices
        meant = value.get(member) if isinstance(value, dict) else None
        if not isinstance(meant, str):
            raise BadInput(
                f"{member!r} is missing.", where=where, next_step="say which one of the bodies this is"
            )
        if meant not in known:
            raise UnknownWord(member, meant, known, where=f"{where}.{member}")
        found = faults.of_schema(_published(name, known[meant]), value, where)
    if found:
        raise SeveralFaults(found[0]["what"], found)


def typed(kind: Any, value: Any, where: str = "body") -> Any:
    """`value` as the type `kind` (a model or anything a TypeAdapter takes). Raises SeveralFaults."""
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        raise faults.of_types(error, where) from None


def request_from_json(value: Any, where: str = "body") -> Request:
    """A request out of a JSON value; one that names no kind is for mutual legal assistance."""
    value = _with_kind(value)
    check_published("request", value, where)
    return _bounded_model(_request(value, where), where)


def move_from_json(value: Any, where: str = "body") -> MoveBody:
    """The body of a move out of a JSON value."""
    if isinstance(value, dict) and "request" in value:
        value = {**value, "request": _with_kind(value["request"])}
    check_published("move", value, where)
    try:
        return _bounded_model(_MOVE.validate_python(value), where)
    except ValidationError as error:
        raise faults.of_types(error, where) from None


def request_from_yaml(content: bytes, where: str = "request") -> Request:
    """A request out of a YAML file as an officer writes it.

    Every scalar is text and its field gives it a type: `requested: NO` is Norway, `max_penalty: 10y` is 120
    months. A field left empty is not given. Raises BadInput with file and line for what is too large, too
    deep, uses anchors or names a field twice, or does not fit its field.
    """
    tree, lines = tree_from_yaml(content, where)
    try:
        made = _REQUEST.validate_python(_with_kind(_given(tree)))
    except ValidationError as error:
        raise faults.of_types(error, where, lines) from None
    check_published("request", json.loads(made.model_dump_json(exclude_none=True)), where)
    return _bounded_model(made, where)


def tree_from_yaml(content: bytes, where: str) -> tuple[law_text.Content, dict[tuple[str, ...], int]]:
    """What stands in a YAML file, all scalars as text, and the line of every value by its path. Raises
    BadInput with file and line for what is too large, too deep, uses anchors or names a field twice."""
    text = _yaml_text(content, where)
    lines = _yaml_lines(text, where)
    try:
        return law_text.parse(text, where), lines
    except BadData as error:
        raise BadInput(error.what, where=error.where or where, next_step=error.next_step) from None


def line_of(lines: dict[tuple[str, ...], int], place: tuple[str, ...]) -> int:
    """The line of a value, or of the nearest thing around it that the file really holds."""
    return faults.line_in(lines, place)


def _bounded_model(made: M, where: str) -> M:
    if len(made.model_dump_json().encode()) > LARGEST_MOVE:
        raise TooLarge(
            f"It has more than {LARGEST_MOVE} bytes.",
            where=where,
            next_step="put long texts into documents, and name them",
        )
    return made


# --- JSON ---------------------------------------------------------------------------------------------


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadInput(f"The member {twice[:80]!r} stands twice in one object.", next_step="keep one of them")
    return found


def _no_constant(name: str) -> Any:
    raise BadInput(f"{name} is not a number in JSON.", next_step="leave the member out")


def _bounded(value: Any, where: str) -> None:
    todo: list[tuple[Any, int]] = [(value, 1)]
    while todo:
        each, depth = todo.pop()
        if depth > MAX_DEPTH:
            raise _too_deep(where)
        if isinstance(each, dict):
            todo.extend((inner, depth + 1) for inner in each.values())
        elif isinstance(each, list):
            todo.extend((inner, depth + 1) for inner in each)


def _too_deep(where: str) -> BadInput:
    return BadInput(f"It nests deeper than {MAX_DEPTH} levels.", where=where, next_step="flatten it")


# --- schemas ------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema), format_checker=FormatChecker())


@lru_cache(maxsize=32)
def _schema_file(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("schemas") / "json" / f"{name}.json").read_text("utf-8"))
    return found


@lru_cache(maxsize=128)
def _published(name: str, part: str | None = None) -> Draft202012Validator:
    schema = _schema_file(name)
    if part is not None:
        schema = {"$schema": schema["$schema"], "$ref": part, "$defs": schema["$defs"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def _with_kind(value: Any) -> Any:
    """A request that names no kind is for mutual legal assistance."""
    return {"kind": Kind.MLA.value, **value} if isinstance(value, dict) else value


def _request(value: Any, where: str) -> Request:
    try:
        return _REQUEST.validate_python(value)
    except ValidationError as error:
        raise faults.of_types(error, where) from None


@lru_cache(maxsize=32)
def _choices(name: str) -> tuple[str, dict[str, str]] | None:
    discriminator = _schema_file(name).get("discriminator")
    if discriminator is None:
        return None
    return discriminator["propertyName"], discriminator["mapping"]


# --- YAML ---------------------------------------------------------------------------------------------


def _yaml_text(content: bytes, where: str) -> str:
    if len(content) > MAX_YAML_BYTES:
        raise BadInput(
            f"The file has more than {MAX_YAML_BYTES} bytes.",
            where=where,
            next_step="documents do not belong in the request; attach them",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            "The file is not UTF-8 text.", where=where, next_step=f"mend byte {error.start}"
        ) from None


def _yaml_lines(text: str, where: str) -> dict[tuple[str, ...], int]:
    """Line of each value by its path. Walks events, so that nothing nested or aliased is ever built up."""
    lines: dict[tuple[str, ...], int] = {}
    open_ones: list[_Open] = []
    try:
        for count, event in enumerate(yaml.parse(text, Loader=yaml.CBaseLoader)):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
                raise BadInput(
                    "Anchors and aliases are not read.",
                    where=f"{where}:{_line_of(event)}",
                    next_step="write it out",
                )
            if count > MAX_YAML_NODES or len(open_ones) > MAX_DEPTH:
                raise BadInput("The file is too large or too deep.", where=where, next_step="shorten it")
            _walk(event, open_ones, lines)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        spot = f"{where}:{mark.line + 1}" if mark is not None else where
        raise BadInput(
            f"This is not YAML: {getattr(error, 'problem', None) or 'unreadable'}.",
            where=spot,
            next_step="mend it there",
        ) from None
    return lines


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


class _Open:
    """A mapping or list being read: where it stands, and which of its values comes next."""

    def __init__(self, path: tuple[str, ...], mapping: bool) -> None:
        self.path = path
        self.mapping = mapping
        self.key: str | None = None
        self.count = 0

    def place(self) -> tuple[str, ...]:
        step = self.key if self.mapping else str(self.count)
        return (*self.path, step or "")


def _walk(event: yaml.Event, open_ones: list[_Open], lines: dict[tuple[str, ...], int]) -> None:
    if isinstance(event, yaml.CollectionEndEvent):
        open_ones.pop()
        _value_read(open_ones)
        return
    if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
        return
    above = open_ones[-1] if open_ones else None
    if above is not None and above.mapping and above.key is None and isinstance(event, yaml.ScalarEvent):
        above.key = event.value
        return
    place = above.place() if above is not None else ()
    lines[place] = _line_of(event)
    if isinstance(event, yaml.CollectionStartEvent):
        open_ones.append(_Open(place, isinstance(event, yaml.MappingStartEvent)))
    else:
        _value_read(open_ones)


def _value_read(open_ones: list[_Open]) -> None:
    if open_ones:
        open_ones[-1].count += 1
        open_ones[-1].key = None


def _given(tree: law_text.Content) -> Any:
    """The tree without the fields that were left empty."""
    if isinstance(tree, dict):
        return {name: _given(value) for name, value in tree.items() if value not in ("", "~", "null")}
    if isinstance(tree, list):
        return [_given(value) for value in tree]
    return tree


def schema_of(kind: type[BaseModel]) -> dict[str, Any]:
    """JSON Schema of a body that only this API takes."""
    return kind.model_json_schema()
