"""Where does a claim stand, how old is that reading, and was it read at all? In the visitor's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from unicodedata import bidirectional

from babel.dates import format_date, format_skeleton, format_timedelta

from desk.web import words
from desk.web.look import Speaker
from desk.web.words import N_
from schemas.law import Fact
from schemas.span import last_day
from schemas.vocabulary import Confidence
from treaties.registry import Registry
from treaties.tongue import Tongue, tongue

Json = Mapping[str, Any]
MARKS = {"yes": "✓", "no": "✗", "unknown": "?"}
"""A sign beside the word of a verdict: nobody has to tell colours apart."""

READ = N_("read %(age)s")
UNDATED = N_("read, on a day that is not recorded")
SEEN = N_("Read as of %(day)s, %(age)s.")
PARTLY = N_("Titles and notes of the law files stand in English.")
SEEN_SOME_DAY = N_("The day of the reading is not recorded.")


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation. `what`: instrument and article in the language of the law; `read`: how long ago it was
    read, in the visitor's, empty for what was only recalled; `key`: the instrument, if it has a page;
    `note`: number of its source among those of the page (0: none)."""

    what: str
    read: str
    memory: bool
    key: str = ""
    note: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """One source as it stands at the foot of a page: `title` in the language of the law."""

    number: int
    title: str
    publisher: str
    address: str
    seen: str


class Voice:
    """Says law to one visitor: `law` in the language the law can speak, all else in the visitor's own.

    `foreign`: the law cannot speak the visitor's language, and its sentences stand in `law_language`.
    """

    def __init__(self, registry: Registry, language: str, today: date) -> None:
        self.registry, self.language, self.today = registry, language, today
        self.law: Tongue = tongue(registry, language)
        self.own = Speaker(language)
        self._texts = words.catalog(language)
        self._notes: dict[tuple[str, str], Note] = {}

    @property
    def law_language(self) -> str:
        """In which language the sentences of the law stand."""
        return self.law.language

    @property
    def foreign(self) -> bool:
        """Do the sentences of the law stand in another language than the page?"""
        return self.law.language != self.language

    def say(self, message: str, **given: object) -> str:
        """An English text of the pages in the visitor's language."""
        text = self._texts.gettext(message)
        return text % given if given else text

    def label(self, kind: str, code: object) -> str:
        """What a code of a closed list is called."""
        return self.own.label(code, kind)

    def tongue_of(self, text: str) -> str:
        """The language in which a text of a law file stands where that is not the page's own: English, for
        want of a translation. Whoever reads aloud has to know (WCAG 3.1.2)."""
        here = not text or self.language == words.ENGLISH or self.law.catalog.holds(text)
        return "" if here else words.ENGLISH

    def runs(self, text: str) -> str:
        """`rtl` or `ltr`."""
        return direction_of(text)

    def isolated(self, text: str) -> str:
        """A text of the law inside a sentence of the page; kept apart where they may run opposite ways."""
        return f"\u2068{text}\u2069" if self.foreign else text

    def partial(self, day: str) -> str:
        """A year, a month or a day as the visitor writes it."""
        if len(day) == 4:
            return day
        if len(day) == 7:
            return str(format_skeleton("yMMMM", date.fromisoformat(f"{day}-01"), locale=self.own.locale))
        return str(format_date(date.fromisoformat(day), "long", locale=self.own.locale))

    def cited(self, one: Json) -> Cited:
        """A citation of an answer."""
        key, article = str(one.get("instrument") or ""), str(one.get("article") or "")
        return self._cited(
            self.place(key, article),
            source=str(one.get("source") or ""),
            checked=str(one.get("checked") or ""),
            memory=one.get("confidence") == Confidence.MEMORY.value,
            key=key if key in self.registry.instruments else "",
        )

    def fact(self, row: Fact) -> Cited:
        """Where a row of the registry was read."""
        memory = row.confidence is Confidence.MEMORY
        return self._cited(row.place, source=row.source, checked=row.checked or "", memory=memory)

    def place(self, key: str, article: str) -> str:
        """Instrument and article, as far as they are named."""
        parts = [self.title(key)] if key else []
        return ", ".join([*parts, self.law.article(article)] if article else parts)

    def title(self, key: str) -> str:
        """The title of an instrument, or of a text that is only cited; the key where neither is known."""
        if key in self.registry.instruments:
            return self.law.instrument(key)
        outside = self.registry.titles_outside.get(key)
        return self.law.text(outside) if outside else key

    @property
    def notice(self) -> str:
        """What a reader must know of the language of the law here; empty where there is nothing to say."""
        parts = [self.law.notice, "" if self.law.catalog.whole else self.say(PARTLY)]
        return " ".join(part for part in parts if part)

    @property
    def notes(self) -> tuple[Note, ...]:
        """The sources of everything cited so far, by number: they stand once, at the foot of the page."""
        return tuple(self._notes.values())

    def _cited(self, what: str, *, source: str, checked: str, memory: bool, key: str = "") -> Cited:
        if memory:
            return Cited(what, "", True, key)
        known = self.registry.sources.get(source)
        day = checked or (known.as_of if known is not None and known.as_of else "")
        age = self.age(day) if day else ""
        found = self._notes.get((source, day))
        if found is None and known is not None:
            seen = self.say(SEEN, day=self.partial(day), age=age) if day else self.say(SEEN_SOME_DAY)
            title, number = self.law.text(known.title), len(self._notes) + 1
            found = self._notes[source, day] = Note(number, title, known.publisher, known.address, seen)
        read = self.say(READ, age=age) if day else self.say(UNDATED)
        return Cited(what, read, False, key, found.number if found is not None else 0)

    def age(self, day: str) -> str:
        """How long ago a day, month or year ended, in words."""
        passed = min(last_day(day), self.today) - self.today
        return format_timedelta(
            passed, granularity="day", threshold=1.2, add_direction=True, locale=self.own.locale
        )


def direction_of(text: str) -> str:
    """The way in which a text of the law runs: from the right as soon as one letter of it does."""
    return "rtl" if any(bidirectional(letter) in ("R", "AL") for letter in text) else "ltr"


def cited_once(voice: Voice, citations: Iterable[Json]) -> tuple[Cited, ...]:
    """Each citation once, in order."""
    return tuple(dict.fromkeys(voice.cited(one) for one in citations))
