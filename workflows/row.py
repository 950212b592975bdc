"""How does a case stand in the list of cases: one line without names or content?"""

from __future__ import annotations

from schemas.case import CaseState, DocketRow
from workflows.clock import next_due


def row_of(state: CaseState) -> DocketRow:
    """The docket row of `state`."""
    due, clock = next_due(state)
    request, law = state.request, state.law
    return DocketRow(
        ref=state.ref,
        house=state.house,
        kind=state.kind,
        side=state.side,
        status=state.status,
        counterpart_state=state.counterpart.state,
        counterpart_house=state.counterpart.house,
        their_ref=state.counterpart.ref,
        holder_house=state.holder.house,
        holder_function=state.holder.function,
        holder_actor=state.holder.actor,
        held_since=state.held_since,
        next_due=due,
        next_clock=clock,
        urgent=request.urgent,
        child=request.child_at_risk or any(victim.child for victim in request.victims),
        attention=tuple(state.attention),
        instrument=law.instrument if law else None,
        edition=law.edition if law else None,
        move=state.move,
        opened=state.opened,
        updated=state.updated,
        retention=state.kind.value,
        legal_hold=state.legal_hold,
        filed_by=state.filed_by,
    )
