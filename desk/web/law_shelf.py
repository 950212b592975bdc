"""Which instruments concern one State, and where does it stand towards each of them on a day?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from desk.web import law_words
from desk.web.answer import Claim, claim_of
from desk.web.cited import Cited, Voice
from schemas.law import Instrument, PartyAct
from schemas.reasoning import Reason
from treaties.answer_json import reason_json
from treaties.force import linked
from treaties.held import Held
from treaties.registry import ONE_SIDED, SAID_ONLY, Registry
from treaties.standing import bound

Shelf = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Said:
    """One act by which a State said something of an instrument: a reservation, a declaration."""

    act: str
    on: str
    towards: str
    article: str
    text: str
    source: Cited


@dataclass(frozen=True, slots=True)
class Placed:
    """One instrument and where a State stands towards it. `other`: the second State of a treaty of two."""

    key: str
    title: str
    kinds: tuple[str, ...]
    claim: Claim
    said: tuple[Said, ...] = ()
    other: str = ""


def instruments_of(registry: Registry, state: str) -> tuple[str, ...]:
    """Keys of all instruments to which the State did anything, or which name it, by key."""
    if "shelf" not in registry.memo:
        found: dict[str, set[str]] = defaultdict(set)
        for key, parties in registry.parties.items():
            for code in parties.states:
                found[code].add(key)
        for key, instrument in registry.instruments.items():
            for code in instrument.states:
                found[code].add(key)
        registry.memo["shelf"] = {code: tuple(sorted(keys)) for code, keys in found.items()}
    shelf: Shelf = registry.memo["shelf"]
    return shelf.get(state, ())


def sides(registry: Registry, state: str) -> tuple[list[Instrument], list[Instrument], list[Instrument]]:
    """What concerns a State: treaties of many, treaties of two, and its own law; each by key."""
    many: list[Instrument] = []
    two: list[Instrument] = []
    own: list[Instrument] = []
    for key in instruments_of(registry, state):
        instrument = registry.instruments[key]
        if instrument.form in ONE_SIDED:
            if state in instrument.states:
                own.append(instrument)
        elif len(instrument.states) == 2:
            two.append(instrument)
        else:
            many.append(instrument)
    return many, two, own


def standing_of(registry: Registry, instrument: Instrument, state: str, day: date) -> Reason:
    """Is the State bound by it on the day? Of a treaty of two: is it in force between them?"""
    if instrument.form in ONE_SIDED:
        return linked(registry, instrument.key, state, state, day)
    other = other_of(instrument, state)
    if other:
        return linked(registry, instrument.key, state, other, day)
    return bound(registry, instrument.key, state, day)


def other_of(instrument: Instrument, state: str) -> str:
    """The other State of a treaty of two; empty for others."""
    if len(instrument.states) == 2 and instrument.form not in ONE_SIDED and state in instrument.states:
        return next(code for code in instrument.states if code != state)
    return ""


def placed(voice: Voice, instrument: Instrument, state: str, day: date) -> Placed:
    """The instrument as the page of a State shows it."""
    registry = voice.registry
    return Placed(
        instrument.key,
        voice.title(instrument.key),
        tuple(kind.value for kind in instrument.kinds),
        claim_of(reason_json(standing_of(registry, instrument, state, day)), voice),
        tuple(said_by(voice, instrument.key, state, day)),
        other_of(instrument, state),
    )


def said_by(voice: Voice, key: str, state: str, day: date) -> Iterator[Said]:
    """What a State said of an instrument by a day: reservations, declarations and the like."""
    for held in voice.registry.acts(key, state):
        row = held.row
        begun, over = row.on is None or row.on <= day, row.until is not None and row.until <= day
        if row.act in SAID_ONLY and begun and not over:
            yield said(voice, held)


def said(voice: Voice, held: Held[PartyAct]) -> Said:
    """One act as a page shows it."""
    row = held.row
    return Said(
        voice.say(law_words.ACTS[row.act.value]),
        row.on.isoformat() if row.on else "",
        row.towards or "",
        voice.law.article(row.article) if row.article else "",
        row.text,
        voice.fact(row),
    )
