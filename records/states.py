"""How does a case stand, and which moves brought it there? The last filed state, and the moves from the ledger."""

from __future__ import annotations

from records.database import Database
from records.keys import CaseKeys
from records.ledger import Entry
from schemas.case import CaseState


class States:
    def __init__(self, database: Database, keys: CaseKeys) -> None:
        raise NotImplementedError

    def latest(self, ref: str) -> CaseState:
        """The state as last filed. Raises NotFound (unknown case, or code `erased`)."""
        raise NotImplementedError

    def moves(self, ref: str) -> list[Entry]:
        """The moves of the case, oldest first, with their bodies. Raises NotFound."""
        raise NotImplementedError
