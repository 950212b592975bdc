"""How is a law file in its canonical spelling read quickly, without a whole YAML reader?

`treaties.text.dump` writes a small part of YAML, and some thousand files are read at every start. What this
module reads it reads as any YAML reader would; at the first thing it does not know it gives up (`None`), and
the whole file goes to the general reader, which also knows how to complain.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

Content = str | list["Content"] | dict[str, "Content"]

_FIRST = r"[^\s\[\]{},#&*!|>'\"%@`?:-]"
PLAIN_BLOCK = re.compile(_FIRST + r"(?:[^:#]++|:(?=\S)|(?<=\S)#)*(?<![\s:])")
"""Text that needs no quotes after `key: `."""
_FLOW = _FIRST + r"(?:[^\[\]{},?:#]++|:(?=[^\s\[\]{},])|(?<=\S)#)*(?<![\s:])"
PLAIN_FLOW = re.compile(_FLOW)
"""Text that needs no quotes within `[...]` and `{...}`, nor as a key."""

_STRANGE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_LIST = rf'\[(?:[^\[\]"]|{_QUOTED})*\]'
_ITEM = re.compile(rf"(?:({_FLOW})|({_QUOTED}))(?:, |$)")
_PAIR = re.compile(rf"({_FLOW}): (?:({_FLOW})|({_QUOTED})|({_LIST}))(?:, |$)")
_LONGEST_KEY = 128
_FURTHEST = 64
"""Signs of indent; what nests deeper is left to the general reader, which refuses it."""

Line = tuple[int, str]


class _Odd(Exception):
    """Something that the canonical spelling does not have."""


def canonical(text: str) -> Content | None:
    """The content of `text`, or None where it is not in the canonical spelling (or is no YAML at all)."""
    if not text.endswith("\n") or _STRANGE.search(text):
        return None
    lines: list[Line] = []
    for line in text[:-1].split("\n"):
        bare = line.lstrip(" ")
        lines.append((len(line) - len(bare), bare))
    try:
        content, end = _mapping(lines, 0, 0)
    except _Odd:
        return None
    return content if end == len(lines) else None


def _mapping(lines: list[Line], start: int, depth: int) -> tuple[Content, int]:
    """The mapping whose keys stand at `depth` from line `start` on, and the line after it."""
    found: dict[str, Content] = {}
    at = start
    while at < len(lines) and lines[at][0] == depth and not lines[at][1].startswith("- "):
        key, rest = _entry(lines[at][1])
        if key in found:
            raise _Odd
        at += 1
        if rest:
            found[key] = _value(rest)
        else:
            found[key], at = _below(lines, at, depth + 2)
    if at == start:
        raise _Odd
    return found, at


def _below(lines: list[Line], at: int, depth: int) -> tuple[Content, int]:
    """The list or mapping that stands under a key."""
    if at >= len(lines) or lines[at][0] != depth or depth > _FURTHEST:
        raise _Odd
    return _items(lines, at, depth) if lines[at][1].startswith("- ") else _mapping(lines, at, depth)


def _items(lines: list[Line], start: int, depth: int) -> tuple[Content, int]:
    found: list[Content] = []
    at = start
    while at < len(lines) and lines[at][0] == depth and lines[at][1].startswith("- "):
        rest = lines[at][1][2:]
        if rest[:1] not in ('"', "{", "[") and (": " in rest or rest.endswith(":")):
            # A row in block style: its first key stands behind the dash.
            lines[at] = (depth + 2, rest)
            item, at = _mapping(lines, at, depth + 2)
        else:
            item, at = _flow(rest), at + 1
        found.append(item)
    return found, at


def _entry(line: str) -> tuple[str, str]:
    """The key of a line, and what stands behind it on the line."""
    key, colon, rest = line.partition(": ")
    if not colon:
        key, rest = line[:-1], ""
        if not line.endswith(":"):
            raise _Odd
    elif not rest:
        raise _Odd
    if len(key) > _LONGEST_KEY or PLAIN_FLOW.fullmatch(key) is None:
        raise _Odd
    return key, rest


def _value(text: str) -> Content:
    """What stands behind a key in block style."""
    return _flow(text) if text[0] in "[{" else _scalar(text, PLAIN_BLOCK)


def _flow(text: str) -> Content:
    """A scalar, a list or a mapping on one line."""
    if text.startswith("{") and text.endswith("}"):
        return _pairs(text[1:-1])
    if text.startswith("[") and text.endswith("]"):
        return _list(text[1:-1])
    return _scalar(text, PLAIN_FLOW)


def _pairs(body: str) -> Content:
    found: dict[str, Content] = {}
    for key, plain, quoted, listed in _parts(_PAIR, body):
        if key in found or len(key) > _LONGEST_KEY:
            raise _Odd
        found[key] = plain or (_unquoted(quoted) if quoted else _list(listed[1:-1]))
    return found


def _list(body: str) -> Content:
    return [plain or _unquoted(quoted) for plain, quoted in _parts(_ITEM, body)]


def _parts(pattern: re.Pattern[str], body: str) -> Iterator[tuple[str, ...]]:
    """The parts of `body`, each where the one before it ends. Looking for the next one further on would take
    the square of its length where there is none. Raises _Odd for anything else, and after a last comma."""
    at = 0
    while at < len(body):
        match = pattern.match(body, at)
        if match is None:
            raise _Odd
        yield match.groups()
        at = match.end()
    if body.endswith(", "):
        raise _Odd


def _scalar(text: str, plain: re.Pattern[str]) -> str:
    return text if plain.fullmatch(text) is not None else _unquoted(text)


def _unquoted(text: str) -> str:
    if text[:1] != '"':
        raise _Odd
    try:
        return str(json.loads(text))
    except ValueError:
        raise _Odd from None
