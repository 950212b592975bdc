"""How does the custody of one case leave the house for other programs? As CASE/UCO, from the signed
entries."""

from __future__ import annotations

from typing import Any

from desk import evidence
from desk.evidence import Room
from letters.case_uco import Passing, graph
from letters.manifest import entry_of
from schemas.case import CaseState


def case_uco_of(room: Room, state: CaseState) -> dict[str, Any]:
    """The JSON-LD graph: items by digest, every entry of their manifests, every passing of the case."""
    kept = evidence.manifests(room, state.ref)
    entries = [(entry_of(text), text) for texts in kept.values() for text in texts]
    passings = [
        Passing(
            id=each.id,
            sender=each.sender.house,
            receiver=each.receiver.house,
            offered=each.offered,
            status=each.status.value,
        )
        for each in state.handoffs
        if each.triple is not None
    ]
    items = {each.id: each for each in state.evidence}
    return graph(state.ref, state.house, list(items.values()), entries, passings)
