"""Which receipt came for a letter that left by a carrier without an answer of its own?

Kept until the case has taken it in; afterwards the vault of the case has it for good.
"""

from __future__ import annotations

import json

from records.attempts import Attempts
from schemas.errors import Conflict
from schemas.ids import digest


class Answers:
    """Receipts by the id of the message they are about. The first one stays."""

    def __init__(self, attempts: Attempts) -> None:
        self._attempts = attempts

    def keep(self, message: str, house: str, receipt: str) -> None:
        """Keep the `receipt` (JWS) of `house`, already believed."""
        try:
            self._attempts.begin(_key(message), house, "receipt", digest(receipt.encode()))
        except Conflict:
            # a second genuine receipt says the same in other words
            return
        self._attempts.finish(_key(message), json.dumps({"receipt": receipt}))

    def of(self, message: str) -> str | None:
        """The receipt that came for `message`, if one did."""
        reply = self._attempts.reply(_key(message))
        return None if reply is None else str(json.loads(reply)["receipt"])


def _key(message: str) -> str:
    return f"receipt {message}"
