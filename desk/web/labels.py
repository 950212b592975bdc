"""What is a code called on a page? English here (`label_tables`); the catalogs hold the other languages.

A code without a name of its own is shown as it is written, with spaces. Codes of attention carry a tail
(`due-soon:acknowledge:1-day`): the head says what it is, and `parts` gives the tail.
"""

from __future__ import annotations

from enum import Enum

from desk.web.label_tables import LABELS


def label(kind: str, code: object) -> str:
    """The English name of `code` in the list `kind`; of a code with a tail, that of its head."""
    word = str(code.value) if isinstance(code, Enum) else str(code)
    names = LABELS.get(kind, {})
    found = names.get(word) or names.get(parts(word)[0])
    return found if found is not None else word.replace("-", " ").replace("_", " ").replace(":", ": ")


def parts(code: str) -> list[str]:
    """The head of a code and what follows it: `missed:decide` is a missed `decide`."""
    return code.split(":")
