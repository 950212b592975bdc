"""For which request are data held, and until when? For the one that had to follow, until it is decided.

Each side may tell it by a reference of its own (Budapest 29(7); Regulation 2023/1543, 11(1)).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from schemas.case import CaseState
from schemas.errors import BadInput, Conflict, NotFound
from schemas.facets import FollowedUp, Keeping
from schemas.moves import FollowUp, FollowUpDecided, Move
from workflows import terms
from workflows.stages.housekeeping import Checked, Made
from workflows.step import Letter, Step, altered, notice, put, settle

# --- may it be made? ----------------------------------------------------------------------------------


def check_follow_up(state: CaseState, move: Move, now: datetime) -> None:
    """Another request follows, not this one, and one that is still to be decided."""
    if not isinstance(move.body, FollowUp):
        return
    followed = state.keeping.followed if state.keeping else []
    if any(one.decided and move.body.ref in (one.ref, one.also) for one in followed):
        raise Conflict(
            f"Request {move.body.ref} was decided: the data are not held for it any more.",
            where="ref",
            next_step="name another request, or file a new one",
            code="decided-already",
        )
    if move.body.ref == state.ref:
        raise BadInput(
            "That is this case itself.",
            where="ref",
            next_step="name the request for the data: of mutual assistance, or the order on the provider",
        )


def check_decided(state: CaseState, move: Move, now: datetime) -> None:
    """It is about a request that followed; who keeps the data does not decide about that."""
    body = move.body
    if not isinstance(body, FollowUpDecided):
        return
    if move.actor.house == state.counterpart.provider:
        raise BadInput(
            "A provider does not decide about the request that followed.",
            where=state.ref,
            next_step="tell it in that request's own case",
            code="not-theirs-to-say",
        )
    followed = state.keeping.followed if state.keeping else []
    if _named(followed, body.ref) is None:
        waiting = [one.ref for one in followed if one.decided is None]
        raise NotFound(
            f"No request {body.ref!r} followed.",
            where="ref",
            next_step=f"undecided: {', '.join(waiting) or 'none'}; name it first (follow-up)",
            code="unknown-follow-up",
        )


# --- where a move leads ---------------------------------------------------------------------------------


def leads(state: CaseState, move: Move, after: str) -> str:
    """Where `move` leads, given that the table says `after`: a request that followed holds the data until it
    is decided, also where it was named before they were confirmed."""
    if state.keeping is None or after not in ("preserved", "disclosed"):
        return after
    moved = after != state.status or isinstance(move.body, FollowUpDecided)
    return "held" if moved and _undecided(state.keeping, move) else after


def _undecided(kept: Keeping, move: Move) -> bool:
    """Is a request that followed still undecided once `move` is made?"""
    about = _named(kept.followed, move.body.ref) if isinstance(move.body, FollowUpDecided) else None
    return any(one.decided is None and one is not about for one in kept.followed)


def _named(followed: list[FollowedUp], ref: str) -> FollowedUp | None:
    """The one of that reference; or the only undecided one, since each side tells it by its own."""
    for one in followed:
        if ref in (one.ref, one.also):
            return one
    waiting = [one for one in followed if one.decided is None]
    return waiting[0] if len(waiting) == 1 else None


def is_held(state: CaseState) -> bool:
    return state.keeping is not None and any(one.decided is None for one in state.keeping.followed)


# --- made -----------------------------------------------------------------------------------------------


def follow_up(step: Step) -> Letter | None:
    """The request that had to follow is named. Each side may tell it by a reference of its own."""
    state, body = step.state, step.body(FollowUp)
    if state.keeping is None:
        return None
    by: Literal["own", "counterpart"] = "own" if step.own else "counterpart"
    followed = list(state.keeping.followed)
    if all(body.ref not in (one.ref, one.also) for one in followed):
        pair = [
            one
            for one in followed
            if one.kind == body.kind and one.told_by != by and not one.also and one.decided is None
        ]
        if pair:
            put(followed, pair[0], altered(pair[0], also=body.ref))
        else:
            followed.append(FollowedUp(ref=body.ref, kind=body.kind, at=step.at, told_by=by))
    state.keeping = altered(state.keeping, followed=followed)
    terms.runs_on(state, step.now)
    settle(state, "may-have-lapsed")
    return Letter(body) if _emits(step) else None


def follow_up_decided(step: Step) -> Letter | None:
    """Decided: the data were given, or need not be held for that request any more."""
    state, body = step.state, step.body(FollowUpDecided)
    one = _named(state.keeping.followed, body.ref) if state.keeping else None
    if state.keeping is None or one is None:
        return None
    over = state.status == "held" and not _undecided(state.keeping, step.move)
    if one.decided is None:
        followed = list(state.keeping.followed)
        put(followed, one, altered(one, decided=step.at, result=body.result))
        state.keeping = altered(state.keeping, followed=followed)
    if over and body.result == "disclosed":
        terms.need_no_more(state, step.now)
    elif over and not terms.counts_again(state, step.now):
        notice(state, "may-have-lapsed")
    return Letter(body) if _emits(step) else None


def _emits(step: Step) -> bool:
    return step.own and step.rule is not None and step.rule.emits


CHECKS: dict[str, Checked] = {"follow-up": check_follow_up, "follow-up-decided": check_decided}
STAGES: dict[str, Made] = {"follow-up": follow_up, "follow-up-decided": follow_up_decided}
