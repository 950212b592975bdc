"""What happens to a case when the law moves under it? It is asked again, and its holder is told.

A request that is abroad is answered by the law of its day, so that a treaty that ended since still carries
what was asked under it: a saving clause says so, and where none does the day of the request governs.
"""

from __future__ import annotations

from schemas.case import CaseState
from schemas.lifecycle import TOLD, UNSENT
from schemas.moves import LawMoved
from schemas.request import Request
from workflows import gaps
from workflows.step import Step, altered, notice, settle

LAW_MOVED = "law-moved"

INFORMED, PAPERS_IN, RECOUNTED = "informed", "papers-in", "recounted:"
"""Shown until one of our own does something with the case."""
_NOTES = frozenset(
    {"hold", "posted", "errand-again", "link", "reassign", "offer", "accept", "return", "withdraw-offer"}
)
_ASIDE = _NOTES | frozenset(TOLD)
"""Done without a look at what is shown; the last of them by the house, which looks at nothing."""

LOOKED_AT = frozenset({"amend", "choose-basis", "approve", "reopen", "send", "decide", "close"})
"""Moves of our own people by which somebody has dealt with the law as it now is."""


def to_ask_again(state: CaseState) -> tuple[Request, str | None]:
    """The request to be asked about again, and the instrument it rests on. A draft is asked as of today."""
    request, law = state.request, state.law
    if law is None:
        return request, request.instrument
    if state.status not in UNSENT:
        request = altered(request, on=law.on)
    return request, law.instrument or request.instrument


def law_moved(step: Step) -> None:
    """Takes the new answer over. What was overridden before stays overridden; the rest is shown."""
    state, body = step.state, step.body(LawMoved)
    settle(state, LAW_MOVED)
    notice(state, f"{LAW_MOVED}:{body.proposals[-1]}" if body.proposals else LAW_MOVED)
    if step.law is None:
        notice(state, "law-not-answered")
        return
    kept = state.law.override if state.law and state.law.instrument == step.law.law.instrument else None
    state.law = altered(step.law.law, override=kept)
    settle(state, "law-not-answered")
    gaps.refresh(state, step.law.gaps)


def looked_at(state: CaseState, event: str, own: bool) -> None:
    """Nobody need be told any more once one of our own has dealt with it."""
    if own and event in LOOKED_AT:
        settle(state, LAW_MOVED)
    if own and event not in _ASIDE:
        settle(state, INFORMED, PAPERS_IN, RECOUNTED)


def unseen(state: CaseState) -> bool:
    """Did the law move since the request was approved, so that it no longer holds?"""
    moved = any(code.startswith(LAW_MOVED) for code in state.attention)
    return state.status == "approved" and moved and bool(gaps.blocking(state))
