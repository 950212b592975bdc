"""What does the registry hold of one State: who acts for it, in which languages, and what binds it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from desk.web import law_names, law_words
from desk.web.cited import Cited, Voice
from desk.web.law_shelf import Placed, placed, sides
from schemas.law import AuthorityRow
from schemas.law.practice import Jurisdiction
from treaties.registry import Registry

PAGE = 40
"""Treaties of two States on one page."""


@dataclass(frozen=True, slots=True)
class Acting:
    """One authority: what it does, under which instrument, since and until when."""

    function: str
    name: str
    instrument: str
    languages: tuple[str, ...]
    note: str
    since: str
    until: str
    source: Cited


@dataclass(frozen=True, slots=True)
class Member:
    """Membership in one organisation."""

    name: str
    since: str
    until: str
    source: Cited


@dataclass(frozen=True, slots=True)
class StatePage:
    """All that the page of a State shows. `next`: the key after which the treaties of two go on."""

    code: str
    name: str
    facts: tuple[tuple[str, str], ...]
    parent: str
    territories: tuple[str, ...]
    members: tuple[Member, ...]
    authorities: tuple[Acting, ...]
    accepted: tuple[tuple[str, str, Cited], ...]
    many: tuple[Placed, ...]
    own: tuple[Placed, ...]
    two: tuple[Placed, ...]
    two_in_all: int
    next: str


def state_page(voice: Voice, code: str, day: date, after: str = "") -> StatePage:
    """The page of a State on a day. `after`: the treaty of two that ended the part shown before."""
    registry = voice.registry
    known = registry.jurisdictions[code]
    many, two, own = sides(registry, code)
    rest = [one for one in two if one.key > after]
    here = rest[:PAGE]
    return StatePage(
        code=code,
        name=law_names.state_name(registry, code, voice.language),
        facts=tuple(_facts(voice, known)),
        parent=known.parent or "",
        territories=tuple(sorted(_territories(registry, code))),
        members=tuple(_members(voice, known)),
        authorities=tuple(_acting(voice, held.row) for held in registry.practice(code).authorities),
        accepted=tuple(_accepted(voice, code)),
        # The rest of the treaties of two needs nothing else again.
        many=() if after else tuple(sorted(_all(voice, many, code, day), key=_first_what_binds)),
        own=() if after else tuple(_all(voice, own, code, day)),
        two=tuple(_all(voice, here, code, day)),
        two_in_all=len(two),
        next=here[-1].key if len(rest) > PAGE else "",
    )


def _all(voice: Voice, instruments: list[Any], code: str, day: date) -> list[Placed]:
    return [placed(voice, one, code, day) for one in instruments]


def _first_what_binds(one: Placed) -> tuple[int, str]:
    return ("yes", "unknown", "no").index(one.claim.verdict), law_names.in_order(one.title)


def _facts(voice: Voice, known: Jurisdiction) -> list[tuple[str, str]]:
    rows = [
        (voice.say("Code"), " ".join(part for part in (known.code, known.iso3) if part)),
        (
            voice.say("Official languages"),
            voice.own.listed(voice.own.tongue(code) for code in known.official_languages),
        ),
        (voice.say("Legal tradition"), _tradition(voice, known.legal_tradition)),
        (
            voice.say("Death penalty"),
            voice.say(law_words.DEATH_PENALTY[known.death_penalty]) if known.death_penalty else "",
        ),
        (voice.say("Time zone"), known.time_zone),
    ]
    return [(name, text) for name, text in rows if text]


def _tradition(voice: Voice, told: str) -> str:
    return voice.say(law_words.TRADITIONS[told]) if told in law_words.TRADITIONS else told


def _members(voice: Voice, known: Jurisdiction) -> list[Member]:
    return [
        Member(
            voice.say(law_words.ORGANISATIONS.get(row.organisation, row.organisation)),
            _iso(row.since),
            _iso(row.until),
            voice.fact(row),
        )
        for row in known.memberships
        if row.retracted is None
    ]


def _acting(voice: Voice, row: AuthorityRow) -> Acting:
    return Acting(
        voice.say(law_words.FUNCTIONS.get(row.function, row.function)),
        ", ".join(part for part in (row.name, row.unit) if part),
        voice.title(row.instrument) if row.instrument else "",
        tuple(voice.own.tongue(code) for code in row.languages),
        row.formalities,
        _iso(row.since),
        _iso(row.until),
        voice.fact(row),
    )


def _accepted(voice: Voice, code: str) -> list[tuple[str, str, Cited]]:
    return [
        (
            voice.own.listed(voice.own.tongue(one) for one in held.row.codes) or held.row.text,
            voice.title(held.row.instrument) if held.row.instrument else "",
            voice.fact(held.row),
        )
        for held in voice.registry.practice(code).languages
    ]


def _territories(registry: Registry, code: str) -> list[str]:
    return [one.code for one in registry.jurisdictions.values() if one.parent == code]


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
