"""Was this asked before, and what was answered? Idempotency keys, written before the deed."""

from __future__ import annotations

from datetime import datetime

from records.database import Database


class Attempts:
    def __init__(self, database: Database) -> None:
        raise NotImplementedError

    def begin(self, key: str, actor: str, what: str, digest: str) -> str | None:
        """Write down that `actor` attempts `what` (content `digest`); the reply (JSON) if it was answered before.

        None: go on (first time, or the earlier attempt was never answered or was refused).
        Raises Conflict if the key was used by another actor or for another content.
        """
        raise NotImplementedError

    def finish(self, key: str, reply: str) -> None:
        """Keep the reply (JSON without personal data). Raises NotFound for a key never begun."""
        raise NotImplementedError

    def refuse(self, key: str, error: str) -> None:
        """Keep why it was refused (JSON without personal data); the key may be tried again."""
        raise NotImplementedError

    def forget(self, before: datetime) -> int:
        """Drop attempts begun before; how many."""
        raise NotImplementedError
