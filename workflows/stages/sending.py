"""May our request be sent, also before anybody approved it, and what happens when it is?"""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas.case import CaseState, Override, Signed
from schemas.errors import BadInput, WrongMove
from schemas.moves import Arrive, Move, Send
from workflows import baton, gaps
from workflows.stages import following, intercepting, watching
from workflows.step import Letter, Step

SECOND_APPROVAL = "second-approval"
CERTIFIED_SINCE = 2
"""The release of our rules from which an emergency needs somebody who certified it."""
_EMERGENCY = f"{SECOND_APPROVAL}: sent before approval"
_SKEW = timedelta(seconds=300)

# --- may it be made? ------------------------------------------------------------------------------------


def check_send(state: CaseState, move: Move, now: datetime) -> None:
    """Approved, or an emergency with its reason; and nobody else is being offered the case."""
    if not isinstance(move.body, Send):
        return
    if baton.current(state) is not None:
        raise WrongMove(
            "A handoff within the house is under way.",
            allowed=["accept", "return", "withdraw-offer"],
            where=state.ref,
            code="handoff-open",
        )
    if watching.unseen(state):
        raise WrongMove(
            f"The law moved since this was approved: {gaps.told(gaps.blocking(state))}.",
            allowed=["reopen", "withdraw"],
            where=state.ref,
            code="law-moved",
        )
    intercepting.check_send(state)
    if state.status == "approved":
        return
    if not move.body.emergency:
        raise WrongMove(
            "The request is not approved.",
            allowed=["amend", "approve", "send with emergency"],
            where=state.ref,
            code="not-approved",
        )
    _check_emergency(state, move.body, now)


def awaits_second_approval(state: CaseState) -> bool:
    """Was it sent before approval, and has nobody approved it since?"""
    return bool(sent_alone(state)) and not any(signed.capacity == "approved" for signed in state.signed)


def sent_alone(state: CaseState) -> set[str]:
    """Who sent it before approval: they do not approve it afterwards."""
    return {override.actor for override in state.overrides if override.instead_of.startswith(SECOND_APPROVAL)}


def _check_emergency(state: CaseState, body: Send, now: datetime) -> None:
    """Somebody certified it, on facts, before now; and who had to issue it did, or may follow by law."""
    newer = state.version >= CERTIFIED_SINCE
    claimed = state.request.emergency
    if not body.reason or not (newer or state.request.urgent) or (newer and claimed is None):
        wanted = "the facts and who certified them" if newer else "an urgent request"
        raise BadInput(
            f"An emergency needs {wanted}, and a reason.",
            where="emergency" if newer and claimed is None else "reason",
            next_step="say so in the request (amend), and why it cannot wait for a second person",
            code="no-emergency",
        )
    if newer and claimed is not None and claimed.certified_at > now + _SKEW:
        raise BadInput(
            "An emergency cannot have been certified in the future.",
            where="emergency.certified_at",
            next_step="give the moment at which it was certified",
            code="in-the-future",
        )
    stays = gaps.unyielding(state, at_once=True)
    if stays:
        raise WrongMove(
            f"Not even an emergency stands in the place of these: {gaps.told(stays)}.",
            allowed=["amend", "choose-basis", "issue", "withdraw"],
            where=state.ref,
            code="gaps-stay",
        )


# --- made -----------------------------------------------------------------------------------------------


def send(step: Step) -> Letter:
    """Sent, with the baton offered to the other side; earlier requests on which it builds are told."""
    state, body = step.state, step.body(Send)
    if not any(signed.capacity == "approved" for signed in state.signed):
        _sent_first(step, body)
    state.papers_follow = body.papers_follow
    documents = tuple(item.digest for item in state.request.attachments)
    offer = baton.offered_along(step, "request", documents)
    request = Arrive(
        request=state.request,
        foreign_ref=state.ref,
        counterpart_house=state.house,
        papers_follow=body.papers_follow,
    )
    following.begun(state, step.now)
    return Letter(request, offer=offer, handoff=offer.handoff if offer else None, part="offer")


def _sent_first(step: Step, body: Send) -> None:
    state, claimed = step.state, step.state.request.emergency
    missing = gaps.told(gaps.blocking(state))
    state.overrides.append(
        Override(
            actor=step.move.actor.id,
            at=step.now,
            reason=body.reason or "",
            instead_of=f"{_EMERGENCY}{'; gaps: ' + missing if missing else ''}",
        )
    )
    state.attention.append(SECOND_APPROVAL)
    if claimed is not None and state.version >= CERTIFIED_SINCE:
        state.signed.append(
            Signed(
                capacity="certified",
                actor=step.move.actor.id,
                authority=claimed.certified_by,
                at=claimed.certified_at,
            )
        )
