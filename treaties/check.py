"""Does the law data keep its own rules: days, spans, sources, words, names, contradictions?

`treaties.load` refuses what it cannot read. What is checked here can be read, and is wrong all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from schemas.law import Effect, Fact, Instrument, PartyAct, Rule
from schemas.span import Span, first_day
from schemas.vocabulary import CONSENT, ENDING, PAIRWISE, Act, Form
from treaties.given import GIVEN
from treaties.held import RULE_LISTS, Held
from treaties.load import load_registry
from treaties.registry import Registry
from treaties.wording import wording

ONCE = frozenset({Act.SIGNED, Act.IN_FORCE, *CONSENT})
"""Acts that a State does once between two endings: a second one on another day contradicts the first."""

NEEDS: dict[str, tuple[str, ...]] = {
    "not-applied": ("articles",),
    "condition": ("condition",),
    "ground": ("ground",),
    "languages": ("languages",),
    "issuer": ("offices",),
    "authority": ("authority", "function"),
    "designation": ("category",),
    "deadline": ("articles", "days"),
    "not-extended": ("territories",),
}
"""What an effect must say to have one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: `where` the file and fact, `what` in a sentence, `next_step` to mend it."""

    where: str
    what: str
    next_step: str = ""


def check(law: Registry | Iterable[Path]) -> list[Problem]:
    """All problems of a registry, or of the folders it is to be made of, sorted by place. Empty: in order.

    Raises as `load_registry` where a folder cannot even be read.
    """
    registry = law if isinstance(law, Registry) else load_registry(law)
    found = [
        *_facts(registry),
        *_acts(registry),
        *_instruments(registry),
        *_practice(registry),
        *wording_of(registry),
    ]
    return sorted(found, key=lambda problem: (problem.where, problem.what))


def wording_of(registry: Registry) -> Iterator[Problem]:
    """Words and names inside rules that mean nothing."""
    for where, what, next_step in wording(registry):
        yield Problem(where, what, next_step)


# --- every row ----------------------------------------------------------------------------------------


def _facts(registry: Registry) -> Iterator[Problem]:
    facts = list(registry.facts())
    for name, times in Counter(fact for fact, _ in facts).items():
        if times > 1 and not name.endswith((":entry", ":complete")):
            yield Problem(name, f"{times} rows bear this id.", "give each row of an instrument its own id")
    for fact, row in facts:
        yield from _row(registry, fact, row)


def _row(registry: Registry, fact: str, row: Fact) -> Iterator[Problem]:
    if row.source not in registry.sources:
        yield Problem(fact, f"The source {row.source!r} is not declared.", f"add sources/{row.source}.yml")
    if row.checked is not None and first_day(row.checked) > row.recorded:
        yield Problem(
            fact, f"It was checked ({row.checked}) after it was recorded.", "mend one of the two days"
        )
    if row.retracted is not None:
        if not row.retracted.reason.strip():
            yield Problem(fact, "It is retracted without a reason.", "say what was wrong")
        if row.retracted.on < row.recorded:
            yield Problem(fact, "It is retracted before it was recorded.", "mend one of the two days")
    if isinstance(row, PartyAct):
        start: date | None = row.on
    else:
        start = getattr(row, "since", None)
    until: date | None = getattr(row, "until", None)
    if start is not None and until is not None and until <= start:
        yield Problem(fact, f"It ends ({until}) on or before the day it starts ({start}).", "mend the span")


# --- acts ---------------------------------------------------------------------------------------------


def _acts(registry: Registry) -> Iterator[Problem]:
    for key, parties in registry.parties.items():
        instrument = registry.instruments[key]
        entry = registry.rulebook(key).entry
        entry_day = None if entry is None else entry.row.on
        for state in parties.states:
            acts = registry.acts(key, state)
            if instrument.states and state not in instrument.states and not instrument.designates:
                where = f"parties/{key}.yml: {state}"
                yield Problem(where, "This State is not one that made the instrument.", "mend the State")
            yield from _against_instrument(instrument, entry_day, acts)
            yield from _against_each_other(instrument, acts)


def _against_instrument(
    instrument: Instrument, entry: date | None, acts: Iterable[Held[PartyAct]]
) -> Iterator[Problem]:
    opening = instrument.opened or instrument.adopted
    for held in acts:
        row = held.row
        if row.on is not None and opening is not None and row.on < opening:
            yield Problem(
                held.fact, f"It happened before the instrument was opened ({opening}).", "mend the day"
            )
        if row.act is Act.IN_FORCE and row.on is not None and entry is not None and row.on < entry:
            yield Problem(
                held.fact,
                f"It is in force before the instrument entered into force for anybody ({entry}).",
                "mend the day, or record that it was provisionally applied",
            )
        if row.on is not None and (row.earliest or row.latest):
            yield Problem(held.fact, "Its day is known, and a span for it is given.", "keep one of the two")
        if row.earliest and row.latest and row.latest < row.earliest:
            yield Problem(held.fact, "Its latest day is before its earliest.", "mend one of the two days")
        if row.act in PAIRWISE and row.towards is None:
            yield Problem(held.fact, f"The act {row.act.value!r} needs `towards`.", "name the other State")
        for effect in row.effects:
            yield from _effect(held.fact, effect)


def _effect(fact: str, effect: Effect) -> Iterator[Problem]:
    missing = [name for name in NEEDS.get(effect.does, ()) if not getattr(effect, name)]
    if effect.does == "channel" and effect.channel is None and effect.channel_excluded is None:
        missing.append("channel")
    if missing:
        words = " and ".join(repr(name) for name in missing)
        yield Problem(fact, f"An effect {effect.does!r} needs {words}.", "say what the declaration does")


def _against_each_other(instrument: Instrument, acts: tuple[Held[PartyAct], ...]) -> Iterator[Problem]:
    dated = [held for held in acts if held.row.on is not None]
    yield from _deposit(instrument, dated)
    for act in ONCE:
        for first, second in pairwise(held for held in dated if held.row.act is act):
            if not _left_between(dated, first.row.on, second.row.on):
                yield Problem(
                    second.fact,
                    f"It contradicts {first.fact}: the State did so on another day without leaving between.",
                    "retract the wrong one",
                )
    spans = [
        (held, Span(held.row.on, held.row.until))
        for held in dated
        # One that ends before it starts was told with its row.
        if held.row.act is Act.SUSPENDED and not _reversed(held.row.on, held.row.until)
    ]
    for (first, one), (second, other) in pairwise(spans):
        if one.until is not None and one.overlaps(other):
            yield Problem(second.fact, f"It overlaps {first.fact}.", "mend the spans")


def _reversed(start: date | None, until: date | None) -> bool:
    return start is not None and until is not None and until <= start


def _left_between(acts: Iterable[Held[PartyAct]], first: date | None, second: date | None) -> bool:
    return any(
        held.row.act in ENDING and held.row.on and first and second and first <= held.row.on <= second
        for held in acts
    )


def _deposit(instrument: Instrument, acts: list[Held[PartyAct]]) -> Iterator[Problem]:
    """A State is not bound before it agreed; a treaty of two may be confirmed backwards by later notes, and a
    successor is bound from the succession of States."""
    if instrument.form is not Form.MULTILATERAL:
        return
    consents = [held for held in acts if held.row.act in CONSENT]
    starts = [held for held in acts if held.row.act is Act.IN_FORCE]
    if not consents or not starts or consents[0].row.act is Act.SUCCEEDED:
        return
    consent, start = consents[0].row.on, starts[0].row.on
    applied = any(held.row.act is Act.PROVISIONALLY_APPLIED for held in acts)
    if consent is not None and start is not None and start < consent and not applied:
        yield Problem(
            starts[0].fact,
            f"It is in force before the State agreed ({consent}).",
            "mend the day, or record that it was provisionally applied",
        )


# --- instruments and practice -------------------------------------------------------------------------


def _instruments(registry: Registry) -> Iterator[Problem]:
    for key, instrument in registry.instruments.items():
        where = f"instruments/{key}.yml"
        for entry in registry.entries.get(key, ()):
            if entry.pending and entry.on is not None:
                yield Problem(where, "Its entry is pending and has a day.", "remove one of the two")
        if instrument.form is Form.DOMESTIC and not instrument.states:
            yield Problem(where, "Law of one State names no State.", "give `states`")
        for name in RULE_LISTS:
            yield from _same_wording(
                where, [row for row in getattr(instrument, name) if row.retracted is None]
            )
        for condition in instrument.conditions:
            if condition.evaluates == "minimum-penalty" and condition.months is None:
                yield Problem(f"{key}:{condition.id}", "A minimum penalty needs `months`.", "give the months")
            if condition.evaluates == "question" and not condition.text:
                yield Problem(
                    f"{key}:{condition.id}", "A question to a person needs a text.", "say what to bring"
                )
        yield from _circle(registry, key)
        yield from _provisos(instrument)


def _provisos(instrument: Instrument) -> Iterator[Problem]:
    """Tests that this instrument cannot answer."""
    for name in RULE_LISTS:
        for rule in getattr(instrument, name):
            tests = {test.test for test in rule.when}
            where = f"{instrument.key}:{rule.id}"
            if "designated" in tests and not instrument.designates:
                yield Problem(
                    where, "It speaks of designation, and nobody is designated.", "set `designates`"
                )
            if name == "saving" and not tests <= set(GIVEN):
                known = ", ".join(sorted(GIVEN))
                yield Problem(where, "A saving clause tests what the question does not tell.", f"use {known}")


def _same_wording(where: str, rules: list[Rule]) -> Iterator[Problem]:
    """Two wordings of one article must not stand on the same day."""
    dated = [rule for rule in rules if rule.since is not None or rule.until is not None]
    for index, rule in enumerate(dated):
        for other in dated[index + 1 :]:
            same = (rule.article, rule.kinds, rule.measures, rule.when) == (
                other.article,
                other.kinds,
                other.measures,
                other.when,
            )
            reversed_span = any(r.since and r.until and r.until <= r.since for r in (rule, other))
            if (
                same
                and not reversed_span
                and Span(rule.since, rule.until).overlaps(Span(other.since, other.until))
            ):
                yield Problem(f"{where}: {other.id}", f"It overlaps {rule.id!r} in time.", "mend the spans")


def _circle(registry: Registry, key: str) -> Iterator[Problem]:
    """Two instruments cannot each go before the other."""
    for rule in registry.instruments[key].precedence:
        for other in rule.over:
            back = [over for their in registry.instruments[other].precedence for over in their.over]
            if key in back and key < other:
                where = f"instruments/{key}.yml: {rule.id}"
                yield Problem(where, f"{key} and {other} each go before the other.", "remove one precedence")


def _practice(registry: Registry) -> Iterator[Problem]:
    for code, state in registry.jurisdictions.items():
        if state.source not in registry.sources:
            where = f"states/{code}.yml"
            yield Problem(
                where, f"The source {state.source!r} is not declared.", f"add sources/{state.source}.yml"
            )
        for first, second in pairwise(
            sorted(state.memberships, key=lambda row: (row.organisation, str(row.since)))
        ):
            same = first.organisation == second.organisation
            if same and Span(first.since, first.until).overlaps(Span(second.since, second.until)):
                yield Problem(f"{code}:{second.id}", f"It overlaps {first.id!r} in time.", "mend the spans")
        for row in state.authorities:
            if row.instrument is not None and row.instrument not in registry.instruments:
                yield Problem(
                    f"{code}:{row.id}",
                    f"There is no instrument {row.instrument!r}.",
                    "mend the instrument's key",
                )
