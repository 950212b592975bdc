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
    " counterpart holder held_since gaps deadlines legal_hold taken_over attention"
)
_AUDIT_PARTS: dict[str, frozenset[str]] = {
    "request": _words(
        "kind requesting requested measures urgent child_at_risk on instrument language confidential"
    ),
    "law": _words(
        "edition on assessment good_until instrument title verdict articles candidates channel urgent_channel"
        " contents_required open_questions"
    ),
    "signed": _words("capacity actor authority at"),
    "overrides": _words("actor at instead_of"),
    "handoffs": _words("id sender receiver documents offered due status decided triple"),
    "outbox": _words("id event sealed status handoff queued settled receipt attempts"),
    "questions": _words("id asked by answer_by answered"),
    "limitations": _words("id article offered accepted answered"),
    "decisions": _words("decision at grounds articles"),
    "evidence": _words("id sha256 size obtained_at abuse_material"),
    "documents": _words("media_type size digest"),
    "outcome": _OUTCOME,
    "their_outcome": _OUTCOME,
}
"""What an auditor sees of a case: who, what, when and by which digest; nothing anyone wrote in words."""


def full(state: CaseState) -> dict[str, Any]:
    """The whole case, without the idempotency keys of its moves (they are their senders' own)."""
    return state.model_dump(mode="json", exclude={"keys"})


def audited(state: CaseState) -> dict[str, Any]:
    """The case with every free text left out."""
    whole = full(state)
    seen = {name: whole[name] for name in whole if name in _AUDIT_TOP}
    for name, fields in _AUDIT_PARTS.items():
        seen[name] = _only(whole[name], fields)
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


def _only(value: Any, fields: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_only(each, fields) for each in value]
    if isinstance(value, dict):
        return {name: value[name] for name in value if name in fields}
    return value
