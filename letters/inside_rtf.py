"""Which words stand in RTF, and what in it cannot be read?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from letters.inside import Inside

WRITTEN = ("cp1250", "cp1251", "cp1253", "cp1256", "gb18030", "shift_jis", "euc_kr", "big5")
"""Ways to write a text of eight bits that does not say how, beside that of Western Europe."""

_SIGN = re.compile(r"\\u(-?\d{1,6}) ?(?:\\'[0-9a-fA-F]{2}|\?)?|((?:\\'[0-9a-fA-F]{2})+)")
_HIGH = re.compile(r"\\'[89a-fA-F][0-9a-fA-F]")
_LINE = re.compile(r"\\(?:par|line|tab|cell|row)\b ?")
_REST = re.compile(r"\\[a-zA-Z]+-?\d* ?|\\[^a-zA-Z]|[{}]")
_LOOKS = re.compile(r"\{\\(?:fonttbl|stylesheet|colortbl)\b(?:[^{}]|\{[^{}]*\})*\}")
_DATA = re.compile(r"[0-9a-fA-F]{256,}")
"""A picture, written out: it would take the room of the words."""


def ways(text: str, place: str, found: Inside) -> Iterator[str]:
    """The words, in each way in which its signs of eight bits may be meant: which one a font says, and it may
    change from word to word."""
    if "\\pict" in text:
        found.miss(place, "picture")
    if "\\objdata" in text:
        found.miss(place, "kind")
    said = _DATA.sub(" ", _LOOKS.sub(" ", re.sub(r"[\r\n]", "", text)))
    for encoding in ("cp1252", *(WRITTEN if _HIGH.search(said) else ())):
        yield _words(said, encoding)


def _words(text: str, encoding: str) -> str:
    def sign(match: re.Match[str]) -> str:
        if match[1] is not None:
            number = int(match[1]) % 65_536
            return "" if 0xD800 <= number < 0xE000 else chr(number)
        return bytes.fromhex(match[2].replace("\\'", "")).decode(encoding, "replace")

    return _REST.sub("", _LINE.sub("\n", _SIGN.sub(sign, text)))
