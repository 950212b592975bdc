"""Does a law file survive reading and writing, and is a doubtful one refused at its line?"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import BadData
from treaties.load import PACKAGED
from treaties.spelling import canonical
from treaties.text import MAX_BYTES, Content, dump, general, lines_of, parse, read

PRINTABLE = st.text(
    st.one_of(
        st.sampled_from(" -:#,[]{}?!&*|>'\"%@`\\/~=<.\n\tNOab1\x85\u2028\ufeffé漢"),
        st.characters(blacklist_categories=["Cs", "Cc", "Cn"]),
    ),
    max_size=12,
)
SHORT = st.text("ABabn-_ :#,{1", min_size=1, max_size=6)
CONTENT: st.SearchStrategy[Content] = st.recursive(
    PRINTABLE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SHORT, inner, max_size=3),
    max_leaves=12,
)


@given(CONTENT)
def test_what_is_written_is_read_back(content: Content) -> None:
    assert parse(dump(content)) == content


@given(CONTENT)
def test_another_reader_of_yaml_agrees(content: Content) -> None:
    assert yaml.load(dump(content), Loader=yaml.BaseLoader) == content  # noqa: S506 - text only, no objects


def test_norway_namibia_and_days_stay_plain() -> None:
    row: Content = {"states": {"NO": [{"act": "signed", "on": "2001-11-23", "articles": ["27(1)", "18-23"]}]}}
    assert dump(row) == "states:\n  NO:\n    - {act: signed, on: 2001-11-23, articles: [27(1), 18-23]}\n"
    assert parse("a: NO\nb: 012\nc: ~\nd: 1_0\n") == {"a": "NO", "b": "012", "c": "~", "d": "1_0"}


def test_a_row_with_rows_inside_is_written_as_a_block() -> None:
    row: dict[str, Content] = {"act": "declaration"}
    row["effects"] = [{"does": "note"}]
    row["retracted"] = {"on": "2026-01-01"}
    assert dump({"rows": [row]}) == (
        "rows:\n  - act: declaration\n    effects:\n      - {does: note}\n"
        "    retracted:\n      on: 2026-01-01\n"
    )


def test_prose_with_commas_is_not_wrapped() -> None:
    prose = "a, long (text) " * 40 + "end"
    assert dump({"text": prose}) == f"text: {prose}\n"


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "twice", 3),
        ("a: &x 1\nb: *x\n", "Anchors", 1),
        ("a: 1\nb: &x 2\n", "Anchors", 2),
        ("a: [1\n", "not YAML", 2),
        ("a: 1\n? [b]\n: 2\n", "key is not plain", 2),
    ],
)
def test_doubtful_yaml_is_refused_at_its_line(tmp_path: Path, text: str, what: str, line: int) -> None:
    path = tmp_path / "law.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadData, match=what) as caught:
        read(path)
    assert caught.value.where == f"{path}:{line}"


def test_an_ampersand_in_prose_is_no_anchor() -> None:
    assert parse("a: justice & home * affairs\n") == {"a": "justice & home * affairs"}


def test_empty_files_wrong_bytes_and_giants_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "law.yml"
    path.write_bytes(b"")
    with pytest.raises(BadData, match="empty"):
        read(path)
    path.write_bytes(b"a: \xff\n")
    with pytest.raises(BadData, match="UTF-8"):
        read(path)
    path.write_bytes(b"a: " + b"x" * MAX_BYTES)
    with pytest.raises(BadData, match="more than"):
        read(path)


def test_a_control_character_is_refused_when_written() -> None:
    with pytest.raises(BadData, match="unprintable"):
        dump({"a": "x\x07y"})


def test_lines_are_found_by_path(tmp_path: Path) -> None:
    path = tmp_path / "law.yml"
    path.write_text("states:\n  DE:\n    - {act: signed}\n    - {act: ratified}\n", "utf-8")
    assert lines_of(path)[("states", "DE", "1", "act")] == 4


@given(CONTENT)
def test_what_is_written_is_read_quickly_unless_it_is_strange(content: Content) -> None:
    text = dump(content)
    assert canonical(text) in (None, content)
    if isinstance(content, dict) and content and text.isascii() and text.isprintable():
        assert canonical(text) == content


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """Canonical text with a few characters changed, added or taken away."""
    text = dump({"k": draw(CONTENT), "rows": [{"a": "1", "b": ["x", draw(PRINTABLE)]}]})
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        put = draw(st.sampled_from([*" \n:-#,[]{}'\"&*!|>?%@\\\tab1", ": ", "- ", ", ", "\n  ", ' "']))
        text = text[:at] + put + text[at + draw(st.integers(0, 2)) :]
    return text


@settings(max_examples=300)
@given(spoilt())
def test_the_quick_reader_reads_nothing_otherwise_than_the_general_one(text: str) -> None:
    quickly = canonical(text)
    if quickly is not None:
        assert quickly == general(text)
        assert quickly == yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - text only, no objects


def test_the_quick_reader_is_not_slow_on_what_it_refuses() -> None:
    for strange in ("k: " + "a" * 5000 + " \n", "k: {a: " + "b" * 5000 + "\n", "k: [" + "a " * 5000 + "#\n"):
        start = time.perf_counter()
        assert canonical(strange) is None
        assert time.perf_counter() - start < 0.5


def test_the_quick_reader_reads_all_the_law_we_ship() -> None:
    for path in PACKAGED.rglob("*.yml"):
        text = path.read_text("utf-8")
        assert canonical(text) == general(text), path.name
