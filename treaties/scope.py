"""Does an instrument reach what is asked, and by which of its articles?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas.law import Provision
from schemas.reasoning import Citation, ProvisionVerdict, Reason
from schemas.vocabulary import Measure, Verdict
from treaties.force import summary
from treaties.logic import NO, UNKNOWN, YES, all_of, any_of
from treaties.matter import Declared, Matter, any_covers
from treaties.proviso import provisos
from treaties.registry import Held, Rulebook


def opened(matter: Matter, book: Rulebook, force: Reason) -> list[tuple[Held[Provision], ProvisionVerdict]]:
    """Every article about this kind of request, with its verdict: is it open to the question between the two?

    An article is open if the instrument is in force, the article covers a measure asked, its provisos are met
    and neither State has excluded it. `force` is `Matter.force` of the instrument.
    """
    in_force = summary(force)
    question = matter.question
    excluded = matter.declared(book.instrument.key, "not-applied", question.requesting, question.requested)
    found = []
    for held in book.provisions:
        row = held.row
        if question.kind in row.kinds or not row.kinds:
            reason = _article(matter, book, held, in_force, excluded)
            asked = not matter.asked.isdisjoint(row.names)
            verdict = ProvisionVerdict(row.article, reason.verdict, reason, row.force, asked)
            found.append((held, verdict))
    return found


def reach(
    matter: Matter, book: Rulebook, provisions: list[tuple[Held[Provision], ProvisionVerdict]]
) -> Reason:
    """Does the instrument reach every measure asked, by articles that give assistance?"""
    key = book.instrument.key
    question = matter.question
    slots = {"instrument": key, "kind": question.kind.value}
    giving = [(held, verdict) for held, verdict in provisions if held.row.role == "reach"]
    if not giving:
        if not book.provisions:
            # No article recorded is not the same as no article in the text.
            return Reason("scope.no-article", UNKNOWN, slots, (Citation(key),))
        cited = tuple(held.citation for held in book.provisions)
        return Reason("scope.gives-none", NO, slots, cited, tuple(held.fact for held in book.provisions))
    if len(question.measures) <= 1:
        return any_of(
            "scope.reach", (verdict.reason for _, verdict in giving), _measured(slots, question.measures)
        )
    each = [_measure(matter, key, measure, giving) for measure in question.measures]
    return all_of("scope.reach-all", each, slots)


def article_open(matter: Matter, book: Rulebook, article: str) -> Verdict:
    """Is the article, or the one it is part of, open under its own provisos? Yes where nothing limits it."""
    for held in book.provisions:
        if held.row.when and any_covers((held.row.article,), article):
            verdicts = {reason.verdict for reason in provisos(matter, book.instrument.key, held)}
            return NO if NO in verdicts else UNKNOWN if UNKNOWN in verdicts else YES
    return YES


def _measured(slots: dict[str, str], measures: tuple[Measure, ...]) -> dict[str, str]:
    return {**slots, "measure": measures[0].value} if measures else slots


def _measure(
    matter: Matter, key: str, measure: Measure, giving: list[tuple[Held[Provision], ProvisionVerdict]]
) -> Reason:
    """Whether one of several measures is reached: an article for another measure does not help it."""
    children = [
        verdict.reason
        if not held.row.measures or measure in held.row.measures
        else Reason(
            "scope.other-measure",
            NO,
            {"instrument": key, "article": held.row.article, "measure": measure.value},
            (held.citation,),
            (held.fact,),
        )
        for held, verdict in giving
    ]
    slots = {"instrument": key, "kind": matter.question.kind.value, "measure": measure.value}
    return any_of("scope.reach", children, slots)


def _article(
    matter: Matter, book: Rulebook, held: Held[Provision], in_force: Reason, excluded: Sequence[Declared]
) -> Reason:
    key, row = book.instrument.key, held.row
    children = [in_force, _covered(matter, key, held)]
    if row.when:
        children.extend(provisos(matter, key, held))
    if row.since is not None or row.until is not None:
        children.append(_in_time(matter, key, held))
    if excluded:
        children.extend(exclusions(key, row.article, excluded))
    slots = {"instrument": key, "article": row.article}
    claim = "scope.presumed-article" if row.article == "title" else "scope.article"
    return all_of(claim, children, slots, (held.citation,), (held.fact,))


def _covered(matter: Matter, key: str, held: Held[Provision]) -> Reason:
    """Whether the article speaks of the measures asked does not depend on the day or the pair."""
    question = matter.question
    memo = matter.registry.memo
    place = ("covered", held.fact, question.kind, question.measures)
    found: Reason | None = memo.get(place)
    if found is None:
        verdict = YES if matter.fits(held.row) else NO
        measures = " ".join(measure.value for measure in question.measures)
        slots = {"instrument": key, "article": held.row.article, "measures": measures}
        found = memo[place] = Reason("scope.covers", verdict, slots, (held.citation,), (held.fact,))
    return found


def _in_time(matter: Matter, key: str, held: Held[Provision]) -> Reason:
    since, until = held.row.since, held.row.until
    verdict = YES if matter.holds_today(since, until) else NO
    slots = {
        "instrument": key,
        "article": held.row.article,
        "since": since.isoformat() if since else "",
        "until": until.isoformat() if until else "",
    }
    later = [day for day in (since, until) if day is not None and day > matter.question.on]
    changes = min(later, default=None)
    return Reason("scope.wording-stood", verdict, slots, (held.citation,), (held.fact,), (), changes)


def exclusions(key: str, article: str, excluded: Iterable[Declared]) -> list[Reason]:
    """Reservations that take the article out between the two.

    They work both ways: neither side applies the article to the other (Vienna Convention 21).
    """
    return [
        Reason(
            "scope.not-excluded",
            NO if one.sure else UNKNOWN,
            {"instrument": key, "article": article, "state": one.state},
            (one.held.citation,),
            (one.held.fact,),
        )
        for one in excluded
        if any_covers(one.effect.articles, article)
    ]
