"""What stands in the cells of a CSV or XLSX table? Text only: a formula is refused, its cell named."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from desk.problems import TooLarge
from schemas.errors import BadInput

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MAX_ROWS = 10_000
MAX_COLUMNS = 64
MAX_CELL = 2_000
MAX_UNPACKED = 64 * 1024 * 1024

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `number` as the spreadsheet counts it (headings are row 1), `values` by column name."""

    number: int
    values: Mapping[str, str]
    letters: Mapping[str, str]

    def cell(self, column: str) -> str:
        """Where a column of this row is: `C7`."""
        return f"{self.letters.get(column, '?')}{self.number}"

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
    _check_size(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            sheet = book.worksheets[0]
            return _rows(_told(cells) for cells in sheet.iter_rows(max_col=MAX_COLUMNS + 1))
        finally:
            book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as error:
        raise BadInput(
            f"This is not an XLSX file that can be read ({type(error).__name__}).",
            next_step="save it as XLSX or CSV again",
        ) from None


def _check_size(content: bytes) -> None:
    """A small archive may unpack to something huge."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        raise BadInput(
            "This is not an XLSX file.", where="the file", next_step="save it as XLSX or CSV again"
        ) from None
    if size > MAX_UNPACKED:
        raise TooLarge(
            f"The file unpacks to more than {MAX_UNPACKED} bytes.", next_step="keep only the cases in it"
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
        if len(found) >= MAX_ROWS:
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
