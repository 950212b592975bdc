"""Is the question taken from words as meant, and the answer given as the JSON that was promised?"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from desk.ask import question_from_words
from schemas.errors import BadInput, UnknownWord
from schemas.reasoning import LIFE, OffenceAsked, Question
from schemas.request import months as penalty_of
from schemas.vocabulary import Kind, Measure
from tests.law.registries import act, ask, instrument, parties, registry
from treaties.answer_json import as_json
from treaties.basis import find_bases
from treaties.load import shipped

KEYS = {
    "instrument",
    "verdict",
    "rank",
    "conditions",
    "provisions",
    "channel",
    "urgent_channel",
    "authority",
    "languages",
    "deadlines",
    "grounds",
    "contents",
    "reason",
}
"""What the command line promises for each candidate."""


def answered(
    on: date = date(2009, 7, 1), kind: Kind = Kind.MLA, measure: str = "subscriber-data"
) -> dict[str, Any]:
    """The shipped law's answer for Germany asking the United States, through JSON text and back."""
    law = shipped()
    question = Question(
        "DE", "US", kind, (Measure(measure),), on, offences=(OffenceAsked("csam-distribution"),)
    )
    told: dict[str, Any] = json.loads(json.dumps(as_json(find_bases(law, question), law)))
    return told


def test_the_answer_has_the_promised_shape() -> None:
    told = answered()
    assert set(told) == {
        "edition",
        "question",
        "candidates",
        "open_questions",
        "gates",
        "good_until",
        "language",
        "notice",
    }
    assert told["edition"].startswith("sha256:")
    date.fromisoformat(told["good_until"])
    assert [one["rank"] for one in told["candidates"]] == list(range(1, len(told["candidates"]) + 1))
    for one in told["candidates"]:
        assert set(one) >= KEYS
        assert one["verdict"] in {"yes", "no", "unknown"}
        for provision in one["provisions"]:
            assert set(provision) >= {"article", "verdict"}
        for condition in one["conditions"]:
            assert set(condition) >= {"condition", "verdict"}
        for deadline in one["deadlines"]:
            assert set(deadline) >= {"event_from", "event_to", "amount", "unit", "article"}
        for ground in one["grounds"]:
            assert set(ground) >= {"ground", "article", "mandatory"}
        _is_reason(one["reason"])


def _is_reason(reason: dict[str, Any]) -> None:
    assert set(reason) >= {"claim", "verdict", "citations", "facts", "children"}
    assert reason["citations"] or reason["children"], reason["claim"]
    for child in reason["children"]:
        _is_reason(child)


def test_the_authority_has_name_unit_function_languages_and_confidence() -> None:
    first = answered()["candidates"][0]
    assert set(first["authority"]) >= {"name", "unit", "function", "languages", "confidence"}
    assert first["authority"]["confidence"] in {"read", "memory"}


def test_open_questions_are_sentences() -> None:
    questions = answered()["open_questions"]
    assert questions
    assert all(one["sentence"].endswith((".", "?")) for one in questions)


def test_the_same_question_gives_the_same_bytes() -> None:
    assert json.dumps(answered()) == json.dumps(answered())


def test_confidence_and_age_are_those_of_what_decides() -> None:
    recalled = [act("in-force", "2000-01-01", confidence="memory", source="gazette", checked="2013")]
    sound = [act("in-force", "2000-01-01")]
    law = registry(instrument("t"), instrument("u"), parties("t", {"AA": recalled, "BB": sound}),
                   parties("u", {"AA": sound, "BB": sound}))  # fmt: skip
    told = {one["instrument"]: one for one in as_json(ask(law), law)["candidates"]}
    assert (told["t"]["confidence"], told["t"]["age"]) == ("memory", "2013")
    assert (told["u"]["confidence"], told["u"]["age"]) == ("read", "2025-12-01")


# --- the question in words ----------------------------------------------------------------------------


def asking(**words: Any) -> Question:
    """A question in words, from Germany to the United States unless said otherwise."""
    given: dict[str, Any] = {
        "requesting": "de",
        "requested": "Us",
        "kind": "mla",
        "measures": ["subscriber-data"],
        "today": date(2026, 11, 21),
    }
    return question_from_words(shipped(), **{**given, **words})


def test_words_become_a_question() -> None:
    question = asking(
        on="2009-07-01",
        known_on="2026-11-21",
        offences=["CSAM-Distribution"],
        offence_date="2008-01-01",
        max_penalty_requesting="10y",
        urgent=True,
    )
    assert (question.requesting, question.requested, question.kind) == ("DE", "US", Kind.MLA)
    assert (question.on, question.known_on) == (date(2009, 7, 1), date(2026, 11, 21))
    assert question.offences == (OffenceAsked("csam-distribution", 120, None),)
    assert question.urgent
    assert asking().on == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("10y", 120),
        ("18m", 18),
        ("1y6m", 18),
        ("2 years", 24),
        ("6 months", 6),
        ("life", LIFE),
        (None, None),
        ("0m", 0),
    ],
)
def test_penalties_are_read_in_months(text: str | None, months: int | None) -> None:
    assert penalty_of(text, "--max-penalty-requesting") == months


@pytest.mark.parametrize(
    ("words", "where", "next_step"),
    [
        ({"requesting": "XQ"}, "--from", "did you mean XK"),
        ({"requested": "ZZ"}, "--to", "did you mean Z"),
        ({"kind": "extraditoin"}, "--kind", "extradition"),
        ({"measures": ["subscriber"]}, "--measure", "subscriber-data"),
        ({"measures": []}, "--measure", "subscriber-data"),
        ({"offences": ["csam-posession"]}, "--offence", "csam-possession"),
        ({"on": "21.11.2026"}, "--on", "2026-11-21"),
        ({"on": "20261121"}, "--on", "2026-11-21"),
        ({"known_on": "2026-02-30"}, "--known-on", "2026-11-21"),
        ({"offences": ["grooming"], "max_penalty_requesting": "long"}, "--max-penalty-requesting", "10y"),
        ({"offences": ["grooming"], "max_penalty_requested": ""}, "--max-penalty-requested", "10y"),
        ({"max_penalty_requesting": "10y"}, "--max-penalty-requesting", "--offence"),
    ],
)
def test_bad_words_are_refused_with_the_option_and_what_to_write(
    words: dict[str, Any], where: str, next_step: str
) -> None:
    with pytest.raises((BadInput, UnknownWord)) as caught:
        asking(**words)
    assert caught.value.where == where
    assert next_step in caught.value.next_step
