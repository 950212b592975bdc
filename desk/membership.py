"""What is done to an account of the house, by an operator or by its owner, and how is it written down?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp

from records.accounts import Account
from records.open import Records
from records.references import HOUSE
from records.sign_ins import Json
from schemas.errors import BadInput, Conflict, NotFound
from schemas.moves import Actor
from schemas.vocabulary import Role

INVITATION = "invitation"
INVITED = timedelta(hours=72)
PATH = "/desk/invitation/"
AGENCY = r"[a-z0-9]+(-[a-z0-9]+)*"
LONGEST_AGENCY = 80


def add(
    records: Records, actor: Actor, id: str, roles: Iterable[Role], agency: str, email: str | None
) -> Account:
    """A new account. Raises Conflict, BadInput."""
    if len(agency) > LONGEST_AGENCY or not re.fullmatch(AGENCY, agency):
        raise BadInput(
            "This cannot be an agency.",
            where="agency",
            next_step="small letters, figures and hyphens: state-police",
        )
    made = records.accounts.add(id, roles, agency, email)
    note(records, actor, "account-added", {"id": id, "roles": _words(made.roles), "agency": agency})
    return made


def change_roles(records: Records, actor: Actor, id: str, roles: Iterable[Role]) -> Account:
    """Other roles from now on, also for who is signed in. Raises NotFound, BadInput, Conflict."""
    wanted = tuple(roles)
    before = records.accounts.one(id)
    if Role.OPERATOR in before.roles and Role.OPERATOR not in wanted:
        _require_another_operator(records, id)
    made = records.accounts.change(id, wanted)
    detail = {"id": id, "before": _words(before.roles), "roles": _words(made.roles)}
    note(records, actor, "roles-changed", detail)
    return made


def close(records: Records, actor: Actor, id: str) -> None:
    """Close an account with all that opens it. Raises NotFound, Conflict (the last operator)."""
    if Role.OPERATOR in records.accounts.one(id).roles:
        _require_another_operator(records, id)
    records.accounts.close(id)
    records.sign_ins.drop(INVITATION, id)
    note(records, actor, "account-closed", {"id": id})


def invite(records: Records, actor: Actor, id: str) -> str:
    """The word of a link by which the account's owner chooses how to sign in: once, within INVITED.

    An earlier one is void. Raises NotFound; Conflict if the account can sign in already.
    """
    if records.accounts.one(id).closed is not None:
        raise NotFound(f"There is no open account {id!r}.", where=id, next_step="see the accounts")
    if records.credentials.can_enter(id):
        raise Conflict(
            f"The account {id!r} can sign in already.",
            where=id,
            next_step="if its owner cannot any more, reset it: that ends its sessions and ways to sign in",
        )
    records.sign_ins.drop(INVITATION, id)
    word = records.sign_ins.begin(INVITATION, {"account": id, "secret": pyotp.random_base32()}, INVITED)
    note(records, actor, "account-invited", {"id": id})
    return word


def reset(records: Records, actor: Actor, id: str) -> str:
    """Ends every session and way to sign in of the account, and invites it anew; tokens go on.

    Raises NotFound.
    """
    records.accounts.one(id)
    sessions = records.sessions.end_all(id)
    ways = records.credentials.forget(id)
    note(records, actor, "account-reset", {"id": id, "sessions": sessions, "ways": ways})
    return invite(records, actor, id)


def invited(records: Records, word: str) -> Json:
    """Whom the invitation is for (`account`), and the secret of their code app.

    Raises NotFound if it is over or used, or its account is closed.
    """
    found = records.sign_ins.look(INVITATION, word)
    if found is None or records.accounts.one(found["account"]).closed is not None:
        raise _over()
    return found


def accept(records: Records, word: str) -> str:
    """Uses the invitation up: its account. Raises NotFound, also for the second of two at once."""
    account: str = invited(records, word)["account"]
    if records.sign_ins.take(INVITATION, word) is None:
        raise _over()
    return account


def _over() -> NotFound:
    return NotFound(
        "This invitation was used already, or its time is over.",
        next_step="ask an operator of the house for a new one",
    )


def token(
    records: Records, actor: Actor, id: str, scopes: tuple[Role, ...] | None, end: datetime | None
) -> str:
    """A new token, shown once. Raises NotFound, BadInput (a scope beyond the roles, an end that is past)."""
    if end is not None and end <= datetime.now(UTC):
        raise BadInput(
            "The token would have expired already.", where="body.expires", next_step="give a later moment"
        )
    made = records.accounts.token(id, scopes, end)
    note(records, actor, "token-made", {"id": id, "scopes": _words(scopes) if scopes else None})
    return made


def revoke(records: Records, actor: Actor, id: str, number: str) -> None:
    """End a token of the account by its number. Raises NotFound."""
    records.accounts.revoke_one(id, number)
    note(records, actor, "token-revoked", {"id": id, "number": number})


def end_sessions(records: Records, actor: Actor, id: str, but: str = "") -> int:
    """End every session of the account save the one with the hash `but`; how many. Raises NotFound."""
    records.accounts.one(id)
    ended = records.sessions.end_all(id, but)
    note(records, actor, "sessions-ended", {"id": id, "ended": ended})
    return ended


def remind(records: Records, actor: Actor, id: str, email: str | None, quiet: bool) -> Account:
    """Where the account is reminded. The ledger keeps that it was said, never the address."""
    made = records.accounts.remind(id, email=email, quiet=quiet)
    note(records, actor, "reminders-set", {"id": id, "email": email is not None, "quiet": quiet})
    return made


def remove_way(records: Records, actor: Actor, id: str, way: str) -> None:
    """Take one way to sign in away, never the last. Raises NotFound, Conflict."""
    records.credentials.remove(id, way)
    note(records, actor, "way-in-removed", {"id": id, "kind": way.partition(":")[0]})


def note(records: Records, actor: Actor, event: str, detail: dict[str, Any]) -> None:
    """An entry of the house itself."""
    records.ledger.note(HOUSE, actor, event, detail, datetime.now(UTC))


def _require_another_operator(records: Records, id: str) -> None:
    others = [each for each in records.accounts.all() if each.closed is None and each.id != id]
    if not any(Role.OPERATOR in each.roles for each in others):
        raise Conflict(
            f"{id!r} is the last operator: nobody could keep accounts any more.",
            where=id,
            next_step="make another operator first",
        )


def _words(roles: Iterable[Role]) -> list[str]:
    return [role.value for role in roles]
