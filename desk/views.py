"""What does a reader of a case get to see, given how much they may see? Fields are allowed, never blocked."""

from __future__ import annotations

from typing import Any

from schemas.case import CaseState, DocketRow
from schemas.deadline import ClockStatus


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OUTCOME = _words("result used_in_proceedings victims_identified arrests convictions")
_AUDIT_TOP = _words(
    "version ref house state kind side status status_before move opened updated filed_by last_author"
    " counterpart holder held_since gaps deadlines legal_hold taken_over attention matter returned"
    " papers_follow consulted redirected"
)
_AUDIT_PARTS: dict[str, frozenset[str]] = {
    "request": _words(
        "kind requesting requested measures urgent child_at_risk on instrument language confidential provider"
        " direct intends until domestic period_from period_until purpose sentence in_absentia"
        " provisional_arrest spontaneous notice_only follows emergency"
    ),
    "request.emergency": _words("certified_at"),
    "law": _words(
        "edition on assessment good_until instrument title verdict articles candidates channel urgent_channel"
        " contents_required open_questions addressee binding issuers gates duties"
    ),
    "signed": _words("capacity actor authority function at"),
    "overrides": _words("actor at instead_of"),
    "handoffs": _words("id sender receiver documents offered due status decided triple"),
    "outbox": _words("id event sealed status handoff queued settled receipt attempts relayed due way proof"),
    "questions": _words("id asked by answer_by answered form"),
    "limitations": _words("id article offered accepted answered"),
    "decisions": _words("decision at grounds articles"),
    "evidence": _words("id sha256 size obtained_at abuse_material"),
    "documents": _words("media_type size digest"),
    "outcome": _OUTCOME,
    "their_outcome": _OUTCOME,
    "links": _words("ref why at"),
    "errands": _words("id what kind ref asked done tries"),
    "notices": _words("id code clock due to actors loud at status"),
    "gates": _words("gate answer actor at"),
    "translations": _words("language certified document at"),
    "costs": _words("amount currency borne_by settled at"),
    "uses": _words("items limits actor at"),
    "interceptions": _words("at answers"),
    "interceptions.answers": _words("answer product at"),
    "keeping": _words("protection provider_ref periods renewals_asked followed"),
    "keeping.periods": _words("start end from_law told contradicts"),
    "keeping.followed": _words("ref kind at decided result"),
    "producing": _words("served notified objections provider_ref"),
    "producing.objections": _words("ground at result decided"),
    "person": _words(
        "alerts located detentions papers_received court consent to_minister assurances competitors joint"
        " days surrenders discharged consents proceedings"
    ),
    "person.alerts": _words("source reference issued_on at"),
    "person.detentions": _words("arrested provisional released"),
    "person.court": _words("stage authority at"),
    "person.consent": _words("given at waives_speciality revocable"),
    "person.assurances": _words("id about asked given checked sufficient"),
    "person.competitors": _words("id state received offence ref"),
    "person.joint": _words("first at over"),
    "person.days": _words("on missed force_majeure done"),
    "person.surrenders": _words("at custody_days temporary return_by returned"),
    "person.consents": _words("id purpose offence to asked answered given"),
    "person.proceedings": _words("stage authority at"),
}
"""What an auditor sees of a case: who, what, when and by which digest; nothing anyone wrote in words.
A dotted name is a part of a part."""


def full(state: CaseState) -> dict[str, Any]:
    """The whole case, without the idempotency keys of its moves (they are their senders' own)."""
    return state.model_dump(mode="json", exclude={"keys"})


def audited(state: CaseState) -> dict[str, Any]:
    """The case with every free text left out."""
    whole = full(state)
    seen = {name: whole[name] for name in whole if name in _AUDIT_TOP}
    seen.update({name: _only(whole[name], name) for name in _AUDIT_PARTS if "." not in name})
    return seen


def status_of(state: CaseState) -> dict[str, Any]:
    """Where the case stands: status, holder, since when, what is due next, their reference."""
    running = [each for each in state.deadlines if each.status is ClockStatus.RUNNING]
    due = min((each.due for each in running), default=None)
    return {
        "ref": state.ref,
        "their_ref": state.counterpart.ref,
        "side": state.side.value,
        "status": state.status,
        "holder": {"house": state.holder.house, "function": state.holder.function},
        "held_since": state.model_dump(mode="json", include={"held_since"})["held_since"],
        "next_due": due.isoformat().replace("+00:00", "Z") if due else None,
    }


def row(line: DocketRow) -> dict[str, Any]:
    """A whole line of the docket: it carries no name and no content."""
    return line.model_dump(mode="json")


def row_status(line: DocketRow) -> dict[str, Any]:
    """The same answer as `status_of`, from a line of the docket."""
    dumped = row(line)
    holder = {"house": line.holder_house, "function": line.holder_function}
    kept = ("ref", "their_ref", "side", "status", "held_since", "next_due")
    return {**{name: dumped[name] for name in kept}, "holder": holder}


def _only(value: Any, place: str) -> Any:
    """`value` of `place` with the listed fields only; what has no list of its own is kept as it is."""
    fields = _AUDIT_PARTS.get(place)
    if fields is None:
        return value
    if isinstance(value, list):
        return [_only(each, place) for each in value]
    if isinstance(value, dict):
        return {name: _only(value[name], f"{place}.{name}") for name in value if name in fields}
    return value
