"""By which way does a letter go: what does the law allow, and which carrier is well enough to take it?

The law names a channel; carriers are ways within it. Another way is taken only where the instrument leaves
the form open, or opens a second channel for urgent cases: a carrier that is ill changes nothing about that.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from letters.carriers.manual import ManualWay, manual_ways
from letters.carriers.outcomes import Outcome
from schemas.case import LawRecorded
from schemas.vocabulary import Channel

HTTP, MAIL = "http", "mail"
FAILURES = 3
"""So many failures in a row, and a carrier is taken for ill."""
REST = 600.0
"""Seconds before an ill carrier is tried again."""

FREE = (HTTP, MAIL)
"""The two authorities write to each other in any form, or in electronic form: both ways are that."""
BY_LAW: Mapping[str, tuple[str, ...]] = {
    Channel.COMPETENT_AUTHORITY_DIRECT: FREE,
    Channel.JUDICIAL_DIRECT: FREE,
    Channel.JUDICIAL_DIRECT_OR_SIS: FREE,
    Channel.CONTACT_24_7: FREE,
    Channel.ELECTRONIC: FREE,
    Channel.SECURE_EMAIL_OR_FAX: FREE,
    Channel.CENTRAL_AUTHORITY: FREE,
    Channel.EXTRADITION_AUTHORITY: FREE,
    Channel.MINISTRY_OF_JUSTICE: FREE,
    Channel.AS_OTHER_BASIS: FREE,
}
"""Ways between houses within a channel, the one with the quicker proof first. The other channels name a
carrier of their own; then what passes between the houses goes ahead of it, by the one way they agreed on."""
AHEAD = (HTTP,)


@dataclass(frozen=True, slots=True)
class Choice:
    """The way to another house, and why. `besides`: what the law asks for as well (the formal channel)."""

    way: str
    why: str
    besides: str = ""


@dataclass(slots=True)
class _Record:
    failures: int = 0
    since: float = 0.0
    outcome: Outcome = Outcome.RETRY


@dataclass(slots=True)
class Health:
    """How the carriers of this process fared, by way and house. Safe to use from many threads."""

    clock: Callable[[], float] = time.monotonic
    _kept: dict[tuple[str, str], _Record] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def worked(self, way: str, house: str) -> None:
        """It brought something: all is well."""
        with self._lock:
            self._kept.pop((way, house), None)

    def failed(self, way: str, house: str, outcome: Outcome) -> None:
        """It did not. Who is asked to wait is not ill; a message that is refused says nothing of the way."""
        if outcome in (Outcome.THROTTLED, Outcome.NEVER):
            return
        with self._lock:
            found = self._kept.setdefault((way, house), _Record())
            found.failures += FAILURES if outcome is Outcome.NOT_AUTHORISED else 1
            found.since, found.outcome = self.clock(), outcome

    def trouble(self, way: str, house: str) -> str:
        """Why this way is not to be taken now; empty if it may be."""
        with self._lock:
            found = self._kept.get((way, house))
            if found is None or found.failures < FAILURES or self.clock() - found.since >= REST:
                return ""
            if found.outcome is Outcome.NOT_AUTHORISED:
                return "it is not authorised"
            return f"it failed {found.failures} times in a row"


def choose(law: LawRecorded | None, house: str, there: Collection[str], health: Health) -> Choice:
    """The way to `house`. `there`: ways that both sides are set up for; HTTP always counts among them, since
    that is how houses know each other."""
    channel = law.channel if law is not None else None
    allowed = BY_LAW.get(channel, AHEAD) if channel else FREE
    besides = "" if channel is None or channel in BY_LAW else f"also by the channel the law names: {channel}"
    told = f"{channel} leaves the form open" if channel and not besides else "the two houses agreed on it"
    possible = [way for way in allowed if way == HTTP or way in there]
    ill = [(way, health.trouble(way, house)) for way in possible]
    well = [way for way, trouble in ill if not trouble]
    first = possible[0]
    if not well or well[0] == first:
        rest = [f"; {way} is not taken: {trouble}" for way, trouble in ill if trouble and way != first]
        return Choice(first, told + "".join(rest), besides)
    reasons = ", ".join(f"{way}: {trouble}" for way, trouble in ill if trouble)
    return Choice(well[0], f"{told}, and instead of {reasons}", besides)


@dataclass(frozen=True, slots=True)
class ByHand:
    """A way that a person may go, and why it is open."""

    way: ManualWay
    channel: str
    why: str


def by_hand(law: LawRecorded | None, *, urgent: bool) -> list[ByHand]:
    """The ways a person may go, the first one recommended. The channel for urgent cases is open only in an
    urgent one, and only where the instrument has one."""
    channel = law.channel if law is not None else None
    title = (law.title or law.instrument or "the chosen basis") if law is not None else "no basis"
    found: list[ByHand] = []
    if urgent and law is not None and law.urgent_channel:
        why = f"{title} opens {law.urgent_channel} for urgent cases"
        found += [ByHand(way, law.urgent_channel, why) for way in manual_ways(law.urgent_channel)]
    why = f"{title} names {channel}" if channel else "no channel is known: ask them, and note their answer"
    found += [ByHand(way, channel or "", why) for way in manual_ways(channel)]
    kept: dict[str, ByHand] = {}
    for one in found:
        kept.setdefault(one.way.key, one)
    return list(kept.values())
