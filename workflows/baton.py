"""Who holds the case, and may it pass on? One holder at any moment; silence transfers nothing.

Between houses the sender holds until it has confirmed a signed acceptance, and the receiver from the moment
that confirmation is in its records. Inside a house the receiver's acceptance is enough.
"""

from __future__ import annotations

from datetime import datetime

from schemas.case import CaseState
from schemas.errors import NotFound
from schemas.handoff import OPEN, Handoff, HandoffStatus, Holder, Triple, WireOffer
from schemas.ids import Digest
from schemas.moves import (
    AcceptHandoff,
    Actor,
    ConfirmHandoff,
    Evidence,
    OfferHandoff,
    ReturnHandoff,
    WithdrawHandoff,
)
from workflows.step import Letter, Step, altered, notice, put, settle

CENTRAL_AUTHORITY = "central-authority"
_REFUSED = "refused: "
WAITING = frozenset({HandoffStatus.OFFERED, HandoffStatus.OVERDUE})
"""Offers that may still be accepted, returned or withdrawn."""


def there(state: CaseState) -> Holder:
    """The other side as a holder: its house, or where it runs none, its State."""
    house = state.counterpart.house or f"state-{state.counterpart.state.lower()}"
    return Holder(house=house, function=CENTRAL_AUTHORITY)


def known_there(state: CaseState) -> bool:
    """Does the other side know of the case? If not, nothing of it is told to them."""
    return state.counterpart.ref is not None or any(item.event == "arrive" for item in state.outbox)


def current(state: CaseState) -> Handoff | None:
    """The handoff that is under way: at most one, else two could accept."""
    return next((passing for passing in reversed(state.handoffs) if passing.status in OPEN), None)


def between(passing: Handoff) -> bool:
    """Does it pass from one house to another?"""
    return passing.sender.house != passing.receiver.house


def find(state: CaseState, handoff: str) -> Handoff:
    """The handoff of that name. Raises NotFound with those under way."""
    for passing in reversed(state.handoffs):
        if passing.id == handoff:
            return passing
    known = [passing.id for passing in state.handoffs if passing.status in OPEN]
    raise NotFound(
        f"This case has no handoff {handoff!r}.",
        where=state.ref,
        next_step=f"under way: {', '.join(known) or 'none'}",
        code="unknown-handoff",
    )


def speaks_for(actor: Actor, holder: Holder) -> bool:
    """Is `actor` the one `holder` names, or its deputy; or if it names none, of its function?"""
    if actor.house != holder.house:
        return False
    return holder.actor in (actor.id, *actor.acts_for) if holder.actor else holder.function == actor.agency


def possible(state: CaseState) -> set[str]:
    """Handoff moves that somebody of our house can make now."""
    passing = current(state)
    if passing is None:
        return {"offer"} if state.holder.house == state.house and state.status != "closed" else set()
    found: set[str] = set()
    if passing.receiver.house == state.house and passing.status in WAITING:
        found |= {"accept", "return"}
    if passing.sender.house == state.house and passing.status in WAITING and state.status != "closed":
        found.add("withdraw-offer")
    return found


# --- made -----------------------------------------------------------------------------------------------


def offer(step: Step) -> Letter | None:
    """Offers it to somebody in the house, or to the other house."""
    state, body = step.state, step.body(OfferHandoff)
    passing = Handoff(
        id=body.id,
        sender=state.holder,
        receiver=body.receiver,
        documents=body.documents,
        why=body.why,
        offered=step.now,
        due=body.due,
    )
    if not between(passing):
        state.handoffs.append(passing)
        return None
    triple = Triple(offer=None if step.own else step.move.sealed)
    state.handoffs.append(altered(passing, triple=triple))
    if not step.own:
        return None
    wire = WireOffer(handoff=body.id, due=body.due, documents=body.documents)
    return Letter(body, offer=wire, handoff=body.id, part="offer")


def accept(step: Step) -> Letter | None:
    """Ours: binding at once in the house, else a signed acceptance. Theirs: confirmed in the same move."""
    state, body = step.state, step.body(AcceptHandoff)
    passing = find(state, body.id)
    settle(state, f"handoff-overdue:{passing.id}")
    if not between(passing):
        _pass_on(state, passing, passing, step.now)
        return None
    if step.own:
        put(state.handoffs, passing, altered(passing, status=HandoffStatus.ACCEPTED, decided=step.now))
        about = passing.triple.offer if passing.triple else None
        return Letter(body, about=about, handoff=passing.id, part="acceptance")
    signed = altered(passing, triple=_with(passing, acceptance=step.move.sealed))
    _pass_on(state, passing, signed, step.now)
    return Letter(
        ConfirmHandoff(id=passing.id), about=step.move.sealed, handoff=passing.id, part="confirmation"
    )


def confirm(step: Step) -> None:
    """The sender has countersigned: now we hold."""
    state = step.state
    passing = find(state, step.body(ConfirmHandoff).id)
    _pass_on(state, passing, altered(passing, triple=_with(passing, confirmation=step.move.sealed)), step.now)


def give_back(step: Step) -> Letter | None:
    """Returned with a reason: it stays with the sender."""
    state, body = step.state, step.body(ReturnHandoff)
    passing = find(state, body.id)
    settle(state, f"handoff-overdue:{passing.id}")
    put(
        state.handoffs,
        passing,
        altered(passing, status=HandoffStatus.RETURNED, decided=step.now, reason=body.reason),
    )
    if passing.sender.house == state.house:
        notice(state, f"handoff-returned:{passing.id}")
    if step.own and between(passing):
        return Letter(body, about=passing.triple.offer if passing.triple else None, handoff=passing.id)
    return None


def withdraw(step: Step) -> Letter | None:
    """The sender takes the offer back before it was confirmed."""
    state, body = step.state, step.body(WithdrawHandoff)
    passing = find(state, body.id)
    settle(state, f"handoff-overdue:{passing.id}")
    if passing.status is HandoffStatus.ACCEPTED:
        notice(state, f"handoff-withdrawn:{passing.id}")
    put(
        state.handoffs,
        passing,
        altered(passing, status=HandoffStatus.WITHDRAWN, decided=step.now, reason=body.reason),
    )
    if step.own and between(passing):
        return Letter(body, about=passing.triple.offer if passing.triple else None, handoff=passing.id)
    return None


def offered_along(step: Step, why: str, documents: tuple[Digest, ...]) -> WireOffer | None:
    """Offers the baton to the other house along with a message of ours; None if one is under way already."""
    state = step.state
    # a provider is asked, and holds nothing: the case stays with us
    if current(state) is not None or state.holder.house != state.house or state.counterpart.provider:
        return None
    passing = Handoff(
        id=f"{state.ref}.h{len(state.handoffs) + 1}",
        sender=state.holder,
        receiver=there(state),
        documents=documents,
        why=why,
        offered=step.now,
        due=step.offer_due,
        triple=Triple() if state.counterpart.house else None,
    )
    state.handoffs.append(passing)
    return WireOffer(handoff=passing.id, due=passing.due, documents=documents)


def came_along(step: Step, why: str) -> None:
    """Copies the offer that came with their message: they hold until we have their confirmation."""
    offered = step.move.offer
    if offered is None:
        return
    state = step.state
    state.handoffs.append(
        Handoff(
            id=offered.handoff,
            sender=state.holder,
            receiver=Holder(house=state.house, function=CENTRAL_AUTHORITY),
            documents=offered.documents,
            why=why,
            offered=step.now,
            due=offered.due,
            triple=Triple(offer=step.move.sealed),
        )
    )


def sealed(state: CaseState, letter: Letter, digest: Digest) -> None:
    """Keeps the digest of our signed message as its part of the handoff's triple."""
    if letter.handoff is None or not letter.part or state.counterpart.house is None:
        return
    passing = find(state, letter.handoff)
    put(state.handoffs, passing, altered(passing, triple=_with(passing, **{letter.part: digest})))


# --- what happens by itself -------------------------------------------------------------------------------


def overdue(state: CaseState, now: datetime) -> bool:
    """An offer that nobody answered in time: it stays with the sender, and shows. Is it so now?"""
    passing = current(state)
    late = passing is not None and passing.status is HandoffStatus.OFFERED
    if passing is not None and late and passing.due is not None and passing.due <= now:
        put(state.handoffs, passing, altered(passing, status=HandoffStatus.OVERDUE))
        notice(state, f"handoff-overdue:{passing.id}")
        return True
    return False


def refused(state: CaseState, handoff: str, event: str, code: str, now: datetime) -> None:
    """The other house refused, for good, our message about this handoff: nothing passed."""
    passing = find(state, handoff)
    if passing.status not in OPEN or event in ("return", "withdraw-offer"):
        return
    status = HandoffStatus.WITHDRAWN if code == "offer-withdrawn" else HandoffStatus.RETURNED
    put(state.handoffs, passing, altered(passing, status=status, decided=now, reason=f"{_REFUSED}{code}"))
    settle(state, f"handoff-overdue:{passing.id}")


def told_again(state: CaseState, handoff: str, event: str) -> None:
    """Our message about this handoff, which was refused, is brought once more: it stands as when it left."""
    passing = find(state, handoff)
    if was_refused(passing):
        status = HandoffStatus.ACCEPTED if event == "accept" else HandoffStatus.OFFERED
        put(state.handoffs, passing, altered(passing, status=status, decided=None, reason=""))


def was_refused(passing: Handoff) -> bool:
    """Did it end because the other house refused our message about it?"""
    return passing.status is HandoffStatus.RETURNED and passing.reason.startswith(_REFUSED)


def taken_on_paper(step: Step) -> None:
    """A State without a house cannot sign: when it acts on the request, it has taken it; results end that."""
    state = step.state
    if state.counterpart.house is not None or state.counterpart.provider is not None:
        return
    passing = current(state)
    if passing is not None and between(passing) and passing.sender.house == state.house:
        settle(state, f"handoff-overdue:{passing.id}")
        _pass_on(state, passing, passing, step.now)
    body = step.move.body
    if isinstance(body, Evidence) and body.complete and state.holder.house != state.house:
        back = Handoff(
            id=f"{state.ref}.h{len(state.handoffs) + 1}",
            sender=state.holder,
            receiver=Holder(house=state.house, function=CENTRAL_AUTHORITY),
            documents=tuple(item.sha256 for item in body.items),
            why="results",
            offered=step.now,
        )
        state.handoffs.append(back)
        _pass_on(state, back, back, step.now)


def _pass_on(state: CaseState, old: Handoff, passing: Handoff, now: datetime) -> None:
    put(state.handoffs, old, altered(passing, status=HandoffStatus.CONFIRMED, decided=now))
    state.holder = passing.receiver
    state.held_since = now


def _with(passing: Handoff, **parts: Digest | None) -> Triple:
    return altered(passing.triple or Triple(), **parts)
