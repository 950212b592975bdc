"""Two houses on one engine: the references of their case, and when no letter is on its way."""

from __future__ import annotations

from datetime import timedelta

from tests.flow.engine import FakeHouse

DE, US = "DE-MLA-2026-00001", "US-MLA-2026-00001"

SOON = timedelta(minutes=10)


def quiet(*houses: FakeHouse) -> bool:
    """Is no letter of theirs on its way?"""
    states = [state for house in houses for state in house.states.values()]
    return not any(item.status == "queued" for state in states for item in state.outbox)
