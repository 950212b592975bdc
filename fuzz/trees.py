"""How is a JSON value changed so that it stays JSON, and gets past the first look?"""

from __future__ import annotations

import json
from copy import deepcopy
from random import Random
from typing import Any

from fuzz.mutate import spliced, spoiled

ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**31,
    2**53,
    2**64,
    10**400,
    1.5,
    1e308,
    float("nan"),
    float("inf"),
    "",
    " ",
    "\x00",
    "a" * 3000,
    "a" * 70_000,
    "..",
    "../x",
    "a/b",
    "\u202e",
    "\ud800",
    "\U0001f4a9",
    "=1+1",
    "DE",
    "ZZ",
    "no",
    "unknown",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "2026-11-21",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-23:59",
    "2026-11-21T11:59:00",
    "2026-11-21T11:59:00Z",
    "24:00",
    "P1Y",
    "sha256:" + "0" * 64,
    "sha256:" + "0" * 64 + "\n",
    "mla",
    "extradition",
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"a": {"a": {}}},
)
NAMES = (
    "",
    "id",
    "kind",
    "type",
    "event",
    "name",
    "sha256",
    "items",
    "__class__",
    "a" * 300,
    "\x00",
    "documents",
    "title",
)

MOST_NODES = 2000
"""Of one value, so that doubling what was doubled comes to an end."""

Node = dict[str, Any] | list[Any]


def json_spoiled(data: bytes, other: bytes, chance: Random) -> bytes:
    """`data`, a JSON text, changed as a value; sometimes as text as well, or into no JSON at all."""
    if chance.random() < 0.2:
        return spliced(data, other, chance) if chance.random() < 0.2 else spoiled(data, chance)
    try:
        value, giver = json.loads(data), json.loads(other)
    except (ValueError, RecursionError):
        return spoiled(data, chance)
    for _ in range(1 + min(int(chance.expovariate(0.7)), 6)):
        if len(_nodes(value)) == MOST_NODES:
            break
        value = _changed(value, giver, chance)
    told = json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    return spoiled(told, chance) if chance.random() < 0.1 else told


def _nodes(value: Any) -> list[Node]:
    found: list[Node] = []
    todo = [value]
    while todo and len(found) < MOST_NODES:
        one = todo.pop()
        if isinstance(one, dict | list):
            found.append(one)
            todo.extend(one.values() if isinstance(one, dict) else one)
    return found


def _changed(value: Any, giver: Any, chance: Random) -> Any:
    nodes = [one for one in _nodes(value) if one]
    if not nodes or chance.random() < 0.02:
        return _strange(chance)
    node = chance.choice(nodes)
    place: Any = chance.choice(list(node)) if isinstance(node, dict) else chance.randrange(len(node))
    way = chance.random()
    if way < 0.45:
        node[place] = _odd(node[place], chance)
    elif way < 0.6:
        del node[place]
    elif way < 0.75:
        nodes = [one for one in _nodes(giver) if one]
        given = chance.choice(nodes) if nodes else giver
        taken = chance.choice(list(given.values()) if isinstance(given, dict) else given) if given else None
        node[place] = json.loads(json.dumps(taken))
    elif isinstance(node, dict):
        _renamed(node, place, chance)
    else:
        node.extend([node[place]] * chance.choice((1, 2, 50)))
    return value


def _renamed(node: dict[str, Any], place: str, chance: Random) -> None:
    if chance.random() < 0.5:
        node[chance.choice(NAMES)] = node.pop(place)
    else:
        node[chance.choice(NAMES)] = _strange(chance)


def _odd(value: Any, chance: Random) -> Any:
    if isinstance(value, str) and chance.random() < 0.4:
        return spoiled(value.encode("utf-8", "surrogatepass"), chance)[:5000].decode("utf-8", "replace")
    if isinstance(value, int) and chance.random() < 0.4:
        return value + chance.choice((-1, 1, 2**32))
    return _strange(chance)


def _strange(chance: Random) -> Any:
    """A value of its own each time: it may be changed again."""
    return deepcopy(chance.choice(ODD))
