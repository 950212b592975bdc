"""How does each letter of a case travel: by which way and why, how far did it get, and what must a person do?

Stages are those of registered electronic mail (e-CODEX, ETSI REM): submitted, relayed, delivered, retrieved,
and the failure of each.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from letters.carriers.manual import what_to_do
from letters.channels import HTTP, MAIL, ByHand, Health, by_hand, choose
from letters.compact import parse, plain_json
from letters.trust import TrustList
from records.open import Records
from schemas.case import CaseState, OutStatus
from schemas.errors import NotFound
from schemas.messages import Envelope
from schemas.settings import Settings


def letters_out(
    records: Records, settings: Settings, trust: TrustList, state: CaseState, message: str | None
) -> list[dict[str, Any]]:
    """Every letter of the case, or the one named, newest first. Raises NotFound for another name."""
    found = [one for one in reversed(state.outbox) if message in (None, one.id)]
    if message is not None and not found:
        raise NotFound(
            f"No letter {message!r} of this case goes out.",
            where=state.ref,
            next_step=f"known: {', '.join(one.id for one in state.outbox) or 'none'}",
            code="unknown-message",
        )
    retrieved = _acknowledged(records, state)
    return [_told(records, settings, trust, state, one, retrieved) for one in found]


def _told(
    records: Records,
    settings: Settings,
    trust: TrustList,
    state: CaseState,
    letter: OutStatus,
    retrieved: datetime | None,
) -> dict[str, Any]:
    return {
        "message": letter.id,
        "event": letter.event,
        "status": letter.status,
        "problem": letter.problem,
        "stages": _stages(letter, retrieved if letter.event == "arrive" else None),
        "look_by": letter.due if letter.settled is None else None,
        **_way(settings, trust, state, letter),
        "by_hand": _by_hand(records, state, letter),
        "proof": letter.proof or letter.receipt,
    }


def _stages(letter: OutStatus, retrieved: datetime | None) -> list[dict[str, Any]]:
    """What is known of its journey. `failed`: that stage was not reached in time, or for good."""
    there = letter.settled if letter.status in ("delivered", "refused") else None
    relayed = letter.relayed or (letter.settled if letter.status == "by-hand" else there)
    late = {"not-relayed": "relayed", "not-delivered": "delivered"}.get(letter.problem)
    times = {"submitted": letter.queued, "relayed": relayed, "delivered": there, "retrieved": retrieved}
    if letter.status == "refused":
        times["delivered"], late = None, "delivered"
    return [{"stage": stage, "at": at, "failed": stage == late} for stage, at in times.items()]


def _way(settings: Settings, trust: TrustList, state: CaseState, letter: OutStatus) -> dict[str, str]:
    """By which carrier it went, or would go while all of them are well."""
    if letter.way:
        return {"way": letter.way, "why": letter.why}
    if state.counterpart.provider is not None:
        return {"way": "provider", "why": f"its address stands in our book: {state.counterpart.provider}"}
    house = trust.house(state.counterpart.house or "")
    if house is None or letter.status == "by-hand":
        return {"way": "by-hand", "why": "no carrier of ours brings it"}
    there = [HTTP, *([MAIL] if house.email and settings.exchange_mail else [])]
    choice = choose(state.law, house.id, there, Health())
    return {"way": choice.way, "why": "; ".join(part for part in (choice.why, choice.besides) if part)}


def _by_hand(records: Records, state: CaseState, letter: OutStatus) -> list[dict[str, Any]]:
    """What a person does, for a letter that waits for one."""
    if letter.settled is not None or letter.status not in ("by-hand", "uncertain"):
        return []
    jws = records.vault.get(state.ref, letter.sealed).decode()
    envelope = Envelope.model_validate(plain_json(parse(jws).payload))
    addressee = state.law.authority if state.law is not None else ""
    open_ways = by_hand(state.law, urgent=state.request.urgent or state.request.child_at_risk)
    return [_line(one, envelope, addressee) for one in open_ways]


def _line(one: ByHand, envelope: Envelope, addressee: str) -> dict[str, Any]:
    return {
        "way": one.way.key,
        "title": one.way.title,
        "channel": one.channel,
        "why": one.why,
        "steps": what_to_do(envelope, one.way, addressee=addressee),
        "to": addressee,
        "documents": [each.name for each in envelope.documents],
        "posted": one.way.posted,
        "received": one.way.received,
        "papers": one.way.papers,
    }


def _acknowledged(records: Records, state: CaseState) -> datetime | None:
    """When they said for the first time that somebody there has it."""
    if state.counterpart.ref is None:
        return None
    entries = records.ledger.entries(state.ref)
    return next((one.at for one in entries if one.event == "acknowledge" and one.move is not None), None)
