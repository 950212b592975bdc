"""What happens in the place of surrender where the person is a national of the State that is asked?

It prosecutes itself, if it is asked to (1957 Convention, 6(2); Budapest, 24(6); UNTOC, 16(10)): a case of its
own, opened as a draft by the refusal, linked to it both ways, followed until the result is told.
"""

from __future__ import annotations

from schemas.case import CaseState
from schemas.errors import WrongMove
from schemas.facets import DutyAsked, Link, ProceedingsStep
from schemas.moves import Close, Decide, FileRequest, LinkCase, Move, Proceedings
from schemas.request import ExtraditionRequest, ProsecutionRequest
from schemas.vocabulary import Kind, Side
from workflows import baton
from workflows.custody import wanted
from workflows.stages.housekeeping import Made, open_case, tell
from workflows.step import Letter, Step, notice, settle

NATIONALITY = frozenset({"nationality", "nationality-residence", "own-national"})
"""Grounds for refusal after which the State that is asked may have to prosecute itself."""
DUTY = "submit-for-prosecution"
REFUSED_FOR, PROSECUTION_OF = "refused-for", "prosecution-of"

# --- may it be made? ----------------------------------------------------------------------------------


def check_close(state: CaseState, move: Move) -> None:
    """A refusal for nationality is followed by a case there, or somebody says why not."""
    body = move.body
    if not isinstance(body, Close) or state.side is not Side.OUTGOING or body.outcome.note:
        return
    if is_refused_for_nationality(state) and all(link.why != REFUSED_FOR for link in state.links):
        raise WrongMove(
            "Refused for nationality, and nobody asked them to prosecute there, or said why not.",
            allowed=["close with a note in the outcome", "link (why: refused-for)"],
            where=state.ref,
            code="prosecution-not-followed",
        )


def is_refused_for_nationality(state: CaseState) -> bool:
    """Was the last word on it a refusal for the person's nationality?"""
    said = [one for one in state.decisions if one.decision != "postponed"]
    return bool(said) and said[-1].decision == "refused" and not NATIONALITY.isdisjoint(said[-1].grounds)


# --- made -----------------------------------------------------------------------------------------------


def after_refusal(step: Step) -> None:
    """Asks for prosecution there, as a draft for our officer to complete, have approved and send."""
    state, body, request = step.state, step.body(Decide), step.state.request
    for_nationality = body.decision == "refused" and not NATIONALITY.isdisjoint(body.grounds)
    if not for_nationality or state.side is not Side.OUTGOING or not isinstance(request, ExtraditionRequest):
        return
    duty = _duty(state)
    notice(state, "refused-for-nationality" if duty else "prosecution-duty-unknown")
    asked = ProsecutionRequest(
        requesting=request.requesting,
        requested=request.requested,
        urgent=request.urgent,
        urgency_reason=request.urgency_reason,
        child_at_risk=request.child_at_risk,
        offences=request.offences,
        instrument=state.law.instrument if state.law else request.instrument,
        language=request.language,
        contents=request.contents,
        victims=request.victims,
        identifiers=request.identifiers,
        attachments=request.attachments,
        confidential=request.confidential,
        data_protection_ground=request.data_protection_ground,
        person=request.person,
        extradition=state.ref,
        article=duty.article if duty and duty.article else None,
    )
    opened = FileRequest(request=asked, matter=state.matter)
    open_case(state, Kind.PROSECUTION, opened.model_dump(mode="json"), step.now)


def _duty(state: CaseState) -> DutyAsked | None:
    duties = state.law.duties if state.law else ()
    return next((duty for duty in duties if duty.duty == DUTY), None)


def linked(step: Step) -> None:
    """The new case knows the extradition that was refused, and where that is a case here, it is told."""
    state, request = step.state, step.state.request
    if not isinstance(request, ProsecutionRequest):
        return
    state.links.append(Link(ref=request.extradition, why=PROSECUTION_OF, at=step.now))
    if state.side is Side.INCOMING:
        there = LinkCase(ref=state.ref, why="refused-for")
        tell(state, request.extradition, there.model_dump(mode="json"), step.now)


def proceedings(step: Step) -> Letter | None:
    """One more step of the prosecution there; its result ends what was asked."""
    state, body = step.state, step.body(Proceedings)
    done = ProceedingsStep(stage=body.stage, authority=body.authority, at=step.at, text=body.text or "")
    wanted(state).proceedings.append(done)
    if not step.own:
        settle(state, "proceedings:")
        notice(state, f"proceedings:{body.stage}")
        baton.taken_on_paper(step)
    return step.letter()


STAGES: dict[str, Made] = {"proceedings": proceedings}
