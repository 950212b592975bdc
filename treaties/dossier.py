"""What was recorded that decides whether one State is bound by one instrument?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from schemas.law import Completeness, Entry, Instrument, PartyAct
from schemas.reasoning import Citation, Reason
from schemas.span import last_day
from schemas.vocabulary import CONSENT, ENDING, Act, Verdict
from treaties.held import Held
from treaties.registry import ONE_SIDED, Registry

STARTS = frozenset({Act.IN_FORCE, Act.PROVISIONALLY_APPLIED, Act.EXTENDED})
STATUS = STARTS | CONSENT | ENDING | {Act.SIGNED, Act.SUSPENDED, Act.RESUMED}
"""Acts that decide whether a State is bound; reservations, objections and the like do not."""


OWN_LAW = {
    "bound": "law",
    "not-yet": "law-not-yet",
    "not-entered": "law-not-yet",
    "day-unknown": "law-day-unknown",
    "not-listed": "law-undated",
}
"""How the same is said of a State's own law, by which nobody is bound but itself."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that decides whether one State is bound by one instrument."""

    registry: Registry
    instrument: Instrument
    state: str
    acts: tuple[Held[PartyAct], ...]
    entry: Held[Entry] | None
    complete: Held[Completeness] | None

    @property
    def entry_day(self) -> date | None:
        return None if self.entry is None else self.entry.row.on

    @property
    def pending(self) -> Held[Entry] | None:
        """The row that says the instrument is not yet in force for anybody: more than not knowing the day."""
        entry = self.entry
        return entry if entry is not None and entry.row.on is None and entry.row.pending else None

    @property
    def parent(self) -> str | None:
        """The State whose territory this is; None where it is a State itself."""
        jurisdiction = self.registry.jurisdictions.get(self.state)
        return None if jurisdiction is None else jurisdiction.parent

    def of_parent(self) -> Dossier:
        """The dossier of that State."""
        parent = self.parent or ""
        acts = self.registry.acts(self.instrument.key, parent)
        return dossier_of(self.registry, self.instrument.key, parent, acts)

    def of(self, *kinds: Act) -> list[Held[PartyAct]]:
        return [held for held in self.acts if held.row.act in kinds]

    def told(
        self, claim: str, verdict: Verdict, used: tuple[Held[PartyAct], ...] = (), **slots: str
    ) -> Reason:
        """A leaf about this State, citing the acts it rests on."""
        if self.instrument.form in ONE_SIDED:
            claim = OWN_LAW.get(claim, claim)
        return Reason(
            f"force.{claim}",
            verdict,
            {"state": self.state, "instrument": self.instrument.key, **slots},
            tuple(held.citation for held in used) or (Citation(self.instrument.key),),
            tuple(held.fact for held in used),
        )

    def told_by_entry(self, claim: str, verdict: Verdict) -> Reason:
        """A leaf that rests on the general entry into force."""
        leaf = self.told(claim, verdict, day=iso(self.entry_day))
        if self.entry is None:
            return leaf
        return replace(leaf, citations=(self.entry.citation,), facts=(self.entry.fact,))


def dossier_of(registry: Registry, key: str, state: str, acts: tuple[Held[PartyAct], ...]) -> Dossier:
    return Dossier(
        registry,
        registry.instruments[key],
        state,
        tuple(held for held in acts if held.row.act in STATUS),
        registry.rulebook(key).entry,
        registry.complete(key),
    )


def seen_by(registry: Registry, held: Held[PartyAct] | Held[Entry]) -> date:
    """The day by which the source certainly showed what the row says: what was read there holds from then.

    A partial date counts to its last day, but never past the day on which we recorded it. What must have
    happened by a day counts from that day.
    """
    if isinstance(held.row, PartyAct) and held.row.latest is not None:
        return held.row.latest
    source = registry.sources.get(held.row.source)
    partial = held.row.checked or (source.as_of if source is not None else None)
    return min(last_day(partial), held.row.recorded) if partial else held.row.recorded


def opening(instrument: Instrument) -> date | None:
    return instrument.opened or instrument.adopted


def not_extended(dossier: Dossier) -> list[Held[PartyAct]]:
    """The declarations by which the State of a territory left it out."""
    return [
        held
        for held in dossier.registry.acts(dossier.instrument.key, dossier.parent or "")
        for effect in held.row.effects
        if effect.does == "not-extended" and dossier.state in effect.territories
    ]


def day_of(held: Held[PartyAct]) -> date:
    """The day of an act; one whose day is not known comes after all others."""
    return held.row.on or date.max


def iso(day: date | None) -> str:
    """The day as text; empty where it is not known."""
    return "" if day is None else day.isoformat()
