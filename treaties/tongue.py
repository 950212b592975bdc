"""How are codes, days, amounts and sentences said in one language?

The Tongue of a language is made by `tongue`; where it finds its texts is `treaties.catalogs`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from math import inf
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import TIMEDELTA_UNITS, format_date, format_skeleton, format_timedelta
from babel.lists import format_list

from schemas.errors import BadInput
from schemas.reasoning import LIFE, Citation
from schemas.vocabulary import Form, Kind
from treaties.catalogs import ENGLISH, Catalog, catalog_of
from treaties.lexicon import WORDS
from treaties.papers import FIELDS
from treaties.phrases import CANDIDATES, CONDITIONS, FRAMES, GATES, LABELS, PLURALS, SENTENCES
from treaties.registry import ONE_SIDED, Registry

PHRASES: dict[str, str] = {**SENTENCES, **CONDITIONS, **CANDIDATES, **GATES}

STATES = frozenset({"state", "other", "requesting", "requested", "list_of", "parent"})
DAYS = frozenset({"day", "seen", "as_of", "since", "until", "known_on", "first", "checked"})
LISTS = frozenset({"values", "measures"})
PENALTIES = frozenset({"months", "floor"})
WITH_THE = frozenset({"AE", "BS", "CF", "DO", "GB", "GM", "IM", "KM", "KY", "MV", "NL", "PH", "US"})
"""States whose English name takes an article in a sentence. Other languages avoid articles before names."""

DURATIONS: dict[str, Literal["hour", "day", "month", "year"]] = {
    "hours": "hour",
    "days": "day",
    "months": "month",
    "years": "year",
}
SECONDS = dict(TIMEDELTA_UNITS)
NUMBERED = re.compile(r"\d([^A-Z]|(?<=[\d(])[A-Z](?![A-Za-z]))*")
"""Articles that stand as numbers, such as `27(1)` or `2258A(h)`; others are texts of their own."""
NAMELESS = {"title": "title", "-": "no article"}
"""What stands for an article where the text was not read, or names none."""
PROTOCOL = re.compile(r"AP(\d) (.+)")
"""Articles of a protocol to the instrument: `AP2 3`."""
_PARTIAL = re.compile(r"\d{4}(-\d{2}){0,2}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_YEAR = re.compile(r"-(\d{4})$")


@dataclass(frozen=True)
class Tongue:
    """One language: the registry gives it names, the catalog gives it sentences."""

    registry: Registry
    locale: Locale
    catalog: Catalog

    @property
    def language(self) -> str:
        """The language that is spoken: that of the locale, or English where there is no catalog of it."""
        return self.catalog.language

    def say(self, message: str, **slots: str) -> str:
        """`message` (English) in this language, its slots filled as they are."""
        return self.catalog.told(message) % slots

    def phrase(self, claim: str, verdict: str, slots: Mapping[str, str]) -> str:
        """The sentence of a claim with its verdict; slots are codes and come out as words."""
        if claim == "force.linked" and self._own_law(slots.get("instrument", "")):
            claim = "force.law-linked"
        message = PHRASES.get(f"{claim}:{verdict}") or PHRASES[claim]
        words = _Words({name: self.filled(name, text) for name, text in slots.items()})
        words.otherwise = self.frame("anything")
        sentence = self.catalog.told(message) % words
        return sentence[:1].upper() + sentence[1:]

    def filled(self, slot: str, text: str) -> str:
        """What stands in a sentence for the content of a slot."""
        if slot in STATES and text in self.registry.jurisdictions:
            return self.state(text)
        if slot in DAYS:
            return self.day(text)
        if slot == "article":
            return self.article(text)
        if slot == "gate":
            return self.gate(text)
        if slot in PENALTIES:
            return self.penalty(text)
        if slot in LISTS:
            return self.listed([self.word(part) for part in text.split()]) or self.frame("anything")
        return self.word(text)

    # --- texts ---

    def frame(self, name: str, **slots: str) -> str:
        """One of the fixed frames, such as `by` or `article`."""
        return self.say(FRAMES[name], **slots)

    def label(self, name: str, **slots: str) -> str:
        """What stands around the sentences of an answer, such as `open` or `good until`."""
        return self.say(LABELS[name], **slots)

    def counted(self, name: str, number: int) -> str:
        """A text that changes with a number, such as `rejected`."""
        return self.catalog.told_for(number, *PLURALS[name]) % {"number": str(number)}

    def text(self, text: str) -> str:
        """A text of a law file in this language, or as it stands where no catalog has it."""
        return self.catalog.told(text)

    @property
    def notice(self) -> str:
        """What a reader must know of the translation; empty where there is nothing to say."""
        return self.frame("draft") if self.catalog.draft else ""

    # --- words ---

    def word(self, code: str) -> str:
        """A code as a reader should meet it: an instrument by its title, an offence by its name."""
        if code in WORDS:
            return self.say(WORDS[code])
        if code in self.registry.instruments:
            return self.instrument(code)
        if code in self.registry.offences:
            return self.text(self.registry.offences[code].name)
        if code in self.registry.jurisdictions:
            return self.state(code)
        if code in self.registry.providers:
            return self.registry.providers[code].name
        return code.replace("-", " ") if _SLUG.fullmatch(code) else self.text(code)

    def field(self, code: str) -> str:
        """A thing that a request must hold."""
        return self.say(FIELDS[code]) if code in FIELDS else self.word(code)

    def gate(self, code: str) -> str:
        """The name of a question of human rights."""
        return self.text(self.registry.gates[code].name) if code in self.registry.gates else self.word(code)

    def spoken(self, code: str) -> str:
        """The name of a language in this language."""
        return str(self.locale.languages.get(code) or code)

    def instrument(self, key: str) -> str:
        """The short title of an instrument; a treaty of two by its matter and its parties, where its own
        title has no translation."""
        instrument = self.registry.instruments[key]
        title = instrument.short or instrument.title
        if self.language == ENGLISH or self.catalog.holds(title) or instrument.form is not Form.BILATERAL:
            return self.text(title)
        kinds = {Kind.MLA, Kind.EXTRADITION} & set(instrument.kinds)
        matter = " both" if len(kinds) == 2 else f" {next(iter(kinds)).value}" if kinds else ""
        between = " – ".join(str(self._name(state)) for state in instrument.states)
        made = self.frame(f"pair{matter}", states=between)
        year = _YEAR.search(key)
        return self.frame("dated", title=made, year=year.group(1)) if year else made

    def state(self, code: str) -> str:
        """The name of a State or territory in this language."""
        name = self._name(code)
        return f"the {name}" if self.language == ENGLISH and code in WITH_THE else name

    def _name(self, code: str) -> str:
        return str(self.locale.territories.get(code) or self.registry.jurisdictions[code].name)

    def _own_law(self, key: str) -> bool:
        instrument = self.registry.instruments.get(key)
        return instrument is not None and instrument.form in ONE_SIDED

    # --- days, amounts, articles ---

    def day(self, text: str) -> str:
        """A day, month or year as it is written in this language; a day not known is said to be so."""
        if not text:
            return self.frame("unknown day")
        if not _PARTIAL.fullmatch(text) or len(text) == 4:
            return text
        if len(text) == 7:
            return str(format_skeleton("yMMMM", date.fromisoformat(f"{text}-01"), locale=self.locale))
        day = date.fromisoformat(text)
        pattern = "d MMMM y" if self.locale.language == ENGLISH else "long"
        written = str(format_date(day, pattern, locale=self.locale))
        # French writes the first of a month as an ordinal, which the CLDR leaves to the writer.
        return f"1er {written[2:]}" if self.locale.language == "fr" and day.day == 1 else written

    def article(self, text: str) -> str:
        """`27(1)` as "Article 27(1)"; a statute or practice under its own name stays as it is."""
        if text in NAMELESS:
            return self.frame(NAMELESS[text])
        if protocol := PROTOCOL.fullmatch(text):
            number, inside = protocol.groups()
            return self.frame("of protocol", number=number, article=self.article(inside))
        if not NUMBERED.fullmatch(text):
            return self.text(text)
        return self.frame("articles" if "," in text else "article", article=text)

    def articles(self, texts: list[str]) -> str:
        """Several articles in one breath: `Articles 23, 25(1) and 31`."""
        numbered = [text for text in texts if NUMBERED.fullmatch(text)]
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
            return self.amount(number // 12, "years")
        return self.amount(number, "months")

    def amount(self, number: int, unit: str) -> str:
        """`4 years`, `10 working days`: a number with the unit of a time limit."""
        if unit in DURATIONS:
            name = DURATIONS[unit]
            # Babel has the forms of a length of time in every language, those of a unit not in Arabic.
            length = timedelta(seconds=number * SECONDS[name])
            return format_timedelta(length, granularity=name, threshold=inf, locale=self.locale)
        return self.counted(unit, number) if unit in PLURALS else f"{number} {self.word(unit)}"

    def listed(self, words: list[str]) -> str:
        """`a, b and c`"""
        return str(format_list(list(dict.fromkeys(words)), locale=self.locale)) if words else ""

    def either(self, words: list[str]) -> str:
        """`a, b or c`"""
        return str(format_list(words, style="or", locale=self.locale)) if words else ""

    def series(self, parts: Iterable[str]) -> str:
        """Parts that are sentences or hold commas themselves: `a, b; c`."""
        told = list(dict.fromkeys(part for part in parts if part))
        return reduce(lambda first, then: self.frame("and", first=first, then=then), told) if told else ""

    def cited(self, citation: Citation) -> str:
        """Where a claim stands: article, source, its age, and whether it was recalled only."""
        if citation.instrument in self.registry.instruments:
            parts = [self.instrument(citation.instrument)]
        else:
            named = self.registry.titles_outside.get(citation.instrument)
            parts = [self.text(named)] if named else []
        if citation.article:
            parts.append(self.article(citation.article))
        source = self.registry.sources.get(citation.source)
        if citation.confidence == "memory":
            parts.append(self.frame("memory"))
        elif source is not None:
            parts.append(self.text(source.title))
        if citation.checked:
            parts.append(self.frame("as of", checked=self.day(citation.checked)))
        return ", ".join(parts)


class _Words(dict[str, str]):
    """Filled slots; one that a reason does not carry reads as what is asked."""

    otherwise = ""

    def __missing__(self, name: str) -> str:
        return self.otherwise


def tongue(registry: Registry, locale: str = "en") -> Tongue:
    """The tongue of `locale` (`en`, `fr`, `es-MX`). Raises BadInput for what is no language."""
    key = ("tongue", locale)
    found: Tongue | None = registry.memo.get(key)
    if found is None:
        named = _locale(locale)
        catalog = catalog_of(named.language)
        # A language without a catalog speaks English throughout: names and days too.
        spoken = named if catalog.language == named.language else Locale(ENGLISH)
        found = registry.memo[key] = Tongue(registry, spoken, catalog)
    return found


def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        raise BadInput(
            f"{name!r} is not a language.", where="locale", next_step="give a code such as en, fr or es"
        ) from None
