"""How is a person handed over, and what is watched afterwards: the day, the return, speciality, consents?"""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas.case import CaseState
from schemas.errors import BadInput, Conflict, NotFound, WrongMove
from schemas.facets import ConsentAsked, SurrenderDay, SurrenderMade
from schemas.lifecycle import OWN
from schemas.moves import (
    AnswerConsent,
    AskConsent,
    Discharged,
    FixSurrender,
    MissSurrender,
    Move,
    ReturnedPerson,
    Surrendered,
)
from schemas.vocabulary import Side
from workflows import baton, clock
from workflows.custody import wanted
from workflows.stages.assuring import check_first_in_turn, check_free_to_grant
from workflows.stages.housekeeping import Checked, Made
from workflows.stages.person import end_custody
from workflows.step import Letter, Step, altered, happened, made_by, notice, put, settle

A_DAY = timedelta(days=1)
MISSED_DAY = "surrender-missed"

# --- may it be made? ----------------------------------------------------------------------------------


def check_fix(state: CaseState, move: Move, now: datetime) -> None:
    """A day to come; and nothing stands in the way of surrender."""
    body = move.body
    if not isinstance(body, FixSurrender):
        return
    if body.on < happened(move, now) - A_DAY:
        raise BadInput(
            "The day of surrender is over.",
            where="on",
            next_step="appoint a day to come",
            code="in-the-past",
        )
    if made_by(state.house, move) == OWN:
        check_free_to_grant(state)
        check_first_in_turn(state)


def check_miss(state: CaseState, move: Move, now: datetime) -> None:
    """Only a day that has come can have been missed."""
    days = wanted(state).days
    if isinstance(move.body, MissSurrender) and days and happened(move, now) < days[-1].on - A_DAY:
        raise BadInput(
            "The appointed day has not come.",
            where="happened_at",
            next_step="appoint another day instead (fix-surrender)",
            code="not-yet",
        )


def check_surrendered(state: CaseState, move: Move, now: datetime) -> None:
    """A temporary surrender says when the person comes back; nothing stands in the way."""
    body = move.body
    if not isinstance(body, Surrendered):
        return
    if body.temporary is (body.return_by is None):
        raise BadInput(
            "A temporary surrender has a day of return, and no other has one.",
            where="return_by",
            next_step="give `temporary: true` and `return_by` together, or neither",
            code="return-day",
        )
    if body.return_by is not None and body.return_by <= happened(move, now):
        raise BadInput(
            "The person would have to be back before leaving.",
            where="return_by",
            next_step="give a later moment",
        )
    if made_by(state.house, move) == OWN:
        check_free_to_grant(state)
        check_first_in_turn(state)


def check_returned(state: CaseState, move: Move, now: datetime) -> None:
    """Only who was handed over for a time comes back."""
    if isinstance(move.body, ReturnedPerson) and not is_lent(state):
        raise WrongMove(
            "The person was handed over for good.",
            allowed=["discharged", "ask-consent", "close"],
            where=state.ref,
            code="not-temporary",
        )


def check_discharged(state: CaseState, move: Move, now: datetime) -> None:
    """Once, and not before the surrender."""
    if not isinstance(move.body, Discharged):
        return
    person = wanted(state)
    if person.discharged is not None:
        raise Conflict(
            f"The person is discharged since {person.discharged.date().isoformat()}.",
            where=state.ref,
            next_step="nothing: the time of speciality runs from then",
        )
    if person.surrenders and happened(move, now) < person.surrenders[-1].at:
        raise BadInput(
            "That was before the surrender.",
            where="happened_at",
            next_step=f"give a moment after {person.surrenders[-1].at.isoformat(timespec='minutes')}",
            code="before-the-surrender",
        )


def check_ask_consent(state: CaseState, move: Move, now: datetime) -> None:
    """It says which offence, or which State; and has an id of its own."""
    body = move.body
    if not isinstance(body, AskConsent):
        return
    if any(one.id == body.id for one in wanted(state).consents):
        raise Conflict(
            f"There is a consent {body.id!r} already.", where=state.ref, next_step="choose another id"
        )
    lacking = "offence" if body.purpose == "other-offence" and not body.offence else ""
    lacking = "to" if body.purpose == "onward" and not body.to else lacking
    if lacking:
        raise BadInput(
            f"Consent to {body.purpose} names what it is for.",
            where=lacking,
            next_step="name the offence the person is to be tried for, or the State they are to be passed to",
        )


def check_answer_consent(state: CaseState, move: Move, now: datetime) -> None:
    """It answers an open one; who declines says why."""
    body = move.body
    if not isinstance(body, AnswerConsent):
        return
    waiting = [one.id for one in wanted(state).consents if one.answered is None]
    if body.id not in waiting:
        raise NotFound(
            f"No consent {body.id!r} was asked for.",
            where="id",
            next_step=f"waiting: {', '.join(waiting) or 'none'}",
            code="unknown-consent",
        )
    if not body.given and not body.reasons and made_by(state.house, move) == OWN:
        raise BadInput(
            "Who declines says why.", where="reasons", next_step="give the reasons", code="reasons-missing"
        )


def is_lent(state: CaseState) -> bool:
    """Was the person handed over for a time, and did not come back yet?"""
    made = wanted(state).surrenders
    return bool(made) and made[-1].temporary and made[-1].returned is None


# --- made -----------------------------------------------------------------------------------------------


def fix(step: Step) -> Letter | None:
    """Appointed; a new day stands beside the old one."""
    state, body = step.state, step.body(FixSurrender)
    if _excused(state):
        clock.dropped(state, _since_decision(state), step.now)
    wanted(state).days.append(SurrenderDay(on=body.on, place=body.place))
    settle(state, MISSED_DAY)
    if not step.own:
        notice(state, "surrender-fixed")
        baton.taken_on_paper(step)
    return step.letter()


def _excused(state: CaseState) -> bool:
    """Was the last day missed by what nobody could help?"""
    days = wanted(state).days
    return bool(days) and days[-1].missed is not None and days[-1].force_majeure


def _since_decision(state: CaseState) -> list[str]:
    """The time that the law counts from the decision: the one from the new day stands in its place (Framework
    Decision, 23(3))."""
    return [entry.id for entry in clock.running(state) if entry.clock == "surrender" and entry.law]


def miss(step: Step) -> Letter | None:
    """Not handed over on the day. The time after which the person is to be free runs on from that day until,
    for force majeure, another one is appointed (1957 Convention, 18(4)-(5))."""
    state, body = step.state, step.body(MissSurrender)
    days = wanted(state).days
    if days:
        put(
            days,
            days[-1],
            altered(days[-1], missed=step.at, force_majeure=body.force_majeure),
        )
    settle(state, "surrender-fixed")
    notice(state, MISSED_DAY)
    return step.letter()


def surrendered(step: Step) -> Letter | None:
    """Handed over, with the days in custody that count towards the sentence."""
    state, body = step.state, step.body(Surrendered)
    person = wanted(state)
    end_custody(step, "surrendered")
    counted = person.custody_days
    if person.detentions and abs(counted - body.custody_days) > len(person.detentions):
        # by their own calendar it may be a day more or less for each time in custody
        notice(state, f"custody-days:{counted}")
    if person.days:
        put(person.days, person.days[-1], altered(person.days[-1], done=step.at))
    person.surrenders.append(
        SurrenderMade(
            at=step.at,
            place=body.place,
            custody_days=body.custody_days,
            temporary=body.temporary,
            return_by=body.return_by,
        )
    )
    settle(state, "surrender-fixed", MISSED_DAY, "arrested")
    if person.consent is not None and person.consent.given and person.consent.waives_speciality:
        notice(state, "speciality-waived")
    if not step.own:
        baton.taken_on_paper(step)
    return step.letter()


def returned(step: Step) -> Letter | None:
    """Back again after a temporary surrender: the final one is still to come."""
    step.body(ReturnedPerson)
    made = wanted(step.state).surrenders
    put(made, made[-1], altered(made[-1], returned=step.at))
    if not step.own:
        notice(step.state, "person-returned")
    return step.letter()


def discharged(step: Step) -> Letter | None:
    """Free to leave: what is left of the rule of speciality runs from now on."""
    step.body(Discharged)
    step.state.person = altered(wanted(step.state), discharged=step.at)
    if not step.own:
        baton.taken_on_paper(step)
    return step.letter()


def ask_consent(step: Step) -> Letter | None:
    """To try the person for another offence, or to pass them on (1957 Convention, 14 and 15)."""
    state, body = step.state, step.body(AskConsent)
    wanted(state).consents.append(
        ConsentAsked(
            id=body.id,
            purpose=body.purpose,
            offence=body.offence or "",
            to=body.to or "",
            text=body.text,
            asked=step.at,
        )
    )
    if state.side is Side.INCOMING:
        notice(state, f"consent-asked:{body.id}")
    return step.letter()


def answer_consent(step: Step) -> Letter | None:
    """Given or declined by the State that surrendered."""
    state, body = step.state, step.body(AnswerConsent)
    known = wanted(state).consents
    asked = next(one for one in known if one.id == body.id)
    put(
        known,
        asked,
        altered(asked, answered=step.at, given=body.given, reasons=body.reasons or ""),
    )
    settle(state, f"consent-asked:{body.id}")
    if not step.own:
        notice(state, f"consent-{'given' if body.given else 'declined'}:{body.id}")
    return step.letter()


CHECKS: dict[str, Checked] = {
    "fix-surrender": check_fix,
    "miss-surrender": check_miss,
    "surrendered": check_surrendered,
    "returned-person": check_returned,
    "discharged": check_discharged,
    "ask-consent": check_ask_consent,
    "answer-consent": check_answer_consent,
}
STAGES: dict[str, Made] = {
    "fix-surrender": fix,
    "miss-surrender": miss,
    "surrendered": surrendered,
    "returned-person": returned,
    "discharged": discharged,
    "ask-consent": ask_consent,
    "answer-consent": answer_consent,
}
