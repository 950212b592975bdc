"""Who comes in at a screen, who goes, who was turned away? Each is written to the ledger, without secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from records.accounts import Account
from records.open import Records
from records.references import HOUSE
from records.sessions import Session
from schemas.errors import NotFound
from schemas.moves import Actor

OIDC, OIDC_ANEW = "oidc", "oidc-anew"
"""Means of a session: by the provider, which may have known them since this morning; or which asked anew."""


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody came in. `token`: of the new session, for the cookie."""

    account: str
    token: str


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Somebody did not. `until`: when to try again, if there were too many attempts."""

    name: str
    until: datetime | None = None


def by_password(records: Records, name: str, password: str, code: str) -> Entered | TurnedAway:
    """Sign in by password and code. Unknown, closed, wrong: one answer, after the same time."""
    account = name.strip().lower()
    until = records.brake.press(account)
    if until is not None:
        return TurnedAway(account, until)
    means = records.credentials.enter(account, password, code)
    if means is None:
        return TurnedAway(account)
    records.brake.release(account)
    return enter(records, account, means)


def enter(records: Records, account: str, means: str) -> Entered:
    """A session for an account that has shown who it is. Raises NotFound unless the account is open."""
    found = _open(records, account)
    token = records.sessions.begin(account, means)
    note(records, found, "signed-in", {"means": means})
    return Entered(account, token)


def turned_away(records: Records, refused: TurnedAway) -> None:
    """Writes down that signing in failed, where there is such an account. Not while the visitor waits: the
    time would tell that the account is there."""
    try:
        _open(records, refused.name)
    except NotFound:
        return
    house = Actor(id="house", house=records.settings.house)
    detail = {"id": refused.name, "left": records.brake.left(refused.name)}
    records.ledger.note(HOUSE, house, "sign-in-failed", detail, datetime.now(UTC))


def go(records: Records, session: Session) -> None:
    """Sign out at this screen."""
    records.sessions.end_one(session.actor.id, session.hash)
    records.ledger.note(HOUSE, session.actor, "signed-out", {}, datetime.now(UTC))


def note(records: Records, account: Account, event: str, detail: dict[str, Any]) -> None:
    """An entry about the account's own doing."""
    records.ledger.note(HOUSE, actor_of(records, account), event, detail, datetime.now(UTC))


def actor_of(records: Records, account: Account) -> Actor:
    """The account as the one who acts."""
    return Actor(id=account.id, house=records.settings.house, roles=account.roles, agency=account.agency)


def _open(records: Records, account: str) -> Account:
    found = records.accounts.one(account)
    if found.closed is not None:
        raise NotFound(f"There is no open account {account!r}.", where=account, next_step="see the accounts")
    return found
