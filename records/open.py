"""What does a house keep, and how is it opened?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any

from sqlalchemy import Connection, insert, select

from records.absences import Absences
from records.accounts import Accounts
from records.attempts import Attempts
from records.audit import verify_records
from records.cases import Cases
from records.claim import shared
from records.credentials import Credentials
from records.database import Database
from records.docket import Docket
from records.drafts import Drafts
from records.filing import Filing
from records.heads import Heads
from records.held import FOLDER
from records.kept_forms import KeptForms
from records.keys import CaseKeys, new_master_key
from records.ledger import Ledger
from records.notices import Notices
from records.proposals import Proposals
from records.references import References
from records.restored import finish_restore, take_restored
from records.saved_views import SavedViews
from records.schema import upgrade
from records.sessions import Sessions
from records.sign_ins import Brake, SignIns
from records.states import States
from records.tables import HOUSE_FACTS
from records.unseen import Unseen
from records.vault import Vault
from records.verify import Problem
from records.watching import Watching
from schemas.errors import BadInput
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
    absences: Absences
    notices: Notices
    references: References
    heads: Heads
    cases: Cases
    proposals: Proposals
    watching: Watching
    sessions: Sessions
    credentials: Credentials
    sign_ins: SignIns
    brake: Brake
    kept_forms: KeptForms
    drafts: Drafts
    saved_views: SavedViews
    unseen: Unseen
    claim: IO[bytes]

    def file(self, work: FileWork) -> FileDone:
        """File one move: ledger entry, state and docket row in one durable transaction.

        The case has a key (`keys.create`) before its first move. The same move again returns its entry, with
        `repeated`. If the records are ahead (they hold another move under this number, or the same one with
        another state), nothing is written and the last filed state is returned: it is true, go on from it.
        Raises Conflict (`records-behind`) if moves before it are missing; NotFound (`erased`, or no key).
        """
        return Filing(self.database, self.keys, self.ledger, self.states).file(work)

    def verify(
        self, head_jws: str | None = None, keys: Mapping[str, Mapping[str, Any]] | None = None
    ) -> list[Problem]:
        """Every disagreement inside the records, and with a signed head; empty if they are whole."""
        return verify_records(self.database, self.ledger, self.vault, head_jws, keys)

    def close(self) -> None:
        """Close the database, and let a restore begin."""
        self.database.close()
        self.claim.close()


def new_house(settings: Settings) -> None:
    """Make the home folder, the key folder with its master key, the vault and the database of a new house.

    Raises Conflict if there is a master key already.
    """
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    new_master_key(settings.keys)
    open_records(settings).close()


def open_records(settings: Settings) -> Records:
    """Open the records of a house; an older database is brought up to date first.

    Raises BadInput if there is no master key or the database is another house's, BadData if the database was
    made by a newer program, Unavailable if it does not answer or is just being restored.
    """
    claim = shared(settings.home)
    try:
        database = Database(settings.database)
        try:
            return _opened(settings, database, claim)
        except BaseException:
            database.close()
            raise
    except BaseException:
        claim.close()
        raise


def _opened(settings: Settings, database: Database, claim: IO[bytes]) -> Records:
    keys = CaseKeys(database, settings.keys)
    upgrade(database)
    _require_own(database, settings.house)
    vault_folder = settings.home / "vault"
    held_folder = settings.home / FOLDER
    restored = take_restored(database, (vault_folder, held_folder))
    vault_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys.create_house()
    ledger = Ledger(database, keys, settings.house)
    cases = Cases(
        database,
        keys,
        ledger,
        house=settings.house,
        retention_days=settings.retention_days,
        folder=settings.keys,
        items=held_folder,
    )
    if restored:
        finish_restore(database, ledger, settings.keys, settings.house)
    # A process that ended between erasing and telling left this undone.
    cases.finish_erasures()
    return Records(
        settings=settings,
        database=database,
        keys=keys,
        vault=Vault(vault_folder, keys),
        ledger=ledger,
        states=States(database, keys, ledger),
        docket=Docket(database),
        attempts=Attempts(database),
        accounts=Accounts(database, settings.house),
        absences=Absences(database),
        notices=Notices(database),
        references=References(database, settings.reference, settings.state),
        heads=Heads(database, settings.house),
        cases=cases,
        proposals=Proposals(database, ledger),
        watching=Watching(database),
        sessions=Sessions(database, settings.house, timedelta(minutes=settings.idle_minutes)),
        credentials=Credentials(database, keys),
        sign_ins=SignIns(database, keys),
        brake=Brake(database),
        kept_forms=KeptForms(database, keys),
        drafts=Drafts(database, keys),
        saved_views=SavedViews(database),
        unseen=Unseen(database, settings.house),
        claim=claim,
    )


def _require_own(database: Database, house: str) -> None:
    """Two houses in one database would share numbers and ledger: the database remembers whose it is."""
    whose = select(HOUSE_FACTS.c.value).where(HOUSE_FACTS.c.name == "house")
    with database.read() as connection:
        owner = connection.scalar(whose)
    if owner is None:

        def work(connection: Connection) -> str:
            there = connection.scalar(whose)
            if there is None:
                connection.execute(insert(HOUSE_FACTS), {"name": "house", "value": house})
            return there or house

        owner = database.write(work)
    if owner != house:
        raise BadInput(
            f"The database belongs to the house {owner}, not to {house}.",
            where="database_url",
            next_step="give each house its own database",
        )
