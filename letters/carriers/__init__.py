"""By which way does a message travel, to another house or to a provider?

A carrier sends and collects, nothing else: sealing is `letters.seal`, believing is `letters.verify`, and what
a provider says is `letters.ts103120`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from typing_extensions import TypeVar

from letters.trust import TrustedHouse
from schemas.messages import Parcel

Recipient = TypeVar("Recipient", contravariant=True, default=TrustedHouse)
Sent = TypeVar("Sent", contravariant=True, default=Parcel)
Collected = TypeVar("Collected", covariant=True, default=Parcel)


class Carrier(Protocol[Recipient, Sent, Collected]):
    """One way, to houses if not said otherwise. A fake for tests needs these two methods only."""

    def send(self, recipient: Recipient, parcel: Sent, /) -> str | None:
        """Bring `parcel` to `recipient`; the answer is its receipt as it came, not believed yet.

        The receipt says that it was taken in or, for good, refused. None: it left, and its receipt comes
        later, among what is collected. What was there before gets the receipt it got then: a duplicate is a
        success. Raises what `letters.carriers.outcomes` sorts.
        """
        ...

    def collect(self) -> Sequence[Collected]:
        """What waits for us where this carrier leaves it; nothing where others bring it to us."""
        ...
