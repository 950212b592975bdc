"""How does a person prove who they are? Passwords with codes, passkeys, and identities told by a provider.

Nothing here is kept as it was typed: passwords and recovery codes as hashes, the secret of a code app and the
public keys of passkeys sealed under the house's key, each bound to the row it stands in.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Row, Update, delete, insert, select, update

from records.database import Database
from records.keys import CaseKeys
from records.moments import moment_of, moment_or_none, now, text_of
from records.passwords import hash_of as hash_of_code
from records.passwords import recovery_code, require_sound, slow_hash, step_of
from records.passwords import same as same_password
from records.references import HOUSE
from records.tables import ACCOUNTS, CREDENTIALS, HOUSE_FACTS, IDENTITIES
from schemas.errors import BadData, Conflict, NotAllowed, NotFound

PASSWORD, TOTP, PASSKEY, RECOVERY, DEMO = "password", "totp", "passkey", "recovery", "demo"
RECOVERY_CODES = 10
MADE_FOR = "made-for"
"""House fact that says what a house was made for; only one made for the demo has demo accounts."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in, without its secret. `label`: what its owner calls it."""

    id: str
    kind: str
    label: str
    made: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class Passkey:
    """One authenticator: whose, and what is needed to check it."""

    account: str
    key: bytes
    counter: int


class Credentials:
    """The ways in of one house's accounts."""

    def __init__(self, database: Database, keys: CaseKeys) -> None:
        self._database = database
        self._keys = keys

    # --- passwords and codes ------------------------------------------------------------------------

    def set_password(self, account: str, password: str) -> None:
        """The account's password from now on. Raises BadInput unless it is sound, NotFound (no account)."""
        require_sound(account, password)
        self._put(f"{PASSWORD}:{account}", account, PASSWORD, "", slow_hash(password).encode())

    def set_codes(self, account: str, secret: str, used_step: int) -> None:
        """The code app of the account from now on; the code of `used_step` and earlier ones are used up."""
        self._put(f"{TOTP}:{account}", account, TOTP, "", secret.encode(), used_step)

    def set_recovery(self, account: str) -> tuple[str, ...]:
        """New recovery codes, shown once; earlier ones are void."""
        codes = tuple(recovery_code() for _ in range(RECOVERY_CODES))
        rows = [
            self._row(f"{RECOVERY}:{account}:{number}", account, RECOVERY, "", hash_of_code(code).encode())
            for number, code in enumerate(codes)
        ]

        def work(connection: Connection) -> None:
            _require_open(connection, account)
            old = (CREDENTIALS.c.account == account, CREDENTIALS.c.kind == RECOVERY)
            connection.execute(delete(CREDENTIALS).where(*old))
            connection.execute(insert(CREDENTIALS), rows)

        self._database.write(work)
        return codes

    def enter(self, account: str, password: str, code: str) -> str | None:
        """How the account came in: `password` (with a code), `recovery` or `demo`; None if it may not.

        Takes the same time whether or not there is such an account. A code is used up only with the right
        password.
        """
        rows = {row.kind: row for row in self._rows(account) if row.kind in (PASSWORD, DEMO)}
        if DEMO in rows and self.is_demo() and self._same(rows[DEMO], password):
            return DEMO
        if not self._same(rows.get(PASSWORD), password):
            return None
        if self._use_code(account, code):
            return PASSWORD
        return RECOVERY if self._use_recovery(account, code) else None

    # --- accounts that need no code, in a house made for the demo ------------------------------------

    def mark_demo(self) -> None:
        """Say that this house was made for the demo, and holds nothing real."""

        def work(connection: Connection) -> None:
            connection.execute(delete(HOUSE_FACTS).where(HOUSE_FACTS.c.name == MADE_FOR))
            connection.execute(insert(HOUSE_FACTS), {"name": MADE_FOR, "value": DEMO})

        self._database.write(work)

    def is_demo(self) -> bool:
        """Was this house made for the demo?"""
        fact = select(HOUSE_FACTS.c.value).where(HOUSE_FACTS.c.name == MADE_FOR)
        with self._database.read() as connection:
            return connection.scalar(fact) == DEMO

    def set_demo(self, accounts: tuple[str, ...], password: str) -> None:
        """One password, without a code, for these accounts. Raises NotAllowed in a house that is no demo."""
        if not self.is_demo():
            raise NotAllowed(
                "This house was not made for the demo: nobody signs in here with a password alone.",
                next_step="invite the account: rogatory people invite",
            )
        hash = slow_hash(password).encode()
        for account in accounts:
            self._put(f"{DEMO}:{account}", account, DEMO, "", hash)

    # --- passkeys -----------------------------------------------------------------------------------

    def add_passkey(self, account: str, id: bytes, key: bytes, counter: int, label: str) -> None:
        """One more authenticator of the account. Raises Conflict if it is known, NotFound (no account)."""
        secret = len(id).to_bytes(2, "big") + id + key
        row = self._row(passkey_id(id), account, PASSKEY, label, secret, counter)

        def work(connection: Connection) -> None:
            _require_open(connection, account)
            if connection.scalar(select(CREDENTIALS.c.id).where(CREDENTIALS.c.id == row["id"])) is not None:
                raise Conflict(
                    "This passkey is known already.", where="passkey", next_step="use it to sign in"
                )
            connection.execute(insert(CREDENTIALS), row)

        self._database.write(work)

    def passkey(self, id: bytes) -> Passkey | None:
        """The authenticator with this id, if its account is open."""
        wanted = (
            select(CREDENTIALS)
            .join(ACCOUNTS, ACCOUNTS.c.id == CREDENTIALS.c.account)
            .where(CREDENTIALS.c.id == passkey_id(id), ACCOUNTS.c.closed.is_(None))
        )
        with self._database.read() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else Passkey(row.account, _parted(self._open(row))[1], row.counter)

    def passkey_ids(self, account: str) -> list[bytes]:
        """The ids of the account's authenticators, as they know them themselves."""
        return [_parted(self._open(row))[0] for row in self._rows(account) if row.kind == PASSKEY]

    def passkey_used(self, id: bytes, before: int, counter: int) -> bool:
        """Writes down that it was used, and what its own counter said; False if that changed meanwhile."""
        used = (
            update(CREDENTIALS)
            .where(CREDENTIALS.c.id == passkey_id(id), CREDENTIALS.c.counter == before)
            .values(counter=counter, used=text_of(now()))
        )
        return self._run(used) == 1

    # --- identities that a provider tells of ---------------------------------------------------------

    def identified(self, issuer: str, subject: str) -> str | None:
        """The open account that belongs to this person of the provider."""
        wanted = (
            select(IDENTITIES.c.account)
            .join(ACCOUNTS, ACCOUNTS.c.id == IDENTITIES.c.account)
            .where(
                IDENTITIES.c.issuer == issuer, IDENTITIES.c.subject == subject, ACCOUNTS.c.closed.is_(None)
            )
        )
        with self._database.read() as connection:
            return connection.scalar(wanted)

    def identify(self, issuer: str, subject: str, account: str) -> None:
        """Link them from now on. Raises Conflict if either is linked already, NotFound (no account)."""

        def work(connection: Connection) -> None:
            _require_open(connection, account)
            theirs = (IDENTITIES.c.subject == subject) | (IDENTITIES.c.account == account)
            if connection.execute(select(IDENTITIES).where(IDENTITIES.c.issuer == issuer, theirs)).first():
                raise Conflict(
                    "This account, or this person, is linked already.",
                    where=account,
                    next_step="ask an operator of the house to reset the account",
                )
            row = {"issuer": issuer, "subject": subject, "account": account, "made": text_of(now())}
            connection.execute(insert(IDENTITIES), row)

        self._database.write(work)

    # --- all of them --------------------------------------------------------------------------------

    def of(self, account: str) -> list[Way]:
        """The account's ways in, oldest first; recovery codes each, identities too, no secrets."""
        found = [_way(row) for row in self._rows(account)]
        linked = select(IDENTITIES).where(IDENTITIES.c.account == account)
        with self._database.read() as connection:
            for row in connection.execute(linked):
                found.append(Way(row.issuer, "oidc", row.issuer, moment_of(row.made), None))
        return sorted(found, key=lambda way: (way.made, way.id))

    def can_enter(self, account: str) -> bool:
        """Is there any way in?"""
        return any(way.kind in (PASSWORD, PASSKEY, DEMO, "oidc") for way in self.of(account))

    def remove(self, account: str, id: str) -> None:
        """Take one way away. Raises NotFound; Conflict if it is the last one.

        A password goes with its code app and recovery codes: one is nothing without the other.
        """
        ways = self.of(account)
        gone = [way for way in ways if way.id == id and way.kind in (PASSWORD, PASSKEY)]
        if not gone:
            raise NotFound("There is no such way to sign in.", where=id[:20], next_step="see your account")
        kinds = {PASSWORD, TOTP, RECOVERY} if gone[0].kind == PASSWORD else set()
        left = [way for way in ways if way.id != id and way.kind in (PASSWORD, PASSKEY, DEMO, "oidc")]
        if not left:
            raise Conflict(
                "This is the last way to sign in to the account.",
                where=id[:20],
                next_step="add another first",
            )
        taken = CREDENTIALS.c.id == id if not kinds else CREDENTIALS.c.kind.in_(kinds)
        last = delete(CREDENTIALS).where(CREDENTIALS.c.account == account, taken)
        self._run(last)

    def forget(self, account: str) -> int:
        """Take every way in away, identities too; how many there were."""

        def work(connection: Connection) -> int:
            own = connection.execute(delete(CREDENTIALS).where(CREDENTIALS.c.account == account)).rowcount
            linked = connection.execute(delete(IDENTITIES).where(IDENTITIES.c.account == account)).rowcount
            return own + linked

        return self._database.write(work)

    # --- inside -------------------------------------------------------------------------------------

    def _rows(self, account: str) -> list[Row[Any]]:
        wanted = (
            select(CREDENTIALS)
            .join(ACCOUNTS, ACCOUNTS.c.id == CREDENTIALS.c.account)
            .where(CREDENTIALS.c.account == account, ACCOUNTS.c.closed.is_(None))
        )
        with self._database.read() as connection:
            return list(connection.execute(wanted))

    def _same(self, row: Row[Any] | None, password: str) -> bool:
        return same_password(None if row is None else self._open(row).decode(), password)

    def _use_code(self, account: str, code: str) -> bool:
        row = next((row for row in self._rows(account) if row.kind == TOTP), None)
        step = None if row is None else step_of(self._open(row).decode(), code)
        if step is None:
            return False
        used = (
            update(CREDENTIALS)
            .where(CREDENTIALS.c.id == f"{TOTP}:{account}", CREDENTIALS.c.counter < step)
            .values(counter=step, used=text_of(now()))
        )
        return self._run(used) == 1

    def _use_recovery(self, account: str, code: str) -> bool:
        wanted = hash_of_code(code).encode()
        for row in self._rows(account):
            if row.kind == RECOVERY and secrets.compare_digest(self._open(row), wanted):
                gone = delete(CREDENTIALS).where(
                    CREDENTIALS.c.id == row.id, CREDENTIALS.c.secret == row.secret
                )
                return self._run(gone) == 1
        return False

    def _run(self, statement: Delete | Update) -> int:
        return self._database.write(lambda connection: connection.execute(statement).rowcount)

    def _put(self, id: str, account: str, kind: str, label: str, secret: bytes, counter: int = 0) -> None:
        row = self._row(id, account, kind, label, secret, counter)

        def work(connection: Connection) -> None:
            _require_open(connection, account)
            connection.execute(delete(CREDENTIALS).where(CREDENTIALS.c.id == id))
            connection.execute(insert(CREDENTIALS), row)

        self._database.write(work)

    def _row(
        self, id: str, account: str, kind: str, label: str, secret: bytes, counter: int = 0
    ) -> Mapping[str, Any]:
        content = json.dumps({"id": id, "account": account, "secret": secret.hex()}).encode()
        return {
            "id": id,
            "account": account,
            "kind": kind,
            "label": label,
            "secret": self._keys.encrypt(HOUSE, content),
            "counter": counter,
            "made": text_of(now()),
        }

    def _open(self, row: Row[Any]) -> bytes:
        content = json.loads(self._keys.decrypt(HOUSE, row.secret))
        # Whoever can write to the database must not open one account with the password of another.
        if (content["id"], content["account"]) != (row.id, row.account):
            raise BadData("A credential stands in another's place.", next_step="reset the account")
        return bytes.fromhex(content["secret"])


def passkey_id(id: bytes) -> str:
    """Under which name a passkey is kept: its own id may be long."""
    return f"{PASSKEY}:{hashlib.sha256(id).hexdigest()}"


def _parted(secret: bytes) -> tuple[bytes, bytes]:
    end = 2 + int.from_bytes(secret[:2], "big")
    return secret[2:end], secret[end:]


def _way(row: Row[Any]) -> Way:
    return Way(row.id, row.kind, row.label, moment_of(row.made), moment_or_none(row.used))


def _require_open(connection: Connection, account: str) -> None:
    wanted = select(ACCOUNTS.c.id).where(ACCOUNTS.c.id == account, ACCOUNTS.c.closed.is_(None))
    if connection.scalar(wanted) is None:
        raise NotFound(f"There is no open account {account!r}.", where=account, next_step="see the accounts")
