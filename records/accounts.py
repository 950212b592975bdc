"""Who may knock? Accounts with their roles, and tokens, of which only the hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from records.database import Database
from records.moments import moment_of, moment_or_none, now, text_of
from records.tables import ACCOUNTS, CREDENTIALS, IDENTITIES, MAILBOXES, SESSIONS, TOKENS
from schemas.errors import BadInput, Conflict, NotAllowed, NotFound
from schemas.ids import EMAIL
from schemas.moves import Actor
from schemas.vocabulary import Role

TOKEN_BYTES = 32
RESERVED = frozenset({"house"})
"""No person bears this name: it stands in the ledger where the house did something by itself."""

CALENDAR = "calendar"
"""Scope of a token that opens its account's calendar and nothing else."""

NUMBER_SIGNS = 16
"""By so much of its hash a token is told from others."""

_PERSON = select(ACCOUNTS, MAILBOXES.c.email, MAILBOXES.c.quiet).join(
    MAILBOXES, MAILBOXES.c.account == ACCOUNTS.c.id, isouter=True
)
_SPEAKER = (
    select(ACCOUNTS.c.id, ACCOUNTS.c.roles, ACCOUNTS.c.agency, TOKENS.c.scopes, TOKENS.c.hash)
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
    """A person or machine of the house. `id` is an account name, not a name of a person in a case.

    `email`: where to remind them; `quiet`: only of what is urgent.
    """

    id: str
    roles: tuple[Role, ...]
    agency: str
    created: datetime
    closed: datetime | None = None
    email: str | None = field(default=None, repr=False)
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A token without what opens. `roles`: its scopes, empty for all of its account's; `calendar`: it opens
    the calendar and nothing else."""

    number: str
    roles: tuple[Role, ...]
    calendar: bool
    made: datetime
    expires: datetime | None


def _token(row: Row[Any]) -> Token:
    calendar = row.scopes == CALENDAR
    roles = () if calendar else _read(row.scopes)
    number = row.hash[:NUMBER_SIGNS]
    return Token(number, roles, calendar, moment_of(row.made), moment_or_none(row.expires))


def _written(roles: Iterable[Role]) -> str:
    return " ".join(sorted({role.value for role in roles}))


def _read(text: str) -> tuple[Role, ...]:
    return tuple(Role(word) for word in text.split())


def _account(row: Row[Any]) -> Account:
    return Account(
        row.id,
        _read(row.roles),
        row.agency,
        moment_of(row.created),
        moment_or_none(row.closed),
        row.email,
        bool(row.quiet),
    )


def _sound(email: str | None) -> str | None:
    if email is not None and (len(email) > 254 or not re.fullmatch(EMAIL, email)):
        raise BadInput("This is no e-mail address.", where="email", next_step="write it as name@example.org")
    return email


def _not_signed_in() -> NotAllowed:
    return NotAllowed(
        "The token is not valid.",
        where="Authorization",
        next_step="ask the operator for a new one: rogatory people token",
        code="not-signed-in",
    )


def hashed(token: str) -> str:
    """The hash under which a random token is kept: there is nothing to guess, so a fast one will do."""
    return hashlib.sha256(token.encode()).hexdigest()


def _nobody(id: str) -> NotFound:
    return NotFound(f"There is no open account {id!r}.", where=id, next_step="see the list of users")


def _is_open(connection: Connection, id: str) -> bool:
    wanted = select(ACCOUNTS.c.id).where(ACCOUNTS.c.id == id, ACCOUNTS.c.closed.is_(None))
    return connection.scalar(wanted) is not None


def _keep_mailbox(connection: Connection, id: str, email: str | None, quiet: bool) -> None:
    connection.execute(delete(MAILBOXES).where(MAILBOXES.c.account == id))
    if email is not None or quiet:
        connection.execute(insert(MAILBOXES), {"account": id, "email": email, "quiet": quiet})


class Accounts:
    """The accounts of one house."""

    def __init__(self, database: Database, house: str) -> None:
        self._database = database
        self._house = house

    def add(
        self,
        id: str,
        roles: Iterable[Role],
        agency: str = "central-authority",
        email: str | None = None,
    ) -> Account:
        """A new account. Raises Conflict if the id is taken, BadInput if it is malformed or has no role."""
        written = _written(roles)
        address = _sound(email)
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
            _keep_mailbox(connection, id, address, False)

        self._database.write(work)
        return self.one(id)

    def change(self, id: str, roles: Iterable[Role]) -> Account:
        """Give the account these roles instead; tokens keep what both name. Raises NotFound, BadInput."""
        written = _written(roles)
        if not written:
            raise BadInput("An account without a role may do nothing.", where="roles", next_step="close it")

        def work(connection: Connection) -> None:
            open_one = update(ACCOUNTS).where(ACCOUNTS.c.id == id, ACCOUNTS.c.closed.is_(None))
            if connection.execute(open_one.values(roles=written)).rowcount == 0:
                raise _nobody(id)

        self._database.write(work)
        return self.one(id)

    def remind(self, id: str, *, email: str | None, quiet: bool) -> Account:
        """Say where the account is reminded (None: nowhere), and whether only of what is urgent.

        Raises NotFound (no open account), BadInput, which does not repeat the address.
        """
        address = _sound(email)

        def work(connection: Connection) -> None:
            if not _is_open(connection, id):
                raise _nobody(id)
            _keep_mailbox(connection, id, address, quiet)

        self._database.write(work)
        return self.one(id)

    def close(self, id: str) -> None:
        """Close the account, and with it its tokens, sessions and ways to sign in; its address is forgotten.

        Raises NotFound.
        """

        def work(connection: Connection) -> None:
            if not _is_open(connection, id):
                raise _nobody(id)
            at = text_of(now())
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == id).values(closed=at))
            connection.execute(
                update(TOKENS).where(TOKENS.c.account == id, TOKENS.c.revoked.is_(None)).values(revoked=at)
            )
            for table in (MAILBOXES, SESSIONS, CREDENTIALS, IDENTITIES):
                connection.execute(delete(table).where(table.c.account == id))

        self._database.write(work)

    def one(self, id: str) -> Account:
        """One account, open or closed. Raises NotFound."""
        with self._database.read() as connection:
            row = connection.execute(_PERSON.where(ACCOUNTS.c.id == id)).first()
        if row is None:
            raise _nobody(id)
        return _account(row)

    def all(self) -> list[Account]:
        """Every account by id, closed ones too."""
        with self._database.read() as connection:
            return [_account(row) for row in connection.execute(_PERSON.order_by(ACCOUNTS.c.id))]

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
            made = {"hash": hashed(token), "account": id, "scopes": wanted, "made": text_of(now())}
            connection.execute(insert(TOKENS), {**made, "expires": expires and text_of(expires)})

        self._database.write(work)
        return token

    def calendar(self, id: str) -> str:
        """A new token that opens the account's calendar and nothing else; shown once. Raises NotFound."""
        token = "cal_" + secrets.token_urlsafe(TOKEN_BYTES)
        made = {"hash": hashed(token), "account": id, "scopes": CALENDAR, "made": text_of(now())}

        def work(connection: Connection) -> None:
            if not _is_open(connection, id):
                raise _nobody(id)
            connection.execute(insert(TOKENS), made)

        self._database.write(work)
        return token

    def revoke_calendars(self, id: str) -> int:
        """End every calendar address of the account now; how many there were."""
        ended = (
            update(TOKENS)
            .where(TOKENS.c.account == id, TOKENS.c.scopes == CALENDAR, TOKENS.c.revoked.is_(None))
            .values(revoked=text_of(now()))
        )
        return self._database.write(lambda connection: connection.execute(ended).rowcount)

    def revoke(self, token: str) -> None:
        """End a token now. Raises NotFound."""

        def work(connection: Connection) -> None:
            ended = update(TOKENS).where(TOKENS.c.hash == hashed(token)).values(revoked=text_of(now()))
            if connection.execute(ended).rowcount == 0:
                raise NotFound("There is no such token.", next_step="give the whole token")

        self._database.write(work)

    def tokens(self, id: str) -> list[Token]:
        """Tokens and calendar addresses of the account that still open something, the newest first."""
        own = select(TOKENS).where(
            TOKENS.c.account == id,
            TOKENS.c.revoked.is_(None),
            TOKENS.c.expires.is_(None) | (TOKENS.c.expires > text_of(now())),
        )
        with self._database.read() as connection:
            rows = connection.execute(own.order_by(TOKENS.c.made.desc(), TOKENS.c.hash)).all()
        return [_token(row) for row in rows]

    def revoke_one(self, id: str, number: str) -> None:
        """End the account's token of this number now. Raises NotFound."""
        own = (
            TOKENS.c.account == id,
            TOKENS.c.revoked.is_(None),
            TOKENS.c.hash.startswith(number, autoescape=True),
        )
        ended = update(TOKENS).where(*own).values(revoked=text_of(now()))
        sound = len(number) == NUMBER_SIGNS
        if not sound or self._database.write(lambda connection: connection.execute(ended).rowcount) == 0:
            raise NotFound("There is no such token.", where=number[:20], next_step="see the list of tokens")

    def of_email(self, email: str) -> list[str]:
        """Open accounts that are reminded at this address, whatever its capitals."""
        wanted = (
            select(ACCOUNTS.c.id)
            .join(MAILBOXES, MAILBOXES.c.account == ACCOUNTS.c.id)
            .where(ACCOUNTS.c.closed.is_(None), func.lower(MAILBOXES.c.email) == email.lower())
        )
        with self._database.read() as connection:
            return list(connection.scalars(wanted))

    def actor_of(self, token: str) -> Actor:
        """Who speaks with this token.

        Raises NotAllowed (`not-signed-in`): unknown, expired, revoked, account closed, all with one answer.
        """
        row = self._speaker(token)
        if row is None or row.scopes == CALENDAR:
            raise _not_signed_in()
        scopes = set(row.scopes.split())
        roles = [role for role in _read(row.roles) if not scopes or role.value in scopes]
        return Actor(id=row.id, house=self._house, roles=tuple(roles), agency=row.agency)

    def reader_of(self, token: str) -> Actor:
        """Whose calendar this token opens, with all their roles. Raises NotAllowed as `actor_of` does."""
        row = self._speaker(token)
        if row is None or row.scopes != CALENDAR:
            raise _not_signed_in()
        return Actor(id=row.id, house=self._house, roles=_read(row.roles), agency=row.agency)

    def _speaker(self, token: str) -> Any:
        wanted = hashed(token)
        with self._database.read() as connection:
            row = connection.execute(_SPEAKER, {"wanted": wanted, "now": text_of(now())}).first()
        # The search is by hash, whose timing tells nothing of a token; what it found is compared once more.
        return row if row is not None and hmac.compare_digest(row.hash, wanted) else None
