"""Does every language have a text for everything, with the same slots, and does no reader meet a code?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from desk.cli import made
from desk.cli.frame import run
from schemas.errors import BadInput, UnknownWord
from schemas.reasoning import LIFE, OffenceAsked, Question
from schemas.vocabulary import Kind, Measure
from tests.law.registries import act, ask, candidate, instrument, parties, registry
from tools import catalogs as making
from treaties import catalogs
from treaties.basis import find_bases
from treaties.catalogs import DOMAINS, LOCALES, catalog_of, languages
from treaties.catalogs import Catalog as Texts
from treaties.explain import asked, gated, sentences, why
from treaties.lexicon import WORDS
from treaties.load import shipped
from treaties.papers import FIELDS
from treaties.tongue import tongue

TRANSLATED = ("es", "fr")
SLOT = re.compile(r"%\((\w+)\)s")


def catalog(language: str, domain: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def forms(text: Any) -> list[str]:
    """A text, or all forms of one that changes with a number."""
    return [text] if isinstance(text, str) else list(text)


def slots(text: Any) -> list[list[str]]:
    return [sorted(SLOT.findall(form)) for form in forms(text)]


# --- the files ----------------------------------------------------------------------------------------


def test_four_languages_are_spoken_and_arabic_names_the_law_in_english() -> None:
    assert languages() == ("ar", "en", "es", "fr")
    assert [language for language in languages() if not catalog_of(language).whole] == ["ar"]


def test_templates_and_catalogs_follow_the_texts() -> None:
    stale = [path.name for path, content in making.files().items() if path.read_bytes() != content]
    assert stale == [], "run `python -m tools.catalogs`, then translate what came in empty"


@pytest.mark.parametrize(("language", "domain"), [*product(TRANSLATED, DOMAINS), ("ar", "law")])
def test_every_text_is_translated_with_the_same_slots(language: str, domain: str) -> None:
    read = catalog(language, domain)
    assert len(read) > 300
    for message in read:
        if not message.id:
            continue
        assert all(forms(message.string)), message.id
        assert not message.fuzzy, message.id
        for found in slots(message.string):
            assert found == slots(message.id)[0], message.id
    assert not read.obsolete


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_changes_with_a_number_has_every_form(language: str) -> None:
    speech = tongue(shipped(), language)
    one, many = (speech.counted("rejected", number) for number in (1, 2))
    assert one != many
    assert (one[0], many[0]) == ("1", "2")
    # French counts nothing as one, Spanish as many.
    assert (
        speech.counted("working-days", 0)
        == {
            "fr": "0 jour ouvrable",
            "es": "0 días hábiles",
        }[language]
    )


def test_a_sentence_is_no_other_sentence_in_any_language() -> None:
    """Two claims that say the opposite must not come out as one text."""
    for language in (*TRANSLATED, "ar"):
        texts = [str(message.string) for message in catalog(language, "law") if message.id]
        said = [text for text in texts if "%(" in text and text.endswith((".", "?"))]
        twice = {text for text in said if said.count(text) > 1}
        # The offence carries too little, whether one floor or another decides.
        assert len(twice) <= 1, twice


def test_every_code_of_the_law_files_has_words() -> None:
    law = shipped()
    fields, codes = set(), set()
    for row in law.instruments.values():
        fields |= {content.field for content in row.contents}
        codes |= {ground.ground for ground in row.grounds} | {one.not_ground for one in row.not_grounds}
        codes |= {condition.condition for condition in row.conditions}
    for state in law.jurisdictions.values():
        codes |= {authority.function for authority in state.authorities}
    for effect in effects():
        codes |= {code for code in (effect.ground, effect.condition, effect.function) if code}
    assert fields - set(FIELDS) == set()
    assert codes - set(WORDS) == set()


def effects() -> Iterator[Any]:
    for party in shipped().parties.values():
        for rows in party.states.values():
            for row in rows:
                yield from row.effects


# --- what is said -------------------------------------------------------------------------------------

PAIRS = [("DE", "US", 2026), ("US", "FR", 2026), ("BR", "NG", 1995), ("GB", "ES", 2018), ("MX", "HK", 2026)]
SWEEP = [
    (Kind.MLA, (Measure.SUBSCRIBER_DATA,)),
    (Kind.MLA, (Measure.TESTIMONY, Measure.BANK_RECORDS)),
    (Kind.MLA, (Measure.SEARCH_AND_SEIZURE,)),
    (Kind.EXTRADITION, (Measure.SURRENDER,)),
    (Kind.PRESERVATION, (Measure.PRESERVATION,)),
    (Kind.PRODUCTION, (Measure.STORED_CONTENT,)),
]
WORDS_TOO = frozenset({"cat", "corruption", "fraud", "harare", "torture", "extradition", "interception"})
"""Codes that are ordinary words in one of the languages."""


def codes() -> frozenset[str]:
    law = shipped()
    known = {*law.instruments, *law.offences, *law.gates, *FIELDS, *WORDS}
    return frozenset(code for code in known if "-" in code or code in law.instruments) - WORDS_TOO


@pytest.mark.parametrize(("language", "pair"), list(product(("en", *TRANSLATED), PAIRS)))
def test_no_reader_meets_a_code_or_an_empty_slot(language: str, pair: tuple[str, str, int]) -> None:
    law, known = shipped(), codes()
    speech = tongue(law, language)
    requesting, requested, year = pair
    for kind, measures in SWEEP:
        offences = (OffenceAsked("csam-distribution", 120), OffenceAsked("fraud"))
        answer = find_bases(
            law, Question(requesting, requested, kind, measures, date(year, 11, 21), offences=offences)
        )
        lines = [*sentences(answer, law, language), *sentences(answer, law, language, long=True)]
        lines += [asked(question, law, language) for question in answer.open_questions]
        lines += [part for gate in answer.gates for part in gated(gate, law, language)]
        for found in answer.candidates:
            lines += [speech.word(one.condition) for one in found.conditions]
            lines += [speech.word(one.ground) for one in (*found.grounds, *found.not_grounds)]
            lines += [speech.field(one.field) for one in found.contents]
            lines += [speech.word(way.value) for way in (found.channel, found.urgent_channel) if way]
        for line in lines:
            assert "%(" not in line, line
            assert not re.search(r"\b\d{4}-\d{2}-\d{2}\b", line.partition(" [")[0]), line
            words = {word.strip(".,:;()[]?¿«»") for word in line.partition(" [")[0].split()}
            assert not words & known, line


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_of_an_answer_stays_english(language: str) -> None:
    """Every text that a sentence may carry has its translation; names of statutes and offices keep theirs."""
    law, spoken = shipped(), catalog_of(language)
    for text in (*making.law_texts(), *making.registry_texts(law)):
        if isinstance(text, str):
            assert spoken.holds(text), text
        else:
            assert text[0] in spoken.plurals, text


def test_short_sentences_are_said_as_a_ministry_writes_them() -> None:
    law = registry(
        instrument("budapest", short="Budapest Convention"),
        parties("budapest", {"DE": [act("in-force", "2009-07-01")], "US": [act("in-force", "2007-01-01")]}),
        states={"DE": {}, "US": {}},
    )
    answer = candidate(ask(law, requesting="DE", requested="US"), "budapest")
    assert why(answer, law, "fr").replace("\u00a0", " ") == (
        "Convention de Budapest : base utilisable. "
        "Allemagne : instrument en vigueur depuis le 1er juillet 2009. "
        "États-Unis : instrument en vigueur depuis le 1er janvier 2007. "
        "Ce qui est demandé est couvert (données relatives aux abonnés) : article 1."
    )
    assert why(answer, law, "es") == (
        "Convenio de Budapest: base utilizable. "
        "Alemania: instrumento en vigor desde el 1 de julio de 2009. "
        "Estados Unidos: instrumento en vigor desde el 1 de enero de 2007. "
        "Lo solicitado está previsto (datos de abonados): artículo 1."
    )
    assert why(answer, law).startswith(
        "Budapest Convention: can be used. Germany has been bound by it since "
    )
    assert "The United States has been bound by it since 1 January 2007." in why(answer, law)


def test_lists_days_and_amounts_follow_the_language() -> None:
    law = shipped()
    said = {language: tongue(law, language) for language in languages()}
    told = {language: speech.listed(["A", "B", "C"]) for language, speech in said.items()}
    assert told == {"ar": "A وB وC", "en": "A, B, and C", "fr": "A, B et C", "es": "A, B y C"}
    days = {
        language: [speech.day(text) for text in ("2015-03", "2015-03-02")]
        for language, speech in said.items()
    }
    assert days["fr"] == ["mars 2015", "2 mars 2015"]
    assert days["es"] == ["marzo de 2015", "2 de marzo de 2015"]
    spaced = {language: speech.penalty("48").replace("\u00a0", " ") for language, speech in said.items()}
    assert spaced == {"ar": "4 سنوات", "en": "4 years", "fr": "4 ans", "es": "4 años"}
    assert said["fr"].penalty(str(LIFE)) == "perpétuité"
    assert said["es"].articles(["23", "25(1)", "31"]) == "artículos 23, 25(1) y 31"


def test_a_treaty_of_two_is_named_by_its_matter_and_its_parties() -> None:
    law = shipped()
    assert tongue(law, "fr").instrument("de-us-mla") == (
        "Traité d’entraide judiciaire en matière pénale, Allemagne – États-Unis"
    )
    assert (
        tongue(law, "es").instrument("ar-br-ext-1961") == "Tratado de extradición, Argentina – Brasil (1961)"
    )


# --- catalogs that are doubtful -----------------------------------------------------------------------


def written(folder: Path, text: str, header: str = "") -> Texts:
    place = folder / "fr" / "LC_MESSAGES"
    place.mkdir(parents=True)
    head = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n{header}\n'
    (place / "law.po").write_text(head + text, "utf-8")
    catalog_of.cache_clear()
    return catalog_of("fr")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(catalogs, "LOCALES", tmp_path)
    yield tmp_path
    catalog_of.cache_clear()


def test_a_doubtful_translation_is_not_used(elsewhere: Path) -> None:
    read = written(elsewhere, '#, fuzzy\nmsgid "yes"\nmsgstr "non"\n\nmsgid "no"\nmsgstr "non"\n')
    assert (read.told("yes"), read.told("no")) == ("yes", "non")


def test_a_catalog_that_nobody_reviewed_says_so_once(elsewhere: Path) -> None:
    assert written(elsewhere, 'msgid "no"\nmsgstr "non"\n').draft


def test_a_catalog_that_was_reviewed_says_nothing(elsewhere: Path) -> None:
    signed = '"Last-Translator: A. Juriste <a@example.org>\\n"\n'
    assert not written(elsewhere, 'msgid "no"\nmsgstr "non"\n', signed).draft


def test_french_and_spanish_are_drafts_and_english_is_not() -> None:
    law = shipped()
    assert tongue(law, "en").notice == ""
    for language in TRANSLATED:
        assert "draft translation" in tongue(law, language).notice


def test_a_language_without_catalogs_speaks_english_throughout() -> None:
    speech = tongue(shipped(), "de")
    assert (speech.language, speech.state("DE"), speech.day("2015-03-02")) == (
        "en",
        "Germany",
        "2 March 2015",
    )


def test_the_command_line_takes_only_languages_that_are_spoken() -> None:
    from desk.ask import language

    assert [language(text) for text in ("fr", "FR", "fr-CA", "es_MX")] == ["fr", "fr", "fr", "es"]
    with pytest.raises(UnknownWord, match="'de' is not a known language"):
        language("de")
    with pytest.raises(BadInput):
        tongue(shipped(), "no language")


@pytest.mark.parametrize("way", ["--lang", "ROGATORY_LANG"])
def test_the_command_line_answers_in_the_language_asked_for(
    way: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "ask",
        "--from",
        "DE",
        "--to",
        "US",
        "--kind",
        "mla",
        "--measure",
        "subscriber-data",
        "--on",
        "2026-11-21",
    ]
    if way == "--lang":
        words += ["--lang", "es"]
    else:
        monkeypatch.setenv(way, "es")
    assert run(made(), words) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert told.startswith("Estado requirente: Alemania; Estado requerido: Estados Unidos.")
    assert "Convenio de Budapest" in told
    assert "subscriber" not in told
    assert told.count("draft translation") == 1
