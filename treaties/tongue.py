"""How are codes, days and sentences said in one language?

Catalogs are read from their `.po` text, so that an installation needs no compiled files. A language without a
catalog speaks English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.pofile import read_po

from schemas.errors import BadInput
from schemas.reasoning import LIFE, Citation
from treaties.phrases import CANDIDATES, CONDITIONS, FRAMES, SENTENCES, WORDS
from treaties.registry import Registry

LOCALES = Path(__file__).parent / "locale"
PHRASES: dict[str, str] = {**SENTENCES, **CONDITIONS, **CANDIDATES}

STATES = frozenset({"state", "other", "requesting", "requested", "list_of"})
DAYS = frozenset({"day", "seen", "as_of", "since", "until", "known_on", "first", "checked"})
LISTS = frozenset({"values", "measures"})
PENALTIES = frozenset({"months", "floor"})
_NUMBERED = re.compile(r"\d[^A-Z]*")
_PARTIAL = re.compile(r"\d{4}(-\d{2}){0,2}")


@dataclass(frozen=True)
class Tongue:
    """One language: the registry gives it names, the catalog gives it sentences."""

    registry: Registry
    locale: Locale
    catalog: Mapping[str, str]

    def say(self, message: str, **slots: str) -> str:
        """`message` (English) in this language, its slots filled as they are."""
        return self.catalog.get(message, message) % slots

    def phrase(self, claim: str, verdict: str, slots: Mapping[str, str]) -> str:
        """The sentence of a claim with its verdict; slots are codes and come out as words."""
        message = PHRASES.get(f"{claim}:{verdict}") or PHRASES[claim]
        sentence = self.say(message, **{name: self.filled(name, text) for name, text in slots.items()})
        return sentence[:1].upper() + sentence[1:]

    def filled(self, slot: str, text: str) -> str:
        """What stands in a sentence for the content of a slot."""
        if slot in STATES and text in self.registry.jurisdictions:
            return self.state(text)
        if slot in DAYS:
            return self.day(text)
        if slot == "article":
            return self.article(text)
        if slot in PENALTIES:
            return self.penalty(text)
        if slot in LISTS:
            return self.listed([self.word(part) for part in text.split()]) or self.frame("anything")
        return self.word(text)

    def frame(self, name: str, **slots: str) -> str:
        """One of the fixed frames, such as `by` or `article`."""
        return self.say(FRAMES[name], **slots)

    def word(self, code: str) -> str:
        """A code as a reader should meet it: an instrument by its title, an offence by its name."""
        if code in WORDS:
            return self.say(WORDS[code])
        if code in self.registry.instruments:
            return self.instrument(code)
        if code in self.registry.offences:
            return self.registry.offences[code].name
        if code in self.registry.jurisdictions:
            return self.state(code)
        return code.replace("-", " ") if re.fullmatch(r"[a-z0-9-]+", code) else code

    def instrument(self, key: str) -> str:
        """The short title of an instrument."""
        instrument = self.registry.instruments[key]
        return instrument.short or instrument.title

    def state(self, code: str) -> str:
        """The name of a State or territory in this language."""
        return str(self.locale.territories.get(code) or self.registry.jurisdictions[code].name)

    def day(self, text: str) -> str:
        """A day, month or year as it is written in this language; a day not known is said to be so."""
        if not text:
            return self.frame("unknown day")
        if not _PARTIAL.fullmatch(text) or len(text) == 4:
            return text
        if len(text) == 7:
            return str(format_date(date.fromisoformat(f"{text}-01"), "MMMM y", locale=self.locale))
        return str(format_date(date.fromisoformat(text), "d MMMM y", locale=self.locale))

    def article(self, text: str) -> str:
        """`27(1)` as "Article 27(1)"; a statute or practice under its own name stays as it is."""
        if text == "title":
            return self.frame("title")
        if not _NUMBERED.fullmatch(text):
            return text
        return self.frame("articles" if "," in text else "article", article=text)

    def articles(self, texts: list[str]) -> str:
        """Several articles in one breath: `Articles 23, 25(1) and 31`."""
        numbered = [text for text in texts if _NUMBERED.fullmatch(text)]
        if len(numbered) < 2 or len(numbered) < len(texts):
            return self.listed([self.article(text) for text in texts])
        return self.frame("articles", article=self.listed(numbered))

    def penalty(self, months: str) -> str:
        """A length of imprisonment given in months."""
        if not months.isdigit():
            return months
        number = int(months)
        if number >= LIFE:
            return self.frame("life")
        if number and number % 12 == 0:
            return self.frame("year") if number == 12 else self.frame("years", years=str(number // 12))
        return self.frame("months", months=months)

    def listed(self, words: list[str]) -> str:
        """`a, b and c`"""
        return str(format_list(list(dict.fromkeys(words)), locale=self.locale)) if words else ""

    def cited(self, citation: Citation) -> str:
        """Where a claim stands: article, source, its age, and whether it was recalled only."""
        parts = (
            [self.instrument(citation.instrument)] if citation.instrument in self.registry.instruments else []
        )
        if citation.article:
            parts.append(self.article(citation.article))
        source = self.registry.sources.get(citation.source)
        if citation.confidence == "memory":
            parts.append(self.frame("memory"))
        elif source is not None:
            parts.append(source.title)
        if citation.checked:
            parts.append(self.frame("as of", checked=self.day(citation.checked)))
        return ", ".join(parts)


def tongue(registry: Registry, locale: str = "en") -> Tongue:
    """The tongue of `locale` (`en`, `fr`, `es-MX`). Raises BadInput for what is no language."""
    key = ("tongue", locale)
    found: Tongue | None = registry.memo.get(key)
    if found is None:
        found = registry.memo[key] = Tongue(registry, _locale(locale), _catalog(_locale(locale).language))
    return found


def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        raise BadInput(
            f"{name!r} is not a language.", where="locale", next_step="give a code such as en, fr or es"
        ) from None


@lru_cache(maxsize=16)
def _catalog(language: str) -> Mapping[str, str]:
    path = LOCALES / language / "LC_MESSAGES" / "law.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=language, domain="law")
    return {str(message.id): str(message.string) for message in catalog if message.id and message.string}
