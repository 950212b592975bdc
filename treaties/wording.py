"""Which words inside rules mean nothing: values of tests, languages, articles of reservations?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from babel import Locale

from schemas.law import Instrument, Rule, Test
from schemas.vocabulary import Measure
from treaties.held import RULE_LISTS
from treaties.registry import Registry

COUNTS_AS = frozenset({"mla-treaty", "extradition-treaty", "reciprocal-legislation"})
"""What an instrument can be for the fallback clauses of others."""

Wrong = tuple[str, str, str]


def wording(registry: Registry) -> Iterator[Wrong]:
    """Every word that means nothing: where it stands, what is wrong, what to do."""
    for key, instrument in registry.instruments.items():
        for value in instrument.counts_as:
            yield from _unknown(f"instruments/{key}.yml", "counts_as", value, COUNTS_AS)
        for where, rule in _rules(key, instrument):
            for test in rule.when:
                yield from _test(registry, where, test)
        for row in instrument.languages:
            yield from _languages(f"{key}:{row.id}", row.codes)
    for code, state in registry.jurisdictions.items():
        yield from _languages(f"states/{code}.yml", state.official_languages)
        for language in state.languages:
            yield from _languages(f"{code}:{language.id}", language.codes)
        for authority in state.authorities:
            yield from _languages(f"{code}:{authority.id}", authority.languages)
    for key, provider in registry.providers.items():
        yield from _languages(f"providers/{key}.yml", provider.languages)


def _rules(key: str, instrument: Instrument) -> Iterator[tuple[str, Rule]]:
    for name in RULE_LISTS:
        for row in getattr(instrument, name):
            yield f"{key}:{row.id}", row


def _test(registry: Registry, where: str, test: Test) -> Iterator[Wrong]:
    known: dict[str, Iterable[str]] = {
        "none-in-force": COUNTS_AS,
        "both-bound": registry.instruments,
        "not-both-bound": registry.instruments,
        "requested-is": registry.jurisdictions,
        "requested-is-not": registry.jurisdictions,
        "requesting-is": registry.jurisdictions,
        "one-side-is": registry.jurisdictions,
        "measure-is": [measure.value for measure in Measure],
    }
    if test.test not in known:
        return
    if not test.values:
        yield where, f"The test {test.test!r} has no values.", "say against what it tests"
    for value in test.values:
        yield from _unknown(where, test.test, value, known[test.test])


def _languages(where: str, codes: Iterable[str]) -> Iterator[Wrong]:
    for code in codes:
        if code not in _known_languages():
            yield where, f"{code!r} is not the code of a language.", "use ISO 639 codes, such as en or pt"


@lru_cache(maxsize=1)
def _known_languages() -> Mapping[str, Any]:
    return dict(Locale("en").languages)


def _unknown(where: str, kind: str, word: str, known: Iterable[str]) -> Iterator[Wrong]:
    words = list(known)
    if word not in words:
        near = get_close_matches(word, words, n=2, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "use a known word"
        yield where, f"{word!r} is not a known value of {kind!r}.", hint
