"""Is everything that is not well formed refused at the border, with its place and what to do?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk import border
from desk.problems import SeveralFaults, TooLarge
from schemas.errors import BadInput, RogatoryError, UnknownWord
from schemas.moves import Approve, Ask
from schemas.publish import PUBLISHED
from tests.desk.conftest import MARK, request_json

YAML = """\
# what an officer writes
requesting: DE
requested: NO
measures: [subscriber-data]
urgent: no
child_at_risk: true
on: 2026-11-21
offences:
- slug: csam-distribution
  law: "§ 184b StGB: dissemination"
  max_penalty: 10y
contents:
  facts: |
    First line.
    Second line.
language:
instrument: ~
"""


def test_yaml_scalars_get_their_type_from_their_field() -> None:
    made = border.request_from_yaml(YAML.encode(), "request.yml")
    assert made.requested == "NO"
    assert (made.urgent, made.child_at_risk) == (False, True)
    assert made.offences[0].max_penalty == 120
    assert made.contents["facts"] == "First line.\nSecond line."
    assert made.language == "en"
    assert made.instrument is None


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("requested: NO", "requested: Norway", "request.yml:3 requested"),
        ("max_penalty: 10y", "max_penalty: long", "request.yml:11 offences.0.max_penalty"),
        ("[subscriber-data]", "[subscriber-data, gossip]", "request.yml:4 measures.1"),
        ("urgent: no", "urgent: perhaps", "request.yml:5 urgent"),
        ("  max_penalty: 10y", "  penalty: 10y", "request.yml:11 offences.0.penalty"),
        ("requesting: DE\n", "", "request.yml:2 requesting"),
    ],
)
def test_a_fault_in_yaml_has_its_line(old: str, new: str, where: str) -> None:
    assert old in YAML
    with pytest.raises(BadInput) as caught:
        border.request_from_yaml(YAML.replace(old, new).encode(), "request.yml")
    assert caught.value.where == where


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a: &x 1\nb: *x\n", "r:1"),
        ("a: 1\nb: [2\n", "r:3"),
        ("a: 1\na: 2\n", "r:2"),
        ("", "r"),
        ("[" * 1000, "r"),
        ("a: " * 1000, "r:1"),
        ("x: " + "[" * 40 + "]" * 40, "r"),
        ("- 1\n" * 30_000, "r"),
        ("x" * (border.MAX_YAML_BYTES + 1), "r"),
        ("just text", "r"),
        ("- a\n- list", "r"),
        ("a: !!python/object:os.system x", "r"),
    ],
)
def test_hostile_or_broken_yaml_is_refused(text: str, where: str) -> None:
    with pytest.raises(RogatoryError) as caught:
        border.request_from_yaml(text.encode(), "r")
    assert caught.value.where.startswith(where)


def test_a_rule_of_ours_is_told_in_its_own_words() -> None:
    with pytest.raises(RogatoryError) as refused:
        border.request_from_yaml((YAML + "notice_only: true\n").encode(), "r")
    assert refused.value.what.startswith("A notice alone is one of an interception")


def test_yaml_in_another_encoding_is_refused() -> None:
    with pytest.raises(BadInput, match="UTF-8"):
        border.request_from_yaml("requesting: ä".encode("latin-1"), "r")


@given(st.text(alphabet=st.sampled_from(list("abn:-[]{}&*!|>'\"#\n ,?%@`\t0~")), max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_yaml_text_breaks_the_border(text: str) -> None:
    with pytest.raises(RogatoryError):
        border.request_from_yaml(text.encode(), "r")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b"[" * 100_000,
        b'{"a":' * 33 + b"1" + b"}" * 33,
        b"1 2",
    ],
)
def test_json_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        border.json_of(content)


@given(st.binary(max_size=80))
@settings(max_examples=200, deadline=None)
def test_no_bytes_break_the_border(content: bytes) -> None:
    try:
        value = border.json_of(content)
    except BadInput:
        return
    with pytest.raises(RogatoryError):
        border.move_from_json(value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(PUBLISHED)), _JSON)
@settings(max_examples=200, deadline=None)
def test_every_published_schema_refuses_what_is_nothing_like_it(name: str, value: Any) -> None:
    with pytest.raises(RogatoryError):
        border.check_published(name, value)


def test_what_a_type_writes_its_schema_takes() -> None:
    body = Ask(id="q1", text="Which account?")
    made = border.move_from_json(json.loads(body.model_dump_json()))
    assert made == body
    assert border.move_from_json({"event": "approve"}) == Approve()


def test_a_move_is_judged_as_the_one_it_means_to_be() -> None:
    with pytest.raises(SeveralFaults) as caught:
        border.move_from_json({"event": "question", "id": "q1"})
    assert caught.value.faults == [{"where": "body", "what": "text is missing.", "next": "add it"}]
    with pytest.raises(UnknownWord):
        border.move_from_json({"event": "questoin"})
    with pytest.raises(BadInput):
        border.move_from_json({"id": "q1"})
    with pytest.raises(BadInput):
        border.move_from_json("approve")


def test_no_fault_repeats_what_was_sent() -> None:
    body = request_json(language=MARK, victims=[{"pseudonym": 7, "child": MARK}])
    with pytest.raises(SeveralFaults) as caught:
        border.request_from_json(body)
    assert {fault["where"] for fault in caught.value.faults} == {
        "body.language",
        "body.victims.0.child",
        "body.victims.0.pseudonym",
    }
    assert MARK not in json.dumps(caught.value.faults)


@pytest.mark.parametrize("content", [b'{"a":' + b"9" * 5000 + b"}", b'{"a":NaN}', b'{"a":1,"a":2}'])
def test_what_python_would_stumble_over_is_refused_with_its_place(content: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        border.json_of(content, "body")
    assert caught.value.where == "body"
    assert caught.value.next_step


def test_an_unknown_word_names_the_nearest_and_is_not_repeated() -> None:
    with pytest.raises(SeveralFaults) as caught:
        border.request_from_json(request_json(measures=["subscriber-dat"]))
    assert caught.value.next_step.startswith("did you mean subscriber-data")
    with pytest.raises(SeveralFaults) as caught:
        border.request_from_yaml(YAML.replace("[subscriber-data]", "[subscriber-dat]").encode())
    assert caught.value.next_step.startswith("did you mean subscriber-data")
    assert "subscriber-dat'" not in str(caught.value)


def test_a_pattern_is_told_in_words() -> None:
    with pytest.raises(SeveralFaults) as caught:
        border.request_from_json(request_json(requested="us"))
    assert caught.value.next_step == "write two capital letters, such as DE"
    with pytest.raises(SeveralFaults) as caught:
        border.request_from_yaml(YAML.replace("requested: NO", "requested: no").encode())
    assert caught.value.next_step == "write two capital letters, such as DE"


@pytest.mark.parametrize(
    "changes",
    [
        {"contents": {"facts": "clear \x1b[2J the screen"}},
        {"contents": {"facts": "nothing\x00"}},
        {"contents": {"facts": "turned \u202eround"}},
        {"identifiers": {"account": "two\nlines"}},
        {
            "attachments": [
                {"name": "\u202egpj.exe", "media_type": "a/b", "size": 1, "digest": "sha256:" + "0" * 64}
            ]
        },
    ],
)
def test_nothing_comes_in_that_steers_a_screen(changes: dict[str, Any]) -> None:
    with pytest.raises(SeveralFaults):
        border.request_from_json(request_json(**changes))


def test_texts_may_have_lines_and_any_script() -> None:
    text = "One\n\ttwo \u0645\u0631\u062d\u0628\u0627 \u4f60\u597d \u2067x\u2069"
    assert border.request_from_json(request_json(contents={"facts": text})).contents["facts"] == text


def test_what_is_too_long_for_a_case_belongs_into_documents() -> None:
    long = {f"part-{number}": "x" * 20_000 for number in range(30)}
    with pytest.raises(TooLarge) as caught:
        border.request_from_json(request_json(contents=long))
    assert "documents" in caught.value.next_step


@pytest.mark.parametrize(
    ("request_", "where", "next_step"),
    [
        ({"kind": "extraditoin"}, "body.request.kind", "extradition"),
        (
            {"kind": "extradition", "requesting": "DE", "requested": "US", "person": {"idd": "p"}},
            "body.request.person",
            "known: born, id, name",
        ),
        ({"requesting": "DE", "requested": "US"}, "body.request", "add it"),
        ({"kind": "preservation", "requesting": "DE", "requested": "US"}, "body.request", "add it"),
    ],
)
def test_a_fault_in_a_request_inside_a_move_is_that_of_its_kind(
    request_: dict[str, object], where: str, next_step: str
) -> None:
    with pytest.raises(BadInput) as refused:
        border.move_from_json({"event": "amend", "request": request_})
    assert refused.value.where.startswith(where)
    assert next_step in refused.value.next_step
