"""What is found in a signed file: of which kind is it, who signed it when, and which checks did it pass?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from letters.reasons import judged
from schemas.reasoning import Reason
from schemas.vocabulary import Verdict

CLAIMED = "said by the signer"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature. `house` as it names itself, `name` and `state` as our trust list has them (empty if it
    has none), `key` its kid or the SHA-256 of its certificate, `how` the time is known."""

    house: str
    key: str
    name: str = ""
    state: str = ""
    at: datetime | None = None
    how: str = CLAIMED


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer about one file. `kind`: letter, parcel, ledger or the wire type's name."""

    kind: str
    signatures: tuple[Signature, ...]
    reason: Reason

    @property
    def verdict(self) -> Verdict:
        return self.reason.verdict


def from_house(found: str, wanted: str | None) -> list[Reason]:
    """Is it from the house it is expected from? Nothing where no house is expected."""
    if wanted is None:
        return []
    return [
        judged("letter.from", found == wanted, "wrong-house", expected=wanted, found=found or "nobody known")
    ]
