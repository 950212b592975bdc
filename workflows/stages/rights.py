"""How does a person answer a question of human rights that a case raises?"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState
from schemas.errors import NotFound
from schemas.facets import GateAnswered
from schemas.moves import AnswerGate, Move
from workflows import gaps
from workflows.rights import BARRED, open_gates
from workflows.stages.housekeeping import Checked, Made
from workflows.step import Step, notice, settle

__all__ = ["CHECKS", "STAGES", "open_gates"]


def check_answer_gate(state: CaseState, move: Move, now: datetime) -> None:
    """The recorded law raises it."""
    body = move.body
    raised = sorted(state.law.gates) if state.law else []
    if isinstance(body, AnswerGate) and body.gate not in raised:
        raise NotFound(
            f"The law raises no question {body.gate!r} in this case.",
            where="gate",
            next_step=f"raised: {', '.join(raised) or 'none'}",
            code="unknown-gate",
        )


def answer_gate(step: Step) -> None:
    """Answered; a later answer stands beside the earlier ones, and counts."""
    state, body = step.state, step.body(AnswerGate)
    state.gates.append(
        GateAnswered(
            gate=body.gate, answer=body.answer, note=body.note, actor=step.move.actor.id, at=step.now
        )
    )
    settle(state, f"rights:{body.gate}")
    if body.answer == BARRED:
        notice(state, f"rights:{body.gate}")
    gaps.refresh(state)


CHECKS: dict[str, Checked] = {"answer-gate": check_answer_gate}
STAGES: dict[str, Made] = {"answer-gate": answer_gate}
