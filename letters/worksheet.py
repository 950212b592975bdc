"""How do passages go to a translator, and how does the translation come back in?

As a table in a DOCX. What comes back is foreign: it is opened with a limit on every size, no macros, no links
outside, and every row is held against the one that went out.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Any

from letters.document import Page
from letters.packed import BROKEN, LARGEST_WHOLE, Entities, TooMuch, part, tree
from letters.sheet import Draft, Passage, Piece, Table
from schemas.errors import BadInput

LARGEST_FILE = 8 * 1024 * 1024
LARGEST_TEXT = 20_000
MOST_PARTS = 200
MOST_ROWS = 2000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class WorksheetRefused(BadInput):
    """A worksheet that came back is not the one that went out, or is no worksheet."""

    code = "worksheet-refused"


# --- out ------------------------------------------------------------------------------------------------


def worksheet(draft: Draft) -> bytes:
    """The passages to translate: a table of id, source text and an empty (or given) translation."""
    page = Page(draft)
    page.heading(f"{draft.fixed['worksheet']}: {draft.title}", 1)
    page.run((draft.references[0][1],))
    todo = to_translate(draft)
    head = ("id", draft.fixed["source"], draft.fixed["target"])
    rows = [
        (
            (Piece(text=each.id, how="id"),),
            (Piece(text=each.text, how="free", lang=each.lang),),
            (Piece(text=each.target, how="free", lang=draft.language),),
        )
        for each in todo
    ]
    page.table(Table(head=head, rows=tuple(rows), widths=(3, 7, 7)))
    return page.bytes()


def to_translate(draft: Draft) -> tuple[Passage, ...]:
    """The passages that are in another language than the letter."""
    return tuple(each for each in draft.passages if each.lang != draft.language)


# --- back in --------------------------------------------------------------------------------------------


def read_worksheet(content: bytes, draft: Draft) -> dict[str, str]:
    """Translations by id from a worksheet that came back; `draft`: the letter it was made for.

    Raises WorksheetRefused: no document of this kind, too large, with macros or outside links, rows that are
    missing, doubled or unknown, a source text that was changed, nothing translated.
    """
    rows = list(_rows(_document(content)))
    if not rows or len(rows) > MOST_ROWS:
        raise _refused(
            "It holds no table of translations.", "table", "fill in the worksheet that was sent out"
        )
    asked = {each.id: each for each in to_translate(draft)}
    found: dict[str, str] = {}
    for number, cells in enumerate(rows[1:], start=2):
        where = f"row {number}"
        if len(cells) != 3:
            raise _refused(f"It has {len(cells)} cells, not 3.", where, "leave the columns as they are")
        id, source, target = cells[0].strip(), cells[1], cells[2].strip()
        if id not in asked:
            raise _refused("Its id is none of this letter.", where, "leave the first column as it is")
        if id in found:
            raise _refused("Its id stands there twice.", where, "give one translation of each passage")
        if _plain(source) != _plain(asked[id].text):
            raise _refused(
                "The source text is not that of the letter.",
                where,
                "translate from a fresh worksheet: the request, or the file, was changed",
            )
        if len(target) > LARGEST_TEXT:
            raise _refused(f"The translation has more than {LARGEST_TEXT} characters.", where, "shorten it")
        found[id] = _clean(target)
    if missing := sorted(asked.keys() - found.keys()):
        raise _refused(f"{len(missing)} rows are missing, the first: {missing[0]}.", "table", "put them back")
    if empty := sorted(id for id, target in found.items() if not target):
        raise _refused(
            f"{len(empty)} passages are not translated, the first: {empty[0]}.", "table", "translate them"
        )
    return found


def _refused(what: str, where: str, next_step: str) -> WorksheetRefused:
    return WorksheetRefused(f"The worksheet cannot be used. {what}", where=where, next_step=next_step)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _clean(text: str) -> str:
    """Without the signs that steer a terminal or turn letters around."""
    kept = (
        sign for sign in text if sign in "\n\t" or (sign.isprintable() and not "\u202a" <= sign <= "\u202e")
    )
    return "".join(kept)


def _document(content: bytes) -> bytes:
    """The main part of the document, if nothing in the file is dangerous."""
    if len(content) > LARGEST_FILE:
        raise _refused(f"It has more than {LARGEST_FILE} bytes.", "file", "send the table without pictures")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _check(parts.infolist())
            links = [name for name in parts.namelist() if name.endswith(".rels")]
            for name in links:
                if b'TargetMode="External"' in _part(parts, name):
                    raise _refused(
                        "It points outside itself.", name, "save it as a plain document without links"
                    )
            return _part(parts, "word/document.xml")
    except BROKEN as error:
        raise _refused(f"It is no DOCX file ({type(error).__name__}).", "file", "save it as .docx") from None


def _check(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(names) > MOST_PARTS or len(set(names)) != len(names):
        raise _refused("It has too many parts, or some twice.", "file", "save it as a plain .docx")
    if sum(part.file_size for part in parts) > LARGEST_WHOLE:
        raise _refused("Unpacked it is too large.", "file", "save it as a plain .docx")
    for name in names:
        if "vba" in name.lower() or name.lower().startswith("word/activex") or name.lower().endswith(".bin"):
            raise _refused("It carries macros or embedded objects.", name, "save it as .docx without macros")


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    """One part; what unpacks to more than it says is cut off and refused."""
    try:
        return part(parts, name, LARGEST_WHOLE)
    except TooMuch:
        raise _refused("Unpacked it is too large.", name, "save it as a plain .docx") from None


def _rows(document: bytes) -> Iterable[list[str]]:
    """The cells of the first table, row by row."""
    try:
        root = tree(document)
    except Entities:
        raise _refused(
            "It declares entities of its own.", "word/document.xml", "save it again as .docx"
        ) from None
    except ValueError:
        raise _refused("Its text is broken.", "word/document.xml", "save it again as .docx") from None
    table = root.find(f".//{_W}tbl")
    if table is None:
        return
    for row in table.findall(f"{_W}tr"):
        yield ["\n".join(_text(line) for line in cell.iter(f"{_W}p")) for cell in row.findall(f"{_W}tc")]


def _text(paragraph: Any) -> str:
    """The words of a paragraph: what was inserted counts, what was struck out does not."""
    found = []
    for element in paragraph.iter(f"{_W}t", f"{_W}br", f"{_W}tab"):
        if element.tag == f"{_W}t":
            found.append(element.text or "")
        else:
            found.append("\n" if element.tag == f"{_W}br" else "\t")
    return "".join(found)
