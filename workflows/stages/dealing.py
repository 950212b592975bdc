"""What passes between the two sides while a request is dealt with: arrival, questions, decisions?

Each move has two directions: ours, which tells the other house, and theirs, which we record.
"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState, Decision, Question
from schemas.errors import BadInput, Conflict, NotAllowed, NotFound, WrongMove
from schemas.moves import (
    Acknowledge,
    Answer,
    Ask,
    Consult,
    Decide,
    Delivered,
    Move,
    Redirect,
)
from schemas.vocabulary import Side
from workflows import baton, outbox
from workflows.stages import following, intercepting
from workflows.stages.drafting import take_answer
from workflows.step import Letter, Step, altered, made_by, notice, put, settle

CONSULT_FIRST = "consult-before-refusal"
CONSULTED_SINCE = 2
"""The release of our rules from which the other side is heard before a refusal where the law says so."""

# --- may it be made? ----------------------------------------------------------------------------------


def check_delivered(state: CaseState, move: Move, now: datetime) -> None:
    """Another house proves receipt by its signed receipt, never by a letter; a person names a letter sent."""
    if not isinstance(move.body, Delivered):
        return
    if move.actor.house != state.house:
        raise NotAllowed(
            "A house says that it received a letter by its receipt for it.",
            where=state.ref,
            next_step="nothing: receipts go back at once",
            code="not-by-letter",
        )
    sent = [item.id for item in state.outbox]
    if move.body.message is not None and move.body.message not in sent:
        raise NotFound(
            f"No message {move.body.message!r} was sent.",
            where="message",
            next_step=f"sent: {', '.join(sent) or 'none'}",
            code="unknown-message",
        )
    waiting = [item.id for item in state.outbox if item.status == "queued"]
    if state.version >= 2 and move.body.message in waiting:
        # taken off the carrier's hands it would never arrive: the baton in it would be nobody's
        raise Conflict(
            "That letter has not left yet.",
            where="message",
            next_step="nothing: it leaves by itself, and its receipt follows",
            code="not-sent-yet",
        )


def check_acknowledge(state: CaseState, move: Move, now: datetime) -> None:
    """A house names its reference in its signed letters, and keeps it: by it we find the case again."""
    body, known = move.body, state.counterpart
    if not isinstance(body, Acknowledge) or known.house is None or made_by(state.house, move) == "own":
        return
    if body.their_ref is not None and known.ref is not None and body.their_ref != known.ref:
        raise BadInput(
            f"House {known.house} signs its letters with the reference {known.ref}.",
            where="their_ref",
            next_step="leave it out, or give that one",
            code="other-reference",
        )
    if body.their_ref is not None and move.actor.house == state.house and known.ref is None:
        raise BadInput(
            f"House {known.house} has not told its reference yet.",
            where="their_ref",
            next_step="leave it out: it comes with its signed receipt",
            code="other-reference",
        )


def check_question(state: CaseState, move: Move, now: datetime) -> None:
    """Each question has its own id."""
    if isinstance(move.body, Ask) and any(asked.id == move.body.id for asked in state.questions):
        raise _twice("question", move.body.id, state.ref)


def check_answer(state: CaseState, move: Move, now: datetime) -> None:
    """It answers a question of the other side that is open."""
    if not isinstance(move.body, Answer):
        return
    asker = "counterpart" if made_by(state.house, move) == "own" else "own"
    open_ids = [asked.id for asked in state.questions if asked.answered is None and asked.by == asker]
    if move.body.question not in open_ids:
        raise NotFound(
            f"There is no open question {move.body.question!r}.",
            where="question",
            next_step=f"open questions: {', '.join(open_ids) or 'none'}",
            code="unknown-question",
        )


def check_decide(state: CaseState, move: Move, now: datetime) -> None:
    """Our own refusal, in whole or in part, says why (CoE MLA 1959, 19; UNTOC 18(23))."""
    body = move.body
    if not isinstance(body, Decide) or made_by(state.house, move) != "own":
        return
    intercepting.check_decide(state, move)
    if body.decision != "accepted" and not body.reasons:
        raise BadInput(
            f"A request that is {body.decision} needs reasons.",
            where="reasons",
            next_step="give the reasons, and the grounds with their articles",
            code="reasons-missing",
        )
    if state.version >= CONSULTED_SINCE:
        _check_heard(state, body)


def _check_heard(state: CaseState, body: Decide) -> None:
    """Before a refusal the other side is heard where the basis says so, or it is said why not; a grant in
    part says what is granted."""
    articles = [
        duty.article for duty in (state.law.duties if state.law else ()) if duty.duty == CONSULT_FIRST
    ]
    heard = state.consulted or body.without_consultation
    if body.decision == "refused" and articles and not heard:
        raise WrongMove(
            f"The other side is to be heard before a refusal ({', '.join(articles)}).",
            allowed=["consult", "decide with without_consultation"],
            where=state.ref,
            code="consultation-first",
        )
    if body.decision == "partly-accepted" and not body.precise:
        raise BadInput(
            "A request that is granted in part needs to say which part.",
            where="precise",
            next_step="say what is granted; the reasons tell why not the rest",
            code="precise-missing",
        )


def _twice(what: str, name: str, ref: str) -> Conflict:
    return Conflict(f"There is a {what} {name!r} already.", where=ref, next_step="choose another id")


# --- made -----------------------------------------------------------------------------------------------


def arrive(step: Step) -> None:
    """Received, with the law as we see it and the baton if it was offered along."""
    take_answer(step)
    baton.came_along(step, "request")
    following.begun(step.state, step.now)
    if step.state.gaps:
        notice(step.state, "gaps")


def delivered(step: Step) -> None:
    """It reached them: by signed receipt, or proof that came by post."""
    state, body = step.state, step.body(Delivered)
    for item in state.outbox:
        if item.id == body.message and item.status != "delivered":
            put(
                state.outbox,
                item,
                altered(item, status="delivered", settled=step.now, receipt=body.receipt, problem=""),
            )
            settle(state, *outbox.waiting_codes(item.id))
    if state.side is Side.INCOMING:
        baton.taken_on_paper(step)


def acknowledge(step: Step) -> Letter | None:
    """They have it, under a reference of theirs; or we tell them ours."""
    state, body = step.state, step.body(Acknowledge)
    if step.own:
        return Letter(altered(body, their_ref=state.ref))
    if body.their_ref:
        state.counterpart = altered(state.counterpart, ref=body.their_ref)
    baton.taken_on_paper(step)
    return None


def redirect(step: Step) -> Letter | None:
    """Passed on to who is competent (CoE MLA 1959, 18)."""
    body = step.body(Redirect)
    step.state.redirected = body.to
    if step.own:
        return Letter(body)
    notice(step.state, "redirected")
    baton.taken_on_paper(step)
    return None


def question(step: Step) -> Letter | None:
    """A supplementary question; a pause in what waits for the answer."""
    state, body = step.state, step.body(Ask)
    state.questions.append(
        Question(
            id=body.id,
            text=body.text,
            asked=step.at,
            by="own" if step.own else "counterpart",
            answer_by=body.answer_by,
            form=body.form or "",
        )
    )
    if step.own:
        return Letter(body)
    notice(state, f"question:{body.id}")
    baton.taken_on_paper(step)
    return None


def answer(step: Step) -> Letter | None:
    """The answer; the case goes on when no question is open."""
    state, body = step.state, step.body(Answer)
    asked = next(item for item in state.questions if item.id == body.question)
    put(state.questions, asked, altered(asked, answered=step.at, answer=body.text))
    state.documents.extend(body.attachments)
    settle(state, f"question:{body.question}")
    return Letter(body) if step.own else None


def consult(step: Step) -> Letter | None:
    """Consultation before a refusal or a condition (UNTOC 18(26))."""
    asked_speaks = step.own is (step.state.side is Side.INCOMING)
    step.state.consulted = step.state.consulted or asked_speaks
    if step.own:
        settle(step.state, "consultation")
        return Letter(step.body(Consult))
    notice(step.state, "consultation")
    return None


def decide(step: Step) -> Letter | None:
    """Accepted, in part, or refused."""
    state, body = step.state, step.body(Decide)
    state.decisions.append(
        Decision(
            decision=body.decision,
            at=step.at,
            reasons=body.reasons or "",
            grounds=body.grounds,
            articles=body.articles,
            without_consultation=body.without_consultation or "",
            precise=body.precise or "",
        )
    )
    if body.decision == "refused":
        following.decided(state, "refused", step.now)
    if step.own:
        return Letter(body)
    baton.taken_on_paper(step)
    return None
