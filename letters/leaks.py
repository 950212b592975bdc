"""Does a protected name stand in anything that is about to leave?

The names are given at the call (those guarded for a case lie sealed with it: `desk.guarded`), and no answer
repeats them: it says where, not what, also where the place itself is called so. They are found in any case,
with or without accents, spaced out, joined, hyphenated, in either order, or with the letters that German
spells out.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from schemas.errors import BadInput, RogatoryError

SHORT = 5
"""A name of fewer letters is looked for as a whole word only: it stands inside too many others."""
SURE = 7
"""A name of fewer letters is not looked for across the middles of two words: "Ann Li" stands in every "mann
lief" of a long document."""
SHORTEST_PART = 3
_KEY = " in it)"
"""How the place of a key ends. Keys are mostly our own words: a whole name is looked for there, no part."""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts that write no blanks between words: names stand inside longer strings there."""
_WORD = re.compile(r"[^\W_]+")
_BROKEN_OFF = re.compile(r"(?<![^\W_])[^\W_]++(?:[-\u2010] *\n\s*+[^\W_]++)+")
"""A word that goes on in the next line. Looked for at the start of each word only, and never twice: there are
texts of a million letters without a blank."""
_STRETCH = "\u0640"
"""Makes an Arabic word longer, as wide as the line wants it."""
_SPELLED = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "å": "aa",
        "ø": "oe",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
    }
)


@dataclass(frozen=True, slots=True)
class Leak:
    """`place` where a protected name stands: whole, or a part of it. `name`: which of those given, from 1."""

    place: str
    name: int
    how: Literal["whole", "part"]


class NameLeaks(RogatoryError):
    """A protected name stands in what was about to leave."""

    code = "protected-name"
    status = 409


def leaks(texts: Mapping[str, str], protected: Iterable[str]) -> tuple[Leak, ...]:
    """Where any of the `protected` names stands in `texts` (place to text). Raises BadInput for a name
    without letters, which would protect nobody."""
    wanted = [_name(number, name) for number, name in enumerate(protected, start=1)]
    found: list[Leak] = []
    for place, text in texts.items():
        forms = _forms(text)
        for number, (wholes, parts) in enumerate(wanted, start=1):
            if any(_holds(form, whole) for form in forms for whole in wholes):
                found.append(Leak(place, number, "whole"))
            elif not place.endswith(_KEY) and any(part in form.words for form in forms for part in parts):
                found.append(Leak(place, number, "part"))
    return tuple(found)


def require_none(texts: Mapping[str, str], protected: Iterable[str]) -> None:
    """Raises NameLeaks with the places, never the name."""
    wanted = tuple(protected)
    refuse(leaks(texts, wanted), wanted)


def refuse(found: Sequence[Leak], names: tuple[str, ...]) -> None:
    """Raises NameLeaks where any was found."""
    if found:
        raise NameLeaks(
            f"A protected name stands in what is to leave: {len(found)} times.",
            where=", ".join(told(found, names)),
            next_step="write the pseudonym there; what cannot do without the identity goes in a sealed annex",
        )


def places(texts: Mapping[str, str], protected: Iterable[str]) -> tuple[str, ...]:
    """Where any of the `protected` names stands in `texts`, each place once. Raises as `leaks`."""
    wanted = tuple(protected)
    return told(leaks(texts, wanted), wanted)


def told(found: Iterable[Leak], names: tuple[str, ...]) -> tuple[str, ...]:
    """The places; one that is called by a name itself is told as what it lies in."""
    return tuple(dict.fromkeys(unnamed(leak.place, names) for leak in found))


def unnamed(place: str, names: tuple[str, ...]) -> str:
    """The place, or what it lies in where it is itself called by one of the `names`."""
    while "." in place and leaks({"": place}, names):
        place = place.rpartition(".")[0]
    return place


def texts_in(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text of plain JSON data with its place, keys included."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for number, (key, inner) in enumerate(value.items()):
            # each at a place of its own: in a table by place the last one would hide the others
            yield f"{place} (name {number}{_KEY}", str(key)
            yield from texts_in(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from texts_in(inner, f"{place}.{number}")


def texts_of_json(content: bytes, place: str) -> dict[str, str]:
    """Every text inside a JSON document: escapes cannot hide a name."""
    return {where: text for where, text in texts_in(json.loads(content), place) if text}


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to spell a text: its words, and all letters run together with the places where words begin."""

    words: frozenset[str]
    joined: str
    edges: frozenset[int]


def _forms(text: str) -> tuple[_Form, ...]:
    return tuple(dict.fromkeys(_form(spelling) for spelling in _spellings(text)))


def _form(text: str) -> _Form:
    words = _WORD.findall(text)
    whole = ("".join(_WORD.findall(parts)) for parts in _BROKEN_OFF.findall(text))
    edges, at = {0}, 0
    for word in words:
        at += len(word)
        edges.add(at)
    return _Form(frozenset((*words, *whole)), "".join(words), frozenset(edges))


def _holds(form: _Form, name: str) -> bool:
    anywhere = len(name) >= SURE or bool(_UNSPACED.search(name))
    in_words = anywhere or len(name) >= SHORT
    at = form.joined.find(name)
    while at >= 0:
        end = at + len(name)
        if anywhere or (at in form.edges and end in form.edges):
            return True
        if in_words and form.edges.isdisjoint(range(at + 1, end)):
            return True
        at = form.joined.find(name, at + 1)
    return False


def _name(number: int, name: str) -> tuple[frozenset[str], frozenset[str]]:
    """All spellings of a whole name, and of its parts."""
    wholes: set[str] = set()
    parts: set[str] = set()
    for spelling in _spellings(name):
        words = _WORD.findall(spelling)
        wholes |= {"".join(words), "".join(reversed(words))}
        if len(words) > 2:
            wholes |= {words[0] + words[-1], words[-1] + words[0]}
        parts |= {word for word in words if len(word) >= SHORTEST_PART}
    wholes.discard("")
    if not wholes or max(map(len, wholes)) < 2:
        raise BadInput(
            f"Protected name {number} has no letters to look for.",
            where=f"protected.{number - 1}",
            next_step="give the whole name",
        )
    return frozenset(wholes), frozenset(parts)


def _spellings(text: str) -> tuple[str, ...]:
    """Without accents; and with German letters spelled out. Signs that say nothing are gone."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    seen = "".join(sign for sign in folded if sign != _STRETCH and unicodedata.category(sign) != "Cf")
    bare = unicodedata.normalize("NFKD", seen)
    plain = "".join(sign for sign in bare if not unicodedata.combining(sign))
    spelled = unicodedata.normalize("NFC", seen).translate(_SPELLED)
    spelled = "".join(s for s in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(s))
    return tuple(dict.fromkeys((plain.translate(_SPELLED), spelled)))
