"""Which words should be others, and why? After the Luxembourg Guidelines, save in quoted statutes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import Field

from letters.form import FOLDER, Row, Text, read_text
from letters.sheet import Draft, Passage
from schemas.request import Request

LANGUAGE = "en"
"""The language of the list: words of another are not checked, and the answer says so by having none."""


class Term(Row):
    """One entry of `forms/terms.yml`."""

    find: tuple[Text, ...] = Field(min_length=1)
    prefer: Text
    why: Text
    level: Literal["change", "look"]
    source: str


@dataclass(frozen=True, slots=True)
class Remark:
    """`found` at `place` should be `prefer`, because `why`; `level` look: only if it is meant so."""

    place: str
    found: str
    prefer: str
    why: str
    level: Literal["change", "look"]
    source: str


@cache
def terms() -> tuple[Term, ...]:
    """The list."""
    return tuple(Term.model_validate(row) for row in read_text(FOLDER / "terms.yml"))


def remarks(texts: Mapping[str, str]) -> tuple[Remark, ...]:
    """What to write otherwise in `texts` (place to text), in their order. The longest entry counts."""
    found: list[Remark] = []
    for place, text in texts.items():
        taken: list[tuple[int, int]] = []
        here: list[tuple[int, Remark]] = []
        for pattern, term in _patterns():
            for match in pattern.finditer(text):
                if not any(first < match.end() and match.start() < last for first, last in taken):
                    taken.append(match.span())
                    said = Remark(place, match[0], term.prefer, term.why, term.level, term.source)
                    here.append((match.start(), said))
        found += [remark for _, remark in sorted(here, key=lambda each: each[0])]
    return tuple(found)


def in_draft(draft: Draft) -> tuple[Remark, ...]:
    """Remarks on the English words of a letter. Quoted law keeps its own."""
    texts: dict[str, str] = {}
    for passage in draft.passages:
        if not passage.statute:
            texts |= _english(passage, draft.language)
    return remarks(texts)


def in_request(request: Request) -> tuple[Remark, ...]:
    """Remarks on the words of a request in English, before any letter is drafted from it."""
    if request.language != LANGUAGE:
        return ()
    texts = {f"contents.{slug}": text for slug, text in request.contents.items()}
    if request.urgency_reason:
        texts["urgency_reason"] = request.urgency_reason
    if request.necessity:
        told = request.necessity.model_dump(exclude={"authorised_by", "authorised_on"})
        texts |= {f"necessity.{name}": str(text) for name, text in told.items()}
    return remarks({place: _unquoted(text) for place, text in texts.items()})


def _english(passage: Passage, language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if passage.lang == LANGUAGE:
        found[passage.id] = _unquoted(passage.text)
    if passage.target and language == LANGUAGE:
        found[f"{passage.id} (translation)"] = _unquoted(passage.target)
    return found


def _unquoted(text: str) -> str:
    """Without what stands in quotation marks: names of acts and words of others."""
    return re.sub(r"[“«„][^”»“]*[”»“]|\"[^\"]*\"", lambda quote: " " * len(quote[0]), text)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Term], ...]:
    pairs = [(word, term) for term in terms() for word in term.find]
    pairs.sort(key=lambda pair: -len(pair[0]))
    return tuple((re.compile(_spelled(word), re.IGNORECASE), term) for word, term in pairs)


def _spelled(word: str) -> str:
    """The words with any blanks or hyphens between them, and in the plural."""
    parts = [re.escape(part) for part in re.split(r"[\s-]+", word)]
    return r"(?<!\w)" + r"[\s\-\u2010\u2011]+".join(parts) + r"(?:s|es)?(?!\w)"
