"""Which questions of human rights stand open in a case, by the recorded law and by what persons answered?

The law raises them as gates; a person answers. Who surrenders somebody asks here first, and no reason of an
approver stands in the place of an answer (DESIGN section 6).
"""

from __future__ import annotations

from schemas.case import CaseState, Gap
from schemas.facets import GateAnswered
from schemas.vocabulary import Kind, Side, Verdict

BARRED = "barred"
_WITH_THE_OTHER_SIDE = frozenset({Kind.EXTRADITION, Kind.PROSECUTION})
"""Where the side that is asked answers for the person; the side that asks only sees what will be asked."""


def answered(state: CaseState) -> dict[str, GateAnswered]:
    """The latest answer to each gate."""
    return {one.gate: one for one in state.gates}


def open_gates(state: CaseState) -> list[str]:
    """Mandatory gates that nobody answered though the law does not answer them itself, or that stand in the
    way: where a fact does, only an assurance cures that."""
    return [gate for gate, mandatory in _raised(state) if mandatory and not _clear(state, gate)]


def of_rights(state: CaseState) -> list[Gap]:
    """Gaps of the code `rights`: open gates, and any gate that a fact of the law answers with no."""
    asks_only = state.side is Side.OUTGOING and state.kind in _WITH_THE_OTHER_SIDE
    shown = set(open_gates(state))
    found = [Gap(code="rights", field=gate, blocking=not asks_only) for gate in sorted(shown)]
    law = state.law.gates if state.law else {}
    against = sorted(gate for gate in law if law[gate].verdict is Verdict.NO and gate not in shown)
    return found + [Gap(code="rights", field=gate, blocking=False) for gate in against]


def _raised(state: CaseState) -> list[tuple[str, bool]]:
    gates = state.law.gates if state.law else {}
    return sorted((gate, asked.mandatory) for gate, asked in gates.items())


def _clear(state: CaseState, gate: str) -> bool:
    said = answered(state).get(gate)
    verdict = state.law.gates[gate].verdict if state.law else Verdict.UNKNOWN
    if said is None:
        return verdict is Verdict.YES
    return said.answer == "assured" or (said.answer == "clear" and verdict is not Verdict.NO)
