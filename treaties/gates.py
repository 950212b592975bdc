"""Which questions of human rights does a case raise, and can the registry answer any of them?

A gate asks, cites, and says what would help. It decides nothing about a basis. Most are for persons to
answer; only a few facts (who abolished the death penalty, what the question tells of the person) answer one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from schemas.gates import Gate, GateAuthority
from schemas.reasoning import Candidate, Citation, GateFound, OffenceAsked, Reason
from schemas.span import first_day
from schemas.vocabulary import Kind, Verdict
from treaties.held import Held
from treaties.logic import NO, UNKNOWN, YES
from treaties.matter import Matter
from treaties.naming import cite, gate_id
from treaties.standing import bound

ABOLITION = "iccpr-op2"
ADULT = 18
YEAR = 12
"""Months of maximum penalty below which surrender is not usual (European Extradition Convention 2(1))."""


def gates(matter: Matter, candidates: Iterable[Candidate]) -> tuple[GateFound, ...]:
    """The gates that the question raises, in the order of gates.yml, each with its reason."""
    usable = [candidate for candidate in candidates if candidate.verdict is not NO]
    found = [_found(matter, gate, usable) for gate in matter.registry.gates.values() if _raised(matter, gate)]
    return tuple([gate for gate in found if gate is not None])


def _raised(matter: Matter, gate: Gate) -> bool:
    question = matter.question
    if gate.kinds and question.kind not in gate.kinds:
        return False
    if gate.measures and matter.asked.isdisjoint(gate.measures):
        return False
    if gate.evaluates == "child-victim":
        return any(matter.registry.offences[offence.slug].child for offence in question.offences)
    return True


def _found(matter: Matter, gate: Gate, usable: Sequence[Candidate]) -> GateFound | None:
    """None where nothing is known from which the gate would come for this State."""
    authorities = _authorities(matter, gate)
    if not authorities:
        return None
    leaf = _EVALUATIONS[gate.evaluates](matter, gate)
    children = (*leaf.children, *_obligations(matter, authorities), *_as_grounds(gate, usable))
    cited = _relevant(matter, authorities)
    reason = Reason(
        leaf.claim,
        leaf.verdict,
        leaf.slots,
        tuple([held.citation for held in cited]),
        (*leaf.facts, *[held.fact for held in cited]),
        children,
        min((child.changes_on for child in children if child.changes_on is not None), default=None),
    )
    return GateFound(gate.gate, reason.verdict, reason, gate.cure, gate.mandatory)


def _authorities(matter: Matter, gate: Gate) -> tuple[Held[GateAuthority], ...]:
    memo, place = matter.registry.memo, ("gate", gate.gate)
    found: tuple[Held[GateAuthority], ...] | None = memo.get(place)
    if found is None:
        found = memo[place] = tuple(
            Held(gate_id(gate.gate, row), row, cite(row.instrument, row, row.article))
            for row in gate.authorities
            if row.retracted is None
        )
    kind, members = matter.question.kind, _organisations(matter)
    concerned = [held for held in found if held.row.organisation in members]
    return tuple([held for held in concerned if not held.row.kinds or kind in held.row.kinds] or concerned)


def _organisations(matter: Matter) -> frozenset[str | None]:
    """Of which the requested State is a member on the day; and none, for what concerns every State."""
    rows = matter.registry.jurisdictions[matter.question.requested].memberships
    return frozenset([None, *[row.organisation for row in rows if matter.holds_today(row.since, row.until)]])


def _relevant(
    matter: Matter, authorities: tuple[Held[GateAuthority], ...]
) -> tuple[Held[GateAuthority], ...]:
    """What obliges whatever the basis, and what links these two; else every place where the rule is found."""
    known = matter.registry.instruments
    relevant = tuple(
        [
            held
            for held in authorities
            if held.row.binds
            or (held.row.instrument in known and matter.force(held.row.instrument).verdict is not NO)
        ]
    )
    return relevant or authorities


def _obligations(matter: Matter, authorities: Iterable[Held[GateAuthority]]) -> Iterator[Reason]:
    """Is the requested State, which would act, bound by what obliges whatever the basis?"""
    question = matter.question
    for held in authorities:
        if held.row.binds and held.row.instrument in matter.registry.parties:
            yield bound(matter.registry, held.row.instrument, question.requested, question.on)


def _as_grounds(gate: Gate, usable: Iterable[Candidate]) -> Iterator[Reason]:
    """The same question where a usable basis makes it a ground for refusal."""
    for candidate in usable:
        for ground in candidate.grounds:
            if ground.ground in gate.grounds:
                slots = {"instrument": candidate.instrument, "article": ground.article}
                yield Reason("gate.ground", UNKNOWN, {**slots, "ground": ground.ground}, ground.citations)


# --- one evaluation for each word of `evaluates` ------------------------------------------------------


def _leaf(
    gate: Gate, claim: str, verdict: Verdict, children: tuple[Reason, ...] = (), **slots: str
) -> Reason:
    return Reason(f"gate.{claim}", verdict, {"gate": gate.gate, **slots}, (), (), children)


def _ask(matter: Matter, gate: Gate) -> Reason:
    return _leaf(gate, "ask", UNKNOWN, asks=gate.asks)


def _death_penalty(matter: Matter, gate: Gate) -> Reason:
    """Abolition in the requesting State answers it; a State that abolished it needs an assurance from one
    that keeps it. A maximum penalty that was told is imprisonment."""
    question = matter.question
    state, other = question.requesting, question.requested
    if question.offences and all(offence.max_requesting is not None for offence in question.offences):
        return _leaf(gate, "not-capital", YES, state=state)
    here, there = _abolished(matter, state), _abolished(matter, other)
    if here.verdict is YES:
        claim = "abolished-by-treaty" if here.claim == "gate.bound-to-abolish" else "abolished"
        return _leaf(gate, claim, YES, (here,), state=state)
    if here.verdict is NO and there.verdict is YES:
        return _leaf(gate, "death-penalty-kept", NO, (here, there), state=state, other=other)
    return _leaf(gate, "ask", UNKNOWN, (here, there), asks=gate.asks)


def _abolished(matter: Matter, state: str) -> Reason:
    """Bound to carry out no death penalty (ICCPR-OP2 1), or recorded as having abolished it; no only where it
    is fully kept. What is recorded is as old as its source and says nothing of the days before.
    """
    registry, question = matter.registry, matter.question
    treaty: tuple[Reason, ...] = ()
    if ABOLITION in registry.instruments:
        treaty = (bound(registry, ABOLITION, state, question.on),)
        if treaty[0].verdict is YES:
            slots, changes = {"state": state}, treaty[0].changes_on
            return Reason("gate.bound-to-abolish", YES, slots, treaty[0].citations, (), treaty, changes)
    recorded = _recorded(matter, state)
    days = [one.changes_on for one in (recorded, *treaty) if one.changes_on is not None]
    return replace(recorded, children=treaty, changes_on=min(days, default=None))


def _recorded(matter: Matter, state: str) -> Reason:
    row = matter.registry.jurisdictions[state]
    source = matter.registry.sources.get(row.source)
    as_of = "" if source is None else source.as_of or ""
    seen = first_day(as_of) if as_of else row.recorded
    cited = (Citation("", source=row.source, checked=as_of, confidence=row.confidence.value),)
    facts = (f"{state}:death-penalty",)
    if row.death_penalty is None:
        return Reason("gate.not-recorded", UNKNOWN, {"state": state}, cited, facts)
    if matter.question.on < seen:
        return Reason("gate.not-recorded", UNKNOWN, {"state": state}, cited, facts, (), seen)
    verdict = {"abolitionist": YES, "retentionist": NO}.get(row.death_penalty, UNKNOWN)
    return Reason("gate.recorded", verdict, {"state": state, "practice": row.death_penalty}, cited, facts)


def _nationality(matter: Matter, gate: Gate) -> Reason:
    question = matter.question
    if question.nationality is None:
        return _ask(matter, gate)
    if question.nationality == question.requested:
        return _leaf(gate, "own-national", UNKNOWN, state=question.requested)
    return _leaf(gate, "other-national", YES, state=question.nationality)


def _age(matter: Matter, gate: Gate) -> Reason:
    """The age told is that of the day of the request; what counts is the age at the offence."""
    question = matter.question
    if question.age is None:
        return _ask(matter, gate)
    passed = 0 if question.offence_date is None else _full_years(question.offence_date, question.on)
    if question.age - passed < ADULT:
        return _leaf(gate, "child", NO, age=str(question.age))
    if question.offence_date is not None and question.age - passed - 1 >= ADULT:
        return _leaf(gate, "of-age", YES, age=str(question.age))
    return _ask(matter, gate)


def _full_years(start: date, end: date) -> int:
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def _gravity(matter: Matter, gate: Gate) -> Reason:
    """For surrender one offence above the threshold on both sides carries the others (2(2))."""
    offences = matter.question.offences
    if matter.question.kind is not Kind.EXTRADITION or not offences:
        return _ask(matter, gate)
    if any(min(_maxima(offence), default=0) >= YEAR for offence in offences if None not in _told(offence)):
        return _leaf(gate, "grave", YES, months=str(YEAR))
    if all(min(_maxima(offence), default=YEAR) < YEAR for offence in offences):
        return _leaf(gate, "light", NO, months=str(YEAR))
    return _ask(matter, gate)


def _told(offence: OffenceAsked) -> tuple[int | None, int | None]:
    return offence.max_requesting, offence.max_requested


def _maxima(offence: OffenceAsked) -> list[int]:
    return [months for months in _told(offence) if months is not None]


_EVALUATIONS: dict[str, Callable[[Matter, Gate], Reason]] = {
    "question": _ask,
    "death-penalty": _death_penalty,
    "nationality": _nationality,
    "age": _age,
    "child-victim": _ask,
    "gravity": _gravity,
}
