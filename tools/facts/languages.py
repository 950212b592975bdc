"""Which ISO 639-1 code does a language named in English have?"""

from __future__ import annotations

import re

from babel import Locale

_OTHER = {
    "bangla": "bn",
    "chinese (mandarin)": "zh",
    "malay": "ms",
    "norwegian": "no",
    "persian": "fa",
    "dari": "fa",
    "divehi": "dv",
    "dhivehi": "dv",
    "montenegrin": "",
    "tetum": "",
    "haitian creole": "ht",
    "english in courts": "en",
    "english used": "en",
    "swiss german": "de",
    "southern sotho": "st",
    "swati": "ss",
    "kirundi": "rn",
    "rundi": "rn",
}
_NAMES = {
    name.lower(): code
    for code, name in Locale("en").languages.items()
    if len(code) == 2 and code not in {"mo", "sh"}
}


def codes(text: str) -> tuple[str, ...]:
    """ISO 639-1 codes for names between semicolons, or codes between spaces; the unknown drop out.

    >>> codes("German; English; French"), codes("de fr it")
    (('de', 'en', 'fr'), ('de', 'fr', 'it'))
    """
    if re.fullmatch(r"[a-z]{2}( [a-z]{2})*", text.strip()):
        return tuple(text.split())
    found: list[str] = []
    for part in re.split(r"[;,]| and(?:/or)? | or ", text):
        name = re.sub(r"\s*\(.*\)", "", part).strip().lower()
        code = _OTHER.get(name, _NAMES.get(name, ""))
        if code and code not in found:
            found.append(code)
    return tuple(found)
