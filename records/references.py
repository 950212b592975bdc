"""Under which reference does a case run? The office's own numbering, each number given once."""

from __future__ import annotations

from datetime import date

from records.database import Database
from schemas.vocabulary import Kind


class References:
    def __init__(self, database: Database, scheme: str, state: str) -> None:
        raise NotImplementedError

    def next(self, kind: Kind, on: date) -> str:
        """The next reference of the year of `on` by the scheme; reserved for ever, also if no case follows."""
        raise NotImplementedError

    def reserve(self, ref: str) -> None:
        """Take a reference given from outside (an old register). Raises Conflict if taken, BadInput if malformed."""
        raise NotImplementedError

    def known(self, ref: str) -> bool:
        """Was it given out?"""
        raise NotImplementedError
