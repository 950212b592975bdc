"""Who does what in a rehearsal, and when? One plan for each kind of request and each assumption, as data.

A plan is what is assumed and nothing else: figures that are not limits of the law or of our practice are
named in the words of the assumption, and every answer of the other side is of a day that a limit gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from schemas.request import ExtraditionRequest, PreservationRequest, ProductionRequest, Request, notice_only

Who = Literal["we", "they"]

LATE, SILENT = "late", "nobody-answers"
ASSUMPTIONS: dict[str, str] = {
    "straight": "Each side does what it has to on the last day of its time limit.",
    LATE: "Each answer of the other side comes one day after its limit; we are in time.",
    "refuses": "The other side answers on the last day of each limit, and refuses.",
    "supplementary-twice": "The other side asks for more information twice, five days after the word before "
    "(two hours, where data are to be kept); all else comes on the last day.",
    SILENT: "The other side has the request, and says nothing.",
}
"""What may be assumed, in words. Rehearsed in this order where none is named."""

DONE_BY_US = "a request is issued, approved and sent on the day it is filed"
BY_HAND = "a letter that a person carries is there three days later"
SILENCE_IN_CUSTODY = "the person is arrested five days after that is asked; then nobody does anything"


@dataclass(frozen=True, slots=True)
class When:
    """On the last day of whichever of `clocks` ends first, or, if none of them runs, so much later than the
    step before. `ahead`: so many days before the last one of that clock, within which others must act."""

    days: float
    clocks: tuple[str, ...] = ()
    ahead: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """One step: `event` made by `who`. In `fields`, texts that begin with @ stand for what the case says:
    `@now`, `@now+30d`, `@person`, `@intends`, `@custody-days`.

    `if_law`: only where the chosen law counts a limit from that event; `if_clock`: only while one of its
    clocks runs; `not_under`: never under these instruments.
    """

    event: str
    who: Who
    when: When
    fields: Mapping[str, Any] = field(default_factory=dict)
    if_law: str = ""
    if_clock: bool = False
    not_under: frozenset[str] = frozenset()


ASSUMED = "Assumed for the rehearsal."
_COURT = "a court of theirs (assumed)"
_DIGEST = "sha256:" + "0" * 64
_ITEM = {
    "id": "results",
    "description": ASSUMED,
    "kind": "record",
    "sha256": _DIGEST,
    "custodian": "the authority that executes",
}
_EAW = frozenset({"eu-eaw", "eu-is-no-surrender", "nordic-arrest-warrant"})
"""Surrender between courts: no executive decides."""


def _they(event: str, days: float, *clocks: str, **fields: Any) -> Turn:
    return Turn(event, "they", When(days, clocks), fields)


def _we(event: str, days: float, *clocks: str, **fields: Any) -> Turn:
    return Turn(event, "we", When(days, clocks), fields)


def _if_it_runs(turn: Turn) -> Turn:
    """Left out where no law and no practice of ours sets a limit for it."""
    return replace(turn, if_clock=True)


def _closed(result: str, **note: Any) -> Turn:
    return _we("close", 14, outcome={"result": result, **note})


_RECEIVED = _they("delivered", 3, note=ASSUMED)
_ACKNOWLEDGED = _they("acknowledge", 10, "acknowledge", their_ref="their reference (assumed)")
_GRANTED = _they("decide", 60, "decide", decision="accepted")
_REFUSED = _they(
    "decide",
    60,
    "decide",
    "confirm",
    decision="refused",
    reasons=ASSUMED,
    without_consultation=ASSUMED,
)


def _asked_twice(after: float, answered: float) -> tuple[Turn, ...]:
    return tuple(
        turn
        for name in ("first", "second")
        for turn in (
            _they("question", after, id=name, text=ASSUMED),
            _we("answer", answered, "supplement", "clarify", question=name, text=ASSUMED),
        )
    )


_ASKED_TWICE = _asked_twice(5, 14)
_ASKED_TWICE_AT_ONCE = _asked_twice(0.1, 0.1)
_RESULTS = _they("evidence", 90, "waiting", "produce", "execute", complete=True, items=[_ITEM])

# --- mutual legal assistance ----------------------------------------------------------------------------

_MLA = {
    "straight": (_RECEIVED, _ACKNOWLEDGED, _GRANTED, _RESULTS, _closed("executed")),
    "refuses": (_RECEIVED, _ACKNOWLEDGED, _REFUSED, _closed("refused")),
    "supplementary-twice": (
        _RECEIVED,
        _ACKNOWLEDGED,
        *_ASKED_TWICE,
        _GRANTED,
        _RESULTS,
        _closed("executed"),
    ),
    SILENT: (_RECEIVED,),
}

# --- notice of an interception ----------------------------------------------------------------------------

_RAN = _they("answer-notice", 4, "object", answer="lets-run")
_STOPPED = _they("answer-notice", 4, "object", answer="objects", product="not-usable", reasons=ASSUMED)
_NOTICE = {
    "straight": (_RECEIVED, _RAN, _closed("informed")),
    "refuses": (_RECEIVED, _STOPPED, _closed("informed")),
    "supplementary-twice": (_RECEIVED, *_ASKED_TWICE_AT_ONCE, _RAN, _closed("informed")),
    SILENT: (_RECEIVED,),
}

# --- preservation ---------------------------------------------------------------------------------------

_KEPT = _they("preserved", 2, "confirm", "decide", start="@now")
_FOLLOWED = _we("follow-up", 30, "follow-up", "preserve", ref="the request that follows", kind="@intends")
_FOLLOWED_DECIDED = _they(
    "follow-up-decided", 120, ref="the request that follows", result="disclosed", note=ASSUMED
)
_PRESERVATION = {
    "straight": (_RECEIVED, _ACKNOWLEDGED, _KEPT, _FOLLOWED, _FOLLOWED_DECIDED, _closed("executed")),
    "refuses": (_RECEIVED, _ACKNOWLEDGED, _REFUSED, _closed("refused")),
    "supplementary-twice": (
        _RECEIVED,
        _ACKNOWLEDGED,
        *_ASKED_TWICE_AT_ONCE,
        _KEPT,
        _FOLLOWED,
        _FOLLOWED_DECIDED,
        _closed("executed"),
    ),
    SILENT: (_RECEIVED,),
}

# --- production by a provider -----------------------------------------------------------------------------

_TOLD = _we("notified", 0, authority="the enforcing authority (assumed)", proof=ASSUMED)
_TAKEN_IN = _if_it_runs(_they("acknowledge", 0, "acknowledge", their_ref="their reference (assumed)"))
_CLEARED = _if_it_runs(_they("enforcing-answer", 0, "object", answer="cleared"))
_SERVED = (_RECEIVED, _TOLD, _TAKEN_IN)
_PRODUCTION = {
    "straight": (*_SERVED, _CLEARED, _RESULTS, _closed("executed")),
    "refuses": (
        *_SERVED,
        _they("objection", 5, "object", "produce", ground="third-country-law", text=ASSUMED),
        _we("review", 10, "review", result="upheld", by="the issuing authority (assumed)", reasons=ASSUMED),
        _we("enforce", 5, authority="the enforcing authority (assumed)", reasons=ASSUMED),
        _they("enforced", 10, "enforce-decision", recognised=False, reasons=ASSUMED),
        _closed("refused"),
    ),
    "supplementary-twice": (_RECEIVED, _TOLD, *_ASKED_TWICE, _CLEARED, _RESULTS, _closed("executed")),
    SILENT: (_RECEIVED, _TOLD),
}

# --- extradition and surrender ----------------------------------------------------------------------------

_PAPERS_AT_LAST = ("papers-follow", "papers", "arrest-to-papers-may", "arrest-to-papers")
_FOUND = _they("arrest", 5, person="@person", provisional=True)
_SENT_AFTER = _we("papers", 10, *_PAPERS_AT_LAST, note=ASSUMED)
_ARRESTED = _they("arrest", 10, person="@person", provisional=False)
_ASKED_TO_CONSENT = _if_it_runs(_they("consent", 0, "consent-said", given=False, before=_COURT))
_HEARD = (
    _they("court", 2, stage="opened", authority=_COURT),
    _they("court", 21, "hearing", stage="hearing", authority=_COURT),
)
_PROLONGED = replace(_they("prolong", 30, "decide", clock="decide", reasons=ASSUMED), if_law="prolong")
_TO_EXECUTIVE = (
    replace(_they("court", 7, stage="committed", authority=_COURT), not_under=_EAW),
    replace(_they("to-minister", 2, authority="their executive (assumed)"), not_under=_EAW),
)
_BY_DECISION = When(60, ("minister", "decide", "removal"), {"removal": 20})
_SURRENDER_GRANTED = Turn("decide", "they", _BY_DECISION, {"decision": "accepted"})
_SURRENDER_REFUSED = replace(_REFUSED, when=_BY_DECISION)
_HANDED_OVER = (
    _they("fix-surrender", 3, on="@now+5d", place="a crossing (assumed)"),
    _they(
        "surrendered",
        5,
        "surrender",
        "removal",
        place="a crossing (assumed)",
        custody_days="@custody-days",
    ),
)
_AFTERWARDS = (
    _we("discharged", 365, "speciality-check", note=ASSUMED),
    _we("close", 60, outcome={"result": "executed"}),
)
_FREE = _they("release-person", 0, reason=ASSUMED)

_ASKED_FIRST = (_FOUND, _SENT_AFTER, _RECEIVED, _ASKED_TO_CONSENT, _ACKNOWLEDGED)
_WITH_PAPERS = (_RECEIVED, _ACKNOWLEDGED, _ARRESTED, _ASKED_TO_CONSENT)


def _extradition(begins: tuple[Turn, ...], silence: tuple[Turn, ...]) -> dict[str, tuple[Turn, ...]]:
    ends = (_SURRENDER_GRANTED, *_HANDED_OVER, *_AFTERWARDS)
    return {
        "straight": (*begins, *_HEARD, *_TO_EXECUTIVE, *ends),
        LATE: (*begins, *_HEARD, *_TO_EXECUTIVE, _PROLONGED, *ends),
        "refuses": (*begins, *_HEARD, _SURRENDER_REFUSED, _FREE, _closed("refused")),
        "supplementary-twice": (*begins, *_ASKED_TWICE, *_HEARD, *_TO_EXECUTIVE, *ends),
        SILENT: silence,
    }


_PROVISIONAL = _extradition(_ASKED_FIRST, (_FOUND,))
_SURRENDER = _extradition(_WITH_PAPERS, (_RECEIVED,))

# --- prosecution instead ------------------------------------------------------------------------------------

_SUBMITTED = _they(
    "proceedings", 60, "proceedings", stage="submitted", authority="their prosecutor (assumed)"
)
_OPENED = _they("proceedings", 180, "proceedings", stage="opened", authority=_COURT)
_RESULT_TOLD = _they("proceedings", 180, "proceedings", stage="final", authority=_COURT, text=ASSUMED)
_PROSECUTION = {
    "straight": (_RECEIVED, _ACKNOWLEDGED, _SUBMITTED, _OPENED, _RESULT_TOLD, _closed("executed")),
    "refuses": (_RECEIVED, _ACKNOWLEDGED, _REFUSED, _closed("refused")),
    "supplementary-twice": (
        _RECEIVED,
        _ACKNOWLEDGED,
        *_ASKED_TWICE,
        _SUBMITTED,
        _OPENED,
        _RESULT_TOLD,
        _closed("executed"),
    ),
    SILENT: (_RECEIVED,),
}

_PLANS: dict[str, Mapping[str, tuple[Turn, ...]]] = {
    "mla": _MLA,
    "preservation": _PRESERVATION,
    "production": _PRODUCTION,
    "extradition": _SURRENDER,
    "prosecution": _PROSECUTION,
}


def plan(request: Request, assumption: str) -> tuple[Turn, ...]:
    """The turns of a rehearsal of `request` after it was sent, in their order.

    To a provider itself no letter is carried by hand, so nothing is said of its receipt.
    """
    provisional = isinstance(request, ExtraditionRequest) and request.provisional_arrest
    plans = _PROVISIONAL if provisional else _NOTICE if notice_only(request) else _PLANS[request.kind]
    turns = plans.get(assumption, plans["straight"])
    return tuple(turn for turn in turns if turn is not _RECEIVED) if direct(request) else turns


def assumed(request: Request, assumption: str) -> list[str]:
    """Everything that the plan assumes, as sentences or parts of them."""
    silent = assumption == SILENT
    provisional = isinstance(request, ExtraditionRequest) and request.provisional_arrest
    said = [SILENCE_IN_CUSTODY if silent and provisional else ASSUMPTIONS[assumption], DONE_BY_US]
    if not direct(request):
        said.append(BY_HAND)
    return said


def direct(request: Request) -> bool:
    """Does it go to a provider itself?"""
    return isinstance(request, PreservationRequest | ProductionRequest) and request.direct


def papers_follow(request: Request) -> bool:
    """Is it sent ahead of its papers?"""
    return isinstance(request, ExtraditionRequest) and request.provisional_arrest
