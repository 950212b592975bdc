"""What does the registry hold of one instrument: its rules, and who is bound by it on a day?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from desk.web import law_names, law_words
from desk.web.answer import Claim, claim_of
from desk.web.cited import Cited, Voice
from desk.web.law_shelf import Said, said_by
from schemas.law import Rule
from treaties.answer_json import reason_json
from treaties.held import Held
from treaties.registry import ONE_SIDED, Registry
from treaties.standing import bound
from treaties.sweep import jurisdictions

PARTIES = 50
"""Parties on one page."""


@dataclass(frozen=True, slots=True)
class RuleTold:
    """One rule: where it stands, what it says in the language of the law, for what, and since when."""

    article: str
    text: str
    own: str
    measures: tuple[str, ...]
    note: str
    since: str
    until: str
    source: Cited


@dataclass(frozen=True, slots=True)
class Section:
    """All rules of one sort."""

    name: str
    heading: str
    rules: tuple[RuleTold, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """One State and where it stands, with what it said."""

    code: str
    name: str
    claim: Claim
    said: tuple[Said, ...]


def sections(voice: Voice, key: str) -> Iterator[Section]:
    """The rules of an instrument, sort by sort; sorts of which there is none are left out."""
    book = voice.registry.rulebook(key)
    for name, heading in law_words.RULES.items():
        held: tuple[Held[Any], ...] = getattr(book, name)
        rules = tuple(_told(voice, name, one) for one in sorted(held, key=_article))
        if rules:
            yield Section(name, voice.say(heading), rules)


def counts(registry: Registry, key: str, day: date) -> dict[str, int]:
    """How many States and territories are bound on the day (`yes`), perhaps (`unknown`), or not (`no`)."""
    found = Counter(bound(registry, key, code, day).verdict.value for code in jurisdictions(registry))
    return {verdict: found[verdict] for verdict in ("yes", "unknown", "no")}


def has_parties(registry: Registry, key: str) -> bool:
    """Is it something that many States can be bound by?"""
    instrument = registry.instruments[key]
    return instrument.form not in ONE_SIDED and not instrument.states


def parties(voice: Voice, key: str, day: date, after: str = "") -> tuple[list[Party], str]:
    """States that did anything to the instrument, those bound first, then by name; and the place to go on
    after (empty at the end)."""
    registry = voice.registry
    found = registry.parties.get(key)
    rows = []
    for code in found.states if found is not None else ():
        reason = bound(registry, key, code, day)
        name = law_names.state_name(registry, code, voice.language)
        order = ("yes", "unknown", "no").index(reason.verdict.value)
        rows.append((f"{order}{law_names.in_order(name)}", code, name, reason))
    rows = sorted(one for one in rows if one[0] > after) if after else sorted(rows, key=lambda one: one[0])
    here = rows[:PARTIES]
    told = [
        Party(code, name, claim_of(reason_json(reason), voice), tuple(said_by(voice, key, code, day)))
        for _, code, name, reason in here
    ]
    return told, here[-1][0] if len(rows) > PARTIES else ""


def _article(held: Held[Any]) -> tuple[int, str]:
    """In the order of articles: `9` before `25(1)`."""
    digits = "".join(letter for letter in held.row.article.partition("(")[0] if letter.isdigit())
    return int(digits or 10_000), held.row.article


def _told(voice: Voice, name: str, held: Held[Any]) -> RuleTold:
    row: Rule = held.row
    text, own = _SAYS[name](voice, row)
    return RuleTold(
        voice.law.article(row.article),
        text,
        own,
        tuple(voice.label("measure", measure) for measure in row.measures),
        row.note,
        row.since.isoformat() if row.since else "",
        row.until.isoformat() if row.until else "",
        voice.fact(row),
    )


# --- what each sort of rule says: in the language of the law, and what we add in the visitor's own ---------

Says = tuple[str, str]


def _provision(voice: Voice, row: Any) -> Says:
    role, force = voice.say(law_words.ROLES[row.role]), voice.say(law_words.FORCES[row.force])
    return voice.law.text(row.title) if row.title else "", f"{role} · {force}"


def _channel(voice: Voice, row: Any) -> Says:
    text = voice.law.word(row.channel.value)
    told = f"{text}: {voice.law.text(row.formalities)}" if row.formalities else text
    return told, voice.say("In urgent cases") if row.urgent else ""


def _language(voice: Voice, row: Any) -> Says:
    names = voice.own.listed(voice.own.tongue(code) for code in row.codes)
    regime = voice.say(law_words.REGIMES[row.regime])
    return row.text, f"{regime}: {names}" if names else regime


def _deadline(voice: Voice, row: Any) -> Says:
    speech = voice.law
    open_amount = speech.label("open amount")
    amount = speech.amount(row.amount, row.unit) if row.amount is not None else open_amount
    start, end = speech.text(row.event_from), speech.text(row.event_to)
    told = f"{start} → {end}: {amount}"
    return f"{told}; {speech.text(row.consequence)}" if row.consequence else told, ""


def _condition(voice: Voice, row: Any) -> Says:
    text = voice.law.word(row.condition)
    return f"{text}: {voice.law.text(row.text)}" if row.text else text, ""


def _ground(voice: Voice, row: Any) -> Says:
    text = voice.law.word(row.ground)
    return text, voice.say(law_words.GROUNDS[row.mandatory])


def _not_ground(voice: Voice, row: Any) -> Says:
    return voice.law.word(row.not_ground), ""


def _content(voice: Voice, row: Any) -> Says:
    return voice.law.field(row.field), voice.say(law_words.REQUIRED[row.required])


def _issuer(voice: Voice, row: Any) -> Says:
    offices = voice.law.either([voice.law.word(office) for office in row.by])
    article = voice.law.article(row.article)
    if row.afterwards_hours is not None:
        amount = voice.law.amount(row.afterwards_hours, "hours")
        return voice.law.label("validate within", amount=amount, offices=offices, article=article), ""
    return voice.law.label(row.capacity, offices=offices, article=article), ""


def _duty(voice: Voice, row: Any) -> Says:
    return voice.law.word(row.duty), voice.say("If asked to") if row.on_request else ""


def _precedence(voice: Voice, row: Any) -> Says:
    titles = [voice.title(key) for key in row.over]
    return voice.law.series([*titles, *(voice.law.word(value) for value in row.over_counting_as)]), ""


def _saving(voice: Voice, row: Any) -> Says:
    return voice.law.text(row.text), ""


_SAYS: dict[str, Callable[[Voice, Any], Says]] = {
    "provisions": _provision,
    "channels": _channel,
    "languages": _language,
    "deadlines": _deadline,
    "conditions": _condition,
    "grounds": _ground,
    "not_grounds": _not_ground,
    "contents": _content,
    "issuers": _issuer,
    "duties": _duty,
    "precedence": _precedence,
    "saving": _saving,
}
