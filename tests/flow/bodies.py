"""How does any move look that might be made on a case as it stands? One body for each event, good or bad."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, get_args

from pydantic import TypeAdapter

from schemas.case import CaseState
from schemas.moves import MoveBody
from tests.flow.invented import item, outcome
from workflows import baton

Fields = dict[str, Any]
_BODY: TypeAdapter[MoveBody] = TypeAdapter(MoveBody)
EVENTS: tuple[str, ...] = tuple(
    sorted(each.model_fields["event"].default for each in get_args(get_args(MoveBody)[0]))
)

_DAY = timedelta(days=1)
_STAGES = ("opened", "hearing", "committed", "inadmissible", "appeal", "appeal-decided")
_PROCEEDINGS = ("submitted", "opened", "judgment", "final", "discontinued")


def body_for(event: str, state: CaseState, number: int) -> MoveBody:
    """A body for `event` that fits the case as far as one can; `number` varies it."""
    return _BODY.validate_python({"event": event} | _FIELDS[event](state, number))


def _first_open(found: list[Any], done: str, otherwise: str = "none") -> str:
    """The id of the oldest that waits."""
    waiting = [each.id for each in found if getattr(each, done) is None]
    return str(waiting[0]) if waiting else otherwise


def _pick(among: tuple[str, ...], number: int) -> str:
    return among[number % len(among)]


def _about_person(name: str, otherwise: str) -> Callable[[CaseState], str]:
    """The id of the newest item of the person's way, by the name of its list."""

    def found(state: CaseState) -> str:
        items = getattr(state.person, name, []) if state.person else []
        return str(items[-1].id) if items else otherwise

    return found


_assurance = _about_person("assurances", "a0")
_asked = _about_person("consents", "c0")


def _receiver(state: CaseState, number: int) -> Fields:
    if number % 3 == 0:
        return baton.there(state).model_dump()
    return {"house": state.house, "function": _pick(("court", "central-authority", "prosecutor"), number)}


def _items(state: CaseState, number: int) -> list[Fields]:
    made = item(f"i{len(state.evidence)}").model_copy(update={"on_loan": number % 5 == 0})
    return [made.model_dump()]


def _handoff(state: CaseState) -> str:
    return state.handoffs[-1].id if state.handoffs else "none"


def _person(state: CaseState, number: int) -> str:
    sought = getattr(state.request, "person", None)
    return sought.id if sought is not None and number % 4 else "person-1"


_FIELDS: dict[str, Callable[[CaseState, int], Fields]] = {
    "file": lambda s, n: {"request": s.request},
    "amend": lambda s, n: {"request": s.request},
    "choose-basis": lambda s, n: {
        "instrument": _pick(("de-us-mla", "untoc"), n),
        "override": "so" if n % 3 else None,
    },
    "issue": lambda s, n: {
        "capacity": _pick(("issued", "validated"), n),
        "authority": "court",
        "signed_on": s.updated,
    },
    "approve": lambda s, n: {"override": "so" if n % 2 else None},
    "send-back": lambda s, n: {"reason": "the facts do not carry it"},
    "reopen": lambda s, n: {"reason": "a wrong day"},
    "send": lambda s, n: {"papers_follow": n % 4 == 1, "offer_days": 1 + n % 40},
    "translated": lambda s, n: {"language": "en", "translator": "invented", "certified": bool(n % 2)},
    "answer-gate": lambda s, n: {
        "gate": "torture",
        "answer": _pick(("clear", "assured", "barred"), n),
        "note": "so",
    },
    "arrive": lambda s, n: {"request": s.request, "foreign_ref": "XX-1"},
    "delivered": lambda s, n: {"message": s.outbox[-1].id if s.outbox else None, "note": "by post"},
    "acknowledge": lambda s, n: {"their_ref": "XX-2" if n % 2 else None},
    "redirect": lambda s, n: {"to": "another authority"},
    "question": lambda s, n: {"id": f"q{len(s.questions)}", "text": "Which?"},
    "answer": lambda s, n: {"question": _first_open(s.questions, "answered"), "text": "This."},
    "consult": lambda s, n: {"text": "Let us talk."},
    "decide": lambda s, n: {
        "decision": _pick(("accepted", "partly-accepted", "refused"), n),
        "reasons": "so",
        "precise": "the first half",
        "grounds": ["nationality"] if n % 5 == 2 else [],
    },
    "postpone": lambda s, n: {"reasons": "later"},
    "limit": lambda s, n: {"id": f"l{len(s.limitations)}", "text": "Only there."},
    "answer-limit": lambda s, n: {
        "limit": _first_open(s.limitations, "accepted", "l0"),
        "accepted": bool(n % 2),
    },
    "evidence": lambda s, n: {
        "complete": bool(n % 2),
        "items": _items(s, n),
        "limits": [each.id for each in s.limitations if each.accepted],
    },
    "papers": lambda s, n: {"note": "by courier"},
    "inform": lambda s, n: {"text": "There is news."},
    "witness-free": lambda s, n: {"witness": f"witness-{n % 2}"},
    "answer-notice": lambda s, n: {
        "answer": _pick(("lets-run", "objects"), n),
        "product": "conditions" if n % 4 == 1 else None,
        "reasons": "so",
    },
    "prolong": lambda s, n: {"clock": "decide", "reasons": "much to read"},
    "costs": lambda s, n: {
        "amount": "12.50",
        "currency": "EUR",
        "borne_by": "requesting",
        "settled": bool(n % 2),
    },
    "return-objects": lambda s, n: {
        "items": [each.id for each in s.evidence] or ["i0"],
        "waived": bool(n % 2),
    },
    "use": lambda s, n: {
        "items": [each.id for each in s.evidence] or ["i0"],
        "purpose": "trial",
        "beyond": "so" if n % 2 else None,
    },
    "withdraw": lambda s, n: {"reason": "solved"},
    "close": lambda s, n: {"outcome": outcome(_pick(("executed", "refused", "withdrawn"), n)).model_dump()},
    "offer": lambda s, n: {
        "id": f"{s.house}-h{len(s.handoffs)}-{n}",
        "receiver": _receiver(s, n),
        "why": "yours",
        "due": s.updated + (n % 9) * _DAY if n % 2 else None,
    },
    "accept": lambda s, n: {"id": _handoff(s)},
    "confirm": lambda s, n: {"id": _handoff(s)},
    "return": lambda s, n: {"id": _handoff(s), "reason": "not ours"},
    "withdraw-offer": lambda s, n: {"id": _handoff(s), "reason": "in error"},
    "hold": lambda s, n: {"on": bool(n % 2), "reason": "a complaint"},
    "posted": lambda s, n: {
        "message": s.outbox[-1].id if s.outbox else "none",
        "happened_at": s.updated,
        "proof": "receipt 7",
        "result": _pick(("posted", "not-sent", "again"), n),
    },
    "law-moved": lambda s, n: {"edition": "the next one"},
    "reassign": lambda s, n: {
        "actor": s.holder.actor or "gone",
        "to": "somebody" if n % 2 else None,
        "reason": "left",
    },
    "link": lambda s, n: {"ref": "XX-9" if n % 2 else None, "matter": "m-1" if n % 3 else None},
    "errand-done": lambda s, n: {
        "id": _first_open(s.errands, "done", "e0"),
        "ref": "XX-8" if n % 2 else None,
        "problem": None if n % 3 else "unknown-reference",
    },
    "errand-again": lambda s, n: {"id": s.errands[-1].id if s.errands else "e0", "reason": "mended"},
    "recounted": lambda s, n: {"ids": [s.deadlines[-1].id if s.deadlines else "d0"], "reason": "a calendar"},
    "alarmed": lambda s, n: {"item": "e1", "over": bool(n % 2)},
    "preserved": lambda s, n: {"start": s.updated, "end": s.updated + (n % 200) * _DAY if n % 4 else None},
    "renew": lambda s, n: {"reason": "not done yet"},
    "renewed": lambda s, n: {"start": s.updated, "end": s.updated + (1 + n % 200) * _DAY},
    "follow-up": lambda s, n: {"ref": f"XX-{n % 3}", "kind": "mla"},
    "follow-up-decided": lambda s, n: {
        "ref": f"XX-{n % 3}",
        "result": _pick(("disclosed", "refused", "withdrawn"), n),
    },
    "release-data": lambda s, n: {"reason": "done"},
    "harm": lambda s, n: {"text": "They would notice."},
    "served": lambda s, n: {"note": "by courier"},
    "notified": lambda s, n: {"authority": "court", "proof": "receipt"},
    "enforcing-answer": lambda s, n: {
        "answer": _pick(("cleared", "refused", "conditions"), n),
        "grounds": ["immunity"],
        "reasons": "so",
    },
    "objection": lambda s, n: {
        "ground": _pick(("impossible", "privilege", "other"), n),
        "text": "We cannot.",
    },
    "review": lambda s, n: {
        "result": _pick(("upheld", "dropped", "changed"), n),
        "by": "court",
        "reasons": "so",
    },
    "enforce": lambda s, n: {"authority": "court", "reasons": "no answer"},
    "enforced": lambda s, n: {"recognised": bool(n % 2), "reasons": "so"},
    "alert": lambda s, n: {"source": "other", "reference": f"A-{n}"},
    "located": lambda s, n: {"note": "in their capital"},
    "arrest": lambda s, n: {"person": _person(s, n)},
    "release-person": lambda s, n: {"reason": "time is over"},
    "court": lambda s, n: {"stage": _pick(_STAGES, n), "authority": "court"},
    "consent": lambda s, n: {"given": bool(n % 2), "before": "court", "waives_speciality": n % 3 == 0},
    "to-minister": lambda s, n: {"authority": "minister"},
    "ask-assurance": lambda s, n: {"id": f"a{n % 4}", "about": "death-penalty", "text": "Will they live?"},
    "assurance": lambda s, n: {"id": _assurance(s), "text": "They will.", "given_by": "minister"},
    "check-assurance": lambda s, n: {"id": _assurance(s), "sufficient": bool(n % 2), "note": "so"},
    "competing": lambda s, n: {"id": f"k{n % 3}", "state": "FR", "received": s.opened.date()},
    "decide-competing": lambda s, n: {"first": s.request.requesting, "reasons": "graver"},
    "fix-surrender": lambda s, n: {"on": s.updated + (1 + n % 9) * _DAY, "place": "airport"},
    "miss-surrender": lambda s, n: {"reason": "a storm", "force_majeure": bool(n % 2)},
    "surrendered": lambda s, n: {
        "place": "airport",
        "custody_days": n % 90,
        "temporary": n % 3 == 0,
        "return_by": s.updated + 30 * _DAY if n % 3 == 0 else None,
    },
    "returned-person": lambda s, n: {"note": "back"},
    "discharged": lambda s, n: {"note": "free to leave"},
    "ask-consent": lambda s, n: {"id": f"c{n % 3}", "purpose": "onward", "to": "FR", "text": "May we?"},
    "answer-consent": lambda s, n: {"id": _asked(s), "given": bool(n % 2), "reasons": "so"},
    "proceedings": lambda s, n: {"stage": _pick(_PROCEEDINGS, n), "authority": "prosecutor"},
}
