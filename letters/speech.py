"""How are texts, days, States, amounts and lists said in the language of a letter?

Texts come from `locale/<language>/LC_MESSAGES/letters.po`, read as they are: no compiled files are needed.
Everything else is the CLDR's, by way of Babel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

from letters.form import OWN_LETTERS
from letters.sheet import Piece
from letters.texts import WORDS
from schemas.errors import UnknownWord
from schemas.reasoning import LIFE

LOCALES = Path(__file__).parent / "locale"
DOMAIN = "letters"
ENGLISH = "en"
NOBODY = frozenset({"", Catalog().last_translator})
COMMAS = {"ar": "\u060c ", "zh": "\uff0c"}
"""What stands between two parts of a line, where it is not a comma and a space."""
_SLOT = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Speech:
    """One language. `draft`: nobody who speaks it has reviewed its catalog."""

    language: str
    locale: Locale
    zone: ZoneInfo
    texts: Mapping[str, str] = field(default_factory=dict)
    draft: bool = False

    @property
    def rtl(self) -> bool:
        """Is it written from right to left?"""
        return str(self.locale.text_direction) == "rtl"

    @property
    def comma(self) -> str:
        """What stands between two parts of a line."""
        return COMMAS.get(self.language, ", ")

    def told(self, text: str) -> str:
        """The text for an English one; the English one where there is none."""
        return self.texts.get(text, text)

    def own(self, text: str) -> Piece:
        """The same as a run, which knows its language."""
        said = text in self.texts or self.language == ENGLISH or not text
        return Piece(text=self.told(text), lang=self.language if said else ENGLISH)

    def say(self, text: str, **slots: Piece | str) -> tuple[Piece, ...]:
        """A text with its slots as runs of their own, so that a name or number keeps its direction."""
        parts = _SLOT.split(self.told(text))
        found: list[Piece] = []
        for place, part in enumerate(parts):
            if place % 2:
                slot = slots[part]
                found.append(slot if isinstance(slot, Piece) else self.plain(slot))
            elif part:
                found.append(self.plain(part))
        return tuple(found)

    def plain(self, text: str) -> Piece:
        """A run in this language."""
        return Piece(text=text, lang=self.language)

    def day(self, day: date) -> str:
        """A day, written out."""
        if self.language == ENGLISH:
            return str(format_date(day, "d MMMM y", locale=self.locale))
        written = str(format_date(day, "long", locale=self.locale))
        # French writes the first of a month as an ordinal, which the CLDR leaves to the writer.
        return f"1er {written[2:]}" if self.language == "fr" and day.day == 1 else written

    def moment(self, at: datetime) -> str:
        """A moment in the house's own time zone, with the zone."""
        here = at.astimezone(self.zone)
        clock = format_datetime(here, "HH:mm", tzinfo=self.zone, locale=self.locale)
        return f"{self.day(here.date())}{self.comma}{clock} (UTC{here:%z})"

    def day_of(self, at: datetime) -> date:
        """The day a moment falls on in the house's own time zone."""
        return at.astimezone(self.zone).date()

    def state(self, code: str) -> str:
        """The name of a State."""
        return str(self.locale.territories.get(code) or code)

    def spoken(self, code: str) -> str:
        """The name of a language."""
        return str(self.locale.languages.get(code) or code)

    def listed(self, words: Iterable[str]) -> str:
        """`a, b and c`"""
        told = list(words)
        return str(format_list(told, locale=self.locale)) if told else ""

    def number(self, number: int) -> str:
        """A whole number with its groups."""
        return str(format_decimal(number, locale=self.locale))

    def penalty(self, months: int) -> str:
        """A length of imprisonment."""
        if months >= LIFE:
            return self.told(WORDS["life"])
        if months and months % 12 == 0:
            return str(format_unit(months // 12, "duration-year", locale=self.locale))
        return str(format_unit(months, "duration-month", locale=self.locale))


def speech(language: str, zone: str = "UTC") -> Speech:
    """The speech of `language`. Raises UnknownWord for one in which no letters are written."""
    if language not in OWN_LETTERS:
        raise UnknownWord("language of letters", language, OWN_LETTERS, where="language")
    texts, draft = _texts(language)
    return Speech(language, Locale.parse(language), ZoneInfo(zone), texts, draft)


@cache
def _texts(language: str) -> tuple[Mapping[str, str], bool]:
    path = LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if language == ENGLISH or not path.is_file():
        return {}, language != ENGLISH
    with path.open("rb") as file:
        read = read_po(file, locale=language, domain=DOMAIN)
    # A doubtful translation may say the opposite: English is safer.
    texts = {str(m.id): str(m.string) for m in read if m.id and m.string and not m.fuzzy}
    return texts, read.last_translator.strip() in NOBODY
