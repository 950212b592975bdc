"""How do single checks on a letter become one answer that still shows them all?

Claims of this room are `letter.*` and `custody.*`. Slots carry codes and what was expected and found, never
content; `code` is the word for machines when the check fails.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.reasoning import Reason
from schemas.vocabulary import Verdict

LONGEST = 120
"""Found values come from strangers: they are cut before they enter a reason, a receipt or a log."""


def shown(value: object) -> str:
    """`value` as it may stand in a reason: one line, printable, cut."""
    if isinstance(value, dict):
        value = ", ".join(f"{name} {part}" for name, part in value.items())
    text = str(value)
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else "?" for sign in text[: 2 * LONGEST])
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def judged(claim: str, holds: bool, code: str, *, expected: object, found: object) -> Reason:
    """The answer of one check that could be made."""
    slots = {"expected": shown(expected), "found": shown(found)}
    if not holds:
        slots["code"] = code
    return Reason(claim, Verdict.YES if holds else Verdict.NO, slots)


def not_judged(claim: str, needs: str) -> Reason:
    """The answer of a check that cannot be made because `needs` (another claim) does not hold."""
    return Reason(claim, Verdict.UNKNOWN, {"needs": needs, "code": "malformed"})


def all_of(claim: str, reasons: Sequence[Reason], slots: dict[str, str] | None = None) -> Reason:
    """Yes if every reason is yes, no if one is no, else unknown. Every child is kept. Empty is an error."""
    if not reasons:
        raise ValueError(f"{claim}: nothing was checked, so nothing holds")
    verdicts = {reason.verdict for reason in reasons}
    verdict = (
        Verdict.NO
        if Verdict.NO in verdicts
        else Verdict.UNKNOWN
        if Verdict.UNKNOWN in verdicts
        else Verdict.YES
    )
    return Reason(claim, verdict, slots or {}, children=tuple(reasons))


def first_failure(reason: Reason) -> Reason | None:
    """The leaf to name first when `reason` does not hold: the first no in order, else the first unknown."""
    if reason.verdict is Verdict.YES:
        return None
    for wanted in (Verdict.NO, Verdict.UNKNOWN):
        for child in reason.children:
            if child.verdict is wanted:
                return first_failure(child)
    return reason
