"""How do the catalogs of the pages follow their texts? `make words`, or with --check only look

Reads the texts marked in the templates and modules of the pages, writes the template `desk.pot`, and brings
the catalog of each language up to it: new texts come in empty, old ones go out, nothing is guessed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_file

from desk.web.look import PAGES
from desk.web.words import DOMAIN, ENGLISH, LANGUAGES, LOCALES
from letters.carriers.manual import MANUAL
from tools.catalogs import Text, brought_up, followed, template, written

MODULES = Path(__file__).parent.parent / "desk" / "web"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "say": None,
    "gettext": None,
    "ngettext": (1, 2),
}
_TEMPLATES = {"trimmed": "true", "encoding": "utf-8"}


def texts() -> list[Text]:
    """Every text that a page may show, in the order of their files; then what a person does who carries a
    letter by hand."""
    found: dict[Text, None] = {}
    for method, files in (
        ("jinja2.ext:babel_extract", sorted(PAGES.rglob("*.html"))),
        ("python", sorted(MODULES.rglob("*.py"))),
    ):
        options: dict[str, Any] = dict(_TEMPLATES) if method != "python" else {}
        for path in files:
            for _, message, _, _ in extract_from_file(method, path, keywords=KEYWORDS, options=options):
                if isinstance(message, str) and message:
                    found[message] = None
                elif isinstance(message, tuple) and message[0]:
                    found[message[0], message[1]] = None
    for way in MANUAL.values():
        found |= dict.fromkeys([way.title, *way.steps, way.posted, way.received])
    return list(found)


def files() -> dict[Path, bytes]:
    """The template and every catalog as it should be."""
    new = template(DOMAIN, texts())
    found = {LOCALES / f"{DOMAIN}.pot": written(new)}
    for language in LANGUAGES:
        if language != ENGLISH:
            path = LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
            found[path] = written(followed(path, language, new))
    return found


def main(arguments: list[str] | None = None) -> int:
    """Write what changed; with --check only say it, and end with 1 if anything would."""
    return brought_up(files(), LOCALES, "python -m tools.page_catalogs", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
