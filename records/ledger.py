"""What happened, in which order, and by whom? Append-only entries, chained by hash per case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from records.database import Database
from records.keys import CaseKeys
from schemas.ids import Digest
from schemas.moves import Actor

HOUSE = "house"
"""Stands for the house itself where an entry belongs to no case; no case may carry this reference."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `move` counts the moves of a case from 1, `note` its other entries; one of them is None.

    `detail` is the decrypted body (JSON), None once the case is erased. `row` is the docket row (JSON).
    Times are UTC, `hash` and `prev` 64 hexadecimal digits.
    """

    seq: int
    ref: str
    move: int | None
    note: int | None
    at: datetime
    actor: str
    house: str
    event: str
    key: str
    message: str | None
    sealed: Digest | None
    row: str | None
    detail: str | None
    hash: str
    prev: str


class Ledger:
    def __init__(self, database: Database, keys: CaseKeys, house: str) -> None:
        raise NotImplementedError

    def note(self, ref: str, actor: Actor, event: str, detail: dict[str, Any], at: datetime) -> str:
        """Write an entry that is no move (refused message, attempt, hold, view of protected data). Its hash.

        `ref` HOUSE where no case is concerned. `detail` is encrypted with the case key.
        """
        raise NotImplementedError

    def entries(self, ref: str) -> list[Entry]:
        """All entries of a case in order, decrypted where the key still exists. Raises NotFound."""
        raise NotImplementedError

    def of_key(self, ref: str, key: str) -> Entry | None:
        """The move that an idempotency key made, also one that the state no longer remembers."""
        raise NotImplementedError

    def of_message(self, message: str) -> Entry | None:
        """The move that a message from another house made."""
        raise NotImplementedError

    def export(self) -> Iterator[str]:
        """The whole ledger as lines of JSON without line ends, for `records.verify.verify_export`."""
        raise NotImplementedError
