"""Where do the texts of a language come from?

Two catalogs hold each language: `law`, the sentences and closed words of the program, and `registry`, texts
of the shipped law files (titles, names of offences, conditions, events). They are read from their `.po` text,
so that an installation needs no compiled files. A language without catalogs speaks English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog as Messages
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locale"
DOMAINS = ("law", "registry")
ENGLISH = "en"
NOBODY = frozenset({"", Messages().last_translator})
"""What `Last-Translator` says as long as nobody who speaks the language has reviewed the catalog."""


def _one_or_many(number: int) -> int:
    return int(number != 1)


@dataclass(frozen=True)
class Catalog:
    """What one language has a text for. `draft`: nobody who speaks it has reviewed it; `whole`: the texts of
    the law files are among them, not only the sentences of the program."""

    language: str = ENGLISH
    texts: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form: Callable[[int], int] = _one_or_many
    draft: bool = False
    whole: bool = True

    def holds(self, message: str) -> bool:
        """Is there a text of its own for `message`?"""
        return message in self.texts

    def told(self, message: str) -> str:
        """The text for an English one; the English one where there is none."""
        return self.texts.get(message, message)

    def told_for(self, number: int, singular: str, plural: str) -> str:
        """The one of several forms that goes with `number`."""
        forms = self.plurals.get(singular, (singular, plural))
        return forms[int(self.form(number))]


def languages() -> tuple[str, ...]:
    """Codes of the languages that are spoken here, English among them."""
    return tuple(sorted({ENGLISH, *(path.parent.parent.name for path in LOCALES.glob("*/*/law.po"))}))


@lru_cache(maxsize=16)
def catalog_of(language: str) -> Catalog:
    """The catalogs of `language`, or English where there are none."""
    paths = [LOCALES / language / "LC_MESSAGES" / f"{domain}.po" for domain in DOMAINS]
    read = [_read(path, language) for path in paths if path.is_file()]
    if not read:
        return Catalog()
    texts: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for messages in read:
        for message in messages:
            # A doubtful translation may say the opposite: English is safer.
            if not message.id or not message.string or message.fuzzy:
                continue
            if isinstance(message.id, str):
                texts[message.id] = str(message.string)
            else:
                plurals[message.id[0]] = tuple(message.string)
    draft = any(messages.last_translator.strip() in NOBODY for messages in read)
    whole = any(message.string for message in read[-1] if message.id)
    return Catalog(language, texts, plurals, c2py(read[0].plural_expr), draft, whole)


def _read(path: Path, language: str) -> Messages:
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=path.stem)
