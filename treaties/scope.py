"""Does an instrument reach what is asked, and by which of its articles?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from schemas.law import Provision
from schemas.reasoning import Citation, ProvisionVerdict, Reason
from schemas.vocabulary import Kind, Measure, Verdict
from treaties.held import Held, Rulebook
from treaties.logic import NO, UNKNOWN, YES, all_of, any_of
from treaties.matter import Declared, Matter, any_covers
from treaties.proviso import provisos


@dataclass(frozen=True, slots=True)
class Scope:
    """What an instrument gives for the question.

    `articles`: those about such requests; `verdicts`: for each, whether it is open by its own words; `reach`:
    whether those that give assistance reach all that is asked.
    """

    articles: tuple[Held[Provision], ...]
    verdicts: tuple[ProvisionVerdict, ...]
    reach: Reason
    closed: dict[Verdict, tuple[ProvisionVerdict, ...]] = field(default_factory=dict, compare=False)
    """`verdicts` once more, as they are where the instrument is not (or not surely) in force."""


def scope(matter: Matter, book: Rulebook) -> Scope:
    """The scope of the instrument for this question, whether or not it is in force.

    An article is open by its own words if it covers a measure asked, its provisos are met, its wording stood
    on the day, and neither State has excluded it.
    """
    question = matter.question
    excluded = matter.declared(book.instrument.key, "not-applied", question.requesting, question.requested)
    if excluded or _is_moving(matter, book):
        return _drawn(matter, book, excluded)
    # Where nothing depends on the pair or the day, one drawing serves every question of the sort.
    memo, place = matter.registry.memo, ("scope", book.instrument.key, question.kind, question.measures)
    found: Scope | None = memo.get(place)
    if found is None:
        found = memo[place] = _drawn(matter, book, excluded)
    return found


def opened(found: Scope, force: Reason) -> tuple[ProvisionVerdict, ...]:
    """Each article with its verdict: open to the question, in an instrument in force between the two.

    Why the instrument is not in force is told once, in the reason of the candidate.
    """
    if force.verdict is YES:
        return found.verdicts
    closed = found.closed.get(force.verdict)
    if closed is None:
        key = force.slots["instrument"]
        told = Reason("force.summary", force.verdict, {"instrument": key}, (Citation(key),))
        closed = found.closed[force.verdict] = tuple([_if_in_force(one, told) for one in found.verdicts])
    return closed


def _if_in_force(one: ProvisionVerdict, told: Reason) -> ProvisionVerdict:
    own = one.reason
    reason = all_of(own.claim, (told, own), own.slots)
    return ProvisionVerdict(one.article, reason.verdict, reason, one.force, one.names)


def _is_moving(matter: Matter, book: Rulebook) -> bool:
    """Does any article about such requests depend on the pair or the day?"""
    memo, kind = matter.registry.memo, matter.question.kind
    found: bool | None = memo.get(("moving", book.instrument.key, kind))
    if found is None:
        found = memo["moving", book.instrument.key, kind] = any(
            held.row.when or held.row.since is not None or held.row.until is not None
            for held in book.provisions
            if kind in held.row.kinds or not held.row.kinds
        )
    return found


def _drawn(matter: Matter, book: Rulebook, excluded: Sequence[Declared]) -> Scope:
    kind = matter.question.kind
    articles = tuple([held for held in book.provisions if kind in held.row.kinds or not held.row.kinds])
    reasons = tuple([_article(matter, book, held, excluded) for held in articles])
    verdicts = tuple(
        [
            ProvisionVerdict(
                held.row.article, reason.verdict, reason, held.row.force, reason.slots["names"] != ""
            )
            for held, reason in zip(articles, reasons, strict=True)
        ]
    )
    return Scope(articles, verdicts, _reach(matter, book, articles, reasons))


def _reach(
    matter: Matter, book: Rulebook, articles: Sequence[Held[Provision]], reasons: Sequence[Reason]
) -> Reason:
    """Does the instrument reach every measure asked, by articles that give assistance?"""
    key = book.instrument.key
    question = matter.question
    slots = {"instrument": key, "kind": question.kind.value}
    giving = [
        (held, reason) for held, reason in zip(articles, reasons, strict=True) if held.row.role == "reach"
    ]
    if not giving:
        if not book.provisions:
            # No article recorded is not the same as no article in the text.
            return Reason("scope.no-article", UNKNOWN, slots, (Citation(key),))
        cited = tuple(held.citation for held in book.provisions)
        return Reason("scope.gives-none", NO, slots, cited, tuple(held.fact for held in book.provisions))
    if len(question.measures) <= 1:
        measured = {**slots, "measure": question.measures[0].value} if question.measures else slots
        return any_of("scope.reach", [reason for _, reason in giving], measured)
    return all_of(
        "scope.reach-all", [_measure(key, slots, measure, giving) for measure in question.measures], slots
    )


def article_open(matter: Matter, book: Rulebook, article: str) -> Verdict:
    """Is the article, or the one it is part of, open under its own provisos? Yes where nothing limits it."""
    for held in book.provisions:
        if held.row.when and any_covers((held.row.article,), article):
            verdicts = {reason.verdict for reason in provisos(matter, book.instrument.key, held)}
            return NO if NO in verdicts else UNKNOWN if UNKNOWN in verdicts else YES
    return YES


def _measure(
    key: str, slots: dict[str, str], measure: Measure, giving: Sequence[tuple[Held[Provision], Reason]]
) -> Reason:
    """Whether one of several measures is reached: an article for another measure does not help it."""
    children = [
        reason
        if not held.row.measures or measure in held.row.measures
        else Reason(
            "scope.other-measure",
            NO,
            {"instrument": key, "article": held.row.article, "measure": measure.value},
            (held.citation,),
            (held.fact,),
        )
        for held, reason in giving
    ]
    return any_of("scope.reach", children, {**slots, "measure": measure.value})


def _article(matter: Matter, book: Rulebook, held: Held[Provision], excluded: Sequence[Declared]) -> Reason:
    """Whether the article is open by its own words; drawn once where nothing in it moves."""
    row = held.row
    if excluded or row.when or row.since is not None or row.until is not None:
        return _article_drawn(matter, book, held, excluded)
    question = matter.question
    memo, place = matter.registry.memo, ("article", held.fact, question.kind, question.measures)
    found: Reason | None = memo.get(place)
    if found is None:
        found = memo[place] = _article_drawn(matter, book, held, ())
    return found


def _article_drawn(
    matter: Matter, book: Rulebook, held: Held[Provision], excluded: Sequence[Declared]
) -> Reason:
    key, row = book.instrument.key, held.row
    children = [_covered(matter, key, held)]
    if row.when:
        children.extend(provisos(matter, key, held))
    if row.since is not None or row.until is not None:
        children.append(_in_time(matter, key, held))
    if excluded:
        children.extend(exclusions(key, row.article, excluded))
    named = [measure.value for measure in row.names if measure in _meant(matter)]
    slots = {"instrument": key, "article": row.article, "names": " ".join(named)}
    claim = "scope.presumed-article" if row.article == "title" else "scope.article"
    return all_of(claim, children, slots, (held.citation,), (held.fact,))


def _meant(matter: Matter) -> frozenset[Measure]:
    """What may be named: where data are to be preserved the measures say which, and preserving is meant."""
    kept = matter.question.kind is Kind.PRESERVATION
    return matter.asked | {Measure.PRESERVATION} if kept else matter.asked


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
