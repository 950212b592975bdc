"""What is the matter at hand: one question before one registry, with what was already found out about it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from schemas.law import Effect, PartyAct, Provider, Rule
from schemas.reasoning import AuthorityFound, Question, Reason
from schemas.vocabulary import Measure
from treaties.dossier import seen_by
from treaties.force import linked
from treaties.held import Held
from treaties.logic import UNKNOWN
from treaties.registry import Registry
from treaties.saving import saved


@dataclass(frozen=True, slots=True)
class Declared:
    """One effect of a reservation, declaration or designation, with the act and the State whose it is.

    `sure`: it holds on the day of the request; else it may, because the day it was made is not known.
    """

    state: str
    held: Held[PartyAct]
    effect: Effect
    sure: bool = True


@dataclass(slots=True)
class Matter:
    """One question before one registry. Its other fields fill up while the answer is made."""

    registry: Registry
    question: Question
    asked: frozenset[Measure] = field(init=False)
    provider: Provider | None = field(init=False)
    forces: dict[str, Reason] = field(default_factory=dict)
    absences: dict[tuple[str, tuple[str, ...]], tuple[Reason, ...]] = field(default_factory=dict)
    tested: dict[tuple[str, str, str, tuple[str, ...]], Reason] = field(default_factory=dict)
    said: dict[str, tuple[Declared, ...]] = field(default_factory=dict)
    addressed: dict[tuple[str, ...], list[AuthorityFound]] = field(default_factory=dict)
    turning_days: set[date] = field(default_factory=set)
    """Later days on which something that was looked at begins or ends."""

    def __post_init__(self) -> None:
        self.asked = frozenset(self.question.measures)
        named = self.question.provider
        self.provider = None if named is None else self.registry.providers.get(named)

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
            today = linked(registry, key, *sides, question.on)
            return saved(registry, key, question, today) if registry.rulebook(key).saving else today
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
        if rule.kinds and self.question.kind not in rule.kinds:
            return False
        return not rule.measures or not self.asked or not self.asked.isdisjoint(rule.measures)

    def declared(self, key: str, does: str, *states: str) -> list[Declared]:
        """Effects of that sort which `states` declared on instrument `key` and which hold on the day of the
        request, surely or perhaps."""
        said = self.said.get(key)
        if said is None:
            said = self.said[key] = self._said(key)
        return [one for one in said if one.effect.does == does and one.state in states] if said else []

    def _said(self, key: str) -> tuple[Declared, ...]:
        sides = (self.question.requesting, self.question.requested)
        return tuple(
            replace(one, sure=self._is_sure(one))
            for state in sides
            for one in declarations(self.registry, key, state)
            if one.held.row.towards in (None, *sides)
            and self.holds_today(one.held.row.on, one.held.row.until)
            and (not one.effect.measures or not self.asked or not self.asked.isdisjoint(one.effect.measures))
        )

    def _is_sure(self, one: Declared) -> bool:
        """A declaration whose day is not known surely holds from the day the source showed it."""
        return one.held.row.on is not None or self.holds_today(seen_by(self.registry, one.held), None)


def declarations(registry: Registry, key: str, state: str) -> tuple[Declared, ...]:
    """Every effect that reservations and declarations of `state`, or its designation under a statute, have on
    `key`, in order of days."""
    found: tuple[Declared, ...] | None = registry.memo.get(("declared", key, state))
    if found is None:
        found = tuple(
            Declared(state, held, effect) for held in registry.acts(key, state) for effect in held.row.effects
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
