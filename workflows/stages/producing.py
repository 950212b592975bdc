"""What happens to an order on a provider beside its answer: served, notified, objected to, enforced?

The authority that enforces in the provider's State is not the provider: its words come by post, and the
provider's house cannot say them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas.case import CaseState, Limitation
from schemas.deadline import ClockStatus, Deadline
from schemas.errors import BadInput, NotAllowed, WrongMove
from schemas.facets import Objected
from schemas.moves import (
    Decide,
    Delivered,
    Enforce,
    Enforced,
    EnforcingAnswer,
    Evidence,
    Move,
    Notified,
    Objection,
    Review,
    Served,
)
from schemas.vocabulary import Side
from workflows import baton, clock, starting
from workflows.stages.housekeeping import Checked, Made
from workflows.step import Letter, Step, altered, made_by, notice, settle

_LAST_DAY = timedelta(days=1)
"""On the last day of the waiting time the data may go: they are due then, too."""
DATA_BARRED = "data-not-to-be-used"
CLEARED = frozenset({"cleared", "conditions"})
_THIRD_COUNTRY = "third-country-law"
_ENDS_WITH = {"accepted": "granted", "partly-accepted": "granted", "refused": "refused"}


# --- may it be made? ----------------------------------------------------------------------------------


def check_enforcing_answer(state: CaseState, move: Move, now: datetime) -> None:
    """It is the authority's own word, and says which conditions or grounds."""
    body = move.body
    if not isinstance(body, EnforcingAnswer):
        return
    _check_not_of_the_provider(state, move)
    if body.answer == "conditions" and not body.reasons:
        raise BadInput(
            "Conditions for the use of data need to be told.",
            where="reasons",
            next_step="write the conditions as the authority set them: they bind whoever uses the data",
            code="conditions-missing",
        )
    if (
        body.answer == "refused"
        and not (body.reasons or body.grounds)
        and made_by(state.house, move) == "own"
    ):
        raise BadInput(
            "A ground for refusal needs to be told.",
            where="grounds",
            next_step="name the ground, or give the reasons (Regulation 2023/1543, 12(1))",
            code="reasons-missing",
        )


def check_enforced(state: CaseState, move: Move, now: datetime) -> None:
    """It is the authority's own word."""
    if isinstance(move.body, Enforced):
        _check_not_of_the_provider(state, move)


def check_enforce(state: CaseState, move: Move, now: datetime) -> None:
    """The basis has an authority enforce it, which has not refused."""
    if not isinstance(move.body, Enforce):
        return
    if state.producing is not None and state.producing.enforcing == "refused":
        raise WrongMove(
            "The enforcing authority refused: it will not enforce the order.",
            allowed=["close", "withdraw"],
            where=state.ref,
            code="refused-by-authority",
        )
    if state.law is not None and state.law.instrument and "enforce" not in state.law.deadline_events:
        raise BadInput(
            f"{state.law.title or state.law.instrument} has nobody enforce such an order.",
            where=state.ref,
            next_step="file a production request to the State, or a request for mutual legal assistance, "
            "and name this case in `follows`",
            code="not-enforceable",
        )


def check_objection(state: CaseState, move: Move, now: datetime) -> None:
    """A conflict with the law of a third country names that law (Regulation 2023/1543, 17(2))."""
    body = move.body
    own = isinstance(body, Objection) and made_by(state.house, move) == "own"
    if isinstance(body, Objection) and own and body.ground == _THIRD_COUNTRY and not body.article:
        raise BadInput(
            "An objection by the law of a third country names that law.",
            where="article",
            next_step="give the provision as the provider names it",
            code="law-missing",
        )


def _check_not_of_the_provider(state: CaseState, move: Move) -> None:
    if move.actor.house == state.counterpart.provider:
        raise NotAllowed(
            f"{move.body.event!r} is the word of the authority that enforces, not of the provider.",
            where=state.ref,
            next_step="have an officer record what the authority wrote (by_post)",
            code="not-theirs-to-say",
        )


# --- where a move leads ---------------------------------------------------------------------------------


def leads(state: CaseState, move: Move, after: str) -> str:
    """Where `move` leads, given that the table says `after`: nowhere if it contradicts an earlier word."""
    return state.status if contradicts(state, move) else after


def contradicts(state: CaseState, move: Move) -> bool:
    """Is it an answer from there that cannot stand beside an earlier one?

    Who is being made to answer may well say something else than before.
    """
    kept, body = state.producing, move.body
    if kept is None or state.side is not Side.OUTGOING or made_by(state.house, move) == "own":
        return False
    if state.status == "enforcing":
        return False
    if isinstance(body, Decide):
        others = {"granted": {"refused"}, "refused": {"granted", "executed"}}
        return not others[_ENDS_WITH[body.decision]].isdisjoint(kept.answers)
    if isinstance(body, Evidence):
        known = {item.id: item.sha256 for item in state.evidence}
        differs = any(known.get(item.id, item.sha256) != item.sha256 for item in body.items)
        return differs or (state.status == "refused" and "refused" in kept.answers)
    return False


# --- made -----------------------------------------------------------------------------------------------


def served(step: Step) -> Letter | None:
    """The provider has the order."""
    state, body = step.state, step.body(Served)
    if state.producing is not None:
        state.producing = altered(state.producing, served=step.at)
    if not step.own:
        baton.taken_on_paper(step)
    return Letter(body) if step.own and step.rule is not None and step.rule.emits else None


def notified(step: Step) -> None:
    """The enforcing authority was told: it has its time to object, and the data wait for it."""
    state, body = step.state, step.body(Notified)
    if state.producing is not None:
        state.producing = altered(state.producing, notified=step.at, notified_authority=body.authority)


def enforcing_answer(step: Step) -> Letter | None:
    """No ground to refuse, a ground, or conditions, which bind whoever uses the data."""
    state, body = step.state, step.body(EnforcingAnswer)
    if state.producing is None:
        return None
    said = state.producing.enforcing
    if said and said != body.answer:
        notice(state, "contradiction:enforcing")
    state.producing = altered(state.producing, enforcing=body.answer)
    if body.answer == "conditions":
        _limit_use(step, body.reasons or "")
    if body.answer in CLEARED:
        _end_wait(state, step.now)
        settle(state, "before-the-window")
    elif state.evidence and not step.own:
        notice(state, DATA_BARRED)
    return Letter(body) if step.own else None


def objection(step: Step) -> Letter | None:
    """It cannot, may not, or the law of a third country forbids it. That one stops the time to answer."""
    state, body = step.state, step.body(Objection)
    if state.producing is None:
        return None
    made = Objected(ground=body.ground, text=body.text, at=step.at, article=body.article or "")
    state.producing = altered(state.producing, objections=[*state.producing.objections, made])
    if body.ground == _THIRD_COUNTRY:
        clock.paused(state, [entry.id for entry in _to_answer(state)], step.now, "review")
    if step.own:
        return Letter(body)
    notice(state, "objection")
    baton.taken_on_paper(step)
    return None


def review(step: Step) -> Letter | None:
    """What became of the objections: the order stands, stands changed, or is dropped."""
    state, body = step.state, step.body(Review)
    if state.producing is None:
        return None
    decided = [
        altered(one, result=f"{body.result}: {body.by}", decided=step.at) if one.decided is None else one
        for one in state.producing.objections
    ]
    state.producing = altered(state.producing, objections=decided)
    settle(state, "objection")
    return Letter(body) if step.own else None


def enforce(step: Step) -> None:
    """The enforcing authority is asked to make the provider answer."""
    step.body(Enforce)
    settle(step.state, clock.ENFORCE)


def enforced(step: Step) -> Letter | None:
    """Recognised and being enforced, or not."""
    body = step.body(Enforced)
    if step.own:
        return Letter(body)
    if not body.recognised:
        notice(step.state, "not-enforced")
    return None


def stand(step: Step, before: CaseState) -> None:
    """What an answer, a receipt or a sending means for the order, once the move is made."""
    state, body = step.state, step.move.body
    if state.producing is None or state.side is not Side.OUTGOING:
        return
    direct = state.counterpart.provider is not None
    if isinstance(body, Delivered) and direct and state.producing.served is None:
        state.producing = altered(state.producing, served=step.at)
    if isinstance(body, Decide | Evidence) and not step.own:
        _answered(step, contradicts(before, step.move))
    due = _wants_notice(state) and state.status not in ("draft", "approved", "withdrawn", "closed")
    if due and state.producing.notified is None:
        notice(state, "notification-due")
    else:
        settle(state, "notification-due")


def _answered(step: Step, contradicting: bool) -> None:
    """Keeps the word of the provider, and flags what is wrong with it."""
    state, body = step.state, step.move.body
    if state.producing is None or not isinstance(body, Decide | Evidence):
        return
    word = _ENDS_WITH[body.decision] if isinstance(body, Decide) else _delivers(body)
    answers = [*state.producing.answers, word]
    state.producing = altered(state.producing, answers=answers)
    if contradicting:
        notice(state, f"contradiction:{len(answers)}")
    if isinstance(body, Evidence):
        if body.complete:
            settle(state, clock.ENFORCE, clock.OTHER_WAY)
        if _too_early(step):
            notice(state, "before-the-window")
        if state.producing.enforcing == "refused":
            notice(state, DATA_BARRED)
    elif body.decision == "refused" and state.status == "refused":
        notice(state, clock.unanswered(state))


def _delivers(body: Evidence) -> str:
    return "executed" if body.complete else "in-part"


def _too_early(step: Step) -> bool:
    """Did the data come before the waiting time was over, and before the authority let them go?"""
    state = step.state
    kept = state.producing
    if kept is None or kept.enforcing in CLEARED or not _wants_notice(state) or state.request.emergency:
        return False
    waits = [entry for entry in state.deadlines if entry.nature == "wait-and-must"]
    return not waits or step.at < waits[-1].due - _LAST_DAY


def _wants_notice(state: CaseState) -> bool:
    """Does the basis have the enforcing authority told of such an order?"""
    told = state.law is not None and "notified" in state.law.deadline_events
    return told and starting.to_be_notified(state.request) and state.counterpart.provider is not None


def _limit_use(step: Step, text: str) -> None:
    """The authority's conditions are not offered but set: whoever uses the data is bound."""
    state = step.state
    number = sum(1 for known in state.limitations if known.id.startswith("enforcing-")) + 1
    state.limitations.append(
        Limitation(
            id=f"enforcing-{number}",
            text=text,
            article=", ".join(state.law.articles[:1]) if state.law else "",
            offered=step.at,
            accepted=True,
            answered=step.now,
        )
    )


def _end_wait(state: CaseState, now: datetime) -> None:
    """Nothing holds the data back any more; the last day for handing them over stays."""
    for entry in _running(state):
        if entry.nature == "wait-and-must":
            clock.dropped(state, [entry.id], now)
            state.deadlines.append(altered(entry, id=f"d{len(state.deadlines) + 1}", nature="must"))


def _to_answer(state: CaseState) -> list[Deadline]:
    return [entry for entry in _running(state) if "evidence" in entry.closes_on and entry.law]


def _running(state: CaseState) -> list[Deadline]:
    return [entry for entry in state.deadlines if entry.status is ClockStatus.RUNNING]


CHECKS: dict[str, Checked] = {
    "enforcing-answer": check_enforcing_answer,
    "enforced": check_enforced,
    "enforce": check_enforce,
    "objection": check_objection,
}
STAGES: dict[str, Made] = {
    "served": served,
    "enforcing-answer": enforcing_answer,
    "objection": objection,
    "review": review,
    "enforce": enforce,
    "enforced": enforced,
}
