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
from treaties.given import GIVEN
from treaties.held import Held
from treaties.logic import NO, UNKNOWN, YES, all_of, every, none_of
from treaties.matter import Matter
from treaties.standing import bound

TREATY_KINDS = {"mla-treaty": Kind.MLA, "extradition-treaty": Kind.EXTRADITION}
"""Values of `none-in-force` for which a State's whole list of treaties can exclude one we do not know."""


def provisos(matter: Matter, key: str, held: Held[Rule]) -> tuple[Reason, ...]:
    """The tests of a rule of instrument `key`, each answered; none: the rule has no proviso."""
    when = held.row.when
    return tuple([_answered(matter, key, held, test) for test in when]) if when else ()


def met(matter: Matter, key: str, held: Held[Rule]) -> Verdict:
    """Do all provisos of the rule hold? Yes where it has none."""
    return every(provisos(matter, key, held)) if held.row.when else YES


def _answered(matter: Matter, key: str, held: Held[Rule], test: Test) -> Reason:
    """Many rules of one instrument share a proviso: it is answered once for each article that states it."""
    article = test.article or held.row.article
    place = (key, article, test.test, test.values)
    found = matter.tested.get(place)
    if found is None:
        cited = (replace(held.citation, article=article),)
        found = matter.tested[place] = _tested(matter, key, article, test, cited)
    return found


def _tested(matter: Matter, key: str, article: str, test: Test, cited: tuple[Citation, ...]) -> Reason:
    slots = {"instrument": key, "article": article, "values": " ".join(test.values)}
    if test.test == "none-in-force":
        return none_of("proviso.none-in-force", others(matter, key, test.values), slots, cited)
    if test.test in GIVEN:
        verdict = GIVEN[test.test](matter.question, test.values)
        return Reason(f"proviso.{test.test}", verdict, slots, cited)
    if test.test == "designated":
        return _designated(matter, key, test.values, slots, cited)
    if test.test == "arranged":
        return Reason("proviso.arranged", UNKNOWN, slots, cited)
    both = all_of("proviso.both-bound", (matter.force(value) for value in test.values), slots, cited)
    if test.test == "both-bound":
        return both
    return none_of("proviso.not-both-bound", (both,), slots, cited)


def _designated(
    matter: Matter, key: str, values: tuple[str, ...], slots: dict[str, str], cited: tuple[Citation, ...]
) -> Reason:
    """Is the requesting State on the statute's list, in one of the categories? Where it stands there, and
    since when, is folded from its acts as for a treaty; a list that is not whole leaves others unknown."""
    state = matter.question.requesting
    listed = bound(matter.registry, key, state, matter.question.on)
    placed = matter.declared(key, "designation", state) if values else []
    elsewhere = placed and not any(one.effect.category in values for one in placed)
    verdict = NO if elsewhere else listed.verdict
    return Reason(
        "proviso.designated",
        verdict,
        {**slots, "state": state},
        (*cited, *listed.citations),
        (*listed.facts, *(one.held.fact for one in placed if one.held.fact not in listed.facts)),
        (),
        listed.changes_on,
    )


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
