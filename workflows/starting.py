"""Which time limits does a move start, from which moment, and what does the case say that decides it?"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState, LawRecorded
from schemas.deadline import ClockStatus, Deadline
from schemas.lifecycle import OVER, PRACTICE_CLOCKS
from schemas.moves import (
    AnswerConsent,
    Arrest,
    Arrive,
    Ask,
    AskAssurance,
    AskConsent,
    Consent,
    Court,
    Decide,
    Delivered,
    Enforced,
    Evidence,
    FileRequest,
    FixSurrender,
    Issue,
    Move,
    Postpone,
    Preserved,
    Prolong,
    Recounted,
    Renewed,
    Send,
    Surrendered,
)
from schemas.request import ProductionRequest
from schemas.vocabulary import Kind, Measure
from schemas.work import CountWork
from workflows.step import Step

EMERGENCY, NOTIFIED, CONSENTED, PAPERS_FIRST = "emergency", "notified", "consented", "papers-first"
DIRECT = "direct"
PROSECUTION_INSTEAD, PAPERS_IN = "prosecution-instead", "papers-in"
_BEFORE_RECEIPT = frozenset({"sent", "arrest-asked", "arrested"})
_STANDING_STILL = frozenset({"supplementing", "postponed", "objected"})
_TOLD_TO_THE_STATE = frozenset({Measure.TRAFFIC_DATA, Measure.STORED_CONTENT})


def started_by(move: Move, before: str, after: str) -> str:
    """The event from which time limits are counted, or nothing.

    Only the receipt of the request starts clocks, not that of every later letter; a refusal starts no
    execution; a send before approval is an event of its own, and so is a request for another consent.
    """
    body = move.body
    if isinstance(body, Delivered):
        return "delivered" if (before, after) == ("sent", "received") else ""
    if isinstance(body, Send):
        return "send-emergency" if body.emergency and before == "draft" else "send"
    if isinstance(body, Decide) and body.decision == "refused":
        return ""
    if isinstance(body, AskConsent):
        return "ask-onward" if body.purpose == "onward" else "ask-consent"
    if isinstance(body, Court):
        return _COURT.get(body.stage, "")
    if isinstance(body, Consent):
        return "consent" if body.given else ""
    return "surrender-fixed" if isinstance(body, FixSurrender) else body.event


ESTIMATES_KEPT = 2
"""The release of our rules from which the estimated end of a postponement is a clock."""

_COURT = {"opened": "court", "committed": "committed"}


def met_by(state: CaseState, move: Move) -> str:
    """The event that meets time limits: results in part do not end the time for the rest, and a word that
    refuses does not count as the one that grants."""
    body = move.body
    if isinstance(body, Evidence) and not body.complete:
        return "evidence-in-part"
    if isinstance(body, Issue) and body.capacity != "validated":
        return "issued"
    if isinstance(body, Consent) and not body.given:
        return "consent-refused"
    if isinstance(body, Court) and body.stage == "hearing":
        return "hearing"
    if isinstance(body, AnswerConsent) and state.person is not None:
        asked_for = [one.purpose for one in state.person.consents if one.id == body.id]
        return "answer-onward" if "onward" in asked_for else body.event
    return body.event


def about(move: Move) -> str:
    """The one clock that the move is about, if it is about one."""
    return move.body.clock if isinstance(move.body, Prolong) else ""


def asked(step: Step, after: str) -> CountWork | None:
    """What the activity is to count for this move; None spares the call. `after`: the status it leads to."""
    state, move = step.state, step.move
    event = started_by(move, state.status, after)
    at, given, given_clock = _moment(step, event)
    offer_days = move.body.offer_days if step.own and isinstance(move.body, Send | Evidence) else None
    resume = resumed_by(state, move.body.event, after)
    recount = _to_recount(step)
    if isinstance(move.body, Prolong) and not _running(state, move.body.clock):
        return None
    law = step.law.law if step.law else state.law
    said = says(state, move)
    if not (given or offer_days or resume or recount or event in starting(state, law, said)):
        return None
    return CountWork(
        ref=state.ref,
        kind=state.kind,
        side=state.side,
        event=event,
        at=at,
        now=step.now,
        home_state=state.state,
        counterpart_state=state.counterpart.state,
        measures=state.request.measures,
        instrument=law.instrument if law else None,
        edition=law.edition if law else None,
        first_id=len(state.deadlines) + 1,
        resume=resume,
        given=given,
        given_clock=given_clock,
        says=said,
        recount=recount,
        offer_days=offer_days,
    )


def of_reports(step: Step) -> list[CountWork]:
    """For each report named for the first time: the year for which the provider keeps what it reported."""
    body = step.move.body
    if not isinstance(body, FileRequest | Arrive):
        return []
    state = step.state
    return [
        CountWork(
            ref=state.ref,
            kind=state.kind,
            side=state.side,
            event="report",
            at=report.submitted,
            now=step.now,
            home_state=state.state,
            counterpart_state=state.counterpart.state,
            measures=state.request.measures,
            instrument=None,
            first_id=len(state.deadlines) + 1,
        )
        for report in body.request.reports
        if report.submitted is not None
    ]


def starting(state: CaseState, law: LawRecorded | None, said: tuple[str, ...] = ()) -> set[str]:
    """Events that can start a time limit in this case, by our practice or by its legal basis."""
    practice = {
        clock.event
        for clock in PRACTICE_CLOCKS.get((state.kind, state.side), ())
        if (not clock.says or clock.says in said) and clock.since <= state.version
    }
    return practice | set(law.deadline_events if law else ())


def says(state: CaseState, move: Move) -> tuple[str, ...]:
    """What the case tells of itself that decides whether a rule applies."""
    request, body = state.request, move.body
    found = []
    if request.emergency is not None:
        found.append(EMERGENCY)
    if (
        isinstance(request, ProductionRequest)
        and not request.domestic
        and _TOLD_TO_THE_STATE & set(request.measures)
    ):
        found.append(NOTIFIED)
    if state.person is not None and state.person.consent is not None and state.person.consent.given:
        found.append(CONSENTED)
    if state.papers_follow or (isinstance(body, Send | Arrive) and body.papers_follow):
        found.append(PAPERS_FIRST)
    if _papers_in(state, move):
        found.append(PAPERS_IN)
    if state.counterpart.provider is not None:
        found.append(DIRECT)
    if state.kind is Kind.PROSECUTION:
        found.append(PROSECUTION_INSTEAD)
    return tuple(found)


def _papers_in(state: CaseState, move: Move) -> bool:
    """Were the full papers there before the arrest, so that none need follow it?"""
    if state.person is None:
        return False
    if isinstance(move.body, Arrest) and not move.body.provisional:
        return True
    there = not state.papers_follow and state.status not in _BEFORE_RECEIPT
    return state.person.papers_received is not None or there


def resumed_by(state: CaseState, event: str, after: str) -> list[Deadline]:
    """Paused entries that run on: the last one of their limit, once nothing holds the case up any more."""
    if after in _STANDING_STILL or after in OVER[state.kind]:
        return []
    last = {(entry.clock, entry.rule): entry for entry in state.deadlines}
    return [
        entry for entry in last.values() if entry.status is ClockStatus.PAUSED and event in entry.resumes_on
    ]


def _moment(step: Step, event: str) -> tuple[datetime, datetime | None, str]:
    """From when it is counted; and the limit that was told, for which clock."""
    body = step.move.body
    if isinstance(body, Ask):
        return step.at, body.answer_by, "supplement"
    if isinstance(body, AskAssurance):
        return step.at, body.answer_by, "assurance"
    if isinstance(body, Preserved | Renewed):
        return body.start, body.end, "preserve"
    if isinstance(body, FixSurrender):
        return body.on, body.on, "surrender"
    if isinstance(body, Surrendered):
        return step.at, body.return_by, "return-person"
    if isinstance(body, Enforced):
        return step.at, body.until, "produce"
    if isinstance(body, Prolong):
        running = _running(step.state, body.clock)
        return (running[-1].due if running else step.at), None, body.clock
    if isinstance(body, Postpone) and step.state.version >= ESTIMATES_KEPT:
        return step.at, body.until_estimate, "postponed"
    return step.at, None, "supplement"


def _running(state: CaseState, clock: str) -> list[Deadline]:
    return [
        entry for entry in state.deadlines if entry.clock == clock and entry.status is ClockStatus.RUNNING
    ]


def _to_recount(step: Step) -> list[Deadline]:
    body = step.move.body
    if not isinstance(body, Recounted):
        return []
    return [
        entry
        for entry in step.state.deadlines
        if entry.id in body.ids and entry.status is ClockStatus.RUNNING
    ]
