"""Which deadlines will the basis set, and what must the request carry?"""

from __future__ import annotations

from schemas.reasoning import ContentFound, DeadlineFound
from treaties.logic import NO
from treaties.matter import Matter
from treaties.proviso import met
from treaties.registry import Rulebook


def deadlines(matter: Matter, book: Rulebook) -> list[DeadlineFound]:
    """Every time limit that the instrument sets for such a request, in the order of its articles' ids.

    Amounts are in the rule's own unit; None where the text leaves it open. A limit under a proviso that may
    hold is listed too: a person who reckons with it errs on the safe side.
    """
    return [
        DeadlineFound(
            id=held.row.id,
            event_from=held.row.event_from,
            event_to=held.row.event_to,
            amount=held.row.amount,
            unit=held.row.unit,
            article=held.row.article,
            consequence=held.row.consequence,
            citations=(held.citation,),
        )
        for held in book.deadlines
        if matter.concerns(held.row) and met(matter, book.instrument.key, held) is not NO
    ]


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
