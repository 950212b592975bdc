"""May this move be made on this case, now, by this actor? Reads only; a refusal says what may be made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from schemas import lifecycle
from schemas.case import CaseState
from schemas.errors import BadInput, NotAllowed, WrongMove
from schemas.lifecycle import AGAIN, ALWAYS, BATON, COUNTERPART, FINAL, LATE, OWN, TOLD, MoveRule
from schemas.moves import Amend, Arrest, FileRequest, Happened, Move, Posted
from schemas.vocabulary import Role, Side
from workflows import baton
from workflows.stages import CHECKS, beside, housekeeping
from workflows.step import HOUSE_ACTOR, made_by

SKEW = timedelta(seconds=300)
"""How far two clocks may differ before a moment counts as lying in the future."""
A_DAY = timedelta(days=1)
"""A day named without its hour may seem to lie before the filing of that day."""

_FIRST = frozenset({"file", "arrive"})
_OFFICERS = frozenset({Role.OFFICER, Role.APPROVER})
_BATON_ROLES = _OFFICERS | {Role.ISSUING_AUTHORITY, Role.LIAISON}
_TELLERS = {"law-moved": frozenset({Role.TREATY_DESK})}
_ONLY = {"reassign": frozenset({Role.APPROVER})}
"""Moves that no status forbids, and that not every officer makes."""
_STILL_TOLD = frozenset({"errand-done", "alarmed"})
"""What the house tells also a case that is closed."""
_CARRIES_OFFER = frozenset({"arrive", "evidence", "offer"})


def check(state: CaseState, move: Move, now: datetime) -> None:
    """May it be made? Raises a RogatoryError (WrongMove, NotAllowed, BadInput, NotFound, Conflict) if not."""
    by = made_by(state.house, move)
    _check_actor(state, move)
    check_time(move, now, state.opened if state.side is Side.OUTGOING else None)
    _check_lifecycle(state, move, by)
    stage_check = CHECKS.get(move.body.event)
    if stage_check is not None:
        stage_check(state, move, now)
    beside.check(state, move, now)


def rule_for(state: CaseState, move: Move) -> MoveRule | None:
    """The line of the lifecycle that this move follows; None for handoffs, late messages and notes."""
    by = made_by(state.house, move)
    return lifecycle.rules_for(state.kind, state.side, state.status, move.body.event, by)


def possible(state: CaseState) -> tuple[str, ...]:
    """Moves that our own people can make now."""
    # also of a case that is closed: its hold is lifted, its last letter posted, its evidence used
    found = set(lifecycle.allowed(state.kind, state.side, state.status)) | set(ALWAYS) | baton.possible(state)
    if housekeeping.failed(state):
        found |= set(AGAIN)
    return tuple(sorted(found))


def _check_actor(state: CaseState, move: Move) -> None:
    house = move.actor.house
    if house == state.house and move.actor.id == HOUSE_ACTOR:
        raise NotAllowed(
            "What the house does by itself is made by nobody.",
            where=state.ref,
            next_step="sign in with an account of your own",
        )
    if house not in (state.house, state.counterpart.house, state.counterpart.provider):
        raise NotAllowed(
            f"House {house!r} takes no part in this case.",
            where=state.ref,
            next_step="check the reference",
            code="not-our-counterpart",
        )
    if move.offer is not None and move.body.event not in _CARRIES_OFFER:
        raise BadInput(
            f"{move.body.event!r} carries no offer of the baton.",
            where="offer",
            next_step="offer it by `offer`",
        )


def check_time(move: Move, now: datetime, begun: datetime | None = None) -> None:
    """What happened did not happen in the future, nor before our request was `begun`. Raises BadInput."""
    told = move.body.happened_at if isinstance(move.body, Happened | Posted) else None
    if told is not None and told > now + SKEW:
        raise BadInput(
            "It cannot have happened in the future.",
            where="happened_at",
            next_step=f"give a moment before {now.isoformat(timespec='minutes')}",
            code="in-the-future",
        )
    if isinstance(move.body, FileRequest | Amend):
        _check_reports(move.body, now)
    # an arrest on an alert comes first, and the request after it
    earlier = isinstance(move.body, Arrest)
    if told is not None and begun is not None and not earlier and told < begun - A_DAY:
        raise BadInput(
            "That was before this request began.",
            where="happened_at",
            next_step=f"it began at {begun.isoformat(timespec='minutes')}: check the year",
            code="before-the-case",
        )


def _check_reports(body: FileRequest | Amend, now: datetime) -> None:
    """The year for which a provider keeps what it reported has begun with a report that was complete."""
    for report in body.request.reports:
        if report.submitted is not None and report.submitted > now + SKEW:
            raise BadInput(
                f"Report {report.id} cannot have been complete in the future.",
                where="reports",
                next_step="give the moment at which it was complete, or leave that out",
                code="in-the-future",
            )


def _check_lifecycle(state: CaseState, move: Move, by: str) -> None:
    event = move.body.event
    late = state.status in FINAL and event in LATE
    if event in _FIRST:
        raise WrongMove(
            f"The case exists already: {event!r} begins one.", allowed=free_to(state, by), where=state.ref
        )
    if event in BATON:
        if state.status in FINAL and not late:
            raise _wrong(state, event, by)
        _check_roles(state, move, by, _BATON_ROLES)
    elif event in (*ALWAYS, *AGAIN):
        if by == COUNTERPART:
            raise _wrong(state, event, by)
        _check_roles(state, move, by, _ONLY.get(event, _OFFICERS))
    elif event in TOLD:
        if by == COUNTERPART or (state.status in FINAL and event not in _STILL_TOLD):
            raise _wrong(state, event, by)
        _check_roles(state, move, by, _TELLERS.get(event, _OFFICERS))
    elif late:
        if by == OWN:
            raise _wrong(state, event, by)
        _check_roles(state, move, by, _OFFICERS)
    else:
        _check_rule(state, move, by)


def _check_rule(state: CaseState, move: Move, by: str) -> None:
    rule = lifecycle.rules_for(state.kind, state.side, state.status, move.body.event, by)
    if rule is None:
        raise _wrong(state, move.body.event, by)
    _check_roles(state, move, by, _OFFICERS if by == COUNTERPART else rule.roles)
    if rule.holds and state.holder.house != state.house:
        raise NotAllowed(
            f"{rule.event!r} needs the baton, which {state.holder.house} holds.",
            where=state.ref,
            next_step="accept the handoff that is offered, or have it offered",
            code="not-holder",
        )


def _check_roles(state: CaseState, move: Move, by: str, roles: frozenset[Role]) -> None:
    """Only for people of our own house: what another house lets its people do is its own affair."""
    if move.actor.house == state.house and not roles & set(move.actor.roles):
        raise NotAllowed(
            f"{move.body.event!r} needs one of the roles {', '.join(sorted(roles))}.",
            where=state.ref,
            next_step="ask a colleague who has it",
        )


def _wrong(state: CaseState, event: str, by: str) -> WrongMove:
    instead = lifecycle.INSTEAD.get((event, state.status), "")
    return WrongMove(
        f"{event!r} is not possible while the case is {state.status!r}{instead and f': {instead}'}.",
        allowed=free_to(state, by),
        where=state.ref,
    )


def free_to(state: CaseState, by: str) -> Iterable[str]:
    """What whoever asks may do: the other side hears nothing of what our people could."""
    theirs = lifecycle.allowed(state.kind, state.side, state.status, COUNTERPART)
    return possible(state) if by == OWN else theirs
