"""What does a house keep, and how is it opened?"""

from __future__ import annotations

from dataclasses import dataclass

from records.accounts import Accounts
from records.attempts import Attempts
from records.cases import Cases
from records.database import Database
from records.docket import Docket
from records.heads import Heads
from records.keys import CaseKeys
from records.ledger import Ledger
from records.references import References
from records.states import States
from records.vault import Vault
from schemas.settings import Settings
from schemas.work import FileDone, FileWork


@dataclass(frozen=True, slots=True)
class Records:
    """Everything a house keeps. Safe to use from many threads; open one per process."""

    settings: Settings
    database: Database
    keys: CaseKeys
    vault: Vault
    ledger: Ledger
    states: States
    docket: Docket
    attempts: Attempts
    accounts: Accounts
    references: References
    heads: Heads
    cases: Cases

    def file(self, work: FileWork) -> FileDone:
        """File one move: ledger entry, state and docket row in one durable transaction.

        The case has a key (`keys.create`) before its first move. The same move again (same key, event, actor and
        detail) returns its entry with `repeated`. Raises Conflict: `records-ahead` if another move is filed under
        this number (start the case again from `states.latest`), `records-behind` if moves before it are missing.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Close the database."""
        raise NotImplementedError


def new_house(settings: Settings) -> None:
    """Make the home folder, the key folder with its master key, the vault and the database of a new house."""
    raise NotImplementedError


def open_records(settings: Settings) -> Records:
    """Open the records of a house; an older database is brought up to date first.

    Raises BadInput if there is no master key, BadData if the database was made by a newer program.
    """
    raise NotImplementedError
