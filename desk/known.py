"""What must a row of an old register name, so that its case can go on here?

A State, an instrument, a house or a function that nobody knows would leave a case that cannot be sent,
answered or passed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.enclosures import TAKERS
from desk.office import Office
from treaties.registry import Registry


@dataclass(frozen=True, slots=True)
class Known:
    """Codes of States, keys of instruments, houses we trust with their State, functions of this house."""

    states: frozenset[str]
    instruments: frozenset[str]
    houses: Mapping[str, str]
    functions: frozenset[str]


def known_here(office: Office, registry: Registry) -> Known:
    """What this house knows now."""
    open_accounts = [each for each in office.records.accounts.all() if each.closed is None]
    others = [house for house in office.trust.houses if house.id != office.settings.house]
    return Known(
        states=frozenset(registry.jurisdictions),
        instruments=frozenset(registry.instruments),
        houses={house.id: house.state for house in others},
        functions=frozenset(each.agency for each in open_accounts if TAKERS & set(each.roles)),
    )
