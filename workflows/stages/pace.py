"""How is a request put off, prolonged, completed by its papers, and what else are the two told meanwhile?"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState, Decision
from schemas.errors import BadInput, WrongMove
from schemas.moves import Inform, Move, Papers, Postpone, Prolong, WitnessFree
from schemas.vocabulary import Measure
from workflows import baton, clock
from workflows.stages.housekeeping import Checked, Made
from workflows.stages.watching import INFORMED, PAPERS_IN
from workflows.step import Letter, Step, made_by, notice, settle

CONSULT_FIRST = "consult-before-postponement"
CONSULTED_SINCE = 2
"""The release of our rules from which the other side is heard before a postponement where the law says so."""

_COME = frozenset({Measure.TESTIMONY, Measure.TRANSFER_OF_DETAINED_WITNESS})
"""What somebody is asked to come for."""

# --- may it be made? ------------------------------------------------------------------------------------


def check_postpone(state: CaseState, move: Move, now: datetime) -> None:
    """Ours: the other side was heard before where the basis says so, or it is said why not."""
    body = move.body
    if not isinstance(body, Postpone) or made_by(state.house, move) != "own":
        return
    duties = state.law.duties if state.law and state.version >= CONSULTED_SINCE else ()
    articles = [duty.article for duty in duties if duty.duty == CONSULT_FIRST]
    if articles and not (state.consulted or body.without_consultation):
        raise WrongMove(
            f"The other side is to be heard before a postponement ({', '.join(articles)}).",
            allowed=["consult", "postpone with without_consultation"],
            where=state.ref,
            code="consultation-first",
        )


def check_prolong(state: CaseState, move: Move, now: datetime) -> None:
    """Ours: of a limit that the law sets, that runs, and that was not prolonged before."""
    body = move.body
    if not isinstance(body, Prolong) or made_by(state.house, move) != "own":
        return
    running = [entry.clock for entry in clock.running(state) if entry.law]
    if body.clock not in running:
        raise WrongMove(
            f"No limit {body.clock!r} of the law runs: {', '.join(running) or 'none does'}.",
            allowed=["inform", "postpone"],
            where="clock",
            code="no-such-limit",
        )
    if any(entry.clock == body.clock and entry.event == "prolong" for entry in state.deadlines):
        raise WrongMove(
            f"The limit {body.clock!r} was prolonged before, and the text allows that once.",
            allowed=["consult", "inform", "postpone"],
            where="clock",
            code="prolonged-before",
        )


def check_witness_free(state: CaseState, move: Move, now: datetime) -> None:
    """Somebody was asked to come."""
    if isinstance(move.body, WitnessFree) and _COME.isdisjoint(state.request.measures):
        raise BadInput(
            "Nobody was asked to come to testify in this case.",
            where="witness",
            next_step="record it in the case that asked for the testimony",
            code="no-witness",
        )


# --- made -----------------------------------------------------------------------------------------------


def postpone(step: Step) -> Letter | None:
    """Put off, with reasons, and an estimate if one can be given (CoE MLA 2001 AP2, 7)."""
    state, body = step.state, step.body(Postpone)
    state.decisions.append(
        Decision(
            decision="postponed",
            at=step.at,
            reasons=body.reasons,
            until=body.until_estimate,
            without_consultation=body.without_consultation or "",
        )
    )
    if step.own:
        return Letter(body)
    baton.taken_on_paper(step)
    return None


def prolong(step: Step) -> Letter | None:
    """Another limit in the place of the one that runs, as the text allows; where it allows none, it shows."""
    state, body = step.state, step.body(Prolong)
    anew = [entry for entry in step.counted.deadlines if entry.clock == body.clock and entry.law]
    before = any(entry.clock == body.clock and entry.event == "prolong" for entry in state.deadlines)
    if not anew and step.own:
        raise WrongMove(
            f"No rule of the legal basis allows the limit {body.clock!r} to be prolonged.",
            allowed=["consult", "inform", "postpone"],
            where="clock",
            code="no-longer-time",
        )
    if not anew or before:
        notice(state, f"prolonged-without-rule:{body.clock}")
    else:
        running = [entry.id for entry in clock.running(state) if entry.clock == body.clock]
        clock.dropped(state, running, step.now)
        settle(state, f"due-soon:{body.clock}:")
    state.decisions.append(
        Decision(decision="prolonged", at=step.at, reasons=body.reasons, until=body.until_estimate)
    )
    return Letter(body) if step.own else None


def papers(step: Step) -> Letter | None:
    """The papers that a telephone call or a first message was ahead of (Budapest 25(3), UNTOC 18(14))."""
    state, body = step.state, step.body(Papers)
    state.papers_follow = False
    state.documents.extend(body.attachments)
    if step.own:
        return Letter(body)
    notice(state, PAPERS_IN)
    return None


def inform(step: Step) -> Letter | None:
    """Told without being asked; whoever is told should see it."""
    body = step.body(Inform)
    if step.own:
        return Letter(body)
    notice(step.state, INFORMED)
    return None


def witness_free(step: Step) -> Letter | None:
    """Somebody who came to testify may go home: as long as the text says, nobody touches them."""
    body = step.body(WitnessFree)
    if step.own:
        return Letter(body)
    notice(step.state, INFORMED)
    return None


CHECKS: dict[str, Checked] = {
    "postpone": check_postpone,
    "prolong": check_prolong,
    "witness-free": check_witness_free,
}
STAGES: dict[str, Made] = {
    "postpone": postpone,
    "prolong": prolong,
    "papers": papers,
    "inform": inform,
    "witness-free": witness_free,
}
