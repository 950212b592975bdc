"""How does a list of cases become a table for a spreadsheet, in which no text ever becomes a formula?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from tempfile import TemporaryFile
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

COLUMNS = (
    *("ref", "their_ref", "kind", "side", "counterpart_state", "status", "holder_house", "holder_function"),
    *("holder_actor", "held_since", "next_due", "next_clock", "urgent", "instrument", "matter", "provider"),
    *("opened", "updated", "attention"),
)
MOST_ON_A_SHEET = 1_048_576
"""Rows of a sheet, its head among them: the format knows no more."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LINES_AT_ONCE = 200
_AT_ONCE = 64 * 1024


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
    """The rows as a workbook, every cell a text. It is made in a file, so that few are in memory, and then
    handed on piece by piece. What is more than a sheet takes stands on the next one."""
    book, sheet, room = Workbook(write_only=True), None, 0
    for row in rows:
        if sheet is None or not room:
            sheet, room = _sheet(book), MOST_ON_A_SHEET - 1
        sheet.append([_cell(sheet, _text(row, name)) for name in COLUMNS])
        room -= 1
    if sheet is None:
        _sheet(book)
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(_AT_ONCE):
            yield piece


def _sheet(book: Workbook) -> WriteOnlyWorksheet:
    number = len(book.worksheets) + 1
    sheet: WriteOnlyWorksheet = book.create_sheet("cases" if number == 1 else f"cases {number}")
    sheet.append(COLUMNS)
    return sheet


def _cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    """A text that is never a formula, whatever it begins with."""
    cell: Cell = WriteOnlyCell(sheet, value=_printable(text))
    cell.data_type = "s"
    return cell


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
