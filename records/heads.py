"""Up to where does the ledger stand, signed? A checkpoint over all entries of the house."""

from __future__ import annotations

from collections.abc import Callable

from records.database import Database

Sign = Callable[[bytes], str]
"""Signs payload bytes (canonical JSON) into a compact JWS: `functools.partial(letters.seal.sign, key=...)`."""


class Heads:
    def __init__(self, database: Database, house: str) -> None:
        raise NotImplementedError

    def current(self, sign: Sign) -> str:
        """A signed Head (compact JWS): one that covers every entry, or one younger than 5 seconds."""
        raise NotImplementedError
