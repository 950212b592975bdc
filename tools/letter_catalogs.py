"""How do the catalogs of letters follow their texts? `python -m tools.letter_catalogs [--check]`

Writes the template `letters.pot` from the program and the forms, and brings the catalog of each language up
to it: new texts come in empty, texts that are gone go out, nothing is guessed. Languages without prescribed
forms need no texts of those.
"""

from __future__ import annotations

import sys
from pathlib import Path

from letters.form import OWN_LETTERS, PRESCRIBED, forms, names
from letters.speech import DOMAIN, ENGLISH, LOCALES
from letters.texts import all_texts
from tools.catalogs import brought_up, followed, template, written


def texts_for(language: str) -> list[str]:
    """Every text a letter in `language` may show."""
    found = dict.fromkeys(all_texts())
    for form in forms().values():
        if language in form.languages:
            found |= dict.fromkeys(form.texts)
    return list(found | dict.fromkeys(names()))


def files() -> dict[Path, bytes]:
    """The template and every catalog as it should be."""
    whole = template(DOMAIN, texts_for(PRESCRIBED[0]))
    found = {LOCALES / f"{DOMAIN}.pot": written(whole)}
    for language in OWN_LETTERS:
        if language != ENGLISH:
            path = LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
            found[path] = written(followed(path, language, template(DOMAIN, texts_for(language))))
    return found


def main(arguments: list[str] | None = None) -> int:
    """Write what changed; with --check only say it, and end with 1 if anything would."""
    return brought_up(files(), LOCALES, "python -m tools.letter_catalogs", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
