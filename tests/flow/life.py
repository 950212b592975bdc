"""What is one whole life of a case, move by move, in both houses?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from schemas.moves import (
    AcceptHandoff,
    Acknowledge,
    Actor,
    Answer,
    AnswerLimit,
    Approve,
    Ask,
    Close,
    Decide,
    Evidence,
    Issue,
    Limit,
    MoveBody,
    Send,
)
from tests.flow.invented import APPROVER_DE, JUDGE_DE, OFFICER_DE, OFFICER_US, START, item, outcome

Play = Callable[[str, Actor, MoveBody], Awaitable[object]]
"""Makes a move in a house (`de` or `us`), and waits until its letters have arrived."""

LIFE: tuple[tuple[str, Actor, MoveBody], ...] = (
    (
        "de",
        JUDGE_DE,
        Issue(capacity="issued", authority="Court (invented)", signed_on=START),
    ),
    ("de", APPROVER_DE, Approve()),
    ("de", OFFICER_DE, Send()),
    ("us", OFFICER_US, Acknowledge()),
    ("us", OFFICER_US, AcceptHandoff(id="DE-MLA-2026-00001.h1")),
    ("us", OFFICER_US, Ask(id="period", text="For which period?")),
    ("de", OFFICER_DE, Answer(question="period", text="From 2 August to 30 October 2026.")),
    ("us", OFFICER_US, Decide(decision="accepted")),
    ("us", OFFICER_US, Limit(id="use", text="Only for the proceedings named.", article="28(2)(b)")),
    ("de", OFFICER_DE, AnswerLimit(limit="use", accepted=True)),
    ("us", OFFICER_US, Evidence(complete=False, items=(item("one"),), limits=("use",))),
    ("us", OFFICER_US, Evidence(complete=True, items=(item("two"),), limits=("use",))),
    ("de", OFFICER_DE, AcceptHandoff(id="US-MLA-2026-00001.h2")),
    ("us", OFFICER_US, Close(outcome=outcome())),
    ("de", OFFICER_DE, Close(outcome=outcome())),
)
"""Every move of a good course after filing. The baton goes over with the request, back with the results."""


async def live(play: Play) -> None:
    """Plays the whole life."""
    for house, actor, body in LIFE:
        await play(house, actor, body)
