"""Who may knock? Accounts with their roles, and tokens, of which only the hash is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from records.database import Database
from schemas.moves import Actor
from schemas.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    roles: tuple[Role, ...]
    agency: str
    created: datetime
    closed: datetime | None = None


class Accounts:
    def __init__(self, database: Database, house: str) -> None:
        raise NotImplementedError

    def add(self, id: str, roles: Iterable[Role], agency: str = "central-authority") -> Account:
        """A new account. Raises Conflict if the id is taken, BadInput if it is malformed or has no role."""
        raise NotImplementedError

    def change(self, id: str, roles: Iterable[Role]) -> Account:
        """Give the account these roles instead; tokens keep only what both name. Raises NotFound."""
        raise NotImplementedError

    def close(self, id: str) -> None:
        """Close the account and every token of it. Raises NotFound."""
        raise NotImplementedError

    def all(self) -> list[Account]:
        """Every account by id."""
        raise NotImplementedError

    def token(self, id: str, scopes: Iterable[Role] | None = None, expires: datetime | None = None) -> str:
        """A new token, shown once. `scopes`: fewer roles than the account has. Raises NotFound, BadInput."""
        raise NotImplementedError

    def revoke(self, token: str) -> None:
        """End a token now. Raises NotFound."""
        raise NotImplementedError

    def actor_of(self, token: str) -> Actor:
        """Who speaks with this token. Raises NotAllowed (unknown, expired, revoked, account closed: one answer)."""
        raise NotImplementedError
