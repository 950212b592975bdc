"""How is a law file written so that the same facts give the same bytes?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.facts.table import RECORDED
from treaties.text import Content, dump

ASSERTED = ("text_read",)
"""Truth values that are written even if false; the others are false where they are not written."""
ROW_FIELDS = ("source", "checked", "confidence")


def text_of(value: Any) -> Content:
    """`value` as text data: no numbers, no booleans, nothing empty, nothing absent.

    An instrument (it has a `form`) keeps its kinds even if empty: then it carries no kind of request.
    """
    if isinstance(value, Mapping):
        kept = {
            str(key): text_of(item)
            for key, item in value.items()
            if item not in (None, False) or key in ASSERTED
        }
        return {
            key: item
            for key, item in kept.items()
            if item not in ("", [], {}) or (key == "kinds" and "form" in kept)
        }
    if isinstance(value, list | tuple):
        return [text_of(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def with_defaults(content: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """`content` headed by `defaults` for the fields that all `rows` in it share, taken out of the rows.

    Only a field that every row has may become a default: a row without it would otherwise gain a value.
    """
    defaults: dict[str, str] = {"recorded": RECORDED}
    for row in rows:
        row.pop("recorded", None)
    for name in ROW_FIELDS:
        values = [row.get(name) for row in rows]
        if rows and all(values):
            common, times = Counter(values).most_common(1)[0]
            # A default of `memory` would quietly stand for a source that somebody forgot to name.
            if common == "memory" or times * 2 < len(values):
                continue
            defaults[name] = str(common)
            for row in rows:
                if row[name] == common:
                    del row[name]
    return {"defaults": defaults, **content}


def write(path: Path, content: Mapping[str, Any]) -> bool:
    """Write `content` to `path`; True if the bytes changed."""
    data = dump(text_of(content)).encode()
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True
