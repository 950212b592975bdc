"""What does the state of a provider's tasks, or a notification of it, say in the moves of a case?

A provider says what it does by the status it gives to our tasks. The tasks of one request speak together:
data of three accounts are kept once all three are, and what is not is told as a part.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from letters.ts103120.answers import line
from letters.ts103120.dictionaries import OBJECTIONS, OURS, Word
from letters.ts103120.objects import Authorisation, Held, LDTask, LPTask, Notification
from schemas.moves import (
    Acknowledge,
    Ask,
    Decide,
    Inform,
    MoveBody,
    Objection,
    Preserved,
    ReleaseData,
)

ANNEX_III = "eu-2023-1543-annex-iii"
"""Form by which an addressee says that it cannot execute an order, or asks (Regulation 2023/1543, 10(6))."""
LONGEST = 4000

_ENDED = frozenset({"Rejected", "Invalid", "Cancelled", "Expired", "Suspended"})


@dataclass(frozen=True, slots=True)
class Told:
    """One task of ours as the provider holds it. `at`: when it said so, at the latest."""

    number: int
    task: LPTask | LDTask
    at: datetime

    @property
    def status(self) -> str:
        return self.task.status.value if self.task.status else ""

    @property
    def reason(self) -> str:
        """`account 2: Rejected (code 12): why`; never the account itself."""
        why = self.task.status_reason
        said = f" (code {why.error_code}): {why.error_description}" if why else ""
        return f"task {self.number}: {self.status or 'nothing said'}{said}"


def content_of(authorisation: Authorisation, tasks: Sequence[Told]) -> str:
    """Fingerprint of what is said, whenever it is said: the same words give the same."""
    parts = [authorisation.status.value if authorisation.status else "", _why(authorisation)]
    for told in sorted(tasks, key=lambda each: each.number):
        until = told.task.expiration if isinstance(told.task, LPTask) else None
        parts += [told.reason, until.isoformat() if until else "", told.task.external_identifier or ""]
    return fingerprint(*parts)


def fingerprint(*parts: str) -> str:
    """Sixteen hexadecimal digits that stand for these texts."""
    return hashlib.sha256("\n".join(f"{len(part)} {part}" for part in parts).encode()).hexdigest()[:16]


def reference_of(tasks: Sequence[Told], authorisation: Held) -> str | None:
    """The provider's own reference: by our profile the external identifier of a task or the authorisation."""
    for held in (*(told.task for told in tasks), authorisation):
        if held.external_identifier:
            return line(held.external_identifier)
    return None


def said_of(authorisation: Authorisation, tasks: Sequence[Told], delivered: bool) -> MoveBody | None:
    """The move that the tasks of one request make together; None: nothing is said yet.

    `delivered`: a delivery for each disclosed task is there, which then speaks for itself.
    """
    if tasks and isinstance(tasks[0].task, LPTask):
        found = _kept(tasks, reference_of(tasks, authorisation))
    else:
        found = _disclosed(tasks, reference_of(tasks, authorisation), delivered)
    status = authorisation.status.value if authorisation.status else ""
    if status in ("Rejected", "Invalid") and (found is None or isinstance(found, Acknowledge)):
        code = authorisation.invalid_reason.error_code if authorisation.invalid_reason else None
        return _refused(f"authorisation: {status}{_why(authorisation)}", code)
    return found


# --- preservation -------------------------------------------------------------------------------------


def _kept(tasks: Sequence[Told], reference: str | None) -> MoveBody | None:
    kept = _with(tasks, "Preserved")
    if kept:
        ends = [told.task.expiration for told in kept if isinstance(told.task, LPTask)]
        told_ends = [end for end in ends if end is not None]
        others = [told for told in tasks if told not in kept]
        return Preserved(
            provider_ref=reference,
            start=max(told.at for told in kept),
            # an end that is not told for one of them is told for none: it is never guessed
            end=min(told_ends) if len(told_ends) == len(kept) else None,
            partial=passage("; ".join(told.reason for told in others)) if others else None,
        )
    lost = _with(tasks, "Rejected", "PreservationNotAvailable")
    if tasks and len(lost) == len(tasks):
        return _refused("; ".join(told.reason for told in lost), _code(lost))
    over = _with(tasks, "Cancelled", "Expired")
    if tasks and len(over) == len(tasks):
        return ReleaseData(reason=passage("; ".join(told.reason for told in over)))
    return _otherwise(tasks, reference)


# --- production ---------------------------------------------------------------------------------------


def _disclosed(tasks: Sequence[Told], reference: str | None, delivered: bool) -> MoveBody | None:
    missing = _with(tasks, "DisclosureNotAvailable")
    lost = [*_with(tasks, "Rejected"), *missing]
    text = passage("; ".join(told.reason for told in sorted(lost, key=lambda each: each.number)) or "-")
    if tasks and len(missing) == len(tasks):
        return Objection(ground="impossible", text=text)
    if tasks and len(lost) == len(tasks):
        return _refused(text, _code(lost))
    if lost:
        return Decide(decision="partly-accepted", precise=text, grounds=_grounds(_code(lost)))
    over = _with(tasks, "Cancelled")
    if tasks and len(over) == len(tasks):
        return Inform(text=passage("; ".join(told.reason for told in over)))
    done = _with(tasks, "Disclosed")
    if tasks and len(done) == len(tasks):
        return (
            None if delivered else Inform(text="The provider says that it has disclosed; no delivery came.")
        )
    return _otherwise(tasks, reference)


def _otherwise(tasks: Sequence[Told], reference: str | None) -> MoveBody | None:
    wrong = _with(tasks, "Invalid")
    if wrong:
        text = passage("; ".join(told.reason for told in wrong))
        return Ask(id=f"invalid-{fingerprint(text)}", text=text, form=_form(wrong))
    broken = _with(tasks, "Error")
    if broken:
        return Inform(text=passage("; ".join(told.reason for told in broken)))
    if any(told.status for told in tasks):
        return Acknowledge(their_ref=reference)
    return None


# --- notifications ------------------------------------------------------------------------------------


def said_by(notification: Notification) -> MoveBody:
    """The move that a notification of a provider makes."""
    sort = notification.type
    word = sort.value if sort is not None and sort.owner == OURS else ""
    text = passage(notification.details or "The provider sent a notification without words.")
    if word == Word.QUESTION:
        return Ask(id=f"q-{notification.object_identifier.lower()}", text=text)
    if word in OBJECTIONS:
        return Objection.model_validate({"ground": OBJECTIONS[word], "text": text})
    return Inform(text=text)


def passage(text: str) -> str:
    """`text` as it may stand in a move: printable, not empty, cut where it is too long."""
    lines = [line(each, LONGEST) for each in text.splitlines()]
    return "\n".join(each for each in lines if each)[:LONGEST].strip() or "-"


def _with(tasks: Sequence[Told], *statuses: str) -> list[Told]:
    return [told for told in tasks if told.status in statuses]


def _refused(text: str, code: int | None) -> Decide:
    return Decide(decision="refused", reasons=passage(text), grounds=_grounds(code))


def _grounds(code: int | None) -> tuple[str, ...]:
    return () if code is None else (f"provider-{code}"[:80],)


def _code(tasks: Sequence[Told]) -> int | None:
    return next((told.task.status_reason.error_code for told in tasks if told.task.status_reason), None)


def _form(tasks: Sequence[Told]) -> str | None:
    return ANNEX_III if isinstance(tasks[0].task, LDTask) else None


def _why(authorisation: Authorisation) -> str:
    why = authorisation.invalid_reason
    return f" (code {why.error_code}): {why.error_description}" if why else ""
