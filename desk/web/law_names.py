"""Under which names, and in which order, does a page offer what the registry holds?"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from desk.web.look import Speaker
from treaties.registry import Registry
from treaties.sweep import jurisdictions
from treaties.tongue import tongue

Option = tuple[str, str]


def in_order(name: str) -> str:
    """By what a name is sorted: without accents and case, `Åland` beside `Albania`."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def states(registry: Registry, language: str) -> tuple[Option, ...]:
    """Code and name of every State and territory, by name."""
    return _named(tuple(jurisdictions(registry)), language)


def state_name(registry: Registry, code: str, language: str) -> str:
    """The name of a State or territory: of the visitor's language, else of the registry."""
    own = Speaker(language).country(code)
    known = registry.jurisdictions.get(code)
    return known.name if own == code and known is not None else own


def in_sentence(registry: Registry, code: str, language: str) -> str:
    """The name of a State as it stands in a sentence: English has `the United States`."""
    speech = tongue(registry, language)
    known = speech.language == language and code in registry.jurisdictions
    return speech.state(code) if known else state_name(registry, code, language)


def offences(registry: Registry, language: str) -> list[Option]:
    """Slug and name of every offence, by name."""
    speech = tongue(registry, language)
    found = [(slug, speech.text(row.name)) for slug, row in registry.offences.items()]
    return sorted(found, key=lambda one: in_order(one[1]))


def providers(registry: Registry) -> list[Option]:
    """Key and name of every provider that has not been withdrawn, by name."""
    found = [(key, row.name) for key, row in registry.providers.items() if row.retracted is None]
    return sorted(found, key=lambda one: in_order(one[1]))


@lru_cache(maxsize=16)
def _named(codes: tuple[str, ...], language: str) -> tuple[Option, ...]:
    speak = Speaker(language)
    return tuple(sorted(((code, speak.country(code)) for code in codes), key=lambda one: in_order(one[1])))
