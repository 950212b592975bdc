"""By which way does the request go, to whom, in which language, with which formalities?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.law import AuthorityRow, ChannelRule
from schemas.reasoning import AuthorityFound, Reason
from schemas.vocabulary import Channel, Confidence, Kind
from treaties.direct import elsewhere
from treaties.held import Held, Rulebook
from treaties.logic import NO, UNKNOWN, YES, every
from treaties.matter import Declared, Matter, any_covers
from treaties.proviso import provisos
from treaties.scope import article_open

DIRECTNESS = {channel: place for place, channel in enumerate(Channel)}
"""How direct a way is: the order of the vocabulary."""

FUNCTIONS: dict[Kind, tuple[str, ...]] = {
    Kind.MLA: ("mla-in",),
    Kind.EXTRADITION: ("extradition-in",),
    Kind.PRESERVATION: ("contact-24-7", "mla-in"),
    Kind.PRODUCTION: ("e-evidence-enforcing", "mla-in"),
}
OWN_FUNCTIONS = ("eio-in", "e-evidence-enforcing")
"""Functions that exist under one instrument only, whatever the kind of request."""


@dataclass(frozen=True, slots=True)
class Way:
    """A channel, why it is the one, and what it asks for in form. `channel` None: no way is known."""

    channel: Channel | None
    reason: Reason | None
    formalities: str = ""


NO_WAY = Way(None, None)


@dataclass(frozen=True, slots=True)
class _Open:
    """A channel rule that speaks of this question, with the answers to its provisos."""

    held: Held[ChannelRule]
    tests: tuple[Reason, ...]

    @property
    def channel(self) -> Channel:
        return self.held.row.channel


def way(matter: Matter, book: Rulebook, urgent: bool = False) -> Way:
    """The channel for the request, or with `urgent` the additional one for urgent cases.

    What the requested State declared goes first; else the most direct channel that is open; else one that may
    be open. Where the instrument gives way to another basis (Budapest 27(1)), so does its channel.
    """
    declared = _declared(matter, book, urgent)
    if declared is not None:
        return declared
    rules = _rules(matter, book, urgent)
    for wanted in (YES, UNKNOWN):
        fitting = [rule for rule in rules if every(rule.tests) is wanted]
        if fitting:
            best = min(fitting, key=lambda rule: (not _whole(matter, rule), DIRECTNESS[rule.channel]))
            return Way(best.channel, _told(book, best), best.held.row.formalities)
    yielding = [rule for rule in rules if any(_gives_way(test) for test in rule.tests)]
    if yielding and not urgent:
        return Way(Channel.AS_OTHER_BASIS, _told(book, yielding[0], "route.other-basis"))
    return NO_WAY


def authority(matter: Matter, book: Rulebook, channel: Channel | None) -> AuthorityFound | None:
    """Whom to address in the requested State: named for this instrument if anybody is, else in general.

    What was read goes before what was recalled, and the newer before the older.
    """
    functions = ("contact-24-7",) if channel is Channel.CONTACT_24_7 else FUNCTIONS[matter.question.kind]
    own = (
        []
        if channel is Channel.AS_OTHER_BASIS
        else [
            *_declared_authorities(matter, book, functions),
            *_found(_rows(matter, book.instrument.key, (*functions, *OWN_FUNCTIONS))),
        ]
    )
    named = _best_first(own, functions) or _in_general(matter, functions)
    return named[0] if named else None


def languages(
    matter: Matter, book: Rulebook, addressed: AuthorityFound | None, channel: Channel | None = None
) -> tuple[str, ...]:
    """Codes of the languages in which the request may be made, best known first; empty where none is needed
    or none is known. What goes directly to a provider is written in a language it takes."""
    question = matter.question
    if channel is Channel.PROVIDER_DIRECT and matter.provider is not None and matter.provider.languages:
        return matter.provider.languages
    for declared in matter.declared(book.instrument.key, "languages", question.requested):
        return declared.effect.languages
    rule = _language_rule(matter, book)
    regime = rule[0]
    if regime == "none":
        return ()
    if regime == "codes":
        return rule[1]
    requested = _spoken(matter, question.requested)
    if regime in {"both", "requesting-or-requested"}:
        return tuple(dict.fromkeys((*requested, *_spoken(matter, question.requesting))))
    if regime == "requested":
        return requested
    accepted = _accepted(matter, book.instrument.key)
    general = () if addressed is None else addressed.languages
    return accepted or general or _accepted(matter, None) or requested


def formalities(ways: Iterable[Way], addressed: AuthorityFound | None) -> tuple[str, ...]:
    """What the channels and the authority ask for in form, in the words of the data."""
    texts = [way.formalities for way in ways]
    if addressed is not None:
        texts.append(addressed.formalities)
    return tuple(dict.fromkeys(text for text in texts if text))


# --- channels -----------------------------------------------------------------------------------------


def _rules(matter: Matter, book: Rulebook, urgent: bool) -> list[_Open]:
    closed = {
        declared.effect.channel_excluded
        for declared in matter.declared(book.instrument.key, "channel", matter.question.requested)
        if declared.sure and declared.effect.channel_excluded is not None
    }
    if elsewhere(matter):
        closed.add(Channel.PROVIDER_DIRECT)
    shut = _shut(matter, book)
    return [
        _Open(held, provisos(matter, book.instrument.key, held))
        for held in book.channels
        if held.row.urgent is urgent
        and held.row.channel not in closed
        and not (shut and any_covers(shut, held.row.article))
        and matter.concerns(held.row)
    ]


def _shut(matter: Matter, book: Rulebook) -> tuple[str, ...]:
    """The articles that one of the two surely does not apply: their ways are closed too."""
    sides = (matter.question.requesting, matter.question.requested)
    said = matter.declared(book.instrument.key, "not-applied", *sides)
    return tuple(article for one in said if one.sure for article in one.effect.articles)


def _gives_way(test: Reason) -> bool:
    return test.claim == "proviso.none-in-force" and test.verdict is NO


def _whole(matter: Matter, rule: _Open) -> bool:
    """Does the way serve every measure asked, not only some?"""
    measures = rule.held.row.measures
    return not measures or set(matter.question.measures) <= set(measures)


def _declared(matter: Matter, book: Rulebook, urgent: bool) -> Way | None:
    for declared in matter.declared(book.instrument.key, "channel", matter.question.requested):
        effect = declared.effect
        if effect.channel is None or effect.urgent is not urgent:
            continue
        if any(article_open(matter, book, article) is NO for article in effect.articles):
            # A declaration under an article that does not apply between the two says nothing here.
            continue
        slots = {
            "instrument": book.instrument.key,
            "channel": effect.channel.value,
            "state": declared.state,
            "article": effect.articles[0] if effect.articles else declared.held.row.article,
        }
        verdict = YES if declared.sure else UNKNOWN
        held = declared.held
        return Way(effect.channel, Reason("route.declared", verdict, slots, (held.citation,), (held.fact,)))
    return None


def _told(book: Rulebook, rule: _Open, claim: str = "route.channel") -> Reason:
    row = rule.held.row
    slots = {"instrument": book.instrument.key, "channel": row.channel.value, "article": row.article}
    verdict = every(rule.tests)
    return Reason(claim, verdict, slots, (rule.held.citation,), (rule.held.fact,), rule.tests)


# --- authorities --------------------------------------------------------------------------------------


def _declared_authorities(matter: Matter, book: Rulebook, functions: tuple[str, ...]) -> list[AuthorityFound]:
    found = []
    for declared in matter.declared(book.instrument.key, "authority", matter.question.requested):
        effect = declared.effect
        closed = any(article_open(matter, book, article) is NO for article in effect.articles)
        if declared.sure and effect.authority and effect.function in functions and not closed:
            found.append(_authority_of(declared))
    return found[::-1]


def _authority_of(declared: Declared) -> AuthorityFound:
    effect = declared.effect
    citations = (declared.held.citation,)
    return AuthorityFound(effect.authority, effect.unit, effect.function, effect.languages, "", citations)


def _in_general(matter: Matter, functions: tuple[str, ...]) -> list[AuthorityFound]:
    """Whom one addresses where nobody is named for the instrument; the same for every candidate."""
    found = matter.addressed.get(functions)
    if found is None:
        found = _best_first(_found(_rows(matter, None, functions)), functions)
        matter.addressed[functions] = found
    return found


def _rows(matter: Matter, instrument: str | None, functions: tuple[str, ...]) -> list[Held[AuthorityRow]]:
    """Rows of the requested State for these functions that hold today, newest first."""
    rows = [
        held
        for held in matter.registry.practice(matter.question.requested).authorities
        if held.row.instrument == instrument
        and held.row.function in functions
        and held.row.name
        and matter.holds_today(held.row.since, held.row.until)
    ]
    return sorted(rows, key=lambda held: (str(held.row.since or ""), held.row.checked or ""), reverse=True)


def _found(rows: Iterable[Held[AuthorityRow]]) -> list[AuthorityFound]:
    return [
        AuthorityFound(
            held.row.name,
            held.row.unit,
            held.row.function,
            held.row.languages,
            held.row.formalities,
            (held.citation,),
        )
        for held in rows
    ]


def _best_first(found: Iterable[AuthorityFound], functions: tuple[str, ...]) -> list[AuthorityFound]:
    """By how well the function fits; then what was read before what was recalled."""
    order = (*functions, *OWN_FUNCTIONS)
    memory = Confidence.MEMORY.value
    return sorted(found, key=lambda one: (order.index(one.function), one.citations[0].confidence == memory))


# --- languages ----------------------------------------------------------------------------------------


def _language_rule(matter: Matter, book: Rulebook) -> tuple[str, tuple[str, ...]]:
    """The regime the text sets and its codes; where it sets none, what the requested State accepts."""
    perhaps: tuple[str, tuple[str, ...]] | None = None
    for held in book.languages:
        if not matter.concerns(held.row):
            continue
        verdict = every(provisos(matter, book.instrument.key, held))
        if verdict is YES:
            return held.row.regime, held.row.codes
        if verdict is UNKNOWN and perhaps is None:
            perhaps = held.row.regime, held.row.codes
    return perhaps or ("acceptable", ())


def _accepted(matter: Matter, instrument: str | None) -> tuple[str, ...]:
    for held in matter.registry.practice(matter.question.requested).languages:
        row = held.row
        if row.instrument == instrument and row.codes and matter.holds_today(row.since, row.until):
            return row.codes
    return ()


def _spoken(matter: Matter, state: str) -> tuple[str, ...]:
    jurisdiction = matter.registry.jurisdictions.get(state)
    return () if jurisdiction is None else jurisdiction.official_languages
