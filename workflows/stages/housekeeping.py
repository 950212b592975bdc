"""What does a house do with its own case beside the request: whose it is, what it belongs to, errands?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from schemas.case import CaseState
from schemas.errors import BadInput, NotFound
from schemas.evidence import ALARM
from schemas.facets import Errand, Link
from schemas.handoff import Holder
from schemas.moves import Alarmed, ErrandAgain, ErrandDone, LinkCase, Move, Reassign, Recounted
from schemas.vocabulary import Kind
from workflows import baton, clock, gaps
from workflows.step import Letter, Step, altered, notice, put, settle

Checked = Callable[[CaseState, Move, datetime], None]
Made = Callable[[Step], Letter | None]


# --- may it be made? ----------------------------------------------------------------------------------


def check_reassign(state: CaseState, move: Move, now: datetime) -> None:
    """It is taken from somebody who holds it, or is offered it."""
    body = move.body
    if isinstance(body, Reassign) and not (_holds(state, body.actor) or _is_offered(state, body.actor)):
        raise BadInput(
            f"{body.actor!r} neither holds this case nor is offered it.",
            where="actor",
            next_step="nothing: there is nothing to take from them here",
            code="not-theirs",
        )


def check_link(state: CaseState, move: Move, now: datetime) -> None:
    """It says a case, a matter, or both."""
    body = move.body
    if isinstance(body, LinkCase) and not (body.ref or body.matter):
        raise BadInput("Nothing is named to put it with.", where="ref", next_step="give a case or a matter")
    if isinstance(body, LinkCase) and body.ref == state.ref:
        raise BadInput("That is this case itself.", where="ref", next_step="name the other case")


def check_errand(state: CaseState, move: Move, now: datetime) -> None:
    """It is an errand of this case that nobody has done."""
    waiting = [errand.id for errand in state.errands if errand.done is None]
    if isinstance(move.body, ErrandDone) and move.body.id not in waiting:
        raise NotFound(
            f"No errand {move.body.id!r} waits.",
            where="id",
            next_step=f"waiting: {', '.join(waiting) or 'none'}",
            code="unknown-errand",
        )


def check_again(state: CaseState, move: Move, now: datetime) -> None:
    """It is an errand of this case that failed."""
    could = [errand.id for errand in failed(state)]
    if isinstance(move.body, ErrandAgain) and move.body.id not in could:
        raise NotFound(
            f"No errand {move.body.id!r} has failed.",
            where="id",
            next_step=f"failed: {', '.join(could) or 'none'}",
            code="unknown-errand",
        )


def failed(state: CaseState) -> list[Errand]:
    """What the case wanted done elsewhere, and what could not be done."""
    return [errand for errand in state.errands if errand.done is not None and errand.problem]


def _holds(state: CaseState, actor: str) -> bool:
    return state.holder.house == state.house and state.holder.actor == actor


def _is_offered(state: CaseState, actor: str) -> bool:
    passing = baton.current(state)
    return passing is not None and _addressed(state, passing.receiver, actor)


def _addressed(state: CaseState, receiver: Holder, actor: str) -> bool:
    return receiver.house == state.house and receiver.actor == actor


# --- made -----------------------------------------------------------------------------------------------


def reassign(step: Step) -> None:
    """Another account, or the function, in the place of one that has left."""
    state, body = step.state, step.body(Reassign)
    if _holds(state, body.actor):
        state.holder = Holder(house=state.house, function=state.holder.function, actor=body.to)
        state.held_since = step.now
    passing = baton.current(state)
    if passing is not None and _addressed(state, passing.receiver, body.actor):
        receiver = altered(passing.receiver, actor=body.to)
        put(state.handoffs, passing, altered(passing, receiver=receiver))
    notice(state, f"reassigned:{body.to or state.holder.function}")


def link(step: Step) -> None:
    """Beside another case, or under a matter."""
    state, body = step.state, step.body(LinkCase)
    if body.matter is not None:
        state.matter = body.matter
    if body.ref is not None and all((known.ref, known.why) != (body.ref, body.why) for known in state.links):
        state.links.append(Link(ref=body.ref, why=body.why, at=step.now))
        gaps.refresh(state)


def errand_done(step: Step) -> None:
    """The desk did what the case wanted, or found that it cannot be done: a person looks then."""
    state, body = step.state, step.body(ErrandDone)
    wanted = next(errand for errand in state.errands if errand.id == body.id)
    put(
        state.errands,
        wanted,
        altered(wanted, done=step.now, ref=body.ref or wanted.ref, problem=body.problem or ""),
    )
    if body.problem:
        notice(state, f"errand-failed:{body.id}")
    elif wanted.what == "open" and body.ref:
        state.links.append(Link(ref=body.ref, why="refused-for", at=step.now))


def errand_again(step: Step) -> None:
    """It waits again. Those who heard of it the first time know it by its key, and do nothing twice."""
    state, body = step.state, step.body(ErrandAgain)
    wanted = next(errand for errand in state.errands if errand.id == body.id)
    put(state.errands, wanted, altered(wanted, done=None, problem="", tries=wanted.tries + 1))
    state.attention = [code for code in state.attention if code != f"errand-failed:{body.id}"]


def recounted(step: Step) -> None:
    """Calendar or law changed: entries that end otherwise now are closed, new ones begin, and it shows."""
    state, body = step.state, step.body(Recounted)
    anew = {(entry.clock, entry.rule) for entry in step.counted.deadlines}
    named = [entry for entry in state.deadlines if entry.id in body.ids]
    changed = [entry for entry in named if (entry.clock, entry.rule) in anew]
    clock.dropped(state, [entry.id for entry in changed], step.now)
    for entry in changed:
        notice(state, f"recounted:{entry.clock}")


def alarmed(step: Step) -> None:
    """Material that never enters was brought: it shows until a person has taken it over."""
    if step.body(Alarmed).over:
        settle(step.state, ALARM)
    else:
        notice(step.state, ALARM)


# --- for other stages -------------------------------------------------------------------------------------


def tell(state: CaseState, ref: str, body: dict[str, object], now: datetime) -> None:
    """Wants another case of this house told something."""
    _want(state, Errand(id=f"e{len(state.errands) + 1}", what="tell", ref=ref, body=body, asked=now))


def open_case(state: CaseState, kind: Kind, body: dict[str, object], now: datetime) -> None:
    """Wants a new case opened in this house."""
    _want(state, Errand(id=f"e{len(state.errands) + 1}", what="open", kind=kind, body=body, asked=now))


def _want(state: CaseState, errand: Errand) -> None:
    if all(
        (known.what, known.ref, known.body) != (errand.what, errand.ref, errand.body)
        for known in state.errands
    ):
        state.errands.append(errand)


CHECKS: dict[str, Checked] = {
    "reassign": check_reassign,
    "link": check_link,
    "errand-done": check_errand,
    "errand-again": check_again,
}
STAGES: dict[str, Made] = {
    "reassign": reassign,
    "errand-done": errand_done,
    "errand-again": errand_again,
    "recounted": recounted,
    "alarmed": alarmed,
}
