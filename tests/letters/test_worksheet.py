"""Does a translation go out and come back whole, and is a worksheet that is not ours refused?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx as library
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters import worksheet as sheets
from letters.document import docx
from letters.drafting import draft
from letters.form import forms
from letters.sheet import Draft
from letters.worksheet import WorksheetRefused, read_worksheet, to_translate, worksheet
from tests.letters.letter_cases import HOUSE, NAMES, case


def drafted(form: str = "mla-request", language: str = "fr", **given: Any) -> Draft:
    return draft(case(form), form, language, house=HOUSE, names=NAMES, **given)


def filled(made: Draft, change: Callable[[Any], None] = lambda table: None) -> bytes:
    """The worksheet as a translator gives it back; `change` spoils its table."""
    file = library.Document(io.BytesIO(worksheet(made)))
    table = file.tables[0]
    for row in table.rows[1:]:
        row.cells[2].text = f"Traduit : {row.cells[1].text}"
    change(table)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def test_what_goes_out_comes_back_and_stands_in_the_letter() -> None:
    made = drafted()
    told = read_worksheet(filled(made), made)
    assert set(told) == {passage.id for passage in to_translate(made)}
    again = drafted(translated=told)
    assert all(passage.target.startswith("Traduit") for passage in to_translate(again))


def test_nothing_of_the_letter_s_own_language_is_to_be_translated() -> None:
    assert to_translate(drafted(language="en")) == ()


def spoiled(row: int, column: int, text: str) -> Callable[[Any], None]:
    def change(table: Any) -> None:
        table.rows[row].cells[column].text = text

    return change


def without_a_row(table: Any) -> None:
    table._tbl.remove(table.rows[2]._tr)


def doubled(table: Any) -> None:
    table.rows[2].cells[0].text = table.rows[1].cells[0].text
    table.rows[2].cells[1].text = table.rows[1].cells[1].text


def wider(table: Any) -> None:
    from docx.shared import Mm

    table.add_column(Mm(10))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (spoiled(1, 0, "contents.other"), "id is none of this letter"),
        (spoiled(1, 1, "another text"), "source text is not that of the letter"),
        (spoiled(3, 2, "  "), "1 passages are not translated"),
        (spoiled(1, 2, "x" * 20_001), "more than 20000 characters"),
        (without_a_row, "1 rows are missing"),
        (doubled, "stands there twice"),
        (wider, "4 cells, not 3"),
    ],
)
def test_a_worksheet_that_was_changed_is_refused_with_the_place(
    change: Callable[[Any], None], told: str
) -> None:
    made = drafted()
    with pytest.raises(WorksheetRefused, match=told) as wrong:
        read_worksheet(filled(made, change), made)
    assert wrong.value.where.startswith(("row ", "table"))
    assert wrong.value.next_step


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The same file with some parts replaced or added (`/` written `__`)."""
    out = io.BytesIO()
    new = {name.replace("__", "/"): data for name, data in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in old.infolist():
            if part.filename not in new:
                made.writestr(part.filename, old.read(part))
        for name, data in new.items():
            made.writestr(name, data)
    return out.getvalue()


ENTITIES = b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"word__vbaProject.bin": b"x"}, "macros"),
        ({"word__embeddings__oleObject1.bin": b"x"}, "macros or embedded"),
        ({"word___rels__document.xml.rels": b'<R TargetMode="External"/>'}, "points outside"),
        ({"word__document.xml": ENTITIES}, "entities"),
        ({"word__document.xml": b"<a>"}, "text is broken"),
        ({"word__document.xml": b"<a/>"}, "no table"),
        ({"word__document.xml": b"\0" * (65 * 1024 * 1024)}, "too large"),
        ({f"p{number}": b"" for number in range(201)}, "too many parts"),
    ],
)
def test_a_dangerous_file_is_refused(parts: dict[str, bytes], told: str) -> None:
    made = drafted()
    with pytest.raises(WorksheetRefused, match=told):
        read_worksheet(repacked(filled(made), **parts), made)


def test_a_file_that_unpacks_to_more_than_it_says_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    made = drafted()
    content = filled(made)
    monkeypatch.setattr(sheets, "_check", lambda parts: None)
    monkeypatch.setattr(sheets, "LARGEST_WHOLE", 100)
    with pytest.raises(WorksheetRefused, match="too large"):
        read_worksheet(content, made)


def test_too_many_bytes_are_not_even_opened() -> None:
    with pytest.raises(WorksheetRefused, match="more than"):
        read_worksheet(b"P" * (sheets.LARGEST_FILE + 1), drafted())


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_by_name(content: bytes) -> None:
    with pytest.raises(WorksheetRefused):
        read_worksheet(content, MADE)


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=0, max_value=255))
def test_any_flipped_byte_is_read_or_refused(place: int, byte: int) -> None:
    content = bytearray(FILLED)
    content[place % len(content)] = byte
    try:
        told = read_worksheet(bytes(content), MADE)
    except WorksheetRefused:
        return
    assert set(told) == {passage.id for passage in to_translate(MADE)}


def test_signs_that_turn_letters_around_are_dropped_from_a_translation() -> None:
    made = drafted()
    told = read_worksheet(filled(made, spoiled(1, 2, "un\u202ereversed")), made)
    assert "unreversed" in told.values()


MADE = drafted()
FILLED = filled(MADE)


# --- the editable letter ------------------------------------------------------------------------------


@pytest.mark.parametrize("form", forms())
def test_every_letter_is_a_document_too(form: str) -> None:
    for language in forms()[form].languages:
        made = drafted(form, language)
        file = library.Document(io.BytesIO(docx(made)))
        text = "\n".join(paragraph.text for paragraph in file.paragraphs)
        assert made.title in text
        assert all(part.title in text for part in made.sections)
        assert file.core_properties.title == made.title


def test_an_arabic_document_runs_from_right_to_left_save_what_is_not_arabic() -> None:
    made = drafted(language="ar")
    file = library.Document(io.BytesIO(docx(made)))
    title = next(one for one in file.paragraphs if one.text == made.title)
    facts = next(one for one in file.paragraphs if one.text.startswith("INVENTED"))
    assert [bool(one._p.findall(".//{*}bidi")) for one in (title, facts)] == [True, False]
    assert file.tables[0]._tbl.findall(".//{*}bidiVisual")


def test_the_same_draft_gives_the_same_document() -> None:
    assert docx(drafted()) == docx(drafted())
    assert worksheet(drafted()) == worksheet(drafted())
