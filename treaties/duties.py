"""Which deadlines will the basis set, which of them run in a case, and what must the request carry?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from schemas.law import DeadlineRule, Test
from schemas.reasoning import ContentFound, DeadlineFound
from schemas.vocabulary import Form, Kind, Verdict
from treaties.held import Held, Rulebook
from treaties.logic import NO, UNKNOWN, YES
from treaties.matter import Declared, Matter, any_covers
from treaties.proviso import met, provisos
from treaties.registry import Registry

BY_ITSELF = frozenset({"report"})
"""Events that start the limits of a statute whatever the basis and kind of the case: a report of a provider
is kept for its year because it was made, not because somebody asks for what is in it."""

ALIKE = {"delivered": ("arrive",), "served": ("delivered", "arrive", "preserved")}
"""Events that are, or show, one from which the law counts: the receipt seen from the other side, the order
that its provider has received, the data kept because of it."""

_PARTS = frozenset({"part-1", "part-2"})
_SAID_TESTS = frozenset({"emergency", "urgent", "case-says", "case-says-not"})
"""Tests whose answer a running case knows."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit as it runs between the two: the rule, its own figure or that of a declaration of one of
    them (`declared`), and whether all its tests hold (`unknown`: they may)."""

    instrument: str
    held: Held[DeadlineRule]
    amount: int | None
    unit: str
    declared: Declared | None
    verdict: Verdict


# --- what a question is told ----------------------------------------------------------------------------


def deadlines(matter: Matter, book: Rulebook) -> list[DeadlineFound]:
    """Every time limit that the instrument sets for such a request, in the order of its articles' ids.

    Amounts are in the rule's own unit; None where the text leaves it open. A limit under a proviso that may
    hold is listed too: a person who reckons with it errs on the safe side.
    """
    own = _declared(matter, book.instrument.key)
    return [
        _found(held, own)
        for held in book.deadlines
        if matter.concerns(held.row) and met(matter, book.instrument.key, held) is not NO
    ]


def _found(held: Held[DeadlineRule], own: list[Declared]) -> DeadlineFound:
    """The limit as the text sets it, or as one of the two has it for itself."""
    row = held.row
    amount, unit, fitting = figure(row, own)
    return DeadlineFound(
        id=row.id,
        event_from=row.event_from,
        event_to=row.event_to,
        amount=amount,
        unit=unit,
        article=row.article,
        consequence=row.consequence,
        citations=(held.citation,) if fitting is None else (held.citation, fitting.held.citation),
    )


def _declared(matter: Matter, key: str) -> list[Declared]:
    question = matter.question
    said = matter.declared(key, "deadline", question.requesting, question.requested)
    return [one for one in said if one.sure]


def figure(row: DeadlineRule, own: list[Declared]) -> tuple[int | None, str, Declared | None]:
    """Amount and unit: the rule's own, or those of the declaration of one of the two, which is given too."""
    fitting = next((one for one in own if any_covers(one.effect.articles, row.article)), None)
    if fitting is None or fitting.effect.days is None:
        return row.amount, row.unit, None
    return fitting.effect.days, "days", fitting


# --- what runs in a case --------------------------------------------------------------------------------


def setting(registry: Registry, basis: str | None, kind: Kind, requested: str) -> list[str]:
    """Keys of the instruments whose limits run in a case on `basis`: itself, and for extradition the law of
    the State that holds the person, by which its courts count whatever treaty the request invokes."""
    found = [basis] if basis in registry.instruments and basis is not None else []
    if kind is Kind.EXTRADITION:
        found += [
            key
            for key, law in sorted(registry.instruments.items())
            if key != basis and law.form is Form.DOMESTIC and requested in law.states and kind in law.kinds
        ]
    return found


def starting(registry: Registry, basis: str | None, kind: Kind, requested: str) -> tuple[str, ...]:
    """Events at which such a case counts a time limit of the law, sorted, with those that show the same."""
    books = [registry.rulebook(key) for key in setting(registry, basis, kind, requested)]
    found = {held.row.event for book in books for held in book.deadlines if held.row.event}
    alike = {other for event in found for other in ALIKE.get(event, ())}
    return tuple(sorted(found | alike | BY_ITSELF))


def running(
    matter: Matter, basis: str | None, events: Collection[str] | None, said: Collection[str] | None
) -> Iterator[Limit]:
    """The limits with a clock that may apply in the case, started by one of `events` (None: by any).

    `said`: the words of `schemas.deadline.SAID` that the case tells; None: not asked, so each may hold.
    """
    question, registry = matter.question, matter.registry
    for key in setting(registry, basis, question.kind, question.requested):
        own = _declared(matter, key)
        for held in registry.rulebook(key).deadlines:
            row = held.row
            if row.clock and (events is None or row.event in events) and matter.concerns(row):
                yield from _limit(matter, key, held, own, said)
    for event in BY_ITSELF & set(events or ()):
        for key in sorted(registry.instruments):
            for held in registry.rulebook(key).deadlines:
                if held.row.event == event and matter.holds_today(held.row.since, held.row.until):
                    yield from _limit(matter, key, held, _declared(matter, key), said)


def _limit(
    matter: Matter,
    key: str,
    held: Held[DeadlineRule],
    own: list[Declared],
    said: Collection[str] | None,
) -> Iterator[Limit]:
    reasons = provisos(matter, key, held)
    tests = zip(held.row.when, reasons, strict=True)
    verdict = _all(_as_told(test, reason.verdict, said) for test, reason in tests)
    if verdict is not NO:
        amount, unit, fitting = figure(held.row, own)
        yield Limit(key, held, amount, unit, fitting, verdict)


def _all(verdicts: Iterator[Verdict]) -> Verdict:
    found = set(verdicts)
    return NO if NO in found else UNKNOWN if UNKNOWN in found else YES


def _as_told(test: Test, verdict: Verdict, said: Collection[str] | None) -> Verdict:
    """The case knows better than the question whether there is an emergency; and which part of a statute a
    State falls under, where the registry does not."""
    if test.test in _SAID_TESTS:
        if said is None:
            return UNKNOWN
        words = test.values if test.test.startswith("case-says") else (test.test,)
        told = not set(words).isdisjoint(said)
        return YES if told is not test.test.endswith("-not") else NO
    if test.test == "designated" and verdict is UNKNOWN and _PARTS & set(test.values) and said is not None:
        told_parts = _PARTS & set(said)
        return UNKNOWN if not told_parts else NO if told_parts.isdisjoint(test.values) else YES
    return verdict


# --- what the request carries ---------------------------------------------------------------------------


def contents(matter: Matter, book: Rulebook) -> list[ContentFound]:
    """What the instrument wants to see in the request, required things first."""
    if not book.contents:
        return []
    found = [
        ContentFound(held.row.field, held.row.article, held.row.required, held.row.note)
        for held in book.contents
        if matter.concerns(held.row) and met(matter, book.instrument.key, held) is not NO
    ]
    order = ("yes", "conditional", "no")
    return sorted(found, key=lambda content: order.index(content.required))
