"""How does a case stand in the list of cases: one line without names or content?"""

from __future__ import annotations

from schemas.case import CaseState, ClockRow, DocketRow
from workflows import baton
from workflows.clock import next_due, running


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
        matter=state.matter,
        provider=state.counterpart.provider or getattr(request, "provider", None),
        aliases=aliases(state),
        offered_to=_offered_to(state),
        detained=state.person is not None and state.person.detained,
        errands=sum(1 for errand in state.errands if errand.done is None),
        clocks=tuple(
            ClockRow(
                clock=entry.clock,
                due=entry.due,
                due_day=entry.due_day,
                started=entry.started,
                article=entry.article,
                instrument=entry.instrument,
                law=entry.law,
                nature=entry.nature,
                owner=entry.owner,
                unit=entry.unit,
            )
            for entry in running(state)
        ),
    )


def aliases(state: CaseState) -> tuple[str, ...]:
    """Other references by which the case is looked for: the provider's, a report's, an alert's. No names."""
    found = [report.id for report in state.request.reports]
    if state.keeping is not None:
        found += [state.keeping.provider_ref, *(time.provider_ref for time in state.keeping.periods)]
    if state.producing is not None:
        found.append(state.producing.provider_ref)
    if state.person is not None:
        found += [alert.reference for alert in state.person.alerts]
    return tuple(dict.fromkeys(text for text in found if text))


def _offered_to(state: CaseState) -> str | None:
    passing = baton.current(state)
    if passing is None or passing.receiver.house != state.house:
        return None
    function, actor = passing.receiver.function, passing.receiver.actor
    return f"{function}/{actor}" if actor else function
