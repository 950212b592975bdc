"""What becomes of the cases of somebody who leaves? All go to another, then the account is closed.

It may be stopped at any point and run again: what was moved is no longer theirs, and only the rest is left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from desk import who
from desk.office import Office
from records.docket import Filter
from records.open import Records
from records.references import HOUSE
from schemas.case import DocketRow
from schemas.errors import BadInput, NotAllowed, NotFound, RogatoryError
from schemas.moves import Actor, Reassign

LOOKS = 3
"""Something may be offered to a leaver while the rest is moved: so it is looked again."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """A case that could not be moved, and why."""

    ref: str
    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Left:
    """`moved`: references in the order of moving; `stuck`: still in the leaver's name; `deputy_for`: whose
    deputy the leaver is from today on, for whom somebody else is to be named."""

    id: str
    to: str | None
    moved: tuple[str, ...]
    stuck: tuple[Stuck, ...]
    deputy_for: tuple[str, ...]


def told(left: Left) -> dict[str, Any]:
    """The same as JSON."""
    return asdict(left)


async def leave(office: Office, actor: Actor, id: str, to: str | None, reason: str) -> Left:
    """Reassign every open case that `id` holds or was offered to `to` (None: back to the function), and close
    the account with its tokens. A case that cannot be moved keeps nobody from leaving: it is named.

    Raises NotAllowed (roles; another agency than the central authority), NotFound (no such account), BadInput
    (oneself; `to` is of another agency or leaves as well).
    """
    who.require(actor, who.Permission.LET_LEAVE)
    await asyncio.to_thread(_check, office.records, actor, id, to)
    moved: list[str] = []
    stuck: dict[str, Stuck] = {}
    for look in range(LOOKS):
        for line in await asyncio.to_thread(lambda: list(_theirs(office.records, id))):
            if line.ref in stuck:
                continue
            try:
                await _move(office, actor, line, id, to, reason)
                moved.append(line.ref)
            except RogatoryError as error:
                stuck[line.ref] = Stuck(line.ref, error.code, error.what)
        if look == 0:
            await asyncio.to_thread(_close, office.records, actor, id, to)
    today = office.today()
    deputy_for = sorted(
        {each.account for each in office.records.absences.current(today) if each.deputy == id}
    )
    return Left(id, to, tuple(moved), tuple(stuck.values()), tuple(deputy_for))


async def _move(office: Office, actor: Actor, line: DocketRow, id: str, to: str | None, reason: str) -> None:
    # The same key after an interruption: a move that was made without being answered is not made twice.
    key = f"leave:{id}:{line.ref}:{line.move}"
    await office.move(actor, line.ref, Reassign(actor=id, to=to, reason=reason), key)


def _check(records: Records, actor: Actor, id: str, to: str | None) -> None:
    if actor.agency != "central-authority":
        raise NotAllowed(
            "The central authority lets people leave: it sees all their cases.",
            where="Authorization",
            next_step="ask an approver there",
        )
    if id == actor.id:
        raise BadInput("Nobody closes the own account.", where="id", next_step="ask another approver")
    leaver = records.accounts.one(id)
    if to is None:
        return
    heir = records.accounts.one(to)
    if heir.closed is not None:
        raise NotFound(f"There is no open account {to!r}.", where="to", next_step="name somebody who stays")
    if heir.id == id or heir.agency != leaver.agency:
        raise BadInput(
            f"{to} cannot take over: it must be another person of {leaver.agency}.",
            where="to",
            next_step="name one, or nobody: then the function holds",
        )


def _theirs(records: Records, id: str) -> Iterator[DocketRow]:
    seen: set[str] = set()
    for wanted in (Filter(holder=id, open_only=True), Filter(offered_to=id, open_only=True)):
        after: str | None = None
        while True:
            page = records.docket.find(wanted, limit=200, after=after)
            for line in page.rows:
                if line.ref not in seen and _is_theirs(line, id):
                    seen.add(line.ref)
                    yield line
            after = page.next
            if after is None:
                break


def _is_theirs(line: DocketRow, id: str) -> bool:
    offered = (line.offered_to or "").rpartition("/")[2]
    return offered == id or (line.holder_house == line.house and line.holder_actor == id)


def _close(records: Records, actor: Actor, id: str, to: str | None) -> None:
    if records.accounts.one(id).closed is None:
        records.accounts.close(id)
        detail = {"id": id, "left": True, "to": to}
        records.ledger.note(HOUSE, actor, "account-closed", detail, datetime.now(UTC))
