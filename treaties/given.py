"""Which provisos does the question itself answer?"""

from __future__ import annotations

from collections.abc import Callable

from schemas.reasoning import Question
from schemas.vocabulary import Verdict
from treaties.logic import NO, UNKNOWN, YES


def _emergency(question: Question, _: tuple[str, ...]) -> Verdict:
    """Urgency does not say that life or safety is at risk: a person must."""
    if question.emergency:
        return YES
    return UNKNOWN if question.urgent else NO


def _one_side(question: Question, values: tuple[str, ...]) -> Verdict:
    return YES if (question.requesting in values) is not (question.requested in values) else NO


GIVEN: dict[str, Callable[[Question, tuple[str, ...]], Verdict]] = {
    "urgent": lambda question, _: YES if question.urgent else NO,
    "emergency": _emergency,
    "requested-is": lambda question, values: YES if question.requested in values else NO,
    "requested-is-not": lambda question, values: NO if question.requested in values else YES,
    "requesting-is": lambda question, values: YES if question.requesting in values else NO,
    "one-side-is": _one_side,
    "measure-is": lambda question, values: NO if set(values).isdisjoint(question.measures) else YES,
    "case-says": lambda question, _: UNKNOWN,
    "case-says-not": lambda question, _: UNKNOWN,
}
"""The tests that need no registry, by name: the question and the values of the test give the verdict."""
