"""Which requests stay under an instrument that ended since, or fall under one that came later?

Saving clauses are data. The United Kingdom left the Union on conditions: an investigation order received
before the end of the transition goes on, and so does a warrant on which the person was arrested before; a
warrant on which nobody was arrested by then falls under the agreement that followed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from schemas.law import SavingRule
from schemas.reasoning import Question, Reason
from schemas.vocabulary import Verdict
from treaties.force import linked
from treaties.given import GIVEN
from treaties.held import Held
from treaties.logic import NO, YES
from treaties.registry import Registry


def saved(registry: Registry, key: str, question: Question, today: Reason) -> Reason:
    """`today` (is `key` in force between the two on the day of the request?) as its saving clauses have it.

    A request that is saved stays so: nothing that ends the instrument later changes the answer. Where the
    day that counts is not known (nobody was arrested yet, as far as told) the day of the request answers.
    """
    for held in registry.rulebook(key).saving:
        day = question.on if held.row.event == "request" else question.arrest_date
        if day is None or not _speaks(held.row, question):
            continue
        reason = _kept(registry, key, question, held, day, today)
        if reason is not None:
            return reason
    return today


def _kept(
    registry: Registry, key: str, question: Question, held: Held[SavingRule], day: date, today: Reason
) -> Reason | None:
    """What one clause says; None where it leaves the matter as it is."""
    before, after = held.row.before, held.row.after
    kept = before is not None and day < before
    taken_over = after is not None and day >= after > question.on
    left = before is not None and day >= before > question.on
    older = after is not None and day < after <= question.on
    if left or older:
        told = _told(key, held, NO, day)
        return replace(today, verdict=NO, children=(*today.children, told), changes_on=None)
    if not kept and not taken_over:
        return None
    sides = (question.requesting, question.requested)
    then = today if day == question.on else linked(registry, key, *sides, day)
    if then.verdict is not YES:
        return None
    return replace(then, children=(*then.children, _told(key, held, YES, day)), changes_on=None)


def _speaks(rule: SavingRule, question: Question) -> bool:
    """Is the clause about such requests between such States? It may not ask what only the registry knows."""
    if rule.kinds and question.kind not in rule.kinds:
        return False
    return all(test.test in GIVEN and GIVEN[test.test](question, test.values) is YES for test in rule.when)


def _told(key: str, held: Held[SavingRule], verdict: Verdict, day: date) -> Reason:
    slots = {
        "instrument": key,
        "article": held.row.article,
        "event": held.row.event,
        "day": day.isoformat(),
    }
    return Reason("force.saved", verdict, slots, (held.citation,), (held.fact,))
