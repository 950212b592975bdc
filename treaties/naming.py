"""Under which name does a fact stand, and how is it cited?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from schemas.gates import GateAuthority
from schemas.ids import FactId
from schemas.law import Criminalised, Fact, PartyAct
from schemas.reasoning import Citation


def act_ids(key: str, state: str, rows: Sequence[PartyAct]) -> list[FactId]:
    """The fact ids of a State's acts, row by row: `budapest:DE.in-force.2009-07-01`.

    Where two rows would bear one name (two declarations of one day), the one recorded first keeps the plain
    name and the others are numbered, whatever their order in the file.
    """
    names = [_act_name(key, state, row) for row in rows]
    if len(set(names)) == len(names):
        return names
    twins: dict[str, list[int]] = defaultdict(list)
    for index, name in enumerate(names):
        twins[name].append(index)
    for name, indexes in twins.items():
        indexes.sort(key=lambda index: (rows[index].recorded, rows[index].model_dump_json()))
        for number, index in enumerate(indexes[1:], start=2):
            names[index] = f"{name}.{number}"
    return names


def _act_name(key: str, state: str, row: PartyAct) -> str:
    parts = [state, row.act.value, row.on.isoformat() if row.on else "unknown"]
    if row.towards:
        parts.append(f"towards-{row.towards}")
    if row.article:
        parts.append(row.article.replace(" ", "_"))
    return f"{key}:{'.'.join(parts)}"


def criminal_id(slug: str, row: Criminalised) -> FactId:
    """`offences:csam-possession.budapest.9(1)(e)`"""
    return f"offences:{slug}.{row.instrument}.{row.article.replace(' ', '_')}"


def gate_id(gate: str, row: GateAuthority) -> FactId:
    """`gates:death-penalty.iccpr-op2.1`"""
    return f"gates:{gate}.{row.instrument}.{row.article.replace(' ', '_')}"


def provider_id(key: str) -> FactId:
    """`providers:example-cloud`"""
    return f"providers:{key}"


def cite(instrument: str, row: Fact, article: str = "", checked: str = "") -> Citation:
    """What to cite for a row of `instrument`."""
    return Citation(
        instrument=instrument,
        article=article,
        source=row.source,
        place=row.place,
        checked=checked or row.checked or "",
        confidence=row.confidence.value,
    )
