"""In which language is a page, and where do its texts come from?

The texts stand in English in the templates and modules of the pages; `desk/locale/<language>/LC_MESSAGES/
desk.po` holds the others. They are read as text: an installation needs no compiled files.
"""

from __future__ import annotations

import io
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog as Messages
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent.parent / "locale"
DOMAIN = "desk"
ENGLISH = "en"
NOBODY = frozenset({"", Messages().last_translator})
"""What `Last-Translator` says as long as nobody who speaks the language has reviewed the catalog."""

LANGUAGES = {"en": "English", "fr": "Français", "es": "Español", "ar": "العربية"}
"""Languages of the pages, each by its own name. What has no text in one is shown in English."""


def N_(message: str) -> str:
    """Marks a text for the catalogs where it is named, not shown."""
    return message


@lru_cache(maxsize=8)
def catalog(language: str) -> NullTranslations:
    """The texts of `language`; English ones where it has none."""
    path = LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=language, domain=DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return GNUTranslations(compiled)


@lru_cache(maxsize=8)
def draft(language: str) -> bool:
    """Are the texts of `language` not yet reviewed by anybody? Its catalog names who did."""
    path = LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN).last_translator.strip() in NOBODY


@lru_cache(maxsize=8)
def locale(language: str) -> Locale:
    """How days, numbers and names are written in `language`; English with the day before the month."""
    return Locale.parse("en_GB" if language == ENGLISH else language)


def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return Locale.parse(language).text_direction
