"""How does a case come to its end: results, withdrawal, closing; and what may be noted at any time?

What is still owed at the end is told in `settling`.
"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState
from schemas.errors import NotFound, WrongMove
from schemas.evidence import ALARM
from schemas.moves import Close, Evidence, Hold, Move, Posted, Withdraw
from schemas.request import notice_only
from schemas.vocabulary import Kind, Side
from workflows import baton, baton_rules, outbox
from workflows.stages import following, intercepting, settling
from workflows.stages.conditions import spontaneous
from workflows.step import Letter, Step, altered, made_by, notice, put, settle

_UNDECIDED = frozenset({"sent", "received", "acknowledged"})
_KEPT = (
    "handoff-",
    ALARM,
    "errand-failed:",
    "refused:",
    "post-by-hand:",
    "outcome-unknown:",
    "not-relayed:",
    "limit:",
    "second-approval",
    "used-beyond-limit:",
    settling.UNSETTLED,
)
"""What still shows once a case is closed."""

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


def check_close(state: CaseState, move: Move, now: datetime) -> None:
    """Undecided, only information that nobody asked for, a mere notice and what was passed on are over; the
    time to object to an interception is waited for; objects on loan go back before (1959 Convention 6(2))."""
    if not isinstance(move.body, Close) or state.kind is not Kind.MLA:
        return
    if made_by(state.house, move) != "own":
        return
    passed_on = state.side is Side.INCOMING and bool(state.redirected)
    unasked = spontaneous(state) or notice_only(state.request)
    if state.status in _UNDECIDED and not (unasked or passed_on):
        raise WrongMove(
            f"'close' is not possible while the case is {state.status!r}.",
            allowed=_ends(state),
            where=state.ref,
        )
    intercepting.check_close(state)
    lent = settling.on_loan(state)
    if lent:
        raise WrongMove(
            f"Objects are on loan still: {', '.join(lent)}.",
            allowed=["return-objects"],
            where=state.ref,
            code="objects-on-loan",
        )


def _ends(state: CaseState) -> list[str]:
    """What leads on to the end of an undecided request: nothing is decided before it was acknowledged."""
    if state.side is Side.OUTGOING:
        return ["withdraw"]
    return ["acknowledge" if state.status == "received" else "decide", "redirect"]


def check_posted(state: CaseState, move: Move, now: datetime) -> None:
    """It is about a message that waits to be posted, or whose outcome nobody knows; or that was refused, and
    shall go once more."""
    if not isinstance(move.body, Posted):
        return
    house = state.counterpart.house or state.counterpart.provider
    waiting = [
        item.id
        for item in state.outbox
        if (item.status in ("by-hand", "uncertain", "relayed") and not item.settled)
        or (item.status == "refused" and move.body.result == "again")
    ]
    if move.body.result == "again" and house is None:
        raise WrongMove(
            "No carrier brings it: there is no house.",
            allowed=["posted"],
            where=move.body.message,
            code="no-carrier",
        )
    if move.body.message not in waiting:
        raise NotFound(
            f"No message {move.body.message!r} waits to be posted.",
            where="message",
            next_step=f"waiting: {', '.join(waiting) or 'none'}",
            code="unknown-message",
        )
    _check_handoff_in(state, move.body)


def _check_handoff_in(state: CaseState, body: Posted) -> None:
    """Two offers at once could both be accepted: one that was refused goes no more once another began."""
    item = next(item for item in state.outbox if item.id == body.message)
    if item.status != "refused" or item.handoff is None or baton.current(state) is None:
        return
    if baton.was_refused(baton.find(state, item.handoff)):
        raise WrongMove(
            "Another handoff began since that message was refused.",
            allowed=["accept", "return", "withdraw-offer"],
            where=state.ref,
            code="handoff-open",
        )


# --- made -----------------------------------------------------------------------------------------------


def evidence(step: Step) -> Letter | None:
    """Results, by digest; with them the baton goes back."""
    state, body = step.state, step.body(Evidence)
    state.evidence.extend(body.items)
    state.documents.extend(body.attachments)
    settling.show_loans(state)
    if body.complete:
        following.decided(state, "disclosed", step.now)
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
    following.decided(step.state, "withdrawn", step.now)
    if step.own:
        return Letter(body)
    notice(step.state, "withdrawn-by-them")
    return None


def close(step: Step) -> Letter | None:
    """Closed, with what came of it. The other side's closing tells us their outcome."""
    state, body = step.state, step.body(Close)
    if step.own or state.side is Side.INCOMING:
        following.closed(state, body.outcome.result, step.now)
    if not step.own:
        state.their_outcome = body.outcome
        return None
    state.outcome = body.outcome
    state.attention = [code for code in state.attention if code.startswith(_KEPT)]
    if settling.owed(state):
        notice(state, settling.UNSETTLED)
    return Letter(body)


def hold(step: Step) -> None:
    """Legal hold on or off."""
    step.state.legal_hold = step.body(Hold).on


def posted(step: Step) -> None:
    """A person carried it, or found that it never left: then it is to be carried by hand."""
    state, body = step.state, step.body(Posted)
    item = next(item for item in state.outbox if item.id == body.message)
    if body.result == "again":
        outbox.again(state, item)
        return
    if body.result == "posted":
        proven = {"proof": body.document} if body.document else {}
        put(state.outbox, item, altered(item, status="by-hand", settled=step.now, problem="", **proven))
        settle(state, *outbox.waiting_codes(item.id))
        return
    put(state.outbox, item, altered(item, status="by-hand", problem="not-sent"))
    settle(state, f"outcome-unknown:{item.id}")
    notice(state, f"post-by-hand:{item.id}")
