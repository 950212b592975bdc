"""How does a letter leave as an editable document: the same words as DOCX, in a plain layout?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Any

from letters.sheet import Blank, Block, Draft, Line, Passage, Piece, Table

RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur"})
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def docx(draft: Draft) -> bytes:
    """The letter as an editable document. The same draft gives the same bytes."""
    page = Page(draft)
    _head(page, draft)
    for part in draft.sections:
        page.heading(" ".join(filter(None, (part.number, part.title))) + ("°" if part.mark else ""), 2)
        for item in part.items:
            if item.label and item.label != part.title:
                page.said(item.label + ("°" if item.mark else ""), draft.language, bold=True)
            for block in item.blocks:
                page.block(block)
    for line in draft.closing:
        page.run(line.pieces)
    for text in draft.signature:
        page.said("\n" + text + ": ______________________", draft.language)
    return page.bytes()


def _head(page: Page, draft: Draft) -> None:
    for place, piece in enumerate(draft.letterhead):
        page.said(piece.text, piece.lang, bold=place == 0)
    page.said("", draft.language)
    for piece in draft.addressee:
        page.run((piece,))
    for name, value in draft.references:
        page.run((Piece(text=f"{name}: ", lang=draft.language), value))
    page.heading(draft.title, 1)
    if draft.act:
        page.said(draft.act, draft.language)
    page.run(draft.subject)
    for notice in draft.notices:
        page.said(notice, draft.language, italic=True)
    for line in draft.opening:
        page.run(line.pieces)


class Page:
    """A document being written."""

    def __init__(self, draft: Draft) -> None:
        # Imported here: most processes write no such documents.
        from datetime import UTC, datetime, time

        import docx as library

        self.draft = draft
        self.file: Any = library.Document()
        # The letter's own day, not the clock's: the same draft gives the same document.
        made = datetime.combine(draft.dated, time(), UTC)
        about = self.file.core_properties
        about.title, about.author, about.comments = draft.title, draft.letterhead[1].text, ""
        about.created = about.modified = made
        about.language = draft.language

    def said(self, text: str, lang: str, *, bold: bool = False, italic: bool = False) -> None:
        for line in text.split("\n"):
            made = self.file.add_paragraph()
            self._direct(made, lang)
            run = self._add(made, line, lang)
            run.bold, run.italic = bold or None, italic or None

    def heading(self, text: str, level: int) -> None:
        made = self.file.add_heading(level=level)
        self._direct(made, self.draft.language)
        self._add(made, text, self.draft.language)

    def run(self, pieces: Iterable[Piece], into: Any = None) -> None:
        made = into if into is not None else self.file.add_paragraph()
        self._direct(made, self.draft.language)
        for piece in pieces:
            run = self._add(made, piece.text, "en" if piece.how == "id" else piece.lang)
            if piece.how == "id":
                run.font.name = "DejaVu Sans Mono"

    def block(self, block: Block) -> None:
        if isinstance(block, Passage):
            if block.label:
                self.said(block.label, self.draft.language, bold=True)
            if block.target:
                self.said(block.target, self.draft.language)
            if not block.target or block.statute:
                if block.lang != self.draft.language:
                    self.said(
                        f"[{self.draft.fixed['translate'] % {'language': block.lang}}]", self.draft.language
                    )
                self.said(block.text, block.lang)
        elif isinstance(block, Line):
            self.run(block.pieces)
        elif isinstance(block, Table):
            self.table(block)
        elif isinstance(block, Blank):
            word = self.draft.fixed["missing" if block.missing else "empty"]
            self.said(f"[{word}]", self.draft.language, italic=True)
        else:
            for ticked, text in block.items:
                self.said(f"{'☒' if ticked else '☐'} {text}", self.draft.language)

    def table(self, table: Table) -> None:
        made = self.file.add_table(rows=1, cols=len(table.head))
        made.style = "Table Grid"
        if self.draft.direction == "rtl":
            made._tblPr.append(self._element("w:bidiVisual"))
        for cell, text in zip(made.rows[0].cells, table.head, strict=True):
            self.run((Piece(text=text, lang=self.draft.language),), cell.paragraphs[0])
        for row in table.rows:
            cells = made.add_row().cells
            for cell, pieces in zip(cells, row, strict=True):
                self._fill(cell, pieces)

    def _fill(self, cell: Any, pieces: tuple[Piece, ...]) -> None:
        """Lines of a text become paragraphs of the cell."""
        if len(pieces) == 1 and "\n" in pieces[0].text:
            for place, line in enumerate(pieces[0].text.split("\n")):
                into = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
                self.run((pieces[0].model_copy(update={"text": line}),), into)
        else:
            self.run(pieces, cell.paragraphs[0])
        if len(pieces) == 1 and pieces[0].how == "free":
            for paragraph in cell.paragraphs:
                self._direct(paragraph, pieces[0].lang)

    def _direct(self, paragraph: Any, lang: str) -> None:
        """The direction of a paragraph, which the library does not set by itself."""
        properties = paragraph._p.get_or_add_pPr()
        for old in properties.findall(f"{_W}bidi"):
            properties.remove(old)
        if lang in RIGHT_TO_LEFT:
            properties.insert_element_before(
                self._element("w:bidi"), "w:adjustRightInd", "w:spacing", "w:ind", "w:jc", "w:rPr"
            )

    def _add(self, paragraph: Any, text: str, lang: str) -> Any:
        run = paragraph.add_run(text)
        if lang in RIGHT_TO_LEFT:
            run.font.rtl = True
        return run

    @staticmethod
    def _element(name: str) -> Any:
        from docx.oxml import OxmlElement

        return OxmlElement(name)

    def bytes(self) -> bytes:
        out = io.BytesIO()
        self.file.save(out)
        return _undated(out.getvalue())


def _undated(content: bytes) -> bytes:
    """The same document with one date on every part: a zip file remembers when it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            made = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            made.compress_type, made.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(made, old.read(part))
    return out.getvalue()
