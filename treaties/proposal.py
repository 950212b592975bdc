"""Would the registry still keep its rules with what is proposed, and what would it then say?

A draft counts only as a whole: every row is looked at first, every fault is told with its place, and nothing
is folded onto the registry unless all of it can be. The same steps are taken when a draft is proposed, when
it is accepted, and whenever a house opens its registry with the drafts it has accepted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from schemas.errors import BadInput, RogatoryError, UnknownWord
from schemas.law import Row
from treaties.check import Problem, check
from treaties.difference import Difference, differences
from treaties.draft import RULES, SECTIONS, Change, Draft, act_of_words
from treaties.layering import layers_of, retracted_row, standing
from treaties.load import extended
from treaties.registry import Registry
from treaties.words import told

SUPPOSED = {"key": "supposed", "title": "Supposed, to see what would follow", "how": "not read"}
"""The source of what is only tried (`supposed`)."""


@dataclass(frozen=True, slots=True)
class Considered:
    """What a draft comes to: its `faults`, and if there are none the registry `after` it and what differs.

    `known`: rows the registry holds already, which were left out.
    """

    after: Registry
    faults: tuple[Problem, ...]
    differences: tuple[Difference, ...]
    known: tuple[str, ...] = ()


def considered(registry: Registry, draft: Draft, day: date, *, skip_known: bool = False) -> Considered:
    """What `draft` would do to `registry` if it were recorded on `day`.

    A row that stands already is a fault, or with `skip_known` left out: a depositary's sheet repeats what was
    known before. With faults `after` is `registry` itself.
    """
    changes, known = _without_known(registry, draft.changes) if skip_known else (list(draft.changes), [])
    faults = [fault for change in changes for fault in _faults(registry, draft, change, day)]
    if not skip_known:
        faults += _repeated(registry, changes)
    faults += _twice(changes)
    if faults:
        return Considered(registry, tuple(faults), (), tuple(known))
    try:
        after = folded(registry, changes, day)
    except RogatoryError as error:
        return Considered(registry, (_fault_of(error, changes),), (), tuple(known))
    found = tuple(differences(registry, after))
    broken = tuple(_broken(registry, after, found, changes, day))
    return Considered(registry if broken else after, broken, () if broken else found, tuple(known))


def folded(registry: Registry, changes: Iterable[Change], day: date) -> Registry:
    """`registry` with `changes` recorded on `day`. Raises BadData or UnknownWord where they do not fit."""
    for layer in layers_of(registry, changes, day):
        registry = extended(registry, layer)
    return registry


def taken_up(registry: Registry, draft: Draft, day: date) -> tuple[Registry, list[str]]:
    """`registry` with an accepted draft, and the places of rows left out because they stand there already.

    The program's own data may have caught up with what a house accepted before: that is no contradiction.
    """
    changes, known = _without_known(registry, draft.changes)
    return folded(registry, changes, day), known


def supposed(registry: Registry, add: Iterable[str], day: date, drop: Iterable[str] = ()) -> Considered:
    """What would follow from acts in words ('KR budapest in-force 2027-01-01') and without the facts `drop`.

    Raises BadInput or UnknownWord for words that say nothing, and BadInput with what else would be wrong.
    """
    rows = [Change("sources", SUPPOSED, "what if")]
    more = {"source": SUPPOSED["key"], "confidence": "memory"}
    rows += [Change("acts", {**act_of_words(text), **more}, text) for text in add]
    rows += [Change("retract", {"fact": fact, "reason": "supposed"}, fact) for fact in drop]
    if len(rows) == 1:
        raise BadInput("Nothing is supposed.", next_step="add an act, or drop a fact")
    found = considered(registry, Draft("what if", "", tuple(rows)), day)
    if found.faults:
        first = found.faults[0]
        raise BadInput(first.what, where=first.where, next_step=first.next_step)
    return found


def _without_known(registry: Registry, changes: Iterable[Change]) -> tuple[list[Change], list[str]]:
    fresh: list[Change] = []
    known: list[str] = []
    for change in changes:
        if standing(registry, change) is None:
            fresh.append(change)
        else:
            known.append(change.where)
    return fresh, known


# --- row by row -----------------------------------------------------------------------------------------


def _faults(registry: Registry, draft: Draft, change: Change, day: date) -> list[Problem]:
    """What is wrong with the row by itself, and with the names in it."""
    found = [*_housekeeping(change), *_names(registry, draft, change)]
    if change.section == "retract":
        return found or list(_retraction(registry, change))
    if SECTIONS[change.section].whole and change.section != "sources":
        # A whole thing is read as a law file is, when it is folded.
        return found
    return [*found, *_form(change, day)]


def _housekeeping(change: Change) -> Iterator[Problem]:
    for name in ("recorded", "retracted"):
        if name in change.row:
            yield Problem(
                change.at(name),
                f"{name!r} is set by the house on the day it accepts.",
                "leave it out" if name == "recorded" else "use the section `retract`",
            )
    for name in SECTIONS[change.section].names:
        if not change.named(name).strip():
            what = "A retraction needs a reason." if name == "reason" else f"{name} is missing."
            yield Problem(change.at(name), what, f"add `{name}` to the row")


def _names(registry: Registry, draft: Draft, change: Change) -> Iterator[Problem]:
    """Names of States, instruments, offences, lists and sources that nothing describes."""
    known: dict[str, Iterable[str]] = {
        "instrument": [*registry.instruments, *_new(draft, "instruments", "key")],
        "state": [*registry.jurisdictions, *_new(draft, "states", "code")],
        "towards": [*registry.jurisdictions, *_new(draft, "states", "code")],
        "offence": [*registry.offences, *_new(draft, "offences", "slug")],
        "gate": [*registry.gates, *_new(draft, "gates", "gate")],
        "source": [*registry.sources, *_new(draft, "sources", "key")],
        "list": RULES,
    }
    for name, words in known.items():
        given = change.named(name)
        if given and given not in words and not SECTIONS[change.section].whole:
            yield _problem(
                UnknownWord(
                    "source that is declared" if name == "source" else name,
                    given,
                    words,
                    where=change.at(name),
                )
            )


def _new(draft: Draft, section: str, key: str) -> list[str]:
    return [change.named(key) for change in draft.changes if change.section == section]


def _retraction(registry: Registry, change: Change) -> Iterator[Problem]:
    row = retracted_row(registry, change.named("fact"))
    if row is None:
        fact = change.named("fact")
        file = fact.partition(":")[0]
        near = [known for known, _ in registry.facts() if known.partition(":")[0] == file]
        yield _problem(UnknownWord("fact", fact, near, where=change.at("fact")))
    elif row.retracted is not None:
        yield Problem(
            change.at("fact"), f"It was retracted on {row.retracted.on} already.", "leave the row out"
        )


def _form(change: Change, day: date) -> Iterator[Problem]:
    section = SECTIONS[change.section]
    model = section.model or RULES.get(change.named("list"))
    if model is None:
        return
    try:
        model.model_validate(_dated(change, section.names, day))
    except ValidationError as error:
        for each in error.errors():
            place = tuple(str(part) for part in each["loc"])
            yield _problem(told(dict(each), place, change.at(place[0] if place else "")))


def _dated(change: Change, names: tuple[str, ...], day: date) -> dict[str, Any]:
    row: dict[str, Any] = {name: value for name, value in change.row.items() if name not in names}
    row = {name: None if name == "on" and value == "unknown" else value for name, value in row.items()}
    return row if change.section == "sources" else {**row, "recorded": day}


def _repeated(registry: Registry, changes: Iterable[Change]) -> Iterator[Problem]:
    for change in changes:
        fact = standing(registry, change)
        if fact is not None and change.section != "retract":
            yield Problem(
                change.where,
                f"This is recorded already, as {fact}.",
                "leave the row out, or retract that one",
            )


def _twice(changes: Iterable[Change]) -> Iterator[Problem]:
    seen: set[str] = set()
    for change in changes:
        sign = json.dumps([change.section, change.row], sort_keys=True)
        if sign in seen:
            yield Problem(change.where, "The same row stands in the draft before.", "keep one of the two")
        seen.add(sign)


# --- as a whole -----------------------------------------------------------------------------------------


def _broken(
    before: Registry,
    after: Registry,
    found: Iterable[Difference],
    changes: Iterable[Change],
    day: date,
) -> Iterator[Problem]:
    """Rules that the registry would break with the changes and does not break without them."""
    wrong = check(after)
    if not wrong:
        return
    before_wrong = set(check(before))
    places = dict(_places(found, changes, day))
    for problem in wrong:
        if problem not in before_wrong:
            place = places.get(problem.where)
            where = f"{place}: {problem.where}" if place else problem.where
            yield Problem(where, problem.what, problem.next_step)


def _places(found: Iterable[Difference], changes: Iterable[Change], day: date) -> Iterator[tuple[str, str]]:
    """Where each fact that was added stands in the draft."""
    added = [one for one in found if one.change == "added"]
    for change in changes:
        section = SECTIONS[change.section]
        if section.whole or change.section == "retract":
            continue
        model = section.model or RULES[change.named("list")]
        row: Row = model.model_validate(_dated(change, section.names, day))
        for one in added:
            if one.row == row and one.of in change.row.values() and one.state in ("", change.named("state")):
                yield one.fact, change.where


def _fault_of(error: RogatoryError, changes: Iterable[Change]) -> Problem:
    """An error of the fold names a file of the layer; for a person the row of the draft counts."""
    file = error.where.partition(":")[0]
    rest = error.where.partition(":")[2].strip()
    for change in changes:
        if SECTIONS[change.section].whole and _file_of(change) == file:
            return Problem(change.at(rest), error.what, error.next_step)
    return _problem(error)


def _file_of(change: Change) -> str:
    key = {"instruments": "key", "states": "code", "sources": "key"}.get(change.section)
    return f"{change.section}/{change.named(key)}" if key else change.section


def _problem(error: RogatoryError) -> Problem:
    return Problem(error.where, error.what, error.next_step)
