"""How does a case come to its end: results, withdrawal, closing; and what may be noted at any time?"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState
from schemas.errors import NotFound
from schemas.moves import Close, Evidence, Hold, Move, Posted, Withdraw
from workflows import baton, baton_rules
from workflows.step import Letter, Step, altered, notice, put, settle

# --- may it be made? ----------------------------------------------------------------------------------


def check_evidence(state: CaseState, move: Move, now: datetime) -> None:
    """Limitations it refers to were offered before."""
    if not isinstance(move.body, Evidence):
        return
    known = {offered.id for offered in state.limitations}
    missing = [name for name in move.body.limits if name not in known]
    if missing:
        raise NotFound(
            f"No limitation {missing[0]!r} was offered.",
            where="limits",
            next_step=f"offer it first (limit); known: {', '.join(sorted(known)) or 'none'}",
            code="unknown-limit",
        )
    baton_rules.check_offered(state, move)


def check_posted(state: CaseState, move: Move, now: datetime) -> None:
    """It is about a message that waits to be posted, or whose outcome nobody knows."""
    if not isinstance(move.body, Posted):
        return
    waiting = [
        item.id for item in state.outbox if item.status in ("by-hand", "uncertain") and not item.settled
    ]
    if move.body.message not in waiting:
        raise NotFound(
            f"No message {move.body.message!r} waits to be posted.",
            where="message",
            next_step=f"waiting: {', '.join(waiting) or 'none'}",
            code="unknown-message",
        )


# --- made -----------------------------------------------------------------------------------------------


def evidence(step: Step) -> Letter | None:
    """Results, by digest; with them the baton goes back."""
    state, body = step.state, step.body(Evidence)
    state.evidence.extend(body.items)
    state.documents.extend(body.attachments)
    if step.own:
        digests = tuple(item.sha256 for item in body.items)
        offer = baton.offered_along(step, "results", digests)
        return Letter(
            body, offer=offer, handoff=offer.handoff if offer else None, part="offer" if offer else ""
        )
    baton.came_along(step, "results")
    baton.taken_on_paper(step)
    return None


def withdraw(step: Step) -> Letter | None:
    """No longer needed (UNTOC 18(24))."""
    body = step.body(Withdraw)
    if step.own:
        return Letter(body)
    notice(step.state, "withdrawn-by-them")
    return None


def close(step: Step) -> Letter | None:
    """Closed, with what came of it. The other side's closing tells us their outcome."""
    state, body = step.state, step.body(Close)
    if not step.own:
        state.their_outcome = body.outcome
        return None
    state.outcome = body.outcome
    kept = ("handoff-", "refused:", "post-by-hand:", "outcome-unknown:", "limit:", "second-approval")
    state.attention = [code for code in state.attention if code.startswith(kept)]
    return Letter(body)


def hold(step: Step) -> None:
    """Legal hold on or off."""
    step.state.legal_hold = step.body(Hold).on


def posted(step: Step) -> None:
    """A person carried it, or found that it never left: then it is to be carried by hand."""
    state, body = step.state, step.body(Posted)
    item = next(item for item in state.outbox if item.id == body.message)
    if body.result == "posted":
        put(state.outbox, item, altered(item, status="by-hand", settled=step.now, problem=""))
        settle(state, f"post-by-hand:{item.id}", f"outcome-unknown:{item.id}")
        return
    put(state.outbox, item, altered(item, status="by-hand", problem="not-sent"))
    settle(state, f"outcome-unknown:{item.id}")
    notice(state, f"post-by-hand:{item.id}")
