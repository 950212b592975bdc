"""Which earlier case is told that this request is in, and what became of it?

Data are kept for a request that must follow: until it is decided they are held (Budapest 29(7); Regulation
2023/1543, 11). Who kept them hears of it from the case itself, so that nobody has to remember.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from schemas.case import CaseState
from schemas.facets import Errand
from schemas.lifecycle import OVER, UNSENT
from schemas.moves import FollowUp, FollowUpDecided, LinkCase
from schemas.vocabulary import Kind, Side
from workflows.stages import housekeeping
from workflows.stages.housekeeping import Made, tell
from workflows.step import Step

Result = Literal["disclosed", "refused", "withdrawn"]

_RESULTS: dict[str, Result] = {
    "executed": "disclosed",
    "partly-executed": "disclosed",
    "informed": "disclosed",
    "refused": "refused",
    "redirected": "withdrawn",
    "withdrawn": "withdrawn",
    "lapsed": "withdrawn",
}


def begun(state: CaseState, now: datetime) -> None:
    """It was sent, or came in: every request on which it builds is told."""
    if state.kind is Kind.MLA:
        kind: Literal["mla", "production"] = "mla"
    elif state.kind is Kind.PRODUCTION:
        kind = "production"
    else:
        return
    for ref in _followed(state):
        tell(state, ref, FollowUp(ref=_known_as(state), kind=kind).model_dump(mode="json"), now)


def linked(step: Step) -> None:
    """A link made when the request is out already: the earlier case hears of it now."""
    housekeeping.link(step)
    state, body = step.state, step.body(LinkCase)
    if body.why == "follows" and state.status not in OVER[state.kind].union(UNSENT):
        begun(state, step.now)


def decided(state: CaseState, result: Result, now: datetime) -> None:
    """What became of it: told once, to whoever was told of the request."""
    told = [errand.ref for errand in _errands(state, "follow-up-decided")]
    for errand in _errands(state, "follow-up"):
        if errand.ref is not None and errand.ref not in told:
            body = FollowUpDecided(ref=_known_as(state), result=result)
            tell(state, errand.ref, body.model_dump(mode="json"), now)


def closed(state: CaseState, outcome: str, now: datetime) -> None:
    """It ends without anything decided before: its outcome says it."""
    decided(state, _RESULTS[outcome], now)


def _followed(state: CaseState) -> list[str]:
    linked = (link.ref for link in state.links if link.why == "follows")
    return list(dict.fromkeys((*state.request.follows, *linked)))


def _known_as(state: CaseState) -> str:
    """By the reference of the side that asks: so both sides speak of one request."""
    theirs = state.counterpart.ref if state.side is Side.INCOMING else None
    return theirs or state.ref


def _errands(state: CaseState, event: str) -> list[Errand]:
    return [errand for errand in state.errands if errand.what == "tell" and errand.body["event"] == event]


STAGES: dict[str, Made] = {"link": linked}
