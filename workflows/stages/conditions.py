"""Which conditions bind whoever uses what was handed over: set, accepted or declined, kept or gone beyond?

The side that is asked sets them before it hands anything over (Budapest 28, UNTOC 18(19)); with information
that nobody asked for, the side that gives it does, and taking it binds (Budapest 26(2)).
"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState, Limitation
from schemas.errors import Conflict, NotFound, WrongMove
from schemas.facets import Used
from schemas.moves import AnswerLimit, Limit, Move, Use
from schemas.vocabulary import Side
from workflows.stages.housekeeping import Checked, Made
from workflows.step import Letter, Step, altered, made_by, notice, put, settle

INFORMATION = "information"
"""What is used where information was given and no item of evidence."""

# --- may it be made? ------------------------------------------------------------------------------------


def check_limit(state: CaseState, move: Move, now: datetime) -> None:
    """Each limitation has its own id; the side that asks sets one only on information of its own."""
    body = move.body
    if not isinstance(body, Limit):
        return
    if any(known.id == body.id for known in state.limitations):
        raise Conflict(
            f"There is a limitation {body.id!r} already.", where=state.ref, next_step="choose another id"
        )
    if _asker_made(state, move) and not spontaneous(state):
        raise WrongMove(
            "The side that asks sets no condition.",
            allowed=["answer-limit", "consult", "inform"],
            where=state.ref,
            code="not-ours-to-limit",
        )


def check_answer_limit(state: CaseState, move: Move, now: datetime) -> None:
    """It answers a limitation that the other side offered, and that was not answered."""
    body = move.body
    if not isinstance(body, AnswerLimit):
        return
    answering = made_by(state.house, move)
    waiting = [
        known.id
        for known in state.limitations
        if known.accepted is None and _set_by(state, known) != answering
    ]
    if body.limit not in waiting:
        raise NotFound(
            f"No limitation {body.limit!r} waits for an answer.",
            where="limit",
            next_step=f"waiting: {', '.join(waiting) or 'none'}",
            code="unknown-limit",
        )


def check_use(state: CaseState, move: Move, now: datetime) -> None:
    """Of what we were given; each limitation that binds is kept, or it is said on what consent it is not."""
    body = move.body
    if not isinstance(body, Use):
        return
    known = {item.id for item in state.evidence} | ({INFORMATION} if spontaneous(state) else set())
    _check_known("item", body.items, sorted(known), "items")
    _check_known("limitation", body.limits, [one.id for one in state.limitations], "limits")
    crossed = _crossed(state, body)
    if crossed and body.beyond is None:
        raise WrongMove(
            f"Limitations that bind are not named: {', '.join(crossed)}.",
            allowed=["use with these limits", "use with beyond"],
            where="limits",
            code="limits-not-named",
        )


def spontaneous(state: CaseState) -> bool:
    """Is it information given without being asked for (Budapest 26, UNTOC 18(4))?"""
    return bool(getattr(state.request, "spontaneous", False))


def _check_known(what: str, named: tuple[str, ...], known: list[str], where: str) -> None:
    for name in named:
        if name not in known:
            raise NotFound(
                f"This case has no {what} {name!r}.",
                where=where,
                next_step=f"known: {', '.join(known) or 'none'}",
                code=f"unknown-{what}",
            )


def _crossed(state: CaseState, body: Use) -> list[str]:
    """Limitations set by the other side and not declined, which the user does not say were kept."""
    return [
        one.id
        for one in state.limitations
        if one.accepted is not False and _set_by(state, one) == "counterpart" and one.id not in body.limits
    ]


def _asker_made(state: CaseState, move: Move) -> bool:
    ours = made_by(state.house, move) == "own"
    return ours is (state.side is Side.OUTGOING)


def _set_by(state: CaseState, one: Limitation) -> str:
    return one.by or ("counterpart" if state.side is Side.OUTGOING else "own")


# --- made -----------------------------------------------------------------------------------------------


def limit(step: Step) -> Letter | None:
    """A use limitation offered: binding once accepted (Budapest 28(3))."""
    state, body = step.state, step.body(Limit)
    state.limitations.append(
        Limitation(
            id=body.id,
            text=body.text,
            article=body.article or "",
            offered=step.at,
            by="own" if step.own else "counterpart",
        )
    )
    return _told(step, f"limit:{body.id}")


def answer_limit(step: Step) -> Letter | None:
    """Accepted or declined."""
    state, body = step.state, step.body(AnswerLimit)
    offered = next(item for item in state.limitations if item.id == body.limit and item.accepted is None)
    put(state.limitations, offered, altered(offered, accepted=body.accepted, answered=step.at))
    settle(state, f"limit:{body.limit}")
    return _told(step, "" if body.accepted else f"limit-declined:{body.limit}")


def use(step: Step) -> None:
    """Used, and how that stands to the limitations: what goes beyond one is shown for good."""
    state, body = step.state, step.body(Use)
    for name in _crossed(state, body):
        notice(state, f"used-beyond-limit:{name}")
    state.uses.append(
        Used(
            items=body.items,
            purpose=body.purpose,
            limits=body.limits,
            beyond=body.beyond or "",
            actor=step.move.actor.id,
            at=step.now,
        )
    )


def _told(step: Step, code: str) -> Letter | None:
    if step.own:
        return Letter(step.move.body)
    if code:
        notice(step.state, code)
    return None


CHECKS: dict[str, Checked] = {
    "limit": check_limit,
    "answer-limit": check_answer_limit,
    "use": check_use,
}
STAGES: dict[str, Made] = {"limit": limit, "answer-limit": answer_limit, "use": use}
