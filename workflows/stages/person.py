"""What happens to a person whose surrender is asked: found, arrested, released, heard, consenting?

Told by the State that is asked, recorded by both. An alert or a notice is a reference and no more: it starts
no time limit and is no arrest.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas.case import CaseState
from schemas.deadline import ClockStatus
from schemas.errors import BadInput, Conflict, WrongMove
from schemas.facets import AlertNoted, ConsentGiven, CourtStep, Detention
from schemas.moves import Alert, Arrest, Consent, Court, Located, Move, ReleasePerson, ToMinister
from schemas.request import ExtraditionRequest
from schemas.vocabulary import Side
from workflows import baton
from workflows.custody import papers_in, wanted
from workflows.stages.housekeeping import Checked, Made
from workflows.step import Letter, Step, altered, happened, notice, put, settle

STILL_DETAINED = "still-detained"
"""The request is over, and the person is in custody for it."""

# --- may it be made? ----------------------------------------------------------------------------------


def check_alert(state: CaseState, move: Move, now: datetime) -> None:
    """Each alert is noted once, and was issued before it is noted."""
    body = move.body
    if not isinstance(body, Alert):
        return
    if any((one.source, one.reference) == (body.source, body.reference) for one in wanted(state).alerts):
        raise Conflict(
            f"Alert {body.reference} is noted already.",
            where="reference",
            next_step="nothing: it is there",
            code="alert-known",
        )
    # wherever it was issued, it may be a day ahead of us
    if body.issued_on is not None and body.issued_on > (now + timedelta(days=1)).date():
        raise BadInput(
            "An alert cannot be of a later day than today.",
            where="issued_on",
            next_step="give the day on which it was issued",
            code="in-the-future",
        )


def check_arrest(state: CaseState, move: Move, now: datetime) -> None:
    """It is the person of this request, who is not in custody for it yet."""
    body, request = move.body, state.request
    if not isinstance(body, Arrest):
        return
    sought = request.person.id if isinstance(request, ExtraditionRequest) else ""
    if body.person != sought:
        raise BadInput(
            f"This request seeks {sought!r}, and nobody of the id {body.person!r}.",
            where="person",
            next_step=f"record the arrest of {sought!r} here, and any other in the case of that person",
            code="other-person",
        )
    held = wanted(state).detentions
    if held and held[-1].released is None:
        raise Conflict(
            f"The person is in custody since {held[-1].arrested.isoformat(timespec='minutes')}.",
            where=state.ref,
            next_step="record the release first (release-person) if there was one between",
            code="already-arrested",
        )
    if held and held[-1].released is not None and happened(move, now) < held[-1].released:
        raise BadInput(
            "The person was in custody at that time.",
            where="happened_at",
            next_step=f"give a moment after {held[-1].released.isoformat(timespec='minutes')}",
            code="before-the-release",
        )


def check_release(state: CaseState, move: Move, now: datetime) -> None:
    """Only who is in custody is released, and not before the arrest."""
    if not isinstance(move.body, ReleasePerson):
        return
    held = wanted(state).detentions
    if not held or held[-1].released is not None:
        raise WrongMove(
            "Nobody is in custody for this request.", allowed=["arrest"], where=state.ref, code="not-detained"
        )
    if happened(move, now) < held[-1].arrested:
        raise BadInput(
            "That was before the arrest.",
            where="happened_at",
            next_step=f"give a moment after {held[-1].arrested.isoformat(timespec='minutes')}",
            code="before-the-arrest",
        )


def check_consent(state: CaseState, move: Move, now: datetime) -> None:
    """Irrevocable unless declared otherwise (Third Additional Protocol, 4; Framework Decision, 13)."""
    known, body = wanted(state).consent, move.body
    if not isinstance(body, Consent) or known is None or not known.given:
        return
    if not body.given and not known.revocable:
        raise WrongMove(
            "The person consented, and consent is not taken back: none of the two declared otherwise.",
            allowed=["decide"],
            where=state.ref,
            code="irrevocable",
        )
    if body.given and body.waives_speciality is known.waives_speciality:
        raise Conflict("The person consented already.", where=state.ref, next_step="nothing: it is recorded")


# --- made -----------------------------------------------------------------------------------------------


def alert(step: Step) -> None:
    """Noted as a reference, by which the case is found as well."""
    body = step.body(Alert)
    noted = AlertNoted(source=body.source, reference=body.reference, issued_on=body.issued_on, at=step.now)
    wanted(step.state).alerts.append(noted)


def located(step: Step) -> Letter | None:
    """Found, and not arrested yet."""
    step.body(Located)
    _replace(step, located=step.at)
    if not step.own:
        notice(step.state, "located")
        baton.taken_on_paper(step)
    return step.letter()


def arrest(step: Step) -> Letter | None:
    """In custody from now on. Whose papers are there already is not arrested provisionally."""
    state, body = step.state, step.body(Arrest)
    provisional = body.provisional and not papers_in(state)
    wanted(state).detentions.append(Detention(arrested=step.at, provisional=provisional))
    if provisional and state.status_before == before_arrest(state):
        state.status_before = "arrested"
    settle(state, "located")
    if not step.own:
        notice(state, "arrested")
        baton.taken_on_paper(step)
    return step.letter()


def release(step: Step) -> Letter | None:
    """Free, with or without conditions: no request ends by it, and a new arrest may follow."""
    state, body = step.state, step.body(ReleasePerson)
    end_custody(step, body.reason)
    settle(state, STILL_DETAINED, "arrested")
    if state.status_before == "arrested":
        state.status_before = before_arrest(state)
    if not step.own:
        notice(state, "released")
        baton.taken_on_paper(step)
    return step.letter()


def before_arrest(state: CaseState) -> str:
    """The status in which an arrest that was asked for is awaited, on this side."""
    return "received" if state.side is Side.INCOMING else "arrest-asked"


def end_custody(step: Step, reason: str) -> None:
    """Closes the span of custody that runs, if one does."""
    held = wanted(step.state).detentions
    if held and held[-1].released is None:
        put(held, held[-1], altered(held[-1], released=step.at, reason=reason))


def court(step: Step) -> Letter | None:
    """One more step before the court."""
    body = step.body(Court)
    done = CourtStep(stage=body.stage, authority=body.authority, at=step.at, note=body.note or "")
    wanted(step.state).court.append(done)
    if not step.own:
        baton.taken_on_paper(step)
    return step.letter()


def consent(step: Step) -> Letter | None:
    """The person's word. What one who takes it back had made moot runs again."""
    state, body = step.state, step.body(Consent)
    before = wanted(state).consent
    said = ConsentGiven(
        given=body.given,
        before=body.before,
        at=step.at,
        waives_speciality=body.given and body.waives_speciality,
        revocable=body.revocable,
    )
    _replace(step, consent=said)
    if before is not None and before.given and not body.given:
        _as_without_consent(state, step.now)
        notice(state, "consent-taken-back")
    if not step.own:
        baton.taken_on_paper(step)
    return step.letter()


def _as_without_consent(state: CaseState, now: datetime) -> None:
    for entry in list(state.deadlines):
        if entry.event == "consent" and entry.status is ClockStatus.RUNNING:
            put(state.deadlines, entry, altered(entry, status=ClockStatus.DROPPED, closed=now))
        elif "consent" in entry.dropped_by and entry.status is ClockStatus.DROPPED:
            again = altered(
                entry, id=f"d{len(state.deadlines) + 1}", status=ClockStatus.RUNNING, closed=None, warned=()
            )
            state.deadlines.append(again)


def to_minister(step: Step) -> Letter | None:
    """The case lies with the executive."""
    step.body(ToMinister)
    _replace(step, to_minister=step.at)
    if not step.own:
        baton.taken_on_paper(step)
    return step.letter()


def _replace(step: Step, **changes: object) -> None:
    step.state.person = altered(wanted(step.state), **changes)


CHECKS: dict[str, Checked] = {
    "alert": check_alert,
    "arrest": check_arrest,
    "release-person": check_release,
    "consent": check_consent,
}
STAGES: dict[str, Made] = {
    "alert": alert,
    "located": located,
    "arrest": arrest,
    "release-person": release,
    "court": court,
    "consent": consent,
    "to-minister": to_minister,
}
