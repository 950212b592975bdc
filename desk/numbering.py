"""Which reference does a new case get? One, and the same however often the same thing is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date

from records.open import Records
from schemas.ids import digest
from schemas.vocabulary import Kind


class Numbering:
    """Gives out references, each with its encryption key; the request's own key finds it again after a crash.

    `today`: the day by the house's own calendar, which decides the year of the number.
    """

    def __init__(self, records: Records, today: Callable[[], date]) -> None:
        self._records = records
        self._today = today
        self._one_at_a_time = asyncio.Lock()

    async def next(self, kind: Kind, key: str, actor_id: str) -> str:
        """The next reference of the office's scheme, for what `key` files."""
        references = self._records.references
        return await self._taken(key, actor_id, kind.value, lambda: references.next(kind, self._today()))

    async def given(self, ref: str, key: str, actor_id: str) -> str:
        """A reference brought along (an old register). Raises Conflict if another case has it, BadInput."""

        def reserve() -> str:
            self._records.references.reserve(ref)
            return ref

        return await self._taken(key, actor_id, ref, reserve)

    async def _taken(self, key: str, actor_id: str, asked: str, take: Callable[[], str]) -> str:
        async with self._one_at_a_time:
            return await asyncio.to_thread(
                self._take, f"{key}#reference", actor_id, digest(asked.encode()), take
            )

    def _take(self, name: str, actor_id: str, what: str, take: Callable[[], str]) -> str:
        attempts = self._records.attempts
        known = attempts.begin(name, actor_id, "reference", what)
        if known is None:
            attempts.finish(name, take())
            # Asked back: of two that came at once, to two desks of the house, the first one counts for both.
            known = attempts.begin(name, actor_id, "reference", what)
        ref = str(known)
        self._records.keys.create(ref)
        return ref
