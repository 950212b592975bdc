"""How does the custody of one case leave the house for other programs? As CASE/UCO, from the signed
entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk import evidence, guarded
from desk.evidence import Room
from letters.case_uco import Passing, graph
from letters.leaks import texts_in
from letters.manifest import entry_of
from schemas.case import CaseState


def case_uco_of(room: Room, state: CaseState) -> dict[str, Any]:
    """The JSON-LD graph: items by digest, every entry of their manifests, every passing of the case.

    Raises NameLeaks where a name guarded in the case stands in it: also in what was signed before it was
    guarded.
    """
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
    made = graph(state.ref, state.house, list(items.values()), entries, passings)
    guarded.require_none(room.records, state.ref, dict(texts_in(_told(made["@graph"]), "custody")))
    return made


def _told(value: Any) -> Any:
    """What the graph tells of the case, without the words of its own language."""
    if isinstance(value, Mapping):
        return [_told(inner) for key, inner in value.items() if not str(key).startswith("@")]
    return [_told(inner) for inner in value] if isinstance(value, list) else value
