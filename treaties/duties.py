"""Which deadlines will the basis set, and what must the request carry?"""

from __future__ import annotations

from schemas.law import DeadlineRule
from schemas.reasoning import ContentFound, DeadlineFound
from treaties.logic import NO
from treaties.matter import Declared, Matter, any_covers
from treaties.proviso import met
from treaties.registry import Held, Rulebook


def deadlines(matter: Matter, book: Rulebook) -> list[DeadlineFound]:
    """Every time limit that the instrument sets for such a request, in the order of its articles' ids.

    Amounts are in the rule's own unit; None where the text leaves it open. A limit under a proviso that may
    hold is listed too: a person who reckons with it errs on the safe side.
    """
    question = matter.question
    declared = matter.declared(book.instrument.key, "deadline", question.requesting, question.requested)
    own = [one for one in declared if one.sure]
    return [
        _found(held, own)
        for held in book.deadlines
        if matter.concerns(held.row) and met(matter, book.instrument.key, held) is not NO
    ]


def _found(held: Held[DeadlineRule], own: list[Declared]) -> DeadlineFound:
    """The limit as the text sets it, or as one of the two has it for itself."""
    row = held.row
    fitting = next((one for one in own if any_covers(one.effect.articles, row.article)), None)
    days = None if fitting is None else fitting.effect.days
    return DeadlineFound(
        id=row.id,
        event_from=row.event_from,
        event_to=row.event_to,
        amount=row.amount if days is None else days,
        unit=row.unit if days is None else "days",
        article=row.article,
        consequence=row.consequence,
        citations=(held.citation,) if fitting is None else (held.citation, fitting.held.citation),
    )


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
