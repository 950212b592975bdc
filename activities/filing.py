"""How does a move get into the records?"""

from __future__ import annotations

from temporalio import activity

from activities.refusing import told
from records.open import Records
from schemas.work import FILE, FileDone, FileWork


class Filing:
    """Files moves: ledger entry, state and docket row in one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    @activity.defn(name=FILE)
    @told
    def file(self, work: FileWork) -> FileDone:
        """As `Records.file`. What the records already hold under this number comes back as state."""
        return self._records.file(work)
