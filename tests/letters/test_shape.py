"""Is what comes in measured by the published schemas, and is a misfit told without repeating it?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from letters.reasons import LONGEST, all_of, first_failure, judged, not_judged, shown
from letters.shape import problems
from schemas.publish import schema_of
from schemas.vocabulary import Verdict
from tests.letters.correspondents import letter

SECRET = "Erika Musterfrau"


def plain(**changes: Any) -> dict[str, Any]:
    return {**letter().model_dump(mode="json"), **changes}


def test_a_letter_fits() -> None:
    assert problems("envelope", plain()) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"sender_ref": SECRET}, "sender_ref: pattern"),
        ({"sent": SECRET}, "sent: format"),
        ({"documents": SECRET}, "documents: type"),
        ({"body": {"event": SECRET}}, "body.event"),
        ({"body": SECRET}, "body.event"),
        ({"body": {"event": "answer", "question": "q1", "text": ""}}, "body.text: minLength"),
    ],
)
def test_a_misfit_names_the_place_and_never_the_value(changes: dict[str, Any], place: str) -> None:
    found = problems("envelope", plain(**changes))
    assert len(found) == 1
    assert found[0].startswith(place)
    assert SECRET not in found[0]


def test_many_misfits_are_cut() -> None:
    wrong: dict[str, Any] = {
        name: [] for name in ("id", "sender", "sender_state", "recipient", "sender_ref", "sent", "about")
    }
    assert len(problems("envelope", plain(**wrong))) == 5


def test_it_judges_as_the_standard_does() -> None:
    standard = Draft202012Validator(schema_of("envelope"), format_checker=Draft202012Validator.FORMAT_CHECKER)
    values = [
        plain(),
        plain(body={"event": "accept", "id": "DE-1.h1"}),
        plain(body={"event": "accept"}),
        plain(body={"event": "none"}),
        plain(body=[]),
        plain(sent="2026-11-21"),
        {},
        [],
        "text",
    ]
    for value in values:
        assert (problems("envelope", value) == []) == standard.is_valid(value), json.dumps(value)


def test_nothing_checked_is_an_error_not_a_yes() -> None:
    with pytest.raises(ValueError, match="nothing was checked"):
        all_of("letter.envelope", [])


def test_folding_keeps_every_child_and_names_the_first_no() -> None:
    yes = judged("a", True, "x", expected=1, found=1)
    unknown, no = not_judged("b", "a"), judged("c", False, "code-c", expected=1, found=2)
    later = judged("d", False, "code-d", expected=1, found=2)
    inner = all_of("inner", [unknown, no, later])
    whole = all_of("whole", [yes, inner])
    assert whole.verdict is Verdict.NO
    assert whole.children == (yes, inner)
    assert first_failure(whole) is no
    assert first_failure(all_of("w", [yes, unknown])) is unknown
    assert first_failure(all_of("w", [yes])) is None


def test_what_a_stranger_wrote_is_cut_and_made_printable() -> None:
    assert shown("a\x1b[31m\nb") == "a?[31m?b"
    assert len(shown("x" * 10_000)) == LONGEST
    assert shown("\x00" * 10_000).isprintable()
