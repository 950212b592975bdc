"""How does somebody come into a house in which nobody can sign in yet? On the machine itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from desk import membership
from records.open import open_records
from schemas.errors import BadInput, NotFound
from schemas.moves import Actor
from schemas.settings import Settings
from schemas.vocabulary import Role


def let_operator_in(settings: Settings, id: str) -> dict[str, Any]:
    """Makes the account with the role operator if it is not there, and a link to sign in for the first time.

    An operator who could sign in before cannot any more: whoever holds the machine holds the house.
    Raises BadInput if the account is no operator, NotFound if it was closed.
    """
    records = open_records(settings)
    try:
        actor = Actor(id="house", house=settings.house)
        try:
            account = records.accounts.one(id)
        except NotFound:
            account = membership.add(records, actor, id, (Role.OPERATOR,), "central-authority", None)
        if Role.OPERATOR not in account.roles:
            raise BadInput(
                f"{id!r} is no operator.",
                where=id,
                next_step="name another account, or invite it as operator",
            )
        path = membership.PATH + membership.reset(records, actor, id)
    finally:
        records.close()
    ends = datetime.now(UTC) + membership.INVITED
    address = settings.url.rstrip("/") + path
    return {"id": id, "path": path, "address": address, "ends": ends.isoformat(timespec="seconds")}
