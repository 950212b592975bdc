"""What links two States on a day, and on which days did the law between them change?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from desk.web import law_names, law_words
from desk.web.answer import Claim, claim_of
from desk.web.cited import Cited, Voice
from desk.web.law_shelf import Said, said_by
from desk.web.words import N_
from schemas.law import PartyAct
from schemas.vocabulary import Act, Verdict
from treaties.answer_json import reason_json
from treaties.force import linked
from treaties.held import Held
from treaties.logic import walk
from treaties.registry import ONE_SIDED, Registry

BEGINS = N_("%(title)s comes into force between them.")
ENDS = N_("%(title)s ends between them.")
PERHAPS = N_("From here on it is not certain whether %(title)s is in force between them.")
KNOWN_NOT = N_("From here on %(title)s is known not to be in force between them.")
SEEN = N_("By this day %(title)s was seen in force between them; since when is not known.")
OWN_SEEN = N_("By this day %(title)s, a law of %(state)s, was seen in force; since when is not known.")
OWN_PERHAPS = N_("From here on it is not certain whether %(title)s, a law of %(state)s, applies.")
OWN_BEGINS = N_("%(title)s, a law of %(state)s, begins to apply.")
OWN_ENDS = N_("%(title)s, a law of %(state)s, ceases to apply.")
SAYS = N_("%(state)s says something of %(title)s: %(act)s.")

TELLING = frozenset({Act.RESERVATION, Act.DECLARATION, Act.OBJECTION, Act.AMENDED})


ONLY_SEEN = frozenset({"force.day-unknown", "force.law-day-unknown", "force.practice", "force.start-unknown"})
"""Claims of which the day is that on which a source showed it, not that of the law."""
TURNS_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Turn:
    """A day on which an instrument comes to link two States or ceases to; `seen`: as a source shows."""

    on: date
    before: Verdict
    after: Verdict
    seen: bool


@dataclass(frozen=True, slots=True)
class Link:
    """One instrument between two States on a day. `said`: what either said of it; `own`: it is the law of one
    of the two alone, and answers only requests to that State."""

    key: str
    title: str
    kinds: tuple[str, ...]
    claim: Claim
    said: tuple[tuple[str, Said], ...]
    own: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed between the two on one day."""

    text: str
    key: str
    source: Cited | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which the law between the two changed. `ahead`: it lies in the future."""

    on: str
    changes: tuple[Change, ...]
    ahead: bool


def candidates(registry: Registry, one: str, other: str) -> list[str]:
    """Keys of all that may link the two in either direction, without what is done everywhere."""
    found = {*registry.candidates(one, other), *registry.candidates(other, one)}
    return sorted(key for key in found if not registry.of_nobody(key))


def links(voice: Voice, one: str, other: str, day: date) -> list[Link]:
    """What links the two on the day, or may link them: treaties first, then the law of each."""
    registry = voice.registry
    found = []
    for key in candidates(registry, one, other):
        instrument = registry.instruments[key]
        own = next((code for code in instrument.states if code in (one, other)), "")
        own = own if instrument.form in ONE_SIDED else ""
        asking, asked = (other, one) if own == one else (one, other)
        reason = linked(registry, key, asking, asked, day)
        if reason.verdict is Verdict.NO:
            continue
        said = tuple((code, each) for code in (one, other) for each in said_by(voice, key, code, day))
        kinds = tuple(kind.value for kind in instrument.kinds)
        told = claim_of(reason_json(reason), voice)
        found.append(Link(key, voice.title(key), kinds, told, () if own else said, own))
    return sorted(found, key=lambda each: (bool(each.own), each.claim.verdict != "yes", each.title))


def days(voice: Voice, one: str, other: str) -> list[Day]:
    """Every day on which what links the two changed, in order, also those to come."""
    found: dict[date, list[Change]] = defaultdict(list)
    for key in candidates(voice.registry, one, other):
        turns = _turns(voice.registry, key, one, other)
        for turn in turns:
            found[turn.on].append(_turned(voice, key, turn, one, other))
        if turns:
            for code in (one, other):
                for held in voice.registry.acts(key, code):
                    if held.row.act in TELLING and held.row.on is not None:
                        found[held.row.on].append(_telling(voice, key, code, held))
    today = voice.today
    return [
        Day(day.isoformat(), tuple(dict.fromkeys(found[day])), day > today)
        for day in sorted(found)
        if day > date.min
    ]


def chosen(all_days: list[Day], on: date) -> tuple[int, str, str]:
    """The place of the period in which `on` lies (-1: before all), its first day and the day it ends."""
    place = -1
    for number, day in enumerate(all_days):
        if day.on <= on.isoformat():
            place = number
    start = all_days[place].on if place >= 0 else ""
    end = all_days[place + 1].on if place + 1 < len(all_days) else ""
    return place, start, end


def around(all_days: list[Day], place: int, most: int) -> list[Day]:
    """At most `most` days around the chosen one: a page stays light where a century of law is held."""
    start = max(0, min(place - most // 2, len(all_days) - most))
    return all_days[start : start + most]


def _turns(registry: Registry, key: str, one: str, other: str) -> list[Turn]:
    """Days on which it comes to link the two or ceases to. Worked out once while pairs are looked at."""
    kept: dict[tuple[str, str, str], list[Turn]] = registry.memo.setdefault("turns", {})
    if len(kept) > TURNS_KEPT:
        kept.clear()
    sign = (key, one, other)
    if sign not in kept:
        kept[sign] = list(_turned_on(registry, key, one, other))
    return kept[sign]


def _turned_on(registry: Registry, key: str, one: str, other: str) -> Iterator[Turn]:
    own = registry.instruments[key].form in ONE_SIDED and one in registry.instruments[key].states
    asking, asked = (other, one) if own else (one, other)
    before, day = Verdict.NO, date.min
    while True:
        reason = linked(registry, key, asking, asked, day)
        if reason.verdict is not before:
            seen = any(each.claim in ONLY_SEEN for each in walk(reason))
            yield Turn(day, before, reason.verdict, seen)
        before = reason.verdict
        if reason.changes_on is None:
            return
        day = reason.changes_on


def _turned(voice: Voice, key: str, turn: Turn, one: str, other: str) -> Change:
    instrument = voice.registry.instruments[key]
    title = voice.isolated(voice.title(key))
    if turn.after is Verdict.YES:
        messages = (SEEN, OWN_SEEN) if turn.seen else (BEGINS, OWN_BEGINS)
    elif turn.after is Verdict.UNKNOWN:
        messages = (PERHAPS, OWN_PERHAPS)
    else:
        messages = (ENDS if turn.before is Verdict.YES else KNOWN_NOT, OWN_ENDS)
    if instrument.form in ONE_SIDED:
        code = next((each for each in instrument.states if each in (one, other)), one)
        state = law_names.in_sentence(voice.registry, code, voice.language)
        return Change(voice.say(messages[1], title=title, state=state), key)
    return Change(voice.say(messages[0], title=title), key)


def _telling(voice: Voice, key: str, code: str, held: Held[PartyAct]) -> Change:
    act = voice.say(law_words.ACTS[held.row.act.value])
    if held.row.article:
        act = f"{act}, {voice.isolated(voice.law.article(held.row.article))}"
    text = voice.say(
        SAYS,
        state=law_names.in_sentence(voice.registry, code, voice.language),
        title=voice.isolated(voice.title(key)),
        act=act,
    )
    return Change(text, key, replace(voice.fact(held.row), what=""))
