"""Are two States linked by an instrument on a day?

Both must be bound, no act between them may shut one out, and what the instrument requires must link them too.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from schemas.law import Instrument, PartyAct
from schemas.reasoning import Citation, Reason
from schemas.vocabulary import CONSENT, Act, Form
from treaties.dossier import dossier_of, iso, seen_by
from treaties.held import Held
from treaties.logic import NO, UNKNOWN, YES, all_of
from treaties.registry import ONE_SIDED, Registry
from treaties.standing import bound

TWO_SIDED = frozenset({Form.BILATERAL, Form.EXECUTIVE_AGREEMENT})


def linked(registry: Registry, key: str, requesting: str, requested: str, day: date) -> Reason:
    """Is instrument `key` in force between the two on `day`? Children: each State, pairwise acts, and the
    instruments that this one requires. Law of the requested State alone binds only that State."""
    instrument = registry.instruments[key]
    slots = {"instrument": key, "requesting": requesting, "requested": requested, "day": day.isoformat()}
    if instrument.form is Form.SCHEME:
        children = [_not_binding(registry, key)]
    elif registry.of_nobody(key):
        children = [_practised(registry, key, day)]
    elif instrument.form in ONE_SIDED:
        children = [_own_law(registry, instrument, requested, day)]
    else:
        children = [_bound_in(registry, instrument, state, day) for state in (requesting, requested)]
        if registry.works_pairwise(key):
            children += _pairwise(registry, key, requesting, requested, day)
        children += [linked(registry, other, requesting, requested, day) for other in instrument.requires]
    return all_of("force.linked", children, slots)


def summary(reason: Reason) -> Reason:
    """The verdict of `linked` as one leaf with all that it rests on, to stand under many rules at once."""
    citations: tuple[Citation, ...] = ()
    facts: tuple[str, ...] = ()
    for child in reason.children:
        citations += child.citations
        facts += child.facts
    return Reason("force.summary", reason.verdict, reason.slots, citations, facts, (), reason.changes_on)


def _bound_in(registry: Registry, instrument: Instrument, state: str, day: date) -> Reason:
    """A treaty of two may be recorded once, on one side only: then that side's acts speak for both."""
    unsaid = instrument.form in TWO_SIDED and not registry.acts(instrument.key, state)
    if unsaid and state in instrument.states:
        for other in instrument.states:
            if other != state and registry.acts(instrument.key, other):
                return bound(registry, instrument.key, other, day)
    return bound(registry, instrument.key, state, day)


def _not_binding(registry: Registry, key: str) -> Reason:
    """A scheme works only through the law of each member: by itself it is never a basis."""
    entry = registry.rulebook(key).entry
    cited = (Citation(key),) if entry is None else (entry.citation,)
    return Reason("force.not-binding", NO, {"instrument": key}, cited, () if entry is None else (entry.fact,))


def _practised(registry: Registry, key: str, day: date) -> Reason:
    """What is done everywhere needs no law in force: from the day it was seen done, it is done."""
    entry = registry.rulebook(key).entry
    if entry is None:
        return Reason("force.practice", UNKNOWN, {"instrument": key}, (Citation(key),))
    seen = seen_by(registry, entry)
    changes = seen if day < seen else None
    slots = {"instrument": key, "seen": seen.isoformat()}
    verdict = YES if day >= seen else UNKNOWN
    return Reason("force.practice", verdict, slots, (entry.citation,), (entry.fact,), (), changes)


def _own_law(registry: Registry, instrument: Instrument, state: str, day: date) -> Reason:
    """Law of one State: by that State's acts if there are any, else by the entry into force of the law."""
    if registry.acts(instrument.key, state):
        return bound(registry, instrument.key, state, day)
    entry = registry.rulebook(instrument.key).entry
    dossier = dossier_of(registry, instrument.key, state, ())
    if entry is None:
        return dossier.told("law-undated", UNKNOWN)
    if entry.row.on is not None:
        coming = day < entry.row.on
        leaf = dossier.told_by_entry("law-not-yet" if coming else "law", NO if coming else YES)
        return replace(leaf, changes_on=entry.row.on if coming else None)
    seen = seen_by(registry, entry)
    leaf = dossier.told("law-day-unknown", YES if day >= seen else UNKNOWN, seen=seen.isoformat())
    return replace(
        leaf, citations=(entry.citation,), facts=(entry.fact,), changes_on=seen if day < seen else None
    )


def _pairwise(registry: Registry, key: str, requesting: str, requested: str, day: date) -> list[Reason]:
    """Acts by which one of the two shut the other out, or had to let it in."""
    found: list[Reason] = []
    for state, other in ((requesting, requested), (requested, requesting)):
        for held in registry.acts(key, state):
            if held.row.act is Act.RELATIONS_EXCLUDED and held.row.towards == other:
                found.append(_excluded(registry, key, state, held, day))
    accepted = registry.acceptance(key)
    if accepted is not None:
        for state, other in ((requesting, requested), (requested, requesting)):
            if _acceded_after(registry, key, other, state):
                found.append(_accepted(registry, key, state, other, accepted, day))
    return found


def _excluded(registry: Registry, key: str, state: str, held: Held[PartyAct], day: date) -> Reason:
    start = held.row.on or seen_by(registry, held)
    over = held.row.until is not None and held.row.until <= day
    verdict = YES if over or (held.row.on is not None and day < start) else UNKNOWN if day < start else NO
    later = [d for d in (start, held.row.until) if d is not None and d > day]
    return Reason(
        "force.relations-not-excluded",
        verdict,
        {"instrument": key, "state": state, "other": held.row.towards or "", "day": iso(held.row.on)},
        (held.citation,),
        (held.fact,),
        (),
        min(later, default=None),
    )


def _acceded_after(registry: Registry, key: str, newcomer: str, state: str) -> bool:
    """Did `newcomer` accede, and later than `state` consented? Only then does it need to be accepted."""

    def consent(of: str) -> tuple[Act | None, date]:
        for held in registry.acts(key, of):
            if held.row.act in CONSENT:
                return held.row.act, held.row.on or date.max
        return None, date.max

    act, on = consent(newcomer)
    return act is Act.ACCEDED and on >= consent(state)[1]


def _accepted(
    registry: Registry, key: str, state: str, newcomer: str, example: Held[PartyAct], day: date
) -> Reason:
    slots = {"instrument": key, "state": state, "other": newcomer}
    for held in registry.acts(key, state):
        if held.row.act is Act.ACCESSION_ACCEPTED and held.row.towards == newcomer:
            start = held.row.on or seen_by(registry, held)
            verdict = YES if day >= start else NO if held.row.on is not None else UNKNOWN
            changes = start if day < start else None
            slots["day"] = iso(held.row.on)
            return Reason("force.accepted", verdict, slots, (held.citation,), (held.fact,), (), changes)
    complete = registry.complete(key)
    if complete is not None and complete.row.only:
        complete = None
    rests_on = example if complete is None else complete
    return Reason(
        "force.accepted",
        UNKNOWN if complete is None else NO,
        {**slots, "day": ""},
        (rests_on.citation,),
        (example.fact, *(() if complete is None else (complete.fact,))),
        (),
    )
