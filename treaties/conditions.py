"""Which conditions must the case meet under an instrument, and does it, as far as the question tells?

An unknown condition becomes an open question and leaves the verdict of the candidate alone; one that is known
to fail makes it no.
"""

from __future__ import annotations

from collections.abc import Callable

from schemas.law import ConditionRule, Criminalised
from schemas.reasoning import Citation, ConditionVerdict, OffenceAsked, Reason
from schemas.vocabulary import COMMUNICATIONS_DATA, Kind, Measure, Verdict
from treaties.force import summary
from treaties.held import Held, Rulebook
from treaties.logic import NO, UNKNOWN, YES, all_of, any_of, none_of
from treaties.matter import Declared, Matter
from treaties.proviso import TREATY_KINDS, others, provisos
from treaties.scope import exclusions
from treaties.standing import bound

ELECTRONIC = COMMUNICATIONS_DATA | {Measure.PRESERVATION}
"""Measures that concern evidence in electronic form by their nature."""

TREATY_VALUES = {kind: value for value, kind in TREATY_KINDS.items()}


def conditions(matter: Matter, book: Rulebook) -> list[ConditionVerdict]:
    """Every condition that the text, or a declaration of the requested State, sets for this question."""
    found = []
    for held in book.conditions:
        if matter.concerns(held.row):
            reason = _weighed(matter, book, held)
            if reason is not None:
                found.append(ConditionVerdict(held.row.condition, reason.verdict, held.row.article, reason))
    sides = [matter.question.requested]
    if book.instrument.designates and _may_be_designated(matter, book):
        sides.append(matter.question.requesting)
    for declared in matter.declared(book.instrument.key, "condition", *sides):
        found.append(_declared_condition(matter, book, declared))
    return found


def _weighed(matter: Matter, book: Rulebook, held: Held[ConditionRule]) -> Reason | None:
    """None where a proviso of the condition is not met: then the text does not ask for it."""
    key = book.instrument.key
    tests = provisos(matter, key, held)
    if any(test.verdict is NO for test in tests):
        return None
    reason = _EVALUATIONS[held.row.evaluates](matter, book, held)
    if any(test.verdict is UNKNOWN for test in tests) and reason.verdict is NO:
        # Whether the condition is asked for at all is not known, so its failing cannot be fatal.
        slots = {"instrument": key, "article": held.row.article}
        return Reason(
            "condition.perhaps-asked", UNKNOWN, slots, (held.citation,), (held.fact,), (reason, *tests)
        )
    return reason


def _may_be_designated(matter: Matter, book: Rulebook) -> bool:
    question = matter.question
    listed = bound(matter.registry, book.instrument.key, question.requesting, question.on)
    return listed.verdict is not NO


def _declared_condition(matter: Matter, book: Rulebook, declared: Declared) -> ConditionVerdict:
    """A condition that the requested State attached by its own declaration (Budapest 29(4), ECMA 5)."""
    condition = declared.effect.condition or "as-declared"
    article = declared.effect.articles[0] if declared.effect.articles else declared.held.row.article
    slots = {"instrument": book.instrument.key, "article": article, "state": declared.state}
    slots["text"] = declared.held.row.text
    cited, facts = (declared.held.citation,), (declared.held.fact,)
    if condition == "dual-criminality":
        reason = _dual_criminality(matter, slots, cited, facts)
    elif declared.state != matter.question.requested:
        reason = Reason("condition.designated", UNKNOWN, {**slots, "condition": condition}, cited, facts)
    else:
        reason = Reason("condition.declared", UNKNOWN, {**slots, "condition": condition}, cited, facts)
    return ConditionVerdict(condition, reason.verdict, article, reason)


# --- one evaluation for each word of `evaluates` ------------------------------------------------------


def _leaf(held: Held[ConditionRule], book: Rulebook, claim: str, verdict: Verdict, **slots: str) -> Reason:
    own = {"instrument": book.instrument.key, "article": held.row.article, "text": held.row.text, **slots}
    return Reason(f"condition.{claim}", verdict, own, (held.citation,), (held.fact,))


def _offence_scope(matter: Matter, book: Rulebook, held: Held[ConditionRule]) -> Reason:
    """Some offence of the case must be one that the instrument itself speaks of."""
    offences = matter.question.offences
    if not offences:
        return _leaf(held, book, "offence-not-told", UNKNOWN)
    children = [_covered_offence(matter, book, held, offence.slug) for offence in offences]
    slots = {"instrument": book.instrument.key, "article": held.row.article}
    return any_of("condition.offence-scope", children, slots, (held.citation,), (held.fact,))


def _covered_offence(matter: Matter, book: Rulebook, held: Held[ConditionRule], slug: str) -> Reason:
    key = book.instrument.key
    rows = [row for row in matter.registry.criminalised(slug) if row.row.instrument == key]
    slots = {"instrument": book.instrument.key, "offence": slug}
    if not rows:
        return Reason("condition.offence-not-covered", NO, slots, (held.citation,), (held.fact,))
    slots["article"] = rows[0].row.article
    slots["narrowed"] = "; ".join(row.row.narrowed for row in rows if row.row.narrowed)
    cited = tuple(row.citation for row in rows)
    return Reason("condition.offence-covered", YES, slots, cited, tuple(row.fact for row in rows))


def _electronic_evidence(matter: Matter, book: Rulebook, held: Held[ConditionRule]) -> Reason:
    """Communications data are electronic by nature; computer crime needs no electronic evidence (14(2))."""
    question = matter.question
    by_nature = [measure.value for measure in question.measures if measure in ELECTRONIC]
    if by_nature or question.kind in {Kind.PRESERVATION, Kind.PRODUCTION}:
        measure = by_nature[0] if by_nature else ""
        return _leaf(held, book, "electronic-by-nature", YES, measure=measure, kind=question.kind.value)
    crimes = [_covered_offence(matter, book, held, offence.slug) for offence in question.offences]
    if any(crime.verdict is YES for crime in crimes):
        slots = {"instrument": book.instrument.key, "article": held.row.article}
        return any_of("condition.computer-crime", crimes, slots, (held.citation,), (held.fact,))
    return _leaf(held, book, "electronic-not-told", UNKNOWN)


def _transnational(matter: Matter, book: Rulebook, held: Held[ConditionRule]) -> Reason:
    """Only a person can say that a crime is transnational and organised; a light one is not serious."""
    offences, floor = matter.question.offences, held.row.months
    light = [
        offence
        for offence in offences
        if floor is not None
        and offence.max_requesting is not None
        and offence.max_requesting < floor
        and _covered_offence(matter, book, held, offence.slug).verdict is NO
    ]
    if offences and len(light) == len(offences):
        return _leaf(held, book, "not-serious", NO, months=str(floor))
    return _leaf(held, book, "transnational-organised", UNKNOWN)


def _minimum_penalty(matter: Matter, book: Rulebook, held: Held[ConditionRule]) -> Reason:
    """One offence of the case must reach the threshold on each side that the text names."""
    offences = matter.question.offences
    slots = {
        "months": str(held.row.months),
        "more_than": "yes" if held.row.more_than else "",
        "side": held.row.where,
    }
    if not offences:
        return _leaf(held, book, "penalty-not-told", UNKNOWN, **slots)
    sides = ("requesting", "requested") if held.row.where == "both" else (held.row.where,)
    children = [
        all_of(
            "condition.penalty-of-offence",
            [_penalty(book, held, offence, side) for side in sides],
            {"instrument": book.instrument.key, "offence": offence.slug},
        )
        for offence in offences
    ]
    own = {"instrument": book.instrument.key, "article": held.row.article, **slots}
    return any_of("condition.minimum-penalty", children, own, (held.citation,), (held.fact,))


def _penalty(book: Rulebook, held: Held[ConditionRule], offence: OffenceAsked, side: str) -> Reason:
    months = offence.max_requesting if side == "requesting" else offence.max_requested
    floor = held.row.months or 0
    if months is None:
        return _leaf(held, book, "penalty-unknown", UNKNOWN, offence=offence.slug, side=side)
    enough = months > floor if held.row.more_than else months >= floor
    slots = {"offence": offence.slug, "side": side, "months": str(months), "floor": str(floor)}
    if not enough and offence.slug in held.row.spared:
        # The floor falls away for such an offence in some cases only; which this is, a person must say.
        return _leaf(held, book, "penalty-spared", UNKNOWN, **slots)
    return _leaf(held, book, "penalty", YES if enough else NO, **slots)


def _dual(matter: Matter, book: Rulebook, held: Held[ConditionRule]) -> Reason:
    slots = {"instrument": book.instrument.key, "article": held.row.article, "text": held.row.text}
    return _dual_criminality(matter, slots, (held.citation,), (held.fact,))


def _dual_criminality(
    matter: Matter, slots: dict[str, str], cited: tuple[Citation, ...], facts: tuple[str, ...]
) -> Reason:
    """Every offence must be criminal on both sides, by conduct."""
    offences = matter.question.offences
    if not offences:
        return Reason("condition.dual-not-told", UNKNOWN, slots, cited, facts)
    children = [_criminal_on_both(matter, slots["instrument"], offence) for offence in offences]
    return all_of("condition.dual-criminality", children, slots, cited, facts)


def _criminal_on_both(matter: Matter, key: str, offence: OffenceAsked) -> Reason:
    """A known maximum on both sides proves it; so does a treaty that binds both to punish the conduct.

    No such treaty proves nothing: then it stays a question.
    """
    slots = {"instrument": key, "offence": offence.slug}
    maxima = (offence.max_requesting, offence.max_requested)
    if 0 in maxima:
        side = "requesting" if offence.max_requesting == 0 else "requested"
        return Reason("condition.not-punishable", NO, {**slots, "side": side}, (Citation(key),))
    proofs = [_proof(matter, held) for held in matter.registry.criminalised(offence.slug)]
    if None not in maxima:
        told = Reason("condition.punishable-on-both", YES, slots, (Citation(key),))
        proofs.append(told)
    verdict = YES if any(proof.verdict is YES for proof in proofs) else UNKNOWN
    changes = min((proof.changes_on for proof in proofs if proof.changes_on is not None), default=None)
    claim = "condition.criminal-on-both"
    return Reason(claim, verdict, slots, (Citation(key),), (), tuple(proofs), changes)


def _proof(matter: Matter, held: Held[Criminalised]) -> Reason:
    """Are both bound, on the day of the request, by an article that makes the conduct a crime?"""
    question, row = matter.question, held.row
    slots = {"instrument": row.instrument, "article": row.article, "narrowed": row.narrowed}
    excluded = matter.declared(row.instrument, "not-applied", question.requesting, question.requested)
    children = [summary(matter.force(row.instrument)), *exclusions(row.instrument, row.article, excluded)]
    return all_of("condition.both-bound-to-punish", children, slots, (held.citation,), (held.fact,))


def _treaty_dependent(matter: Matter, book: Rulebook, held: Held[ConditionRule]) -> Reason:
    """Does the requested State make assistance depend on a treaty, and is there none? (Lanzarote 38(3))

    That it depends on one, only a person or its own law can say; that there is none is a proviso of its own.
    """
    kind = Kind.EXTRADITION if matter.question.kind is Kind.EXTRADITION else Kind.MLA
    children = [
        _leaf(held, book, "needs-a-treaty", UNKNOWN, state=matter.question.requested),
        none_of(
            "proviso.none-in-force",
            others(matter, book.instrument.key, (TREATY_VALUES[kind],)),
            {"instrument": book.instrument.key, "article": held.row.article, "values": TREATY_VALUES[kind]},
            (held.citation,),
        ),
    ]
    slots = {"instrument": book.instrument.key, "article": held.row.article}
    return all_of("condition.treaty-dependent", children, slots, (held.citation,), (held.fact,))


def _question(matter: Matter, book: Rulebook, held: Held[ConditionRule]) -> Reason:
    return _leaf(held, book, "ask", UNKNOWN, condition=held.row.condition)


_EVALUATIONS: dict[str, Callable[[Matter, Rulebook, Held[ConditionRule]], Reason]] = {
    "offence-scope": _offence_scope,
    "electronic-evidence": _electronic_evidence,
    "transnational-organised": _transnational,
    "minimum-penalty": _minimum_penalty,
    "dual-criminality": _dual,
    "treaty-dependent": _treaty_dependent,
    "question": _question,
}
