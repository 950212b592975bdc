"""How does a list of cases become a table for a spreadsheet, in which no text ever becomes a formula?"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape

COLUMNS = (
    *("ref", "their_ref", "kind", "side", "counterpart_state", "status", "holder_house", "holder_function"),
    *("holder_actor", "held_since", "next_due", "next_clock", "urgent", "instrument", "matter", "provider"),
    *("opened", "updated", "attention"),
)
MOST_ON_A_SHEET = 1_048_576
"""Rows of a sheet, its head among them: the format knows no more."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LINES_AT_ONCE = 200
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_CELL = '<c t="inlineStr"><is><t xml:space="preserve">'
_SHEET = f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode()


def csv_of(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The rows as CSV (UTF-8 with its mark, which spreadsheets need), piece by piece. A text that a
    spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(COLUMNS)
    for number, row in enumerate(rows, 1):
        writer.writerow([_disarmed(_text(row, name)) for name in COLUMNS])
        if number % _LINES_AT_ONCE == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def xlsx_of(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The rows as a workbook (ECMA-376), every cell a text, piece by piece: however many there are, few are
    in memory. What is more than a sheet takes stands on the next one."""
    lines, names = iter(rows), list[str]()
    lot = list(islice(lines, _LINES_AT_ONCE))
    pieces = _Pieces()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED) as book:
        while lot or not names:
            names.append(f"cases {len(names) + 1}" if names else "cases")
            with book.open(f"xl/worksheets/sheet{len(names)}.xml", "w") as sheet:
                sheet.write(_SHEET)
                sheet.write(_line(COLUMNS))
                room = MOST_ON_A_SHEET - 1
                while lot and room:
                    there, lot = lot[:room], lot[room:]
                    room -= len(there)
                    sheet.write(b"".join(_line(_text(row, name) for name in COLUMNS) for row in there))
                    yield pieces.taken()
                    lot = lot or list(islice(lines, _LINES_AT_ONCE))
                sheet.write(b"</sheetData></worksheet>")
        for name, content in _around(names).items():
            book.writestr(name, content)
    yield pieces.taken()


def _line(texts: Iterable[str]) -> bytes:
    """A row of texts: none of them is ever a formula, whatever it begins with."""
    cells = (f"{_CELL}{escape(_printable(text))}</t></is></c>" if text else "<c/>" for text in texts)
    return f"<row>{''.join(cells)}</row>".encode()


def _around(names: list[str]) -> dict[str, str]:
    """The other parts of a workbook with these sheets."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="s{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    links = "".join(_link(f"s{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers)
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": _links(_link("book", "officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": _links(links),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets>'
        "</workbook>",
    }


def _links(links: str) -> str:
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _link(id: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{id}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _text(row: Mapping[str, Any], name: str) -> str:
    # Who sees only where a case stands gets its holder in one piece, and the rest not at all.
    holder = row.get("holder") or {}
    value = row.get(name, holder.get(name.removeprefix("holder_")) if name.startswith("holder_") else None)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _disarmed(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _printable(text: str) -> str:
    """Workbooks hold no control characters."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n")


class _Pieces(io.RawIOBase):
    """A file that is only written to, and handed on piece by piece."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._kept += piece
        return len(piece)

    def taken(self) -> bytes:
        """What was written since the last time."""
        found = bytes(self._kept)
        self._kept.clear()
        return found
