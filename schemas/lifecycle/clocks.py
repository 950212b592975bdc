"""Which clocks do we keep of our own where the law sets none, and how early is somebody reminded?"""

from __future__ import annotations

from schemas.lifecycle.rule import PracticeClock
from schemas.vocabulary import Kind, Side

CENTRAL, LIAISON, COURT = "central-authority", "24-7-point", "court"
ISSUING, EXECUTING = "issuing-authority", "executing-authority"
PROSECUTOR = "prosecutor"
_ASKED_OR_DECIDED = ("acknowledge", "question", "decide")
"""Words by which who was asked shows that they have the request; each kind has more of its own."""

_PAPERS = ("papers", "withdraw")
_OURS = (
    PracticeClock("second-approval", "send-emergency", 24, "hours", ("approve",), "approver"),
    PracticeClock("papers-follow", "send", 10, "days", _PAPERS, CENTRAL, says="papers-first"),
    PracticeClock("papers-follow", "send-emergency", 10, "days", _PAPERS, CENTRAL, says="papers-first"),
)
_THEIRS = (PracticeClock("papers-follow", "arrive", 10, "days", _PAPERS, CENTRAL, says="papers-first"),)

_PUT_OFF = PracticeClock(
    "postponed", "postpone", 90, "days", ("decide", "evidence", "withdraw"), CENTRAL, since=2
)
"""Where no estimate was given: so that what is put off is not forgotten."""

_LOOKED_AT = ("court", "release-person", "surrendered")
"""A step in court looks at the custody again, and the next look is due after it."""
_READY = PracticeClock(
    "papers", "arrest", 12, "days", ("papers", "release-person"), CENTRAL, says="papers-awaited"
)
_WHILE_POSTPONED = (("postpone",), ("fix-surrender", "decide"))
_CONSENTS = (
    PracticeClock("consent-answer", "ask-consent", 30, "days", ("answer-consent",), CENTRAL),
    PracticeClock("onward-answer", "ask-onward", 30, "days", ("answer-onward",), CENTRAL),
)

PRACTICE_CLOCKS: dict[tuple[Kind, Side], tuple[PracticeClock, ...]] = {
    (Kind.MLA, Side.OUTGOING): (
        PracticeClock(
            "acknowledge",
            "delivered",
            30,
            "days",
            ("acknowledge", "question", "decide", "evidence"),
            "central-authority",
        ),
        PracticeClock(
            "decide", "acknowledge", 90, "days", ("decide",), "central-authority", ("question",), ("answer",)
        ),
        PracticeClock(
            "execute",
            "decide",
            180,
            "days",
            ("evidence",),
            "central-authority",
            ("question", "postpone"),
            ("answer", "decide"),
        ),
        _PUT_OFF,
        *_OURS,
    ),
    (Kind.MLA, Side.INCOMING): (
        PracticeClock("acknowledge", "arrive", 3, "working-days", ("acknowledge",), "central-authority"),
        PracticeClock(
            "decide", "acknowledge", 60, "days", ("decide",), "central-authority", ("question",), ("answer",)
        ),
        PracticeClock(
            "execute",
            "decide",
            90,
            "days",
            ("evidence",),
            EXECUTING,
            ("question", "postpone"),
            ("answer", "decide"),
        ),
        _PUT_OFF,
        *_THEIRS,
    ),
    (Kind.PRESERVATION, Side.OUTGOING): (
        PracticeClock(
            "acknowledge", "delivered", 24, "hours", (*_ASKED_OR_DECIDED, "evidence", "preserved"), LIAISON
        ),
        PracticeClock("confirm", "delivered", 48, "hours", ("preserved", "decide"), LIAISON),
        PracticeClock("follow-up", "preserved", 30, "days", ("follow-up", "release-data"), CENTRAL),
        PracticeClock("renewal-answer", "renew", 5, "days", ("renewed", "decide", "release-data"), LIAISON),
        *_OURS,
    ),
    (Kind.PRESERVATION, Side.INCOMING): (
        PracticeClock(
            "acknowledge", "arrive", 4, "hours", (*_ASKED_OR_DECIDED, "evidence", "preserved"), LIAISON
        ),
        PracticeClock("confirm", "arrive", 24, "hours", ("preserved", "decide"), LIAISON),
        PracticeClock("renewal-answer", "renew", 3, "days", ("renewed", "release-data"), LIAISON),
        *_THEIRS,
    ),
    (Kind.PRODUCTION, Side.OUTGOING): (
        PracticeClock(
            "acknowledge", "delivered", 5, "days", (*_ASKED_OR_DECIDED, "evidence", "preserved"), CENTRAL
        ),
        PracticeClock(
            "produce",
            "delivered",
            30,
            "days",
            ("evidence", "decide"),
            CENTRAL,
            ("question", "objection"),
            ("answer", "review"),
        ),
        PracticeClock("review", "objection", 10, "days", ("review", "withdraw"), ISSUING),
        *_OURS,
    ),
    (Kind.PRODUCTION, Side.INCOMING): (
        PracticeClock("acknowledge", "arrive", 1, "working-days", (*_ASKED_OR_DECIDED, "evidence"), CENTRAL),
        PracticeClock("decide", "arrive", 10, "days", ("decide", "enforcing-answer"), CENTRAL),
        *_THEIRS,
    ),
    (Kind.EXTRADITION, Side.OUTGOING): (
        PracticeClock(
            "acknowledge", "delivered", 15, "days", (*_ASKED_OR_DECIDED, "arrest", "court"), CENTRAL
        ),
        PracticeClock("decide", "acknowledge", 90, "days", ("decide",), CENTRAL, ("question",), ("answer",)),
        _READY,
        PracticeClock("assurance", "ask-assurance", 15, "days", ("assurance",), CENTRAL),
        PracticeClock("surrender", "decide", 30, "days", ("surrendered",), CENTRAL, *_WHILE_POSTPONED),
        *_CONSENTS,
        PracticeClock("speciality-check", "surrendered", 12, "months", ("discharged",), CENTRAL),
        *_OURS,
    ),
    (Kind.EXTRADITION, Side.INCOMING): (
        PracticeClock(
            "acknowledge", "arrive", 3, "working-days", (*_ASKED_OR_DECIDED, "arrest", "court"), CENTRAL
        ),
        PracticeClock("custody-review", "arrest", 14, "days", _LOOKED_AT, COURT),
        *(
            PracticeClock("custody-review", event, 28, "days", _LOOKED_AT, COURT, says="detained")
            for event in ("court", "committed", "custody-reviewed")
        ),
        _READY,
        PracticeClock("decide", "acknowledge", 60, "days", ("decide",), CENTRAL, ("question",), ("answer",)),
        PracticeClock("assurance", "ask-assurance", 15, "days", ("assurance",), CENTRAL),
        PracticeClock("surrender", "decide", 30, "days", ("surrendered",), EXECUTING, *_WHILE_POSTPONED),
        *_CONSENTS,
        *_THEIRS,
    ),
    (Kind.PROSECUTION, Side.OUTGOING): (
        PracticeClock("acknowledge", "delivered", 30, "days", (*_ASKED_OR_DECIDED, "proceedings"), CENTRAL),
        *(
            PracticeClock("proceedings", event, 180, "days", ("proceedings", "decide"), CENTRAL)
            for event in ("acknowledge", "decide", "proceedings")
        ),
        *_OURS,
    ),
    (Kind.PROSECUTION, Side.INCOMING): (
        PracticeClock(
            "acknowledge", "arrive", 3, "working-days", (*_ASKED_OR_DECIDED, "proceedings"), CENTRAL
        ),
        PracticeClock("proceedings", "arrive", 90, "days", ("proceedings", "decide"), PROSECUTOR),
        *(
            PracticeClock("proceedings", event, 180, "days", ("proceedings", "decide"), PROSECUTOR)
            for event in ("decide", "proceedings")
        ),
        *_THEIRS,
    ),
}
"""Figures of our own practice (source: design). A clock of the same name set by the law replaces it."""


WARNED: dict[Kind, tuple[str, ...]] = {
    Kind.PRESERVATION: ("50%", "75%", "7-days", "1-day", "1-hour"),
    Kind.EXTRADITION: ("50%", "75%", "7-days", "3-days", "1-day", "6-hours"),
    Kind.PRODUCTION: ("50%", "7-days", "1-day", "1-hour"),
}
"""How long before the end of a limit somebody is reminded, by kind; others: 7 days, 1 day, 1 hour."""

ESCALATED = frozenset({"75%", "3-days", "1-day", "6-hours"})
"""Warnings that go past the holder where somebody's liberty is at stake."""

HEAD = "head-of-office"
