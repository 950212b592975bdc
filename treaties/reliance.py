"""Did an answer rely on what changed, and what in it is different now?

Two answers to one question, of two editions of the registry. What nobody can use before or after, and what
only supports a rejection, makes no difference to a case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemas.reasoning import Assessment, Candidate, Reason
from schemas.vocabulary import Verdict
from treaties.difference import Difference
from treaties.logic import walk
from treaties.naming import provider_id
from treaties.registry import Registry

PARTS = (
    "provisions",
    "conditions",
    "channel",
    "urgent_channel",
    "authority",
    "languages",
    "formalities",
    "thresholds",
    "deadlines",
    "grounds",
    "not_grounds",
    "contents",
    "addressee",
    "binding",
    "provider",
    "issuers",
    "duties",
)
"""What a usable candidate says beyond its verdict; `reason` is looked at last."""

MOST_FACTS = 20
"""Changed facts that are named to a case, of those it relied on."""


@dataclass(frozen=True, slots=True)
class Shift:
    """What is different about one candidate. Verdicts None: it was, or is now, no candidate. `parts` names of
    PARTS, or `reason` where only what the verdict rests on differs."""

    instrument: str
    before: Verdict | None
    after: Verdict | None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reliance:
    """How an answer moved: candidate by candidate; the questions of human rights that are answered otherwise;
    the best basis before and after (empty: none); whether the day until which it is good changed; the changed
    facts that either answer rests on."""

    shifts: tuple[Shift, ...]
    best_before: str
    best_after: str
    good_until: bool
    facts: tuple[str, ...]
    gates: tuple[str, ...] = ()


def reliance(before: Assessment, after: Assessment, found: Iterable[Difference]) -> Reliance | None:
    """How the answer to one question moved between two editions that differ by `found`; None: not at all."""
    shifts = tuple(_shifts(before, after))
    good_until = before.good_until != after.good_until
    gates = tuple(_gates(before, after))
    if not shifts and not good_until and not gates:
        return None
    changed = [one for one in found if one.sort != "thing"]
    facts = facts_of(before) | facts_of(after)
    relied = [one.fact for one in changed if one.fact in facts]
    if not relied:
        # Authorities, languages and time limits are cited in an answer, and not by the id of their fact.
        involved = {before.question.requested, *(shift.instrument for shift in shifts)}
        relied = [one.fact for one in changed if one.of in involved]
    return Reliance(shifts, _best(before), _best(after), good_until, tuple(relied[:MOST_FACTS]), gates)


def unanswered(before: Assessment, found: Iterable[Difference]) -> Reliance:
    """How an answer moved whose question the law cannot take any more: a provider in it was
    retracted. Nothing of it can be used."""
    shifts = tuple(
        Shift(one.instrument, one.verdict, None) for one in before.candidates if one.verdict is not Verdict.NO
    )
    asked = before.question
    named = facts_of(before) | ({provider_id(asked.provider)} if asked.provider else set())
    gone = tuple(one.fact for one in found if one.change == "retracted" and one.fact in named)
    return Reliance(shifts, _best(before), "", before.good_until is not None, gone[:MOST_FACTS])


def facts_of(assessment: Assessment, *, usable_only: bool = False) -> set[str]:
    """Every fact that the answer looked at, also for candidates it rejected unless `usable_only`."""
    found: set[str] = set()
    for candidate in assessment.candidates:
        if usable_only and candidate.verdict is Verdict.NO:
            continue
        for top in _tops(candidate):
            for reason in walk(top):
                found.update(reason.facts)
    for gate in assessment.gates:
        for reason in walk(gate.reason):
            found.update(reason.facts)
    return found


def addressed(registry: Registry, assessment: Assessment) -> set[str]:
    """The facts by which the answer names authorities: these are cited, and stand under no reason."""
    found: set[str] = set()
    for held in registry.practice(assessment.question.requested).authorities:
        for candidate in assessment.candidates:
            named = candidate.authority
            if named is not None and named.name == held.row.name and held.citation in named.citations:
                found.add(held.fact)
    return found


def _tops(candidate: Candidate) -> Iterator[Reason]:
    yield candidate.reason
    yield from (one.reason for one in candidate.conditions)
    yield from (one.reason for one in candidate.provisions)
    if candidate.channel_reason is not None:
        yield candidate.channel_reason


def _shifts(before: Assessment, after: Assessment) -> Iterator[Shift]:
    old = {candidate.instrument: candidate for candidate in before.candidates}
    new = {candidate.instrument: candidate for candidate in after.candidates}
    for key in sorted({*old, *new}):
        was, now = old.get(key), new.get(key)
        verdicts = (was.verdict if was else None, now.verdict if now else None)
        if was is None or now is None or was.verdict is not now.verdict:
            if {*verdicts} != {None, Verdict.NO}:
                yield Shift(key, *verdicts)
        elif was.verdict is not Verdict.NO:
            parts = tuple(name for name in PARTS if getattr(was, name) != getattr(now, name))
            if not parts and was.reason != now.reason:
                parts = ("reason",)
            if parts:
                yield Shift(key, *verdicts, parts)


def _gates(before: Assessment, after: Assessment) -> Iterator[str]:
    old = {gate.gate: gate for gate in before.gates}
    new = {gate.gate: gate for gate in after.gates}
    yield from (key for key in sorted({*old, *new}) if old.get(key) != new.get(key))


def _best(assessment: Assessment) -> str:
    first = next((one for one in assessment.candidates if one.verdict is not Verdict.NO), None)
    return first.instrument if first is not None else ""
