"""Which cases are open, who holds them, what is due? A list without names, rebuilt from the ledger at any time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from records.database import Database
from schemas.case import DocketRow
from schemas.vocabulary import Side


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list; None: any. `holder` matches the house, function or actor that holds; `state` the other State;
    `ref` our own or the other side's reference; `open_only` leaves out closed cases."""

    holder: str | None = None
    side: Side | None = None
    state: str | None = None
    status: str | None = None
    due_before: datetime | None = None
    ref: str | None = None
    instrument: str | None = None
    open_only: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, those due first; `next` is the cursor of the page after, None at the end."""

    rows: list[DocketRow]
    next: str | None = None


class Docket:
    def __init__(self, database: Database) -> None:
        raise NotImplementedError

    def find(self, filter: Filter = Filter(), *, limit: int = 50, after: str | None = None) -> Page:
        """Rows by filter. Raises BadInput for a cursor that is not ours or belongs to another filter."""
        raise NotImplementedError

    def row(self, ref: str) -> DocketRow:
        """The row of one case. Raises NotFound (unknown, or code `erased`)."""
        raise NotImplementedError

    def by_reference(self, text: str) -> list[DocketRow]:
        """Every case with this own or foreign reference, in any case of letters; a foreign one may match several."""
        raise NotImplementedError

    def rebuild(self) -> int:
        """Make the list anew from the ledger. Returns the number of rows."""
        raise NotImplementedError
