"""By which way does a message travel to another house?

A carrier sends and collects, nothing else: sealing is `letters.seal`, believing is `letters.verify`.
"""

from __future__ import annotations

from typing import Protocol

from letters.trust import TrustedHouse
from schemas.messages import Parcel


class Carrier(Protocol):
    """One way between houses. A fake for tests needs these two methods only."""

    def send(self, recipient: TrustedHouse, parcel: Parcel) -> str:
        """Bring `parcel` to `recipient`; the answer is its receipt, a JWS, not verified yet.

        The receipt says `delivered` or, for good, `refused`. A parcel that was there before gets the receipt
        it got then: a duplicate is a success. Raises Unavailable if it may be tried again, EnvelopeRefused
        (`too-large`) if this carrier will never bring it.
        """
        ...

    def collect(self) -> list[Parcel]:
        """Parcels that wait for us where this carrier leaves them; none where others bring them to us."""
        ...
