"""What is one line of a lifecycle, and one clock of our own practice?"""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas.vocabulary import Role

OWN = "own"
COUNTERPART = "counterpart"

OFFICER = frozenset({Role.OFFICER, Role.APPROVER})


@dataclass(frozen=True, slots=True)
class MoveRule:
    """`event` made `by` own people or the counterpart, allowed in `at` statuses, leading `to` a status.

    `to` None: the status stays. `to_by` maps a field value of the body to the status instead (`by_field`);
    there an empty status, or a value that is missing, means that it stays.
    `emits`: our own move is told to the other house. `holds`: our house must hold the baton.
    `back`: return to the status before the last question or postponement.
    """

    event: str
    by: str
    at: frozenset[str]
    to: str | None = None
    by_field: str = ""
    to_by: dict[str, str] = field(default_factory=dict)
    emits: bool = False
    holds: bool = False
    back: bool = False
    roles: frozenset[Role] = OFFICER


@dataclass(frozen=True, slots=True)
class PracticeClock:
    """A clock of good practice where the law sets none: started by `event`, met by one of `closes_on`.

    `says`: only where the case tells this word (`papers-first`, `emergency` ...). `since`: the release of our
    rules from which a case keeps it.
    """

    clock: str
    event: str
    amount: int
    unit: str
    closes_on: tuple[str, ...]
    owner: str
    pauses_on: tuple[str, ...] = ()
    resumes_on: tuple[str, ...] = ()
    says: str = ""
    since: int = 1


def at(*statuses: str) -> frozenset[str]:
    """A set of statuses."""
    return frozenset(statuses)
