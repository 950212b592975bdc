"""On which proviso does a rule apply, and is it met between these two on this day?

Fallback clauses are the common case: Budapest 27(1), UNTOC 18(7), UNCAC 46(7) and Lanzarote 38(3) apply only
where nothing else links the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from schemas.law import Rule, Test, TreatyList
from schemas.reasoning import Citation, Reason
from schemas.vocabulary import Kind, Verdict
from treaties.logic import NO, UNKNOWN, YES, all_of, every, none_of
from treaties.matter import Matter
from treaties.registry import Held

TREATY_KINDS = {"mla-treaty": Kind.MLA, "extradition-treaty": Kind.EXTRADITION}
"""Values of `none-in-force` for which a State's whole list of treaties can exclude one we do not know."""


def provisos(matter: Matter, key: str, held: Held[Rule]) -> tuple[Reason, ...]:
    """The tests of a rule of instrument `key`, each answered; none: the rule has no proviso."""
    return tuple(_answered(matter, key, held, test) for test in held.row.when)


def met(matter: Matter, key: str, held: Held[Rule]) -> Verdict:
    """Do all provisos of the rule hold? Yes where it has none."""
    return every(provisos(matter, key, held)) if held.row.when else YES


def _answered(matter: Matter, key: str, held: Held[Rule], test: Test) -> Reason:
    article = test.article or held.row.article
    cited = replace(held.citation, article=article)
    slots = {"instrument": key, "article": article, "values": " ".join(test.values)}
    question = matter.question
    match test.test:
        case "none-in-force":
            return none_of("proviso.none-in-force", others(matter, key, test.values), slots, (cited,))
        case "both-bound":
            return all_of("proviso.both-bound", (matter.force(v) for v in test.values), slots, (cited,))
        case "not-both-bound":
            both = all_of("proviso.both-bound", (matter.force(v) for v in test.values), slots, (cited,))
            return none_of("proviso.not-both-bound", (both,), slots, (cited,))
        case "urgent":
            verdict = YES if question.urgent else NO
        case "emergency":
            # Urgency does not say that life or safety is at risk: a person must.
            verdict = UNKNOWN if question.urgent else NO
        case "requested-is":
            verdict = YES if question.requested in test.values else NO
        case "requesting-is":
            verdict = YES if question.requesting in test.values else NO
        case "one-side-is":
            verdict = (
                YES if (question.requesting in test.values) is not (question.requested in test.values) else NO
            )
        case "measure-is":
            verdict = YES if set(test.values) & {str(m) for m in question.measures} else NO
    return Reason(f"proviso.{test.test}", verdict, slots, (cited,))


def others(matter: Matter, key: str, values: tuple[str, ...]) -> tuple[Reason, ...]:
    """Everything that could be in force instead: what we know between the two, and what we may not know."""
    found = matter.absences.get((key, values))
    if found is None:
        found = matter.absences[key, values] = tuple(_links(matter, key, values)) or (
            Reason("proviso.nothing-counts", NO, {"values": " ".join(values)}, (Citation(key),)),
        )
    return found


def _links(matter: Matter, key: str, values: tuple[str, ...]) -> Iterator[Reason]:
    registry, question = matter.registry, matter.question
    counting = frozenset().union(*(registry.counting_as(value) for value in values))
    for other in registry.candidates(question.requesting, question.requested):
        if other in counting and other != key:
            yield matter.force(other)
    for value in values:
        if value in TREATY_KINDS:
            yield _unlisted(matter, TREATY_KINDS[value], key)


def _unlisted(matter: Matter, kind: Kind, key: str) -> Reason:
    """May the two have a treaty of `kind` that this registry does not hold? No where the whole list of one of
    them was recorded; otherwise unknown, and a question to a person."""
    question = matter.question
    slots = {"kind": kind.value, "requesting": question.requesting, "requested": question.requested}
    lists = [
        held
        for state in (question.requesting, question.requested)
        for held in matter.registry.practice(state).treaty_lists
        if held.row.kind is kind
    ]
    if not lists:
        return Reason("proviso.unlisted-treaty", UNKNOWN, slots, (Citation(key),))
    slots["as_of"] = lists[0].row.as_of
    slots["list_of"] = lists[0].fact.partition(":")[0]
    return Reason(
        "proviso.unlisted-treaty",
        NO,
        slots,
        tuple(_list_cited(held) for held in lists),
        tuple(held.fact for held in lists),
    )


def _list_cited(held: Held[TreatyList]) -> Citation:
    """A list of treaties is as old as the day for which it claims to be whole."""
    return replace(held.citation, checked=held.row.as_of)
