"""Can it be proved, from signed messages alone, how the baton passed between houses?

One passing is a triple: an offer, the receiver's acceptance of just that offer, the sender's confirmation of
just that acceptance. An offer that was returned or withdrawn stays incomplete and passes nothing. The triples
of a case form a chain: only who holds the baton may offer it. Both houses keep the same bytes.

Time: years later our clock says nothing, so each message is judged at the time it claims, which its successor
in the triple bears out: nobody accepts an offer before it was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from letters.compact import parse, plain_json
from letters.policies import Seen, look, made_at
from letters.reasons import all_of, judged
from letters.trust import TrustList
from letters.verify import genuine
from schemas.errors import EnvelopeRefused
from schemas.ids import digest
from schemas.messages import CLOCK_SKEW_SECONDS, Envelope
from schemas.reasoning import Reason
from schemas.vocabulary import Verdict

SignedTriple = tuple[str | None, str | None, str | None]
"""JWS texts of offer, acceptance and confirmation; None where not made yet."""

_Triple = tuple[Seen | None, Seen | None, Seen | None]

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def verify_chain(triples: Sequence[SignedTriple], trust: TrustList) -> Reason:
    """Yes: who holds the baton is proved. No: something contradicts. Unknown: the last offer waits (or there
    is none).

    `trust` holds the keys of both houses; our own house stands in our trust list.
    """
    if not triples:
        return Reason("custody.chain", Verdict.UNKNOWN, {"expected": "signed triples", "found": "none"})
    read = [(_read(one, trust), _read(two, trust), _read(three, trust)) for one, two, three in triples]
    checks = [_triple(seen, last=number == len(read)) for number, seen in enumerate(read, start=1)]
    checks.append(_once([triple[0] for triple in read]))
    checks.append(_continuous(read))
    return all_of("custody.chain", checks, {"passings": str(len(triples))})


def same_chain(ours: Sequence[SignedTriple], theirs: Sequence[SignedTriple]) -> Reason:
    """Do both houses hold the same bytes of every complete passing, message by message?"""
    ours, theirs = ([triple for triple in chain if None not in triple] for chain in (ours, theirs))
    differing = [
        f"passing {number} {part}"
        for number, (mine, other) in enumerate(zip(ours, theirs, strict=False), start=1)
        for part, left, right in zip(("offer", "acceptance", "confirmation"), mine, other, strict=True)
        if left != right
    ]
    if len(ours) != len(theirs):
        differing.append(f"{len(ours)} passings here and {len(theirs)} there")
    found = "; ".join(differing) or "the same bytes"
    return judged(
        "custody.same", not differing, "custody-differs", expected="the same bytes in both", found=found
    )


def _read(text: str | None, trust: TrustList) -> Seen | None:
    if text is None:
        return None
    try:
        claimed = plain_json(parse(text).payload).get("sent", "")
        at = datetime.fromisoformat(str(claimed))
        at = at if at.tzinfo else _LONG_AGO
    except (EnvelopeRefused, ValueError):
        at = _LONG_AGO
    return look(text, "envelope", trust, at)


def _triple(seen: _Triple, *, last: bool) -> Reason:
    offer, acceptance, confirmation = seen
    checks = [genuine(part) for part in seen if part is not None]
    checks.append(_offers(offer))
    if acceptance is not None:
        checks.append(_answers("custody.accepts", acceptance, offer, "accept"))
    if confirmation is not None:
        checks.append(_answers("custody.confirms", confirmation, acceptance, "confirm"))
    elif last:
        slots = {"expected": "acceptance and confirmation", "found": "not both yet"}
        checks.append(Reason("custody.confirms", Verdict.UNKNOWN, slots))
    checks.append(_in_order(seen))
    named = _handoff(offer)
    passed = "yes" if confirmation is not None else "no"
    return all_of("custody.passing", checks, {"handoff": named, "passed": passed})


def _offers(offer: Seen | None) -> Reason:
    named = _handoff(offer)
    return judged(
        "custody.offers", bool(named), "no-offer", expected="an offered handoff", found=named or "none"
    )


def _answers(claim: str, answer: Seen, question: Seen | None, event: str) -> Reason:
    """Does `answer` carry `event` for the same handoff, about exactly the bytes of `question`, in turn?"""
    if (
        question is None
        or not isinstance(answer.message, Envelope)
        or not isinstance(question.message, Envelope)
    ):
        return judged(claim, False, "custody-broken", expected=event, found="a message that cannot be read")
    said, asked = answer.message, question.message
    expected = (event, _handoff(question), digest(question.text.encode()), asked.recipient, asked.sender)
    found = (said.body.event, _handoff(answer), said.about, said.sender, said.recipient)
    wrong = [
        name
        for name, left, right in zip(
            ("event", "handoff", "about", "sender", "recipient"), expected, found, strict=True
        )
        if left != right
    ]
    return judged(
        claim,
        not wrong,
        "custody-broken",
        expected=event,
        found=f"other {', '.join(wrong)}" if wrong else event,
    )


def _in_order(seen: _Triple) -> Reason:
    """Each was made after the one it answers, as far as two clocks can tell."""
    times = [made_at(part.message) for part in seen if part is not None and part.message is not None]
    skew = timedelta(seconds=CLOCK_SKEW_SECONDS)
    holds = all(later - earlier >= -skew for earlier, later in pairwise(times))
    found = " ".join(moment.isoformat() for moment in times) or "no time"
    return judged(
        "custody.order", holds, "custody-order", expected="offer, acceptance, confirmation", found=found
    )


def _once(offers: Sequence[Seen | None]) -> Reason:
    names = [_handoff(offer) for offer in offers]
    twice = sorted({name for name in names if names.count(name) > 1})
    return judged(
        "custody.once",
        not twice,
        "custody-twice",
        expected="each handoff once",
        found=", ".join(twice) or "once",
    )


def _continuous(read: Sequence[_Triple]) -> Reason:
    """Nobody offers what they do not hold: the first offerer holds, then whoever received it last."""
    path: list[str] = []
    broken = False
    holder: str | None = None
    for offer, _, confirmation in read:
        if offer is None or not isinstance(offer.message, Envelope):
            continue
        sender, recipient = offer.message.sender, offer.message.recipient
        broken = broken or holder not in (None, sender)
        holder = recipient if confirmation is not None else sender
        path.append(f"{sender}>{recipient}" if confirmation is not None else f"{sender}")
    found = " ".join(path) or "none"
    return judged("custody.continuous", not broken, "custody-gap", expected="the holder offers", found=found)


def _handoff(seen: Seen | None) -> str:
    if seen is None or not isinstance(seen.message, Envelope):
        return ""
    if seen.message.offer is not None:
        return seen.message.offer.handoff
    return str(getattr(seen.message.body, "id", "")) if seen.message.body.event in _BATON else ""


_BATON = frozenset({"offer", "accept", "confirm"})
