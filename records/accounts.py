"""Who may knock? Accounts with their roles, and tokens, of which only the hash is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from records.database import Database
from records.moments import moment_of, moment_or_none, now, text_of
from records.tables import ACCOUNTS, TOKENS
from schemas.errors import BadInput, Conflict, NotAllowed, NotFound
from schemas.moves import Actor
from schemas.vocabulary import Role

TOKEN_BYTES = 32
RESERVED = frozenset({"house"})
"""No person bears this name: it stands in the ledger where the house did something by itself."""

_SPEAKER = (
    select(ACCOUNTS.c.id, ACCOUNTS.c.roles, ACCOUNTS.c.agency, TOKENS.c.scopes)
    .join(ACCOUNTS, ACCOUNTS.c.id == TOKENS.c.account)
    .where(
        TOKENS.c.hash == bindparam("wanted"),
        TOKENS.c.revoked.is_(None),
        TOKENS.c.expires.is_(None) | (TOKENS.c.expires > bindparam("now")),
        ACCOUNTS.c.closed.is_(None),
    )
)

_ID = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")


@dataclass(frozen=True, slots=True)
class Account:
    """A person or machine of the house. `id` is an account name, not a name of a person in a case."""

    id: str
    roles: tuple[Role, ...]
    agency: str
    created: datetime
    closed: datetime | None = None


def _written(roles: Iterable[Role]) -> str:
    return " ".join(sorted({role.value for role in roles}))


def _read(text: str) -> tuple[Role, ...]:
    return tuple(Role(word) for word in text.split())


def _account(row: Row[tuple[str, str, str, str, str | None]]) -> Account:
    return Account(row.id, _read(row.roles), row.agency, moment_of(row.created), moment_or_none(row.closed))


def _hash(token: str) -> str:
    # A token is 32 random bytes: there is nothing to guess, so a fast hash keeps it as well as a slow one.
    return hashlib.sha256(token.encode()).hexdigest()


def _nobody(id: str) -> NotFound:
    return NotFound(f"There is no open account {id!r}.", where=id, next_step="see the list of users")


class Accounts:
    """The accounts of one house."""

    def __init__(self, database: Database, house: str) -> None:
        self._database = database
        self._house = house

    def add(self, id: str, roles: Iterable[Role], agency: str = "central-authority") -> Account:
        """A new account. Raises Conflict if the id is taken, BadInput if it is malformed or has no role."""
        written = _written(roles)
        if not _ID.fullmatch(id):
            raise BadInput(
                f"{id!r} cannot be an account.", where="id", next_step="2 to 80 of a-z, 0-9, . _ @ or -"
            )
        if id in RESERVED:
            raise BadInput(
                f"{id!r} is what the ledger calls the house itself.", where="id", next_step="take another id"
            )
        if not written:
            raise BadInput(
                "An account without a role may do nothing.", where="roles", next_step="name a role"
            )
        row = {"id": id, "roles": written, "agency": agency, "created": text_of(now())}

        def work(connection: Connection) -> None:
            if connection.scalar(select(ACCOUNTS.c.id).where(ACCOUNTS.c.id == id)) is not None:
                raise Conflict(f"The account {id!r} exists.", where="id", next_step="take another id")
            connection.execute(insert(ACCOUNTS), row)

        self._database.write(work)
        return self.one(id)

    def change(self, id: str, roles: Iterable[Role]) -> Account:
        """Give the account these roles instead; tokens keep what both name. Raises NotFound, BadInput."""
        written = _written(roles)
        if not written:
            raise BadInput("An account without a role may do nothing.", where="roles", next_step="close it")
        self._update(id, roles=written)
        return self.one(id)

    def close(self, id: str) -> None:
        """Close the account, and with it every token of it. Raises NotFound."""
        self._update(id, closed=text_of(now()))

    def one(self, id: str) -> Account:
        """One account, open or closed. Raises NotFound."""
        with self._database.read() as connection:
            row = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.id == id)).first()
        if row is None:
            raise _nobody(id)
        return _account(row)

    def all(self) -> list[Account]:
        """Every account by id, closed ones too."""
        with self._database.read() as connection:
            return [_account(row) for row in connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.id))]

    def token(self, id: str, scopes: Iterable[Role] | None = None, expires: datetime | None = None) -> str:
        """A new token, shown once. `scopes`: some of the account's roles (None: all it has at any time).

        Raises NotFound (no open account), BadInput (a scope the account has no role for).
        """
        token = "rog_" + secrets.token_urlsafe(TOKEN_BYTES)
        wanted = "" if scopes is None else _written(scopes)
        if scopes is not None and not wanted:
            raise BadInput("A token without a scope may do nothing.", where="scopes", next_step="name a role")

        def work(connection: Connection) -> None:
            row = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.id == id)).first()
            if row is None or row.closed is not None:
                raise _nobody(id)
            beyond = sorted(set(wanted.split()) - set(row.roles.split()))
            if beyond:
                raise BadInput(
                    f"The account {id!r} has no role {', '.join(beyond)}.",
                    where="scopes",
                    next_step=f"its roles: {row.roles}",
                )
            made = {"hash": _hash(token), "account": id, "scopes": wanted, "made": text_of(now())}
            connection.execute(insert(TOKENS), {**made, "expires": expires and text_of(expires)})

        self._database.write(work)
        return token

    def revoke(self, token: str) -> None:
        """End a token now. Raises NotFound."""

        def work(connection: Connection) -> None:
            ended = update(TOKENS).where(TOKENS.c.hash == _hash(token)).values(revoked=text_of(now()))
            if connection.execute(ended).rowcount == 0:
                raise NotFound("There is no such token.", next_step="give the whole token")

        self._database.write(work)

    def actor_of(self, token: str) -> Actor:
        """Who speaks with this token.

        Raises NotAllowed (`not-signed-in`): unknown, expired, revoked, account closed, all with one answer.
        """
        with self._database.read() as connection:
            row = connection.execute(_SPEAKER, {"wanted": _hash(token), "now": text_of(now())}).first()
        if row is None:
            raise NotAllowed(
                "The token is not valid.",
                where="Authorization",
                next_step="ask the operator for a new one: rogatory user token",
                code="not-signed-in",
            )
        scopes = set(row.scopes.split())
        roles = [role for role in _read(row.roles) if not scopes or role.value in scopes]
        return Actor(id=row.id, house=self._house, roles=tuple(roles), agency=row.agency)

    def _update(self, id: str, **values: str) -> None:
        def work(connection: Connection) -> None:
            open_one = update(ACCOUNTS).where(ACCOUNTS.c.id == id, ACCOUNTS.c.closed.is_(None))
            if connection.execute(open_one, values).rowcount == 0:
                raise _nobody(id)

        self._database.write(work)
