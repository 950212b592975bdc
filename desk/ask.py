"""How do the words of a person at a keyboard become a question of law?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from schemas.errors import BadInput, UnknownWord
from schemas.reasoning import OffenceAsked, Question
from schemas.request import months
from schemas.vocabulary import Kind, Measure, word
from treaties.asking import check_day
from treaties.catalogs import languages
from treaties.registry import Registry


def question_from_words(
    registry: Registry,
    *,
    requesting: str,
    requested: str,
    kind: str,
    measures: Iterable[str],
    on: str | None = None,
    today: date,
    offences: Iterable[str] = (),
    offence_date: str | None = None,
    arrest_date: str | None = None,
    known_on: str | None = None,
    max_penalty_requesting: str | None = None,
    max_penalty_requested: str | None = None,
    urgent: bool = False,
    nationality: str | None = None,
    age: int | None = None,
    provider: str | None = None,
    emergency: bool = False,
) -> Question:
    """The question that these words ask; `on` None means `today`.

    States in either case, kinds, measures and offences as slugs, days as YYYY-MM-DD, penalties as `10y`,
    `18m`, `1y6m` or `life` (they hold for every offence named). Raises UnknownWord with the nearest known
    words, and BadInput with the option (`where`) and what to write instead.
    """
    asked = tuple(dict.fromkeys(word(Measure, text, "--measure") for text in measures))
    if not asked:
        raise BadInput(
            "No measure is named.",
            where="--measure",
            next_step="name what is asked for, such as subscriber-data",
        )
    highest = months(max_penalty_requesting, "--max-penalty-requesting")
    highest_there = months(max_penalty_requested, "--max-penalty-requested")
    slugs = tuple(dict.fromkeys(_offence(registry, text) for text in offences))
    if not slugs and (highest, highest_there) != (None, None):
        raise BadInput(
            "A maximum penalty needs an offence.",
            where="--max-penalty-requesting",
            next_step="add --offence SLUG",
        )
    question = Question(
        requesting=state(registry, requesting, "--from"),
        requested=state(registry, requested, "--to"),
        kind=word(Kind, kind, "--kind"),
        measures=asked,
        on=day(on, "--on") or today,
        known_on=day(known_on, "--known-on"),
        offences=tuple(OffenceAsked(slug, highest, highest_there) for slug in slugs),
        offence_date=day(offence_date, "--offence-date"),
        arrest_date=day(arrest_date, "--arrest-date"),
        urgent=urgent,
        nationality=None if nationality is None else state(registry, nationality, "--nationality"),
        age=age,
        provider=_provider(registry, provider),
        emergency=emergency,
    )
    check_day(registry, question)
    return question


def state(registry: Registry, text: str, where: str) -> str:
    """The code of a State known to the registry, in either case. Raises UnknownWord."""
    code = text.strip().upper()
    if code not in registry.jurisdictions:
        raise UnknownWord("State", text, registry.jurisdictions, where=where)
    return code


def day(text: str | None, where: str) -> date | None:
    """A day written as YYYY-MM-DD; None stays None. Raises BadInput."""
    if text is None:
        return None
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(
            f"{text!r} is not a day.", where=where, next_step="write it as YYYY-MM-DD, for example 2026-11-21"
        ) from None


def language(text: str, where: str = "--lang") -> str:
    """The code of a language that is spoken here: `fr` from `fr`, `FR` or `fr-CA`. Raises UnknownWord."""
    code = text.strip().lower().replace("_", "-").partition("-")[0]
    if code not in languages():
        raise UnknownWord("language", text, languages(), where=where)
    return code


def _provider(registry: Registry, text: str | None) -> str | None:
    """The key of a provider of the registry. Raises UnknownWord."""
    key = None if text is None else text.strip().lower()
    if key is not None and key not in registry.providers:
        raise UnknownWord("provider", key, registry.providers, where="--provider")
    return key


def _offence(registry: Registry, text: str) -> str:
    slug = text.strip().lower()
    if slug not in registry.offences:
        raise UnknownWord("offence", text, registry.offences, where="--offence")
    return slug
