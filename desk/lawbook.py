"""What does the registry say of one instrument, one State, or all parties of an instrument on a day?"""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel

from schemas.errors import UnknownWord
from schemas.law import PartyAct
from schemas.vocabulary import ENDING
from treaties.check import check
from treaties.dossier import STARTS
from treaties.held import Held
from treaties.registry import Registry
from treaties.standing import bound

T = TypeVar("T", bound=BaseModel)


def parties_on(registry: Registry, key: str, day: date) -> list[dict[str, Any]]:
    """Every State that did anything to instrument `key`, sorted: `{state, verdict, in_force, ended}`.

    `in_force`: the day from which it is or was bound last, by `day` (None: no day known); `ended`: the first
    day on which it is no longer bound, also when that still lies ahead. Raises UnknownWord.
    """
    instrument_of(registry, key)
    parties = registry.parties.get(key)
    found = []
    for state in sorted(parties.states if parties is not None else ()):
        start, end = _last_span(registry.acts(key, state), day)
        found.append(
            {
                "state": state,
                "verdict": bound(registry, key, state, day).verdict.value,
                "in_force": start.isoformat() if start else None,
                "ended": end.isoformat() if end else None,
            }
        )
    return found


def instrument_of(registry: Registry, key: str) -> dict[str, Any]:
    """All we hold of the text of an instrument. Raises UnknownWord with the nearest keys."""
    known = registry.instruments.get(key.lower())
    if known is None:
        raise UnknownWord("instrument", key, registry.instruments, where="instrument")
    return _told(known)


def state_of(registry: Registry, code: str) -> dict[str, Any]:
    """All we hold of the practice of a State or territory, code in any case. Raises UnknownWord."""
    known = registry.jurisdictions.get(code.upper())
    if known is None:
        raise UnknownWord("State", code, registry.jurisdictions, where="State")
    return _told(known)


def providers_of(registry: Registry) -> list[dict[str, Any]]:
    """Every provider that the registry describes, by key, also one that was retracted."""
    return [_told(known) for _, known in sorted(registry.providers.items())]


def problems_of(registry: Registry) -> list[dict[str, str]]:
    """Every rule of law data that the registry breaks: `{where, what, next}`. Empty: it is in order."""
    return [
        {"where": problem.where, "what": problem.what, "next": problem.next_step}
        for problem in check(registry)
    ]


def _told(row: BaseModel) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude_defaults=True)


def _last_span(acts: tuple[Held[PartyAct], ...], day: date) -> tuple[date | None, date | None]:
    """The last dated start by `day`, and the first dated end after it (or the last end, with no start)."""
    dated = [held.row for held in acts if held.row.on is not None]
    starts = [row for row in dated if row.act in STARTS and row.on is not None and row.on <= day]
    since = starts[-1].on if starts else None
    ends = [row.until if row.until else row.on for row in dated if row.act in ENDING]
    ends += [row.until for row in starts[-1:] if row.until]
    later = sorted(end for end in ends if end is not None and (since is None or end > since))
    return since, later[0] if later else None
