"""What is a whole life of a case of each kind, move by move in both houses, with every stage of that kind?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from schemas.case import CaseState
from schemas.handoff import Holder
from schemas.moves import (
    AcceptHandoff,
    Acknowledge,
    Actor,
    Answer,
    AnswerConsent,
    AnswerLimit,
    Approve,
    Arrest,
    Ask,
    AskAssurance,
    AskConsent,
    CheckAssurance,
    Close,
    Consult,
    Court,
    Decide,
    Evidence,
    FixSurrender,
    FollowUp,
    FollowUpDecided,
    GiveAssurance,
    Inform,
    Issue,
    Limit,
    MoveBody,
    OfferHandoff,
    Papers,
    Postpone,
    Preserved,
    Proceedings,
    ReleaseData,
    Renew,
    Renewed,
    Send,
    Served,
    Surrendered,
    ToMinister,
    WithdrawHandoff,
)
from schemas.request import Request
from schemas.vocabulary import Kind
from tests.flow import lawful, wanted
from tests.flow.invented import (
    APPROVER_DE,
    JUDGE_DE,
    OFFICER_DE,
    OFFICER_US,
    REQUIRED,
    START,
    item,
    outcome,
    request,
)

Given = Callable[[CaseState], MoveBody]
Turn = tuple[str, Actor, MoveBody | Given]
"""House, who, and what: a body, or one made of the case as it stands there."""

DAYS = timedelta(days=1)
CONTENTS = dict.fromkeys(REQUIRED, "as required (invented)")


@dataclass(frozen=True, slots=True)
class Life:
    """One request of `de` to `us`, from its filing to its closing in both houses."""

    kind: Kind
    asked: Request
    turns: tuple[Turn, ...]


def body_of(turn: Turn, state: CaseState) -> MoveBody:
    """The move as it fits the case."""
    said = turn[2]
    return said(state) if callable(said) else said


def accept(state: CaseState) -> MoveBody:
    """Takes what was offered last."""
    return AcceptHandoff(id=state.handoffs[-1].id)


def offer_inside(state: CaseState) -> MoveBody:
    """Offers it to the court of the same house."""
    there = Holder(house=state.house, function="court")
    return OfferHandoff(id=f"{state.house}-court-{len(state.handoffs)}", receiver=there, why="for an order")


def take_back(state: CaseState) -> MoveBody:
    return WithdrawHandoff(id=state.handoffs[-1].id, reason="not needed")


def appointed(state: CaseState) -> MoveBody:
    """The day of surrender."""
    return FixSurrender(on=state.updated + 5 * DAYS, place="airport (invented)")


_ISSUE: Turn = ("de", JUDGE_DE, Issue(capacity="issued", authority="Court (invented)", signed_on=START))
_OUT: tuple[Turn, ...] = (
    ("de", APPROVER_DE, Approve()),
    ("de", OFFICER_DE, Send()),
    ("us", OFFICER_US, Acknowledge()),
    ("us", OFFICER_US, accept),
)
_TALK: tuple[Turn, ...] = (
    ("us", OFFICER_US, offer_inside),
    ("us", OFFICER_US, take_back),
    ("us", OFFICER_US, Ask(id="period", text="For which period?")),
    ("de", OFFICER_DE, Answer(question="period", text="From 2 August to 30 October 2026.")),
    ("us", OFFICER_US, Consult(text="The period is long.")),
    ("de", OFFICER_DE, Inform(text="The child was found.")),
    ("us", OFFICER_US, Postpone(reasons="A trial here comes first.")),
)
_CLOSE: tuple[Turn, ...] = (
    ("us", OFFICER_US, Close(outcome=outcome())),
    ("de", OFFICER_DE, Close(outcome=outcome())),
)
_GRANT: Turn = ("us", OFFICER_US, Decide(decision="accepted"))

MLA = Life(
    Kind.MLA,
    request(),
    (
        _ISSUE,
        *_OUT,
        *_TALK,
        _GRANT,
        ("us", OFFICER_US, Limit(id="use", text="Only for the proceedings named.")),
        ("de", OFFICER_DE, AnswerLimit(limit="use", accepted=True)),
        ("us", OFFICER_US, Evidence(complete=False, items=(item("one"),), limits=("use",))),
        ("us", OFFICER_US, Evidence(complete=True, items=(item("two"),), limits=("use",))),
        ("de", OFFICER_DE, accept),
        *_CLOSE,
    ),
)

PRESERVATION = Life(
    Kind.PRESERVATION,
    lawful.to_keep(contents=CONTENTS),
    (
        *_OUT,
        *_TALK,
        ("us", OFFICER_US, lambda state: Preserved(start=START, end=START + 90 * DAYS, provider_ref="EC-7")),
        ("de", OFFICER_DE, Renew(reason="the request is being translated")),
        ("us", OFFICER_US, lambda state: Renewed(start=state.updated, end=START + 180 * DAYS)),
        ("de", OFFICER_DE, FollowUp(ref="DE-MLA-2026-00007", kind="mla")),
        ("us", OFFICER_US, FollowUpDecided(ref="DE-MLA-2026-00007", result="disclosed")),
        ("de", OFFICER_DE, ReleaseData(reason="all is here")),
        *_CLOSE,
    ),
)

PRODUCTION = Life(
    Kind.PRODUCTION,
    lawful.to_produce(requested="US", direct=False, contents=CONTENTS),
    (
        _ISSUE,
        *_OUT,
        *_TALK,
        _GRANT,
        ("us", OFFICER_US, Served(note="by courier")),
        ("us", OFFICER_US, Evidence(complete=False, items=(item("one"),))),
        ("us", OFFICER_US, Evidence(complete=True, items=(item("two"),))),
        *_CLOSE,
    ),
)

EXTRADITION = Life(
    Kind.EXTRADITION,
    wanted.request(provisional_arrest=True),
    (
        _ISSUE,
        ("de", APPROVER_DE, Approve()),
        ("de", OFFICER_DE, Send(papers_follow=True)),
        ("us", OFFICER_US, accept),
        ("us", OFFICER_US, Arrest(person=wanted.SOUGHT)),
        ("de", OFFICER_DE, Papers(note="by courier")),
        ("us", OFFICER_US, Acknowledge()),
        *_TALK[:-1],
        ("us", OFFICER_US, Court(stage="opened", authority="court (invented)")),
        ("us", OFFICER_US, AskAssurance(id="food", about="detention-conditions", text="Which prison?")),
        ("de", OFFICER_DE, GiveAssurance(id="food", text="One of the new ones.", given_by="minister")),
        ("us", OFFICER_US, CheckAssurance(id="food", sufficient=True, note="it is enough")),
        ("us", OFFICER_US, Court(stage="committed", authority="court (invented)")),
        ("us", OFFICER_US, ToMinister(authority="minister")),
        _GRANT,
        ("us", OFFICER_US, appointed),
        ("us", OFFICER_US, Surrendered(place="airport (invented)", custody_days=40)),
        ("de", OFFICER_DE, AskConsent(id="more", purpose="onward", to="FR", text="France asks.")),
        ("us", OFFICER_US, AnswerConsent(id="more", given=True)),
        ("de", OFFICER_DE, Close(outcome=outcome())),
    ),
)

PROSECUTION = Life(
    Kind.PROSECUTION,
    wanted.prosecution(),
    (
        *_OUT,
        *_TALK,
        _GRANT,
        ("us", OFFICER_US, Proceedings(stage="submitted", authority="prosecutor (invented)")),
        ("us", OFFICER_US, Proceedings(stage="opened", authority="prosecutor (invented)")),
        ("us", OFFICER_US, Proceedings(stage="judgment", authority="court (invented)")),
        ("us", OFFICER_US, Proceedings(stage="final", authority="court (invented)")),
        *_CLOSE,
    ),
)

LIVES = (MLA, PRESERVATION, PRODUCTION, EXTRADITION, PROSECUTION)
