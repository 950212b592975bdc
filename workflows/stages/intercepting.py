"""What becomes of the notice of an interception that needs no help there: given, let run, objected to?

The State where the address is used has 96 hours to object (Directive 2014/41, 31(3)). Nobody answering is no
consent: the clock ends, and the case shows that no answer came.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas.case import CaseState, Limitation
from schemas.errors import BadInput, WrongMove
from schemas.facets import InterceptionNotice, NoticeAnswered
from schemas.moves import AnswerNotice, Arrive, Decide, Delivered, Move, Notified
from schemas.request import notice_only
from schemas.vocabulary import Kind, Measure, Side
from workflows import clock
from workflows.stages.housekeeping import Checked, Made
from workflows.stages.producing import DATA_BARRED
from workflows.stages.producing import notified as order_notified
from workflows.step import Letter, Step, altered, happened, made_by, notice, put, settle

CAME, OBJECTED, CONTRADICTED = "interception-notice", "interception-objected", "contradiction:notice"
_A_DAY = timedelta(days=1)
"""A day named without its hour may seem to lie before the notice of that day."""

# --- may it be made? ------------------------------------------------------------------------------------


def check_notified(state: CaseState, move: Move, now: datetime) -> None:
    """Assistance: of an interception, under a basis that knows such a notice, and one at a time."""
    if not isinstance(move.body, Notified) or state.kind is not Kind.MLA:
        return
    if Measure.INTERCEPTION not in state.request.measures:
        raise BadInput(
            "Nothing is intercepted in this case.",
            where=state.ref,
            next_step="file the interception as a case of its own, with the measure `interception`",
            code="no-interception",
        )
    _check_basis(state)
    if made_by(state.house, move) == "own" and _noticed(state):
        raise WrongMove(
            "Notice was given in this case already.",
            allowed=["inform", "file another notice as a case of its own"],
            where=state.ref,
            code="noticed-before",
        )


def check_answer_notice(state: CaseState, move: Move, now: datetime) -> None:
    """To a notice that was given, and after it; conditions are told, and concern what an objection stops."""
    body = move.body
    if not isinstance(body, AnswerNotice):
        return
    if not state.interceptions:
        raise WrongMove(
            "No notice of an interception was given in this case.",
            allowed=["notified", "inform"],
            where=state.ref,
            code="no-notice",
        )
    given = state.interceptions[-1].at
    if happened(move, now) < given - _A_DAY:
        raise BadInput(
            "That was before the notice.",
            where="happened_at",
            next_step=f"give a moment after {given.isoformat(timespec='minutes')}",
            code="before-the-notice",
        )
    if body.product is not None and body.answer == "lets-run":
        raise BadInput(
            "Whoever lets it run sets nothing about what was intercepted.",
            where="product",
            next_step="leave it out, or say that the interception is objected to",
            code="product-without-objection",
        )
    if body.product == "conditions" and not body.reasons:
        raise BadInput(
            "Conditions for the use of what was intercepted need to be told, with the reasons for them.",
            where="reasons",
            next_step="write them as they were set: they bind whoever uses it",
            code="conditions-missing",
        )


def check_decide(state: CaseState, move: Move) -> None:
    """Ours: a mere notice asks for nothing that could be decided."""
    ours = isinstance(move.body, Decide) and made_by(state.house, move) == "own"
    if ours and notice_only(state.request):
        raise WrongMove(
            "Nothing is asked: this case is the notice of an interception.",
            allowed=["answer-notice", "consult", "close"],
            where=state.ref,
            code="nothing-asked",
        )


def check_close(state: CaseState) -> None:
    """Ours: an objection is heard as long as there is time for it. What is closed takes no word any more."""
    running = next((entry for entry in clock.running(state) if clock.of_notice(state, entry)), None)
    if running is not None:
        raise WrongMove(
            "The time to object to the interception runs still.",
            allowed=["answer-notice", *(["withdraw"] if state.side is Side.OUTGOING else [])],
            where=state.ref,
            code="notice-runs",
        )


def check_send(state: CaseState) -> None:
    """A case that is nothing but the notice rests on a basis that knows it."""
    if notice_only(state.request):
        _check_basis(state)


def _check_basis(state: CaseState) -> None:
    if state.law is not None and state.law.instrument and "notified" not in state.law.deadline_events:
        raise BadInput(
            f"{state.law.title or state.law.instrument} knows no notice of an interception.",
            where=state.ref,
            next_step="choose a basis that does, or tell the other side by `inform`",
            code="not-of-this-basis",
        )


def _noticed(state: CaseState) -> bool:
    """A second notice would hide in the time of the first, and a case that is one notice takes no other."""
    waits = any(clock.of_notice(state, entry) for entry in clock.running(state))
    return waits or (notice_only(state.request) and bool(state.interceptions))


# --- made -----------------------------------------------------------------------------------------------


def notified(step: Step) -> Letter | None:
    """The other State has the notice, and its time to object. Of an order on a provider: as `producing`."""
    if step.state.kind is not Kind.MLA:
        order_notified(step)
        return None
    if not (notice_only(step.state.request) and step.state.interceptions):
        _given(step, step.body(Notified).authority)
    return step.letter()


def answer_notice(step: Step) -> Letter | None:
    """Let run, or objected to; what was said of the product binds whoever would use it."""
    state, body = step.state, step.body(AnswerNotice)
    given = state.interceptions[-1]
    said = NoticeAnswered(
        answer=body.answer, product=body.product or "", reasons=body.reasons or "", at=step.at
    )
    put(state.interceptions, given, altered(given, answers=[*given.answers, said]))
    settle(state, CAME, clock.UNANSWERED, OBJECTED, DATA_BARRED)
    if any(earlier.answer != said.answer for earlier in given.answers):
        notice(state, CONTRADICTED)
    if said.product == "conditions":
        _limit_use(step, said.reasons)
    if not step.own and said.answer == "objects":
        notice(state, OBJECTED)
    if not step.own and said.product == "not-usable":
        notice(state, DATA_BARRED)
    return step.letter()


def stand(step: Step) -> None:
    """A case that is nothing but the notice: its receipt gives the notice."""
    state, body = step.state, step.move.body
    if not notice_only(state.request) or state.interceptions:
        return
    if isinstance(body, Arrive) or (isinstance(body, Delivered) and state.status == "received"):
        _given(step, state.law.authority if state.law and state.side is Side.OUTGOING else "")


def _given(step: Step, authority: str) -> None:
    step.state.interceptions.append(InterceptionNotice(authority=authority, at=step.at))
    if step.state.side is Side.INCOMING:
        notice(step.state, CAME)


def _limit_use(step: Step, text: str) -> None:
    """Set, not offered: no acceptance is asked for."""
    state = step.state
    number = sum(1 for known in state.limitations if known.id.startswith("notice-")) + 1
    article = next((one.article for one in reversed(state.deadlines) if one.event == "notified"), "")
    state.limitations.append(
        Limitation(
            id=f"notice-{number}",
            text=text,
            article=article,
            offered=step.at,
            accepted=True,
            answered=step.now,
        )
    )


CHECKS: dict[str, Checked] = {"notified": check_notified, "answer-notice": check_answer_notice}
STAGES: dict[str, Made] = {"notified": notified, "answer-notice": answer_notice}
