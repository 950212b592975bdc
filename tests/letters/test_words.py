"""Are words that harm children found wherever we write them, and left alone where a statute is quoted?"""

from __future__ import annotations

import pytest

from letters.drafting import draft
from letters.words import in_draft, in_request, remarks, terms
from schemas.request import OffenceCharged
from tests.letters.letter_cases import HOUSE, NAMES, case, request
from treaties.load import shipped


def found(text: str) -> list[tuple[str, str]]:
    return [(one.found, one.prefer) for one in remarks({"here": text})]


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.find[0])
def test_every_word_of_the_list_is_found_and_says_why(term: object) -> None:
    from letters.words import Term

    assert isinstance(term, Term)
    for word in term.find:
        for text in (
            f"the {word} there",
            f"THE {word.upper()}S.",
            word.replace(" ", "-"),
            word.replace(" ", "\n"),
        ):
            assert [one.prefer for one in remarks({"x": text})] == [term.prefer], text
    assert term.why.endswith(".")


def test_the_sources_of_the_list_are_known() -> None:
    known = {*shipped().sources, "memory", "design"}
    assert {term.source for term in terms()} - known <= {"weprotect", "safeonline", "unicef-in", "exinfo"}


def test_the_longest_word_counts_once() -> None:
    assert found("possession of virtual child pornography") == [
        ("virtual child pornography", "computer-generated child sexual abuse material")
    ]
    assert found("webcam child sex tourism") == [
        ("webcam child sex tourism", "live-streaming of child sexual abuse")
    ]


def test_parts_of_other_words_are_left_alone() -> None:
    assert found("a minority, groomed, subpoenaed, minorities") == []
    assert [word for word, _ in found("three minors")] == ["minors"]


def test_what_is_quoted_is_left_alone() -> None:
    assert found('the act says "child pornography" in its title') != []
    from letters.words import _unquoted

    assert remarks({"x": _unquoted('the act says “child pornography” or "child pornography"')}) == ()


def test_a_letter_is_checked_save_its_quoted_statutes() -> None:
    law = OffenceCharged(
        slug="csam-distribution", law="child pornography, as the statute calls it (invented)"
    )
    made = draft(
        case("mla-request", offences=(law,), contents={"summary-of-facts": "He sent child pornography."}),
        "mla-request",
        "en",
        house=HOUSE,
        names=NAMES,
    )
    assert [(one.place, one.found) for one in in_draft(made)] == [
        ("contents.summary-of-facts", "child pornography")
    ]


def test_a_request_is_checked_before_any_letter() -> None:
    poor = request("request-mended.yml", urgency_reason="A sex tourist (invented).")
    assert [one.place for one in in_request(poor)] == ["urgency_reason"]
    assert in_request(request("request-mended.yml")) == ()
    assert in_request(request("request-mended.yml", language="fr", urgency_reason="sex tourist")) == ()


def test_a_translation_into_english_is_checked_too() -> None:
    state = case("mla-request", language="fr", contents={"summary-of-facts": "Des faits (inventés)."})
    told = {"contents.summary-of-facts": "child porn"}
    made = draft(state, "mla-request", "en", house=HOUSE, names=NAMES, translated=told)
    assert [one.place for one in in_draft(made)] == ["contents.summary-of-facts (translation)"]
