"""What do the words and files of a command line become?"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.cli.given import body_of, case_path, item_of, items_of, moment_of, pairs_of, request_of, tree_of
from schemas.errors import BadInput


def test_a_reference_with_a_slash_stays_one_part_of_the_path() -> None:
    assert case_path("9350/26", "moves") == "/cases/9350%2F26/moves"


def test_pairs_set_fields_lists_and_fields_inside() -> None:
    words = ["reasons=because", "grounds=a", "grounds=b", "outcome.result=executed", "their-ref=X=1"]
    assert pairs_of(words) == {
        "reasons": "because",
        "grounds": ["a", "b"],
        "outcome": {"result": "executed"},
        "their_ref": "X=1",
    }


@pytest.mark.parametrize("words", [["reasons"], ["=x"], ["a=1", "a.b=2"]])
def test_pairs_that_set_nothing_are_refused(words: list[str]) -> None:
    with pytest.raises(BadInput):
        pairs_of(words)


def test_words_become_the_types_of_the_body() -> None:
    told = body_of(
        "close", {"outcome": {"result": "executed", "arrests": "2"}, "by_post": "true", "note": None}
    )
    assert told["event"] == "close"
    assert told["outcome"] == {"result": "executed", "arrests": 2}
    assert told["by_post"] is True


def test_one_word_for_a_list_is_a_list_of_one() -> None:
    assert body_of("decide", {"decision": "refused", "grounds": "ordre-public"})["grounds"] == [
        "ordre-public"
    ]


def test_an_unknown_event_or_field_is_refused_with_its_place() -> None:
    with pytest.raises(BadInput) as told:
        body_of("decide", {"decision": "perhaps"})
    assert "decision" in told.value.where
    with pytest.raises(BadInput):
        body_of("elevate", {})


def test_a_day_alone_is_its_noon_but_never_the_future() -> None:
    now = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    assert moment_of("2026-11-21", now) == now.astimezone().isoformat()
    earlier = datetime.fromisoformat(str(moment_of("2026-11-20", now)))
    assert (earlier.hour, earlier.tzinfo is not None) == (12, True)
    assert moment_of(None) is None


def test_a_wrong_day_says_how_to_write_it() -> None:
    with pytest.raises(BadInput) as told:
        moment_of("21.11.2026")
    assert "2026-11-20" in told.value.next_step


def test_an_item_is_the_digest_of_a_file_not_its_content(tmp_path: Path) -> None:
    file = tmp_path / "Log of 2 August.csv"
    file.write_bytes(b"private")
    item = item_of(file, "Field office", "log")
    assert item["sha256"] == "sha256:" + hashlib.sha256(b"private").hexdigest()
    assert (item["id"], item["size"]) == ("log-of-2-august", 7)
    assert "private" not in str(item)


def test_items_are_read_from_a_list_or_under_their_name(tmp_path: Path) -> None:
    line = (
        '{id: e1, description: Logs, kind: log, sha256: "sha256:'
        + "0" * 64
        + '", size: 12, custodian: Office}'
    )
    for text in (f"- {line}\n", f"items:\n  - {line}\n"):
        file = tmp_path / "items.yml"
        file.write_text(text)
        assert items_of(file)[0]["size"] == 12


def test_words_of_yaml_stay_words(tmp_path: Path) -> None:
    file = tmp_path / "body.yml"
    file.write_text("to: NO\n")
    assert tree_of(file) == {"to": "NO"}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as told:
        request_of(tmp_path / "none.yml")
    assert told.value.where == str(tmp_path / "none.yml")


@pytest.mark.parametrize(
    ("event", "fields", "what", "where", "following"),
    [
        ("acknowlege", {}, "not one of those allowed", "the move 'acknowlege'", "acknowledge"),
        ("arrest", {}, "person is missing", "the move 'arrest'.person", "add it"),
        ("hold", {"reason": "x", "on": True, "why": "y"}, "why is not known", "the move 'hold'.why", "out"),
    ],
)
def test_a_move_that_cannot_be_says_what_is_wrong_in_plain_words(
    event: str, fields: dict[str, object], what: str, where: str, following: str
) -> None:
    with pytest.raises(BadInput) as caught:
        body_of(event, fields)
    assert what in caught.value.what
    assert caught.value.where == where
    assert following in caught.value.next_step
