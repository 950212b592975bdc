"""How does a law file become plain text data, and plain text data a law file, byte for byte?

A law file is YAML in which every scalar is text: `NO` is Norway, `2009-07-01` is ten characters. Types are
given later, by the row that holds the text. The written form is canonical: one content, one spelling.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from schemas.errors import BadData
from treaties.spelling import PLAIN_BLOCK, PLAIN_FLOW, Content, canonical

__all__ = ["MAX_BYTES", "Content", "dump", "general", "lines_of", "parse", "read"]

MAX_BYTES = 8 * 1024 * 1024
"""A law file larger than this is a mistake or an attack; the largest honest one is far below it."""

MAX_DEPTH = 32
"""Levels of lists and mappings in one another."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029", "\ufeff": "\\ufeff"}


def read(path: Path) -> Content:
    """The content of the law file `path`, every scalar as text.

    Raises BadData (`where` is file:line) for a file that is too long, is not UTF-8 or not YAML, is empty, or
    uses anchors, aliases or the same key twice.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise BadData(
            f"The file has {size} bytes, more than the {MAX_BYTES} a law file may have.",
            where=str(path),
            next_step="split it into several files of the same folder",
        )
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadData(
            "The file is not UTF-8 text.", where=str(path), next_step=f"mend byte {error.start}"
        ) from None
    return parse(text, str(path))


def parse(text: str, where: str = "text") -> Content:
    """As `read`, for text at hand; `where` names it in errors."""
    quickly = canonical(text)
    return general(text, where) if quickly is None else quickly


def general(text: str, where: str = "text") -> Content:
    """As `parse`, by a general reader of YAML: for every spelling, and for errors with their lines."""
    try:
        _refuse_strange(text, where)
        node = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.YAMLError as error:
        raise _not_yaml(error, where) from None
    if node is None:
        raise BadData("The file is empty.", where=where, next_step="remove it or give it content")
    return _content(node, where)


def dump(data: Content) -> str:
    """The canonical spelling of `data`: block style, one row of a list on one line where it holds only text
    and lists of text, no wrapped lines, quotes only where YAML needs them."""
    lines: list[str] = []
    if isinstance(data, dict) and data:
        _put_mapping(lines, data, 0)
    elif isinstance(data, list) and not _is_flat(data):
        _put_list(lines, data, 0)
    else:
        lines.append(_flow(data))
    return "\n".join(lines) + "\n"


def lines_of(path: Path) -> dict[tuple[str, ...], int]:
    """Line numbers (from 1) of every value in the file, by its path of keys and indexes.

    Costly, so it is asked only once something is wrong and a person must find the place.
    """
    top = yaml.compose(path.read_text("utf-8"), Loader=yaml.CBaseLoader)
    found: dict[tuple[str, ...], int] = {}
    todo: list[tuple[tuple[str, ...], yaml.Node]] = [] if top is None else [((), top)]
    while todo:
        place, node = todo.pop()
        found[place] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            todo.extend(((*place, key.value), value) for key, value in node.value)
        elif isinstance(node, yaml.SequenceNode):
            todo.extend(((*place, str(index)), value) for index, value in enumerate(node.value))
    return found


# --- reading ------------------------------------------------------------------------------------------


def _content(node: yaml.Node, where: str) -> Content:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_content(item, where) for item in node.value]
    mapping: dict[str, Content] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise BadData(
                "A key is not plain text.",
                where=_at(where, key.start_mark),
                next_step="use a word as the key",
            )
        if key.value in mapping:
            raise BadData(
                f"The key {key.value!r} stands twice in one mapping.",
                where=_at(where, key.start_mark),
                next_step="keep one of them, or make a list of rows",
            )
        mapping[key.value] = _content(value, where)
    return mapping


def _refuse_strange(text: str, where: str) -> None:
    """An alias would let a short file grow without bound, and hide which row a fact comes from; a deep nest
    brings the reader in C to its end, and this process with it."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise BadData(
                f"It nests deeper than {MAX_DEPTH} levels.",
                where=_at(where, event.start_mark),
                next_step="write it flat; the deepest law file has a handful of levels",
            )
        if getattr(event, "anchor", None) is not None:
            raise BadData(
                "Anchors and aliases are not allowed in law files.",
                where=_at(where, event.start_mark),
                next_step="write the row out in full, or put the text in quotes",
            )


def _not_yaml(error: yaml.YAMLError, where: str) -> BadData:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return BadData(
        f"The file is not YAML: {problem}.",
        where=_at(where, mark),
        next_step="mend the spelling at that place",
    )


def _at(where: str, mark: Any) -> str:
    """The mark of either scanner: the one in C has a type of its own."""
    return where if mark is None else f"{where}:{mark.line + 1}"


# --- writing ------------------------------------------------------------------------------------------


def _put_mapping(lines: list[str], mapping: dict[str, Content], depth: int, first: str | None = None) -> None:
    """Add `mapping` line by line; `first` replaces the indent of its first line (the dash of a list)."""
    pad = " " * depth
    for key, value in mapping.items():
        head = (pad if first is None else first) + _scalar(key, PLAIN_FLOW) + ":"
        first = None
        if isinstance(value, str):
            lines.append(f"{head} {_scalar(value, PLAIN_BLOCK)}")
        elif not value or (isinstance(value, list) and _is_flat(value)):
            lines.append(f"{head} {_flow(value)}")
        elif isinstance(value, list):
            lines.append(head)
            _put_list(lines, value, depth + 2)
        else:
            lines.append(head)
            _put_mapping(lines, value, depth + 2)


def _put_list(lines: list[str], items: list[Content], depth: int) -> None:
    pad = " " * depth + "- "
    for item in items:
        if isinstance(item, dict) and item and not all(_is_leaf(value) for value in item.values()):
            _put_mapping(lines, item, depth + 2, first=pad)
        else:
            lines.append(pad + _flow(item))


def _flow(value: Content) -> str:
    if isinstance(value, str):
        return _scalar(value, PLAIN_FLOW)
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return "{" + ", ".join(f"{_scalar(key, PLAIN_FLOW)}: {_flow(item)}" for key, item in value.items()) + "}"


def _is_flat(items: list[Content]) -> bool:
    return all(isinstance(item, str) for item in items)


def _is_leaf(value: Content) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and _is_flat(value))


def _scalar(text: str, plain: re.Pattern[str]) -> str:
    if plain.fullmatch(text) and not text.startswith(("---", "...")) and _is_printable(text):
        return text
    if (bad := _UNPRINTABLE.search(text)) is not None:
        raise BadData(
            f"The text {text!r} holds the unprintable character {bad.group()!r}.",
            next_step="remove it from the text",
        )
    quoted = json.dumps(text, ensure_ascii=False)
    for character, escape in _BREAKS.items():
        quoted = quoted.replace(character, escape)
    return quoted


def _is_printable(text: str) -> bool:
    return text.isprintable() or not (
        _UNPRINTABLE.search(text) or re.search("[\n\t\x85\u2028\u2029\ufeff]", text)
    )
