"""Is the person held, are the papers there, and which moment of a surrender does a move mark? Reads only.

Time limits of an arrest run from the arrest and are met by the receipt of the papers in the State that holds
the person: what was posted is not received (1957 Convention, 16(4)).
"""

from __future__ import annotations

from schemas.case import CaseState, OutStatus
from schemas.facets import Wanted
from schemas.lifecycle import OWN
from schemas.moves import (
    AnswerConsent,
    Arrest,
    Consent,
    Court,
    Delivered,
    FixSurrender,
    GiveAssurance,
    Move,
    Papers,
)
from schemas.vocabulary import Side
from workflows.step import made_by

REVIEWED = "custody-reviewed"
TO_PAPERS = frozenset({"arrest-to-papers", "arrest-to-papers-may"})
WINDOW = frozenset({"surrender-may", "surrender-must"})
PAPERS_IN, PAPERS_AWAITED, DETAINED = "papers-in", "papers-awaited", "detained"
ANSWERS = {"other-offence": "consent-answer", "onward": "onward-answer"}
"""Clock of an answer, by what was asked."""

_HEARD = frozenset({"hearing", "committed", "inadmissible"})
_AHEAD = frozenset({"arrest-asked", "arrested"})
_REQUEST = frozenset({"arrive", "papers"})


def wanted(state: CaseState) -> Wanted:
    """What the case keeps of the person; only surrenders and prosecutions keep that."""
    if state.person is None:
        raise TypeError(f"a case of the kind {state.kind} keeps no person")
    return state.person


def is_detained(state: CaseState) -> bool:
    """Is somebody in custody for this request?"""
    return state.person is not None and state.person.detained


def papers_in(state: CaseState) -> bool:
    """Has the State that is asked the papers, and is that known here?"""
    return wanted(state).papers_received is not None


def is_ahead(state: CaseState) -> bool:
    """Was it asked before its papers, whether they came since or not?"""
    if state.papers_follow or state.status in _AHEAD:
        return True
    return state.side is Side.OUTGOING and any(item.event == "papers" for item in state.outbox)


def proven(state: CaseState, body: Delivered) -> OutStatus | None:
    """The letter whose receipt is proven here for the first time; where none is named, the newest that
    carried the request or its papers."""
    waiting = [item for item in state.outbox if item.status not in ("delivered", "refused")]
    if body.message is not None:
        return next((item for item in waiting if item.id == body.message), None)
    return next((item for item in reversed(waiting) if item.event in _REQUEST), None)


def brings_papers(state: CaseState, body: Delivered) -> bool:
    """Does it prove that the papers are there: with the request, or after it?"""
    item = proven(state, body)
    return item is not None and item.event == ("papers" if is_ahead(state) else "arrive")


# --- what starts and meets time limits ------------------------------------------------------------------


def event_of(state: CaseState, move: Move) -> str | None:
    """From which event of a surrender time limits are counted; None: as in every kind of case."""
    body = move.body
    if isinstance(body, Delivered):
        item = proven(state, body)
        return {"arrive": "delivered", "papers": "papers"}.get(item.event, "") if item else ""
    if isinstance(body, Papers):
        return "" if made_by(state.house, move) == OWN else None
    if isinstance(body, Consent):
        return "consent" if body.given else ""
    if not isinstance(body, Court):
        return None
    if body.stage == "opened" and not wanted(state).court:
        return "court"
    return "committed" if body.stage == "committed" else REVIEWED


def is_also(state: CaseState, move: Move) -> frozenset[str]:
    """What else the move is: proof of receipt may be that of the papers, a step in court the hearing."""
    body = move.body
    if isinstance(body, Delivered) and brings_papers(state, body):
        return frozenset({"papers"})
    return frozenset({"hearing"}) if isinstance(body, Court) and body.stage in _HEARD else frozenset()


def spared(state: CaseState, move: Move) -> frozenset[str]:
    """Clocks that go on although the move bears the name of what meets or drops them."""
    body, person = move.body, wanted(state)
    if isinstance(body, Papers) and made_by(state.house, move) == OWN:
        return TO_PAPERS
    if isinstance(body, GiveAssurance):
        others = any(one.given is None for one in person.assurances if one.id != body.id)
        return frozenset({"assurance"}) if others else frozenset()
    if isinstance(body, AnswerConsent):
        left = {one.purpose for one in person.consents if one.answered is None and one.id != body.id}
        return frozenset(clock for purpose, clock in ANSWERS.items() if purpose in left)
    if isinstance(body, FixSurrender) and person.days:
        last = person.days[-1]
        return WINDOW if last.missed is not None and not last.force_majeure else frozenset()
    return frozenset()


def says(state: CaseState, move: Move) -> list[str]:
    """What the case tells of itself that decides which limits run. An arrest that was no provisional one
    waits for no papers."""
    full = isinstance(move.body, Arrest) and not move.body.provisional
    found = [PAPERS_IN if full or papers_in(state) else PAPERS_AWAITED]
    return [*found, DETAINED] if is_detained(state) else found
