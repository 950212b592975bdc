"""What stands in the cells of a CSV or XLSX table? Text only: a formula is refused, its cell named."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from desk.problems import TooLarge
from schemas.errors import BadInput, RogatoryError

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MAX_ROWS = 10_000
MAX_COLUMNS = 64
MAX_CELL = 2_000
MAX_UNPACKED = 64 * 1024 * 1024
MAX_TAGS = 1_500_000
"""A full table of ten thousand rows has fewer; each costs memory."""
MAX_LINES = 2 * MAX_ROWS
"""With the empty ones between: a cell far below may claim a million."""

_XML = re.compile(rb"[\s\x00\xef\xbb\xbf\xfe\xff]*(?:<|\x4c\x6f\xa7\x94)")
"""How a part begins that a reader may take for XML, in whatever encoding (the last is EBCDIC)."""
_ENCODING = re.compile(rb"""encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `number` as the spreadsheet counts it (headings are row 1), `values` by column name."""

    number: int
    values: Mapping[str, str]
    letters: Mapping[str, str]

    def cell(self, column: str) -> str:
        """Where a column of this row is: `C7`; by its name where the table lacks it: `mode, row 7`."""
        letter = self.letters.get(column)
        return f"{letter}{self.number}" if letter else f"{column}, row {self.number}"

    def heading(self, column: str) -> str:
        """Where the name of a column is: `C1`."""
        return f"{self.letters.get(column, '?')}1"


def from_csv(content: bytes) -> list[Row]:
    """The rows of a CSV file in UTF-8, separated by comma, semicolon or tab. Raises BadInput, TooLarge."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            "The file is not UTF-8 text.", where=f"byte {error.start}", next_step="save it as CSV UTF-8"
        ) from None
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        return _rows(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise BadInput(f"This is not CSV: {error}.", next_step="save it as CSV UTF-8 again") from None


def from_xlsx(content: bytes) -> list[Row]:
    """The rows of the first sheet of an XLSX file. Raises BadInput, TooLarge."""
    with workbook(content, streamed=True) as book:
        sheet = book.worksheets[0]
        return _rows(_told(cells) for cells in sheet.iter_rows(max_col=MAX_COLUMNS + 1))


@contextmanager
def workbook(content: bytes, *, streamed: bool) -> Iterator[Any]:
    """The XLSX file in `content`, opened; `streamed`: row by row, without what is known of the whole sheet.
    Raises BadInput, TooLarge, also for whatever goes wrong while it is read."""
    try:
        _check_parts(content)
        book = load_workbook(io.BytesIO(content), read_only=streamed, data_only=False, keep_links=False)
        try:
            yield book
        finally:
            book.close()
    except RogatoryError:
        raise
    except Exception as error:
        # Many layers read a stranger's bytes here, and each has errors of its own.
        raise BadInput(
            f"This is not an XLSX file that can be read ({type(error).__name__}).",
            where="the file",
            next_step="save it as XLSX or CSV again",
        ) from None


def _check_parts(content: bytes) -> None:
    """A small archive may unpack to something huge, and a small text stand for a huge one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > MAX_UNPACKED:
            raise _too_large(f"{MAX_UNPACKED} bytes")
        tags = sum(_tags(archive.read(member)) for member in members)
    if tags > MAX_TAGS:
        raise _too_large(f"{MAX_TAGS} tags")


def _tags(part: bytes) -> int:
    """How many tags one part has; 0 for a picture. Raises BadInput for one that may define entities: `a` for
    a gigabyte of `b`, or for a file of this machine."""
    begun = _XML.match(part)
    if begun is None:
        return 0
    # In other encodings than UTF-8 a declaration could not be seen here, and the reader would.
    strange = b"\x00" in begun.group() or b"\x00" in part[begun.end() : begun.end() + 4]
    if strange or _ENCODING.search(part[:400]) or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise BadInput(
            "The file defines entities of its own, or is written in a strange encoding.",
            where="the file",
            next_step="open it in a spreadsheet program, and save it as XLSX again",
            code="entities",
        )
    return part.count(b"<")


def _too_large(limit: str) -> TooLarge:
    return TooLarge(
        f"The file unpacks to more than {limit}.", where="the file", next_step="keep only the table in it"
    )


def _told(cells: Iterable[Any]) -> list[str]:
    told = []
    for number, cell in enumerate(cells, start=1):
        if cell.data_type == "f":
            raise _formula(f"{get_column_letter(number)}{cell.row}")
        told.append(_text(cell.value))
    return told


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _rows(lines: Iterable[list[str]]) -> list[Row]:
    names: list[str] = []
    found: list[Row] = []
    for number, cells in enumerate(lines, start=1):
        values = [_cell(text, index, number) for index, text in enumerate(cells, start=1)]
        if len(found) >= MAX_ROWS or number > MAX_LINES:
            raise TooLarge(f"More than {MAX_ROWS} rows.", where=f"A{number}", next_step="split the register")
        if number == 1:
            names = _names(values)
        elif any(values):
            found.append(_row(number, names, values))
    return found


def _names(values: list[str]) -> list[str]:
    while values and not values[-1]:
        values.pop()
    names = [value.lower().replace(" ", "_").replace("-", "_") for value in values]
    for index, name in enumerate(names, start=1):
        if not name or name in names[: index - 1]:
            raise BadInput(
                "A column has no name, or the name of another.",
                where=f"{get_column_letter(index)}1",
                next_step="give each column its own name",
            )
    return names


def _row(number: int, names: list[str], values: list[str]) -> Row:
    extra = next((index for index, value in enumerate(values) if value and index >= len(names)), None)
    if extra is not None:
        raise BadInput(
            "A value stands under no heading.",
            where=f"{get_column_letter(extra + 1)}{number}",
            next_step="give the column a name, or empty the cell",
        )
    letters = {name: get_column_letter(index) for index, name in enumerate(names, start=1)}
    padded = values + [""] * (len(names) - len(values))
    return Row(number, dict(zip(names, padded, strict=False)), letters)


def _cell(text: str, column: int, row: int) -> str:
    place = f"{get_column_letter(column)}{row}"
    if len(text) > MAX_CELL:
        raise TooLarge(f"More than {MAX_CELL} characters.", where=place, next_step="shorten it")
    if text.startswith(_FORMULA_STARTS) and text.strip() not in ("-", "+"):
        raise _formula(place)
    text = text.strip()
    return "" if text == "-" else text


def _formula(place: str) -> BadInput:
    return BadInput(
        "A formula, or a text that a spreadsheet would take for one.",
        where=place,
        next_step="replace it by its value",
        code="formula",
    )
