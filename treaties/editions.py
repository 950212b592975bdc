"""Which edition of the law counts in this house now, and which one counted before?

The registry of a house is what the program ships and its overlay, with the accepted proposals folded on in
order. Whoever holds an `Editions` sees a newly accepted proposal at the next question, without a restart.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol

from schemas.errors import BadData, RogatoryError
from treaties.draft import draft_again
from treaties.proposal import taken_up
from treaties.registry import Registry

KEPT = 4
"""Earlier editions kept at hand, for cases that were assessed under them."""


class Accepted(Protocol):
    """One accepted proposal, as the records keep it."""

    @property
    def number(self) -> int:
        """Its number among all proposals."""
        ...

    @property
    def content(self) -> str:
        """What it changes: the JSON of `treaties.draft.draft_json`."""
        ...

    @property
    def day(self) -> date:
        """The day from which its facts were known."""
        ...


class Acceptances(Protocol):
    """What a house has accepted, as its records tell it."""

    def count(self) -> int:
        """How many proposals were accepted so far."""
        ...

    def accepted(self, after: int = 0) -> Sequence[Accepted]:
        """The accepted ones in order, without the first `after`."""
        ...


class Editions:
    """The editions of one house. Safe to use from many threads.

    `base` gives what the program ships with the overlay; `seen` is told of every edition that comes to count,
    with the number of proposals in it.
    """

    def __init__(
        self,
        base: Callable[[], Registry],
        acceptances: Acceptances,
        seen: Callable[[str, int], None] | None = None,
    ) -> None:
        self._base = base
        self._acceptances = acceptances
        self._seen = seen
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, Registry] = OrderedDict()
        self._absorbed: dict[int, list[str]] = {}

    def current(self) -> Registry:
        """The registry that counts now. Raises BadData if an accepted proposal can no longer be folded on."""
        return self.at(self._acceptances.count())

    def base(self) -> Registry:
        """What the program ships, with the overlay, before anything that was accepted here."""
        return self._base()

    def at(self, count: int) -> Registry:
        """The registry with the first `count` accepted proposals. Raises as `current`."""
        with self._lock:
            found = self._kept.get(count)
            if found is None:
                found = self._kept[count] = self._made(count)
                if self._seen is not None:
                    self._seen(found.edition, count)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(count)
            return found

    def absorbed(self) -> dict[int, list[str]]:
        """Rows of accepted proposals, by number, that the program's own data holds by now."""
        self.current()
        return {number: list(rows) for number, rows in self._absorbed.items() if rows}

    def _made(self, count: int) -> Registry:
        below = max((known for known in self._kept if known < count), default=0)
        registry = self._kept[below] if below else self._base()
        if count == 0:
            return registry
        for one in self._acceptances.accepted(below)[: count - below]:
            try:
                registry, known = taken_up(registry, draft_again(json.loads(one.content)), one.day)
            except RogatoryError as error:
                raise BadData(
                    f"The accepted proposal {one.number} no longer fits the law data: {error.what}",
                    where=error.where,
                    next_step="go back to the program this house ran before, and propose a change that fits",
                ) from error
            self._absorbed[one.number] = known
        return registry
