"""May this handoff be offered, accepted, confirmed, returned or withdrawn, by this actor, now?"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState
from schemas.errors import BadInput, Conflict, NotAllowed, WrongMove
from schemas.handoff import Handoff, HandoffStatus, Holder
from schemas.ids import Digest
from schemas.moves import AcceptHandoff, ConfirmHandoff, Move, OfferHandoff, ReturnHandoff, WithdrawHandoff
from workflows import baton


def check(state: CaseState, move: Move, now: datetime) -> None:
    """May this handoff move be made? Raises NotAllowed, NotFound, Conflict, BadInput or WrongMove."""
    body = move.body
    foreign = move.actor.house != state.house
    if isinstance(body, OfferHandoff):
        _check_offer(state, move, body, now)
    elif isinstance(body, AcceptHandoff | ReturnHandoff):
        passing = _waiting(state, body.id)
        if foreign:
            _check_party(passing.sender.house == state.house, passing.receiver.house == move.actor.house)
            _check_about(move, passing.triple.offer if passing.triple else None)
        elif not baton.speaks_for(move.actor, passing.receiver):
            raise NotAllowed(
                f"Handoff {body.id} is offered to {_said(passing.receiver)}.",
                where=state.ref,
                next_step="only who is addressed may accept or return it",
                code="not-addressed",
            )
    elif isinstance(body, ConfirmHandoff):
        _check_confirm(state, move, body)
    elif isinstance(body, WithdrawHandoff):
        _check_withdraw(state, move, body, foreign)


def check_offered(state: CaseState, move: Move) -> None:
    """May the baton that came along with this message be offered to us?"""
    if move.offer is None or move.body.event == "arrive":
        return
    if move.actor.house == state.house:
        raise BadInput("Only a message from another house carries an offer.", where=state.ref)
    _check_free(state)
    if state.holder.house != move.actor.house:
        raise _not_holder(state)
    _check_new(state, move.offer.handoff)


def _check_offer(state: CaseState, move: Move, body: OfferHandoff, now: datetime) -> None:
    _check_free(state)
    foreign = move.actor.house != state.house
    holds = state.holder.house == move.actor.house if foreign else baton.speaks_for(move.actor, state.holder)
    if not holds:
        raise _not_holder(state)
    _check_new(state, body.id)
    if body.due is not None and body.due <= now:
        raise BadInput("The offer would be overdue at once.", where="due", next_step="give a later moment")
    away = body.receiver.house != state.house
    if foreign and away:
        raise _not_for_us(state)
    if not foreign and away:
        _check_abroad(state, body.receiver)
    if body.receiver == state.holder:
        raise BadInput("That is who holds it already.", where="receiver", next_step="name another receiver")


def _check_abroad(state: CaseState, receiver: Holder) -> None:
    if receiver.house != state.counterpart.house:
        raise BadInput(
            f"{receiver.house!r} takes no part in this case.",
            where="receiver",
            next_step=f"offer it within {state.house}"
            + (f", or to {state.counterpart.house}" if state.counterpart.house else ""),
            code="unknown-receiver",
        )
    if not baton.known_there(state):
        raise WrongMove("The other house does not know this case yet.", allowed=["send"], where=state.ref)


def _check_confirm(state: CaseState, move: Move, body: ConfirmHandoff) -> None:
    passing = baton.find(state, body.id)
    if move.actor.house == state.house or passing.sender.house != move.actor.house:
        raise NotAllowed(
            "A house confirms by itself, on receipt of the acceptance, and only its own offers.",
            where=state.ref,
            next_step="nothing: it comes with the other house's next message",
        )
    if passing.status is not HandoffStatus.ACCEPTED:
        raise _ended(state, passing)
    _check_about(move, passing.triple.acceptance if passing.triple else None)


def _check_withdraw(state: CaseState, move: Move, body: WithdrawHandoff, foreign: bool) -> None:
    passing = baton.find(state, body.id)
    if foreign:
        _check_party(passing.sender.house == move.actor.house, passing.receiver.house == state.house)
        # crossing our own acceptance or return: the sender's word is what counts until it has confirmed
        if passing.status is HandoffStatus.CONFIRMED:
            raise _ended(state, passing)
        return
    if passing.status not in baton.WAITING:
        raise _ended(state, passing)
    if not baton.speaks_for(move.actor, passing.sender):
        raise _not_holder(state)


def _check_free(state: CaseState) -> None:
    passing = baton.current(state)
    if passing is not None:
        raise Conflict(
            f"Handoff {passing.id} is under way: one at a time.",
            where=state.ref,
            next_step="have it accepted or returned, or withdraw the offer",
            code="handoff-open",
        )


def _check_new(state: CaseState, handoff: str) -> None:
    if any(past.id == handoff for past in state.handoffs):
        raise Conflict(
            f"There was a handoff {handoff} before.", where=state.ref, next_step="choose another id"
        )


def _check_party(*holds: bool) -> None:
    if not all(holds):
        raise NotAllowed(
            "This handoff is between others.",
            next_step="only who is addressed may answer",
            code="not-addressed",
        )


def _check_about(move: Move, expected: Digest | None) -> None:
    if move.about != expected:
        raise BadInput(
            f"The message is about {move.about}, and ours was {expected}.",
            where="about",
            next_step="answer exactly the message that was sent",
            code="wrong-about",
        )


def _waiting(state: CaseState, handoff: str) -> Handoff:
    passing = baton.find(state, handoff)
    if passing.status not in baton.WAITING:
        raise _ended(state, passing)
    return passing


def _ended(state: CaseState, passing: Handoff) -> WrongMove:
    code = "offer-withdrawn" if passing.status is HandoffStatus.WITHDRAWN else "handoff-ended"
    return WrongMove(
        f"Handoff {passing.id} is {passing.status.value}.",
        allowed=baton.possible(state),
        where=state.ref,
        code=code,
    )


def _not_holder(state: CaseState) -> NotAllowed:
    return NotAllowed(
        f"The case is held by {_said(state.holder)}.",
        where=state.ref,
        next_step="only who holds it may pass it on",
        code="not-holder",
    )


def _not_for_us(state: CaseState) -> BadInput:
    return BadInput(
        "The offer names a receiver in another house.",
        where="receiver",
        next_step=f"offer it to {state.house}",
    )


def _said(holder: Holder) -> str:
    return f"{holder.actor or holder.function} of {holder.house}"
