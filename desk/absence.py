"""Who is away, who stands in, and how is it written down?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from desk.who import require_absence_of
from records.absences import Absence
from records.open import Records
from records.references import HOUSE
from schemas.errors import BadInput
from schemas.moves import Actor

if TYPE_CHECKING:
    from desk.api.doors import House


def record(house: House, actor: Actor, account: str, deputy: str, since: date, until: date | None) -> Absence:
    """One's own, or as approver or operator another's, written down. Raises NotAllowed; as Absences.add."""
    require_absence_of(actor, account)
    if until is not None and until <= house.today():
        raise BadInput(
            f"These days are over: back on {until}.",
            where="until",
            next_step="check the year; nobody stands in for days that are over",
        )
    made = house.records.absences.add(account, deputy, since, until, actor.id)
    _note(house, actor, "absence-recorded", made)
    return made


def end(house: House, actor: Actor, number: int) -> Absence:
    """Back today; one that had not begun yet is taken away. Raises NotFound, NotAllowed."""
    absence = house.records.absences.one(number)
    require_absence_of(actor, absence.account)
    house.records.absences.end(number, house.today())
    _note(house, actor, "absence-ended", absence)
    return absence


def concerning(house: House, account: str) -> list[Absence]:
    """Absences of now and later in which the account is away, or stands in."""
    current = house.records.absences.current(house.today())
    return [each for each in current if account in (each.account, each.deputy)]


def deputies(records: Records, actor: Actor) -> list[str]:
    """Open accounts of the same agency that share a role with the actor: who could stand in."""
    return [
        each.id
        for each in records.accounts.all()
        if each.closed is None
        and each.id != actor.id
        and each.agency == actor.agency
        and set(each.roles) & set(actor.roles)
    ]


def told(absence: Absence) -> dict[str, Any]:
    """As it stands in the API and in the ledger."""
    return {
        "number": absence.number,
        "account": absence.account,
        "deputy": absence.deputy,
        "since": absence.since.isoformat(),
        "until": absence.until.isoformat() if absence.until else None,
        "recorded_by": absence.recorded_by,
    }


def _note(house: House, actor: Actor, event: str, absence: Absence) -> None:
    house.records.ledger.note(HOUSE, actor, event, told(absence), datetime.now(UTC))
