"""How do reasons add up, where an answer may be yes, no or unknown?

Strong three-valued logic: a missing fact can be filled in later without turning an earlier yes or no around.
Every child is kept, also those that did not decide, so that "why not" is as complete as "why".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from schemas.errors import RogatoryError
from schemas.reasoning import Citation, Reason
from schemas.vocabulary import Verdict

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN
_CONTRARY = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}


def all_of(
    claim: str,
    children: Iterable[Reason],
    slots: dict[str, str] | None = None,
    citations: tuple[Citation, ...] = (),
    facts: tuple[str, ...] = (),
) -> Reason:
    """Yes if every child is; no if one is no, whatever is unknown; else unknown. Raises on no children."""
    kept, found, changes = _gathered(claim, children)
    verdict = NO if NO in found else UNKNOWN if UNKNOWN in found else YES
    return Reason(claim, verdict, {} if slots is None else slots, citations, facts, kept, changes)


def any_of(
    claim: str,
    children: Iterable[Reason],
    slots: dict[str, str] | None = None,
    citations: tuple[Citation, ...] = (),
    facts: tuple[str, ...] = (),
) -> Reason:
    """Yes if one child is, whatever is unknown; no if all are no; else unknown. Raises on no children."""
    kept, found, changes = _gathered(claim, children)
    verdict = YES if YES in found else UNKNOWN if UNKNOWN in found else NO
    return Reason(claim, verdict, {} if slots is None else slots, citations, facts, kept, changes)


def none_of(
    claim: str,
    children: Iterable[Reason],
    slots: dict[str, str] | None = None,
    citations: tuple[Citation, ...] = (),
    facts: tuple[str, ...] = (),
) -> Reason:
    """The contrary of `any_of`: yes if every child is no; no if one is yes. Raises on no children."""
    kept, found, changes = _gathered(claim, children)
    verdict = NO if YES in found else UNKNOWN if UNKNOWN in found else YES
    return Reason(claim, verdict, {} if slots is None else slots, citations, facts, kept, changes)


def every(reasons: Iterable[Reason]) -> Verdict:
    """The verdict of all of them together; no reasons: yes."""
    verdict = YES
    for reason in reasons:
        if reason.verdict is NO:
            return NO
        if reason.verdict is UNKNOWN:
            verdict = UNKNOWN
    return verdict


def some(reasons: Iterable[Reason]) -> Verdict:
    """The verdict of at least one of them; no reasons: no."""
    verdict = NO
    for reason in reasons:
        if reason.verdict is YES:
            return YES
        if reason.verdict is UNKNOWN:
            verdict = UNKNOWN
    return verdict


def contrary(verdict: Verdict) -> Verdict:
    """Yes for no, no for yes; unknown stays unknown."""
    return _CONTRARY[verdict]


def walk(reason: Reason) -> Iterator[Reason]:
    """The reason and everything under it, parents first."""
    yield reason
    for child in reason.children:
        yield from walk(child)


def leaves(reason: Reason, wanted: Callable[[Reason], bool]) -> Iterator[Reason]:
    """The wanted reasons that have no wanted child: where a verdict comes from."""
    if wanted(reason):
        below = [leaf for child in reason.children for leaf in leaves(child, wanted)]
        yield from below or [reason]


def _gathered(
    claim: str, children: Iterable[Reason]
) -> tuple[tuple[Reason, ...], list[Verdict], date | None]:
    """The children, their verdicts and the first day on which one changes.

    An empty "all of" would be true of anything, and hide a rule that was never written: it is an error.
    """
    kept = tuple(children)
    if not kept:
        raise RogatoryError(
            f"The claim {claim!r} has nothing to rest on.",
            where="treaties.logic",
            next_step="give it at least one reason, or state the claim as a leaf with its citation",
        )
    found = []
    first: date | None = None
    for child in kept:
        found.append(child.verdict)
        day = child.changes_on
        if day is not None and (first is None or day < first):
            first = day
    return kept, found, first
