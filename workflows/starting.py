"""Which time limits does a move start, from which moment, and what does the case say that decides it?"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState, LawRecorded
from schemas.deadline import ClockStatus, Deadline
from schemas.lifecycle import OVER, PRACTICE_CLOCKS
from schemas.moves import (
    Amend,
    AnswerConsent,
    Arrive,
    Ask,
    AskAssurance,
    AskConsent,
    Consent,
    Decide,
    Delivered,
    Enforced,
    Evidence,
    FileRequest,
    FixSurrender,
    Issue,
    Move,
    Notified,
    Postpone,
    Preserved,
    Proceedings,
    Prolong,
    Recounted,
    Renewed,
    Send,
    Surrendered,
)
from schemas.request import ProductionRequest, Request, notice_only
from schemas.vocabulary import Kind, Measure, Side
from schemas.work import CountWork
from workflows import custody, terms
from workflows.clock import Effect
from workflows.step import Step

EMERGENCY, NOTIFIED, CONSENTED, PAPERS_FIRST = "emergency", "notified", "consented", "papers-first"
DIRECT, TOLD_OF = "direct", "told-of"
PROSECUTION_INSTEAD = "prosecution-instead"
_STANDING_STILL = frozenset({"supplementing", "postponed", "objected"})
_TOLD_TO_THE_STATE = frozenset({Measure.TRAFFIC_DATA, Measure.STORED_CONTENT})


def started_by(state: CaseState, move: Move, after: str) -> str:
    """The event from which time limits are counted, or nothing.

    Only the receipt of the request starts clocks, not that of every later letter; a refusal starts no
    execution; a send before approval is an event of its own, and so is a request for another consent.
    """
    body, before = move.body, state.status
    if notice_only(state.request) and body.event in _OF_NOTICE:
        return _of_notice(state, move, after)
    if state.kind is Kind.EXTRADITION and (event := custody.event_of(state, move)) is not None:
        return event
    if isinstance(body, Delivered):
        return "delivered" if (before, after) == ("sent", "received") else ""
    if isinstance(body, Send):
        return "send-emergency" if body.emergency and before == "draft" else "send"
    if isinstance(body, Decide) and body.decision == "refused":
        return ""
    if isinstance(body, AskConsent):
        return "ask-onward" if body.purpose == "onward" else "ask-consent"
    if isinstance(body, Proceedings) and body.stage in _AT_AN_END:
        return ""
    return "surrender-fixed" if isinstance(body, FixSurrender) else body.event


_OF_NOTICE = frozenset({"arrive", "delivered", "notified", "acknowledge", "decide"})


def _of_notice(state: CaseState, move: Move, after: str) -> str:
    """Its receipt opens the time to object, once. Nothing is asked that one could acknowledge or decide."""
    body = move.body
    receipt = isinstance(body, Arrive | Notified) or (
        isinstance(body, Delivered) and (state.status, after) == ("sent", "received")
    )
    return "notified" if receipt and not state.interceptions else ""


ESTIMATES_KEPT = 2
"""The release of our rules from which the estimated end of a postponement is a clock."""

_AT_AN_END = frozenset({"discontinued", "final"})


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
    if isinstance(body, AnswerConsent) and state.person is not None:
        asked_for = [one.purpose for one in state.person.consents if one.id == body.id]
        return "answer-onward" if "onward" in asked_for else body.event
    return body.event


def effect(state: CaseState, move: Move) -> Effect:
    """What the move does to clocks beyond what its name says."""
    if isinstance(move.body, Prolong):
        return Effect(about=move.body.clock)
    if state.kind is not Kind.EXTRADITION:
        return Effect()
    return Effect(also=custody.is_also(state, move), spared=custody.spared(state, move))


def asked(step: Step, after: str) -> CountWork | None:
    """What the activity is to count for this move; None spares the call. `after`: the status it leads to."""
    state, move = step.state, step.move
    event = started_by(state, move, after)
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
    state, body = step.state, step.move.body
    if not isinstance(body, FileRequest | Arrive | Amend):
        return []
    known = state.request.reports if isinstance(body, Amend) else ()
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
        if report.submitted is not None and report not in known
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
    if to_be_notified(request):
        found.append(NOTIFIED)
    if state.person is not None and state.person.consent is not None and state.person.consent.given:
        found.append(CONSENTED)
    if state.papers_follow or (isinstance(body, Send | Arrive) and body.papers_follow):
        found.append(PAPERS_FIRST)
    if state.kind is Kind.EXTRADITION:
        found += custody.says(state, move)
    if state.counterpart.provider is not None:
        found.append(DIRECT)
    elif state.side is Side.INCOMING and isinstance(request, ProductionRequest) and request.direct:
        found.append(TOLD_OF)
    if state.kind is Kind.PROSECUTION:
        found.append(PROSECUTION_INSTEAD)
    return tuple(found)


def to_be_notified(request: Request) -> bool:
    """Has the enforcing authority to be told of such an order (Regulation 2023/1543, 8)?"""
    return (
        isinstance(request, ProductionRequest)
        and not request.domestic
        and bool(_TOLD_TO_THE_STATE & set(request.measures))
    )


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
    if isinstance(body, Preserved):
        return body.start, body.end, "preserve"
    if isinstance(body, Renewed):
        return terms.begins(step.state, body.start), body.end, "preserve"
    if isinstance(body, FixSurrender):
        return body.on, body.on, "surrender"
    if isinstance(body, Surrendered):
        return step.at, body.return_by, "return-person"
    if isinstance(body, Enforced):
        return step.at, body.until if body.recognised else None, "produce"
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
