"""How long is a case kept, may it be erased, and how is it erased for good?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from records.database import Database
from records.heads import Sign
from records.keys import CaseKeys
from records.ledger import Ledger
from schemas.moves import Actor


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept about keeping a case. `due`: first day on which its retention class lets it be erased."""

    ref: str
    retention: str
    opened: datetime
    closed: datetime | None
    hold: bool
    due: date | None
    erasure_requested_by: str | None
    erased: datetime | None


class Cases:
    def __init__(
        self, database: Database, keys: CaseKeys, ledger: Ledger, retention_days: Mapping[str, int]
    ) -> None:
        raise NotImplementedError

    def kept(self, ref: str) -> Kept:
        """Raises NotFound for an unknown case; an erased one answers."""
        raise NotImplementedError

    def hold(self, ref: str, on: bool, actor: Actor, reason: str, at: datetime) -> None:
        """Legal hold on or off for a case whose process has ended (a running one takes the move `hold`)."""
        raise NotImplementedError

    def due_for_erasure(self, on: date) -> list[Kept]:
        """Closed cases past their retention on that day, not held, not erased; longest overdue first."""
        raise NotImplementedError

    def request_erasure(self, ref: str, actor: Actor, reason: str, at: datetime) -> None:
        """First person. Raises WrongMove: open case, legal hold, or before retention without a reason."""
        raise NotImplementedError

    def confirm_erasure(self, ref: str, actor: Actor, sign: Sign, at: datetime) -> str:
        """Second person: the case key is destroyed. Returns the certificate (compact JWS), which is kept.

        Raises NotAllowed (same person), WrongMove (nothing requested, or held meanwhile). Again: same certificate.
        """
        raise NotImplementedError

    def certificate(self, ref: str) -> str:
        """The certificate of an erased case. Raises NotFound."""
        raise NotImplementedError
