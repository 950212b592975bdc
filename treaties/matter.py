"""What is the matter at hand: one question before one registry, with what was already found out about it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from schemas.law import Effect, Instrument, PartyAct, Rule
from schemas.reasoning import Question, Reason
from schemas.vocabulary import Act
from treaties.force import linked
from treaties.logic import UNKNOWN
from treaties.registry import Held, Registry
from treaties.standing import seen_by

DECLARING = frozenset({Act.RESERVATION, Act.DECLARATION, Act.OBJECTION})


@dataclass(frozen=True, slots=True)
class Declared:
    """One effect of one reservation or declaration, with the act that made it and the State whose it is."""

    state: str
    held: Held[PartyAct]
    effect: Effect


@dataclass(slots=True)
class Matter:
    """One question before one registry. `forces` and `turning_days` fill up while the answer is made."""

    registry: Registry
    question: Question
    forces: dict[str, Reason] = field(default_factory=dict)
    absences: dict[tuple[str, tuple[str, ...]], tuple[Reason, ...]] = field(default_factory=dict)
    turning_days: set[date] = field(default_factory=set)
    """Later days on which something that was looked at begins or ends."""

    def force(self, key: str) -> Reason:
        """Is `key` in force between the two on the day that governs it?"""
        found = self.forces.get(key)
        if found is None:
            found = self.forces[key] = self._force(key)
        return found

    def _force(self, key: str) -> Reason:
        question, registry = self.question, self.registry
        governing = registry.instruments[key].governing_date
        sides = (question.requesting, question.requested)
        if governing == "request":
            return linked(registry, key, *sides, question.on)
        day = question.offence_date if governing == "offence" else question.arrest_date
        if day is not None:
            # What happens to the treaty after the governing day does not change this answer any more.
            return replace(linked(registry, key, *sides, day), changes_on=None)
        today = linked(registry, key, *sides, question.on)
        slots = {"instrument": key, "governing": governing}
        return Reason(
            "force.governing-day-unknown", UNKNOWN, slots, today.children[0].citations, (), (today,)
        )

    def holds_today(self, since: date | None, until: date | None) -> bool:
        """Is the day of the request inside? A day still to come is kept for `good_until`."""
        on = self.question.on
        for day in (since, until):
            if day is not None and day > on:
                self.turning_days.add(day)
        return (since is None or since <= on) and (until is None or on < until)

    def concerns(self, rule: Rule) -> bool:
        """Does the rule speak of this kind of request, of a measure asked, and of this day?"""
        return self.fits(rule) and self.holds_today(rule.since, rule.until)

    def fits(self, rule: Rule) -> bool:
        """Does the rule speak of this kind of request and of a measure asked?"""
        question = self.question
        if rule.kinds and question.kind not in rule.kinds:
            return False
        return (
            not rule.measures or not question.measures or not set(rule.measures).isdisjoint(question.measures)
        )

    def declared(
        self, instrument: Instrument | str, does: str, *states: str
    ) -> Iterator[tuple[Declared, bool]]:
        """Effects of that sort that `states` declared on the instrument, each with whether it surely holds on
        the day of the request. One that holds no more, or not yet, is left out."""
        key = instrument if isinstance(instrument, str) else instrument.key
        both = (self.question.requesting, self.question.requested)
        for state in states:
            for declared in declarations(self.registry, key, state):
                row = declared.held.row
                if declared.effect.does != does or (row.towards is not None and row.towards not in both):
                    continue
                if not self.holds_today(row.on, row.until):
                    continue
                sure = row.on is not None or self.holds_today(seen_by(self.registry, declared.held), None)
                if self._regards(declared.effect):
                    yield declared, sure

    def _regards(self, effect: Effect) -> bool:
        asked = self.question.measures
        return not effect.measures or not asked or not set(effect.measures).isdisjoint(asked)


def declarations(registry: Registry, key: str, state: str) -> tuple[Declared, ...]:
    """Every effect that reservations and declarations of `state` have on `key`, in order of days."""
    found: tuple[Declared, ...] | None = registry.memo.get(("declared", key, state))
    if found is None:
        found = tuple(
            Declared(state, held, effect)
            for held in registry.acts(key, state)
            if held.row.act in DECLARING
            for effect in held.row.effects
        )
        registry.memo["declared", key, state] = found
    return found


def covers(wider: str, article: str) -> bool:
    """Is `article` the same as `wider` or a part of it? `29` covers `29(4)`; `16-20` covers `17`."""
    if article == wider or article.startswith(f"{wider}("):
        return True
    first, dash, last = wider.partition("-")
    number = article.partition("(")[0]
    if dash and first.isdigit() and last.isdigit() and number.isdigit():
        return int(first) <= int(number) <= int(last)
    return False


def any_covers(wider: Iterable[str], article: str) -> bool:
    """Does one of them cover the article?"""
    return any(covers(item, article) for item in wider)
