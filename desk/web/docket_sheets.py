"""How does a list of cases become a table for a spreadsheet, in which no text ever becomes a formula?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from schemas.errors import BadInput

COLUMNS = (
    *("ref", "their_ref", "kind", "side", "counterpart_state", "status", "holder_house", "holder_function"),
    *("holder_actor", "held_since", "next_due", "next_clock", "urgent", "instrument", "matter", "provider"),
    *("opened", "updated", "attention"),
)
MOST_IN_A_BOOK = 20_000
"""A workbook is made whole before it leaves; a CSV file has no end."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LINES_AT_ONCE = 200


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


def xlsx_of(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The rows as a workbook, every cell a text. Raises BadInput for too many rows."""
    found = list(islice(rows, MOST_IN_A_BOOK + 1))
    if len(found) > MOST_IN_A_BOOK:
        raise BadInput(
            "These are more cases than one workbook takes.",
            where="xlsx",
            next_step="narrow the list, or take it as CSV",
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("cases")
    sheet.append(COLUMNS)
    for row in found:
        cells = []
        for name in COLUMNS:
            cell = WriteOnlyCell(sheet, value=_printable(_text(row, name)))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


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
