"""What do the moves that all kinds share mean besides, where a person is sought or prosecuted?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from schemas.case import CaseState
from schemas.errors import BadInput, WrongMove
from schemas.lifecycle import HEAD, OVER, OWN
from schemas.moves import Arrive, Close, Decide, Delivered, Happened, Move, Papers
from schemas.vocabulary import Kind, Side
from workflows import baton, outbox, reminding
from workflows.custody import brings_papers, is_ahead, is_detained, papers_in, proven, wanted
from workflows.stages import instead
from workflows.stages.assuring import check_free_to_grant
from workflows.stages.housekeeping import Checked
from workflows.stages.person import STILL_DETAINED
from workflows.stages.surrender import is_lent
from workflows.step import Letter, Step, altered, happened, made_by, notice, put, settle

EXT, PRO = Kind.EXTRADITION, Kind.PROSECUTION
_GRANTED_FROM = frozenset({"acknowledged", "court", "executive", "accepted", "postponed"})
_CONSENTED_FROM = _GRANTED_FROM | {"arrested", "received"}
"""Where the person consents, the request itself need not be there (Third Additional Protocol, 2(1))."""
_ENDED = frozenset({"surrendered", "refused", "withdrawn"})
_OF_A_PERSON = frozenset(
    {
        "located",
        "arrest",
        "release-person",
        "court",
        "consent",
        "to-minister",
        "competing",
        "decide-competing",
        "decide",
        "miss-surrender",
        "surrendered",
        "returned-person",
        "discharged",
        "answer-consent",
        "proceedings",
    }
)
_DATED = {
    EXT: _OF_A_PERSON,
    PRO: _OF_A_PERSON,
    Kind.MLA: frozenset({"witness-free", "notified", "answer-notice"}),
}
"""What counts from the moment at which it happened; the rest from its receipt, or from a day it names."""

# --- may it be made? ----------------------------------------------------------------------------------


def check_papers(state: CaseState, move: Move, now: datetime) -> None:
    """Papers follow a request that was made ahead of them."""
    if isinstance(move.body, Papers) and not is_ahead(state):
        raise WrongMove(
            "The papers came with the request, and no others are awaited.",
            allowed=["answer", "inform"],
            where=state.ref,
            code="no-papers-awaited",
        )


def check_decide(state: CaseState, move: Move, now: datetime) -> None:
    """Refused at any stage; granted after the stages before it, if nothing stands in the way."""
    body = move.body
    if not isinstance(body, Decide) or body.decision == "refused" or made_by(state.house, move) != OWN:
        return
    said = wanted(state).consent
    if state.status not in (_CONSENTED_FROM if said is not None and said.given else _GRANTED_FROM):
        raise WrongMove(
            f"Surrender is not granted while the case is {state.status!r}.",
            allowed=["acknowledge", "court", "consent", "to-minister", "decide refused"],
            where=state.ref,
            code="too-early",
        )
    check_free_to_grant(state)


def check_close(state: CaseState, move: Move, now: datetime) -> None:
    """Nobody is forgotten in custody or abroad; before its end only what lapsed is closed."""
    body = move.body
    if not isinstance(body, Close) or made_by(state.house, move) != OWN:
        return
    # where no house keeps the other side of it, nobody but us watches over the custody there
    watched_here = state.side is Side.INCOMING or (state.counterpart.house is None and not body.outcome.note)
    if watched_here and is_detained(state):
        more = ["surrendered"] if state.side is Side.INCOMING else ["close with a note that says why"]
        raise WrongMove(
            "The person is still in custody for this request.",
            allowed=["release-person", *more],
            where=state.ref,
            code=STILL_DETAINED,
        )
    if is_lent(state):
        abroad = WrongMove(
            "The person was handed over for a time, and is not back.",
            allowed=["returned-person"],
            where=state.ref,
            code="person-not-returned",
        )
        if state.side is Side.INCOMING:
            # theirs to say: our own people are not allowed it
            abroad.next_step = "wait for their word, or record it as it came by post (returned-person)"
        raise abroad
    if state.status not in _ENDED:
        _check_lapsed(state, body)
    instead.check_close(state, move)


def _check_lapsed(state: CaseState, body: Close) -> None:
    """What they closed is closed by us too; an arrest whose papers never came lapses."""
    lapsed = state.side is Side.INCOMING and is_ahead(state) and not papers_in(state)
    if state.their_outcome is None and not lapsed:
        raise WrongMove(
            f"A request that is {state.status!r} is not over.",
            allowed=["decide refused", "withdraw"] if state.side is Side.INCOMING else ["withdraw"],
            where=state.ref,
            code="not-over",
        )
    if body.outcome.result != "lapsed":
        raise BadInput(
            "Nothing was decided: it lapsed.", where="outcome.result", next_step="close it as `lapsed`"
        )


# --- made -----------------------------------------------------------------------------------------------


def arrived(step: Step) -> None:
    """A request that is not ahead of its papers brings them."""
    if not step.body(Arrive).papers_follow:
        _papers_there(step)


def delivered(step: Step) -> None:
    """Their receipt of the papers, which is what the time after an arrest waits for."""
    state, body = step.state, step.body(Delivered)
    item = proven(state, body)
    if brings_papers(state, body):
        _papers_there(step)
        _later(state, {"sent": "received"})
    if item is not None and body.message is None:
        # what came by post names no letter of ours
        put(state.outbox, item, altered(item, status="delivered", settled=step.now, problem=""))
        settle(state, *outbox.waiting_codes(item.id))


def papers(step: Step) -> None:
    """They left us, or they are here: a posted paper is not there yet."""
    state = step.state
    settle(state, "arrested")
    if step.own:
        _later(state, {"arrest-asked": "sent", "arrested": "sent"})
        return
    _papers_there(step)
    _later(state, {"arrested": "received"})
    notice(state, "papers-in")


def over(step: Step) -> None:
    """Refused or withdrawn with the person in custody: loudly, until the release is told."""
    state, body = step.state, step.move.body
    if not is_detained(state) or (isinstance(body, Decide) and body.decision != "refused"):
        return
    notice(state, STILL_DETAINED)
    to = [state.holder.function, baton.CENTRAL_AUTHORITY, HEAD]
    mark = f"free{state.move}"
    reminding.queue(state, reminding.ESCALATE, step.now, to, clock="custody-review", loud=True, mark=mark)


def decided(step: Step) -> None:
    """What a refusal means: for who is in custody, and for a national of the State that refuses."""
    over(step)
    instead.after_refusal(step)


def _papers_there(step: Step) -> None:
    if not papers_in(step.state):
        step.state.person = altered(wanted(step.state), papers_received=step.at)


def _later(state: CaseState, leads: dict[str, str]) -> None:
    """Where the case goes back to once nothing holds it up any more."""
    if state.status_before is not None:
        state.status_before = leads.get(state.status_before, state.status_before)


# --- where it leads ---------------------------------------------------------------------------------------


def after_delivered(state: CaseState, move: Move, after: str) -> str:
    """Only the receipt of the request, with its papers, makes it received."""
    named = isinstance(move.body, Delivered) and brings_papers(state, move.body)
    return after if named else state.status


def after_arrest(state: CaseState, move: Move, after: str) -> str:
    """Where the papers are there, the case goes on as it was."""
    return state.status if papers_in(state) else after


def after_send(state: CaseState, move: Move, after: str) -> str:
    """Whom an alert had arrested need not be arrested."""
    return "arrested" if after == "arrest-asked" and is_detained(state) else after


def after_close(state: CaseState, move: Move, after: str) -> str:
    """Their closing does not close a case in which the person is in custody here."""
    theirs = made_by(state.house, move) != OWN
    if not (theirs and after == "closed" and is_detained(state)):
        return after
    return state.status if state.status in OVER[EXT] else "withdrawn"


_CHECKS: dict[tuple[Kind, str], Checked] = {
    (EXT, "papers"): check_papers,
    (EXT, "decide"): check_decide,
    (EXT, "close"): check_close,
}
_MEAN: dict[tuple[Kind, str], Callable[[Step], None]] = {
    (EXT, "arrive"): arrived,
    (EXT, "delivered"): delivered,
    (EXT, "papers"): papers,
    (EXT, "decide"): decided,
    (EXT, "withdraw"): over,
    (PRO, "file"): instead.linked,
    (PRO, "arrive"): instead.linked,
}
_LEADS: dict[tuple[Kind, str], Callable[[CaseState, Move, str], str]] = {
    (EXT, "delivered"): after_delivered,
    (EXT, "arrest"): after_arrest,
    (EXT, "send"): after_send,
    (EXT, "close"): after_close,
}


def check(state: CaseState, move: Move, now: datetime) -> None:
    """May it be made, for the sake of the person? Raises a RogatoryError."""
    asked = _CHECKS.get((state.kind, move.body.event))
    if asked is not None:
        asked(state, move, now)


def mean(step: Step) -> None:
    """What it means besides; made before the stage that all kinds share."""
    meaning = _MEAN.get((step.state.kind, step.move.body.event))
    if meaning is not None:
        meaning(step)


def moment(state: CaseState, move: Move, now: datetime) -> datetime:
    """When it happened here. What another house posted is received when it comes, whenever it was posted."""
    brought = isinstance(move.body, Papers) and move.actor.house != state.house
    return now if brought else happened(move, now)


def dated(step: Step, letter: Letter | None) -> Letter | None:
    """The letter with the moment at which it happened: a clock that runs from an arrest, a decision or a
    surrender, or from a witness free to go, runs from the same moment in both houses, however long the letter
    takes."""
    if letter is None or letter.body.event not in _DATED.get(step.state.kind, frozenset()):
        return letter
    if not isinstance(letter.body, Happened) or letter.body.happened_at is not None:
        return letter
    return replace(letter, body=altered(letter.body, happened_at=step.at))


def leads(state: CaseState, move: Move, after: str) -> str:
    """Where it leads, where the table, which says `after`, cannot see enough."""
    known = _LEADS.get((state.kind, move.body.event))
    return known(state, move, after) if known is not None else after
