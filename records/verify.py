"""Was a ledger altered? Checks an export offline, with nothing but the export, a head and public keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong: `code`, `where` (line or entry), `what` in a sentence without content of a case."""

    code: str
    where: str
    what: str


def verify_export(
    lines: Iterable[str | bytes],
    head_jws: str | None = None,
    keys: Mapping[str, dict[str, Any]] | None = None,
) -> list[Problem]:
    """Every problem of an export; empty if it is whole.

    `head_jws`: a signed head as a counterpart keeps it; `keys`: public JWKs of the house by `kid`.
    Without a head, entries cut off at the end by someone who also rewrote the first line stay unseen.
    """
    raise NotImplementedError
